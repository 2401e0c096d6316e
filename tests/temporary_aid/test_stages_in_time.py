"""Stages of an aid come one after another: on their day, on their condition, each after the one before was paid."""

from datetime import date, timedelta

import pytest

from temporary_aid.models import AidEvent
from temporary_aid.services import NotAllowed
from tests.support.crews import county_data
from tests.temporary_aid.granted import PAID, Helped, helped, in_stages, money

pytestmark = pytest.mark.django_db
DUE = PAID + timedelta(days=30)
"""13 October 2026, the planned day of the second stage."""
DAY_BEFORE = DUE - timedelta(days=1)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


@pytest.fixture
def story() -> Helped:
    """Two stages, the first paid; the second on 13 October where 修房仍有缺口."""
    made = helped(*in_stages("1000.00", "560.00"))
    made.pay()
    assert made.stage(2).planned_on == date(2026, 10, 13)
    return made


def note(story: Helped, kind: str) -> str:
    """What the last event of a kind says."""
    return AidEvent.objects.filter(aid=story.aid, kind=kind).order_by("-pk")[0].note


def test_a_stage_is_confirmed_before_its_day_only_with_a_reason_which_is_kept(story: Helped) -> None:
    story.visit(2, at=DAY_BEFORE)
    for reason in ("", "  "):
        with pytest.raises(NotAllowed, match="计划2026年10月13日发放，提前确认须写明原因") as refused:
            story.confirm(2, at=DAY_BEFORE, early_reason=reason)
        assert refused.value.field == "early_reason"
    assert story.confirm(2, at=DAY_BEFORE, early_reason="明天大雪封路").state == "ready"
    assert note(story, "stage_confirmed") == "第2期，560.00元，提前确认（计划2026年10月13日）：明天大雪封路"


def test_a_visit_that_confirms_early_asks_the_same(story: Helped) -> None:
    with pytest.raises(NotAllowed) as refused:
        story.visit(2, at=DAY_BEFORE, by=story.people.officer, confirms=True)
    assert refused.value.field == "early_reason"
    story.visit(2, at=DAY_BEFORE, by=story.people.officer, confirms=True, early_reason="明天大雪封路")
    assert story.stage(2).state == "ready"


def test_a_stage_is_paid_before_its_day_only_with_a_reason_which_is_kept(story: Helped) -> None:
    story.visit(2, at=DAY_BEFORE)
    story.confirm(2, at=DAY_BEFORE, early_reason="明天大雪封路")
    with pytest.raises(NotAllowed, match="提前发放须写明原因") as refused:
        story.pay(2, at=DAY_BEFORE)
    assert refused.value.field == "early_reason"
    story.pay(2, at=DAY_BEFORE, early_reason="明天大雪封路")
    assert note(story, "paid").endswith("第二经办人章建国，提前发放（计划2026年10月13日）：明天大雪封路")


def test_on_its_day_nothing_is_asked(story: Helped) -> None:
    story.visit(2, at=DUE)
    story.confirm(2, at=DUE)
    story.pay(2, at=DUE)
    assert "提前" not in note(story, "stage_confirmed") + note(story, "paid")


def test_a_first_stage_with_a_day_to_come_is_not_paid_at_once_without_a_reason() -> None:
    story = helped(money("1560.00", planned_on=PAID.date() + timedelta(days=1)))
    with pytest.raises(NotAllowed, match="第1期计划2026年9月14日发放，提前发放须写明原因"):
        story.pay()
    assert story.pay(early_reason="已出院").state == "paid"


def test_a_stage_on_a_condition_is_confirmed_once_a_visit_says_that_it_is_met(story: Helped) -> None:
    story.visit(2, at=DUE, condition_met=False)
    with pytest.raises(NotAllowed, match="发放条件是“修房仍有缺口”，最近一次走访没有写明条件已满足") as refused:
        story.confirm(2, at=DUE)
    assert refused.value.field == "condition_met"
    assert note(story, "visited").startswith("第2期，仍然困难：")
    story.visit(2, at=DUE)
    assert note(story, "visited").startswith("第2期，仍然困难，条件已满足：")
    assert story.confirm(2, at=DUE).state == "ready"


def test_a_stage_without_a_condition_needs_no_such_word() -> None:
    story = helped(money("1000.00"), money("560.00"))
    story.pay()
    assert story.visit(2, at=DUE).condition_met is False
    assert story.confirm(2, at=DUE).state == "ready"


def test_no_stage_is_confirmed_before_the_one_before_was_paid() -> None:
    story = helped(*in_stages("800.00", "400.00", "360.00"))
    story.visit(2, at=DUE)
    with pytest.raises(NotAllowed, match="第1期还没有发放，第2期不能确认"):
        story.confirm(2, at=DUE)
    story.pay(at=DUE + timedelta(days=1), late_reason="路断")
    # The visit of 13 October knows nothing of what was paid on the 14th.
    with pytest.raises(NotAllowed, match="走访在第1期发放（10月14日）以前") as refused:
        story.confirm(2, at=DUE + timedelta(days=1))
    assert refused.value.field == "visited_on"
    story.visit(2, at=DUE + timedelta(days=1))
    assert story.confirm(2, at=DUE + timedelta(days=1)).state == "ready"
