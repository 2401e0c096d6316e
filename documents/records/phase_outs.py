"""Papers of 渐退 after its start: the reminder a month before the end, and the notice that it has ended."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import Record


@dataclass(frozen=True)
class PhaseOutReminder(Record):
    """渐退到期提醒: which month is the last paid one, from when nothing is paid, and whom to tell of less income."""

    kind: ClassVar[DocumentKind] = DocumentKind.PHASE_OUT_REMINDER
    body: str
    applicant: str
    village: str
    matter: str
    award_number: str
    case_number: str
    decided_on: date
    first_month: date
    last_month: date
    stops_on: date
    monthly_amount: Decimal
    window: str
    telephone: str


@dataclass(frozen=True)
class PhaseOutEndNotice(Record):
    """渐退到期停发通知: facts and figures of the decision, months, clauses, what else may be asked for, remedies.

    :param per_capita_monthly: income a head as the decision found it, yuan; None where no assessment is on record.
    :param times: how many times the standard that is, cut to two places.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.PHASE_OUT_END_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    award_number: str
    case_number: str
    decided_on: date
    reason: str
    per_capita_monthly: Decimal | None
    standard: Decimal | None
    times: str
    months: int
    first_month: date
    last_month: date
    stops_on: date
    last_amount: Decimal
    may_claim: tuple[str, ...]
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class PhaseOutRevoked(Record):
    """撤销渐退通知书: that the award does not end any more, why, from when it is paid whole, and how much; yuan."""

    kind: ClassVar[DocumentKind] = DocumentKind.PHASE_OUT_REVOKED
    body: str
    applicant: str
    village: str
    matter: str
    award_number: str
    case_number: str
    decided_on: date
    first_month: date
    last_month: date
    revoked_on: date
    reason: str
    from_month: date
    monthly_amount: Decimal
    contact: str
    telephone: str
    reconsideration_body: str
