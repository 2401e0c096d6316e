"""Reads of aids, cut to what the person may see; and what a family was granted before, in the whole county."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from eligibility.rules.choices import AidCause
from foundation.crypto import blind_index
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Permission
from temporary_aid.models import AidRepayment, AidStage, HardshipReport, StageState, TemporaryAid
from temporary_aid.queries.stock import GOODS_VALUE, goods_returned
from temporary_aid.queries.terms import AidTerms, TermsByArea
from temporary_aid.rules.amounts import NOTHING
from temporary_aid.rules.frequency import Frequency, PastAid, frequency
from temporary_aid.rules.states import GRANTED_STATES, AidRoute, DecidedBy

_TIME = Coalesce("follow_up_of", "pk")
"""The time (次) that an aid belongs to: the aid that it follows (跟进救助), or itself."""


def visible_to(staff: Staff) -> QuerySet[TemporaryAid]:
    """Aids of the areas that the person works for; the start of every read of aids."""
    return TemporaryAid.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))


def reports_visible_to(staff: Staff) -> QuerySet[HardshipReport]:
    """Reports (急难报告) of the areas that the person works for."""
    return HardshipReport.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))


@dataclass(frozen=True)
class PeopleOfAid:
    """Whose aid it is: families by key, in whichever township, and blind indexes of their people's ID numbers.

    A recipient is known with the whole family that keeps their number, also where another township keeps it; whoever
    asks is told nothing of it.
    """

    families: frozenset[int]
    numbers: frozenset[str]

    @property
    def theirs(self) -> Q:
        """Aids of these people."""
        return Q(household__in=self.families) | Q(recipient_id_index__in=self.numbers)

    def have(self, aid: TemporaryAid) -> bool:
        """Whether an aid is among :attr:`theirs`."""
        return aid.household_id in self.families or aid.recipient_id_index in self.numbers


def people_of(aid: TemporaryAid) -> PeopleOfAid:
    """Whose aid it is, also of one that is not saved yet; two queries."""
    return peoples_of([aid])[0]


def peoples_of(aids: Sequence[TemporaryAid]) -> list[PeopleOfAid]:
    """:func:`people_of` of several aids, in their order; two queries, however many they are."""
    own = [_own_numbers(aid) for aid in aids]
    here = Member.objects.filter(left_on=None)
    kept_by = _gathered(here.filter(person__id_number_index__in=set().union(*own)), by="person__id_number_index")
    families = [
        _family_of(aid).union(*(kept_by.get(number, ()) for number in numbers))
        for aid, numbers in zip(aids, own, strict=True)
    ]
    living = _gathered(here.filter(household__in=set().union(*families)), by="household")
    return [
        PeopleOfAid(frozenset(keys), frozenset(numbers.union(*(living.get(key, ()) for key in keys)) - {""}))
        for keys, numbers in zip(families, own, strict=True)
    ]


def _family_of(aid: TemporaryAid) -> set[int]:
    return set() if aid.household_id is None else {aid.household_id}


def _own_numbers(aid: TemporaryAid) -> set[str]:
    number = aid.recipient_id_number.reveal()
    return {blind_index(number, purpose="id_number")} if number else set()


def _gathered(members: QuerySet[Member], *, by: str) -> dict[Any, set[Any]]:
    """Families by number, or numbers by family."""
    sides = {"household", "person__id_number_index"}
    found: dict[Any, set[Any]] = {}
    for key, value in members.values_list(by, *(sides - {by})):
        found.setdefault(key, set()).add(value)
    return found


def frequency_of(aid: TemporaryAid, *, terms: AidTerms, on: date) -> Frequency:
    """How often the family or person was helped within the year, in whichever township (频次).

    Aid of which nothing of value is left with the family does not count: that came back whole (全部追回), was cancelled
    before anything was paid, or was a referral (转介) for nothing. A follow-up counts with what it follows.
    """
    past = granted_before(aid)
    found = _counted(aid, past, terms=terms, on=on)
    return replace(found, alike=_alike_before(aid, {row.number for row in past}, since=found.since, on=on))


def frequencies_of(aids: Sequence[TemporaryAid], *, terms: TermsByArea, on: date) -> list[Frequency]:
    """:func:`frequency_of` of several aids, in their order, without what may be alike; three queries.

    :param terms: of the areas; each aid has its own.
    """
    found = zip(aids, _granted_before(aids), strict=True)
    return [_counted(aid, past, terms=terms.of(aid.area.code), on=on) for aid, past in found]


def _counted(aid: TemporaryAid, past: Iterable[TemporaryAid], *, terms: AidTerms, on: date) -> Frequency:
    times = [PastAid(row.number, AidCause(row.cause), _granted_on(row), row.area.township_code) for row in past]
    return frequency(times, cause=AidCause(aid.cause), terms=terms.frequency, on=on)


def _alike_before(aid: TemporaryAid, known: set[str], *, since: date, on: date) -> tuple[str, ...]:
    """Where one of two has no papers: numbers of aids granted in the same village to whom it may be (疑似同一人).

    Nothing tells who somebody without an ID number is but a name, or sex and day of birth as they say them: neither
    when they are helped, nor when they come back with papers. Of two with numbers the numbers tell.

    :param known: aids that count already.
    """
    likely = Q(recipient_name__iexact=aid.recipient_name)
    if aid.recipient_sex and aid.recipient_birth_date:
        likely |= Q(recipient_sex=aid.recipient_sex, recipient_birth_date=aid.recipient_birth_date)
    if aid.recipient_id_number.reveal():
        likely &= Q(recipient_id_index="")
    others = _of_other_times(aid, TemporaryAid.objects.filter(likely, area=aid.area_id)).exclude(number__in=known)
    return tuple(row.number for row in others.order_by("decided_at", "pk") if since <= _granted_on(row) <= on)


def _granted_on(aid: TemporaryAid) -> date:
    """The day that counts: of a 小额先行 the payment, for its papers are approved days later and in another year."""
    instant = aid.first_paid_at if aid.route == AidRoute.PETTY_ADVANCE else aid.decided_at
    assert instant is not None  # noqa: S101 -- held by aid_granted_whole
    return timezone.localdate(instant)


def granted_before(aid: TemporaryAid) -> list[TemporaryAid]:
    """Aids granted to the same family or person within other times (次): of each time the first one."""
    return _granted_before([aid])[0]


def _granted_before(aids: Sequence[TemporaryAid]) -> list[list[TemporaryAid]]:
    """:func:`granted_before` of several aids, in their order; three queries, however many they are."""
    peoples = peoples_of(aids)
    everybody = PeopleOfAid(
        frozenset().union(*(people.families for people in peoples)),
        frozenset().union(*(people.numbers for people in peoples)),
    )
    theirs = kept_aids(TemporaryAid.objects.filter(everybody.theirs)).annotate(time=_TIME)
    granted = list(theirs.select_related("area"))
    granted.sort(key=lambda row: (row.decided_at, row.pk))
    return [_first_of_other_times(aid, people, granted) for aid, people in zip(aids, peoples, strict=True)]


def _first_of_other_times(
    aid: TemporaryAid, people: PeopleOfAid, granted: Iterable[TemporaryAid]
) -> list[TemporaryAid]:
    """Of granted aids, the earliest first, those of the people: of each time but the aid's own the first one."""
    own = aid.follow_up_of_id or aid.pk
    first: dict[int, TemporaryAid] = {}
    for row in granted:
        time: int = row.time  # type: ignore[attr-defined]
        if time != own and people.have(row):
            first.setdefault(time, row)
    return list(first.values())


