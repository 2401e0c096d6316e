"""What happens in families' lives: births, marriages, deaths, 分户/并户, moves, found identities. Acts, not edits."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from households.models import Household, Member, Person
from households.permissions import check_can_change
from households.queries import current_household, person_with_id_number
from households.services.families import (
    AlreadyRegistered,
    MemberData,
    NotAllowedNow,
    add_member,
    link,
    lock,
    next_number,
    touch,
    write_event,
)
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act


@transaction.atomic
def record_birth(
    household: Household, *, child: MemberData, parents: Iterable[Member], by: Staff, on: date, at: datetime
) -> Member:
    """Register a newborn (新生) with their parents."""
    member = add_member(household, data=child, by=by, on=on, at=at, kind="birth")
    for parent in parents:
        link(member.person, parent.person, "parent")
    return member


@transaction.atomic
def marry(household: Household, *, member: Member, spouse: MemberData, by: Staff, on: date, at: datetime) -> Member:
    """A member marries and the spouse joins the family (结婚)."""
    joined = add_member(household, data=spouse, by=by, on=on, at=at, kind="married")
    link(member.person, joined.person, "spouse")
    return joined


@transaction.atomic
def divorce(member: Member, *, by: Staff, on: date, at: datetime) -> None:
    """End a marriage (离婚); who moves out leaves by an act of its own.

    :raises NotAllowedNow: no spouse is recorded.
    """
    household = lock(member.household)
    check_can_change(by, household)
    marriage = member.person.kinships.filter(kind="spouse", ended_on=None).select_related("relative").first()
    if marriage is None:
        raise NotAllowedNow(f"没有登记{member.person}的配偶。")
    for record in (marriage, *marriage.relative.kinships.filter(kind="spouse", ended_on=None)):
        record.ended_on = on
        record.save(update_fields=["ended_on"])
    write_event(household, "divorced", on=on, at=at, by=by, person=member.person)
    touch(household)


@transaction.atomic
def leave(member: Member, *, reason: str, by: Staff, on: date, at: datetime, kind: str = "left") -> None:
    """A member leaves the family (成员离开).

    :raises NotAllowedNow: the head may leave only after another member is made head.
    """
    household = lock(member.household)
    check_can_change(by, household)
    if member.relation == "head" and household.members.filter(left_on=None).count() > 1:
        raise NotAllowedNow("户主离开前，请先变更户主。")
    _end_membership(member, reason=reason, on=on)
    write_event(household, kind, on=on, at=at, by=by, person=member.person)
    touch(household)


@transaction.atomic
def record_death(member: Member, *, died_on: date, by: Staff, at: datetime) -> None:
    """Record a death (成员死亡); awards that cover the person are reviewed by the room above.

    :raises NotAllowedNow: the head of a family of several; another head is named first.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    leave(member, reason="died", by=by, on=died_on, at=at, kind="died")
    person.died_on = died_on
    person.save(update_fields=["died_on"])


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
    """Some members found a family of their own (分户).

    :param leaving: relation to the new head by member id; exactly one is ``head``.
    :raises NotAllowedNow: no new head or two, or the old head leaves while others stay.
    """
    household = lock(household)
    check_can_change(by, household)
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=area)
    members = list(household.members.filter(left_on=None, pk__in=leaving).select_related("person"))
    if list(leaving.values()).count("head") != 1 or len(members) != len(leaving):
        raise NotAllowedNow("请在分出去的成员里选择一名户主，并填齐其余成员与新户主的关系。", field="leaving")
    staying = household.members.filter(left_on=None).exclude(pk__in=leaving)
    if not staying.exists() or any(member.relation == "head" for member in members):
        raise NotAllowedNow("原户主和至少一名成员要留在原家庭；原户主分出的，请先变更户主。", field="leaving")
    new = _new_household(household, area=area, address=address, by=by, at=at)
    for order, member in enumerate(sorted(members, key=lambda item: leaving[item.pk] != "head")):
        _transfer(member, to=new, relation=leaving[member.pk], reason="split", on=on, order=order)
    write_event(household, "split", on=on, at=at, by=by, other=new)
    write_event(new, "split", on=on, at=at, by=by, other=household)
    touch(household)
    return new


