"""A month's rolls made in the background, township after township."""

from datetime import date
from typing import Any

import pytest

from benefits.models import MonthlyRoll
from benefits.rules.months import months_after
from benefits.services import rolls
from foundation.errors import NotPermitted
from organizations.models import Area, Job, JobState
from organizations.queries.jobs import faults_of
from organizations.services import carry_out
from tests.benefits.builders import grant
from tests.benefits.paying import HUAYANG, LINXI, Desk, desk, instant
from tests.households.builders import register
from tests.support.factories import area

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
DAY = date(2026, 11, 26)


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def neighbours(money: Desk) -> Desk:
    there = desk(HUAYANG, officer=money.officer, approver=money.approver, finance=money.finance)
    grant(register(there.clerk, code="341824100001"), money.approver, decided_on=date(2026, 11, 2))
    grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    return there


def made(month: date, by: Any, *, on: date, townships: list[Area] | None = None, token: str = "") -> Job:
    towns = townships or list(Area.objects.filter(level="township"))
    job = rolls.prepare_rolls_of_month(month, "dibao", towns, by=by, at=instant(on), token=token)
    carry_out(job.pk, clock=lambda: instant(on))
    job.refresh_from_db()
    return job


def test_every_township_with_somebody_to_pay_has_its_roll(money: Desk, neighbours: Desk) -> None:
    job = made(DECEMBER, money.officer, on=DAY)
    assert (job.state, job.total, job.done, job.failed) == (JobState.DONE, 11, 11, 0)
    assert (job.title, job.message) == ("生成2026年12月低保发放册（11个乡镇）", "生成2本发放册，共2户")
    assert set(MonthlyRoll.objects.values_list("area__code", "line_count")) == {(LINXI, 1), (HUAYANG, 1)}


def test_begun_anew_it_leaves_what_is_made_as_it_is(money: Desk, neighbours: Desk) -> None:
    made(DECEMBER, money.officer, on=DAY, townships=[area(LINXI)])
    first = MonthlyRoll.objects.get()
    rolls.check_roll_township(first, opinion="无误", by=money.lead, on=DAY)
    job = made(DECEMBER, money.officer, on=DAY)
    assert job.message == "生成2本发放册，共2户"
    first.refresh_from_db()
    assert (first.state, first.events.count()) == ("township_checked", 2)


def test_the_same_wish_is_one_job(money: Desk, neighbours: Desk) -> None:
    one = made(DECEMBER, money.officer, on=DAY, token="2026-12-dibao")
    assert made(DECEMBER, money.officer, on=DAY, token="2026-12-dibao").pk == one.pk


def test_a_township_that_cannot_be_made_is_named_and_the_others_go_on(money: Desk, neighbours: Desk) -> None:
    made(DECEMBER, money.officer, on=DAY)
    money.freeze(MonthlyRoll.objects.get(area__code=LINXI))
    job = made(JANUARY, money.officer, on=months_after(DAY, 1))
    assert (job.state, job.failed) == (JobState.DONE, 1)
    (fault,) = faults_of(job)
    assert (fault.row, "2026年12月的发放册" in fault.message) == ("华阳镇", True)
    assert MonthlyRoll.objects.filter(month=JANUARY).get().area == area(LINXI)


def test_only_who_makes_rolls_starts_it(money: Desk) -> None:
    with pytest.raises(NotPermitted):
        made(DECEMBER, money.lead, on=DAY)
