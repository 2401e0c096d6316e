"""Which stored assessment a case rests on, for reckoning it again (复算)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from applications.models import Case, Decision
from applications.queries.steps import current_proposal
from eligibility.models import Assessment
from eligibility.rules import Deviation

_REFERENCE = re.compile(r"\bm\d+\b")


def assessment_of(case: Case) -> Assessment | None:
    """The assessment behind the decision, before one behind the proposal that stands; None where nothing is kept."""
    decision = Decision.objects.filter(case=case).select_related("assessment").first()
    if decision is not None:
        return decision.assessment
    proposal = current_proposal(case)
    return proposal.assessment if proposal else None


def decided_cases(*, since: date | None = None) -> QuerySet[Case]:
    """Decided cases with their assessments, in the order of decision."""
    cases = Case.objects.filter(decision__isnull=False).select_related("decision__assessment")
    if since is not None:
        cases = cases.filter(decided_on__gte=since)
    return cases.order_by("decided_on", "pk")


def named_deviations(rows: Iterable[Deviation], names: Mapping[str, str]) -> list[Deviation]:
    """What came out otherwise, with names in place of member references (m12)."""

    def named(text: str) -> str:
        return _REFERENCE.sub(lambda match: names.get(match[0], match[0]), text)

    return [replace(row, subject=named(row.subject), before=named(row.before), after=named(row.after)) for row in rows]
