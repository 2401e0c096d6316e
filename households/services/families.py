"""Registering a family and its members, correcting facts, changing the head."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from households.models import Household, HouseholdEvent, Member, Person
from households.queries import current_household
from households.services.checks import NotAllowedNow, current_member, open_for, save_checked, touch
from households.services.people import (
    MemberData,
    check_allowed,
    person_for,
    records_strangers,
    registered,
    set_disability,
    write_person,
)
from households.services.self_care import write_self_care
from households.signals import Change, members_changed
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission, check_can_act
from organizations.queries import township_of

HOUSEHOLD_FACTS = frozenset(
    "address registered_address registration_kind residence residence_permit_number phone income_stable"
    " hardship_causes".split()
)
STANDING = frozenset("lives_together shares_support cannot_live_alone applies_alone not_counted order".split())


@records_strangers
@transaction.atomic
def register_household(
    *, area: Area, head: MemberData, facts: Mapping[str, Any], by: Staff, on: date, at: datetime
) -> Household:
    """Register a family (登记家庭) with its head.

    :raises NotPermitted: the person may not register families in the area.
    :raises NotAllowedNow: something typed is wrong, or the area is not a village.
    :raises AlreadyRegistered: the head stands in another current family.
    """
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=area)
    check_village(area)
    check_allowed(facts, HOUSEHOLD_FACTS)
    household = Household(number=next_number(area), area=area, registered_by=by, registered_at=at, **facts)
    save_checked(household)
    _join(household, head, by=by, on=on)
    write_event(household, "registered", on=on, at=at, by=by)
    return household


@records_strangers
@transaction.atomic
def add_member(
    household: Household, *, data: MemberData, by: Staff, on: date, at: datetime, kind: str = "joined"
) -> Member:
    """Add a member (成员加入).

    :raises AlreadyRegistered: the person stands in another current family.
    """
    household = open_for(household, by=by)
    member = _join(household, data, by=by, on=on)
    write_event(household, kind, on=on, at=at, by=by, person=member.person)
    touch(household)
    members_changed.send(Household, change=Change(household, kind, by, on, joined=(member,)))
    return member


@records_strangers
@transaction.atomic
def correct_member(member: Member, *, data: MemberData, by: Staff, on: date, version: int | None = None) -> Member:
    """Correct what is recorded of a member (更正成员信息); the head's standing is changed by :func:`change_head`.

    :raises AlreadyRegistered: the ID number belongs to somebody else.
    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(member.household, by=by, version=version)
    member = current_member(member, of=household)
    if (data.relation == "head") != (member.relation == "head"):
        raise NotAllowedNow("变更户主请用“变更户主”，不能直接改与户主关系。", field="relation")
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    write_person(person, data, by=by, on=on)
    check_allowed(data.standing, STANDING)
    member.relation = data.relation
    for name, value in data.standing.items():
        setattr(member, name, value)
    save_checked(member)
    set_disability(person, data.disability, on=on)
    touch(household)
    return member


@transaction.atomic
def record_self_care(member: Member, *, not_managed: Collection[str], support_mode: str, by: Staff) -> Member:
    """Write what a self-care assessment found (生活自理能力、供养方式) to the person; F43 §§20–22.

    :param not_managed: which of the six indicators the person does not manage alone.
    :raises ValueError: an indicator that F43 §21 does not name.
    """
    household = open_for(member.household, by=by)
    member = current_member(member, of=household)
    write_self_care(member.person, unable=not_managed, support_mode=support_mode)
    touch(household)
    return member


@transaction.atomic
def change_facts(household: Household, *, facts: Mapping[str, Any], by: Staff, version: int) -> Household:
    """Change address, phone, residence and other facts of the family (变更家庭情况).

    :raises StaleVersion: somebody else saved first.
    """
    household = open_for(household, by=by, version=version)
    check_allowed(facts, HOUSEHOLD_FACTS)
    for name, value in facts.items():
        setattr(household, name, value)
    household.version += 1
    save_checked(household)
    return household


@transaction.atomic
def change_head(
    household: Household, *, member: Member, relations: Mapping[int, str], by: Staff, on: date, at: datetime
) -> None:
    """Make another member the head (变更户主).

    :param relations: relation to the new head of every other current member, by member id.
    :raises NotAllowedNow: a member's new relation is missing.
    """
    household = open_for(household, by=by)
    member = current_member(member, of=household)
    if member.relation == "head":
        raise NotAllowedNow(f"{member.person}已是户主。", field="member")
    others = list(household.members.filter(left_on=None).exclude(pk=member.pk))
    if any(relations.get(other.pk, "head") == "head" for other in others):
        raise NotAllowedNow("请为每名成员选择与新户主的关系。", field="relations")
    for order, other in enumerate(others, start=1):
        other.relation, other.order = relations[other.pk], order
        save_checked(other)
    member.relation, member.order = "head", 0
    member.save(update_fields=["relation", "order"])
    write_event(household, "head_changed", on=on, at=at, by=by, person=member.person)
    touch(household)


def write_event(
    household: Household,
    kind: str,
    *,
    on: date,
    at: datetime,
    by: Staff,
    person: Person | None = None,
    other: Household | None = None,
    note: str = "",
) -> None:
    """Write what happened to the family."""
    HouseholdEvent.objects.create(
        household=household, kind=kind, on=on, at=at, by=by, person=person, other_household=other, note=note
    )


def check_village(area: Area) -> None:
    """
    :raises NotAllowedNow: families live in villages and communities, not in a township at large.
    """
    if area.level != AreaLevel.VILLAGE:
        raise NotAllowedNow("请选到村（社区）。", field="area")


def create_member(member: Member, *, by: Staff) -> Member:
    """Write a new membership.

    :raises NotAllowedNow: the family has a head already.
    :raises AlreadyRegistered: the person joined another family a moment ago.
    """
    if member.relation == "head" and member.household.members.filter(relation="head", left_on=None).exists():
        raise NotAllowedNow("这个家庭已有户主。", field="relation")
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:
        household = current_household(member.person)
        if "person_in_one_current_family" not in str(error) or household is None:
            raise
        raise registered(member.person, household, by=by) from error
    return member


def _join(household: Household, data: MemberData, *, by: Staff, on: date) -> Member:
    check_allowed(data.standing, STANDING)
    person = person_for(data, by=by, on=on)
    was_known = person.memberships.exists()
    standing = {"order": household.members.filter(left_on=None).count(), **data.standing}
    member = Member(household=household, person=person, relation=data.relation, joined_on=on, **standing)
    create_member(member, by=by)
    if data.disability or not was_known:
        set_disability(person, data.disability, on=on)
    return member


def next_number(area: Area) -> str:
    """The next family number (家庭编号) of the area's township: H, three digits of the township, six of order."""
    prefix = f"H{area.code[6:9]}"
    # The township's row is the lock: numbers follow one another without a gap in one township. Families that moved
    # away keep their number, so numbers are counted by prefix and not by area.
    Area.objects.select_for_update(of=("self",), no_key=True).get(pk=township_of(area).pk)
    numbers = Household.objects.filter(number__regex=rf"^{prefix}\d{{6}}$").order_by("-number")
    last = numbers.values_list("number", flat=True).first()
    return f"{prefix}{int(last[4:]) + 1 if last else 1:06d}"
