"""Reads of monthly rolls (发放册): the list, the figures and the lines of one, what a family was paid."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum

from benefits.models import LineState, MonthlyRoll, RollItem, RollKind, RollLine, RollState
from benefits.queries.unpaid_parts import lapsed_lines
from benefits.rules.months import months_after
from households.models import BankAccount, Household
from organizations.models import Staff
from organizations.permissions import Permission

_NOTHING = Decimal("0.00")
LINE_FILTERS = {
    "new": "上月没有的",
    "changed": "金额有变的",
    "extra": "有补发或追回的",
    "held": "待补账户的",
    "failed": "发放失败的",
}
"""What the lines of a roll are cut to beside name and village."""
COUNTED_STATES = tuple(state for state in RollState if state != RollState.VOIDED)


def rolls_visible_to(staff: Staff) -> QuerySet[MonthlyRoll]:
    """Rolls of the townships whose rolls the person sees."""
    return MonthlyRoll.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_ROLL)).select_related("area")


def list_rolls(
    staff: Staff, *, month: date | None = None, scheme: str = "", township: str = "", state: str = ""
) -> QuerySet[MonthlyRoll]:
    """发放册 for the list, the latest month first; void ones only where they are asked for.

    :param township: code of the township.
    """
    rows = rolls_visible_to(staff)
    if month:
        rows = rows.filter(month=month)
    if scheme:
        rows = rows.filter(scheme=scheme)
    if township:
        rows = rows.filter(area__code=township)
    rows = rows.filter(state=state) if state else rows.exclude(state=RollState.VOIDED)
    return rows.annotate(
        held_count=Count("lines", filter=Q(lines__state=LineState.HELD)),
        failed_count=Count("lines", filter=Q(lines__state=LineState.FAILED)),
    ).order_by("-month", "scheme", "area__code", "pk")


@dataclass(frozen=True)
class RollFigures:
    """What a roll comes to: families, persons and yuan; how its lines stand."""

    families: int
    persons: int
    base: Decimal
    topup: Decimal
    back_payment: Decimal
    recoupment: Decimal
    amount: Decimal
    held: int
    held_amount: Decimal
    waiting: int
    paid: int
    paid_amount: Decimal
    failed: int
    failed_amount: Decimal
    reissued: int
    lapsed: int


def figures_of(lines: QuerySet[RollLine]) -> RollFigures:
    """Sums of some lines, in one query."""
    return RollFigures(
        **lines.order_by().aggregate(
            families=Count("pk"),
            persons=Sum("person_count", default=0),
            base=Sum("base_amount", default=_NOTHING),
            topup=Sum("topup_amount", default=_NOTHING),
            back_payment=Sum("back_payment_amount", default=_NOTHING),
            recoupment=Sum("recoupment_amount", default=_NOTHING),
            held=Count("pk", filter=Q(state=LineState.HELD)),
            held_amount=Sum("amount", filter=Q(state=LineState.HELD), default=_NOTHING),
            waiting=Count("pk", filter=Q(state=LineState.WAITING)),
            paid=Count("pk", filter=Q(state=LineState.PAID)),
            paid_amount=Sum("amount", filter=Q(state=LineState.PAID), default=_NOTHING),
            failed=Count("pk", filter=Q(state=LineState.FAILED)),
            failed_amount=Sum("amount", filter=Q(state=LineState.FAILED), default=_NOTHING),
            reissued=Count("pk", filter=Q(state=LineState.REISSUED)),
            lapsed=Count("pk", filter=Q(state=LineState.LAPSED)),
            amount=Sum("amount", default=_NOTHING),
        )
    )


def lines_visible_to(staff: Staff) -> QuerySet[RollLine]:
    """Lines of the rolls that the person sees."""
    return RollLine.objects.filter(roll__area_id__in=staff.area_ids(Permission.VIEW_ROLL))


def lines_of(roll: MonthlyRoll, *, text: str = "", village: str = "", show: str = "") -> QuerySet[RollLine]:
    """Lines of a roll by village, each with what the award was paid for the month before.

    :param text: part of the head's, the payee's or the village's name.
    :param show: a key of :data:`LINE_FILTERS`; empty for all.
    """
    rows: Any = with_month_before(roll.lines.select_related("area", "bank_account"), month=roll.month)
    if text:
        rows = rows.filter(Q(head_name__icontains=text) | Q(payee_name__icontains=text) | Q(area__name__icontains=text))
    if village:
        rows = rows.filter(area__code=village)
    if show == "new":
        rows = rows.filter(before_amount=None)
    elif show == "changed":
        rows = rows.exclude(before_amount=None).exclude(before_amount=F("base_amount") + F("topup_amount"))
    elif show == "extra":
        rows = rows.filter(Q(back_payment_amount__gt=0) | Q(recoupment_amount__gt=0))
    elif show in (LineState.HELD, LineState.FAILED):
        rows = rows.filter(state=show)
    found: QuerySet[RollLine] = rows.order_by("area__code", "pk")
    return found


def with_month_before(lines: QuerySet[RollLine], *, month: date) -> QuerySet[RollLine]:
    """Add ``before_amount``, what the award was due for the month before; None where it had no line."""
    before = RollLine.objects.filter(award=OuterRef("award"), month=months_after(month, -1), reissue_of=None)
    return lines.annotate(
        before_amount=Subquery(before.annotate(due=F("base_amount") + F("topup_amount")).values("due")[:1])
    )


def villages_of_roll(roll: MonthlyRoll) -> list[tuple[str, str]]:
    """Villages that a roll has lines of, by code and short name."""
    found = roll.area.children.filter(Exists(roll.lines.filter(area=OuterRef("pk")))).order_by("code")
    return [(area.code, area.short_name) for area in found]


def items_of(line: RollLine) -> QuerySet[RollItem]:
    """Back payment and recoupment within a line, month by month."""
    return line.items.select_related("recoupment").order_by("kind", "for_month")


def stopped_since(roll: MonthlyRoll) -> int:
    """How many had a line in the township's roll of the month before and have none in this."""
    before = RollLine.objects.filter(
        roll__area=roll.area,
        roll__scheme=roll.scheme,
        roll__kind=RollKind.REGULAR,
        month=months_after(roll.month, -1),
        reissue_of=None,
    )
    now = RollLine.objects.filter(award=OuterRef("award"), roll=roll)
    return before.exclude(Exists(now)).count()


