"""渐退名单: who is phased out until when, what ends soon, and which papers are due; cut to what the person may see."""

from datetime import date, timedelta
from decimal import Decimal

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from benefits.models import (
    Award,
    AwardCheck,
    AwardPaper,
    AwardState,
    AwardVersion,
    CheckCause,
    PaperOccasion,
    PhaseOut,
    VersionKind,
)
from benefits.rules.months import first_month, months_after
from benefits.rules.phase_out import FINISHED
from eligibility.queries import MissingParameters, further_value
from eligibility.rules.further_parameters import PHASE_OUT_LIST_DAYS
from households.models import Member
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission
from organizations.queries import county

PHASE_OUT_STANDINGS = {"running": "渐退中", "soon": "即将到期", "ended": "已到期停发", "revoked": "已撤销"}
"""Where a phase-out stands, as the list filters it; what was ended early by another decision is under none."""
_RUNNING = (AwardState.PHASE_OUT, AwardState.SUSPENDED)
_LIST_DAYS = 30
"""Where the county has not set how long before the end, as after an upgrade."""


def phase_outs_visible_to(staff: Staff) -> QuerySet[PhaseOut]:
    """Phase-outs of awards that the person may see."""
    return PhaseOut.objects.filter(
        award__area_id__in=staff.area_ids(Permission.VIEW_AWARD), award__household__archived_on=None
    )


def phase_outs_given(award: Award) -> int:
    """How often an award was phased out in this period of coverage (同一在保期: from its grant to its end).

    One that was revoked before its first month was never given.
    """
    return award.phase_outs.filter(Q(revoked_on=None) | Q(revoked_on__gte=F("first_month"))).count()


def phase_out_sums(row: PhaseOut) -> list[tuple[date, Decimal]]:
    """What a phase-out pays in each of its months, yuan, as its decision wrote it down."""
    versions = list(
        AwardVersion.objects.filter(award=row.award_id, kind=VersionKind.PHASE_OUT, from_month__lte=row.last_month)
        .order_by("-serial")
        .values_list("from_month", "monthly_amount")
    )
    months = [months_after(row.first_month, step) for step in range(row.months)]
    return [(month, next(amount for begins, amount in versions if begins <= month)) for month in months]


def last_month_soon(on: date, *, days: int) -> date:
    """The latest last paid month whose end lies within so many days: first day of the month before that day's."""
    return months_after((on + timedelta(days)).replace(day=1), -1)


def list_phase_outs(staff: Staff, *, on: date, days: int, standing: str = "", township: str = "") -> QuerySet[PhaseOut]:
    """Phase-outs for the list, what ends first at the head: with the head's name, the sum of the last month, persons.

    :param days: how many days before the end they count as ending soon (到期前几天列入县级清单).
    :param standing: a key of :data:`PHASE_OUT_STANDINGS`; empty for all.
    """
    rows = phase_outs_visible_to(staff).select_related("award__area__parent", "award__household", "decided_by")
    if township:
        rows = rows.filter(award__area__parent__code=township)
    running = Q(revoked_on=None, award__state__in=_RUNNING, award__ends_month=F("last_month"))
    if standing == "running":
        rows = rows.filter(running)
    elif standing == "soon":
        rows = rows.filter(running, last_month__lte=last_month_soon(on, days=days))
    elif standing == "ended":
        rows = rows.filter(revoked_on=None, award__end__reason=FINISHED, award__end__last_month=F("last_month"))
    elif standing == "revoked":
        rows = rows.filter(revoked_on__isnull=False)
    head = Member.objects.filter(household=OuterRef("award__household"), relation="head").order_by("-pk")
    version = AwardVersion.objects.filter(
        award=OuterRef("award"), from_month__lte=OuterRef("last_month"), decided_on__lte=on
    ).order_by("-serial")
    return rows.annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        last_amount=Subquery(version.values("monthly_amount")[:1]),
        person_count=Subquery(version.values("person_count")[:1]),
        award_reason=F("award__end__reason"),
        is_told=Exists(AwardCheck.objects.filter(award=OuterRef("award"), cause=CheckCause.PHASE_OUT, settled_on=None)),
    ).order_by("last_month", "pk")


def counties_with_phase_outs_ending(staff: Staff, *, on: date) -> QuerySet[Area]:
    """The county as one task while phase-outs end within the days of the list (到期前几天列入县级清单).

    ``due_on`` is the last day of the first month that is the last paid one of any.
    """
    try:
        days = further_value(PHASE_OUT_LIST_DAYS, area=county(), on=on)
    except MissingParameters:
        days = _LIST_DAYS
    rows = list_phase_outs(staff, on=on, days=days, standing="soon").filter(award__area__parent__parent=OuterRef("pk"))
    first = ExpressionWrapper(Subquery(rows.values("last_month")[:1]) + timedelta(days=31), output_field=DateField())
    last_day = ExpressionWrapper(TruncMonth(first) - timedelta(days=1), output_field=DateField())
    areas = staff.area_ids(Permission.MANAGE_PHASE_OUT)
    return Area.objects.filter(Exists(rows), pk__in=areas, level=AreaLevel.COUNTY).annotate(due_on=last_day)


def papers_due(*, on: date) -> list[tuple[int, str]]:
    """Which papers of phase-outs are due and not issued yet: key of the phase-out, and the occasion.

    The reminder in the month before nothing is paid, not where the notice of the start is that already (one month);
    the notice of the end once it has ended, as its decision said. After downtime what is past its time is not sent.
    """
    month = on.replace(day=1)
    rows = PhaseOut.objects.filter(revoked_on=None).annotate(
        is_reminded=Exists(AwardPaper.objects.filter(phase_out=OuterRef("pk"), occasion=PaperOccasion.REMINDER)),
        is_told=Exists(AwardPaper.objects.filter(phase_out=OuterRef("pk"), occasion=PaperOccasion.ENDED)),
    )
    remind = rows.filter(
        is_reminded=False,
        last_month=month,
        first_month__lt=F("last_month"),
        award__state__in=_RUNNING,
        award__ends_month=F("last_month"),
    )
    ended = rows.filter(
        is_told=False,
        last_month__lt=month,
        award__state=AwardState.STOPPED,
        award__end__reason=FINISHED,
        award__end__last_month=F("last_month"),
    )
    return [(pk, PaperOccasion.REMINDER.value) for pk in remind.order_by("pk").values_list("pk", flat=True)] + [
        (pk, PaperOccasion.ENDED.value) for pk in ended.order_by("pk").values_list("pk", flat=True)
    ]


def stands_on(row: PhaseOut, *, on: date, days: int) -> str:
    """Where a phase-out stands, as a key of :data:`PHASE_OUT_STANDINGS`, ``early`` where another decision ended it.

    :param row: with its award, and ``award_reason`` as :func:`list_phase_outs` gives it.
    """
    if row.revoked_on is not None:
        return "revoked"
    if row.award.state == AwardState.STOPPED:
        is_own = row.award_reason == FINISHED and row.award.ends_month == row.last_month  # type: ignore[attr-defined]
        return "ended" if is_own else "early"
    if on >= first_month(row.last_month):
        return "ended"
    return "soon" if row.last_month <= last_month_soon(on, days=days) else "running"
