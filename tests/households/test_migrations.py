"""What was written in plain before is sealed, in the rows and in their history."""

from importlib import import_module
from typing import Any

import pytest
from django.db import InternalError, connection, transaction

from foundation.keyring import key_ring
from households import services
from households.models import Attachment, Household
from organizations.models import Staff
from tests.households.builders import picture, register
from tests.support.factories import AT

pytestmark = pytest.mark.django_db
sealing: Any = import_module("households.migrations.0004_seal_permit_numbers_and_file_names")
TABLES = [(table, column) for table, _, column, _ in sealing.COLUMNS]


def stored(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" ORDER BY 1')
        return [row[0] for row in cursor.fetchall()]


def current() -> str:
    return f"{key_ring().current}$"


@pytest.fixture
def kept(clerk: Staff) -> Household:
    permit = {"registration_kind": "residence_permit", "residence_permit_number": "341800201901012222"}
    household = register(clerk, **permit)
    services.add_attachment(household, kind="id_card", upload=picture("胡德旺身份证.jpg"), by=clerk, at=AT)
    with connection.cursor() as cursor:
        # A migration begins with nothing waiting; here the rows were made in the same transaction.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return household


def test_a_permit_number_and_a_file_name_are_stored_sealed(kept: Household) -> None:
    for table, column in TABLES:
        assert stored(table, column)
        assert all(text.startswith(current()) for text in stored(table, column))
    household = Household.objects.get()
    assert str(household.residence_permit_number) == "****2222"
    assert household.residence_permit_number.reveal() == "341800201901012222"
    assert Attachment.objects.get().file_name == "胡德旺身份证.jpg"


def test_plain_values_of_before_are_sealed_and_can_be_opened_again(kept: Household) -> None:
    with connection.schema_editor() as editor:
        sealing.open_again(None, editor)
    assert stored("households_householdhistory", "residence_permit_number") == ["341800201901012222"]
    assert stored("households_attachment", "original_name") == ["胡德旺身份证.jpg"]
    history = len(stored(*TABLES[1]))
    with connection.schema_editor() as editor:
        sealing.seal(None, editor)
    assert len(stored(*TABLES[1])) == history
    assert Household.objects.get().residence_permit_number.reveal() == "341800201901012222"
    assert all(text.startswith(current()) for table, column in TABLES for text in stored(table, column))


def test_history_is_protected_again_afterwards(kept: Household) -> None:
    with connection.schema_editor() as editor:
        sealing.seal(None, editor)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE households_householdhistory SET address = 'x'")
