"""History that proves itself: whatever a superuser does to the record by SQL is found and named."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from foundation import crypto, sealing
from foundation.models import DailyDigest, RowSeal, SealedTable
from foundation.sealed_rows import columns_of
from foundation.sealing import HistoryBusy, seal_day
from foundation.tasks import seal_history
from foundation.verifying import Verification
from households.models import Household, Person
from tests.support.factories import make_household

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
PAST = "（绕过系统改动）"


def day(before: int) -> date:
    return TODAY - timedelta(days=before)


def seal(before: int = 1, *, at: datetime = NOW) -> DailyDigest:
    made = seal_day(day=day(before), at=at)
    assert made is not None
    return made


def found(**asked: Any) -> list[str]:
    """What is wrong with the history itself."""
    lines = [str(finding) for finding in Verification(on=TODAY, **asked).findings()]
    return [line for line in lines if not line.endswith(PAST)]


def past_the_triggers() -> list[str]:
    return [line for line in map(str, Verification(on=TODAY).findings()) if line.endswith(PAST)]


def superuser(sql: str, *values: Any) -> Any:
    """What somebody does who can switch every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, values)
        answer = cursor.fetchone() if cursor.description else None
        cursor.execute("SET LOCAL session_replication_role = origin")
        return answer


@pytest.fixture
def household() -> Household:
    return make_household(phone="13900002207")


@pytest.fixture
def person(household: Household) -> Person:
    return household.members.get().person


def newest_of(table: str) -> int:
    (number,) = superuser(f"SELECT max({'pgh_id' if table.endswith('history') else 'id'}) FROM {table}")
    return int(number)


