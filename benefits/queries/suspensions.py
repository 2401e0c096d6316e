"""Awards that wait for whoever decides on them: suspended for long (暂缓发放), or falling again in phase-out."""

from datetime import date, timedelta

from django.db.models import DateField, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet

from benefits.models import AwardCheck, AwardState, AwardSuspension, CheckCause, PhaseOut
from eligibility.queries import MissingParameters, further_value
from eligibility.rules.further_parameters import SUSPENSION_DAYS
from organizations.models import Delegation, Staff
from organizations.permissions import Permission
from organizations.queries import county

_RUNNING = (AwardState.PHASE_OUT, AwardState.SUSPENDED)
_DAYS = 30
"""Where the county has not set how long, as after an upgrade."""


def suspended_too_long(staff: Staff, *, on: date) -> QuerySet[AwardSuspension]:
    """Suspensions that nobody ended in time (``due_on``), of awards that the person decides on: resume them or stop."""
    days = timedelta(days=_days(on=on))
    delegated = Delegation.objects.filter(
        area=OuterRef("award__area__parent"), scheme=OuterRef("award__scheme"), valid__contains=on
    )
    by_county = Q(award__area_id__in=staff.area_ids(Permission.CONFIRM))
    by_township = Q(award__area_id__in=staff.area_ids(Permission.CONFIRM_DELEGATED)) & Exists(delegated)
    rows = AwardSuspension.objects.filter(
        by_county | by_township,
        ended_on=None,
        decided_on__lte=on - days,
        award__state=AwardState.SUSPENDED,
        award__household__archived_on=None,
    )
    return rows.annotate(due_on=ExpressionWrapper(F("decided_on") + days, output_field=DateField()))


def _days(*, on: date) -> int:
    try:
        days: int = further_value(SUSPENSION_DAYS, area=county(), on=on)
    except MissingParameters:
        return _DAYS
    return days


class _LastDay(Func):
    """The last day of a month."""

    template = "((%(expressions)s) + INTERVAL '1 month - 1 day')::date"
    output_field = DateField()


def phase_outs_to_restore(staff: Staff, *, on: date) -> QuerySet[PhaseOut]:
    """Phase-outs that run and of whose family the township wrote down that its income fell, until their last day."""
    told = AwardCheck.objects.filter(award=OuterRef("award"), cause=CheckCause.PHASE_OUT, settled_on=None)
    rows = PhaseOut.objects.filter(
        Exists(told),
        revoked_on=None,
        last_month__gte=on.replace(day=1),
        award__state__in=_RUNNING,
        award__ends_month=F("last_month"),
        award__area_id__in=staff.area_ids(Permission.MANAGE_PHASE_OUT),
        award__household__archived_on=None,
    )
    return rows.annotate(due_on=_LastDay("last_month"))
