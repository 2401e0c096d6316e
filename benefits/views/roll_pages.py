"""What the page of a roll shows of its way: the steps with who and when, and the acts that are open to a person."""

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from benefits.forms.roll_acts import ACTS, RollAct
from benefits.models import MonthlyRoll, RollState
from benefits.services.rolls import NEXT_SIGNATURE, can_sign
from foundation.dates import short_chinese_date
from foundation.pages import Step
from organizations.models import Staff
from organizations.permissions import can_act

_WAY = (
    RollState.PREPARED,
    RollState.TOWNSHIP_CHECKED,
    RollState.COUNTY_CHECKED,
    RollState.FROZEN,
    RollState.SENT,
    RollState.SETTLED,
)
_WAITING = {
    RollState.PREPARED: "等乡镇核对",
    RollState.TOWNSHIP_CHECKED: "等县民政局审核",
    RollState.COUNTY_CHECKED: "等县财政局复核",
    RollState.FROZEN: "等送银行",
    RollState.SENT: "等银行回盘",
}


def roll_steps(roll: MonthlyRoll) -> list[Step]:
    """The way of a roll with who and when; what it waits for is the step of now."""
    if roll.state == RollState.VOIDED:
        note = _signed(roll.voided_by, roll.voided_on)
        return [
            Step(RollState.PREPARED.label, _signed(roll.prepared_by, roll.prepared_on), "done"),
            Step(RollState.VOIDED.label, note, "stopped"),
        ]
    notes = {
        RollState.PREPARED: _signed(roll.prepared_by, roll.prepared_on),
        RollState.TOWNSHIP_CHECKED: _signed(roll.township_checked_by, roll.township_checked_on),
        RollState.COUNTY_CHECKED: _signed(roll.county_checked_by, roll.county_checked_on),
        RollState.FROZEN: _signed(roll.finance_checked_by, roll.frozen_at),
    }
    place = _WAY.index(RollState(roll.state))
    steps = []
    for number, state in enumerate(_WAY):
        is_next = number == place + 1
        note = notes.get(state, "") if number <= place else _WAITING[_WAY[place]] if is_next else ""
        steps.append(Step(state.label, note, "done" if number <= place else "now" if is_next else ""))
    return steps


def _signed(by: Staff | None, when: date | datetime | None) -> str:
    if by is None or when is None:
        return ""
    day = timezone.localdate(when) if isinstance(when, datetime) else when
    return f"{by.name} {short_chinese_date(day)}"


@dataclass(frozen=True)
class Offer:
    """An act that the page offers: with its address, or with why this person may not do it."""

    act: RollAct
    url: str
    why_not: str = ""


@dataclass(frozen=True)
class Offers:
    """The next act (one primary button, or why there is none) and the others."""

    primary: Offer | None
    others: tuple[Offer, ...]


def offered(roll: MonthlyRoll, *, staff: Staff, on: date) -> Offers:
    """What this person may do with the roll as it stands."""
    fitting = [
        act
        for act in ACTS.values()
        if act.fits(roll) and any(can_act(staff, permission, area=roll.area) for permission in act.permissions)
    ]
    primary, others = None, []
    for act in fitting:
        url = reverse("benefits:act_on_roll", args=[roll.pk, act.name])
        if act.name == "return" and not can_act(staff, NEXT_SIGNATURE[roll.state], area=roll.area):
            continue
        if act.signs and not can_sign(roll, by=staff, on=on):
            primary = Offer(act, "", "您已办过这本发放册的一步，或与办过的人互为代理，须由另一人办理")
        elif act.signs or act.name == "send":
            primary = Offer(act, url)
        else:
            others.append(Offer(act, url))
    return Offers(primary, tuple(others))
