import pytest
from django.db import IntegrityError, InternalError, transaction

from households.models import Member
from tests.support.factories import ON, make_household, make_person

pytestmark = pytest.mark.django_db


def test_a_person_stands_in_one_current_family(county: None) -> None:
    first, second = make_household(), make_household()
    person = first.members.get().person
    with pytest.raises(IntegrityError, match="person_in_one_current_family"), transaction.atomic():
        Member.objects.create(household=second, person=person, relation="child", joined_on=ON)


def test_an_id_number_is_registered_once(county: None) -> None:
    make_person(id_number="11010519491231002X")
    with pytest.raises(IntegrityError, match="person_id_number_once"), transaction.atomic():
        make_person(id_number="11010519491231002x")


def test_a_person_without_id_number_has_a_reason(county: None) -> None:
    with pytest.raises(IntegrityError, match="person_has_id_or_reason"), transaction.atomic():
        make_person(id_number="")
    assert make_person(id_number="", missing_id_reason="newborn").pk


def test_nothing_is_deleted(county: None) -> None:
    household = make_household()
    with pytest.raises(InternalError), transaction.atomic():
        household.members.get().delete()


def test_names_carry_pinyin_for_order_and_search(county: None) -> None:
    person = make_person(name="张三丰")
    assert (person.pinyin, person.pinyin_initials) == ("zhang san feng", "zsf")
