"""What happens in families' lives: births, marriages, deaths, 分户/并户, moves. Acts, not edits."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from foundation.dates import chinese_date
from households.models import Attachment, Expense, Household, Income, Kinship, Member, Person, Supporter
from households.permissions import check_can_change
from households.services.checks import NotAllowedNow, current_member, lock, open_for, touch
from households.services.families import add_member, check_village, create_member, next_number, write_event
from households.services.moving import check_stays
from households.services.people import MemberData, link, records_strangers
from households.signals import Change, families_merging, family_ending, members_changed
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act


@records_strangers
@transaction.atomic
def record_birth(
    household: Household, *, child: MemberData, parents: Iterable[Member], by: Staff, on: date, at: datetime
) -> Member:
    """Register a newborn (新生) with their parents.

    :raises NotAllowedNow: a parent is not in the family.
    """
    household = open_for(household, by=by)
    parents = [current_member(parent, of=household) for parent in parents]
    member = add_member(household, data=child, by=by, on=on, at=at, kind="birth")
    for parent in parents:
        link(member.person, parent.person, "parent")
    return member


@records_strangers
@transaction.atomic
def marry(household: Household, *, member: Member, spouse: MemberData, by: Staff, on: date, at: datetime) -> Member:
    """A member marries and the spouse joins the family (结婚).

    :raises NotAllowedNow: one of them is married already.
    """
    household = open_for(household, by=by)
    member = current_member(member, of=household)
    if _spouse_of(member) is not None:
        raise NotAllowedNow(f"{member.person}已登记配偶，请先办理离婚或核对。", field="member")
    joined = add_member(household, data=spouse, by=by, on=on, at=at, kind="married")
    if joined.person.kinships.filter(kind="spouse", ended_on=None).exists():
        raise NotAllowedNow(f"{joined.person}已登记配偶，请先办理离婚或核对。", field="id_number")
    link(member.person, joined.person, "spouse")
    return joined


@transaction.atomic
def divorce(member: Member, *, by: Staff, on: date, at: datetime) -> None:
    """End a marriage (离婚); who moves out leaves by an act of its own, who stays is no spouse any more.

    :raises NotAllowedNow: no spouse is recorded.
    """
    household = open_for(member.household, by=by)
    member = current_member(member, of=household)
    spouse = _spouse_of(member)
    if spouse is None:
        raise NotAllowedNow(f"没有登记{member.person}的配偶。", field="member")
    for record in Kinship.objects.filter(kind="spouse", ended_on=None, person__in=[member.person, spouse]):
        record.ended_on = on
        record.save(update_fields=["ended_on"])
    pair = household.members.filter(left_on=None, person__in=[member.person, spouse])
    if {item.relation for item in pair} == {"head", "spouse"}:
        former = pair.get(relation="spouse")
        former.relation = "other"
        former.save(update_fields=["relation"])
    write_event(household, "divorced", on=on, at=at, by=by, person=member.person)
    touch(household)


def _spouse_of(member: Member) -> Person | None:
    """The spouse by recorded kinship, else by their standing as head and spouse of one family."""
    marriage = member.person.kinships.filter(kind="spouse", ended_on=None).select_related("relative").first()
    if marriage is not None:
        return marriage.relative
    counterpart = {"head": "spouse", "spouse": "head"}.get(member.relation)
    if counterpart is None:
        return None
    others = Member.objects.filter(household=member.household_id, relation=counterpart, left_on=None)
    other = others.select_related("person").first()
    return other.person if other else None


@transaction.atomic
def leave(member: Member, *, reason: str, by: Staff, on: date, at: datetime, kind: str = "left") -> None:
    """A member leaves the family (成员离开); with the last one the family ends (注销).

    :raises NotAllowedNow: the head may leave only after another member is made head.
    """
    household = open_for(member.household, by=by)
    member = current_member(member, of=household)
    others = household.members.filter(left_on=None).exclude(pk=member.pk)
    if member.relation == "head" and others.exists():
        raise NotAllowedNow("户主离开前，请先变更户主。", field="member")
    is_last = not others.exists()
    if is_last and kind != "died":
        check_stays(household)
        family_ending.send(Household, household=household)
    end_membership(member, reason=reason, on=on)
    write_event(household, kind, on=on, at=at, by=by, person=member.person)
    if is_last:
        household.ended_on, household.ended_reason = on, f"家庭已无成员（{member.get_left_reason_display()}）"
        household.save(update_fields=["ended_on", "ended_reason"])
    touch(household)
    if kind != "died":
        members_changed.send(Household, change=Change(household, kind, by, on, left=(member,)))


@transaction.atomic
def record_death(member: Member, *, died_on: date, by: Staff, at: datetime) -> None:
    """Record a death (成员死亡); awards that cover the person are reviewed by the room above.

    :raises NotAllowedNow: the head of a family of several (another head is named first), or a date that cannot be.
    """
    if died_on > timezone.localdate(at):
        raise NotAllowedNow("死亡日期不能晚于今天。", field="died_on")
    if died_on < member.person.birth_date:
        raise NotAllowedNow("死亡日期不能早于出生日期。", field="died_on")
    # Somebody registered after their death left the family on the day they joined it, at the earliest.
    leave(member, reason="died", by=by, on=max(died_on, member.joined_on), at=at, kind="died")
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    person.died_on = died_on
    person.save(update_fields=["died_on"])
    gone = Member.objects.select_related("person", "household__area").get(pk=member.pk)
    members_changed.send(Household, change=Change(gone.household, "died", by, died_on, left=(gone,)))


@transaction.atomic
def split_household(
    household: Household,
    *,
    leaving: Mapping[int, str],
    area: Area,
    address: str,
    by: Staff,
    on: date,
    at: datetime,
) -> Household:
    """Some members found a family of their own (分户), taking their incomes, spending and supporters with them.

    :param leaving: relation to the new head by member id; exactly one is ``head``.
    :raises NotAllowedNow: no new head or two, or the old head leaves while others stay.
    """
    household = open_for(household, by=by)
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=area)
    check_village(area)
    members = list(household.members.filter(left_on=None, pk__in=leaving).select_related("person"))
    if list(leaving.values()).count("head") != 1 or len(members) != len(leaving):
        raise NotAllowedNow("请在分出去的成员里选择一名户主，并填齐其余成员与新户主的关系。", field="leaving")
    staying = household.members.filter(left_on=None).exclude(pk__in=leaving)
    if not staying.exists() or any(member.relation == "head" for member in members):
        raise NotAllowedNow("原户主和至少一名成员要留在原家庭；原户主分出的，请先变更户主。", field="leaving")
    new = _new_household(household, area=area, address=address, by=by, at=at)
    for order, member in enumerate(sorted(members, key=lambda item: leaving[item.pk] != "head")):
        _transfer(member, to=new, relation=leaving[member.pk], reason="split", by=by, on=on, order=order)
    write_event(household, "split", on=on, at=at, by=by, other=new)
    write_event(new, "split", on=on, at=at, by=by, other=household)
    touch(household)
    members_changed.send(Household, change=Change(household, "split", by, on, left=tuple(members)))
    return new


@transaction.atomic
def merge_households(
    household: Household, *, into: Household, relations: Mapping[int, str], by: Staff, on: date, at: datetime
) -> None:
    """A family joins another and ends (并户).

    :param relations: relation to the other family's head by member id, for every current member.
    :raises NotAllowedNow: a relation is missing, or both are one family.
    """
    for item in (household, into):
        check_can_change(by, item)
    if household.pk == into.pk:
        raise NotAllowedNow("不能并入自己，请选择另一个家庭。", field="into")
    first, second = sorted((household, into), key=lambda item: item.pk)
    # Rows are locked in key order so that two merges never wait for each other.
    locked = {item.pk: lock(item) for item in (first, second)}
    household, into = locked[household.pk], locked[into.pk]
    members = list(household.members.filter(left_on=None).select_related("person"))
    if any(relations.get(member.pk, "head") == "head" for member in members):
        raise NotAllowedNow("请为并入的每名成员选择与户主的关系。", field="relations")
    for item in (household, into):
        check_stays(item)
    families_merging.send(Household, household=household, into=into, on=on)
    order = into.members.filter(left_on=None).count()
    joined = [
        _transfer(member, to=into, relation=relations[member.pk], reason="merged", by=by, on=on, order=position)
        for position, member in enumerate(members, start=order)
    ]
    write_event(household, "merged", on=on, at=at, by=by, other=into)
    write_event(into, "merged", on=on, at=at, by=by, other=household)
    household.ended_on, household.ended_reason = on, "并户"
    household.save(update_fields=["ended_on", "ended_reason"])
    touch(household)
    touch(into)
    members_changed.send(Household, change=Change(household, "merged", by, on, left=tuple(members)))
    members_changed.send(Household, change=Change(into, "merged", by, on, joined=tuple(joined)))


def _transfer(member: Member, *, to: Household, relation: str, reason: str, by: Staff, on: date, order: int) -> Member:
    end_membership(member, reason=reason, on=on)
    return copy_membership(member, household=to, person=member.person, relation=relation, by=by, on=on, order=order)


def copy_membership(
    member: Member,
    *,
    household: Household,
    person: Person,
    relation: str,
    by: Staff,
    on: date,
    order: int | None = None,
) -> Member:
    """A membership like another one with the means in force, for a person or in a family that takes its place."""
    new = Member(
        household=household,
        person=person,
        relation=relation,
        joined_on=on,
        lives_together=member.lives_together,
        shares_support=member.shares_support,
        cannot_live_alone=member.cannot_live_alone,
        not_counted=member.not_counted,
        supporters_known=member.supporters_known,
        order=member.order if order is None else order,
    )
    create_member(new, by=by)
    _copy_means(member, to=new)
    return new


def _copy_means(member: Member, *, to: Member) -> None:
    """Means in force follow the person; the rows of the former family stay with it as they were."""
    kept: list[Income | Expense | Supporter] = [
        *member.incomes.filter(voided_at=None),
        *member.expenses.filter(voided_at=None),
        *member.supporters.filter(ended_on=None),
    ]
    for row in kept:
        if isinstance(row, Expense):
            row.household = to.household
        if isinstance(row, Income | Expense) and row.evidence and row.evidence.household_id != to.household_id:
            # The scan stays in the former family's file; the note says what it was.
            row.evidence_note, row.evidence = row.evidence_note or _in_words(row.evidence), None
        row.pk, row.member = None, to
        row._state.adding = True
        row.save()


def _in_words(evidence: Attachment) -> str:
    return f"{evidence.get_kind_display()}（原家庭{evidence.household.number}留存）"


def end_membership(member: Member, *, reason: str, on: date) -> None:
    """
    :raises NotAllowedNow: the day lies before the member joined.
    """
    if on < member.joined_on:
        raise NotAllowedNow(
            f"日期不能早于{member.person}加入家庭的{chinese_date(member.joined_on)}，请核对。", field="on"
        )
    member.left_on, member.left_reason = on, reason
    member.save(update_fields=["left_on", "left_reason"])


def _new_household(household: Household, *, area: Area, address: str, by: Staff, at: datetime) -> Household:
    return Household.objects.create(
        number=next_number(area),
        area=area,
        address=address,
        registered_address=household.registered_address,
        registration_kind=household.registration_kind,
        residence=household.residence,
        residence_permit_number=household.residence_permit_number,
        registered_by=by,
        registered_at=at,
    )
