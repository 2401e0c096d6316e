"""Assessments made by a batch (提标): kept like any other, many in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from eligibility import rules
from eligibility.models import Assessment
from eligibility.services.assessing import engine_version
from organizations.models import Staff


@dataclass(frozen=True)
class ReckonedFamily:
    """A family's facts on a day, and the parameters that they are assessed with."""

    household_id: int
    facts: rules.Facts
    parameters: rules.Parameters


@transaction.atomic
def store_reckoned(rows: Sequence[ReckonedFamily], *, by: Staff) -> list[Assessment]:
    """Assess families and keep input and explained result (试算存档); in the order given, written once.

    The permission is checked by the caller, which holds the decision.
    """
    return Assessment.objects.bulk_create([_assessment(row, by=by) for row in rows])


def _assessment(row: ReckonedFamily, *, by: Staff) -> Assessment:
    document = rules.facts_document(row.facts, parameters=row.parameters)
    return Assessment(
        household_id=row.household_id,
        on=row.facts.on,
        engine_version=engine_version(),
        parameters=document.pop("parameters"),
        facts=document,
        result=rules.assess(row.facts, row.parameters).as_dict(),
        made_by=by,
    )
