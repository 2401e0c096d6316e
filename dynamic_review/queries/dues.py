"""Due dates of reviews as lists, months and the county's board show them, cut to what the person may see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case as Conditional
from django.db.models import CharField, Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Least, TruncMonth

from applications.rules.process import OPEN_STATES
from applications.rules.reviews import ReviewCause
from benefits.models import Award, AwardPerson, AwardState
from dynamic_review.models import Outcome, ReviewDue, ReviewTrigger
from dynamic_review.permissions import Permission
from dynamic_review.queries.needed import notice_days, visits_a_day
from households.models import Member
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.queries import county, working_calendar

_OPEN = [state.value for state in OPEN_STATES]
UNDER_WAY = Q(case__state__in=_OPEN)
"""A review of it is open."""
_DEATH = Q(cause=ReviewCause.DEATH)
SHOWN = {
    "todo": "应办理",
    "late": "已逾期",
    "foreseen": "预计逾期",
    "under_way": "正在办理",
    "triggered": "触发复核",
    "all": "全部",
}
"""What the list of due dates can show."""
SORTS = {
    "planned": ("planned_on", "pk"),
    "legal": ("legal_due_on", "pk"),
    "area": ("award__area__code", "pk"),
    "head": ("head_pinyin", "pk"),
}
_FORESEEN = """
    SELECT ordered.id FROM (
        SELECT due.id, due.legal_due_on, place.id AS township, row_number() OVER (
            PARTITION BY place.id ORDER BY due.legal_due_on, due.id
        ) AS place
        FROM dynamic_review_reviewdue due
        JOIN benefits_award award ON award.id = due.award_id
        JOIN organizations_area area ON area.id = award.area_id
        JOIN organizations_area place ON place.id = CASE area.level WHEN 'township' THEN area.id ELSE area.parent_id END
        WHERE due.closed_on IS NULL AND place.id = ANY(%(townships)s)
    ) ordered
    JOIN unnest(%(townships)s::bigint[], %(visits)s::int[]) AS pace (township, a_day)
        ON pace.township = ordered.township
    JOIN unnest(%(days)s::date[], %(working)s::int[]) AS calendar (day, working) ON calendar.day = ordered.legal_due_on
    WHERE ordered.place > pace.a_day * calendar.working
