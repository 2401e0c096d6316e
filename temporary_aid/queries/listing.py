"""临时救助名单: every aid of a person's areas, cut as the list, its export and the figures ask for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Extract, NullIf
from django.db.models.lookups import IsNull
from django.utils import timezone

from foundation.crypto import blind_index
from organizations.models import Staff
from temporary_aid.models import AidStage, StageState, TemporaryAid
from temporary_aid.queries.aids import visible_to
from temporary_aid.queries.meetings import standing_to_meeting
from temporary_aid.queries.owed import PAPERS
from temporary_aid.rules.states import CLOCK_RUNS, GRANTED_STATES, OPEN_STATES, AidState

OPEN = "open"
"""未办结: every state but the final ones."""
GRANTED = "granted"
"""已批准或已先行的: every state in which something was promised or paid."""
WITHOUT_HELP = frozenset({*CLOCK_RUNS, AidState.APPROVED})
"""States in which urgent aid may still wait for its first money, goods or service."""
CLOCKS = {"in_time": "时限内到手", "late": "超时到手", "running": "还未到手", "overdue": "超时未到手"}
"""首次到手 against 应救助时间 of 急难型."""
PUBLICITY = {"due": "待公示", "late": "公示超期", "posted": "已公示"}
_TENTH = Decimal("0.1")
ONCE = {"times": "每次一件（跟进并入原救助）", "families": "每户一件"}
"""What the figures count: a row a time (次), or a row a family (户)."""
SORTS = {
    "number": "number",
    "area": "area__code",
    "reported": "first_reported_at",
    "due": "help_due_at",
    "amount": "amount",
    "decided": "decided_at",
}


@dataclass(frozen=True)
class AidFilter:
    """What the list is cut to; empty for all.

    :param state: a state, or :data:`OPEN` or :data:`GRANTED`.
    :param decided_month: first day of the month of the decision; likewise the first report, the first help to arrive
        (首次到手) and ``paid_month``, in which any stage was paid. A year stands for all its months.
    :param clock: a key of :data:`CLOCKS`; :param publicity: a key of :data:`PUBLICITY`.
    :param meeting: a key of :data:`~temporary_aid.queries.meetings.MEETINGS`.
    :param papers: a key of :data:`~temporary_aid.queries.owed.PAPERS`.
    :param once: a key of :data:`ONCE`; of what belongs together, the first that the other filters leave is shown.
    """

    text: str = ""
    kind: str = ""
    route: str = ""
    level: str = ""
    state: str = ""
    cause: str = ""
    township: str = ""
    village: str = ""
    decided_month: date | None = None
    reported_month: date | None = None
    helped_month: date | None = None
    paid_month: date | None = None
    helped_year: int | None = None
    paid_year: int | None = None
    clock: str = ""
    publicity: str = ""
    meeting: str = ""
    papers: str = ""
    once: str = ""


def list_aids(staff: Staff, wanted: AidFilter, *, at: datetime, sort: str = "") -> QuerySet[TemporaryAid]:
    """Aids for the list, newest first unless sorted.

    :param sort: a key of :data:`SORTS`, with a minus for the other way round.
    """
    rows = visible_to(staff)
    exact = {
        "kind": wanted.kind,
        "route": wanted.route,
        "decided_level": wanted.level,
        "cause": wanted.cause,
        "area__code": wanted.village,
        "area__code__startswith": wanted.township,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    for name, month in (
        ("decided_at", wanted.decided_month),
        ("first_reported_at", wanted.reported_month),
        ("first_paid_at", wanted.helped_month),
    ):
        if month is not None:
            rows = rows.filter(_within(name, month))
    if wanted.helped_year is not None:
        rows = rows.filter(_within_year("first_paid_at", wanted.helped_year))
    for within in (
        _within("paid_at", wanted.paid_month) if wanted.paid_month is not None else None,
        _within_year("paid_at", wanted.paid_year) if wanted.paid_year is not None else None,
    ):
        if within is not None:
            rows = rows.filter(Exists(AidStage.objects.filter(within, aid=OuterRef("pk"), state=StageState.PAID)))
    rows = rows.filter(_in_state(wanted.state), _on_clock(wanted.clock, at=at), _posted(wanted.publicity, at=at))
    rows = rows.filter(standing_to_meeting(wanted.meeting))
    if wanted.papers:
        rows = rows.filter(PAPERS[wanted.papers][1](timezone.localdate(at)))
    if wanted.text:
        rows = rows.filter(
            Q(number__iexact=wanted.text)
            | Q(recipient_name__icontains=wanted.text)
            | Q(report__number__iexact=wanted.text)
            | Q(household__number__iexact=wanted.text)
        )
    if wanted.once:
        rows = rows.filter(pk__in=_first_of_each(rows, wanted.once))
    rows, column = rows.select_related("area__parent", "owed_papers"), SORTS.get(sort.removeprefix("-"))
    if column is None:
        # By the key alone, whose index knows nothing of nulls that come last.
        return rows.order_by("-pk")
    order = F(column)
    turned = order.desc(nulls_last=True) if sort.startswith("-") else order.asc(nulls_last=True)
    return rows.order_by(turned, "-pk")


def _first_of_each(rows: QuerySet[TemporaryAid], once: str) -> QuerySet[TemporaryAid, Any]:
    """Keys of one aid a time or a family, told as the figures (``aid_figures``) tell them."""
    group = Coalesce("follow_up_of_id", "pk") if once == "times" else family_key()
    groups = rows.order_by().annotate(group=group).values("group")
    return groups.annotate(first=Min("pk")).values("first")


def family_key(aid: str = "") -> Coalesce:
    """What tells the family of an aid (户) from others, as the figures tell it.

    :param aid: the way to the aid, with its underscores.
    """
    text = CharField()
    return Coalesce(
        _lettered("h", Cast(f"{aid}household_id", text)),
        _lettered("p", NullIf(f"{aid}recipient_id_index", Value(""))),
        _lettered("a", Cast(Coalesce(f"{aid}follow_up_of_id", f"{aid}pk"), text)),
        output_field=text,
    )


def _lettered(letter: str, key: Any) -> Case:
    """A key with a letter before it; nothing where there is no key (``Concat`` would make it the letter alone)."""
    return Case(When(Q(IsNull(key, False)), then=Concat(Value(letter), key)), output_field=CharField())


def found_by_id_number(staff: Staff, number: str) -> QuerySet[TemporaryAid]:
    """Aids of the person with an ID number, or of the family in which they live; newest first."""
    index = blind_index(number, purpose="id_number")
    if not index:
        return visible_to(staff).none()
    own = Q(recipient_id_index=index)
    living = Q(household__members__person__id_number_index=index, household__members__left_on=None)
    return visible_to(staff).filter(own | living).distinct().select_related("area__parent").order_by("-pk")


@dataclass(frozen=True)
class AidTotals:
    """Aids of a list and the people in them, those that were granted, and yuan granted.

    :param median_hours: from the first report to the first help of those that were reached, one place; likewise p90.
    """

    aids: int
    people: int
    granted: int
    amount: Decimal
    median_hours: Decimal | None
    p90_hours: Decimal | None


class _Share(Aggregate):
    """The value below which a share of all lies (percentile), between two in proportion."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def totals_of(aids: QuerySet[TemporaryAid]) -> AidTotals:
    """What a list comes to, in one query."""
    granted = Q(state__in=[state.value for state in GRANTED_STATES])
    hours = Extract(F("first_paid_at") - F("first_reported_at"), "epoch") / 3600.0
    found = aids.order_by().aggregate(
        aids=Count("pk"),
        people=Sum("people_count", default=0),
        granted=Count("pk", filter=granted),
        amount=Sum("amount", filter=granted, default=Decimal("0.00")),
        median=_Share(hours, share=0.5),
        p90=_Share(hours, share=0.9),
    )
    median, p90 = hours_of(found.pop("median")), hours_of(found.pop("p90"))
    return AidTotals(**found, median_hours=median, p90_hours=p90)


