"""Pages of 备用金: all townships, a ledger, requests, a month's sheet; each as the person meets it."""

from datetime import date
from typing import Any

import pytest
import tablib
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord
from temporary_aid.models import Reconciliation, Replenishment, ReserveEntry, ReserveFund
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, LINXI
from tests.support.factories import area
from tests.temporary_aid.reserves import OCTOBER, SEPTEMBER, Purse, purse, yuan

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def address(name: str, *args: Any) -> str:
    return reverse(f"temporary_aid:{name}", args=args)


def opened(staff: Any) -> Desk:
    """A desk whose session is written for the day: the first page of a session writes it, later ones do not."""
    desk = Desk(staff, on=TODAY)
    desk.fetch(address("stock_items"))
    return desk


def words(page: Any) -> str:
    return "".join(str(page.content.decode()).split())


# --- 总览和台账 -------------------------------------------------------------------------------------------------------


def test_a_township_lands_on_its_own_ledger_and_the_county_on_all(reserve: Purse) -> None:
    mine = Desk(reserve.clerk, on=TODAY).fetch(address("reserve"))
    assert (mine.status_code, mine["Location"]) == (302, address("reserve_fund", reserve.fund.pk))
    page = Desk(reserve.officer, on=TODAY).fetch(address("reserve"))
    assert [row.area.name for row in page.context["rows"] if row.fund] == ["临溪镇"]
    assert len(page.context["rows"]) == 11
    assert words(page).count("还没有设立备用金，不能先行支出") == 10


def test_the_county_sees_balances_spending_low_ones_and_unsigned_months(reserve: Purse) -> None:
    neighbour = purse(HUAYANG)
    neighbour.allocate(20000)
    reserve.allocate(50000)
    reserve.withdraw(37000)
    reserve.spend(2000, on=date(2026, 10, 9))
    reserve.spend("1000.01", on=date(2026, 11, 3))
    neighbour.sign(neighbour.prepare(SEPTEMBER, cash=20000))
    page = Desk(reserve.officer, on=TODAY).fetch(address("reserve"))
    rows = {row.area.code: row for row in page.context["rows"]}
    low, fine = rows[LINXI], rows[HUAYANG]
    assert (low.month_spent, low.month_count, low.year_spent) == (yuan("1000.01"), 1, yuan("3000.01"))
    assert (low.is_low, low.is_overdue, low.unsigned) == (True, True, (SEPTEMBER, OCTOBER))
    assert (fine.is_low, fine.is_overdue, fine.unsigned) == (False, False, (OCTOBER,))
    assert low.request.is_automatic
    found = page.context["totals"]
    assert (found.balance, found.low, found.unsigned, found.overdue) == (yuan("29999.99"), 1, 3, 1)
    assert (found.month_spent, found.year_spent) == (yuan("1000.01"), yuan("3000.01"))


def test_a_ledger_lists_every_movement_with_the_balance_after_it(reserve: Purse) -> None:
    reserve.allocate(5000)
    slip = reserve.slip(reserve.spend(2000, on=date(2026, 9, 12)))
    page = Desk(reserve.clerk, on=TODAY).fetch(address("reserve_fund", reserve.fund.pk))
    assert [(row.serial, row.balance_after) for row in page.context["page"]] == [(2, yuan(3000)), (1, yuan(5000))]
    assert (page.context["sums"].came_in, page.context["sums"].went_out) == (yuan(5000), yuan(2000))
    for text in (slip.number, slip.aid.number, "许金宝", "3,000.00", "拨-01"):
        assert text in words(page)


@pytest.mark.parametrize(
    ("query", "serials"),
    [
        ("kind=advance", [2]),
        ("since=2026-09-12", [2]),
        ("until=2026-09-11", [1]),
        ("since=2026-09-01&until=2026-09-12", [2, 1]),
        ("kind=refund", []),
    ],
)
def test_a_ledger_is_cut_by_kind_and_days_and_so_is_its_export(reserve: Purse, query: str, serials: list[int]) -> None:
    reserve.allocate(5000)
    reserve.spend(2000, on=date(2026, 9, 12))
    desk = Desk(reserve.clerk, on=TODAY)
    page = desk.fetch(f"{address('reserve_fund', reserve.fund.pk)}?{query}")
    assert [row.serial for row in page.context["page"]] == serials
    answer = desk.post(f"{address('export_reserve_fund', reserve.fund.pk)}?{query}")
    sheet = tablib.Dataset().load(answer.content, format="xlsx")
    assert [int(number) for number in sheet["序号"]] == serials
    record = AccessRecord.objects.latest("pk")
    assert (record.kind, record.reason) == ("export", f"导出临溪镇备用金台账{len(serials)}笔")


