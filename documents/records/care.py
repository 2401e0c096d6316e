"""Papers of care after approval (照料服务): to be signed or filled in by hand, and the notice of another level."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import Record


@dataclass(frozen=True)
class CareAgreement(Record):
    """特困人员委托照料服务协议, for signature by township, carer and person; handbook task 2.6."""

    kind: ClassVar[DocumentKind] = DocumentKind.CARE_AGREEMENT
    body: str
    award_number: str
    person: str
    id_number: str
    address: str
    care_level: str
    carer_kind: str
    carer: str
    carer_id_number: str
    carer_phone: str
    relation: str
    contents: tuple[str, ...]
    other_contents: str
    frequency: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class CareVisitRow:
    """A person to be visited, as the blank sheet lists them."""

    person: str
    address: str
    care_level: str
    carer: str
    due_on: date | None = None


@dataclass(frozen=True)
class CareVisitSheet(Record):
    """特困人员走访照料记录表 of a village, blank but for whom to visit; handbook task 2.6."""

    kind: ClassVar[DocumentKind] = DocumentKind.CARE_VISIT_SHEET
    township: str
    village: str
    on: date
    rows: tuple[CareVisitRow, ...]


@dataclass(frozen=True)
class CareSum:
    """How somebody is cared for and what is paid, yuan a month."""

    care_level: str
    support_mode: str
    basic_monthly_amount: Decimal
    care_monthly_amount: Decimal
    monthly_amount: Decimal


@dataclass(frozen=True)
class CareChangeNotice(Record):
    """照料护理档次调整告知书: what was found, the sums before and after, from when, clauses, remedies; F43 §§21–23."""

    kind: ClassVar[DocumentKind] = DocumentKind.CARE_CHANGE_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    award_number: str
    reported_on: date
    change: str
    assessed_on: date
    township_body: str
    not_managed: tuple[str, ...]
    mode_said_by: str
    before: CareSum
    after: CareSum
    decided_on: date
    first_month: date
    contact: str
    telephone: str
    reconsideration_body: str

    @property
    def difference(self) -> Decimal:
        """Yuan a month more than before; negative where it is less."""
        return self.after.monthly_amount - self.before.monthly_amount

    @property
    def decrease(self) -> Decimal:
        return -self.difference
