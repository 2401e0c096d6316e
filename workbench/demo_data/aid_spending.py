"""Spending (支出型) of the demo: families in 低保 for long whose hospital bills are handled as cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from applications.models import Case
from eligibility.rules.choices import AidCause, AidGrade
from organizations.rules.working_days import WorkingCalendar
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.rules.amounts import suggest
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import deciding, expenditure, opening, paying
from temporary_aid.services.opening import AidData, HardshipData, Recipient
from workbench.demo_data.aid_plans import CHANGAN
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily
from workbench.demo_data.stories import SPENT, days_of
from workbench.demo_data.telling import Teller
from workbench.demo_data.times import office_hour


@dataclass(frozen=True)
class Bill:
    """What a family paid of its own (自付支出), yuan, and what for."""

    paid: Decimal
    situation: str
    place: str


_OPERATION = Bill(
    Decimal("42600.00"),
    "户主住院手术，医保报销以后自付四万二千六百元，向亲戚借了三万元，家里生活困难。",
    "县人民医院",
)
_DIALYSIS = Bill(
    Decimal("26800.00"),
    "长期血液透析，今年医保报销和医疗救助以后仍自付二万六千八百元，已停药两周。",
    "宣城市人民医院",
)


def make_spending(
    families: Sequence[DemoFamily], offices: Offices, *, on: date, calendar: WorkingCalendar
) -> list[TemporaryAid]:
    """Two families of long standing of 长安镇 apply for hospital bills: one's case is drafted, the other's is paid."""
    own = [family for family in families if family.household.area.code.startswith(CHANGAN)]
    made = []
    if len(own) > 1:
        made.append(_tell_to_the_money(own[1], offices, on=on, calendar=calendar))
    if own:
        aid, _, _ = _open(own[0], _OPERATION, offices, on=on - timedelta(days=2))
        made.append(aid)
    return made


def _open(family: DemoFamily, bill: Bill, offices: Offices, *, on: date) -> tuple[TemporaryAid, Case, Decimal]:
    """The clerk opens the aid, plans what the county's table proposes, and turns it into a case."""
    household, head = family.household, family.members[0]
    at, clerk = office_hour(on), offices.township(household.area, 1)
    what = HardshipData(
        kind="expenditure",
        cause="medical",
        occurred_on=on - timedelta(days=38),
        situation=bill.situation,
        grade="moderate",
        occurred_place=bill.place,
        self_paid_amount=bill.paid,
    )
    who = Recipient(household=household, applicant=head)
    aid = opening.open_aid(AidData(household.area, who, what), by=clerk, at=at)
    terms = aid_terms(household.area, on=on).expenditure
    amount = suggest(terms, cause=AidCause.MEDICAL, grade=AidGrade.MODERATE, self_paid_amount=bill.paid).amount
    plan = deciding.ProposalData("moderate", [PlannedStage("money", amount)], "情况属实，拟一次发放。")
    deciding.keep_plan(aid, plan, by=clerk, at=at + timedelta(minutes=20))
    case = expenditure.open_expenditure(aid, by=clerk, at=at + timedelta(minutes=30))
    return aid, case, amount


class _SpendingTeller(Teller):
    """Tells the case of an aid, whose amount is proposed with it."""

    def __init__(self, family: DemoFamily, offices: Offices, *, on: date, bill: Bill) -> None:
        super().__init__(family, offices, year=on.year, number=0)
        self.aid, case, self._amount = _open(family, bill, offices, on=on)
        self._intake, self._scheme = case.intake, case.scheme

    def _draft(self, day: date, **changes: Any) -> None:
        super()._draft(day, aid_amount=self._amount, **changes)


def _tell_to_the_money(family: DemoFamily, offices: Offices, *, on: date, calendar: WorkingCalendar) -> TemporaryAid:
    opened, *days = days_of(SPENT, on=on, calendar=calendar)
    teller = _SpendingTeller(family, offices, on=opened, bill=_DIALYSIS)
    for step, day in zip(SPENT.steps[1:], days, strict=True):
        teller.act(step.act, day)
    _pay(teller, to=family, on=days[-1])
    return teller.aid


def _pay(teller: _SpendingTeller, *, to: DemoFamily, on: date) -> None:
    at = office_hour(on, hour=16)
    data = paying.PaymentData(
        method="cash",
        paid_at=at,
        second_hand=teller.second.name,
        received_by=to.plan.people[0].name,
        voucher="记账凭证（示例）",
    )
    paying.pay_stage(teller.aid.stages.get(), data=data, by=teller.clerk, at=at, on=on)