"""
"""By the most urgent first: whose legal day comes before the township has got to them."""


def awards_visible_to(staff: Staff) -> QuerySet[Award]:
    """Awards whose reviews the person may see."""
    areas = staff.area_ids(Permission.VIEW_REVIEW)
    return Award.objects.filter(area_id__in=areas, household__archived_on=None)


def visible_to(staff: Staff) -> QuerySet[ReviewDue]:
    """Open due dates that the person may see; the start of every list of reviews."""
    areas = staff.area_ids(Permission.VIEW_REVIEW)
    rows = ReviewDue.objects.filter(closed_on=None, award__area_id__in=areas, award__household__archived_on=None)
    return rows.exclude(award__state=AwardState.STOPPED)


def triggers_visible_to(staff: Staff) -> QuerySet[ReviewTrigger]:
    """What called for a review, where the person may see reviews."""
    rows = ReviewTrigger.objects.filter(award__in=awards_visible_to(staff))
    return rows.select_related("award__area__parent", "award__household", "person", "case", "noted_by", "settled_by")


def with_head(rows: QuerySet[ReviewDue], award: str = "award") -> QuerySet[ReviewDue]:
    """Add the name of who heads the family, or of the person supported."""
    head = Member.objects.filter(household=OuterRef(f"{award}__household"), relation="head").order_by("-pk")
    return rows.annotate(
        head_name=Subquery(head.values("person__name")[:1]), head_pinyin=Subquery(head.values("person__pinyin")[:1])
    )


def listed(
    staff: Staff,
    *,
    on: date,
    shown: str = "all",
    township: str = "",
    village: str = "",
    scheme: str = "",
    month: date | None = None,
    q: str = "",
    sort: str = "",
) -> QuerySet[ReviewDue]:
    """The list of reviews due (复核日历), by plan unless sorted.

    :param shown: a key of :data:`SHOWN`.
    :param month: first day of the month of the plan.
    :param sort: a key of :data:`SORTS`, with ``-`` before it for the other way round.
    """
    rows = with_head(visible_to(staff)).select_related("award__area__parent", "award__household", "case", "extension")
    open_trigger = ReviewTrigger.objects.filter(award=OuterRef("award"), settled_on=None).order_by("due_on")
    rows = rows.annotate(
        trigger_due_on=Subquery(open_trigger.values("due_on")[:1]),
        trigger_cause=Subquery(open_trigger.values("cause")[:1], output_field=CharField()),
        covered=Subquery(_people(), output_field=IntegerField()),
    )
    rows = _only(rows, shown, staff, on=on)
    if township:
        rows = rows.filter(award__area__code__startswith=township)
    if village:
        rows = rows.filter(award__area__code=village)
    if scheme:
        rows = rows.filter(scheme=scheme)
    if month is not None:
        rows = rows.filter(planned_on__year=month.year, planned_on__month=month.month)
    if q:
        rows = rows.filter(Q(head_name__icontains=q) | Q(head_pinyin__icontains=q) | Q(award__number__iexact=q))
    return _sorted(rows, sort)


def _is_late(on: date) -> Q:
    """Past the day of the law: of the cycle, or of a death, which the law gives three months.

    The days that we give for what else calls for a review are notice for the township, not lateness by law.
    """
    called = ReviewTrigger.objects.filter(_DEATH, award=OuterRef("award"), settled_on=None, due_on__lt=on)
    return Q(legal_due_on__lt=on) | Q(Exists(called))


def _only(rows: QuerySet[ReviewDue], shown: str, staff: Staff, *, on: date) -> QuerySet[ReviewDue]:
    if shown == "todo":
        return rows.filter(planned_on__lte=on + timedelta(days=notice_days(county(), on=on))).exclude(UNDER_WAY)
    if shown == "late":
        return rows.filter(_is_late(on))
    if shown == "foreseen":
        return rows.filter(pk__in=foreseen_late(townships_seen(staff), on=on))
    if shown == "under_way":
        return rows.filter(UNDER_WAY)
    return rows.filter(Q(trigger_due_on__isnull=False)) if shown == "triggered" else rows


def _sorted(rows: QuerySet[ReviewDue], sort: str) -> QuerySet[ReviewDue]:
    found = SORTS.get(sort.removeprefix("-"))
    if found is None:
        return rows.order_by("planned_on", "award__area__code", "pk")
    column = F(found[0])
    order = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_last=True)
    return rows.order_by(order, found[1])


def _people() -> QuerySet[Any, Any]:
    covering = AwardPerson.objects.filter(award=OuterRef("award"), covered__upper_inf=True, person__died_on=None)
    return covering.order_by().values("award").annotate(total=Count("pk")).values("total")


def townships_seen(staff: Staff) -> list[Area]:
    """Townships whose reviews the person sees, the whole or a village of them."""
    seen = Area.objects.filter(pk__in=staff.area_ids(Permission.VIEW_REVIEW))
    found = Area.objects.filter(Q(pk__in=seen) | Q(children__in=seen), level=AreaLevel.TOWNSHIP)
    return list(found.distinct().order_by("code"))


def foreseen_late(townships: Sequence[Area], *, on: date) -> list[int]:
    """Due dates that cannot be met by their legal day at the township's pace, the most urgent first (预计逾期).

    Counted as of now: what was reviewed this morning is off the list this morning.
    """
    places = [township.pk for township in townships]
    if not places:
        return []
    days = _days_until(on)
    told: dict[str, Any] = {
        "townships": places,
        "visits": [visits_a_day(township, on=on) for township in townships],
        "days": list(days),
        "working": list(days.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FORESEEN, told)
        return [key for (key,) in cursor.fetchall()]


def _days_until(on: date) -> Mapping[date, int]:
    """Working days from today to each legal day to come."""
    last = ReviewDue.objects.filter(closed_on=None).order_by("-legal_due_on").values_list("legal_due_on", flat=True)
    until, calendar = last.first() or on, working_calendar()
    days, total = {}, 0
    for step in range((until - on).days + 1):
        day = on + timedelta(days=step)
        total += calendar.is_working(day)
        days[day] = total
    return days


@dataclass(frozen=True)
class MonthLoad:
    """A month of the calendar: visits planned, visits whose legal day lies in it, and what its days can take."""

    first: date
    planned: int
    legal: int
    capacity: int

    @property
    def is_crowded(self) -> bool:
        return self.planned > self.capacity


def month_loads(rows: QuerySet[ReviewDue], *, townships: Sequence[Area], on: date) -> list[MonthLoad]:
    """The months of some due dates, from this month on, with what is overdue in the first one."""
    planned, legal = (_by_month(rows, name, on=on) for name in ("planned_on", "legal_due_on"))
    if not planned and not legal:
        return []
    pace = sum(visits_a_day(township, on=on) for township in townships)
    calendar, loads = working_calendar(), []
    first = on.replace(day=1)
    while first <= max([*planned, *legal]):
        following = (first + timedelta(days=31)).replace(day=1)
        start = max(first, on)
        days = sum(calendar.is_working(start + timedelta(days=step)) for step in range((following - start).days))
        loads.append(MonthLoad(first, planned[first], legal[first], pace * days))
        first = following
    return loads


def _by_month(rows: QuerySet[ReviewDue], name: str, *, on: date) -> Counter[date]:
    found: Counter[date] = Counter()
    months = rows.order_by().values(month=TruncMonth(name)).annotate(total=Count("pk")).values_list("month", "total")
    for month, total in months:
        found[max(month, on.replace(day=1))] += total
    return found


def village_loads(rows: QuerySet[ReviewDue]) -> list[tuple[str, str, int, date]]:
    """By village: code, name, visits still to be made, and the first planned day."""
    found = (
        rows.order_by()
        .values("award__area__code", "award__area__name")
        .annotate(total=Count("pk"), first=Min("planned_on"))
        .order_by("first", "award__area__code")
    )
    return [(row["award__area__code"], row["award__area__name"], row["total"], row["first"]) for row in found]


@dataclass(frozen=True)
class TownshipBoard:
    """A township on the county's board (按期情况): counted as of now."""

    township: Area
    open: int
    todo: int
    under_way: int
    late: int
    foreseen: int
    done: int
    done_in_time: int

    @property
    def share_in_time(self) -> int | None:
        """Whole per cent of the year's reviews that were decided by their legal day, those overdue counted as late."""
        total = self.done + self.late
        return self.done_in_time * 100 // total if total else None


