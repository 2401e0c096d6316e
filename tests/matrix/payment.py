"""Who may go through which door of the monthly payment (待遇发放): rolls, returns, funds, the list of awards."""

from datetime import date
from typing import Any

from benefits.models import Award, BankReturn, MonthlyRoll
from benefits.services.bank_returns import read_bank_return
from benefits.services.recouping import propose_recoupment
from benefits.services.sending import send_roll
from foundation.trail import acting
from organizations.permissions import Permission
from tests.benefits.rolled import ACCOUNTS, Rolled, answer, rolled
from tests.matrix.rule import BOTH, POST, Rule, any_of
from tests.matrix.world import MORNING, World
from tests.support.crews import LINXI

P = Permission
SEE, EXPORT, PREPARE = any_of(P.VIEW_ROLL), any_of(P.EXPORT), any_of(P.PREPARE_ROLL)
BANK = any_of(P.RECORD_PAYMENT)
RECOUP = any_of(P.MANAGE_RECOUPMENT)
SIGN = any_of(P.CHECK_ROLL_TOWNSHIP, P.CHECK_ROLL_COUNTY, P.CHECK_ROLL_FINANCE)
MONEY = any_of(P.MANAGE_FUND_PLAN, P.PREPARE_ROLL, P.CHECK_ROLL_COUNTY, P.VIEW_TRAIL)
ACTS = {
    "check-township": any_of(P.CHECK_ROLL_TOWNSHIP),
    "check-county": any_of(P.CHECK_ROLL_COUNTY),
    "freeze": any_of(P.CHECK_ROLL_FINANCE),
    "send": BANK,
    "return": SIGN,
    "prepare": PREPARE,
    "void": PREPARE,
    "omitted": BANK,
    "confirm-omitted": any_of(P.CHECK_ROLL_COUNTY),
    "drop-omitted": any_of(P.CHECK_ROLL_COUNTY, P.RECORD_PAYMENT),
}
"""Whom each act on a roll is for; what else it asks (the step, different people) is told on the page."""


_made: list[tuple[Rolled, MonthlyRoll]] = []


def _prepared() -> tuple[Rolled, MonthlyRoll]:
    """One roll a test, however many doors ask for it: a month is rolled once."""
    if not _made or not MonthlyRoll.objects.filter(pk=_made[-1][1].pk).exists():
        made = rolled(LINXI, names=("唐玉兰",), accounts=1, decided_on=date(2026, 9, 10))
        _made[:] = [(made, made.desk.prepare(date(2026, 10, 1), on=MORNING.date()))]
    made, roll = _made[-1]
    roll.refresh_from_db()
    return made, roll


def _frozen() -> tuple[Rolled, MonthlyRoll]:
    made, roll = _prepared()
    return made, roll if roll.is_frozen else made.desk.freeze(roll)


def _roll(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        return [{"pk": _prepared()[1].pk}]


def _line(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        return [{"pk": _prepared()[1].lines.order_by("pk")[0].pk}]


def _return(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        made, roll = _frozen()
        if found := BankReturn.objects.filter(roll=roll).first():
            return [{"pk": found.pk}]
        sent = send_roll(roll, by=made.desk.finance, on=MORNING.date())
        upload = answer((1, "唐玉兰", ACCOUNTS[0], "515.00", "成功", ""))
        return [{"pk": read_bank_return(sent, upload=upload, by=made.desk.finance, on=MORNING.date()).pk}]


def _overpaid() -> tuple[Rolled, Award]:
    """An award whose person died before the month that was paid."""
    made, _roll = _frozen()
    person = made.families[0].members.get(relation="head").person
    person.died_on = date(2026, 9, 12)
    person.save()
    return made, made.awards[0]


def _award(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        return [{"pk": _overpaid()[1].pk}]


def _recoupment(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        made, award = _overpaid()
        if found := award.recoupments.first():
            return [{"pk": found.pk}]
        entered = propose_recoupment(award, reason="死亡后发放", by=made.desk.officer, on=MORNING.date())
        return [{"pk": entered.pk}]


def _act(name: str) -> Any:
    return lambda world: [found | {"name": name} for found in _roll(world)]


PAYMENT = {
    "list": Rule(any_of(P.VIEW_AWARD)),
    "export": Rule(EXPORT, methods=POST),
    "rolls": Rule(SEE),
    "export_rolls": Rule(EXPORT, methods=POST),
    "prepare_rolls": Rule(PREPARE, methods=BOTH),
    "compare": Rule(SEE),
    "export_comparison": Rule(EXPORT, methods=POST),
    "failed": Rule(SEE),
    "export_failed": Rule(EXPORT, methods=POST),
    "roll_line": Rule(SEE, SEE, None, _line),
    "confirm_account": Rule(any_of(P.REGISTER_HOUSEHOLD), SEE, any_of(P.REGISTER_HOUSEHOLD), _line, BOTH),
    "record_bounced": Rule(BANK, SEE, BANK, _line, BOTH),
    "bank_return": Rule(BANK, BANK, None, _return, BOTH),
    "roll": Rule(SEE, SEE, None, _roll),
    "export_lines": Rule(EXPORT, SEE, EXPORT, _roll, POST),
    "bank_file": Rule(BANK, SEE, BANK, _roll, BOTH),
    "roster": Rule(SEE, SEE, None, _roll, POST),
    "upload_return": Rule(BANK, SEE, BANK, _roll, BOTH),
    "reissue": Rule(PREPARE, SEE, PREPARE, _roll, POST),
    "overpaid": Rule(SEE),
    "export_overpaid": Rule(EXPORT, methods=POST),
    "recoupments": Rule(SEE),
    "propose_recoupment": Rule(RECOUP, RECOUP, None, _award, BOTH),
    "recoupment": Rule(SEE, SEE, None, _recoupment),
    "approve_recoupment": Rule(any_of(P.CONFIRM), SEE, any_of(P.CONFIRM), _recoupment, POST),
    "give_back": Rule(RECOUP, SEE, RECOUP, _recoupment, BOTH),
    "void_recoupment": Rule(RECOUP | any_of(P.CONFIRM), SEE, RECOUP | any_of(P.CONFIRM), _recoupment, BOTH),
    "funds": Rule(MONEY),
    "export_funds": Rule(MONEY, methods=POST),
    "fund_plan": Rule(
        any_of(P.MANAGE_FUND_PLAN), kwargs=lambda world: [{"year": 2026, "scheme": "dibao"}], methods=BOTH
    ),
    **{
        f"act_on_roll {name}": Rule(PREPARE | SIGN | BANK, SEE, needs, _act(name), BOTH) for name, needs in ACTS.items()
    },
}
"""By the name of the URL, and of the act behind it."""
