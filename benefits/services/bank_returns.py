"""回盘: a bank's return is read and looked at first, then taken whole or as far as it fits; each only once."""

from __future__ import annotations  # File takes no subscript at run time

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from benefits.models import (
    BankReturn,
    BankReturnRow,
    LineState,
    MonthlyRoll,
    ReturnState,
    RollEvent,
    RollEventKind,
    RollLine,
    RollState,
)
from benefits.queries.returns import summary_of
from benefits.rules.bank_returns import (
    OMITTED,
    Fault,
    Matching,
    NoHeadings,
    ReturnRow,
    SentLine,
    match_rows,
    read_return,
)
from benefits.services.bouncing import bounce_lines
from foundation.crypto import blind_index, normal_form, sm3_hex
from foundation.errors import ServiceError
from foundation.money import in_figures
from foundation.trail import because
from foundation.uploaded_tables import read_table
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act

_LONGEST_NAME = 60
_REISSUED_IN_DOUBT = "认定回盘缺项以后已重发；银行报成功的，请马上与银行核实，止付或者收回重发的一笔"


class NotTakable(ServiceError):
    """The return cannot be read or taken."""


@transaction.atomic
def read_bank_return(roll: MonthlyRoll, *, upload: File[Any], by: Staff, on: date) -> BankReturn:
    """Read a bank's return (上传回盘) and match it; nothing of the roll changes yet.

    An earlier file of the roll that was not taken is put aside.

    :raises NotPermitted: the person may not record payments of the township.
    :raises NotTakable: the roll was not sent to the bank, the file cannot be read, or it was taken before.
    """
    roll = _locked(roll, by=by)
    table = _table_of(upload)
    upload.seek(0)
    digest = sm3_hex(upload.read())
    if taken := roll.returns.filter(digest=digest, state=ReturnState.TAKEN).first():
        raise NotTakable(f"这份回盘{taken.taken_on:%Y年%-m月%-d日}已经登记过，没有重复登记。", field="file")
    try:
        read = read_return(table)
    except NoHeadings as error:
        raise NotTakable(str(error), field="file") from error
    if not read.row_count:
        raise NotTakable("表头下面没有内容，请重新选择。", field="file")
    with because("上传银行回盘"):
        _put_aside(roll)
        draft = BankReturn.objects.create(
            roll=roll, file_name=(upload.name or "回盘")[-120:], digest=digest, uploaded_by=by, uploaded_on=on
        )
    keyed = [_keyed(row) for row in read.rows]
    matching = match_rows(keyed, _sent_lines(roll))
    BankReturnRow.objects.bulk_create(_rows(draft, read.rows, read.faults, matching))
    return draft


@transaction.atomic
def take_bank_return(draft: BankReturn, *, only_good: bool, by: Staff, on: date) -> BankReturn:
    """Record what the bank answered (登记回盘): paid, or failed with the reason; of each line once.

    :param only_good: take the rows that fit and leave the others; else one bad row refuses all of it.
    :raises NotPermitted: the person may not record payments of the township.
    :raises NotTakable: rows are wrong and all was wanted, nothing fits, or somebody recorded some of it meanwhile.
    """
    roll = _locked(draft.roll, by=by)
    draft = BankReturn.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if draft.state == ReturnState.DROPPED:
        raise NotTakable("后来又上传了一份回盘，这一份没有采用；请到最新的一份登记。")
    if draft.state == ReturnState.TAKEN:
        raise NotTakable(f"这份回盘{draft.taken_on:%Y年%-m月%-d日}已经登记过，没有重复登记。")
    found = summary_of(draft)
    if found.faults and not only_good:
        raise NotTakable(f"有{found.faults}行不符，没有登记。请改正后重新上传，或选“只登记相符的行”。", field="take")
    if not found.fitting:
        raise NotTakable("没有一行相符，没有登记。请核对是不是这本发放册的回盘。", field="take")
    with because("登记银行回盘"):
        _record_results(draft, expected=found.fitting, by=by, on=on)
        draft.state, draft.taken_by, draft.taken_on, draft.only_good = ReturnState.TAKEN, by, on, only_good
        draft.save(update_fields=["state", "taken_by", "taken_on", "only_good"])
        if not roll.lines.filter(state=LineState.WAITING).exists():
            roll.state = RollState.SETTLED
            roll.save(update_fields=["state"])
    note = f"{draft.file_name}：成功{found.paid}户{in_figures(found.paid_amount)}元"
    if found.late:
        note += f"（其中认定缺项以后又报成功{found.late}户）"
    if found.failed:
        note += f"，失败{found.failed}户{in_figures(found.failed_amount)}元"
    if found.bounced:
        note += f"（其中退票{found.bounced}户）"
    if found.faults:
        note += f"，{found.faults}行不符未登记"
    RollEvent.objects.create(roll=roll, kind=RollEventKind.BANK_ANSWERED, on=on, by=by, note=note[:500])
    return draft


