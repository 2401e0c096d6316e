"""回盘: looked at before it is taken, whole or as far as it fits; each payment answered once; failures issued anew."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from benefits.models import BankReturn, LineState, MonthlyRoll, RollEvent, RollState
from benefits.queries.rolls import failed_lines
from benefits.services.bank_returns import NotTakable, read_bank_return, take_bank_return
from benefits.services.sending import NotSendable
from foundation.errors import NotPermitted
from tests.benefits.rolled import ACCOUNTS, DECEMBER, NAMES, Rolled, answer, rolled
from tests.households.web import as_staff, text_of

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 8)
GOOD = [(place, NAMES[place], ACCOUNTS[place], "515.00", "成功", "") for place in range(3)]


@pytest.fixture
def paid(county: None) -> Rolled:
    return rolled()


@pytest.fixture
def sent(paid: Rolled) -> MonthlyRoll:
    return paid.send(paid.desk.prepare(DECEMBER))


def states(roll: MonthlyRoll) -> dict[str, str]:
    return dict(roll.lines.values_list("head_name", "state"))


def take(paid: Rolled, roll: MonthlyRoll, *rows: Any, only_good: bool = False, name: str = "回盘.xlsx") -> BankReturn:
    draft = read_bank_return(roll, upload=answer(*rows, name=name), by=paid.desk.finance, on=ON)
    return take_bank_return(draft, only_good=only_good, by=paid.desk.finance, on=ON)


def test_reading_a_return_records_nothing_of_the_payments(paid: Rolled, sent: MonthlyRoll) -> None:
    read_bank_return(sent, upload=answer(*GOOD), by=paid.desk.finance, on=ON)
    assert set(states(sent).values()) == {LineState.WAITING}


def test_what_was_paid_and_what_failed_is_recorded_whatever_the_order_of_rows(paid: Rolled, sent: MonthlyRoll) -> None:
    failed = (9, "汪美玲", ACCOUNTS[1], 515, "失败", "账户已销户")
    take(paid, sent, GOOD[2], failed, GOOD[0])
    assert states(sent) == {"胡德旺": "paid", "汪美玲": "failed", "唐玉兰": "paid"}
    line = sent.lines.get(head_name="汪美玲")
    assert (line.failure, line.settled_on) == ("账户已销户", ON)
    sent.refresh_from_db()
    assert sent.state == RollState.SETTLED
    note = RollEvent.objects.filter(roll=sent, kind="bank_answered").values_list("note", flat=True).get()
    assert note == "回盘.xlsx：成功2户1,030.00元，失败1户515.00元"


def test_one_bad_row_keeps_all_of_it_out_unless_only_the_good_were_wanted(paid: Rolled, sent: MonthlyRoll) -> None:
    wrong = (3, "唐玉兰", ACCOUNTS[2], "551.00", "成功", "")
    with pytest.raises(NotTakable, match="有1行不符，没有登记"):
        take(paid, sent, *GOOD[:2], wrong)
    assert set(states(sent).values()) == {LineState.WAITING}
    taken = take(paid, sent, *GOOD[:2], wrong, only_good=True)
    assert states(sent) == {"胡德旺": "paid", "汪美玲": "paid", "唐玉兰": "waiting"}
    assert taken.only_good
    sent.refresh_from_db()
    assert sent.state == RollState.SENT


def test_the_same_file_twice_does_nothing_twice(paid: Rolled, sent: MonthlyRoll) -> None:
    upload = answer(*GOOD)
    draft = read_bank_return(sent, upload=upload, by=paid.desk.finance, on=ON)
    take_bank_return(draft, only_good=False, by=paid.desk.finance, on=ON)
    with pytest.raises(NotTakable, match="2026年12月8日已经登记过"):
        read_bank_return(sent, upload=upload, by=paid.desk.finance, on=ON)
    with pytest.raises(NotTakable, match="已经登记过"):
        take_bank_return(draft, only_good=False, by=paid.desk.finance, on=ON)
    # The bank writes the same answers into another file: every row says that it was recorded.
    again = read_bank_return(sent, upload=answer(*GOOD, ("合计",)), by=paid.desk.finance, on=ON)
    assert {row.fault for row in again.rows.all()} == {"这一笔已经登记过（已发放），没有重复登记。"}
    assert sent.returns.filter(state="taken").count() == 1


def test_two_that_look_at_the_same_payments_do_not_both_record_them(paid: Rolled, sent: MonthlyRoll) -> None:
    draft = read_bank_return(sent, upload=answer(*GOOD), by=paid.desk.finance, on=ON)
    sent.lines.filter(head_name="胡德旺").update(state=LineState.PAID, settled_on=ON)
    with pytest.raises(NotTakable, match="已由别人登记"):
        take_bank_return(draft, only_good=False, by=paid.desk.finance, on=ON)
    assert states(sent)["汪美玲"] == LineState.WAITING


def test_a_newer_file_puts_the_one_aside_that_was_not_taken(paid: Rolled, sent: MonthlyRoll) -> None:
    older = read_bank_return(sent, upload=answer(GOOD[0]), by=paid.desk.finance, on=ON)
    newer = read_bank_return(sent, upload=answer(*GOOD), by=paid.desk.finance, on=ON)
    assert dict(sent.returns.values_list("pk", "state")) == {older.pk: "dropped", newer.pk: "draft"}
    with pytest.raises(NotTakable, match="没有采用"):
        take_bank_return(older, only_good=False, by=paid.desk.finance, on=ON)


def test_a_return_waits_until_the_roll_was_sent_and_for_who_records_payments(paid: Rolled) -> None:
    roll = paid.desk.freeze(paid.desk.prepare(DECEMBER))
    with pytest.raises(NotTakable, match="还没有送银行"):
        read_bank_return(roll, upload=answer(*GOOD), by=paid.desk.finance, on=ON)
    sent = paid.send(roll)
    with pytest.raises(NotPermitted):
        read_bank_return(sent, upload=answer(*GOOD), by=paid.desk.officer, on=ON)
    with pytest.raises(NotSendable, match="已送银行"):
        paid.send(sent)


def test_what_was_taken_of_a_return_stays(paid: Rolled, sent: MonthlyRoll) -> None:
    taken = take(paid, sent, *GOOD)
    for act in (
        lambda: taken.rows.update(is_paid=False),
        lambda: taken.rows.all().delete(),
        lambda: BankReturn.objects.filter(pk=taken.pk).update(state="draft", taken_by=None, taken_on=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_page_tells_bad_rows_by_number_and_column_and_the_sums(paid: Rolled, sent: MonthlyRoll) -> None:
    rows = [
        GOOD[0],
        (2, "汪美玲", "6217999999999999", "515", "成功", ""),
        (3, "唐玉兰", ACCOUNTS[2], "五百", "成功", ""),
    ]
    with time_machine.travel(ON, tick=False):
        browser = as_staff(paid.desk.finance)
        page = browser.post(reverse("benefits:upload_return", args=[sent.pk]), {"file": answer(*rows)}, follow=True)
        shown = text_of(page)
        assert "第3行" in shown and "发放册里没有这个账号" in shown
        assert "第4行" in shown and "金额不是数字" in shown
        assert "发放册待发放1,545.00元 ＝ 相符515.00元 ＋ 回盘里没有的1,030.00元" in shown
        assert "与发放册不一致" in shown
        address = page.redirect_chain[-1][0]
        refused = browser.post(address, {"take": "all"})
        assert refused.status_code == 422 and "有2行不符，没有登记" in text_of(refused)
        done = browser.post(address, {"take": "good"}, follow=True)
    assert "回盘已登记" in text_of(done)
    assert states(sent) == {"胡德旺": "paid", "汪美玲": "waiting", "唐玉兰": "waiting"}


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "文件是空的"), (b"\xd0\xcf\x11\xe0", "另存为 .xlsx"), ("甲,乙\n1,2".encode(), "没有找到表头")],
)
def test_what_is_no_return_comes_back_with_what_to_do(
    paid: Rolled, sent: MonthlyRoll, content: bytes, words: str
) -> None:
    upload = answer()
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(content)
    upload.size = len(content)
    upload.seek(0)
    page = as_staff(paid.desk.finance).post(reverse("benefits:upload_return", args=[sent.pk]), {"file": upload})
    assert page.status_code == 422 and words in text_of(page)


def test_a_failed_payment_is_issued_anew_to_the_mended_account_once(paid: Rolled, sent: MonthlyRoll) -> None:
    take(paid, sent, GOOD[0], GOOD[1], (3, "唐玉兰", ACCOUNTS[2], "515.00", "失败", "户名不符"))
    with time_machine.travel(ON, tick=False):
        officer = as_staff(paid.desk.officer)
        listed = text_of(officer.get(reverse("benefits:failed")))
        assert "户名不符" in listed and "等乡镇更正" in listed and "可以重发" not in listed
        paid.account(paid.families[2], "6217000010012345708", holder="唐玉兰", on=ON)
        listed = text_of(officer.get(reverse("benefits:failed")))
        assert "已更正，可以重发" in listed and "1户，515.00元" in listed
        page = officer.post(reverse("benefits:reissue", args=[sent.pk]), follow=True)
    assert "已生成重发的发放册" in text_of(page)
    again = MonthlyRoll.objects.get(kind="reissue")
    line = again.lines.get()
    assert (line.head_name, line.amount, line.bank_account.account.reveal()) == (
        "唐玉兰",
        Decimal("515.00"),
        "6217000010012345708",
    )
    assert not failed_lines(paid.desk.officer).exists()
    paid.send(again)
    take(paid, again, (1, "唐玉兰", "6217000010012345708", "515.00", "成功", ""), name="重发回盘.xlsx")
    assert states(sent)["唐玉兰"] == LineState.REISSUED
    assert again.lines.get().state == LineState.PAID


def test_who_has_no_account_is_told_and_paid_once_there_is_one(county: None) -> None:
    paid = rolled(names=NAMES[:2], accounts=1)
    roll = paid.send(paid.desk.prepare(DECEMBER))
    clerk = as_staff(paid.desk.clerk)
    shown = text_of(clerk.get(reverse("benefits:roll", args=[roll.pk])))
    assert "1户（515.00元）没有在用的发放账户" in shown
    assert "登记账户" in text_of(clerk.get(reverse("benefits:failed")))
    take(paid, roll, GOOD[0])
    paid.account(paid.families[1], ACCOUNTS[1], holder="汪美玲", on=ON)
    as_staff(paid.desk.officer).post(reverse("benefits:reissue", args=[roll.pk]))
    assert [line.head_name for line in MonthlyRoll.objects.get(kind="reissue").lines.all()] == ["汪美玲"]
