"""送银行: a frozen roll goes to the bank; from then on its answers are recorded."""

from datetime import date

from django.db import transaction

from benefits.models import LineState, MonthlyRoll, RollEvent, RollEventKind, RollState
from foundation.errors import ServiceError
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


class NotSendable(ServiceError):
    """The roll cannot go to the bank now."""


@transaction.atomic
def send_roll(roll: MonthlyRoll, *, by: Staff, on: date) -> MonthlyRoll:
    """Record that a frozen roll went to the bank (送银行); a roll of held lines only has nothing to send.

    :raises NotPermitted: the person may not record payments of the township.
    :raises NotSendable: it is not frozen, was sent before, or no line can be paid.
    """
    roll = MonthlyRoll.objects.select_for_update(of=("self",)).select_related("area").get(pk=roll.pk)
    check_can_act(by, Permission.RECORD_PAYMENT, area=roll.area)
    if roll.state != RollState.FROZEN:
        raise NotSendable(f"发放册{roll.number}现在是“{roll.get_state_display()}”，不能送银行；请刷新页面后再看。")
    waiting = roll.lines.filter(state=LineState.WAITING).count()
    if not waiting:
        raise NotSendable("册上的家庭都没有发放账户，没有可以送银行的；请先补登账户，再办重发。")
    roll.state = RollState.SENT
    with because("送银行"):
        roll.save(update_fields=["state"])
    RollEvent.objects.create(roll=roll, kind=RollEventKind.SENT, on=on, by=by, note=f"{waiting}户")
    return roll
