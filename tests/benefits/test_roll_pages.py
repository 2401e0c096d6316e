"""Pages of monthly rolls: each step by who may, with the effect named; lines cut and explained; files on record."""

import io
import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from benefits.models import MonthlyRoll, RollLine, RollState
from organizations import services as organizations
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.benefits.rolled import ACCOUNTS, DECEMBER, JANUARY, NAMES, Rolled, rolled, rows_of
from tests.households.web import as_staff, text_of
from tests.support.crews import HUAYANG
from tests.support.factories import area, make_staff

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def paid(county: None) -> Rolled:
    return rolled()


@pytest.fixture
def roll(paid: Rolled) -> MonthlyRoll:
    return paid.desk.prepare(DECEMBER)


def page(name: str, *args: Any) -> str:
    return reverse(f"benefits:{name}", args=args)


def test_each_step_is_the_one_primary_button_of_whose_turn_it_is(paid: Rolled, roll: MonthlyRoll) -> None:
    desk, address = paid.desk, page("roll", roll.pk)
    way = [
        (desk.lead, "check-township", "乡镇核对通过", {"opinion": "相符"}, RollState.TOWNSHIP_CHECKED),
        (desk.approver, "check-county", "县民政审核通过", {"opinion": "同意"}, RollState.COUNTY_CHECKED),
        (desk.finance, "freeze", "财政复核并定册", {"opinion": "同意拨付"}, RollState.FROZEN),
        (desk.finance, "send", "登记送银行", {}, RollState.SENT),
    ]
    with time_machine.travel(DAY, tick=False):
        for staff, act, label, given, state in way:
            browser = as_staff(staff)
            assert f'btn-primary" href="{page("act_on_roll", roll.pk, act)}">{label}' in text_of(browser.get(address))
            others = text_of(as_staff(desk.clerk).get(address))
            assert label not in others
            asked = text_of(browser.get(page("act_on_roll", roll.pk, act)))
            assert roll.number in asked
            done = browser.post(page("act_on_roll", roll.pk, act), given, follow=True)
            assert done.status_code == 200
            roll.refresh_from_db()
            assert roll.state == state
        shown = text_of(as_staff(desk.finance).get(address))
    assert "上传回盘" in shown and "等银行回盘" in shown
    for name in ("许文斌", "章建国", "方文娟", "洪立新"):
        assert name in shown


def test_the_confirmation_names_the_effect_and_asks_for_an_opinion(paid: Rolled, roll: MonthlyRoll) -> None:
    browser, address = as_staff(paid.desk.lead), page("act_on_roll", roll.pk, "check-township")
    assert "3户、合计1,545.00元" in text_of(browser.get(address))
    empty = browser.post(address, {"opinion": " "})
    assert empty.status_code == 422 and "请写明核对意见" in text_of(empty)
    roll.refresh_from_db()
    assert roll.state == RollState.PREPARED


def test_who_had_a_hand_in_it_sees_why_they_do_not_sign_it_again(paid: Rolled, roll: MonthlyRoll) -> None:
    both = paid.desk.officer
    organizations.appoint(both, role=Role.FINANCE_OFFICER, area=area("341824"), on=date(2026, 1, 1))
    roll = paid.desk.prepare(DECEMBER)
    MonthlyRoll.objects.filter(pk=roll.pk).update(
        state="county_checked",
        township_checked_by=paid.desk.lead,
        township_checked_on=date(2026, 11, 26),
        county_checked_by=paid.desk.approver,
        county_checked_on=date(2026, 11, 26),
    )
    with time_machine.travel(DAY, tick=False):
        shown = text_of(as_staff(both).get(page("roll", roll.pk)))
        assert "须由另一人办理" in shown
        refused = as_staff(both).post(page("act_on_roll", roll.pk, "freeze"), {"opinion": "同意"})
    assert refused.status_code == 403


def test_return_and_void_say_why(paid: Rolled, roll: MonthlyRoll) -> None:
    with time_machine.travel(DAY, tick=False):
        as_staff(paid.desk.lead).post(page("act_on_roll", roll.pk, "return"), {"reason": "汪美玲户已搬走"})
        officer = as_staff(paid.desk.officer)
        assert "汪美玲户已搬走" in text_of(officer.get(page("roll", roll.pk)))
        assert officer.post(page("act_on_roll", roll.pk, "void"), {"reason": ""}).status_code == 422
        gone = officer.post(page("act_on_roll", roll.pk, "void"), {"reason": "重做"}, follow=True)
    assert "这本发放册已作废：重做" in text_of(gone)
    assert not RollLine.objects.filter(roll=roll).exists()


