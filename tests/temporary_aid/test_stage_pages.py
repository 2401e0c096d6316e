"""Pages of stages: the panel, visiting, paying, cancelling, following up, ending; the list and its exports."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.models import Case
from households.services import record_consent, set_bank_account
from organizations.models import AccessRecord, Department, ReadingPurpose, Staff
from organizations.permissions import Role
from temporary_aid.models import TemporaryAid
from tests.support.aid import open_urgent, photo
from tests.support.crews import START, county_data, crew, family
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, granted, helped, in_stages, money
from verification.models import MeansCheck
from verification.services import answer_means_check

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOW = PAID + timedelta(days=30)
TYPED = f"{PAID:%Y-%m-%dT%H:%M}"


@pytest.fixture(autouse=True)
def _told() -> Iterator[None]:
    county_data()
    with time_machine.travel(NOW, tick=True):
        yield


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def sheet(content: bytes) -> list[tuple[object, ...]]:
    """The rows of a workbook."""
    from openpyxl import load_workbook

    return list(load_workbook(BytesIO(content), read_only=True).worksheets[0].iter_rows(values_only=True))


def finance() -> Staff:
    return make_staff(Role.FINANCE_OFFICER, "341824", name="柯敏", on=date(2026, 1, 1))


def text(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"temporary_aid:{name}", args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def payment(**more: str) -> dict[str, str]:
    terms = {"method": "cash", "paid_at": TYPED, "received_by": "许金宝", "voucher": "现付1", "second_hand": "章建国"}
    return terms | {"late_reason": ""} | more


# --- The aid's page --------------------------------------------------------------------------------------------
def test_the_panel_offers_to_each_what_they_may_do() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    page = text(browser(story.people.officer), "detail", story.aid.pk)
    assert "已发放0/2期，0.00元，审批总额1,560.00元" in page
    for label in ("登记发放", "本期走访", "终止余期", "登记跟进救助", "办结"):
        assert label in page
    page = text(browser(story.people.assistant), "detail", story.aid.pk)
    assert "本期走访" in page
    for label in ("登记发放", "终止余期", "登记跟进救助", "确认本期"):
        assert label not in page


def test_a_stage_goes_from_visit_to_hand_by_the_pages(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    village, township = browser(story.people.assistant), browser(story.people.officer)
    stage = story.stage(2)
    response = village.post(
        reverse("temporary_aid:visit_stage", args=[stage.pk]),
        {
            "still_in_need": "yes",
            "condition_met": "on",
            "finding": "屋面未修好",
            "visited_on": f"{NOW:%Y-%m-%d}",
            "visitors": "汪志强",
            "photo": photo(),
        },
    )
    assert response.headers["Location"] == f"/temporary-aid/{story.aid.pk}/#stages"
    assert "确认本期" in text(township, "detail", story.aid.pk)
    township.post(reverse("temporary_aid:confirm_stage", args=[stage.pk]))
    with django_assert_max_num_queries(40):
        page = text(township, "pay_stage", stage.pk)
    assert "没有关联家庭，只能现金发放" in page
    response = township.post(
        reverse("temporary_aid:pay_stage", args=[stage.pk]), payment(paid_at=f"{NOW:%Y-%m-%dT%H:%M}")
    )
    assert response.status_code == 302
    page = text(township, "detail", story.aid.pk)
    assert "已发放2/2期，1,560.00元" in page
    assert "屋面未修好" in page


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays() -> None:
    story = helped()
    township = browser(story.people.officer)
    address = reverse("temporary_aid:pay_stage", args=[story.stage().pk])
    # Past the clock by now: the page asks why, and a payment that was in time needs no reason.
    assert "已超过应救助时间" in township.get(address).content.decode()
    response = township.post(address, payment(second_hand="程晓燕"))
    assert response.status_code == 422
    page = response.content.decode()
    assert "第二经办人须是另一个人" in page
    assert 'value="现付1"' in page
    late = f"{NOW:%Y-%m-%dT%H:%M}"
    assert "超过了应救助时间" in township.post(address, payment(paid_at=late)).content.decode()
    assert township.post(address, payment(paid_at=late, late_reason="路断")).status_code == 302
    assert story.stage().state == "paid"
    assert township.post(address, payment(paid_at=late)).status_code == 422


def test_before_the_planned_day_the_pages_ask_why_and_on_a_condition_whether_it_is_met() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    stage = story.stage(2)
    visiting, confirming, paying = (
        reverse(f"temporary_aid:{name}", args=[stage.pk]) for name in ("visit_stage", "confirm_stage", "pay_stage")
    )
    with time_machine.travel(NOW - timedelta(days=1), tick=True):
        township = browser(story.people.officer)
        page = text(township, "visit_stage", stage.pk)
        assert "本期的发放条件：修房仍有缺口" in page
        assert "提前原因" in page
        said = {"still_in_need": "yes", "finding": "屋面未修好", "visitors": "程晓燕", "visited_on": "2026-10-12"}
        refused = township.post(visiting, said | {"confirms": "on"})
        assert refused.status_code == 422
        assert "没有写明条件已满足" in refused.content.decode()
        assert township.post(visiting, said | {"condition_met": "on"}).status_code == 302
        asked = township.post(confirming)
        assert "还没有到计划日期；提前确认的，写明为什么不能等。" in asked.content.decode()
        assert story.stage(2).state == "planned"
        refused = township.post(confirming, {"early_reason": ""})
        assert refused.status_code == 422
        assert "提前确认须写明原因" in refused.content.decode()
        assert township.post(confirming, {"early_reason": "明天大雪封路"}).status_code == 302
        terms = payment(paid_at="2026-10-12T09:00")
        refused = township.post(paying, terms)
        assert "提前发放须写明原因" in refused.content.decode()
        assert township.post(paying, terms | {"early_reason": "明天大雪封路"}).status_code == 302
    assert "提前发放（计划2026年10月13日）：明天大雪封路" in text(browser(story.people.officer), "detail", story.aid.pk)


def test_confirming_without_a_visit_says_what_to_do() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    township = browser(story.people.officer)
    response = township.post(reverse("temporary_aid:confirm_stage", args=[story.stage(2).pk]), follow=True)
    assert "第2期还没有走访，请先登记走访再确认。" in response.content.decode()


def test_what_is_left_is_cancelled_by_a_page_that_names_it() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    township = browser(story.people.officer)
    assert "第2期560.00元" in text(township, "cancel_rest", story.aid.pk)
    address = reverse("temporary_aid:cancel_rest", args=[story.aid.pk])
    assert township.post(address, {"reason": ""}).status_code == 422
    unvisited = township.post(address, {"reason": "保险已赔付"})
    assert unvisited.status_code == 422
    assert "最后一次发放以后还没有走访" in unvisited.content.decode()
    story.visit(at=NOW, still_in_need=False)
    assert "最近走访：" in text(township, "cancel_rest", story.aid.pk)
    assert township.post(address, {"reason": "保险已赔付"}).status_code == 302
    assert "保险已赔付" in text(township, "detail", story.aid.pk)


def test_a_follow_up_is_registered_with_three_answers() -> None:
    story = helped()
    story.pay()
    township = browser(story.people.officer)
    answers = {
        "situation": "修房仍欠款",
        "grade": "severe",
        "reported_at": f"{NOW - timedelta(hours=5):%Y-%m-%dT%H:%M}",
    }
    response = township.post(reverse("temporary_aid:follow_up", args=[story.aid.pk]), answers)
    more = TemporaryAid.objects.get(follow_up_of=story.aid)
    assert response.headers["Location"] == f"/temporary-aid/{more.pk}/"
    assert (more.grade, more.recipient_name) == ("severe", "许金宝")
    assert more.number in text(township, "detail", story.aid.pk)


# --- Ending ----------------------------------------------------------------------------------------------------
def test_an_end_that_is_not_due_yet_says_what_is_missing() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    page = text(browser(story.people.officer), "close", story.aid.pk)
    assert "第1、2期还没有发放" in page
    assert "不能在这里转申请" in page


def test_whoever_ends_an_aid_is_told_that_the_means_check_differs() -> None:
    people = crew()
    members = (household := family(people)).members.select_related("person")
    signers = {row.pk: "胡德旺" if row.person.birth_date > date(2008, 9, 7) else "" for row in members}
    record_consent(household, signed_on=START, signers=signers, by=people.officer, on=START)
    opened = open_urgent(people.officer, household=household)
    finding = {"source": "vehicles", "description": "名下有小轿车一辆", "agrees": False}
    answer_means_check(MeansCheck.objects.get(), result="alert", findings=[finding], by=people.operator, on=PAID.date())
    aid = granted(TemporaryAid.objects.get(pk=opened.pk), money("1560.00"), people=people)
    page = text(browser(people.officer), "close", aid.pk)
    assert "有不一致。审核补充说明、办结以前须核实不一致的内容" in page


def test_the_three_ends_by_their_page() -> None:
    solved, referred, turned = helped(), helped(), helped(with_family=True)
    department = Department.objects.get(code="housing")
    answers: list[tuple[Helped, dict[str, object]]] = [
        (solved, {"judgement": "solved"}),
        (referred, {"judgement": "referred", "department": department.pk}),
        (turned, {"judgement": "converted", "scheme": "dibao", "applicant": 0, "accounting_year": "2026"}),
    ]
    for story, answer in answers:
        story.pay()
        if "applicant" in answer:
            assert story.household is not None
            answer["applicant"] = story.household.members.get(relation="head").pk
        address = reverse("temporary_aid:close", args=[story.aid.pk])
        client = browser(story.people.officer)
        assert client.post(address, answer).status_code == 422
        response = client.post(address, answer | {"note": "已安顿"})
        assert response.status_code == 302, response.content.decode()
        assert story.fresh().end_judgement == answer["judgement"]
    case = Case.objects.get(scheme="dibao")
    client = browser(turned.people.officer)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert f"由临时救助{turned.aid.number}" in page
    assert f'href="/temporary-aid/{turned.aid.pk}/"' in page
    assert case.number in text(client, "detail", turned.aid.pk)


def test_each_end_asks_for_what_it_needs() -> None:
    story = helped(with_family=True)
    story.pay()
    address = reverse("temporary_aid:close", args=[story.aid.pk])
    client = browser(story.people.officer)
    page = client.post(address, {"judgement": "converted", "note": "长期困难"}).content.decode()
    assert "请选择转申请低保还是特困" in page
    page = client.post(address, {"judgement": "referred", "note": "长期困难"}).content.decode()
    assert "请选择接收转介的部门" in page
    assert "长期困难" in page


# --- The list --------------------------------------------------------------------------------------------------
def test_the_list_shows_what_waits_to_be_paid_first_and_all_by_its_tabs() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    client = browser(story.people.officer)
    page = text(client, "stages")
    assert "待发放 1期 1,000.00元" in page
    assert "第1/2期" in page
    assert "第2/2期" not in page
    assert "2026年9月13日" in page
    waiting = text(client, "stages", show="to_visit")
    assert "第2/2期" in waiting
    assert "2026年10月13日" in waiting
    story.pay()
    assert "没有待发放的期次" in text(client, "stages")
    assert "现付0912" in text(client, "stages", show="paid", cols="hands")
    assert "第1/2期" in text(client, "stages", show="paid", paid_month="2026-09", q="许金宝")
    assert "没有符合条件的期次" in text(client, "stages", show="paid", paid_month="2026-10")
    response = client.get(reverse("temporary_aid:stages"), {"paid_month": "九月"})
    assert response.status_code == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_at_any_length(
    count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    people = helped().people
    for _ in range(count - 1):
        helped(people=people)
    client = browser(people.officer)
    client.get(reverse("temporary_aid:stages"))
    with django_assert_max_num_queries(22):
        client.get(reverse("temporary_aid:stages"))


def test_the_export_holds_what_is_filtered_and_is_on_record() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    client = browser(story.people.officer)
    response = client.post(reverse("temporary_aid:export_stages") + "?show=paid")
    rows = sheet(response.content)
    assert [(row[1], row[6], row[10], row[17]) for row in rows[1:]] == [("许金宝", "1", "1000.00", "许金宝")]
    assert AccessRecord.objects.filter(kind="export", reason="导出临时救助分期发放名单1期").exists()


def test_the_banks_file_has_accounts_in_full_for_who_writes_it_and_asks_why() -> None:
    story = helped(with_family=True)
    helped(people=story.people)  # without an account: not in the file
    assert story.household is not None
    number = "6217001234567890"
    set_bank_account(
        story.household, bank="绩溪农商行", account=number, holder="胡德旺", by=story.people.officer, on=NOW.date()
    )
    assert browser(story.people.officer).get(reverse("temporary_aid:bank_file")).status_code == 403
    client, address = browser(finance()), reverse("temporary_aid:bank_file")
    assert "临时救助银行发放文件1笔" in client.get(address).content.decode()
    purpose = ReadingPurpose.objects.filter(asks_note=True).first()
    assert purpose is not None
    response = client.post(address, {"export-reason": purpose.name, "export-note": "农商行打卡"})
    assert response.status_code == 200, response.content.decode()
    last = sheet(response.content)[-1]
    assert (last[4], last[5], last[6], last[7]) == ("胡德旺", "绩溪农商行", number, "1560.00")
    assert AccessRecord.objects.filter(kind="full_export").count() == 1
