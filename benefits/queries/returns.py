"""Reads of banks' returns (回盘)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from benefits.models import BankReturn, BankReturnRow, LineState, MonthlyRoll, OmittedPayments, ReturnState, RollLine
from organizations.models import Staff
from organizations.permissions import Permission

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class ReturnSummary:
    """What a file says beside what the roll waits for; yuan."""

    rows: int
    paid: int
    paid_amount: Decimal
    failed: int
    failed_amount: Decimal
    bounced: int
    """Of the failed, those that had been recorded as paid (退票)."""
    bounced_amount: Decimal
    late: int
    """Of the paid, those that had been taken as failed for the bank's silence (回盘缺项); once taken it is not told."""
    late_amount: Decimal
    faults: int
    unanswered: int
    unanswered_amount: Decimal

    @property
    def fitting(self) -> int:
        return self.paid + self.failed

    @property
    def fitting_amount(self) -> Decimal:
        return self.paid_amount + self.failed_amount

    @property
    def waited_amount(self) -> Decimal:
        """What the roll waits for: what the file answers, and what it does not speak of.

        退票 was answered before, and what the bank had been silent of was settled without it.
        """
        return self.answering_amount + self.unanswered_amount

    @property
    def answering_amount(self) -> Decimal:
        return self.fitting_amount - self.bounced_amount - self.late_amount


def returns_visible_to(staff: Staff) -> QuerySet[BankReturn]:
    """Returns of rolls whose payments the person records."""
    return BankReturn.objects.filter(roll__area_id__in=staff.area_ids(Permission.RECORD_PAYMENT)).select_related(
        "roll__area", "uploaded_by", "taken_by"
    )


def summary_of(bank_return: BankReturn) -> ReturnSummary:
    """What a file comes to; of one that was taken, what it came to."""
    fits = Q(line__isnull=False)
    is_draft = bank_return.state == ReturnState.DRAFT
    was_paid = Q(line__state=LineState.PAID) if is_draft else Q(line__bounced__bank_return=bank_return)
    came_back = was_paid & Q(is_paid=False)
    is_late = Q(line__state=LineState.FAILED, is_paid=True)
    found = bank_return.rows.aggregate(
        rows=Count("pk"),
        paid=Count("pk", filter=fits & Q(is_paid=True)),
        paid_amount=Sum("amount", filter=fits & Q(is_paid=True), default=_NOTHING),
        failed=Count("pk", filter=fits & Q(is_paid=False)),
        failed_amount=Sum("amount", filter=fits & Q(is_paid=False), default=_NOTHING),
        bounced=Count("pk", filter=came_back),
        bounced_amount=Sum("amount", filter=came_back, default=_NOTHING),
        late=Count("pk", filter=is_late),
        late_amount=Sum("amount", filter=is_late, default=_NOTHING),
        faults=Count("pk", filter=~Q(fault="")),
    )
    left = unanswered(bank_return).aggregate(count=Count("pk"), amount=Sum("amount", default=_NOTHING))
    return ReturnSummary(**found, unanswered=left["count"], unanswered_amount=left["amount"])


def unanswered(bank_return: BankReturn) -> QuerySet[RollLine]:
    """Lines of the roll that still wait and of which the file does not speak."""
    lines = RollLine.objects.filter(roll=bank_return.roll_id, state=LineState.WAITING)
    if bank_return.state == ReturnState.DRAFT:
        lines = lines.exclude(pk__in=bank_return.rows.filter(line__isnull=False).values("line"))
    return lines.select_related("area").order_by("area__code", "pk")


def faulty_rows(bank_return: BankReturn) -> QuerySet[BankReturnRow]:
    """Rows that do not fit, by their number."""
    return bank_return.rows.exclude(fault="").order_by("number")


def open_omission(roll: MonthlyRoll) -> OmittedPayments | None:
    """What was proposed about payments that the bank never spoke of (回盘缺项) and waits for the county."""
    return roll.omissions.filter(settled_on=None).first()


def may_propose_omitted(roll: MonthlyRoll) -> bool:
    """Whether the bank has answered some of the roll and not all, and nothing is proposed about the rest."""
    answered = roll.returns.filter(state=ReturnState.TAKEN).exists()
    return answered and open_omission(roll) is None and roll.lines.filter(state=LineState.WAITING).exists()


def omissions_to_settle(staff: Staff) -> QuerySet[MonthlyRoll]:
    """Rolls of which somebody else has proposed to take payments as failed, where the person signs for the county."""
    waiting = OmittedPayments.objects.filter(roll=OuterRef("pk"), settled_on=None).exclude(proposed_by=staff)
    areas = staff.area_ids(Permission.CHECK_ROLL_COUNTY)
    return MonthlyRoll.objects.filter(Exists(waiting), area_id__in=areas)
