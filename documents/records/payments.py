"""发放花名册: what a township's families are paid in a month, for the signatures of township, county and finance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import Record

ROWS_A_SHEET = 15
_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class RosterRow:
    """One payment: village, head, payee, the account's last four characters, persons, and the sum; yuan."""

    village: str
    head: str
    payee: str
    account: str
    persons: int
    base: Decimal
    topup: Decimal = _NOTHING
    back_payment: Decimal = _NOTHING
    recoupment: Decimal = _NOTHING
    state: str = ""

    @property
    def amount(self) -> Decimal:
        return self.base + self.topup + self.back_payment - self.recoupment


@dataclass(frozen=True)
class RosterSum:
    """Families, persons and yuan of some rows."""

    families: int
    persons: int
    base: Decimal
    topup: Decimal
    back_payment: Decimal
    recoupment: Decimal
    amount: Decimal


@dataclass(frozen=True)
class RosterSheet:
    """One page: its rows with their numbers, their sum (本页合计) and the sum of all pages until here (累计)."""

    rows: tuple[tuple[int, RosterRow], ...]
    own: RosterSum
    running: RosterSum
    is_last: bool


@dataclass(frozen=True)
class PaymentRoster(Record):
    """发放花名册; handbook 附录A. Rows stand in the order in which they are printed: by village."""

    kind: ClassVar[DocumentKind] = DocumentKind.PAYMENT_ROSTER
    number: str
    township: str
    scheme: str
    month: date
    printed_on: date
    rows: tuple[RosterRow, ...]
    prepared: str = ""
    """Who and when, as are the three below; empty for a signature still to come."""
    township_checked: str = ""
    county_checked: str = ""
    finance_checked: str = ""

    @property
    def total(self) -> RosterSum:
        return _sum_of(self.rows)

    def sheets(self) -> Iterator[RosterSheet]:
        """The pages one after the other; one without rows where there are none."""
        last = max(len(self.rows) - 1, 0) // ROWS_A_SHEET
        for place in range(last + 1):
            start, end = place * ROWS_A_SHEET, (place + 1) * ROWS_A_SHEET
            rows = self.rows[start:end]
            yield RosterSheet(
                rows=tuple(enumerate(rows, start=start + 1)),
                own=_sum_of(rows),
                running=_sum_of(self.rows[:end]),
                is_last=place == last,
            )


def _sum_of(rows: tuple[RosterRow, ...]) -> RosterSum:
    return RosterSum(
        families=len(rows),
        persons=sum(row.persons for row in rows),
        base=sum((row.base for row in rows), _NOTHING),
        topup=sum((row.topup for row in rows), _NOTHING),
        back_payment=sum((row.back_payment for row in rows), _NOTHING),
        recoupment=sum((row.recoupment for row in rows), _NOTHING),
        amount=sum((row.amount for row in rows), _NOTHING),
    )