def board(staff: Staff, *, on: date) -> list[TownshipBoard]:
    """Every township that the person sees: what is due, done, overdue and foreseen late this year."""
    townships = townships_seen(staff)
    notice = on + timedelta(days=notice_days(county(), on=on))
    place = Conditional(When(award__area__level=AreaLevel.TOWNSHIP, then="award__area"), default="award__area__parent")
    late = foreseen_late(townships, on=on)
    rows = visible_to(staff).order_by().annotate(place=place).values("place")
    waiting = rows.annotate(
        open=Count("pk"),
        todo=Count("pk", filter=Q(planned_on__lte=notice) & ~UNDER_WAY),
        under_way=Count("pk", filter=UNDER_WAY),
        late=Count("pk", filter=_is_late(on)),
        foreseen=Count("pk", filter=Q(pk__in=late)),
    )
    closed = ReviewDue.objects.filter(
        outcome=Outcome.REVIEWED, closed_on__year=on.year, award__area_id__in=staff.area_ids(Permission.VIEW_REVIEW)
    )
    called = ReviewTrigger.objects.filter(_DEATH, case=OuterRef("case"), due_on__lt=OuterRef("closed_on"))
    in_time = Q(closed_on__lte=F("legal_due_on")) & ~Q(Exists(called))
    done = (
        closed.order_by()
        .annotate(place=place)
        .values("place")
        .annotate(done=Count("pk"), done_in_time=Count("pk", filter=in_time))
    )
    counted: dict[int, dict[str, int]] = {}
    for row in (*waiting, *done):
        numbers: dict[str, Any] = dict(row)
        counted.setdefault(numbers.pop("place"), {}).update(numbers)
    names = ("open", "todo", "under_way", "late", "foreseen", "done", "done_in_time")
    return [
        TownshipBoard(township, **{name: counted.get(township.pk, {}).get(name, 0) for name in names})
        for township in townships
    ]


def reviews_to_open(staff: Staff, *, on: date) -> QuerySet[ReviewDue]:
    """Reviews whose plan is near or which something calls for, and that nobody has opened, where the person plans."""
    areas = staff.area_ids(Permission.MANAGE_REVIEWS)
    rows = visible_to(staff).filter(award__area_id__in=areas)
    triggers = ReviewTrigger.objects.filter(award=OuterRef("award"), settled_on=None)
    earliest = triggers.order_by("due_on").values("due_on")[:1]
    near = Q(planned_on__lte=on + timedelta(days=notice_days(county(), on=on)))
    rows = rows.exclude(UNDER_WAY).filter(near | Exists(triggers))
    return rows.annotate(due_on=Least("legal_due_on", Subquery(earliest)))
