"""Registering a family and its members, correcting facts, changing the head."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from foundation.errors import ServiceError, StaleVersion
from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from households.models import Disability, Household, HouseholdEvent, Kinship, Member, Person
from households.permissions import check_can_change
from households.queries import current_household, person_with_id_number
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import township_of


class AlreadyRegistered(ServiceError):
    """The person stands in another current family."""


class NotAllowedNow(ServiceError):
    """The family's state does not allow the act."""


@dataclass(frozen=True)
class MemberData:
    """What a form or an import says of one member; ``facts`` are fields of Person, ``standing`` of Member."""

    name: str
    relation: str
    sex: str
    birth_date: date
    id_number: str = ""
    missing_id_reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    standing: Mapping[str, Any] = field(default_factory=dict)
    disability: Mapping[str, Any] | None = None


HOUSEHOLD_FACTS = frozenset(
    "address registered_address registration_kind residence residence_permit_number phone income_stable"
    " hardship_causes".split()
)
PERSON_FACTS = frozenset(
    "nation health serious_illness illness_name schooling school_name employment employer labour_capacity"
    " unable_self_care tekun_since_minor".split()
)
STANDING = frozenset("lives_together shares_support cannot_live_alone applies_alone not_counted order".split())


@transaction.atomic
def register_household(
    *, area: Area, head: MemberData, facts: Mapping[str, Any], by: Staff, on: date, at: datetime
) -> Household:
    """Register a family (登记家庭) with its head.

    :raises NotPermitted: the person may not register families in the area.
    :raises AlreadyRegistered: the head stands in another current family.
    """
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=area)
    _check_allowed(facts, HOUSEHOLD_FACTS)
    household = Household.objects.create(
        number=next_number(area), area=area, registered_by=by, registered_at=at, **facts
    )
    _join(household, head, on=on)
    write_event(household, "registered", on=on, at=at, by=by)
    return household


@transaction.atomic
def add_member(
    household: Household, *, data: MemberData, by: Staff, on: date, at: datetime, kind: str = "joined"
) -> Member:
    """Add a member (成员加入).

    :raises AlreadyRegistered: the person stands in another current family.
    """
    household = lock(household)
    check_can_change(by, household)
    member = _join(household, data, on=on)
    write_event(household, kind, on=on, at=at, by=by, person=member.person)
    touch(household)
    return member


@transaction.atomic
def correct_member(member: Member, *, data: MemberData, by: Staff, on: date) -> Member:
    """Correct what is recorded of a member (更正成员信息); the head's standing is changed by :func:`change_head`.

    :raises InvalidMember: the ID number belongs to somebody else.
    """
    household = lock(member.household)
    check_can_change(by, household)
    if (data.relation == "head") != (member.relation == "head"):
        raise NotAllowedNow("变更户主请用“变更户主”，不能直接改与户主关系。", field="relation")
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    _write_person(person, data, on=on)
    _check_allowed(data.standing, STANDING)
    member.relation = data.relation
    for name, value in data.standing.items():
        setattr(member, name, value)
    member.save()
    set_disability(person, data.disability, on=on)
    touch(household)
    return member


@transaction.atomic
def change_facts(household: Household, *, facts: Mapping[str, Any], by: Staff, version: int) -> Household:
    """Change address, phone, residence and other facts of the family (变更家庭情况).

    :raises StaleVersion: somebody else saved first.
    """
    household = lock(household)
    check_can_change(by, household)
    check_version(household, version)
    _check_allowed(facts, HOUSEHOLD_FACTS)
    for name, value in facts.items():
        setattr(household, name, value)
    household.version += 1
    household.save()
    return household


@transaction.atomic
def change_head(
    household: Household, *, member: Member, relations: Mapping[int, str], by: Staff, on: date, at: datetime
) -> None:
    """Make another member the head (变更户主).

    :param relations: relation to the new head of every other current member, by member id.
    :raises NotAllowedNow: a member's new relation is missing.
    """
    household = lock(household)
    check_can_change(by, household)
    others = list(household.members.filter(left_on=None).exclude(pk=member.pk))
    if any(relations.get(other.pk, "head") == "head" for other in others):
        raise NotAllowedNow("请为每名成员选择与新户主的关系。", field="relations")
    for other in others:
        other.relation = relations[other.pk]
        other.save(update_fields=["relation"])
    member.relation, member.order = "head", 0
    member.save(update_fields=["relation", "order"])
    write_event(household, "head_changed", on=on, at=at, by=by, person=member.person)
    touch(household)


def check_version(household: Household, version: int) -> None:
    """
    :raises StaleVersion: somebody else saved the family since the page was opened.
    """
    if household.version != version:
        raise StaleVersion("这个家庭刚被别人修改过。下面列出两个版本，请核对后再保存。")


