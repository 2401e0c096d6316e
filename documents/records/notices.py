"""Notices to people and sheets for the village."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import AccountPart, CoveredRow, MissingRow, PublicRow, RecognitionPart, Record, SumPart


@dataclass(frozen=True)
class AcceptanceNotice(Record):
    """受理通知书; ``stages`` where the law sets no term for the whole, and ``due_on`` is their sum (F43)."""

    kind: ClassVar[DocumentKind] = DocumentKind.ACCEPTANCE_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    submitted_on: date
    accepted_on: date
    due_on: date
    due_is_provisional: bool
    confirming_body: str
    contact: str
    telephone: str
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class SupplementNotice(Record):
    """一次性补正告知书; F57 §10."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPLEMENT_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    submitted_on: date
    items: tuple[MissingRow, ...]
    issued_on: date
    due_on: date
    due_is_provisional: bool
    place: str
    contact: str
    telephone: str


@dataclass(frozen=True)
class PublicitySheet(Record):
    """公示; F57 §19."""

    kind: ClassVar[DocumentKind] = DocumentKind.PUBLICITY_SHEET
    body: str
    village: str
    matter: str
    rows: tuple[PublicRow, ...]
    first_day: date
    last_day: date
    place: str
    telephone: str
    is_refusal: bool = False
    status: str = ""
    is_per_person: bool = False
    is_once: bool = False
    """Of 临时救助: the amounts are paid once and not a month."""


@dataclass(frozen=True)
class ApprovalNotice(Record):
    """确认通知书: of an award; with ``recognised`` instead of amounts, 认定通知书."""

    kind: ClassVar[DocumentKind] = DocumentKind.APPROVAL_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    accepted_on: date
    decided_on: date
    basis: str
    category: str
    review_months: int
    persons: tuple[CoveredRow, ...]
    monthly_amount: Decimal | None
    topup_monthly_amount: Decimal
    first_month: date | None
    account: AccountPart | None
    contact: str
    telephone: str
    reconsideration_body: str
    recognised: RecognitionPart | None = None
    is_single_person: bool = False
    others_may_claim: str = ""


@dataclass(frozen=True)
class RefusalNotice(Record):
    """不予确认通知书: facts, sum, clause, what else may be claimed, remedies; F57 §21, F43 §18.

    ``tested``: what was found of each person, where people are recognised one by one.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.REFUSAL_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    accepted_on: date
    decided_on: date
    sum: SumPart | None
    facts_found: str
    reasons: tuple[str, ...]
    clause: str
    may_claim: tuple[str, ...]
    contact: str
    telephone: str
    reconsideration_body: str
    status: str = ""
    is_once: bool = False
    tested: tuple[str, ...] = ()


@dataclass(frozen=True)
class TerminationNotice(Record):
    """终止办理告知书: why the procedure ends without a decision, and what the family may do; F57 §29."""

    kind: ClassVar[DocumentKind] = DocumentKind.TERMINATION_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    submitted_on: date
    terminated_on: date
    applicant_died: bool
    reason: str
    clause: str
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class AnnouncementSheet(Record):
    """公布: after approval, in the village; F57 §24."""

    kind: ClassVar[DocumentKind] = DocumentKind.ANNOUNCEMENT_SHEET
    body: str
    village: str
    matter: str
    rows: tuple[PublicRow, ...]
    first_month: date
    place: str
    telephone: str
    is_per_person: bool = False
