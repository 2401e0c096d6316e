"""People: written as a form says, known again by ID number, looked up without telling a neighbour's families."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.crypto import normal_form
from foundation.dates import chinese_date
from foundation.errors import ServiceError
from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from foundation.names import person_name
from households.models import Disability, Household, Kinship, Member, Person
from households.permissions import can_see, is_in_own_archive
from households.queries import KnownPerson, current_household, look_up, person_with_id_number, was_at_home
from households.services.checks import NotAllowedNow, save_checked
from organizations.models import AccessRecord, Staff
from organizations.queries import township_of
from organizations.services import record_access

P = ParamSpec("P")
R = TypeVar("R")


class AlreadyRegistered(ServiceError):
    """The person stands in another current family.

    :param stranger: the person, where the family lies outside the areas of who asks: the hit is recorded.
    """

    def __init__(self, message: str, *, stranger: Person | None = None) -> None:
        super().__init__(message, field="id_number")
        self.stranger = stranger


class TooManyLookups(ServiceError):
    """Somebody met people of other townships more often than work explains."""


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


PERSON_FACTS = frozenset(
    "nation health serious_illness illness_name schooling school_name employment employer labour_capacity"
    " unable_self_care support_mode tekun_since_minor".split()
)


def look_up_person(text: str, *, by: Staff, at: datetime) -> KnownPerson | None:
    """Look up an ID number (查询证号): the family at home, only the township's name elsewhere, recorded.

    :raises TooManyLookups: the person met too many strangers in the last hour.
    """
    _check_not_too_many(by=by, at=at)
    known = look_up(text, by=by)
    if known is not None and known.elsewhere:
        _record_meeting(person_with_id_number(text), by=by, at=at)
    return known


def _check_not_too_many(*, by: Staff, at: datetime) -> None:
    """
    :raises TooManyLookups: the person met too many strangers in the last hour.
    """
    recent = AccessRecord.objects.filter(kind="foreign_lookup", staff=by, at__gt=at - timedelta(hours=1), at__lte=at)
    if recent.count() >= settings.FOREIGN_LOOKUPS_PER_HOUR:
        raise TooManyLookups(
            "一小时内查到外乡镇人员的次数过多，请稍后再办；确有需要，请联系县民政局。", field="id_number"
        )


def records_strangers(service: Callable[P, R]) -> Callable[P, R]:
    """Registering by ID number tells as much as looking it up, so it is limited in the same way.

    The record of a stranger met stays although the refused act itself is rolled back.
    """

    @wraps(service)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        at: Any = kwargs.get("at") or timezone.now()
        if _types_another_number(args, kwargs):
            _check_not_too_many(by=by, at=at)
        try:
            return service(*args, **kwargs)
        except AlreadyRegistered as error:
            if error.stranger is not None:
                _record_meeting(error.stranger, by=by, at=at)
            raise

    return recorded


def _types_another_number(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether a call brings an ID number that is not on record of the member that it is about."""
    typed = {item.id_number for item in (*args, *kwargs.values()) if isinstance(item, MemberData)}
    typed.add(kwargs.get("id_number", ""))
    known = {item.person.id_number.reveal() for item in args if isinstance(item, Member)}
    return bool({normalize_id_number(number) for number in typed} - known - {""})


def _record_meeting(person: Person | None, *, by: Staff, at: datetime) -> None:
    record_access(
        kind="foreign_lookup", staff=by, at=at, subject_type="person", subject_id=person.pk if person else None
    )


def check_allowed(given: Mapping[str, Any], allowed: frozenset[str]) -> None:
    """
    :raises ValueError: a field that is not open to editing; a fault of ours or an attack, so loud.
    """
    if unknown := given.keys() - allowed:
        raise ValueError(f"fields not open to editing: {sorted(unknown)}")


def person_for(data: MemberData, *, by: Staff, on: date) -> Person:
    """The person with the data's ID number, or a new one, written as the data says.

    Who is known already keeps what is recorded of them where the data says nothing.

    :raises AlreadyRegistered: the person stands in another current family.
    :raises NotAllowedNow: the number was registered under another name.
    """
    known = person_with_id_number(data.id_number) if data.id_number else None
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=known.pk) if known else Person()
    check_free(known, by=by)
    if known is not None:
        _check_same_name(person, data, by=by)
        data = replace(data, facts=telling(data.facts))
    write_person(person, data, by=by, on=on)
    return person


