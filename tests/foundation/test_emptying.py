"""What is on record cannot be emptied, whoever connects; the application's own role cannot even try."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.utils import timezone

from foundation.checks import check_database_role, check_tables_cannot_be_emptied
from foundation.emptying import tables_on_record, tables_written_once, unguarded_tables
from foundation.sealing import seal_day
from foundation.verifying import Verification
from tests.support.factories import make_household

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
ROLE = "jixi_app_of_tests"


def run(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def refused(sql: str) -> str:
    with pytest.raises(Error) as caught, transaction.atomic():
        run(sql)
    return str(caught.value)


def test_every_table_on_record_refuses_to_be_emptied() -> None:
    run("SET LOCAL jixi.may_empty = 'no'")
    tables = sorted(tables_on_record())
    assert {"applications_case", "applications_casehistory", "applications_caseevent"} <= set(tables)
    for table in tables:
        assert "is on record and cannot be emptied" in refused(f"TRUNCATE {table} CASCADE"), table
    assert unguarded_tables(using="default") == []


def test_the_setting_of_the_tests_is_worth_nothing_outside_a_test_database() -> None:
    (source,) = run("SELECT prosrc FROM pg_proc WHERE proname = 'jixi_refuse_truncate'")[0]
    assert r"current_database() LIKE 'test\_%' AND current_setting('jixi.may_empty', true) = 'yes'" in source


def test_a_table_that_lost_its_trigger_is_an_error_until_the_next_migration() -> None:
    run("DROP TRIGGER refuse_truncate ON applications_case")
    (message,) = check_tables_cannot_be_emptied(None, databases=["default"])
    assert (message.id, "applications_case" in message.msg) == ("foundation.E012", True)
    call_command("migrate", verbosity=0)
    assert check_tables_cannot_be_emptied(None, databases=["default"]) == []


def test_it_asks_no_database_unless_told_to() -> None:
    assert check_tables_cannot_be_emptied(None) == check_database_role(None) == []


# --- The application's own role ---------------------------------------------------------------------------------
@pytest.fixture
def as_application(settings: Any) -> Iterator[None]:
    """The connection acts as the role that ``grant_app_role`` makes ready."""
    settings.APP_ROLE = ROLE
    run(f"CREATE ROLE {ROLE}")
    call_command("grant_app_role", verbosity=0)
    run(f"SET LOCAL ROLE {ROLE}")
    yield
    run("RESET ROLE")


def test_the_applications_role_does_the_work_and_history_follows(as_application: None) -> None:
    household = make_household()
    history = apps.get_model("households", "HouseholdHistory")
    assert history.objects.filter(pgh_obj_id=household.pk).count() == 1
    household.address = "二组3号"
    household.save()
    assert history.objects.filter(pgh_obj_id=household.pk).count() == 2


@pytest.mark.parametrize(
    "sql",
    [
        "TRUNCATE households_household CASCADE",
        "DELETE FROM households_household",
        "UPDATE households_householdhistory SET address = ''",
        "DELETE FROM households_householdhistory",
        "UPDATE organizations_accessrecord SET reason = ''",
        "DELETE FROM organizations_accessrecord",
        "ALTER TABLE households_household DISABLE TRIGGER ALL",
        "DROP TABLE households_householdhistory",
        "CREATE TABLE elsewhere (id int)",
        "DELETE FROM django_migrations",
    ],
)
def test_the_applications_role_can_neither_empty_nor_alter_nor_rewrite(as_application: None, sql: str) -> None:
    answer = refused(sql)
    assert "permission denied" in answer or "must be owner" in answer


def test_no_history_and_nothing_written_once_is_altered_deleted_or_emptied(as_application: None) -> None:
    tables = sorted(tables_written_once())
    assert {"households_personhistory", "applications_caseevent", "foundation_rowseal"} <= set(tables)
    for table in tables:
        key = "row_id" if table == "foundation_rowseal" else "pgh_id" if table.endswith("history") else "id"
        for sql in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            assert "permission denied" in refused(sql), sql


def test_a_trigger_refuses_it_to_the_tables_owner_as_well() -> None:
    """BEFORE (2) each ROW (1), on INSERT (4), DELETE (8) and UPDATE (16) or the last two, and not switched off."""
    guarded = run(
        "SELECT tgrelid::regclass::text FROM pg_trigger"
        " WHERE tgname LIKE 'pgtrigger\\_append\\_only\\_%' AND tgtype IN (31, 27) AND tgenabled = 'O'"
    )
    assert {name for (name,) in guarded} == set(tables_written_once())


def test_the_applications_role_seals_and_verifies_the_history(as_application: None) -> None:
    make_household()
    now = timezone.now()
    made = seal_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
    assert made is not None
    assert made.rows > 0
    assert list(Verification(on=timezone.localdate(now)).findings()) == []


def test_links_and_grants_are_still_taken_away(as_application: None) -> None:
    run("DELETE FROM organizations_areagrant")


def test_a_role_that_is_not_there_is_named(settings: Any) -> None:
    settings.APP_ROLE = "nobody_made_this"
    with pytest.raises(CommandError, match="没有角色 nobody_made_this"):
        call_command("grant_app_role")


# --- Who connects -----------------------------------------------------------------------------------------------
def found() -> list[str | None]:
    return [message.id for message in check_database_role(None, databases=["default"])]


def test_a_superuser_and_an_owner_are_warned_of_and_the_applications_role_is_not(settings: Any) -> None:
    assert found() == ["foundation.W002"]
    settings.APP_ROLE = ROLE
    run(f"CREATE ROLE {ROLE}")
    call_command("grant_app_role", verbosity=0)
    run(f"SET LOCAL ROLE {ROLE}")
    assert found() == []
    run("RESET ROLE")
    run("CREATE ROLE jixi_owner_of_tests")
    run("GRANT ALL ON ALL TABLES IN SCHEMA public TO jixi_owner_of_tests")
    run("SET LOCAL ROLE jixi_owner_of_tests")
    assert found() == []
    settings.APP_ROLE = ""
    assert found() == ["foundation.W003"]
