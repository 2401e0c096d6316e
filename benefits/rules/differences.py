"""与上月比对: what became of every payee between two months' rolls; the changes make up the difference. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

NOTHING = Decimal("0.00")


class Change(StrEnum):
    """What became of a payee; one each, in the order of the report."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Change":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    NEW = "new", "新增"
    RESUMED = "resumed", "恢复"
    MOVED_IN = "moved_in", "迁入"
    RAISED = "raised", "增加"
    DIED = "died", "成员死亡"
    CUT = "cut", "减少"
    EXTRA = "extra", "补发、追回"
    STOPPED = "stopped", "停发"
    SUSPENDED = "suspended", "暂缓"
    MOVED_OUT = "moved_out", "迁出"
    HELD = "held", "待补账户"
    SAME = "same", "没有变化"


@dataclass(frozen=True)
class Due:
    """What a line of a roll comes to; yuan."""

    base: Decimal
    topup: Decimal = NOTHING
    back_payment: Decimal = NOTHING
    recoupment: Decimal = NOTHING
    is_held: bool = False

    @property
    def monthly(self) -> Decimal:
        """Without what was paid for other months or taken back."""
        return self.base + self.topup

    @property
    def amount(self) -> Decimal:
        return self.monthly + self.back_payment - self.recoupment


@dataclass(frozen=True)
class Circumstances:
    """What is known of an award beside its two lines."""

    was_elsewhere: bool = False
    """Another township paid it the month before."""
    is_elsewhere: bool = False
    """Another township pays it now."""
    was_paid_ever: bool = False
    """It was paid in some month before the last."""
    is_suspended: bool = False
    somebody_died: bool = False


def judge(before: Due | None, now: Due | None, known: Circumstances) -> Change:
    """What became of an award between the month before and this one; at least one of the two has a line."""
    if before is None:
        if known.was_elsewhere:
            return Change.MOVED_IN
        return Change.RESUMED if known.was_paid_ever else Change.NEW
    if now is None:
        return _why_gone(known)
    if now.monthly > before.monthly:
        return Change.RAISED
    if now.monthly < before.monthly:
        return Change.DIED if known.somebody_died else Change.CUT
    if now.amount != before.amount:
        return Change.EXTRA
    return Change.HELD if now.is_held else Change.SAME


def _why_gone(known: Circumstances) -> Change:
    if known.is_elsewhere:
        return Change.MOVED_OUT
    if known.somebody_died:
        return Change.DIED
    return Change.SUSPENDED if known.is_suspended else Change.STOPPED


@dataclass(frozen=True)
class Total:
    """What one kind of change comes to: payees, and yuan more (less: negative) than the month before."""

    change: Change
    payees: int
    difference: Decimal


def totals(rows: Iterable[tuple[Change, Decimal]]) -> list[Total]:
    """Payees and yuan by kind, in the order of the report; kinds that nobody is of are left out."""
    counted: dict[Change, tuple[int, Decimal]] = {}
    for change, difference in rows:
        payees, amount = counted.get(change, (0, NOTHING))
        counted[change] = payees + 1, amount + difference
    return [Total(change, *counted[change]) for change in Change if change in counted]
