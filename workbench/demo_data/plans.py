"""What is invented of a family before anything is written: plain values that compare equal when they are."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Any


@dataclass(frozen=True)
class MoneyPlan:
    """One income or spending row: yearly amount in yuan, and where it is seen."""

    kind: str
    yearly_amount: Decimal
    label: str = ""
    evidence_note: str = ""
    claimed_yearly_amount: Decimal | None = None


@dataclass(frozen=True)
class SupporterPlan:
    """A legal supporter outside the family (法定义务人)."""

    name: str
    relation: str
    birth_date: date
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonPlan:
    """A member of an invented family."""

    name: str
    relation: str
    sex: str
    birth_date: date
    id_number: str = ""
    missing_id_reason: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    standing: Mapping[str, Any] = field(default_factory=dict)
    disability: Mapping[str, Any] | None = None
    incomes: tuple[MoneyPlan, ...] = ()
    expenses: tuple[MoneyPlan, ...] = ()
    supporters: tuple[SupporterPlan, ...] = ()
    supporters_known: bool = False


@dataclass(frozen=True)
class PayeePlan:
    """Who receives the money instead of a member (领款人)."""

    kind: str
    name: str
    relation: str


@dataclass(frozen=True)
class AgentPlan:
    """Who files on the family's behalf (代理人)."""

    name: str
    relation: str
    id_number: str
    phone: str


@dataclass(frozen=True)
class RelativePlan:
    """The staff or village committee member whose near relative is in the family (近亲属备案)."""

    name: str
    unit: str
    position: str
    relation: str


@dataclass(frozen=True)
class CarerPlan:
    """Who looks after a 特困 person at home (照料人)."""

    kind: str
    name: str
    relation: str
    id_number: str
    phone: str
    contents: tuple[str, ...]
    frequency: str


@dataclass(frozen=True)
class EndingPlan:
    """Why the support of a 特困 person is to end (终止情形)."""

    cause: str
    facts: str


class LifeEvent(Enum):
    """What happens to the last member of a family after it was registered."""

    DEATH = auto()
    MARRIED_OUT = auto()
    SPLIT = auto()
    MERGE = auto()
    """Registered as a family of their own first."""


@dataclass(frozen=True)
class FamilyPlan:
    """An invented family: who, where, on what means; ``title`` says what it shows."""

    key: str
    title: str
    people: tuple[PersonPlan, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)
    property: Mapping[str, Any] = field(default_factory=dict)
    village_code: str = ""
    bank: str = ""
    account: str = ""
    payee: PayeePlan | None = None
    agent: AgentPlan | None = None
    relative: RelativePlan | None = None
    carer: CarerPlan | None = None
    ending: EndingPlan | None = None
    life: LifeEvent | None = None
    place: str = ""
    """What the code of its village begins with; where it is empty the townships take families in turn."""
