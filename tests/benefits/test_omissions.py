"""回盘缺项 and 账户无误: what the bank leaves out or refuses by its own fault does not stay where it is."""

from datetime import date

import pytest
from django.urls import reverse

from benefits.models import BankReturn, MonthlyRoll, OmittedPayments, RollEvent, RollLine
from benefits.queries.returns import faulty_rows, omissions_to_settle, summary_of
from benefits.queries.roll_tasks import accounts_to_mend
from benefits.queries.rolls import reissuable
from benefits.services import rolls
from benefits.services.accounts import NotConfirmable, confirm_account
from benefits.services.bank_returns import read_bank_return, take_bank_return
from benefits.services.omissions import NotOmitted, approve_omitted, drop_omitted, propose_omitted
from foundation.errors import NotPermitted
from organizations.permissions import Role
from tests.benefits.rolled import ACCOUNTS, DECEMBER, NOVEMBER_26, Rolled, answer, rolled
from tests.households.web import as_staff, text_of
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
ANSWERED, LATER = date(2026, 12, 4), date(2026, 12, 9)


@pytest.fixture
def made(county: None) -> Rolled:
    return rolled(names=("胡德旺", "汪美玲"), accounts=2)


@pytest.fixture
def roll(made: Rolled) -> MonthlyRoll:
    """Sent to the bank, which answers for the first family only."""
    sent = made.send(made.desk.prepare(DECEMBER, on=NOVEMBER_26))
    upload = answer((1, "胡德旺", ACCOUNTS[0], "515.00", "成功", ""))
    draft = read_bank_return(sent, upload=upload, by=made.desk.finance, on=ANSWERED)
    take_bank_return(draft, only_good=False, by=made.desk.finance, on=ANSWERED)
    sent.refresh_from_db()
    return sent


def test_what_the_bank_left_out_fails_by_two_people_after_some_days_and_is_issued_anew(
    made: Rolled, roll: MonthlyRoll
) -> None:
    desk = made.desk
    assert roll.state == "sent"
    with pytest.raises(NotOmitted, match="2026年12月9日起"):
        propose_omitted(roll, reason="银行说没有收到", by=desk.finance, on=date(2026, 12, 8))
    propose_omitted(roll, reason="银行说没有收到", by=desk.finance, on=LATER)
    assert list(omissions_to_settle(desk.approver)) == [roll]
    approve_omitted(roll, opinion="同意", by=desk.approver, on=LATER)
    roll.refresh_from_db()
    line = roll.lines.get(head_name="汪美玲")
    assert (roll.state, line.state, line.failure, line.settled_on) == (
        "settled",
        "failed",
        "银行未回盘：银行说没有收到",
        LATER,
    )
    assert not omissions_to_settle(desk.approver).exists()
    confirm_account(line, note="账户正常", by=desk.clerk, on=LATER)
    assert [row.families for row in reissuable(desk.officer)] == [1]


def omitted(made: Rolled, roll: MonthlyRoll) -> RollLine:
    """The second family's payment, taken as failed, its account found right."""
    propose_omitted(roll, reason="银行说没有收到", by=made.desk.finance, on=LATER)
    approve_omitted(roll, opinion="同意", by=made.desk.approver, on=LATER)
    return confirm_account(roll.lines.get(head_name="汪美玲"), note="账户正常", by=made.desk.clerk, on=LATER)


def late_success(made: Rolled, roll: MonthlyRoll) -> BankReturn:
    row = (2, "汪美玲", ACCOUNTS[1], "515.00", "成功", "")
    return read_bank_return(roll, upload=answer(row, name="补报.xlsx"), by=made.desk.finance, on=LATER)


def test_what_the_bank_reports_late_as_paid_is_paid_and_not_issued_anew(made: Rolled, roll: MonthlyRoll) -> None:
    desk, line = made.desk, omitted(made, roll)
    again = rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=desk.officer, on=LATER)
    draft = late_success(made, roll)
    assert "现在银行报成功" in text_of(as_staff(desk.finance).get(reverse("benefits:bank_return", args=[draft.pk])))
    assert summary_of(draft).waited_amount == 0
    take_bank_return(draft, only_good=False, by=desk.finance, on=LATER)
    line.refresh_from_db()
    assert (line.state, line.failure) == ("paid", "")
    assert "认定缺项以后又报成功1户" in RollEvent.objects.filter(roll=roll, kind="bank_answered").latest("pk").note
    with pytest.raises(rolls.RollOutdated, match="银行已经报发放成功"):
        desk.freeze(again, on=LATER)
    with pytest.raises(rolls.RollRefused, match="没有可以重发的"):
        rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=desk.officer, on=LATER)


