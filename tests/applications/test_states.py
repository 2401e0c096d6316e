"""Every state is reached by the people whose acts lead there."""

from decimal import Decimal

import pytest

from applications.rules.process import CaseState
from benefits.models import Award
from tests.support.stories import case_in

pytestmark = pytest.mark.usefixtures("county")


@pytest.mark.parametrize("state", list(CaseState))
def test_every_state_is_reached_by_the_services(state):
    assert case_in(state).case.state == state


def test_an_approval_creates_the_award_from_the_month_after_the_decision():
    story = case_in(CaseState.APPROVED)
    award = Award.objects.get(household=story.household)
    assert award.starts_month == story.case.decided_on.replace(day=1, month=story.case.decided_on.month + 1)
    # 755 × 3 − 6000 ÷ 12 = 1765; 增发 755 × 30% = 226.50 → 227 and 755 × 20% = 151
    assert award.versions.get().monthly_amount == Decimal("2143.00")
    assert award.persons.count() == 3