def test_lines_are_found_by_name_and_by_what_became_of_them(paid: Rolled, roll: MonthlyRoll) -> None:
    paid.desk.freeze(roll)
    paid.add("邵国平", decided_on=date(2026, 12, 10))
    january = paid.desk.prepare(JANUARY, on=date(2026, 12, 26))
    with time_machine.travel(datetime(2026, 12, 27, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        browser = as_staff(paid.desk.clerk)
        everybody = text_of(browser.get(page("roll", january.pk)))
        assert all(name in everybody for name in (*NAMES, "邵国平"))
        for query, found in (
            ({"q": "美玲"}, {"汪美玲"}),
            ({"show": "new"}, {"邵国平"}),
            ({"show": "held"}, {"邵国平"}),
            ({"show": "changed"}, set()),
        ):
            shown = text_of(browser.get(page("roll", january.pk), query))
            assert {name for name in (*NAMES, "邵国平") if f">{name}</a>" in shown} == found, query
        assert browser.get(page("roll", january.pk), {"show": "never"}).status_code == 422


def test_a_line_says_what_it_is_made_of_and_why(paid: Rolled, roll: MonthlyRoll) -> None:
    line = roll.lines.get(head_name="汪美玲")
    shown = text_of(as_staff(paid.desk.clerk).get(page("roll_line", line.pk)))
    assert "审核确认" in shown and "伍佰壹拾伍元整" in shown and "****5682" in shown
    assert ACCOUNTS[1] not in shown


def test_lines_are_exported_as_filtered_with_accounts_masked(paid: Rolled, roll: MonthlyRoll) -> None:
    answer = as_staff(paid.desk.clerk).post(page("export_lines", roll.pk) + "?q=美玲")
    (row,) = rows_of(answer.content)
    assert (row["户主"], row["账号"], float(row["合计（元）"])) == ("汪美玲", "****5682", 515.0)
    assert AccessRecord.objects.get(kind="export").reason == f"导出发放册{roll.number}明细1户"


def test_the_banks_file_has_accounts_in_full_of_a_frozen_roll_for_a_reason(paid: Rolled, roll: MonthlyRoll) -> None:
    finance, address = as_staff(paid.desk.finance), page("bank_file", roll.pk)
    assert "还没有定册" in text_of(finance.get(address, follow=True))
    paid.desk.freeze(roll)
    assert "银行发放文件3户" in text_of(finance.get(address))
    refused = finance.post(address, {"export-reason": ""})
    assert refused.status_code == 422 and ACCOUNTS[0] not in text_of(refused)
    answer = finance.post(address, {"export-reason": "报送上级或其他部门"})
    rows = rows_of(answer.content, skip=1)
    assert [(row["序号"], row["领款人"], row["账号"]) for row in rows] == [
        (place + 1, NAMES[place], ACCOUNTS[place]) for place in range(3)
    ]
    assert set(rows[0]) == {"序号", "户主", "领款人", "开户行", "账号", "金额", "备注", "结果", "失败原因"}
    record = AccessRecord.objects.get(kind="full_export")
    assert record.row_count == 3 and record.purpose == "报送上级或其他部门"
    assert as_staff(paid.desk.officer).get(address).status_code == 403


def test_the_roster_is_printed_by_village_with_masked_accounts_and_on_record(paid: Rolled, roll: MonthlyRoll) -> None:
    answer = as_staff(paid.desk.lead).post(page("roster", roll.pk))
    text = re.sub(r"\s", "", "".join(p.extract_text() for p in PdfReader(io.BytesIO(answer.content)).pages))
    assert "****5674" in text and ACCOUNTS[0] not in text
    assert "壹仟伍佰肆拾伍元整" in text and "许文斌" in text
    assert AccessRecord.objects.filter(reason=f"打印发放花名册{roll.number}共3户").exists()


def test_another_township_finds_neither_roll_nor_line(paid: Rolled, roll: MonthlyRoll) -> None:
    stranger = as_staff(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1)))
    assert stranger.get(page("roll", roll.pk)).status_code == 404
    assert stranger.get(page("roll_line", roll.lines.first().pk)).status_code == 404
    assert roll.number not in text_of(stranger.get(page("rolls")))


def test_the_list_is_cut_and_leaves_void_rolls_out_unless_asked(paid: Rolled, roll: MonthlyRoll) -> None:
    browser = as_staff(paid.desk.officer)
    for query, there in (
        ({}, True),
        ({"month": "2026-12"}, True),
        ({"month": "2026-11"}, False),
        ({"scheme": "tekun"}, False),
        ({"state": "prepared"}, True),
        ({"state": "voided"}, False),
    ):
        assert (roll.number in text_of(browser.get(page("rolls"), query))) is there, query
    assert browser.get(page("rolls"), {"month": "冬月"}).status_code == 422
    (row,) = rows_of(browser.post(page("export_rolls") + "?month=2026-12").content)
    assert (row["发放册编号"], row["户数"], row["状态"]) == (roll.number, "3", "已生成")


def test_rolls_are_asked_for_by_month_scheme_and_townships(paid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        browser = as_staff(paid.desk.officer)
        assert "低保还有1个乡镇没有生成：临溪镇" in text_of(browser.get(page("rolls")))
        asked = browser.get(page("prepare_rolls"))
        assert 'value="2026-12"' in text_of(asked)
        nothing = browser.post(page("prepare_rolls"), {"month": "2026-12", "scheme": "dibao"})
        assert nothing.status_code == 422 and "请至少选一个乡镇" in text_of(nothing)
        given = {"month": "2026-12", "scheme": "dibao", "townships": ["341824101"], "token": "one"}
        started = browser.post(page("prepare_rolls"), given)
        again = browser.post(page("prepare_rolls"), given)
    assert started.status_code == 302 and started["Location"] == again["Location"]


def test_a_roll_costs_the_same_queries_with_more_lines(
    paid: Rolled, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for place in range(6):
        paid.add(f"程小{'一二三四五六'[place]}", f"62170000100123460{place:02d}")
    roll = paid.desk.prepare(DECEMBER)
    browser = as_staff(paid.desk.clerk)
    browser.get(page("roll", roll.pk))
    with django_assert_max_num_queries(30):
        browser.get(page("roll", roll.pk))
    with django_assert_max_num_queries(22):
        browser.get(page("rolls"))
    with django_assert_max_num_queries(28):
        browser.get(page("roll_line", roll.lines.first().pk))


def test_the_family_page_lists_what_was_paid_masked(paid: Rolled, roll: MonthlyRoll) -> None:
    address = reverse("households:detail", args=[paid.families[0].pk])
    clerk = as_staff(paid.desk.clerk)
    assert "发放记录" not in text_of(clerk.get(address))
    paid.desk.freeze(roll)
    shown = text_of(clerk.get(address))
    assert "发放记录" in shown and "2026年12月" in shown and "****5674" in shown
    assert ACCOUNTS[0] not in shown