def lock(household: Household) -> Household:
    """The family's row, locked for the transaction.

    :raises NotAllowedNow: the family has ended.
    """
    household = Household.objects.select_for_update(of=("self",)).select_related("area").get(pk=household.pk)
    if household.ended_on:
        raise NotAllowedNow(f"这个家庭已于{household.ended_on:%Y年%m月%d日}注销（{household.ended_reason}）。")
    return household


def touch(household: Household) -> None:
    """Count a new version of the family."""
    household.version += 1
    household.save(update_fields=["version"])


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


def set_disability(person: Person, data: Mapping[str, Any] | None, *, on: date) -> None:
    """Record the disability in force; an earlier one that differs is ended."""
    current = person.disabilities.filter(ended_on=None).first()
    if current and data and all(getattr(current, name) == value for name, value in data.items()):
        return
    if current:
        current.ended_on = on
        current.save(update_fields=["ended_on"])
    if data:
        Disability.objects.create(person=person, **data)


def link(person: Person, relative: Person, kind: str) -> None:
    """Record kinship (亲属关系); spouses are linked both ways."""
    Kinship.objects.get_or_create(person=person, relative=relative, kind=kind, ended_on=None)
    if kind == "spouse":
        Kinship.objects.get_or_create(person=relative, relative=person, kind=kind, ended_on=None)


def _join(household: Household, data: MemberData, *, on: date) -> Member:
    _check_allowed(data.standing, STANDING)
    person = _person_for(data, on=on)
    standing = {"order": household.members.filter(left_on=None).count(), **data.standing}
    try:
        with transaction.atomic():
            member = Member.objects.create(
                household=household, person=person, relation=data.relation, joined_on=on, **standing
            )
    except IntegrityError as error:
        raise _refusal(error, person) from error
    set_disability(person, data.disability, on=on)
    return member


def _person_for(data: MemberData, *, on: date) -> Person:
    known = person_with_id_number(data.id_number) if data.id_number else None
    person = Person.objects.select_for_update(of=("self",)).get(pk=known.pk) if known else Person()
    if known and (household := current_household(known)):
        raise AlreadyRegistered(_elsewhere(household.area), field="id_number")
    _write_person(person, data, on=on)
    return person


def _write_person(person: Person, data: MemberData, *, on: date) -> None:
    _check_allowed(data.facts, PERSON_FACTS)
    _check_identity(data, on=on)
    person.name, person.sex, person.birth_date = data.name.strip(), data.sex, data.birth_date
    person.id_number = normalize_id_number(data.id_number)
    person.missing_id_reason = "" if data.id_number else data.missing_id_reason
    for name, value in data.facts.items():
        setattr(person, name, value)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise _refusal(error, person) from error


def _check_identity(data: MemberData, *, on: date) -> None:
    if not data.name.strip():
        raise NotAllowedNow("请填姓名。", field="name")
    if not data.id_number:
        if not data.missing_id_reason:
            raise NotAllowedNow("请填身份证号；确实没有的，选择无证号原因。", field="id_number")
        if data.birth_date > on:
            raise NotAllowedNow("出生日期不能晚于今天。", field="birth_date")
        return
    try:
        parsed = parse_id_number(data.id_number, on=on)
    except InvalidIdNumber as error:
        raise NotAllowedNow(str(error), field="id_number") from error
    if parsed.birth_date != data.birth_date:
        raise NotAllowedNow(f"出生日期与身份证号不符，证号上是{parsed.birth_date:%Y-%m-%d}。", field="birth_date")
    if parsed.sex != data.sex:
        raise NotAllowedNow("性别与身份证号不符，请核对。", field="sex")


def _refusal(error: IntegrityError, person: Person) -> ServiceError:
    message = str(error)
    if "household_one_head" in message:
        return NotAllowedNow("这个家庭已有户主。", field="relation")
    if "person_id_number_once" in message or "person_in_one_current_family" in message:
        known = person_with_id_number(person.id_number.reveal()) if person.id_number else person
        household = current_household(known) if known else None
        text = _elsewhere(household.area) if household else "这个身份证号刚刚由他人登记，请重新查询后再办。"
        return AlreadyRegistered(text, field="id_number")
    raise error


def _elsewhere(area: Area) -> str:
    return f"已在{township_of(area).name}登记，请发起迁移或与该乡镇联系。"


def _check_allowed(given: Mapping[str, Any], allowed: frozenset[str]) -> None:
    # Mass assignment is refused loudly: a form that sends more fields than it may is a fault of ours or an attack.
    if unknown := given.keys() - allowed:
        raise ValueError(f"fields not open to editing: {sorted(unknown)}")


def next_number(area: Area) -> str:
    """The next family number (家庭编号) of the area's township: H, three digits of the township, six of order."""
    prefix = f"H{area.code[6:9]}"
    # The township's row is the lock: numbers follow one another without a gap in one township.
    township = Area.objects.select_for_update(of=("self",)).get(pk=township_of(area).pk)
    last = (
        Household.objects.filter(number__startswith=prefix, area__code__startswith=township.code)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{prefix}{int(last[4:]) + 1 if last else 1:06d}"