def _check_same_name(known: Person, data: MemberData, *, by: Staff) -> None:
    if is_same_name(known.name, data.name):
        return
    name = f"是“{known.name}”，" if was_at_home(known, by=by) else ""
    raise NotAllowedNow(
        f"这个身份证号以前登记的姓名{name}与您填的不同，请核对证件；确实改过名的，请先按原姓名登记，再用“更正”改名。",
        field="name",
    )


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are written alike, whatever their width and spaces."""
    return normal_form(one) == normal_form(other)


def telling(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts of a person that say more than a form left as it was."""
    blank = Person()
    return {name: value for name, value in facts.items() if value != getattr(blank, name)}


def check_free(person: Person | None, *, by: Staff) -> None:
    """
    :raises AlreadyRegistered: the person stands in a current family.
    :raises NotAllowedNow: the person is dead.
    """
    if person is None:
        return
    if person.died_on:
        raise NotAllowedNow("这个身份证号的人已登记死亡，请核对。", field="id_number")
    if household := current_household(person):
        raise registered(person, household, by=by)


def registered(person: Person, household: Household, *, by: Staff) -> AlreadyRegistered:
    """What may be said of somebody who stands in a family: the family at home, the township elsewhere."""
    if can_see(by, household):
        return AlreadyRegistered(f"这个身份证号已登记在家庭{household.number}，请先办理离开、分户或并户。")
    place = township_of(household.area).name
    if is_in_own_archive(by, household):
        return AlreadyRegistered(f"已登记在{place}的归档家庭{household.number}，请先在“归档库”中恢复。")
    return AlreadyRegistered(f"已在{place}登记，请发起迁移或与该乡镇联系。", stranger=person)


def write_person(person: Person, data: MemberData, *, by: Staff, on: date) -> None:
    """Write what the data says of a person.

    :raises NotAllowedNow: something typed is wrong.
    :raises AlreadyRegistered: the ID number belongs to somebody else.
    """
    check_allowed(data.facts, PERSON_FACTS)
    _check_identity(data, on=on)
    if person.id_number and not data.id_number:
        raise NotAllowedNow("已登记的身份证号不能清空，只能更正。", field="id_number")
    person.name, person.sex, person.birth_date = _name_of(data), data.sex, data.birth_date
    person.id_number = normalize_id_number(data.id_number)
    person.missing_id_reason = "" if data.id_number else data.missing_id_reason
    for name, value in data.facts.items():
        setattr(person, name, value)
    save_person(person, by=by)


def save_person(person: Person, *, by: Staff) -> None:
    """Save a person whose ID number nobody else has.

    :raises AlreadyRegistered: somebody has it, or registered it a moment ago.
    """
    number = person.id_number.reveal()
    other = person_with_id_number(number) if number else None
    if other is not None and other.pk != person.pk:
        raise _taken(other, by=by)
    try:
        with transaction.atomic():
            save_checked(person)
    except IntegrityError as error:
        if "person_id_number_once" not in str(error):
            raise
        raise _taken(person_with_id_number(number), by=by) from error


def _taken(other: Person | None, *, by: Staff) -> AlreadyRegistered:
    household = current_household(other) if other else None
    if other is None or household is None:
        stranger = None if other is None or was_at_home(other, by=by) else other
        return AlreadyRegistered("这个身份证号已登记在另一个人名下，请重新查询并核对。", stranger=stranger)
    return registered(other, household, by=by)


def _name_of(data: MemberData) -> str:
    try:
        return person_name(data.name)
    except ValidationError as error:
        raise NotAllowedNow(error.messages[0], field="name") from error


def _check_identity(data: MemberData, *, on: date) -> None:
    if not _name_of(data):
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
        raise NotAllowedNow(f"出生日期与身份证号不符，证号上是{chinese_date(parsed.birth_date)}。", field="birth_date")
    if parsed.sex != data.sex:
        raise NotAllowedNow("性别与身份证号不符，请核对。", field="sex")


def set_disability(person: Person, data: Mapping[str, Any] | None, *, on: date) -> None:
    """Record the disability in force; an earlier one that differs is ended."""
    current = person.disabilities.filter(ended_on=None).first()
    if current and data and all(getattr(current, name) == value for name, value in data.items()):
        return
    if current:
        current.ended_on = on
        current.save(update_fields=["ended_on"])
    if data:
        save_checked(Disability(person=person, **data))


def link(person: Person, relative: Person, kind: str) -> None:
    """Record kinship (亲属关系); spouses are linked both ways."""
    Kinship.objects.get_or_create(person=person, relative=relative, kind=kind, ended_on=None)
    if kind == "spouse":
        Kinship.objects.get_or_create(person=relative, relative=person, kind=kind, ended_on=None)