@transaction.atomic
def merge_households(
    household: Household, *, into: Household, relations: Mapping[int, str], by: Staff, on: date, at: datetime
) -> None:
    """A family joins another and ends (并户).

    :param relations: relation to the other family's head by member id, for every current member.
    :raises NotAllowedNow: a relation is missing.
    """
    first, second = sorted((household, into), key=lambda item: item.pk)
    # Rows are locked in key order so that two merges never wait for each other.
    locked = {item.pk: lock(item) for item in (first, second)}
    household, into = locked[household.pk], locked[into.pk]
    check_can_change(by, household)
    check_can_change(by, into)
    members = list(household.members.filter(left_on=None).select_related("person"))
    if any(relations.get(member.pk, "head") == "head" for member in members):
        raise NotAllowedNow("请为并入的每名成员选择与户主的关系。", field="relations")
    order = into.members.filter(left_on=None).count()
    for position, member in enumerate(members):
        _transfer(member, to=into, relation=relations[member.pk], reason="merged", on=on, order=order + position)
    write_event(household, "merged", on=on, at=at, by=by, other=into)
    write_event(into, "merged", on=on, at=at, by=by, other=household)
    household.ended_on, household.ended_reason = on, "并户"
    household.save(update_fields=["ended_on", "ended_reason"])
    touch(into)


@transaction.atomic
def move(household: Household, *, area: Area, address: str, by: Staff, on: date, at: datetime) -> None:
    """The family moves to another village (迁移); the person must be entitled in both."""
    household = lock(household)
    check_can_change(by, household)
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=area)
    write_event(household, "moved", on=on, at=at, by=by, note=f"{household.area}→{area}")
    household.area, household.address = area, address
    household.version += 1
    household.save(update_fields=["area", "address", "version"])


@transaction.atomic
def identify(member: Member, *, id_number: str, by: Staff, on: date, at: datetime) -> Member:
    """Give a person registered without ID number theirs (补登证号); a person known already is merged.

    :raises NotAllowedNow: the number is wrong.
    :raises AlreadyRegistered: the number belongs to somebody who stands in another current family.
    """
    household = lock(member.household)
    check_can_change(by, household)
    try:
        parsed = parse_id_number(id_number, on=on)
    except InvalidIdNumber as error:
        raise NotAllowedNow(str(error), field="id_number") from error
    known = person_with_id_number(id_number)
    if known is None:
        person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
        person.id_number = normalize_id_number(id_number)
        person.missing_id_reason, person.birth_date, person.sex = "", parsed.birth_date, parsed.sex
        person.save()
    elif known.pk != member.person_id:
        member = _merge_person(member, known, on=on)
    write_event(household, "identified", on=on, at=at, by=by, person=member.person)
    touch(household)
    return member


def _merge_person(member: Member, known: Person, *, on: date) -> Member:
    if current_household(known):
        raise AlreadyRegistered("这个身份证号的人已在另一个家庭里，请先核实是否同一人。", field="id_number")
    former = member.person
    _end_membership(member, reason="mistake", on=on)
    former.merged_into = known
    former.save(update_fields=["merged_into"])
    return _copy_membership(member, household=member.household, person=known, relation=member.relation, on=on)


def _transfer(member: Member, *, to: Household, relation: str, reason: str, on: date, order: int) -> None:
    _end_membership(member, reason=reason, on=on)
    _copy_membership(member, household=to, person=member.person, relation=relation, on=on, order=order)


def _copy_membership(
    member: Member, *, household: Household, person: Person, relation: str, on: date, order: int | None = None
) -> Member:
    return Member.objects.create(
        household=household,
        person=person,
        relation=relation,
        joined_on=on,
        lives_together=member.lives_together,
        shares_support=member.shares_support,
        cannot_live_alone=member.cannot_live_alone,
        not_counted=member.not_counted,
        supporters_known=False,
        order=member.order if order is None else order,
    )


def _end_membership(member: Member, *, reason: str, on: date) -> None:
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
