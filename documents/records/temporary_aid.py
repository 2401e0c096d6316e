"""Papers of temporary aid (临时救助) and of the townships' reserves; handbook task 10 and appendix A."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import Record

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class AidRecipient:
    """救助对象, as forms name them: with the number in full, or why there is none."""

    name: str
    id_number: str
    missing_id_reason: str
    sex: str
    birth_date: date | None
    phone: str
    people_count: int
    township: str
    village: str
    registered_place: str
    living_place: str
    ground: str


@dataclass(frozen=True)
class AidStageRow:
    """一期: how, what, how much (yuan, goods by their value), when and on what condition, what became of it."""

    serial: int
    form: str
    what: str
    amount: Decimal
    planned_on: date | None = None
    condition: str = ""
    outcome: str = ""
    given_with: int | None = None
    """Serial of the stage that it is given together with (同时发放)."""


@dataclass(frozen=True)
class AidSum:
    """金额: S, the guideline, what the county's table proposes and why, and what was granted; yuan.

    :param multiple: of S that was granted, as ``3`` or ``2.5``; likewise ``least`` and ``most`` of the guideline.
    :param lines: 测算说明, local practice marked in them.
    :param resolution: number and amount of the 一事一议 on which it rests.
    """

    base_amount: Decimal
    minimum_amount: Decimal
    maximum_amount: Decimal
    least: str
    most: str
    amount: Decimal
    multiple: str
    suggested_amount: Decimal | None = None
    lines: tuple[str, ...] = ()
    below_reason: str = ""
    difference_reason: str = ""
    frequency: str = ""
    resolution: str = ""


@dataclass(frozen=True)
class AidOpinion:
    """意见: what somebody said, on what day, for which body."""

    text: str
    by: str
    on: date | None
    body: str = ""


@dataclass(frozen=True)
class TempAidForm(Record):
    """临时救助申请审批表: whom, what for, how much and why, every opinion in order.

    :param reported_at: date and time of the first report, as printed.
    :param evidence: files by kind and number.
    :param verified: lines of what was checked: supplement, means check, visit.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.TEMP_AID_FORM
    aid_number: str
    aid_kind: str
    route: str
    level: str
    recipient: AidRecipient
    cause: str
    grade: str
    occurred_on: date
    occurred_place: str
    reported_at: str
    situation: str
    self_paid_amount: Decimal | None
    evidence: tuple[str, ...]
    follows: str
    sum: AidSum
    stages: tuple[AidStageRow, ...]
    verified: tuple[str, ...]
    village: AidOpinion | None
    proposal: AidOpinion | None
    decision: AidOpinion
    publicity: str = ""


