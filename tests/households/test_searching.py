"""A family is found by what its people are called, however the name is read, and by an index each time."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from applications.queries.listing import CaseFilter, list_cases
from households.models import Household, Member, Person
from households.queries import search
from one_window.queries import families_named
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.factories import AT, LINXI, ON, area, make_household, make_staff
from workbench.queries.search import search as search_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
CROWD = 1000


@pytest.fixture
def officer() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


def family_of(name: str) -> Household:
    household = make_household()
    person = household.members.get().person
    person.name = name
    person.save()
    return household


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张三", "zs"),
        ("单建国", "sjg"),
        ("查小平", "ZXP"),
        ("仇英", "qy"),
        ("解放军", "xfj"),
        ("曾小伟", "zxw"),
        ("翟小明", "zxm"),
        ("盖明", "gm"),
        ("覃明", "qm"),
        ("覃明", "tm"),
        ("乐小明", "yxm"),
        ("乐小明", "lxm"),
        ("王朝霞", "wzx"),
        ("尉迟恭", "ycg"),
        ("长孙明", "zsm"),
        ("李䶮", "ly"),
        ("王㛃", "wj"),
        ("周𬎆", "zy"),
        ("阿卜杜热合曼·买买提明", "abdrhmmmtm"),
        ("Nguyễn Thị Lan", "ntl"),
    ],
)
def test_the_first_letters_of_a_name_find_it(officer: Staff, name: str, typed: str) -> None:
    wanted = family_of(name)
    family_of("胡德旺")
    assert list(search(officer, typed)) == [wanted]


def test_letters_from_the_middle_of_a_name_find_nothing(officer: Staff) -> None:
    family_of("覃明")
    assert not search(officer, "m").exists()


def test_every_door_finds_by_name_letters_and_last_four(officer: Staff) -> None:
    wanted = family_of("张三")
    number = wanted.members.get().person.id_number.reveal()
    family_of("胡德旺")
    for typed in ("张三", "zs", number[-4:], number):
        assert list(search(officer, typed)) == [wanted]
        assert list(families_named(officer, typed)) == [wanted]
        assert search_everywhere(officer, typed).households == [wanted]
        assert not list_cases(officer, CaseFilter(text=typed), on=ON).exists()


@pytest.fixture
def crowd(officer: Staff) -> None:
    """Enough families that reading them all would be the slower way."""
    given = {"area": area(LINXI), "address": "一组", "registered_at": AT, "registered_by": officer}
    households = Household.objects.bulk_create(Household(number=f"X{serial}", **given) for serial in range(CROWD))
    people = Person.objects.bulk_create(
        Person(name=name, sex="male", birth_date=date(1968, 3, 12), missing_id_reason="lost")
        for name in ("".join(map(chr, (19968 + i % 89, 20968 + i % 97, 21968 + i % 101))) for i in range(CROWD))
    )
    Member.objects.bulk_create(
        Member(household=household, person=person, relation="head", joined_on=ON)
        for household, person in zip(households, people, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE households_person, households_household, households_member")
        # What no index answers is read whole all the same.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")


def test_every_way_of_searching_has_its_index(officer: Staff, crowd: None) -> None:
    indexes = {
        "胡德旺": {"person_name_trigram"},
        "胡": {"person_name_prefix", "person_name_suffix"},
        "hdw": {"person_initials_trigram"},
        "0012": {"person_id_tail"},
        "341899196803120012": {"person_id_number_once"},
        "13900002207": {"household_by_phone"},
        "H101000001": {"households_household_number"},
    }
    plans = {typed: search(officer, typed).explain() for typed in indexes}
    assert {typed: {index for index in wanted if index in plans[typed]} for typed, wanted in indexes.items()} == indexes
    assert [typed for typed, plan in plans.items() if "Seq Scan on households_" in plan] == []


def test_names_of_before_are_read_again_by_the_migration(officer: Staff) -> None:
    family = family_of("曾小伟")
    Person.objects.update(pinyin="ceng xiao wei", pinyin_initials="cxw")
    migration: Any = import_module("households.migrations.0010_search_by_initials")
    migration.read_names_again(apps, None)
    person = Person.objects.get()
    assert (person.pinyin, person.pinyin_initials) == ("zeng xiao wei", "zxw")
    assert list(search(officer, "zxw")) == [family]