def hours_of(value: float | None) -> Decimal | None:
    """One place, rounded half up; the database gives seconds' fractions that no clock on a wall shows."""
    if value is None:
        return None
    return Decimal(str(round(value, 6))).quantize(_TENTH, rounding=ROUND_HALF_UP)


def _within(name: str, month: date) -> Q:
    """A moment that lies in a month, by local time."""
    zone = timezone.get_current_timezone()
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    begin, end = (datetime(day.year, day.month, 1, tzinfo=zone) for day in (month, following))
    return Q(**{f"{name}__gte": begin, f"{name}__lt": end})


def _within_year(name: str, year: int) -> Q:
    """A moment that lies in a year, by local time."""
    zone = timezone.get_current_timezone()
    return Q(
        **{f"{name}__gte": datetime(year, 1, 1, tzinfo=zone), f"{name}__lt": datetime(year + 1, 1, 1, tzinfo=zone)}
    )


def _in_state(state: str) -> Q:
    if not state:
        return Q()
    several = {OPEN: OPEN_STATES, GRANTED: GRANTED_STATES}.get(state)
    return Q(state__in=[one.value for one in several]) if several else Q(state=state)


def _on_clock(clock: str, *, at: datetime) -> Q:
    if not clock:
        return Q()
    waits = Q(kind="urgent", first_paid_at=None, state__in=[state.value for state in WITHOUT_HELP])
    helped = Q(kind="urgent", first_paid_at__isnull=False)
    return {
        "in_time": helped & Q(first_paid_at__lte=F("help_due_at")),
        "late": helped & Q(first_paid_at__gt=F("help_due_at")),
        "running": waits,
        "overdue": waits & Q(help_due_at__lt=at),
    }[clock]


def _posted(publicity: str, *, at: datetime) -> Q:
    if not publicity:
        return Q()
    to_post = Q(publicity_due_on__isnull=False, posted_on=None)
    return {
        "due": to_post,
        "late": to_post & Q(publicity_due_on__lt=timezone.localdate(at)),
        "posted": Q(posted_on__isnull=False),
    }[publicity]
