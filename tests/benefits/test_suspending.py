"""暂缓发放 that is still to come: the award runs on until then, and what was decided may be taken back."""

from datetime import date

import pytest

from benefits.models import Award
from benefits.queries import owed
from benefits.services import (
    NotChangeable,
    begin_suspensions,
    decide_resumption,
    decide_suspension,
    start_phase_out,
)
from households import services as households
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.paying import instant
from tests.households.builders import head, register
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
DECIDED, DECEMBER, JANUARY, JUNE = date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 6, 1)
LATER = date(2026, 12, 2)


@pytest.fixture
def approver(parameters: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=date(2026, 1, 1))


@pytest.fixture
def clerk(parameters: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", name="程晓燕", on=date(2026, 1, 1))


@pytest.fixture
def award(approver: Staff, clerk: Staff) -> Award:
    """Decided on the first of December to be suspended from June on."""
    award = grant(register(clerk), approver, decided_on=date(2026, 11, 2))
    decide_suspension(award, from_month=JUNE, reason="将入学住校", source="2026-12", by=approver, on=DECIDED)
    award.refresh_from_db()
    return award


def family_of(award: Award) -> Household:
    return Household.objects.get(pk=award.household_id)


def test_it_runs_on_until_the_month_before(award: Award) -> None:
    assert award.state == "active"
    assert begin_suspensions(on=date(2027, 4, 30)) == 0
    assert [begin_suspensions(on=date(2027, 5, 1)) for _ in range(2)] == [1, 0]
    award.refresh_from_db()
    assert (award.state, owed(award, date(2027, 5, 1)).amount, owed(award, JUNE).amount) == ("suspended", 515, 0)


def test_it_is_taken_back_before_it_begins(award: Award, approver: Staff) -> None:
    terms = {"pays_withheld": False, "reason": "录入有误", "by": approver, "on": LATER}
    for month in (JANUARY, date(2027, 7, 1)):
        with pytest.raises(NotChangeable):
            decide_resumption(award, from_month=month, **terms)
    decide_resumption(award, from_month=JUNE, **terms)
    assert owed(award, JUNE).amount == 515
    assert begin_suspensions(on=date(2027, 5, 1)) == 0
    decide_suspension(award, from_month=JANUARY, reason="失联", source="2026-13", by=approver, on=LATER)
    award.refresh_from_db()
    assert award.state == "suspended"


def test_a_second_one_waits_until_the_first_is_taken_back(award: Award, approver: Staff) -> None:
    with pytest.raises(NotChangeable, match="从2027年6月起暂缓"):
        decide_suspension(award, from_month=JANUARY, reason="失联", source="2026-13", by=approver, on=LATER)


def test_it_does_not_bar_a_phase_out(award: Award, approver: Staff) -> None:
    start_phase_out(award, months=6, suggested_months=6, suggestion="", reason="就业", by=approver, on=LATER)
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("phase_out", JUNE)


def test_the_death_of_the_last_person_suspends_before_it(award: Award, clerk: Staff) -> None:
    told = date(2026, 12, 10)
    households.record_death(head(family_of(award)), died_on=told, by=clerk, at=instant(told))
    award.refresh_from_db()
    assert award.state == "suspended"
    assert award.suspensions.get(ended_on=None).from_month == JANUARY
