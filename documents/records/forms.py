"""Forms that the file of a case keeps (入户调查表、审核确认表)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import (
    AppraisalPart,
    FindingRow,
    MoneyRow,
    OutcomePart,
    PersonRow,
    PropertyPart,
    PublicityPart,
    RecognitionPart,
    Record,
    SumPart,
    SupporterRow,
    TekunRow,
    VisitPart,
)


@dataclass(frozen=True)
class VisitForm(Record):
    """入户调查表: blank for the visit, or filled with what was recorded; F57 §16."""

    kind: ClassVar[DocumentKind] = DocumentKind.VISIT_FORM
    case_number: str
    matter: str
    township: str
    village: str
    address: str
    applicant: str
    phone: str
    hardship_causes: str
    persons: tuple[PersonRow, ...]
    year: int
    incomes: tuple[MoneyRow, ...]
    property: PropertyPart
    visit: VisitPart | None = None


@dataclass(frozen=True)
class AppraisalRecord(Record):
    """民主评议记录表: blank for the meeting, or filled with what was recorded; F57 §19.

    Villagers read and sign it: of the family it says no more than the name, the number and the dispute.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.APPRAISAL_RECORD
    case_number: str
    matter: str
    township: str
    village: str
    address: str
    applicant: str
    person_count: int
    dispute: str
    appraisal: AppraisalPart | None = None


@dataclass(frozen=True)
class SelfCarePart:
    """What a self-care assessment found; ``not_managed`` are indicators as the form names them."""

    assessed_on: date
    place: str
    not_managed: tuple[str, ...]
    level: str
    support_mode: str
    mode_said_by: str
    note: str
    township_assessors: tuple[str, ...]
    county_assessors: tuple[str, ...]


@dataclass(frozen=True)
class SelfCareForm(Record):
    """生活自理能力评估表: blank for the assessment, or filled with what was recorded; F43 §§20–22."""

    kind: ClassVar[DocumentKind] = DocumentKind.SELFCARE_FORM
    name: str
    sex: str
    birth_date: date
    id_number: str
    disability: str
    township: str
    village: str
    address: str
    indicators: tuple[str, ...]
    case_number: str = ""
    result: SelfCarePart | None = None


@dataclass(frozen=True)
class ApprovalForm(Record):
    """审核确认表: the family, what was found, proposed, publicised and decided."""

    kind: ClassVar[DocumentKind] = DocumentKind.APPROVAL_FORM
    case_number: str
    matter: str
    township: str
    village: str
    address: str
    phone: str
    residence: str
    registration: str
    accepted_on: date
    hardship_causes: str
    applicant: PersonRow
    persons: tuple[PersonRow, ...]
    incomes: tuple[MoneyRow, ...]
    expenses: tuple[MoneyRow, ...]
    property: PropertyPart
    property_ok: bool
    sum: SumPart
    findings: tuple[FindingRow, ...]
    means_check: str
    visits: tuple[str, ...]
    appraisal: str
    township_body: str
    confirming_body: str
    proposal: OutcomePart
    publicity: PublicityPart | None = None
    decision: OutcomePart | None = None
    first_month: date | None = None
    status: str = ""
    recognised: RecognitionPart | None = None
    supporters: tuple[SupporterRow, ...] = ()


@dataclass(frozen=True)
class TekunForm(Record):
    """特困人员救助供养审批表: the three conditions of each person, how they are kept, what is paid; F43."""

    kind: ClassVar[DocumentKind] = DocumentKind.TEKUN_FORM
    case_number: str
    matter: str
    township: str
    village: str
    address: str
    phone: str
    residence: str
    registration: str
    accepted_on: date
    hardship_causes: str
    applicant: PersonRow
    persons: tuple[PersonRow, ...]
    incomes: tuple[MoneyRow, ...]
    year: int
    property: PropertyPart
    property_ok: bool
    supporters: tuple[SupporterRow, ...]
    tested: tuple[TekunRow, ...]
    means_check: str
    visits: tuple[str, ...]
    appraisal: str
    township_body: str
    confirming_body: str
    proposal: OutcomePart
    publicity: PublicityPart | None = None
    decision: OutcomePart | None = None
    first_month: date | None = None
