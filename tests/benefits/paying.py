"""Months paid for tests: who makes, checks and freezes rolls, and what came of it for an award."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from benefits import services
from benefits.models import Award, AwardVersion, MonthlyRoll, RollLine
from benefits.rules.months import months_after
from benefits.services import AwardChange, CoveredPerson, rolls
from households import services as households
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.crews import county_data
from tests.support.factories import area, make_staff
from tests.support.replay import told_once

LINXI, HUAYANG = "341824101", "341824100"
SINCE = date(2026, 1, 1)


@dataclass(frozen=True)
class Desk:
    """Who pays the families of a township."""

    clerk: Staff
    officer: Staff
    lead: Staff
    approver: Staff
    finance: Staff
    township: str = LINXI

    def prepare(self, month: date, *, on: date | None = None, scheme: str = "dibao", code: str = "") -> MonthlyRoll:
        """Made on the last day but three of the month before, where no day is given."""
        day = on or months_after(month, -1).replace(day=26)
        return rolls.prepare_roll(month, scheme, area(code or self.township), by=self.officer, on=day)

    def freeze(self, roll: MonthlyRoll, *, on: date | None = None) -> MonthlyRoll:
        """All three sign."""
        day = on or roll.prepared_on
        rolls.check_roll_township(roll, opinion="核对无误", by=self.lead, on=day)
        rolls.check_roll_county(roll, opinion="同意", by=self.approver, on=day)
        return rolls.freeze_roll(roll, opinion="同意拨付", by=self.finance, at=instant(day))

    def pay(self, *months: date, scheme: str = "dibao", code: str = "") -> list[MonthlyRoll]:
        """Make and freeze the rolls of some months, in order."""
        return [self.freeze(self.prepare(month, scheme=scheme, code=code)) for month in months]


def instant(day: date) -> datetime:
    return datetime.combine(day, time(2), tzinfo=UTC)


@told_once
def desk(township: str = LINXI, **same: Staff) -> Desk:
    county_data()
    known = {
        "clerk": (Role.TOWNSHIP_OFFICER, township, "程晓燕"),
        "officer": (Role.COUNTY_OFFICER, "341824", "许文斌"),
        "lead": (Role.TOWNSHIP_APPROVER, township, "章建国"),
        "approver": (Role.COUNTY_APPROVER, "341824", "方文娟"),
        "finance": (Role.FINANCE_OFFICER, "341824", "洪立新"),
    }
    made = {
        key: same.get(key) or make_staff(role, code, name=name, on=SINCE) for key, (role, code, name) in known.items()
    }
    return Desk(**made, township=township)


def with_account(family: Household, by: Staff, *, holder: str = "胡德旺", on: date = date(2026, 11, 1)) -> Household:
    households.set_bank_account(family, bank="绩溪农商银行", account="6217000010012345674", holder=holder, by=by, on=on)
    return family


def change(
    award: Award,
    amount: str,
    persons: Sequence[CoveredPerson],
    *,
    from_month: date,
    on: date,
    by: Staff,
    kind: str = "raise",
) -> AwardVersion:
    """Another sum from a month on, decided on a day."""
    terms = AwardChange(kind, Decimal(amount), persons, "B", "household")
    return services.change_award(award, change=terms, from_month=from_month, reason="复核调整", by=by, on=on)


def line_of(award: Award, month: date) -> RollLine | None:
    return RollLine.objects.filter(award=award, month=month, reissue_of=None).first()


def amounts(award: Award, month: date) -> tuple[Decimal, ...]:
    """Base, top-up, back payment, recoupment and sum of an award's line of a month; nothing where it has none."""
    row = line_of(award, month)
    if row is None:
        return ()
    return (row.base_amount, row.topup_amount, row.back_payment_amount, row.recoupment_amount, row.amount)


def items(award: Award, month: date) -> list[tuple[str, date, Decimal]]:
    row = line_of(award, month)
    return list(row.items.values_list("kind", "for_month", "amount").order_by("kind", "for_month")) if row else []
