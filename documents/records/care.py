"""Papers of care after approval (照料服务), printed unnumbered to be signed or filled in by hand."""

from dataclasses import dataclass
from datetime import date
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
