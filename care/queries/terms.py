"""走访照料间隔 and 复核评估期限: dated terms of the county, read where they are counted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Case as Conditional
from django.db.models import DateField, DurationField, F, Func, IntegerField, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from applications.models import StepTerm
from applications.models.cases import CaseKind
from applications.models.terms import SELF_CARE_REASSESSMENT, TermUnit
from applications.rules.process import Authority
from care.rules.levels import VISIT_STEPS
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.rules.working_days import Deadline

_KEY = {"scheme": Scheme.TEKUN, "authority": Authority.COUNTY.value}


def visit_terms(*, on: date) -> Mapping[str, StepTerm]:
    """The term of a visit in force on a day, by 自理能力."""
    found = {row.step: row for row in _visit_terms(on)}
    return {level: found[step] for level, step in VISIT_STEPS.items() if step in found}


def next_visit_day(*, base: str, level: str, on: date) -> Cast:
    """The day until which the next visit is due, worked out by the database; null where the level has no term.

    :param base: name of the column that is counted from.
    :param level: name of the column that holds the level.
    """
    length = Func(
        Value(0),
        _of_level(level, on=on, units=[TermUnit.MONTHS]),
        Value(0),
        _of_level(level, on=on, units=[TermUnit.CALENDAR_DAYS, TermUnit.WORKING_DAYS]),
        function="make_interval",
        output_field=DurationField(),
    )
    known = Conditional(
        *(When(**{level: value}, then=length) for value in VISIT_STEPS), default=None, output_field=DurationField()
    )
    return Cast(F(base) + known, DateField())


def reassessment_due(reported_on: date) -> Deadline | None:
    """Until when a reported change is assessed (F43 §23: 10 working days); None where no term is in force."""
    term = StepTerm.objects.filter(
        **_KEY, kind=CaseKind.CHANGE, step=SELF_CARE_REASSESSMENT, valid__contains=reported_on
    ).first()
    return working_calendar().add(reported_on, term.days) if term else None


def _visit_terms(on: date) -> QuerySet[StepTerm]:
    return StepTerm.objects.filter(**_KEY, kind=CaseKind.REVIEW, step__in=VISIT_STEPS.values(), valid__contains=on)


def _of_level(level: str, *, on: date, units: list[TermUnit]) -> Conditional:
    """Days or months of the term of a row's level, 0 where it is counted in the other unit."""
    terms = _visit_terms(on).filter(unit__in=units).order_by()

    def days(step: str) -> Any:
        return Coalesce(Subquery(terms.filter(step=step).values("days")[:1]), 0, output_field=IntegerField())

    return Conditional(
        *(When(**{level: value}, then=days(step)) for value, step in VISIT_STEPS.items()),
        default=0,
        output_field=IntegerField(),
    )
