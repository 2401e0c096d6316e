"""Money with goods, or several kinds of goods, given at once (同时发放): one wait, one visit, one sum."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, InternalError

from temporary_aid.models import AidEvent, AidStage
from temporary_aid.papers import temp_aid_form, temp_aid_notice
from temporary_aid.queries.ends import why_not_ended
from temporary_aid.queries.stages import StageFilter, list_stages, stages_to_visit
from temporary_aid.rules.plans import PlannedItem, PlannedStage, fault_of, leaders, read_plan
from temporary_aid.services import NotAllowed
from tests.support.crews import county_data, crew
from tests.temporary_aid.builders import proposed
from tests.temporary_aid.granted import PAID, Helped, helped, money
from tests.temporary_aid.reserves import Purse, quilt

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=30)
DAY = date(2026, 10, 13)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def together(amount: str, **more: Any) -> PlannedStage:
    return money(amount, together=True, **more)


def goods(item: int | None, count: int = 2, **more: Any) -> PlannedStage:
    found = PlannedItem(item, "棉被", "床", count, Decimal("120.00"))
    return PlannedStage("in_kind", found.value, items=(found,), **more)


def states(story: Helped) -> list[str]:
    return [row.state for row in story.aid.stages.order_by("serial")]


# --- The plan --------------------------------------------------------------------------------------------------
def test_rows_hang_on_the_first_row_of_those_given_at_once() -> None:
    rows = [money("1.00"), together("2.00"), together("3.00"), money("4.00", planned_on=DAY), together("5.00")]
    assert leaders(rows) == [0, 0, 0, 3, 3]
    assert fault_of(rows) == ""
    assert read_plan([row.as_dict() for row in rows]) == rows
    assert read_plan([{key: value for key, value in rows[0].as_dict().items() if key != "together"}]) == rows[:1]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([together("1560.00")], "第1行前面没有别的期次"),
        ([money("1000.00"), together("560.00", condition="出院后")], "第2行与上一行同时发放"),
        ([money("1000.00"), together("560.00", planned_on=DAY)], "第2行与上一行同时发放"),
    ],
)
def test_what_is_given_at_once_has_no_day_of_its_own(rows: list[PlannedStage], sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence):
        helped(*rows)


# --- After a fire ----------------------------------------------------------------------------------------------
def test_quilts_and_cash_after_a_fire_wait_together_and_need_no_visit(reserve: Purse) -> None:
    item = quilt(reserve.officer)
    reserve.receive(item, 2)
    story = helped(money("1320.00"), goods(item.pk, together=True))
    assert states(story) == ["ready", "ready"]
    story.pay()
    story.pay(2, method="handed", voucher="")
    assert states(story) == ["paid", "paid"]
    assert story.fresh().amount == Decimal("1560.00")
    assert [row.visited_on for row in story.aid.stages.all()] == [None, None]


def test_a_later_instalment_of_two_kinds_shares_one_visit_and_one_confirmation() -> None:
    story = helped(money("800.00"), money("500.00", planned_on=DAY, condition="修房仍有缺口"), together("260.00"))
    assert states(story) == ["ready", "planned", "planned"]
    third = story.stage(3)
    assert (third.given_with, third.planned_on, third.condition) == (2, DAY, "修房仍有缺口")
    story.pay()
    visit = story.visit(3, at=LATER)
    assert visit.stage == story.stage(2)
    story.confirm(3, at=LATER)
    assert states(story) == ["paid", "ready", "ready"]
    assert {row.visited_on for row in story.aid.stages.filter(serial__gte=2)} == {LATER.date()}
    notes = AidEvent.objects.filter(aid=story.aid, kind="stage_confirmed").values_list("note", flat=True)
    assert list(notes) == ["第2期，500.00元、第3期，260.00元"]


def test_a_first_instalment_with_a_condition_waits_whole() -> None:
    story = helped(money("1300.00", condition="出院结算后"), together("260.00"))
    assert states(story) == ["planned", "planned"]
    story.visit(1, at=PAID)
    story.confirm(1, at=PAID)
    assert states(story) == ["ready", "ready"]


def test_the_next_instalment_waits_for_all_that_was_given_before() -> None:
    story = helped(money("800.00"), together("500.00"), money("260.00"))
    story.pay()
    story.visit(3, at=LATER)
    with pytest.raises(NotAllowed, match="第2期还没有发放，第3期不能确认"):
        story.confirm(3, at=LATER)
    story.pay(2, at=LATER)
    story.confirm(3, at=LATER)
    assert states(story) == ["paid", "paid", "ready"]


def test_what_was_given_once_is_ended_without_a_visit_and_what_was_given_twice_is_not() -> None:
    once = helped(money("1300.00"), together("260.00"))
    once.pay()
    once.pay(2)
    assert why_not_ended(once.aid) == []
    twice = helped(money("800.00"), money("500.00"), together("260.00"), people=once.people)
    twice.pay()
    twice.visit(2, at=PAID)
    twice.confirm(2, at=PAID)
    for serial in (2, 3):
        twice.pay(serial, at=LATER)
    assert why_not_ended(twice.aid) == ["分期救助办结前须走访：最后一次发放以后还没有走访，请先登记走访。"]


def test_the_trail_of_a_proposal_counts_what_is_given_at_once_once() -> None:
    people = crew()
    once = proposed(people, money("2080.00"), together("260.00"))
    assert once.events.get(kind="proposed").note == "拟救助2,340.00元。情况属实，拟救助。"
    twice = proposed(people, money("1000.00"), money("1080.00"), together("260.00"))
    assert twice.events.get(kind="proposed").note == "拟救助2,340.00元，分2期。情况属实，拟救助。"


# --- The database ----------------------------------------------------------------------------------------------
def test_the_database_lets_nothing_pass_unvisited_that_is_not_given_with_the_first() -> None:
    story = helped(money("800.00"), money("500.00"), together("260.00"))
    for serial in (2, 3):
        with pytest.raises(IntegrityError, match="visited_before_later_ones"), transaction.atomic():
            row = story.stage(serial)
            row.state = "ready"
            row.save()
    with pytest.raises(InternalError), transaction.atomic():
        row = story.stage(3)
        row.given_with = 1
        row.save()


@pytest.mark.parametrize(("given_with", "condition"), [(2, ""), (3, ""), (1, "出院后")])
def test_the_database_holds_what_a_stage_may_be_given_with(given_with: int, condition: str) -> None:
    story = helped(money("1300.00"), together("260.00"))
    facts = {"aid": story.aid, "serial": 3, "form": "money", "amount": Decimal("1.00"), "condition": condition}
    with (
        pytest.raises((IntegrityError, InternalError), match=r"given together|given_with_earlier"),
        transaction.atomic(),
    ):
        AidStage.objects.create(given_with=given_with, **facts)


# --- Lists and papers ------------------------------------------------------------------------------------------
def test_one_visit_is_asked_for_all_that_is_given_at_once() -> None:
    story = helped(money("800.00"), money("500.00", planned_on=DAY), together("260.00"))
    found = stages_to_visit(story.people.officer, on=DAY)
    assert [row.serial for row in found] == [2]
    story.pay()
    story.visit(2, at=LATER)
    rows = list_stages(story.people.officer, StageFilter())
    assert {row.serial: row.last_visit for row in rows} == {1: None, 2: LATER.date(), 3: LATER.date()}


def test_the_papers_say_what_is_given_together() -> None:
    story = helped(money("800.00"), together("500.00"), money("260.00", planned_on=DAY))
    assert [row.given_with for row in temp_aid_form(story.fresh()).stages] == [None, 1, None]
    assert not temp_aid_notice(story.fresh()).at_once
    whole = helped(money("1300.00"), together("260.00"), people=story.people)
    assert temp_aid_notice(whole.fresh()).at_once