def copy_of_newest(**changed: str) -> int:
    """Insert a forged copy of the newest row of a person's history."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'households_personhistory'"
        )
        columns = [name for (name,) in cursor.fetchall()]
    values = [changed.get(name, name) for name in columns]
    sql = (
        f"INSERT INTO households_personhistory ({', '.join(columns)}) SELECT {', '.join(values)}"
        " FROM households_personhistory ORDER BY pgh_id DESC LIMIT 1 RETURNING pgh_id"
    )
    return int(superuser(sql)[0])


# --- Rows ------------------------------------------------------------------------------------------------------
def test_what_nobody_touched_is_found_whole(person: Person) -> None:
    seal(2)
    person.name = "胡德望"
    person.save()
    seal(1)
    run = Verification(on=TODAY)
    assert list(run.findings()) == []
    assert (run.days, run.rows) == (2, RowSeal.objects.count())


def test_an_altered_row_is_named(person: Person) -> None:
    seal()
    row = newest_of("households_personhistory")
    superuser("UPDATE households_personhistory SET nation = '回族' WHERE pgh_id = %s", row)
    assert found() == [f"人员变更记录第{row}行（人员第{person.pk}号）：被改动"]


@pytest.mark.parametrize("column", ["pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "id_number"])
def test_who_when_and_what_was_done_are_sealed_as_well(person: Person, column: str) -> None:
    seal()
    row = newest_of("households_personhistory")
    other = {
        "pgh_context": """'{"actor": "1"}'""",
        "pgh_context_id": "gen_random_uuid()",
        "pgh_created_at": "pgh_created_at - interval '1 second'",
        "pgh_label": "'delete'",
        "id_number": "''",
    }[column]
    superuser(f"UPDATE households_personhistory SET {column} = {other} WHERE pgh_id = %s", row)
    assert found() == [f"人员变更记录第{row}行（人员第{person.pk}号）：被改动"]


def test_a_cipher_that_was_tampered_with_is_named(person: Person) -> None:
    seal()
    row = newest_of("households_personhistory")
    superuser("UPDATE households_personhistory SET id_number = '1$' || repeat('A', 60) WHERE pgh_id = %s", row)
    assert found() == [f"人员变更记录第{row}行（人员第{person.pk}号）：被改动（加密内容无法解密）"]


def test_a_missing_row_is_named_also_when_its_seal_went_with_it(household: Household, person: Person) -> None:
    seal()
    row, other = newest_of("households_personhistory"), newest_of("households_householdhistory")
    superuser("DELETE FROM households_personhistory WHERE pgh_id = %s", row)
    superuser("DELETE FROM households_householdhistory WHERE pgh_id = %s", other)
    superuser("DELETE FROM foundation_rowseal WHERE row_id = %s AND day = %s", other, day(1))
    lines = found()
    assert f"人员变更记录第{row}行（人员第{person.pk}号）：缺失" in lines
    assert f"家庭变更记录第{other}行：缺失（封存也被删除）" in lines


def test_a_row_put_between_sealed_ones_is_named_before_and_after_the_next_seal(person: Person) -> None:
    superuser("SELECT nextval(pg_get_serial_sequence('households_personhistory', 'pgh_id'))")
    gap = newest_of("households_personhistory") + 1
    seal(2)
    assert copy_of_newest(pgh_id=str(gap)) == gap
    line = f"人员变更记录第{gap}行（人员第{person.pk}号）：多出（编号在已封存的范围内）"
    assert found() == [line]
    seal(1)
    assert found() == [line]


def test_a_row_that_is_dated_back_is_named_before_and_after_the_next_seal(person: Person) -> None:
    seal(2)
    number = "nextval(pg_get_serial_sequence('households_personhistory', 'pgh_id'))"
    row = copy_of_newest(pgh_id=number, pgh_created_at="now() - interval '4 days'")
    (line,) = found()
    assert line.startswith(f"人员变更记录第{row}行（人员第{person.pk}号）：多出（记录时间早于")
    seal(1)
    assert found() == [line]


def test_a_row_with_a_number_of_its_own_is_named(person: Person) -> None:
    seal()
    row = copy_of_newest(pgh_id="pgh_id + 5000")
    assert found() == [f"人员变更记录第{row}行（人员第{person.pk}号）：多出（编号不是系统给出的）"]


def test_tables_that_are_written_once_are_sealed_as_well(household: Household) -> None:
    household.events.create(kind="moved", on=TODAY, at=NOW, by=household.registered_by, note="迁入")
    seal()
    row = newest_of("households_householdevent")
    superuser("UPDATE households_householdevent SET note = '' WHERE id = %s", row)
    assert found() == [f"家庭事件第{row}行（家庭第{household.pk}号）：被改动"]


def test_a_new_data_key_leaves_every_seal_valid(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    seal()
    ring = crypto.key_ring()
    second = replace(ring, current=2, data_keys=ring.data_keys | {2: bytes(range(16))})
    monkeypatch.setattr(crypto, "key_ring", lambda: second)
    token = crypto.encrypt_text(person.id_number.reveal(), purpose="id_number")
    assert token.startswith("2$")
    row = newest_of("households_personhistory")
    superuser("UPDATE households_personhistory SET id_number = %s WHERE pgh_id = %s", token, row)
    assert found() == []
    wrong = crypto.encrypt_text("11010519491231002X", purpose="id_number")
    superuser("UPDATE households_personhistory SET id_number = %s WHERE pgh_id = %s", wrong, row)
    assert found() == [f"人员变更记录第{row}行（人员第{person.pk}号）：被改动"]


# --- Changes past the triggers ---------------------------------------------------------------------------------
def test_a_row_changed_deleted_or_made_with_the_triggers_off_is_named(household: Household, person: Person) -> None:
    seal()
    member = household.members.get().pk
    assert past_the_triggers() == []
    superuser("UPDATE households_person SET nation = '回族', health = 'weak' WHERE id = %s", person.pk)
    superuser("DELETE FROM households_member WHERE id = %s", member)
    (year,) = superuser("INSERT INTO organizations_calendaryear (year, source) VALUES (2031, '') RETURNING id")
    assert sorted(past_the_triggers()) == sorted(
        [
            f"人员第{person.pk}号：与最后一条变更记录不符：民族、健康状况（绕过系统改动）",
            f"家庭成员第{member}号：不见了，变更记录里没有删除（绕过系统改动）",
            f"工作日历年度第{year}号：没有变更记录（绕过系统改动）",
        ]
    )


def test_a_live_row_under_a_new_data_key_is_as_its_history_left_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal()
    ring = crypto.key_ring()
    second = replace(ring, current=2, data_keys=ring.data_keys | {2: bytes(range(16))})
    monkeypatch.setattr(crypto, "key_ring", lambda: second)
    for number, lines in (
        (person.id_number.reveal(), []),
        ("11010519491231002X", [f"人员第{person.pk}号：与最后一条变更记录不符：身份证号（绕过系统改动）"]),
    ):
        token = crypto.encrypt_text(number, purpose="id_number")
        superuser("UPDATE households_person SET id_number = %s WHERE id = %s", token, person.pk)
        assert past_the_triggers() == lines


# --- Seals and digests -----------------------------------------------------------------------------------------
def test_a_seal_that_was_altered_or_taken_away_is_named(person: Person) -> None:
    seal()
    row = newest_of("households_personhistory")
    name, batch = (
        f"人员变更记录第{row}行（人员第{person.pk}号）",
        RowSeal.objects.get(row_id=row, kind__model="personhistory"),
    )
    superuser("UPDATE foundation_rowseal SET seal = '\\x00' WHERE row_id = %s AND kind_id = %s", row, batch.kind_id)
    lines = found()
    assert lines[0] == f"{name}：被改动"
    assert "人员变更记录：封存被改动" in lines[1]
    superuser("DELETE FROM foundation_rowseal WHERE row_id = %s AND kind_id = %s", row, batch.kind_id)
    assert found()[0] == f"{name}：封存被删除"


def test_a_history_rewritten_with_its_seals_but_without_the_key_is_found(person: Person) -> None:
    """Row, seal and all digests are made to fit: only the signature cannot be."""
    seal()
    forged = "f" * 64
    superuser("UPDATE foundation_dailydigest SET digest = %s", forged)
    lines = found()
    assert any(line.endswith("被改动（与当日各表的封存不符）") for line in lines)
    assert any("签名不符" in line for line in lines)


def test_a_day_taken_out_of_the_middle_breaks_the_chain(household: Household) -> None:
    for before in (3, 2, 1):
        make_household(registered_by=household.registered_by)
        seal(before)
    gone = DailyDigest.objects.get(day=day(2))
    for sql in ("foundation_sealedtable WHERE digest_id", "foundation_dailydigest WHERE id"):
        superuser(f"DELETE FROM {sql} = %s", gone.pk)
    assert any("与上一日的摘要接不上" in line for line in found())


def test_days_cut_off_at_the_end_are_found_by_a_digest_kept_outside(person: Person) -> None:
    seal(2)
    kept = seal(1).digest
    assert found(expect=kept) == []
    gone = DailyDigest.objects.get(digest=kept)
    superuser("DELETE FROM foundation_rowseal WHERE day = %s", gone.day)
    superuser("DELETE FROM foundation_sealedtable WHERE digest_id = %s", gone.pk)
    superuser("DELETE FROM foundation_dailydigest WHERE id = %s", gone.pk)
    assert found() == []
    assert found(expect=kept) == [f"摘要 {kept}：已不在每日摘要里（当日摘要被改动，或者从那一日起的摘要被删除）"]


def test_seals_that_stopped_are_a_finding(person: Person) -> None:
    assert found() == ["每日摘要：安装以后没有（封存任务停了，或者摘要被删除）"]
    seal(5)
    assert [line for line in found() if "以后没有" in line] != []


def test_a_column_that_a_later_release_adds_is_no_part_of_older_seals(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before_the_release:
        before_the_release.setattr(
            sealing, "columns_of", lambda model: [name for name in columns_of(model) if name != "nation"]
        )
        seal(2)
    superuser("UPDATE households_personhistory SET nation = '回族'")
    assert found() == []


def test_a_column_that_is_gone_is_said_and_not_passed_over(person: Person) -> None:
    seal()
    batch = SealedTable.objects.get(kind__model="personhistory")
    superuser("UPDATE foundation_sealedtable SET columns = array_append(columns, 'gone') WHERE id = %s", batch.pk)
    assert any("人员变更记录：无法逐行核对，封存时的列现已没有：gone" in line for line in found())


# --- Sealing ---------------------------------------------------------------------------------------------------
def test_a_day_is_sealed_once_and_missed_days_are_caught_up_with(person: Person) -> None:
    first = seal(5)
    assert seal_day(day=day(5), at=NOW) is None
    assert seal_day(day=day(6), at=NOW) is None
    make_household(registered_by=person.memberships.get().household.registered_by)
    last = seal(1)
    assert (last.previous, last.rows) == (first.digest, RowSeal.objects.filter(day=day(1)).count())
    assert last.rows >= 3
    assert found() == []


def test_the_task_seals_yesterday_and_does_nothing_more_that_day(person: Person) -> None:
    digest = seal_history()
    assert DailyDigest.objects.get().digest == digest
    assert DailyDigest.objects.get().day == day(1)
    assert seal_history() == ""


def test_a_day_waits_for_whoever_has_drawn_a_number_and_not_committed(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_PATIENCE_SECONDS", 0)
    writer = connection.copy()
    with writer.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE households_personhistory IN ROW EXCLUSIVE MODE")
        with pytest.raises(HistoryBusy):
            seal()
        cursor.execute("ROLLBACK")
    writer.close()
    assert seal().rows > 0


def test_some_days_are_verified_alone(person: Person) -> None:
    old = newest_of("households_personhistory")
    seal(3)
    make_household(registered_by=person.memberships.get().household.registered_by)
    new = newest_of("households_personhistory")
    seal(2)
    superuser("UPDATE households_personhistory SET nation = '回族' WHERE pgh_id IN (%s, %s)", old, new)
    assert [f"第{old}行" in line for line in found(last=day(3))] == [True]
    assert [f"第{new}行" in line for line in found(first=day(2))] == [True]
    run = Verification(on=TODAY, first=day(2), last=day(2))
    list(run.findings())
    assert (run.days, run.rows) == (1, RowSeal.objects.filter(day=day(2)).count())


# --- The command -----------------------------------------------------------------------------------------------
def test_the_command_says_what_it_looked_at_and_fails_where_it_finds_something(person: Person) -> None:
    out = StringIO()
    call_command("seal_history", stdout=out)
    kept = DailyDigest.objects.get()
    call_command("verify_history", "--expect", f"{kept.digest[:32]} {kept.digest[32:]}".upper(), stdout=out)
    assert f"核对了1天的封存、{kept.rows}行，没有发现不符。" in out.getvalue()
    row = newest_of("households_personhistory")
    superuser("UPDATE households_personhistory SET nation = '回族' WHERE pgh_id = %s", row)
    with pytest.raises(CommandError, match="发现2处不符"):
        call_command("verify_history", stdout=out)
    assert f"人员变更记录第{row}行（人员第{person.pk}号）：被改动\n" in out.getvalue()
