import pytest
from django.db import connection

from foundation import crypto
from tests.support.factories import make_household, make_person

pytestmark = pytest.mark.django_db


def test_an_id_number_is_not_in_the_table_nor_in_its_history(county: None) -> None:
    person = make_person(id_number="11010519491231002X")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t::text FROM households_person t UNION ALL SELECT h::text FROM households_personhistory h"
        )
        stored = "".join(row[0] for row in cursor.fetchall())
    assert person.name in stored
    assert "11010519491231002X" not in stored


def test_a_value_read_back_prints_masked_and_reveals_in_full(county: None) -> None:
    person = make_person(id_number="11010519491231002X")
    person.refresh_from_db()
    assert str(person.id_number) == "1101****002X"
    assert "1949" not in repr(person.id_number)
    assert person.id_number.reveal() == "11010519491231002X"


def test_an_unchanged_value_is_not_encrypted_anew(county: None) -> None:
    person = make_person(id_number="11010519491231002X")
    person.refresh_from_db()
    token = person.id_number.token
    person.name = "胡德旺"
    person.save()
    person.refresh_from_db()
    assert person.id_number.token == token


def test_a_phone_is_masked(county: None) -> None:
    household = make_household(phone="13900002207")
    household.refresh_from_db()
    assert str(household.phone) == "139****2207"


def test_a_value_cannot_be_moved_to_another_kind() -> None:
    token = crypto.encrypt_text("13900002207", purpose="phone")
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt_text(token, purpose="account")


def test_sm3_passes_the_standards_vector() -> None:
    # GB/T 32905 appendix A.1: "abc".
    assert crypto.sm3_hex(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
