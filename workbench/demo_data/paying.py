"""Paying and reviewing: awards of long standing, the monthly rolls of the past months, and what is under way today."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from benefits.models import Award, FundSource, LineState, MonthlyRoll, RollLine
from benefits.rules.months import first_month, months_after
from benefits.services import CoveredPerson, grant_award, rolls, start_phase_out, suspend_award
from benefits.services.bank_returns import read_bank_return, take_bank_return
from benefits.services.funds import save_fund_plan
from benefits.services.sending import send_roll
from dynamic_review.services import plan_reviews
from eligibility.services import store_assessment
from households.models import Household
from organizations.models import Area
from organizations.queries import townships
from workbench.demo_data.longstanding_families import LATE
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily
from workbench.demo_data.times import office_hour

PAID_MONTHS = 3
"""Months that are paid by today, this one the last of them."""
LATE_MONTHS = 13
"""As many for the families whose review is overdue: the longest cycle is a year."""
_PLANNED = {
    "dibao": {FundSource.CENTRAL: 620000, FundSource.PROVINCE: 180000, FundSource.COUNTY: 160000},
    "tekun": {FundSource.CENTRAL: 150000, FundSource.PROVINCE: 60000, FundSource.COUNTY: 90000},
}
"""Yuan a year, invented."""
_FAILURES = ("账号已注销", "户名与账号不符")
_FAILING = ("341824102", "341824101")
"""Townships in which the bank could not pay one family this month."""


@dataclass(frozen=True)
class Signatures:
    """Whose hands a roll of a township goes through."""

    offices: Offices
    township: Area

    def prepare(self, month: date, scheme: str, *, on: date) -> MonthlyRoll | None:
        """The roll of a month; None where nobody is owed anything."""
        try:
            return rolls.prepare_roll(month, scheme, self.township, by=self.offices.county(1), on=on)
        except rolls.NothingOwed:
            return None

    def sign(self, roll: MonthlyRoll, *, on: date, steps: int = 3) -> MonthlyRoll:
        """The first so many of township, county and finance sign."""
        if steps > 0:
            lead = self.offices.township(self.township, 3)
            roll = rolls.check_roll_township(roll, opinion="逐户核对，与在保家庭一致", by=lead, on=on)
        if steps > 1:
            roll = rolls.check_roll_county(roll, opinion="同意发放", by=self.offices.county(3), on=on)
        if steps > 2:
            roll = rolls.freeze_roll(roll, opinion="同意拨付", by=self.offices.county(5), at=office_hour(on))
        return roll

    def settle(self, roll: MonthlyRoll, *, on: date, failing: int = 0) -> None:
        """The bank pays, all but the first so many families."""
        finance = self.offices.county(5)
        if not roll.lines.filter(state=LineState.WAITING).exists():
            return
        roll = send_roll(roll, by=finance, on=on)
        answered = on + timedelta(days=1)
        draft = read_bank_return(roll, upload=_bank_file(roll, failing=failing), by=finance, on=answered)
        take_bank_return(draft, only_good=False, by=finance, on=answered)


def plan_funds(offices: Offices, *, on: date) -> None:
    """Enter what is planned for each scheme in this year and the last (资金计划)."""
    for year in (on.year - 1, on.year):
        for scheme, amounts in _PLANNED.items():
            planned = {source.value: Decimal(amount) for source, amount in amounts.items()}
            save_fund_plan(year, scheme, amounts=planned, note="示例数据", by=offices.county(5))


def decided_on(plan_code: str, *, on: date) -> date:
    """When the award of a family of long standing was decided: in the month before the first that is paid."""
    months = LATE_MONTHS if plan_code.startswith(LATE) else PAID_MONTHS
    return months_after(on.replace(day=1), -months).replace(day=15)


def grant_longstanding(families: Iterable[DemoFamily], offices: Offices, *, on: date) -> list[Award]:
    """Grant what the families of long standing have had for months; what each is paid, its assessment says."""
    return [_grant(family, offices, on=decided_on(family.plan.village_code, on=on)) for family in families]


def _grant(family: DemoFamily, offices: Offices, *, on: date) -> Award:
    household = Household.objects.select_related("area").get(pk=family.household.pk)
    assessment = store_assessment(household, on=on, year=on.year, by=offices.township(household.area, 1))
    found: Mapping[str, Any] = assessment.result["dibao"]
    covered = [member for member in family.members if member.reference in found["persons"]]
    return grant_award(
        scheme="dibao",
        household=household,
        area=household.area,
        monthly_amount=Decimal(found["monthly_amount"]),
        persons=[CoveredPerson(member.person) for member in covered],
        category=found["category"],
        basis=found["basis"],
        reason="系统启用前已在保",
        assessment=assessment,
        decided_by=offices.county(3),
        decided_on=on,
    )


def change_some(awards: Sequence[Award], offices: Offices, *, on: date) -> None:
    """Suspend one award from next month on, and begin to phase another one out."""
    approver, (first, second) = offices.county(3), awards[:2]
    month = first_month(on)
    suspend_award(first, from_month=month, reason="多次联系不上，暂缓发放待核实", by=approver, on=on)
    start_phase_out(
        second,
        months=3,
        suggested_months=3,
        suggestion="就业收入略高于标准，按三个月渐退",
        reason="家庭成员就业，收入超过标准",
        source="示例",
        by=approver,
        on=on,
    )


def pay_months(offices: Offices, *, on: date) -> list[MonthlyRoll]:
    """Make the rolls of the past months, township by township, each signed, paid and answered by the bank."""
    made = []
    for number, township in enumerate(townships()):
        hands = Signatures(offices, township)
        for scheme in rolls.PAID_SCHEMES:
            for month in _months_paid(township, scheme, on=on):
                day = months_after(month, -1).replace(day=26)
                roll = hands.prepare(month, scheme, on=day)
                if roll is None:
                    continue
                roll = hands.sign(roll, on=day + timedelta(days=2))
                failing = township.code in _FAILING and month == on.replace(day=1)
                hands.settle(roll, on=month.replace(day=5), failing=int(failing))
                made.append(roll)
        made += _next_month(hands, number, on=on)
    return made


def _next_month(hands: Signatures, number: int, *, on: date) -> list[MonthlyRoll]:
    """Next month's 低保 roll, of one township at each step, and of the others not begun."""
    if number > 3:
        return []
    roll = hands.prepare(first_month(on), "dibao", on=on)
    return [] if roll is None else [hands.sign(roll, on=on, steps=number)]


