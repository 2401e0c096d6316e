"""调整通知书 after 提标: what a new standard makes of one family's award."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import CoveredRow, Record


@dataclass(frozen=True)
class UpliftNotice(Record):
    """调整通知书 after 提标: the standard's document, the sums before and after, from when, and what is paid back.

    :param money: what the money is called.
    :param standards: each figure that changed, with its document.
    :param working: sentences of the sum as it was worked out.
    :param back_months: months already paid by the old standard.
    :param back_payment_amount: what they lack in all, yuan; paid with the next roll.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.UPLIFT_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    money: str
    award_number: str
    uplift_number: str
    standards: tuple[str, ...]
    decided_on: date
    before_amount: Decimal
    after_amount: Decimal
    first_month: date
    category: str
    persons: tuple[CoveredRow, ...]
    working: tuple[str, ...]
    back_months: int
    back_from: date | None
    back_to: date | None
    back_payment_amount: Decimal
    clause: str
    contact: str
    telephone: str
    reconsideration_body: str

    @property
    def difference(self) -> Decimal:
        """What is paid more a month, below nothing where it is less; yuan."""
        return self.after_amount - self.before_amount

    @property
    def distance(self) -> Decimal:
        """By how much, without its sign."""
        return abs(self.difference)