def _locked(roll: MonthlyRoll, *, by: Staff) -> MonthlyRoll:
    roll = MonthlyRoll.objects.select_for_update(of=("self",)).select_related("area").get(pk=roll.pk)
    check_can_act(by, Permission.RECORD_PAYMENT, area=roll.area)
    if roll.state not in (RollState.SENT, RollState.SETTLED):
        raise NotTakable("发放册还没有送银行，不能登记回盘。")
    return roll


def _table_of(upload: File[Any]) -> list[list[Any]]:
    try:
        return read_table(upload)
    except ValidationError as error:
        raise NotTakable(error.messages[0], field="file") from error


def _put_aside(roll: MonthlyRoll) -> None:
    roll.returns.filter(state=ReturnState.DRAFT).update(state=ReturnState.DROPPED)


def _keyed(row: ReturnRow) -> ReturnRow:
    """The row with its account as the database looks it up."""
    key = blind_index(normal_form(row.account), purpose="account")
    return ReturnRow(row.number, row.payee, key, row.amount, row.is_paid, row.reason)


def _sent_lines(roll: MonthlyRoll) -> list[SentLine]:
    lines = (
        roll.lines.filter(bank_account__isnull=False)
        .order_by("pk")
        .values_list(
            *("pk", "payee_name", "bank_account__payee_name", "bank_account__account_index", "amount", "state"),
            "failure",
        )
    )
    return [
        SentLine(
            pk=pk,
            payee=payee,
            account=key,
            amount=amount,
            is_open=state == LineState.WAITING,
            standing=_REISSUED_IN_DOUBT if is_omitted and state == LineState.REISSUED else LineState(state).label,
            is_paid=state == LineState.PAID,
            is_omitted=is_omitted and state == LineState.FAILED,
            guardian=guardian,
        )
        for pk, payee, guardian, key, amount, state, failure in lines
        for is_omitted in (failure.startswith(OMITTED),)
    ]


def _rows(
    draft: BankReturn, read: Iterable[ReturnRow], unread: Iterable[Fault], matching: Matching
) -> list[BankReturnRow]:
    why = {fault.number: fault for fault in matching.faults}
    rows = [
        BankReturnRow(
            bank_return=draft,
            number=row.number,
            payee_name=row.payee[:_LONGEST_NAME],
            account_tail=row.account[-4:],
            amount=row.amount,
            is_paid=row.is_paid,
            reason=row.reason,
            line_id=matching.lines.get(row.number),
            fault_column=why[row.number].column if row.number in why else "",
            fault=why[row.number].message if row.number in why else "",
        )
        for row in read
    ]
    return rows + [
        BankReturnRow(
            bank_return=draft,
            number=fault.number,
            payee_name=fault.payee[:_LONGEST_NAME],
            account_tail=fault.account[-4:],
            amount=fault.amount,
            fault_column=fault.column,
            fault=fault.message,
        )
        for fault in unread
    ]


def _record_results(draft: BankReturn, *, expected: int, by: Staff, on: date) -> None:
    answers = draft.rows.filter(line=OuterRef("pk"))
    open_lines = RollLine.objects.filter(roll=draft.roll_id, state=LineState.WAITING)
    awaited = Q(state=LineState.WAITING) | Q(state=LineState.FAILED, failure__startswith=OMITTED)
    paid = RollLine.objects.filter(awaited, roll=draft.roll_id, answers__in=draft.rows.filter(is_paid=True))
    failed = open_lines.filter(answers__in=draft.rows.filter(is_paid=False))
    count = bounce_lines(draft, by=by, on=on)
    count += failed.update(state=LineState.FAILED, failure=Subquery(answers.values("reason")[:1]), settled_on=on)
    count += paid.update(state=LineState.PAID, failure="", settled_on=on)
    if count != expected:
        raise NotTakable("有的付款刚才已由别人登记，请重新上传回盘再看。")
