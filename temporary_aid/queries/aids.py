"""Reads of aids, cut to what the person may see; and what a family was granted before, in the whole county."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

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
from temporary_aid.queries.terms import AidTerms
from temporary_aid.rules.amounts import NOTHING
from temporary_aid.rules.frequency import Frequency, PastAid, frequency
from temporary_aid.rules.states import GRANTED_STATES, AidRoute, DecidedBy


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


def people_of(aid: TemporaryAid) -> PeopleOfAid:
    """Whose aid it is, also of one that is not saved yet; two queries."""
    number = aid.recipient_id_number.reveal()
    own = {blind_index(number, purpose="id_number")} if number else set()
    here = Member.objects.filter(left_on=None)
    families = set() if aid.household_id is None else {aid.household_id}
    if own:
        families |= set(here.filter(person__id_number_index__in=own).values_list("household", flat=True))
    numbers = set(here.filter(household__in=families).values_list("person__id_number_index", flat=True))
    return PeopleOfAid(frozenset(families), frozenset((numbers | own) - {""}))


def frequency_of(aid: TemporaryAid, *, terms: AidTerms, on: date) -> Frequency:
    """How often the family or person was helped within the year, in whichever township (频次).

    Aid of which nothing of value is left with the family does not count: that came back whole (全部追回), was cancelled
    before anything was paid, or was a referral (转介) for nothing. A follow-up counts with what it follows.
    """
    past = [
        PastAid(row.number, AidCause(row.cause), _granted_on(row), row.area.township_code)
        for row in granted_before(aid)
    ]
    found = frequency(past, cause=AidCause(aid.cause), terms=terms.frequency, on=on)
    alike = _alike_before(aid, {row.number for row in past}, since=found.since, on=on)
    return replace(found, alike=alike)


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
    found = _of_other_times(aid, TemporaryAid.objects.filter(people_of(aid).theirs))
    first: dict[int, TemporaryAid] = {}
    for row in found.select_related("area").order_by("decided_at", "pk"):
        first.setdefault(row.time, row)  # type: ignore[attr-defined]
    return list(first.values())


def _of_other_times(aid: TemporaryAid, aids: QuerySet[TemporaryAid]) -> QuerySet[TemporaryAid]:
    """Granted aids with the ``time`` (次) that they belong to, without those of the aid's own."""
    return kept_aids(aids).annotate(time=Coalesce("follow_up_of", "pk")).exclude(time=aid.follow_up_of_id or aid.pk)


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

    What came back whole, was cancelled before it was paid, or was a service for nothing (转介) is none.
    """
    stages = AidStage.objects.filter(aid=OuterRef("pk")).exclude(state=StageState.CANCELLED).order_by().values("aid")
    back = AidRepayment.objects.filter(recoupment__aid=OuterRef("pk")).order_by().values("recoupment__aid")
    granted = aids.filter(state__in=[state.value for state in GRANTED_STATES])
    return granted.annotate(
        kept=Coalesce(Subquery(stages.annotate(sum=Sum("amount")).values("sum")), NOTHING)
        - Coalesce(Subquery(back.annotate(sum=Sum("amount")).values("sum")), NOTHING)
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
