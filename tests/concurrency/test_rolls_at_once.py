"""Two desks at one roll, and a worker that is lost in the middle of one: a month is paid once, and none is left out."""

import os
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from benefits.models import Award, MonthlyRoll, RollEvent, RollLine
from benefits.services import rolls
from organizations.models import Job, JobState
from organizations.permissions import Role
from organizations.services import carry_out
from tests.benefits.builders import grant
from tests.benefits.paying import HUAYANG, LINXI, SINCE, Desk, desk, instant
from tests.concurrency.together import refusals, sentence, together
from tests.households.builders import register
from tests.support.factories import area, make_staff
from tests.support.jobs import make_job
from tests.support.workers import address

pytestmark = pytest.mark.django_db(transaction=True)
DECEMBER, DAY = date(2026, 12, 1), date(2026, 11, 26)


@pytest.fixture
def money() -> Desk:
    return desk()


@pytest.fixture
def award(money: Desk) -> Award:
    return grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))


def test_two_desks_make_the_same_roll(money: Desk, award: Award) -> None:
    second = make_staff(Role.COUNTY_OFFICER, "341824", name="舒畅", on=SINCE)
    outcomes = together(
        *(
            lambda by=by: rolls.prepare_roll(DECEMBER, "dibao", area(LINXI), by=by, on=DAY)
            for by in (money.officer, second)
        )
    )
    assert {row.message for row in refusals(outcomes)} <= {"这本发放册刚刚由别人生成，请刷新页面。"}
    assert RollLine.objects.get().award == award
    assert MonthlyRoll.objects.get().total_amount == Decimal("515.00")


def test_two_connections_write_a_line_of_the_same_award_and_month(money: Desk, award: Award) -> None:
    made = money.prepare(DECEMBER, on=DAY)
    row = RollLine.objects.get()
    rolls.void_roll(made, reason="重做", by=money.officer, on=DAY)
    others = [
        MonthlyRoll.objects.create(
            number=f"X{place}",
            month=DECEMBER,
            scheme="dibao",
            area=area(code),
            cut_off_on=DAY,
            prepared_by=money.officer,
            prepared_on=DAY,
        )
        for place, code in enumerate((LINXI, HUAYANG))
    ]

    def write(roll: MonthlyRoll) -> bool:
        line = RollLine(**{field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
        line.pk, line.roll = None, roll
        try:
            with transaction.atomic():
                line.save(force_insert=True)
                time.sleep(0.1)
        except IntegrityError as error:
            assert "award_paid_once_a_month" in str(error)
            return False
        return True

    assert sorted(together(*(lambda roll=roll: write(roll) for roll in others))) == [False, True]
    assert RollLine.objects.count() == 1


def test_two_finance_officers_freeze_the_same_roll(money: Desk, award: Award) -> None:
    roll = money.prepare(DECEMBER, on=DAY)
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)
    rolls.check_roll_county(roll, opinion="同意", by=money.approver, on=DAY)
    second = make_staff(Role.FINANCE_OFFICER, "341824", name="舒畅", on=SINCE)
    outcomes = together(
        *(
            lambda by=by: rolls.freeze_roll(roll, opinion="同意", by=by, at=instant(DAY))
            for by in (money.finance, second)
        )
    )
    assert "现在是“已定册”" in sentence(outcomes)
    assert RollEvent.objects.filter(kind="frozen").count() == 1


def test_one_freezes_while_another_voids(money: Desk, award: Award) -> None:
    roll = money.prepare(DECEMBER, on=DAY)
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)
    rolls.check_roll_county(roll, opinion="同意", by=money.approver, on=DAY)
    outcomes = together(
        lambda: rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY)),
        lambda: rolls.void_roll(roll, reason="重做", by=money.officer, on=DAY),
    )
    assert len(refusals(outcomes)) == 1
    roll.refresh_from_db()
    assert RollLine.objects.filter(roll=roll).count() == (1 if roll.state == "frozen" else 0)


# --- 中断 ---------------------------------------------------------------------------------------------------------

_WORK = """
import django
django.setup()
from django.utils import timezone
from organizations.services import carry_out
carry_out({job}, clock=timezone.now)
"""
_ACTOR = """
SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),
       set_config('pghistory.context_metadata', '{"actor": "system:test"}', true)
"""
"""A connection of one's own carries no actor of Django's."""


def worker(job: Job) -> "subprocess.Popen[bytes]":
    own = {
        "DATABASE_URL": address(),
        "DJANGO_SETTINGS_MODULE": "jixi_assist.settings",
        "JIXI_KEY_FILE": str(settings.KEY_FILE),
        "JIXI_SECRET_KEY_FILE": str(settings.SECRET_KEY_FILE),
    }
    command = [sys.executable, "-c", _WORK.format(job=job.pk)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | own)


def wait_for(holds: Any, what: str) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND wait_event_type = 'Lock' AND query LIKE '%%INSERT INTO benefits_rollline%%'"
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_killed_in_mid_roll_loses_that_township_only_and_the_next_makes_it(money: Desk, award: Award) -> None:
    neighbours = desk(HUAYANG, officer=money.officer, approver=money.approver, finance=money.finance)
    other = grant(register(neighbours.clerk, code="341824100001"), money.approver, decided_on=date(2026, 11, 2))
    at = instant(DAY)
    parameters = {"month": DECEMBER.isoformat(), "scheme": "dibao", "townships": [LINXI, HUAYANG]}
    job = make_job(money.officer, at=at, kind=rolls.PREPARE_ROLLS, parameters=parameters)
    spare = MonthlyRoll.objects.create(
        number="X",
        month=DECEMBER,
        scheme="tekun",
        area=area(HUAYANG),
        cut_off_on=DAY,
        prepared_by=money.officer,
        prepared_on=DAY,
    )
    # Somebody else writes the same line and does not commit: the worker stops in the middle of the second township.
    blocker = connection.copy()
    try:
        with blocker.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(_ACTOR)
            cursor.execute(
                "INSERT INTO benefits_rollline (roll_id, month, award_id, household_id, area_id, head_name, payee_name,"
                " person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount, amount, state,"
                " failure) VALUES (%s, %s, %s, %s, %s, '', '', 1, 1, 0, 0, 0, 1, 'waiting', '')",
                [spare.pk, DECEMBER, other.pk, other.household_id, other.area_id],
            )
        process = worker(job)
        try:
            wait_for(somebody_waits, "the worker never came to the second township")
        finally:
            process.kill()
            process.wait()
    finally:
        blocker.close()
    wait_for(lambda: not somebody_waits(), "the lost worker's statement goes on")
    assert list(MonthlyRoll.objects.filter(scheme="dibao").values_list("area__code", "line_count")) == [(LINXI, 1)]
    assert RollLine.objects.get().award == award

    wait_for(lambda: carry_out(job.pk, clock=timezone.now), "the lost worker keeps the job")
    job.refresh_from_db()
    assert (job.state, job.done, job.failed, job.message) == (JobState.DONE, 2, 0, "生成2本发放册，共2户")
    assert set(RollLine.objects.values_list("award", "roll__area__code")) == {(award.pk, LINXI), (other.pk, HUAYANG)}
    assert RollEvent.objects.filter(kind="prepared_again").count() == 0
