"""Papers of 复核: the form of the file, and the notices of what a review came to; F57 §§31–33."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import CoveredRow, FindingRow, OutcomePart, Record, SumPart


@dataclass(frozen=True)
class ChangedRow:
    """One figure or fact that is otherwise than when the award was decided; of whom, where it is one person's."""

    name: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class ReviewForm(Record):
    """动态核查表: category, days, what changed, the income now, what it comes to; handbook 附录A.

    :param last_on: day of the assessment on which the award in force rests.
    :param next_on: by when the award is looked into next; None where it does not go on.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.REVIEW_FORM
    matter: str
    case_number: str
    opened_on: date
    township: str
    village: str
    address: str
    person: str
    award_number: str
    first_month: date
    person_count: int
    category: str
    monthly_amount: Decimal
    cause: str
    cause_text: str
    noted: tuple[str, ...]
    last_on: date | None
    reviewed_on: date
    changed: tuple[ChangedRow, ...]
    means_check: str
    visits: tuple[str, ...]
    sum: SumPart | None
    findings: tuple[FindingRow, ...]
    result: str
    effect: str
    township_body: str
    confirming_body: str
    proposal: OutcomePart
    told: str
    decision: OutcomePart | None
    next_on: date | None


@dataclass(frozen=True)
class PaidStep:
    """From which month on how much is paid, where that is not one sum (逐月递减、分段执行标准)."""

    month: date
    monthly_amount: Decimal


@dataclass(frozen=True)
class AdjustmentNotice(Record):
    """低保金（供养金）调整通知书, 增发 or 减发: the sum before and after, how it was worked out, from when.

    :param working: sentences of the sum as it was worked out.
    :param reasons: what the difference rests on beside that.
    :param later: what is paid from later months on, by the standards that hold from then.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.ADJUSTMENT_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    award_number: str
    cause: str
    decided_on: date
    before_amount: Decimal
    after_amount: Decimal
    first_month: date
    category: str
    persons: tuple[CoveredRow, ...]
    sum: SumPart | None
    working: tuple[str, ...]
    reasons: tuple[str, ...]
    clause: str
    contact: str
    telephone: str
    reconsideration_body: str
    later: tuple[PaidStep, ...] = ()

    @property
    def is_raise(self) -> bool:
        """Whether more is paid than before."""
        return self.after_amount > self.before_amount

    @property
    def difference(self) -> Decimal:
        """By how much, yuan a month."""
        return abs(self.after_amount - self.before_amount)


@dataclass(frozen=True)
class StopNotice(Record):
    """停发通知书: why, the last month, what else may be claimed; written and handed over (F57 §32)."""

    kind: ClassVar[DocumentKind] = DocumentKind.STOP_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    award_number: str
    cause: str
    decided_on: date
    monthly_amount: Decimal
    last_month: date
    stop_month: date
    sum: SumPart | None
    reasons: tuple[str, ...]
    clause: str
    may_claim: tuple[str, ...]
    contact: str
    telephone: str
    reconsideration_body: str


@dataclass(frozen=True)
class PhaseoutNotice(Record):
    """渐退通知书: x, S and how many times S it is, the months, what is paid in them, and from when no more.

    :param steps: what is paid from which month on; empty where it stays the same.
    :param stage: ``start`` with the decision, ``before_end`` a month before the end, ``end`` when it has ended.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.PHASEOUT_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    award_number: str
    cause: str
    decided_on: date
    per_capita_monthly: Decimal | None
    monthly_standard: Decimal | None
    months: int
    first_month: date
    last_month: date
    monthly_amount: Decimal
    stop_month: date
    sum: SumPart | None
    reasons: tuple[str, ...]
    clause: str
    may_claim: tuple[str, ...]
    contact: str
    telephone: str
    reconsideration_body: str
    stage: str = "start"
    steps: tuple[PaidStep, ...] = ()

    @property
    def multiple(self) -> Decimal | None:
        """How many times S the income per head is, cut to two places."""
        if self.per_capita_monthly is None or not self.monthly_standard:
            return None
        return (self.per_capita_monthly / self.monthly_standard).quantize(Decimal("0.01"), rounding="ROUND_DOWN")


@dataclass(frozen=True)
class ReviewNotice(Record):
    """复核结果告知书: the award goes on as it is, or until something else takes its place.

    :param next_on: by when it is looked into next; None where that is not said.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.REVIEW_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    case_number: str
    award_number: str
    cause: str
    decided_on: date
    result: str
    effect: str
    monthly_amount: Decimal
    category: str
    sum: SumPart | None
    reasons: tuple[str, ...]
    clause: str
    next_on: date | None
    contact: str
    telephone: str
    reconsideration_body: str
