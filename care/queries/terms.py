"""走访照料间隔 and 复核评估期限: dated terms of the county, read where they are counted."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Case as Conditional
from django.db.models import DateField, DurationField, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat

from applications.models import StepTerm
from applications.models.cases import CaseKind
from applications.models.terms import SELF_CARE_REASSESSMENT, TermUnit
from applications.rules.process import Authority
from care.rules.levels import VISIT_STEPS
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.rules.working_days import Deadline

_VISIT_STEP = "care_visit_"
_LENGTH = Func(
    Value(0),
    Conditional(When(unit=TermUnit.MONTHS, then=F("days")), default=0, output_field=IntegerField()),
    Value(0),
    Conditional(When(unit=TermUnit.MONTHS, then=0), default=F("days"), output_field=IntegerField()),
    function="make_interval",
    output_field=DurationField(),
)
"""How long a term is; its number counts months or days."""
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
    # The term is looked up by the row's level, which so is worked out once: every page's count of tasks asks this.
    key = Concat(Value(_VISIT_STEP), OuterRef(level))
    length = Subquery(_visit_terms(on).filter(step=key).order_by().values_list(_LENGTH)[:1], DurationField())
    return Cast(F(base) + length, DateField())


def reassessment_due(reported_on: date) -> Deadline | None:
    """Until when a reported change is assessed (F43 §23: 10 working days); None where no term is in force."""
    term = StepTerm.objects.filter(
        **_KEY, kind=CaseKind.CHANGE, step=SELF_CARE_REASSESSMENT, valid__contains=reported_on
    ).first()
    return working_calendar().add(reported_on, term.days) if term else None


def _visit_terms(on: date) -> QuerySet[StepTerm]:
    return StepTerm.objects.filter(**_KEY, kind=CaseKind.REVIEW, step__in=VISIT_STEPS.values(), valid__contains=on)
