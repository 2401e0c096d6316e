"""Making the roll of a month (生成发放册) from the awards in force, again as often as it takes until it is frozen."""

import calendar
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from benefits.models import MonthlyRoll, RollEventKind, RollKind, RollState
from benefits.rules.months import first_month, months_after
from benefits.services.rolls.filling import clear, fill
from benefits.services.rolls.standing import OPEN, RollRefused, note
from eligibility.queries import further_value
from eligibility.rules.further_parameters import RECOUPMENT_SHARE, ROLL_CUT_OFF_DAY
from foundation.money import in_figures
from foundation.trail import because
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import Scheme
from organizations.permissions import Permission, check_can_act

PAID_SCHEMES = (Scheme.DIBAO, Scheme.TEKUN)
"""Schemes that are paid by the month."""
_CODES = {Scheme.DIBAO.value: "DB", Scheme.TEKUN.value: "TK"}
_EVER = date(1, 1, 1)


class NothingOwed(RollRefused):
    """No award of the township is owed anything for the month that it has not been given."""


@transaction.atomic
def prepare_roll(month: date, scheme: str, township: Area, *, by: Staff, on: date) -> MonthlyRoll:
    """Make a township's roll of a month and scheme (生成), or make it again (重新生成); handbook 保障(三) 资金监管.

    Each line is what the award is owed by what was decided up to the cut-off day, with back payment (补发) and approved
    recoupment (追回) by month, and the family as it stands. Making it again takes back the signatures, writes the lines
    anew from the decisions, and changes none of these.

    :param month: first day of the month that is paid; not after the month after ``on``.
    :raises NotPermitted: no right to make rolls in the township.
    :raises NothingOwed: nobody is owed anything.
    :raises RollRefused: it is frozen, an earlier month is not yet, or it is too early.
    """
    if month.day != 1 or scheme not in PAID_SCHEMES or township.level != AreaLevel.TOWNSHIP:
        raise ValueError("a roll is of a month, a paid scheme and a township")
    check_can_act(by, Permission.PREPARE_ROLL, area=township)
    if month > first_month(on):
        raise RollRefused(f"还没有到生成{month:%Y年%-m月}发放册的时候；最早在上一个月生成。", field="month")
    _check_in_order(month, scheme, township)
    with because("生成发放册"):
        roll = _begin(month, scheme, township, by=by, on=on)
        fill(roll, since=_since(roll), share=further_value(RECOUPMENT_SHARE, area=township, on=on))
    if not roll.line_count:
        raise NothingOwed(f"{township.name}{month:%Y年%-m月}没有应发的{roll.get_scheme_display()}待遇。")
    return roll


def cut_off_day(month: date, township: Area, *, on: date) -> date:
    """The day up to which confirmations count for a month's roll (截止日): in the month before, by parameter.

    A roll that is made earlier knows only what is decided by then.
    """
    before = months_after(month, -1)
    day = further_value(ROLL_CUT_OFF_DAY, area=township, on=on)
    last = calendar.monthrange(before.year, before.month)[1]
    return min(before.replace(day=min(day, last)), on)


def next_number(month: date, scheme: str, township: Area) -> str:
    """FF202612-DB-101-1: month, scheme, township, and which roll of theirs it is."""
    earlier = MonthlyRoll.objects.filter(month=month, scheme=scheme, area=township).count()
    return f"FF{month:%Y%m}-{_CODES[scheme]}-{township.code[6:]}-{earlier + 1}"


def _check_in_order(month: date, scheme: str, township: Area) -> None:
    waiting = MonthlyRoll.objects.filter(
        scheme=scheme, area=township, kind=RollKind.REGULAR, state__in=OPEN, month__lt=month
    ).first()
    if waiting is not None:
        raise RollRefused(
            f"{waiting.month:%Y年%-m月}的发放册（{waiting.number}）还没有定册；请先办完或作废，再生成以后月份的。"
        )


def _begin(month: date, scheme: str, township: Area, *, by: Staff, on: date) -> MonthlyRoll:
    """The roll without lines, prepared by this person."""
    rolls = MonthlyRoll.objects.select_for_update(of=("self",)).filter(
        month=month, scheme=scheme, area=township, kind=RollKind.REGULAR
    )
    roll = rolls.exclude(state=RollState.VOIDED).first()
    cut_off = cut_off_day(month, township, on=on)
    if roll is None:
        roll = _create(month, scheme, township, cut_off, by=by, on=on)
        note(roll, RollEventKind.PREPARED, by=by, on=on)
        return roll
    if roll.state not in OPEN:
        raise RollRefused(
            f"发放册{roll.number}{roll.get_state_display()}，不能重新生成；要更正的在以后月份补发或追回。"
        )
    words = f"原{roll.line_count}户，{in_figures(roll.total_amount)}元，{roll.get_state_display()}"
    clear(roll)
    take_back_signatures(roll)
    roll.prepared_by, roll.prepared_on, roll.cut_off_on = by, on, cut_off
    roll.save()
    note(roll, RollEventKind.PREPARED_AGAIN, by=by, on=on, words=words)
    return roll


def _create(month: date, scheme: str, township: Area, cut_off: date, *, by: Staff, on: date) -> MonthlyRoll:
    try:
        with transaction.atomic():
            return MonthlyRoll.objects.create(
                number=next_number(month, scheme, township),
                month=month,
                scheme=scheme,
                area=township,
                cut_off_on=cut_off,
                prepared_by=by,
                prepared_on=on,
            )
    except IntegrityError as error:
        raise RollRefused("这本发放册刚刚由别人生成，请刷新页面。") from error


def take_back_signatures(roll: MonthlyRoll) -> None:
    """Back to prepared (已生成): whoever checked it checks it again. The caller saves."""
    roll.state = RollState.PREPARED
    roll.township_checked_by = roll.township_checked_on = None
    roll.county_checked_by = roll.county_checked_on = None
    roll.finance_checked_by = None


def _since(roll: MonthlyRoll) -> date:
    """From which day on a decision may have left an earlier month paid too little: the earliest of the last cut-offs.

    Of this township's last roll, and of every township's of the month before, since awards move.
    """
    rolls = MonthlyRoll.objects.filter(scheme=roll.scheme, kind=RollKind.REGULAR, month__lt=roll.month)
    rolls = rolls.exclude(state=RollState.VOIDED)
    own = rolls.filter(area=roll.area).aggregate(last=Max("month"))["last"]
    if own is None:
        return _EVER
    days = rolls.filter(area=roll.area, month=own) | rolls.filter(month=months_after(roll.month, -1))
    return days.aggregate(first=Min("cut_off_on"))["first"] or _EVER
