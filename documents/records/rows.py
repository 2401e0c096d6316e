"""Rows and parts that several papers print."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind


@dataclass(frozen=True)
class PersonRow:
    """家庭成员 as official forms list them; the forms carry the ID number in full (``证号``)."""

    name: str
    relation: str
    sex: str
    birth_date: date
    id_number: str
    nation: str
    health: str
    disability: str
    labour_capacity: str
    occupation: str
    monthly_income: Decimal | None = None
    is_counted: bool = True


@dataclass(frozen=True)
class MoneyRow:
    """An income or approved spending of a year: whose, what, how much, on what evidence."""

    name: str
    kind: str
    label: str
    yearly_amount: Decimal
    evidence: str = ""
    is_counted: bool = True


@dataclass(frozen=True)
class PropertyPart:
    """家庭财产."""

    financial_assets: Decimal
    vehicles: int
    vehicle_value: Decimal
    houses: int
    businesses: int
    exempted: str = ""
    note: str = ""


@dataclass(frozen=True)
class SupporterRow:
    """家庭外法定义务人: owes support to ``supported``."""

    name: str
    supported: str
    relation: str
    age: int
    status: str
    yearly_income: Decimal
    note: str = ""


@dataclass(frozen=True)
class AccountPart:
    """发放账户; ``account`` in full on the application form, its last four characters on notices."""

    bank: str
    holder: str
    account: str
    payee: str = ""


@dataclass(frozen=True)
class AgentPart:
    """代理人."""

    name: str
    id_number: str
    phone: str
    relation: str


@dataclass(frozen=True)
class RelativeRow:
    """近亲属: a member of the family and the staff member or village official they are related to."""

    member: str
    relation: str
    relative_name: str
    relative_unit: str
    relative_position: str


@dataclass(frozen=True)
class SignerRow:
    """授权人: who signs, and whether a guardian signs for them."""

    name: str
    relation: str
    id_number: str
    by_guardian: bool = False
    is_outside_supporter: bool = False


@dataclass(frozen=True)
class MissingRow:
    """缺件."""

    name: str
    note: str = ""


@dataclass(frozen=True)
class PublicRow:
    """What the village may read: name, number in family, amount (F57 §24), and nothing else."""

    name: str
    person_count: int
    monthly_amount: Decimal | None


@dataclass(frozen=True)
class FindingRow:
    """One comparison of the assessment: what it says, the clause, whether it was passed (None: a statement only)."""

    text: str
    clause: str
    passed: bool | None = None


@dataclass(frozen=True)
class CoveredRow:
    """保障对象; of 特困 with what the person is paid a month, the care in it, and what sets it (F43 §22)."""

    name: str
    topup_class: str = ""
    topup_monthly_amount: Decimal = Decimal("0.00")
    monthly_amount: Decimal | None = None
    care_monthly_amount: Decimal = Decimal("0.00")
    care_level: str = ""
    support_mode: str = ""

    @property
    def basic_monthly_amount(self) -> Decimal | None:
        """基本生活."""
        return None if self.monthly_amount is None else self.monthly_amount - self.care_monthly_amount


@dataclass(frozen=True)
class TekunRow:
    """三条件佐证 of one person: the findings in order, what they come to, and of who owes support."""

    name: str
    answer: str
    conditions: tuple[FindingRow, ...]
    obligors: tuple[FindingRow, ...] = ()


@dataclass(frozen=True)
class RecognitionPart:
    """认定: as what a family is recognised, from when to when, and what it may claim by it at which door."""

    status: str
    first_day: date
    last_day: date
    opens: tuple[str, ...] = ()


@dataclass(frozen=True)
class VisitPart:
    """入户调查 as recorded."""

    visited_on: date
    place: str
    way: str
    visitors: tuple[str, ...]
    living_conditions: str
    facts_found: str
    neighbor_inquiry: str
    opinion: str
    family_signed_by: str
    agrees_with_declaration: bool
    photos: int = 0
    is_by_county: bool = False


@dataclass(frozen=True)
class ParticipantRow:
    """参评人: who took part in an appraisal, as what, and what they said; empty where the vote was secret."""

    name: str
    role: str
    opinion: str = ""


@dataclass(frozen=True)
class AppraisalPart:
    """民主评议 as recorded."""

    held_on: date
    place: str
    host: str
    participants: tuple[ParticipantRow, ...]
    representatives: int
    votes_for: int
    votes_against: int
    abstained: int
    agreed: bool
    recorded_by: str


@dataclass(frozen=True)
class SumPart:
    """收入计算: the sum worked out as on paper; yearly amounts but for the last three, which are a month's."""

    year: int
    yearly_income: Decimal
    rigid_deduction: Decimal
    employment_deduction: Decimal
    adjusted_yearly_income: Decimal
    person_count: int
    per_capita_monthly: Decimal | None
    monthly_standard: Decimal | None


@dataclass(frozen=True)
class OutcomePart:
    """初审 or 审核确认: opinion, result and who signs it when; of a review its ``result`` (复核结果)."""

    is_eligible: bool
    opinion: str
    basis: str = ""
    category: str = ""
    monthly_amount: Decimal | None = None
    valid_months: int | None = None
    is_single_person: bool = False
    persons: tuple[CoveredRow, ...] = ()
    drafted_by: str = ""
    drafted_on: date | None = None
    signed_by: str = ""
    signed_on: date | None = None
    note: str = ""
    result: str = ""
    phase_out_months: int | None = None


@dataclass(frozen=True)
class PublicityPart:
    """公示 as it went."""

    first_day: date
    last_day: date
    place: str
    objections: tuple[str, ...] = ()


class Record:
    """Base of the content records; ``kind`` says which paper it fills."""

    kind: ClassVar[DocumentKind]