def _months_paid(township: Area, scheme: str, *, on: date) -> list[date]:
    awards = Award.objects.filter(area__parent=township, scheme=scheme, starts_month__lte=on)
    first = awards.order_by("starts_month").values_list("starts_month", flat=True).first()
    months = []
    while first is not None and first <= on:
        months.append(first)
        first = months_after(first, 1)
    return months


def _bank_file(roll: MonthlyRoll, *, failing: int) -> SimpleUploadedFile:
    """What the bank sends back: every family by payee, account and sum, the first so many with why it failed."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("代发结果")
    sheet.append(["序号", "户名", "账号", "金额", "结果", "失败原因"])
    lines = RollLine.objects.filter(roll=roll, state=LineState.WAITING).select_related("bank_account").order_by("pk")
    for number, line in enumerate(lines):
        assert line.bank_account is not None  # noqa: S101 -- who waits has an account
        fails = number < failing
        reason = _FAILURES[number % len(_FAILURES)] if fails else ""
        account = line.bank_account.account.reveal()
        sheet.append([number + 1, line.payee_name, account, line.amount, "失败" if fails else "成功", reason])
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile(f"代发回盘{roll.number}.xlsx", content.getvalue())


def make_payments(families: Sequence[DemoFamily], offices: Offices, *, on: date) -> list[MonthlyRoll]:
    """Everything of paying and reviewing, after the cases are told.

    :param families: those of long standing.
    """
    awards = grant_longstanding(families, offices, on=on)
    # Before next month's rolls are made, which else could not be frozen with whom they no longer pay.
    change_some([award for award in awards if award.area.township_code == "341824102"], offices, on=on)
    made = pay_months(offices, on=on)
    plan_funds(offices, on=on)
    plan_reviews(on=on)
    return made
