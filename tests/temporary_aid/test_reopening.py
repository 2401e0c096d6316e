"""The clock runs from the first report although an aid was withdrawn and registered anew."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from temporary_aid.models import TemporaryAid
from temporary_aid.services import withdraw_aid
from tests.support.aid import HUAYANG, NIGHT, SHANGHAI, open_urgent
from tests.support.crews import Crew, crew
from tests.support.factories import make_id_number

pytestmark = pytest.mark.django_db
NUMBER = make_id_number(birth_date=date(1971, 2, 3))
NO_PAPERS = {"id_number": "", "missing_id_reason": "unidentified"}
SUNDAY = datetime(2026, 9, 13, 20, 0, tzinfo=SHANGHAI)


def given_up(people: Crew, **more: Any) -> TemporaryAid:
    """Reported on Saturday at 23:30 and withdrawn on Sunday at 20:00."""
    aid = open_urgent(people.officer, **{"id_number": NUMBER} | more)
    return withdraw_aid(aid, reason="登记错了", by=people.officer, at=SUNDAY)


def anew(people: Crew, at: datetime = SUNDAY, **more: Any) -> TemporaryAid:
    return open_urgent(people.officer, at=at, **{"id_number": NUMBER, "first_reported_at": at} | more)


def test_registered_anew_the_clock_runs_on_and_the_event_says_so(people: Crew) -> None:
    before = given_up(people)
    aid = anew(people)
    assert (aid.first_reported_at, aid.help_due_at) == (NIGHT, datetime(2026, 9, 13, 23, 30, tzinfo=SHANGHAI))
    assert aid.events.get(kind="opened").note.endswith(f"首次报告时间承接{before.number}：2026年9月12日23:30")


def test_without_papers_name_and_village_tell(people: Crew) -> None:
    given_up(people, **NO_PAPERS)
    assert anew(people, **NO_PAPERS).first_reported_at == NIGHT
    withdraw_aid(TemporaryAid.objects.latest("pk"), reason="又错了", by=people.officer, at=SUNDAY)
    assert anew(people).first_reported_at == NIGHT, "the papers were found meanwhile"
    assert anew(people, **NO_PAPERS | {"name": "许大山"}).first_reported_at == SUNDAY


def test_where_another_township_gave_up_its_number_is_not_told(people: Crew) -> None:
    before = given_up(people)
    aid = anew(crew(HUAYANG), township=HUAYANG)
    assert aid.first_reported_at == NIGHT
    note = aid.events.get(kind="opened").note
    assert "另一乡镇登记的一件" in note
    assert before.number not in note


@pytest.mark.parametrize(("days", "runs_on"), [(7, True), (8, False)])
def test_it_runs_on_for_seven_days_after_the_withdrawal(people: Crew, days: int, runs_on: bool) -> None:
    given_up(people)
    at = SUNDAY + timedelta(days=days)
    assert anew(people, at=at).first_reported_at == (NIGHT if runs_on else at)


def test_another_cause_or_another_day_does_not_start_the_clock_again(people: Crew) -> None:
    given_up(people)
    assert anew(people, cause="traffic").first_reported_at == NIGHT
    assert anew(people, occurred_on=date(2026, 9, 13)).first_reported_at == NIGHT


def test_beside_one_that_waits_another_cause_has_its_own_time(people: Crew) -> None:
    open_urgent(people.officer, id_number=NUMBER)
    assert anew(people, cause="traffic").first_reported_at == SUNDAY


def test_spending_that_was_given_up_starts_no_clock(people: Crew) -> None:
    more = {"kind": "expenditure", "cause": "medical", "self_paid_amount": Decimal("9000.00")}
    given_up(people, **more)
    assert anew(people).first_reported_at == SUNDAY
