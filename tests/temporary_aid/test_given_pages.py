"""Pages of what is given at once: the plan, the aid's page, confirming, services; hours from the figures in force."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord
from temporary_aid.forms.stages import FollowUpForm
from temporary_aid.rules.plans import PlannedStage
from tests.benefits.builders import set_parameter
from tests.support.aid import open_urgent
from tests.support.cases import Desk
from tests.temporary_aid.granted import PAID, helped, money
from tests.temporary_aid.reserves import Purse, quilt
from tests.temporary_aid.test_stage_pages import browser, text

pytestmark = pytest.mark.django_db
NOW = PAID + timedelta(days=30)
ROW = tuple("form amount item bought unit unit_value count service provider planned_on condition".split())

RICE = {"item": "bought", "bought": "大米", "unit": "袋", "unit_value": "50", "count": "2"}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


def rows(*stages: dict[str, str]) -> dict[str, str]:
    sent = {"stages-TOTAL_FORMS": str(len(stages)), "stages-INITIAL_FORMS": "1"}
    for at, stage in enumerate(stages):
        sent |= {f"stages-{at}-{name}": stage.get(name, "") for name in ROW}
        if "together" in stage:
            sent[f"stages-{at}-together"] = "on"
    return sent


def after_the_fire(item: int) -> dict[str, str]:
    plan = rows(
        {"form": "money", "amount": "2000"},
        {"form": "in_kind", "item": str(item), "count": "2", "together": "on"},
        {"form": "in_kind", "together": "on", **RICE},
    )
    told = {"grade": "moderate", "opinion": "正房全毁", "late_reason": "道路中断"}
    return told | plan


def test_quilts_rice_and_cash_are_planned_shown_and_waiting_at_once(reserve: Purse) -> None:
    item = quilt(reserve.officer)
    reserve.receive(item, 5)
    aid = open_urgent(reserve.clerk)
    address = reverse("temporary_aid:propose", args=[aid.pk])
    clerk = browser(reserve.clerk)
    assert "棉被（120.00元/床，库存5）" in clerk.get(address).content.decode()
    answer = clerk.post(address, after_the_fire(item.pk))
    assert answer.status_code == 302, answer.content.decode()
    page = text(clerk, "detail", aid.pk)
    assert "另购大米2袋" in page
    assert page.count("与上一期同时") == 2
    kept = clerk.get(address).content.decode()
    assert 'value="大米"' in kept
    assert kept.count("checked") == 2


def test_a_plan_of_many_rows_reads_the_stock_once(
    reserve: Purse, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    aid = open_urgent(reserve.clerk)
    item, clerk = quilt(reserve.officer), browser(reserve.clerk)
    clerk.post(reverse("temporary_aid:propose", args=[aid.pk]), after_the_fire(item.pk))
    address, counts = reverse("temporary_aid:propose", args=[aid.pk]), []
    for _ in range(2):
        with django_assert_max_num_queries(60) as seen:
            clerk.get(address)
        counts.append(sum("temporary_aid_stockitem" in query["sql"] for query in seen.captured_queries))
    assert counts == [1, 1]


def test_a_fault_in_a_row_is_told_beside_it_and_what_was_typed_is_kept(reserve: Purse) -> None:
    aid = open_urgent(reserve.clerk)
    sent = {"grade": "moderate", "opinion": "属实"} | rows(
        {"form": "money", "amount": "2240", "together": "on"},
        {"form": "in_kind", "item": "bought", "bought": "大米", "together": "on", "condition": "出院后"},
    )
    answer = browser(reserve.clerk).post(reverse("temporary_aid:propose", args=[aid.pk]), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    for sentence in ("第1行前面没有别的期次", "请填单价", "随上一行，这里不填"):
        assert sentence in page
    assert 'value="大米"' in page


# --- Confirming ------------------------------------------------------------------------------------------------
def test_confirming_asks_first_and_names_all_that_is_given_at_once(reserve: Purse) -> None:
    story = helped(money("1000.00"), money("300.00"), money("260.00", together=True))
    story.pay()
    story.visit(2, at=NOW)
    clerk = browser(story.people.officer)
    page = text(clerk, "detail", story.aid.pk)
    assert "确认发放许金宝的第2期、第3期，560.00元？" in page
    assert "随第2期走访确认" in page
    answer = clerk.get(reverse("temporary_aid:visit_stage", args=[story.stage(3).pk]))
    assert answer["Location"] == reverse("temporary_aid:visit_stage", args=[story.stage(2).pk])
    clerk.post(reverse("temporary_aid:confirm_stage", args=[story.stage(2).pk]))
    assert {row.state for row in story.aid.stages.filter(serial__gte=2)} == {"ready"}


# --- Services --------------------------------------------------------------------------------------------------
def test_a_shelter_is_recorded_by_the_page_and_its_telephone_shown_on_record(reserve: Purse) -> None:
    story = helped(PlannedStage("service", Decimal("0.00"), service="shelter"))
    clerk = browser(story.people.officer)
    address = reverse("temporary_aid:pay_stage", args=[story.stage().pk])
    sent = {
        "method": "served",
        "paid_at": f"{PAID:%Y-%m-%dT%H:%M}",
        "received_by": "许金宝",
        "second_hand": "章建国",
        "late_reason": "道路中断",
        "provider": "县救助站",
        "contact": "葛文斌",
        "contact_phone": "0563-8160000",
        "served_from": "2026-09-13",
        "served_to": "2026-09-12",
        "outcome": "settled",
    }
    refused = clerk.post(address, sent)
    assert refused.status_code == 422
    assert "安置截止日不能早于起始日" in refused.content.decode()
    assert clerk.post(address, sent | {"served_to": "2026-09-20"}).status_code == 302
    page = text(clerk, "detail", story.aid.pk)
    assert "县救助站，2026年9月13日至2026年9月20日，已安置，接收人葛文斌" in page
    assert "05638160000" not in page
    reveal = reverse("temporary_aid:reveal", args=[story.aid.pk, "contact-1"])
    assert "05638160000" in clerk.post(reveal, {"reveal-reason": "联系群众"}).content.decode()
    assert AccessRecord.objects.filter(staff=story.people.officer, purpose="联系群众").count() == 1
    for what in ("contact-2", "contact-x", "contact"):
        assert clerk.post(reverse("temporary_aid:reveal", args=[story.aid.pk, what])).status_code == 404


# --- Hours -----------------------------------------------------------------------------------------------------
def test_the_hours_are_those_in_force_and_spending_has_none(reserve: Purse) -> None:
    set_parameter("petty_advance_hours", 36)
    clerk = Desk(reserve.clerk, on=NOW.date())
    words = "36小时（本地做法）从这时起算"
    story = helped()
    story.pay()
    for name, args in (("quick", []), ("add_report", []), ("follow_up", [story.aid.pk])):
        page = clerk.fetch(reverse(f"temporary_aid:{name}", args=args)).content.decode()
        assert words in page, name
        assert "24小时" not in page, name
    spending = FollowUpForm(hours=None)
    assert "小时" not in str(spending.fields["reported_at"].help_text)
