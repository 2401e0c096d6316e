"""退票: what the bank gives back after it reported it as paid fails, says why, and is issued anew once."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from benefits.models import BouncedPayment, LineState, MonthlyRoll, RollEvent, RollLine
from benefits.queries.overpayments import overpaid_months
from benefits.queries.returns import summary_of
from benefits.queries.rolls import failed_lines, figures_of
from benefits.services.bank_returns import read_bank_return, take_bank_return
from benefits.services.bouncing import NotBounced, record_bounced
from benefits.services.rolls import RollRefused, reissue_roll
from foundation.errors import NotPermitted
from tests.benefits.rolled import ACCOUNTS, DECEMBER, NAMES, Rolled, answer, rolled
from tests.households.web import as_staff, text_of

pytestmark = pytest.mark.django_db
PAID_ON, BACK_ON = date(2026, 12, 8), date(2026, 12, 11)
GOOD = [(place, NAMES[place], ACCOUNTS[place], "515.00", "成功", "") for place in range(3)]
NEW = "6217000010012345708"


@pytest.fixture
def paid(county: None) -> Rolled:
    return rolled()


@pytest.fixture
def settled(paid: Rolled) -> MonthlyRoll:
    sent = paid.send(paid.desk.prepare(DECEMBER))
    take(paid, sent, *GOOD, on=PAID_ON)
    sent.refresh_from_db()
    return sent


def take(paid: Rolled, roll: MonthlyRoll, *rows: Any, on: date, name: str = "回盘.xlsx") -> Any:
    draft = read_bank_return(roll, upload=answer(*rows, name=name), by=paid.desk.finance, on=on)
    return take_bank_return(draft, only_good=False, by=paid.desk.finance, on=on)


def bounce(paid: Rolled, line: RollLine, **more: Any) -> BouncedPayment:
    values = {"returned_on": BACK_ON, "reason": "账户已注销", "source": "退字第31号"} | more
    return record_bounced(line, **values, by=paid.desk.finance, on=date(2026, 12, 12))


def line_of(roll: MonthlyRoll, name: str = "汪美玲") -> RollLine:
    return roll.lines.get(head_name=name)


def test_a_payment_that_comes_back_fails_with_reason_day_and_slip(paid: Rolled, settled: MonthlyRoll) -> None:
    row = bounce(paid, line_of(settled))
    line = line_of(settled)
    assert (line.state, line.failure, line.settled_on) == (LineState.FAILED, "退票：账户已注销", BACK_ON)
    assert (row.paid_on, row.returned_on, row.source) == (PAID_ON, BACK_ON, "退字第31号")
    figures = figures_of(settled.lines.all())
    assert (figures.paid, figures.failed, figures.failed_amount) == (2, 1, Decimal("515.00"))
    assert figures.amount == Decimal("1545.00")
    assert RollEvent.objects.filter(roll=settled, kind="bounced").get().note == "汪美玲515.00元，退字第31号：账户已注销"
    assert [line.head_name for line in failed_lines(paid.desk.officer)] == ["汪美玲"]


def test_it_is_issued_anew_once_and_never_both(paid: Rolled, settled: MonthlyRoll) -> None:
    line = line_of(settled)
    with pytest.raises(RollRefused):
        reissue_roll(DECEMBER, "dibao", settled.area, by=paid.desk.officer, on=BACK_ON)
    bounce(paid, line)
    paid.account(paid.families[1], NEW, holder="汪美玲", on=BACK_ON)
    again = paid.desk.freeze(reissue_roll(DECEMBER, "dibao", settled.area, by=paid.desk.officer, on=date(2026, 12, 14)))
    assert [(row.amount, row.reissue_of_id) for row in again.lines.all()] == [(Decimal("515.00"), line.pk)]
    assert line_of(settled).state == LineState.REISSUED
    with pytest.raises(NotBounced, match="已重发"):
        bounce(paid, line)
    with pytest.raises(RollRefused):
        reissue_roll(DECEMBER, "dibao", settled.area, by=paid.desk.officer, on=date(2026, 12, 15))
    # A month that reached nobody was not paid above what is owed; issued anew it was paid once.
    assert not overpaid_months(paid.awards[1])


def test_a_bank_file_of_returns_is_looked_at_first_and_taken_like_any_other(paid: Rolled, settled: MonthlyRoll) -> None:
    back = (1, "汪美玲", ACCOUNTS[1], "515.00", "失败", "户名不符退回")
    draft = read_bank_return(settled, upload=answer(back, name="退票.xlsx"), by=paid.desk.finance, on=BACK_ON)
    found = summary_of(draft)
    assert (found.bounced, found.bounced_amount, found.waited_amount) == (1, Decimal("515.00"), Decimal("0.00"))
    assert line_of(settled).state == LineState.PAID
    take_bank_return(draft, only_good=False, by=paid.desk.finance, on=BACK_ON)
    row = BouncedPayment.objects.get()
    assert (row.line.head_name, row.reason, row.source) == ("汪美玲", "户名不符退回", "退票.xlsx")
    assert (row.bank_return, summary_of(row.bank_return).bounced) == (draft, 1)
    assert line_of(settled).state == LineState.FAILED
    assert line_of(settled, "胡德旺").state == LineState.PAID


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"source": ""}, "source"),
        ({"returned_on": date(2026, 12, 7)}, "returned_on"),
        ({"returned_on": date(2026, 12, 13)}, "returned_on"),
    ],
)
def test_without_reason_slip_or_a_day_that_can_be_it_is_refused(
    paid: Rolled, settled: MonthlyRoll, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotBounced) as refused:
        bounce(paid, line_of(settled), **more)
    assert refused.value.field == field
    assert line_of(settled).state == LineState.PAID


def test_only_what_was_paid_comes_back_and_only_who_records_payments_says_so(paid: Rolled, county: None) -> None:
    sent = paid.send(paid.desk.prepare(DECEMBER))
    with pytest.raises(NotBounced, match="待发放"):
        bounce(paid, line_of(sent))
    with pytest.raises(NotPermitted):
        record_bounced(line_of(sent), returned_on=BACK_ON, reason="退", source="1", by=paid.desk.officer, on=BACK_ON)


def test_the_database_lets_no_payment_come_back_unrecorded(paid: Rolled, settled: MonthlyRoll) -> None:
    with pytest.raises(DatabaseError, match="frozen roll stays"), transaction.atomic():
        settled.lines.filter(head_name="汪美玲").update(state=LineState.FAILED, failure="改")
    bounce(paid, line_of(settled))
    with pytest.raises(DatabaseError, match="reported as paid"), transaction.atomic():
        BouncedPayment.objects.create(
            line=line_of(settled),
            returned_on=BACK_ON,
            reason="再退",
            source="2",
            recorded_by=paid.desk.finance,
            recorded_on=BACK_ON,
        )


def test_the_page_of_the_payment_leads_to_it_and_shows_it(paid: Rolled, settled: MonthlyRoll) -> None:
    line = line_of(settled)
    browser, url = as_staff(paid.desk.finance), reverse("benefits:record_bounced", args=[line.pk])
    page = reverse("benefits:roll_line", args=[line.pk])
    assert url in browser.get(page).content.decode()
    refused = browser.post(url, {"returned_on": "2026-12-01", "reason": "注销", "source": "退字第31号"})
    assert refused.status_code == 422 and "退票日期应在" in text_of(refused)
    RollLine.objects.filter(pk=line.pk).update(settled_on=date(2026, 11, 20))
    answered = browser.post(url, {"returned_on": "2026-11-26", "reason": "注销", "source": "退字第31号"})
    assert answered["Location"] == page
    shown = browser.get(page)
    assert "退字第31号" in text_of(shown) and url not in shown.content.decode()
