"""24小时: clock hours, nights included; the due instant itself is in time. And plans as an aid keeps them."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from temporary_aid.rules.clock import Clock, help_due, hours_between, is_late
from temporary_aid.rules.plans import PlannedItem, PlannedStage, has_money, read_plan, total
from tests.support.aid import NIGHT, SHANGHAI


def test_help_is_due_a_day_of_the_clock_after_the_report_also_over_a_weekend() -> None:
    assert help_due(NIGHT, hours=24) == datetime(2026, 9, 13, 23, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
def test_the_due_instant_is_the_last_in_time(seconds: int, late: bool) -> None:
    due = help_due(NIGHT, hours=24)
    assert is_late(due + timedelta(seconds=seconds), due=due) is late


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(-24 * 60, "还剩24小时0分"), (-59, "还剩59分钟"), (0, "还剩0分钟"), (1, "已超1分钟"), (125, "已超2小时5分")],
)
def test_the_clock_says_what_is_left_and_by_how_much_it_was_passed(minutes: int, words: str) -> None:
    due = help_due(NIGHT, hours=24)
    assert Clock(due, due + timedelta(minutes=minutes)).in_words == words


@pytest.mark.parametrize(("minutes", "hours"), [(0, "0.0"), (3, "0.1"), (2, "0.0"), (90, "1.5"), (1443, "24.1")])
def test_hours_are_told_to_one_place_half_up(minutes: int, hours: str) -> None:
    # 3 minutes = 0.05 hours, rounded up; 1443 minutes = 24.05 hours.
    assert hours_between(NIGHT, NIGHT + timedelta(minutes=minutes)) == Decimal(hours)


def test_a_plan_is_read_as_it_was_kept_and_goods_count_by_their_value() -> None:
    quilts = PlannedItem(3, "棉被", "床", 2, Decimal("120.00"))
    stages = [
        PlannedStage("money", Decimal("1000.00")),
        PlannedStage("in_kind", quilts.value, items=(quilts,)),
        PlannedStage("service", Decimal("0.00"), date(2026, 10, 8), "出院以后", "escort", "县救助站"),
    ]
    assert read_plan([stage.as_dict() for stage in stages]) == stages
    assert total(stages) == Decimal("1240.00")
    assert has_money(stages)
    assert not has_money(stages[1:])