def test_a_late_success_of_what_was_issued_anew_asks_for_the_second_payment(made: Rolled, roll: MonthlyRoll) -> None:
    omitted(made, roll)
    made.desk.freeze(rolls.reissue_roll(DECEMBER, "dibao", roll.area, by=made.desk.officer, on=LATER), on=LATER)
    (row,) = faulty_rows(late_success(made, roll))
    assert "止付或者收回重发的一笔" in row.fault


def test_who_proposes_does_not_approve(made: Rolled, roll: MonthlyRoll) -> None:
    desk = made.desk
    both = make_staff(Role.COUNTY_APPROVER, "341824", name="洪立新", on=date(2026, 1, 1))
    propose_omitted(roll, reason="没有收到", by=desk.finance, on=LATER)
    OmittedPayments.objects.update(proposed_by=both)
    with pytest.raises(NotPermitted):
        approve_omitted(roll, opinion="同意", by=both, on=LATER)
    with pytest.raises(NotPermitted):
        approve_omitted(roll, opinion="同意", by=desk.finance, on=LATER)
    drop_omitted(roll, reason="银行补回盘", by=desk.approver, on=LATER)
    assert roll.lines.get(head_name="汪美玲").state == "waiting"
    propose_omitted(roll, reason="仍没有", by=desk.finance, on=LATER)


def test_it_is_offered_on_the_page_of_the_roll(made: Rolled, roll: MonthlyRoll) -> None:
    page = reverse("benefits:roll", args=[roll.pk])
    finance, approver = as_staff(made.desk.finance), as_staff(made.desk.approver)
    assert "认定回盘缺项" in text_of(finance.get(page))
    assert "认定回盘缺项" not in text_of(approver.get(page))
    propose_omitted(roll, reason="银行说没有收到", by=made.desk.finance, on=LATER)
    assert "同意认定回盘缺项" in text_of(approver.get(page))
    url = reverse("benefits:act_on_roll", args=[roll.pk, "confirm-omitted"])
    assert "转为发放失败" in text_of(approver.post(url, {"opinion": "同意"}, follow=True))


def test_an_account_that_is_right_is_paid_anew_without_being_typed_again(made: Rolled, roll: MonthlyRoll) -> None:
    desk, line = made.desk, roll.lines.get(head_name="汪美玲")
    RollLine.objects.filter(pk=line.pk).update(state="failed", failure="银行系统超时")
    assert list(accounts_to_mend(desk.clerk)) == [line]
    assert reissuable(desk.officer) == []
    url = reverse("benefits:confirm_account", args=[line.pk])
    assert as_staff(desk.clerk).post(url, {"note": ""}).status_code == 422
    assert "可以重发" in text_of(as_staff(desk.clerk).post(url, {"note": "账户正常"}, follow=True))
    assert not accounts_to_mend(desk.clerk).exists()
    assert [row.families for row in reissuable(desk.officer)] == [1]
    with pytest.raises(NotConfirmable, match="已经核实"):
        confirm_account(line, note="x", by=desk.clerk, on=LATER)


def test_only_a_failed_payment_to_an_account_in_use_is_confirmed(made: Rolled, roll: MonthlyRoll) -> None:
    desk, line = made.desk, roll.lines.get(head_name="汪美玲")
    with pytest.raises(NotConfirmable, match="没有失败"):
        confirm_account(line, note="x", by=desk.clerk, on=LATER)
    RollLine.objects.filter(pk=line.pk).update(state="failed", failure="销户")
    made.account(made.families[1], "6217000010012345708", holder="汪美玲", on=LATER)
    with pytest.raises(NotConfirmable, match="停用"):
        confirm_account(line, note="x", by=desk.clerk, on=LATER)
    with pytest.raises(NotPermitted):
        confirm_account(line, note="x", by=desk.finance, on=LATER)
