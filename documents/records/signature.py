"""Papers for signature (签字材料), printed unnumbered as often as wanted."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import (
    AccountPart,
    AgentPart,
    MoneyRow,
    PersonRow,
    PropertyPart,
    Record,
    RelativeRow,
    SignerRow,
    SupporterRow,
)


@dataclass(frozen=True)
class ApplicationForm(Record):
    """社会救助申请表, for signature."""

    kind: ClassVar[DocumentKind] = DocumentKind.APPLICATION_FORM
    intake_number: str
    on: date
    matters: tuple[str, ...]
    channel: str
    township: str
    village: str
    address: str
    registered_address: str
    registration: str
    residence: str
    phone: str
    applicant: PersonRow
    persons: tuple[PersonRow, ...]
    reason: str
    hardship_causes: str
    year: int
    incomes: tuple[MoneyRow, ...]
    expenses: tuple[MoneyRow, ...]
    property: PropertyPart
    supporters: tuple[SupporterRow, ...] = ()
    relatives: tuple[RelativeRow, ...] = ()
    account: AccountPart | None = None
    agent: AgentPart | None = None
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuthorizationLetter(Record):
    """家庭经济状况核查授权书, for signature by every member or their guardian; handbook task 21."""

    kind: ClassVar[DocumentKind] = DocumentKind.AUTHORIZATION_LETTER
    intake_number: str
    on: date
    matters: tuple[str, ...]
    body: str
    applicant: str
    address: str
    sources: tuple[str, ...]
    term: str
    signers: tuple[SignerRow, ...]


@dataclass(frozen=True)
class CommitmentLetter(Record):
    """承诺书（告知承诺书）, for signature."""

    kind: ClassVar[DocumentKind] = DocumentKind.COMMITMENT_LETTER
    intake_number: str
    on: date
    matters: tuple[str, ...]
    body: str
    applicant: str
    id_number: str
    address: str
    phone: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class AgentLetter(Record):
    """委托书, for signature; F57 §4."""

    kind: ClassVar[DocumentKind] = DocumentKind.AGENT_LETTER
    intake_number: str
    on: date
    matters: tuple[str, ...]
    body: str
    applicant: str
    id_number: str
    address: str
    phone: str
    agent: AgentPart


@dataclass(frozen=True)
class RelativeRecord(Record):
    """近亲属备案表, for signature; F57 §11."""

    kind: ClassVar[DocumentKind] = DocumentKind.RELATIVE_RECORD
    intake_number: str
    on: date
    matters: tuple[str, ...]
    body: str
    applicant: str
    id_number: str
    address: str
    relatives: tuple[RelativeRow, ...]
    registered_by: str = ""
    registered_on: date | None = None
    county_number: str = ""
