"""渐退通知书 where the sum falls month by month (逐月递减): what it says is what is paid."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from applications.papers.reviews import effect_in_words, phaseout_notice
from benefits.queries import owed_of
from tests.benefits.builders import set_parameter
from tests.support.crews import county_data
from tests.support.reviews import decided, reviewed

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.mark.parametrize("mode", ["taper", "keep"])
def test_the_notice_promises_by_month_what_is_paid(county: None, mode: str) -> None:
    county_data()
    story = reviewed("27180.00")
    set_parameter("phase_out_pay_mode", mode)
    award = decided(story)
    decision = story.refresh().decision
    notice, said = phaseout_notice(story.case, decision=decision), effect_in_words(story.case, decision)
    months = [date(2026, 12, 1), *(date(2027, month, 1) for month in range(1, 6))]
    paid = {month: owed.amount for month, owed in owed_of(award, months).items()}
    if mode == "keep":
        assert (notice.steps, set(paid.values())) == ((), {notice.monthly_amount})
        assert "期内每月2,143.00元" in said
    else:
        assert {step.month: step.monthly_amount for step in notice.steps} == paid
        assert "期内逐月递减，2026年12月2,143.00元" in said
