"""核实账户: the bank refused a payment though the account is right; it may be issued anew to the same account."""

from datetime import date

from django.db import transaction

from benefits.models import LineState, RollEvent, RollEventKind, RollLine
from foundation.errors import ServiceError
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


class NotConfirmable(ServiceError):
    """The payment did not fail, or not to an account that is in use."""


@transaction.atomic
def confirm_account(line: RollLine, *, note: str, by: Staff, on: date) -> RollLine:
    """Confirm that the account of a payment that failed is right (账户无误), by who registers the family.

    :param note: what the bank and the family say.
    :raises NotPermitted: the person does not register families there.
    :raises NotConfirmable: it did not fail, was issued anew or confirmed, its account is ended, or nothing is said.
    """
    row = (
        RollLine.objects.select_for_update(of=("self",))
        .select_related("household__area", "bank_account")
        .get(pk=line.pk)
    )
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=row.household.area)
    if row.state != LineState.FAILED or row.account_confirmed_on is not None:
        raise NotConfirmable("这一笔没有失败，或者账户已经核实过。")
    if row.bank_account is None or row.bank_account.ended_on is not None:
        raise NotConfirmable("原来的账户已经停用；家庭现在的账户可以直接重发。")
    if not note.strip():
        raise NotConfirmable("请写明与银行、家庭核实的情况。", field="note")
    row.account_confirmed_by, row.account_confirmed_on, row.account_note = by, on, note.strip()[:200]
    with because("核实账户", note):
        row.save(update_fields=["account_confirmed_by", "account_confirmed_on", "account_note"])
    words = f"{row.head_name}：账户无误，{row.account_note}"
    RollEvent.objects.create(roll_id=row.roll_id, kind=RollEventKind.ACCOUNT_CONFIRMED, on=on, by=by, note=words[:500])
    return row
