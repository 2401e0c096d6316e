"""Papers of 终止救助供养: the sheet for the village, the form of the file, notices to the person and to the village."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import FindingRow, OutcomePart, PublicityPart, Record


@dataclass(frozen=True)
class SupportEndSheet(Record):
    """拟终止公示: names only, never why; F43 §26."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPORT_END_SHEET
    body: str
    confirming_body: str
    village: str
    matter: str
    names: tuple[str, ...]
    first_day: date
    last_day: date
    place: str
    telephone: str


@dataclass(frozen=True)
class SupportEndForm(Record):
    """终止审批表: the cause with its proof, what was verified, proposal, publicity and decision.

    :param ends_from: the first month without support, where it was decided to end it.
    :param unpaid_from: the first month that may not be paid after a death.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPORT_END_FORM
    matter: str
    case_number: str
    opened_on: date
    township: str
    village: str
    address: str
    person: str
    id_number: str
    birth_date: date
    award_number: str
    first_month: date
    monthly_amount: Decimal
    support_mode: str
    cause: str
    clause: str
    happened_on: date
    facts: str
    evidence: str
    verified: tuple[str, ...]
    means_check: str
    assessed_on: date
    findings: tuple[FindingRow, ...]
    township_body: str
    confirming_body: str
    proposal: OutcomePart
    publicity: PublicityPart | None
    decision: OutcomePart | None
    ends_from: date | None = None
    unpaid_from: date | None = None


@dataclass(frozen=True)
class SupportEndNotice(Record):
    """终止通知书 to the person: cause, facts, clauses, the month, what else may be claimed, remedies; F43 §§26–27."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPORT_END_NOTICE
    body: str
    applicant: str
    person: str
    village: str
    matter: str
    case_number: str
    decided_on: date
    cause: str
    clause: str
    procedure: str
    happened_on: date
    day_title: str
    facts: str
    findings: tuple[FindingRow, ...]
    last_month: date
    ends_from: date
    unpaid_from: date | None
    may_claim: tuple[str, ...]
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class SupportKeptNotice(Record):
    """继续供养告知书 to the person: it was looked into, and support goes on."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPORT_KEPT_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    decided_on: date
    cause: str
    facts_found: str
    reasons: tuple[str, ...]
    clause: str
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class SupportEndVillage(Record):
    """终止告知书 to the village: who, why and from when; F43 §26."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPORT_END_VILLAGE
    body: str
    applicant: str
    person: str
    village: str
    matter: str
    case_number: str
    decided_on: date
    cause: str
    clause: str
    procedure: str
    ends_from: date
    contact: str
    telephone: str