def _of_other_times(aid: TemporaryAid, aids: QuerySet[TemporaryAid]) -> QuerySet[TemporaryAid]:
    """Granted aids without those of the aid's own time (次)."""
    return kept_aids(aids).annotate(time=_TIME).exclude(time=aid.follow_up_of_id or aid.pk)


def followed_amount(aid: TemporaryAid) -> Decimal:
    """What the family keeps of the same time (同一次): the aid that it follows and the other follow-ups; yuan."""
    root = aid.follow_up_of_id
    if root is None:
        return NOTHING
    chain = TemporaryAid.objects.filter(Q(pk=root) | Q(follow_up_of=root)).exclude(pk=aid.pk)
    return kept_aids(chain).aggregate(total=Sum("kept"))["total"] or NOTHING


def followed_sum(prefix: str = "") -> Coalesce:
    """:func:`followed_amount` of every row of a query.

    :param prefix: the way from the row to its aid, such as ``aid__``.
    """
    root = OuterRef(f"{prefix}follow_up_of")
    chain = TemporaryAid.objects.filter(Q(pk=root) | Q(follow_up_of=root)).exclude(pk=OuterRef(f"{prefix}pk"))
    total = kept_aids(chain).order_by().annotate(one=Value(1)).values("one").annotate(total=Sum("kept")).values("total")
    return Coalesce(Subquery(total), NOTHING)


def level_for(aid: TemporaryAid, amount: Decimal, *, terms: AidTerms) -> DecidedBy:
    """Who approves so much for an aid (额度分权; handbook 10.4), with what the same time came to before (跟进救助).

    Whoever decides holds the family first (:func:`hold_people_of`), so that no other follow-up is granted meanwhile.
    """
    return DecidedBy.TOWNSHIP if terms.is_townships(amount + followed_amount(aid)) else DecidedBy.COUNTY


def kept_aids(aids: QuerySet[TemporaryAid]) -> QuerySet[TemporaryAid]:
    """Granted aids of which something of value is left with the family, ``kept``: stages that stand less 退回, yuan.

    What came back whole, was cancelled before it was paid, or was a service for nothing (转介) is none. Goods that came
    back into the stock (退库) are with the family no more, whether they were asked back or not.
    """
    stages = AidStage.objects.filter(aid=OuterRef("pk")).exclude(state=StageState.CANCELLED).order_by().values("aid")
    money = AidRepayment.objects.filter(recoupment__aid=OuterRef("pk"), goods=None).order_by().values("recoupment__aid")
    goods = goods_returned().filter(stage__aid=OuterRef("pk")).order_by().values("stage__aid")
    granted = aids.filter(state__in=[state.value for state in GRANTED_STATES])
    return granted.annotate(
        kept=Coalesce(Subquery(stages.annotate(sum=Sum("amount")).values("sum")), NOTHING)
        - Coalesce(Subquery(money.annotate(sum=Sum("amount")).values("sum")), NOTHING)
        - Coalesce(Subquery(goods.annotate(sum=Sum(GOODS_VALUE)).values("sum")), NOTHING)
    ).filter(kept__gt=0)


def hold_people_of(aid: TemporaryAid) -> None:
    """Until the transaction ends nobody else decides on aid of the same family or person, in whichever township.

    Without it two townships that decide in the same moment would each find that nothing was granted yet; and so would
    two follow-ups (跟进救助) of one time, or two aids of one village, where no number tells who one of them is.
    """
    people = people_of(aid)
    keys = {f"aid-person-{number}" for number in people.numbers} | {f"aid-family-{key}" for key in people.families}
    keys |= {f"aid-time-{aid.follow_up_of_id or aid.pk}", f"aid-village-{aid.area_id}"}
    with connection.cursor() as cursor:
        for key in sorted(keys):  # in one order, so that no two wait for each other
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
