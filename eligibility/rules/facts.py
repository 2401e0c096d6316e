"""What the assessment (试算) knows of a household on a day. No ID numbers: nothing here needs one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from eligibility.rules.choices import (
    AwardBasis,
    DisabilityKind,
    ExpenseKind,
    HardshipType,
    Incapacity,
    IncomeKind,
    LabourCapacity,
    NotCounted,
    Relation,
    Residence,
    Schooling,
    Sex,
    SupporterStatus,
    SupportMode,
)

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """One disability within a multiple one (多重残疾的单项)."""

    kind: DisabilityKind
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Disability:
    """残疾类别和等级; GB/T 26341. ``components`` only for a multiple one, None where not stated."""

    kind: DisabilityKind
    level: int
    components: tuple[Component, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SelfCare:
    """生活自理六项指标, true where managed alone; F43 §21."""

    eating: bool = True
    dressing: bool = True
    in_out_of_bed: bool = True
    toileting: bool = True
    walking: bool = True
    bathing: bool = True

    @property
    def unmanaged(self) -> int:
        """How many indicators are not managed (不能达到项数)."""
        managed = (self.eating, self.dressing, self.in_out_of_bed, self.toileting, self.walking, self.bathing)
        return 6 - sum(managed)


@dataclass(frozen=True, kw_only=True, slots=True)
class Income:
    """One kind of a person's income in the reckoning year (年收入)."""

    kind: IncomeKind
    yearly: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Expense:
    """Approved hardship spending in the reckoning year (经核定的支出); of the whole household without a member."""

    kind: ExpenseKind
    yearly: Decimal
    member: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Property:
    """家庭财产; F57 §14. ``vehicle_value`` is the dearest one's."""

    financial_assets: Decimal = ZERO
    vehicles: int = 0
    vehicle_value: Decimal = ZERO
    houses: int = 0
    businesses: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Supporter:
    """A person outside the household's list who owes support by law (在外法定义务人); F43 §8."""

    birth_date: date
    status: SupporterStatus = SupporterStatus.OTHER
    disability: Disability | None = None
    yearly_income: Decimal = ZERO
    incapacity: Incapacity = Incapacity.NONE
    property_within_limit: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """家庭成员. ``name`` serves the findings' sentences only."""

    id: str
    birth_date: date
    relation: Relation
    name: str | None = None
    sex: Sex | None = None
    lives_together: bool = True
    # Staff's finding; not stated it is true, for the relation `other` false.
    shares_support: bool | None = None
    cannot_live_alone: bool = False
    applies_alone: bool = False
    not_counted: NotCounted | None = None
    disability: Disability | None = None
    serious_illness: bool = False
    # Not stated it is derived: see category.labour_capacity.
    labour_capacity: LabourCapacity | None = None
    schooling: Schooling = Schooling.NONE
    self_care: SelfCare = SelfCare()
    support_mode: SupportMode = SupportMode.HOME_BASED
    tekun_since_minor: bool = False
    # None is "not stated": kinship is then read from the relations to the head.
    spouse_id: str | None = None
    parent_ids: tuple[str, ...] | None = None
    incomes: tuple[Income, ...] = ()
    # None is "not known yet", an empty tuple states that there is nobody outside.
    supporters: tuple[Supporter, ...] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hardship:
    """临时救助: the hardship and the amount proposed for it.

    :param cause_most: the county's own top for the cause, as a multiple of the base; it only lowers the type's.
    """

    type: HardshipType
    proposed_amount: Decimal
    cause_most: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AwardInForce:
    """The 低保 award under review: its basis, the ids it covers (also of people who left), what is now paid."""

    persons: tuple[str, ...]
    monthly_amount: Decimal
    basis: AwardBasis = AwardBasis.HOUSEHOLD


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The whole household on the day; a review (动态核查) when an award is in force, else an application."""

    on: date
    residence: Residence
    members: tuple[Member, ...]
    area: str = ""
    award: AwardInForce | None = None
    income_stable: bool = False
    expenses: tuple[Expense, ...] = ()
    property: Property = Property()
    hardship: Hardship | None = None