@dataclass(frozen=True)
class PettyAdvanceSlip(Record):
    """小额先行救助单: what a township paid at once from its reserve, into whose hands, by which two.

    :param reported_at: date and time as printed, like ``due_at`` and ``paid_at``.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.PETTY_ADVANCE_SLIP
    body: str
    slip_number: str
    aid_number: str
    recipient: AidRecipient
    cause: str
    occurred_on: date
    occurred_place: str
    situation: str
    reported_at: str
    due_at: str
    paid_at: str
    late_reason: str
    village: AidOpinion | None
    asked_amount: Decimal | None
    amount: Decimal
    limit_amount: Decimal
    balance_after: Decimal
    reserve_serial: int
    paid_by: str
    second_hand: str
    received_by: str
    relieved_on: date | None
    supplement_due_on: date
    due_is_provisional: bool


@dataclass(frozen=True)
class SupplementStatement(Record):
    """临时救助补充说明表: whom, why and how much, signed for after the emergency (民发〔2018〕23号)."""

    kind: ClassVar[DocumentKind] = DocumentKind.SUPPLEMENT_STATEMENT
    body: str
    aid_number: str
    slip_number: str
    recipient: AidRecipient
    cause: str
    occurred_on: date
    situation: str
    advanced_amount: Decimal
    paid_at: str
    paid_by: str
    second_hand: str
    received_by: str
    facts: str
    papers: tuple[str, ...]
    relieved_on: date | None
    due_on: date
    submitted_by: str
    submitted_on: date
    late_reason: str
    amount: Decimal
    stages: tuple[AidStageRow, ...]
    check: AidOpinion


@dataclass(frozen=True)
class PresentRow:
    """参会人员."""

    name: str
    unit: str
    position: str


@dataclass(frozen=True)
class CollectiveMinutes(Record):
    """一事一议纪要: meeting, people present, opinions, what was resolved; yuan."""

    kind: ClassVar[DocumentKind] = DocumentKind.COLLECTIVE_MINUTES
    body: str
    minutes_number: str
    aid_number: str
    person: str
    township: str
    village: str
    cause: str
    met_on: date
    place: str
    chair: str
    present: tuple[PresentRow, ...]
    matter: str
    guideline: str
    frequency: str
    opinions: tuple[str, ...]
    is_agreed: bool
    resolved_amount: Decimal
    recorded_by: str


@dataclass(frozen=True)
class TempAidNotice(Record):
    """临时救助告知书: granted, how much, in which stages, on what clause, with which remedies."""

    kind: ClassVar[DocumentKind] = DocumentKind.TEMP_AID_NOTICE
    body: str
    applicant: str
    aid_number: str
    aid_kind: str
    cause: str
    decided_on: date
    entrusted: bool
    amount: Decimal
    people_count: int
    stages: tuple[AidStageRow, ...]
    advanced: Decimal
    resolution: str
    contact: str
    telephone: str
    reconsideration_body: str

    @property
    def at_once(self) -> bool:
        """Whether all of it is given together with the first stage (同时发放)."""
        return all(stage.given_with == 1 for stage in self.stages[1:])


@dataclass(frozen=True)
class TempAidRefusal(Record):
    """不予临时救助告知书: reasons, clause, other doors, remedies."""

    kind: ClassVar[DocumentKind] = DocumentKind.TEMP_AID_REFUSAL
    body: str
    applicant: str
    aid_number: str
    aid_kind: str
    cause: str
    opened_on: date
    decided_on: date
    reasons: tuple[str, ...]
    resolution: str
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class AidPublicRow:
    """What a village may read of an aid: name, number of people, amount (yuan) and day; nothing of why.

    ``village`` is named on a township's sheet only.
    """

    name: str
    village: str
    person_count: int
    amount: Decimal
    decided_on: date


@dataclass(frozen=True)
class AidPublicitySheet(Record):
    """临时救助公示 of urgent aid after its decision, of a village or a whole township; posted, not numbered."""

    kind: ClassVar[DocumentKind] = DocumentKind.AID_PUBLICITY_SHEET
    body: str
    place_name: str
    aid_kind: str
    is_township: bool
    rows: tuple[AidPublicRow, ...]
    first_day: date
    last_day: date
    place: str
    telephone: str


@dataclass(frozen=True)
class ReserveRow:
    """One movement of a reserve; yuan, ``came_in`` or ``went_out`` being 0.00."""

    serial: int
    on: date
    kind: str
    note: str
    voucher: str
    came_in: Decimal
    went_out: Decimal
    balance: Decimal
    by: str


@dataclass(frozen=True)
class ReserveLedger(Record):
    """备用金台账 of a township and period, with the running balance; to be signed."""

    kind: ClassVar[DocumentKind] = DocumentKind.RESERVE_LEDGER
    township: str
    first_day: date
    last_day: date
    printed_on: date
    opening: Decimal
    closing: Decimal
    rows: tuple[ReserveRow, ...]

    @property
    def came_in(self) -> Decimal:
        return sum((row.came_in for row in self.rows), _NOTHING)

    @property
    def went_out(self) -> Decimal:
        return sum((row.went_out for row in self.rows), _NOTHING)


@dataclass(frozen=True)
class SlipRow:
    """A slip (先行单) of the month beside the entry that it spent."""

    slip_number: str
    paid_on: date
    person: str
    amount: Decimal
    entry_serial: int
    entry_amount: Decimal

    @property
    def agrees(self) -> bool:
        return self.amount == self.entry_amount


@dataclass(frozen=True)
class ReserveReconciliation(Record):
    """备用金月度对账表: the month's movements, the money counted, every slip beside its entry; to be signed."""

    kind: ClassVar[DocumentKind] = DocumentKind.RESERVE_RECONCILIATION
    township: str
    month: date
    printed_on: date
    opening: Decimal
    allocated: Decimal
    advanced: Decimal
    refunded: Decimal
    withdrawn: Decimal
    corrected: Decimal
    closing: Decimal
    counted_cash: Decimal
    bank_balance: Decimal
    difference_note: str
    advances_count: int
    slips: tuple[SlipRow, ...]
    prepared: str
    signed: str

    @property
    def counted(self) -> Decimal:
        return self.counted_cash + self.bank_balance

    @property
    def difference(self) -> Decimal:
        """What was counted less what the books say."""
        return self.counted - self.closing

    @property
    def slips_amount(self) -> Decimal:
        return sum((row.amount for row in self.slips), _NOTHING)