def payments_of(household: Household, staff: Staff) -> QuerySet[RollLine]:
    """What a family was paid (发放记录), the latest first: only rolls that are frozen, where the person sees rolls."""
    return (
        lines_visible_to(staff)
        .filter(household=household, roll__frozen_at__isnull=False)
        .select_related("roll", "bank_account", "award")
        .order_by("-month", "-pk")
    )


def failed_lines(staff: Staff, *, township: str = "", scheme: str = "") -> QuerySet[RollLine]:
    """Payments that the bank sent back or that have no account (发放失败), of frozen rolls and not issued anew."""
    rows = lines_visible_to(staff).filter(
        state__in=(LineState.FAILED, LineState.HELD), roll__frozen_at__isnull=False, reissue=None
    )
    if township:
        rows = rows.filter(roll__area__code=township)
    if scheme:
        rows = rows.filter(roll__scheme=scheme)
    return with_current_account(rows.select_related("roll__area", "area", "bank_account")).order_by(
        "month", "area__code", "pk"
    )


def with_current_account(lines: QuerySet[RollLine]) -> QuerySet[RollLine]:
    """Add ``is_mended``: whether the family has an account in use that the bank has not refused for this line.

    Or that was found right all the same (核实账户): the bank's own fault.
    """
    in_use = BankAccount.objects.filter(household=OuterRef("household"), ended_on=None)
    other = in_use.exclude(pk=OuterRef("bank_account"))
    same = Q(account_confirmed_on__isnull=False) & Exists(in_use.filter(pk=OuterRef("bank_account")))
    return lines.annotate(is_mended=Exists(other) | same | Q(bank_account=None) & Exists(in_use))


@dataclass(frozen=True)
class Reissuable:
    """A month, scheme and township with payments that may be issued anew; ``roll`` is one of the rolls they are of."""

    roll: MonthlyRoll
    families: int
    amount: Decimal


def reissuable(staff: Staff) -> list[Reissuable]:
    """Where failed payments have an account in use again or are not owed any more, for who makes rolls; by month."""
    failed: Any = failed_lines(staff)
    rows = failed.filter(roll__area_id__in=staff.area_ids(Permission.PREPARE_ROLL), amount__gt=0)
    rows = rows.filter(Q(is_mended=True) | Q(pk__in=lapsed_lines()))
    grouped = list(
        rows.order_by()
        .values("month", "roll__scheme", "roll__area")
        .annotate(families=Count("pk"), sum=Sum("amount"), of=Min("roll"))
        .order_by("month", "roll__scheme", "roll__area__code")
    )
    found = MonthlyRoll.objects.select_related("area").in_bulk([row["of"] for row in grouped])
    return [Reissuable(found[row["of"]], row["families"], row["sum"]) for row in grouped]
