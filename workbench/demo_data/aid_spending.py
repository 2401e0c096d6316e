"""Spending (支出型) of the demo: a family in 低保 for long whose hospital bill is handled as a case."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from eligibility.rules.choices import AidCause, AidGrade
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.rules.amounts import suggest
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import deciding, expenditure, opening
from temporary_aid.services.opening import AidData, HardshipData, Recipient
from workbench.demo_data.aid_plans import CHANGAN
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily
from workbench.demo_data.times import office_hour

_PAID = Decimal("42600.00")
"""自付支出, yuan."""


def make_spending(families: Sequence[DemoFamily], offices: Offices, *, on: date) -> list[TemporaryAid]:
    """The first family of long standing of 长安镇 applies for its hospital bill; its case is drafted."""
    own = [family for family in families if family.household.area.code.startswith(CHANGAN)]
    if not own:
        return []
    household, head = own[0].household, own[0].members[0]
    at, clerk = office_hour(on - timedelta(days=2)), offices.township(own[0].household.area, 1)
    data = AidData(
        household.area,
        Recipient(household=household, applicant=head),
        HardshipData(
            kind="expenditure",
            cause="medical",
            occurred_on=on - timedelta(days=40),
            situation="户主住院手术，医保报销以后自付四万二千六百元，向亲戚借了三万元，家里生活困难。",
            grade="moderate",
            occurred_place="县人民医院",
            self_paid_amount=_PAID,
        ),
    )
    aid = opening.open_aid(data, by=clerk, at=at)
    terms = aid_terms(household.area, on=on)
    amount = suggest(terms.expenditure, cause=AidCause.MEDICAL, grade=AidGrade.MODERATE, self_paid_amount=_PAID).amount
    plan = deciding.ProposalData("moderate", [PlannedStage("money", amount)], "情况属实，拟一次发放。")
    deciding.keep_plan(aid, plan, by=clerk, at=at + timedelta(minutes=20))
    expenditure.open_expenditure(aid, by=clerk, at=at + timedelta(minutes=30))
    return [aid]