@pytest.mark.parametrize("query", ["kind=x", "since=x", "since=2026-09-12&until=2026-09-11"])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(reserve: Purse, query: str) -> None:
    reserve.allocate(5000)
    desk = Desk(reserve.clerk, on=TODAY)
    page = desk.fetch(f"{address('reserve_fund', reserve.fund.pk)}?{query}")
    assert page.status_code == 422
    assert list(page.context["page"]) == []
    assert desk.post(f"{address('export_reserve_fund', reserve.fund.pk)}?{query}").status_code == 400


def test_the_overview_as_excel(reserve: Purse) -> None:
    reserve.allocate(50000)
    answer = Desk(reserve.officer, on=TODAY).post(address("export_reserve"))
    (row,) = tablib.Dataset().load(answer.content, format="xlsx").dict
    assert (row["乡镇"], row["余额（元）"], row["预警线（元）"]) == ("临溪镇", "50000.00", 10000)
    assert (row["未签认月份"], row["逾期未对账"]) == ("2026-09、2026-10", "是")


def test_pages_do_not_ask_more_for_more_rows(
    reserve: Purse, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reserve.allocate(50000)
    for _ in range(3):
        reserve.slip(reserve.spend(100))
    county, clerk = opened(reserve.officer), opened(reserve.clerk)
    purse(HUAYANG)
    with django_assert_max_num_queries(24):
        county.fetch(address("reserve"))
    with django_assert_max_num_queries(24):
        clerk.fetch(address("reserve_fund", reserve.fund.pk))
    with django_assert_max_num_queries(20):
        clerk.fetch(address("reserve_month", reserve.fund.pk, 2026, 9))
    with django_assert_max_num_queries(20):
        clerk.fetch(address("replenishments"))


# --- 资金 -------------------------------------------------------------------------------------------------------------


def test_the_county_sets_up_a_reserve_and_pays_into_it(reserve: Purse) -> None:
    desk = Desk(reserve.officer, on=TODAY)
    page = desk.fetch(f"{address('open_reserve')}?area={area(HUAYANG).pk}")
    assert page.context["form"]["area"].value() == str(area(HUAYANG).pk)
    assert len(page.context["form"].fields["area"].queryset) == 10
    desk.post(address("open_reserve"), {"area": area(HUAYANG).pk, "opened_on": "2026-11-20"})
    made = ReserveFund.objects.get(area__code=HUAYANG)
    sent = {"amount": "3万", "voucher": "拨-9", "on": "2026-11-20", "note": "设立拨款"}
    answer = desk.post(address("allocate_reserve", made.pk), sent)
    assert (answer.status_code, answer["Location"]) == (302, address("reserve_fund", made.pk))
    made.refresh_from_db()
    assert made.balance == yuan(30000)


def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(reserve: Purse) -> None:
    reserve.allocate(1000)
    desk = Desk(reserve.officer, on=TODAY)
    sent = {"amount": "1000.01", "voucher": "收-1", "on": "2026-11-20", "note": "年末收回"}
    page = desk.post(address("withdraw_reserve", reserve.fund.pk), sent)
    assert page.status_code == 422
    assert errors_of(page) == {
        "amount": ["备用金余额不足：临溪镇现有1,000.00元，不够1,000.01元。请先申请补拨，或减少金额。"]
    }
    assert "年末收回" in words(page)


def test_a_mistake_is_mended_by_the_approver(reserve: Purse) -> None:
    entry = reserve.allocate(500)
    desk = Desk(reserve.approver, on=TODAY)
    ledger = desk.fetch(address("reserve_fund", reserve.fund.pk))
    assert address("correct_entry", entry.pk) in words(ledger)
    sent = {"right_amount": "5000", "on": "2026-11-20", "reason": "少录一个零"}
    assert desk.post(address("correct_entry", entry.pk), sent).status_code == 302
    assert reserve.balance == yuan(5000)
    after = words(desk.fetch(address("reserve_fund", reserve.fund.pk)))
    assert "（第2笔更正）" in after
    assert address("correct_entry", entry.pk) not in after


def test_neighbours_do_not_find_the_reserve(reserve: Purse) -> None:
    neighbour = purse(HUAYANG)
    entry = reserve.allocate(500)
    desk = Desk(neighbour.clerk, on=TODAY)
    pk = reserve.fund.pk
    for name, args in (("reserve_fund", (pk,)), ("reserve_months", (pk,)), ("reserve_month", (pk, 2026, 9))):
        assert desk.fetch(address(name, *args)).status_code == 404
    assert desk.post(address("export_reserve_fund", pk)).status_code == 404
    assert desk.post(address("correct_entry", entry.pk)).status_code == 403


# --- 补拨 -------------------------------------------------------------------------------------------------------------


def test_a_request_goes_from_the_township_over_the_county_into_the_reserve(reserve: Purse) -> None:
    reserve.allocate(50000)
    reserve.withdraw(30000)
    clerk, approver, officer = (Desk(who, on=TODAY) for who in (reserve.clerk, reserve.approver, reserve.officer))
    ask = address("ask_replenishment", reserve.fund.pk)
    assert clerk.fetch(ask).context["form"]["amount"].value() == "30,000.00"
    assert clerk.post(ask, {"amount": "20000", "reason": "入冬"}).status_code == 302
    row = Replenishment.objects.get()
    assert address("take_back_replenishment", row.pk) in words(clerk.fetch(address("replenishments")))
    answer = address("answer_replenishment", row.pk)
    assert answer in words(approver.fetch(address("replenishments")))
    approver.post(answer, {"answer": "approve", "amount": "15000", "opinion": "先补一部分"})
    pay = address("pay_replenishment", row.pk)
    assert pay in words(officer.fetch(address("replenishments") + "?state=open"))
    officer.post(pay, {"voucher": "补-1", "on": "2026-11-20"})
    assert reserve.balance == yuan(35000)
    assert ReserveEntry.objects.get(kind="replenishment").replenishment == row


def test_an_answer_says_which_and_how_much(reserve: Purse) -> None:
    row = reserve.ask(20000)
    desk = Desk(reserve.approver, on=TODAY)
    answer = address("answer_replenishment", row.pk)
    assert errors_of(desk.post(answer, {"opinion": " "})) == {"answer": ["请选择同意或不予补拨。"]}
    assert errors_of(desk.post(answer, {"answer": "approve"})) == {"amount": ["请填批准金额。"]}
    assert errors_of(desk.post(answer, {"answer": "refuse"})) == {"opinion": ["请写明不予补拨的理由。"]}
    desk.post(answer, {"answer": "refuse", "opinion": "余额够用"})
    row.refresh_from_db()
    assert (row.state, row.opinion) == ("refused", "余额够用")


def test_a_request_is_taken_back_by_the_township(reserve: Purse) -> None:
    row = reserve.ask(20000)
    desk = Desk(reserve.clerk, on=TODAY)
    assert desk.post(address("take_back_replenishment", row.pk))["Location"] == address("replenishments")
    row.refresh_from_db()
    assert row.state == "taken_back"
    desk.post(address("take_back_replenishment", row.pk))
    assert "已经答复，不能撤回" in words(desk.fetch(address("replenishments")))


@pytest.mark.parametrize(("query", "found"), [("", 2), ("state=open", 1), ("state=refused", 1), ("state=paid", 0)])
def test_requests_are_cut_by_state_and_so_is_their_export(reserve: Purse, query: str, found: int) -> None:
    first = reserve.ask(20000)
    Desk(reserve.approver, on=TODAY).post(
        address("answer_replenishment", first.pk), {"answer": "refuse", "opinion": "余额够用"}
    )
    reserve.ask(10000)
    desk = Desk(reserve.officer, on=TODAY)
    assert desk.fetch(f"{address('replenishments')}?{query}").context["page"].paginator.count == found
    answer = desk.post(f"{address('export_replenishments')}?{query}")
    assert len(tablib.Dataset().load(answer.content, format="xlsx")) == found


# --- 对账 -------------------------------------------------------------------------------------------------------------


def test_a_month_is_prepared_by_the_clerk_and_signed_by_the_lead(reserve: Purse) -> None:
    reserve.allocate(5000)
    reserve.slip(reserve.spend(1000))
    clerk, lead = Desk(reserve.clerk, on=TODAY), Desk(reserve.lead, on=TODAY)
    month = (reserve.fund.pk, 2026, 9)
    page = clerk.fetch(address("reserve_months", reserve.fund.pk))
    assert [found for found, _ in page.context["waiting"]] == [SEPTEMBER, OCTOBER]
    short = clerk.post(address("prepare_sheet", *month), {"counted_cash": "3990", "bank_balance": "0"})
    assert errors_of(short) == {
        "difference_note": ["库存现金加银行存款3,990.00元，与期末余额4,000.00元相差10.00元，请写明差异。"]
    }
    clerk.post(address("prepare_sheet", *month), {"counted_cash": "4000", "bank_balance": "0"})
    assert address("sign_sheet", *month) not in words(clerk.fetch(address("reserve_month", *month)))
    assert address("sign_sheet", *month) in words(lead.fetch(address("reserve_month", *month)))
    assert lead.post(address("sign_sheet", *month))["Location"] == address("reserve_month", *month)
    assert Reconciliation.objects.get().signed_by == reserve.lead
    after = words(lead.fetch(address("reserve_month", *month)))
    assert "已签认，这个月不再记账" in after
    assert address("sign_sheet", *month) not in after
    assert "2026年9月" in words(clerk.fetch(address("reserve_months", reserve.fund.pk)))


def test_a_month_shows_what_does_not_agree_and_that_the_sheet_is_old(reserve: Purse) -> None:
    reserve.allocate(5000)
    reserve.spend(1000)
    reserve.prepare(SEPTEMBER, cash=4000, note="先行单漏开")
    reserve.withdraw(500)
    page = words(Desk(reserve.lead, on=TODAY).fetch(address("reserve_month", reserve.fund.pk, 2026, 9)))
    assert "有支出，无先行单" in page
    assert "有1笔支出和先行单对不上" in page
    assert "编制以后流水又有变动" in page
    signed = Desk(reserve.lead, on=TODAY)
    signed.post(address("sign_sheet", reserve.fund.pk, 2026, 9))
    assert "请重新编制再签认" in words(signed.fetch(address("reserve_month", reserve.fund.pk, 2026, 9)))
    assert Reconciliation.objects.get().signed_on is None


def test_a_sheet_as_excel_carries_sums_and_payments(reserve: Purse) -> None:
    reserve.allocate(5000)
    slip = reserve.slip(reserve.spend(1000))
    reserve.prepare(SEPTEMBER, cash=4000)
    answer = Desk(reserve.lead, on=TODAY).post(address("export_sheet", reserve.fund.pk, 2026, 9))
    rows = [list(row) for row in tablib.Dataset().load(answer.content, format="xlsx", headers=False)]
    assert rows[7][:2] == ["期末余额", 4000]
    assert (rows[-1][0], rows[-1][5], rows[-1][-1]) == (slip.aid.number, slip.number, "相符")
    assert AccessRecord.objects.latest("pk").reason == "导出临溪镇2026年9月备用金对账表1笔"


@pytest.mark.parametrize("month", ["2026-13", "2026-0", "1999-5"])
def test_no_such_month_is_not_found(reserve: Purse, month: str) -> None:
    page = Desk(reserve.clerk, on=TODAY).fetch(f"{address('reserve_months', reserve.fund.pk)}{month}/")
    assert page.status_code == 404


def test_a_month_without_movements_and_the_running_one_can_be_looked_at(reserve: Purse) -> None:
    desk = Desk(reserve.clerk, on=TODAY)
    for month in (8, 10, 11):
        page = desk.fetch(address("reserve_month", reserve.fund.pk, 2026, month))
        assert "这个月没有先行支出" in words(page)
    late = desk.post(address("prepare_sheet", reserve.fund.pk, 2026, 11), {"counted_cash": "0", "bank_balance": "0"})
    assert "2026年11月还没有结束" in words(late)


def test_the_county_revokes_an_approval_on_the_list_with_a_reason(reserve: Purse) -> None:
    asked = reserve.ask(5000)
    approver = opened(reserve.approver)
    approver.post(address("answer_replenishment", asked.pk), {"answer": "approve", "amount": "5000"})
    revoke = address("revoke_replenishment", asked.pk)
    assert revoke in approver.fetch(address("replenishments")).content.decode()
    assert revoke not in opened(reserve.officer).fetch(address("replenishments")).content.decode()
    told = words(opened(reserve.officer).fetch(address("allocate_reserve", reserve.fund.pk)))
    assert f"补拨申请{asked.number}已批准5,000.00元，还没有拨付" in told
    assert errors_of(approver.post(revoke, {"reason": ""})).keys() == {"reason"}
    assert approver.post(revoke, {"reason": "财政资金未到位"}).status_code == 302
    page = words(approver.fetch(address("replenishments")))
    assert "已撤销批准" in page
    assert "财政资金未到位" in page
