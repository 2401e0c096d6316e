"""Who may go through which door of 备用金 and 救助物资, and what lies behind each."""

from collections.abc import Callable
from typing import Any

from foundation.trail import acting
from organizations.permissions import Permission
from temporary_aid.models import ReserveFund, Stock
from tests.temporary_aid.reserves import SEPTEMBER, Purse, purse, quilt

P = Permission
POST, BOTH = ("post",), ("get", "post")


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def _purse() -> Purse:
    with acting(actor="system:test"):
        return purse()


def _fund() -> dict[str, Any]:
    return {"pk": (ReserveFund.objects.first() or _purse().fund).pk}


def _entry() -> dict[str, Any]:
    found = _purse()
    with acting(actor="system:test"):
        return {"pk": found.allocate(5000).pk}


def _request() -> dict[str, Any]:
    found = _purse()
    with acting(actor="system:test"):
        return {"pk": found.ask(5000).pk}


def _month() -> dict[str, Any]:
    found = _purse()
    with acting(actor="system:test"):
        found.prepare(SEPTEMBER, cash=0)
    return {"pk": found.fund.pk, "year": SEPTEMBER.year, "month": SEPTEMBER.month}


def _item() -> dict[str, Any]:
    found = _purse()
    with acting(actor="system:test"):
        return {"pk": quilt(found.officer).pk}


def _stock() -> dict[str, Any]:
    found = _purse()
    with acting(actor="system:test"):
        found.receive(quilt(found.officer), 5)
    return {"pk": Stock.objects.get().pk}


def _of(
    make: Callable[[], dict[str, Any]], needs: frozenset[Permission] | None = None, methods: tuple[str, ...] = BOTH
) -> dict[str, Any]:
    """A door to a township's money or goods: found by who sees it there, used by who holds the right there."""
    made = {"door": needs or SEE, "sees": SEE, "needs": needs, "kwargs": lambda world: [make()]}
    return made | ({"methods": methods} if needs else {})


def _plain(make: Callable[[], dict[str, Any]], door: frozenset[Permission], methods: tuple[str, ...]) -> dict[str, Any]:
    """A door to what the whole county shares."""
    return {"door": door, "kwargs": lambda world: [make()], "methods": methods}


SEE, KEEP, EXPORT = _any(P.VIEW_RESERVE), _any(P.KEEP_RESERVE), _any(P.EXPORT)
ALLOCATE, ANSWER, SIGN = _any(P.ALLOCATE_RESERVE), _any(P.APPROVE_REPLENISHMENT), _any(P.SIGN_RECONCILIATION)

RESERVE_DOORS: dict[str, dict[str, Any]] = {
    "reserve": {"door": SEE},
    "export_reserve": {"door": EXPORT, "methods": POST},
    "reserve_entries": {"door": SEE},
    "export_reserve_entries": {"door": EXPORT, "methods": POST},
    "open_reserve": {"door": ALLOCATE, "methods": BOTH},
    "reserve_fund": _of(_fund),
    "export_reserve_fund": _of(_fund, EXPORT, POST),
    "allocate_reserve": _of(_fund, ALLOCATE),
    "withdraw_reserve": _of(_fund, ALLOCATE),
    "correct_entry": _of(_entry, ANSWER),
    "ask_replenishment": _of(_fund, KEEP),
    "replenishments": {"door": SEE},
    "export_replenishments": {"door": EXPORT, "methods": POST},
    "answer_replenishment": _of(_request, ANSWER),
    "pay_replenishment": _of(_request, ALLOCATE),
    "revoke_replenishment": _of(_request, ANSWER),
    "take_back_replenishment": _of(_request, KEEP, POST),
    "reserve_months": _of(_fund),
    "export_reserve_months": _of(_fund, EXPORT, POST),
    "reserve_month": _of(_month),
    "prepare_sheet": _of(_month, KEEP),
    "sign_sheet": _of(_month, SIGN, POST),
    "export_sheet": _of(_month, EXPORT, POST),
    "stock": {"door": SEE},
    "export_stock": {"door": EXPORT, "methods": POST},
    "receive_stock": {"door": KEEP, "methods": BOTH},
    "stock_history": _of(_stock),
    "export_stock_history": _of(_stock, EXPORT, POST),
    "lose_stock": _of(_stock, KEEP),
    "move_stock": _of(_stock, ALLOCATE),
    "stock_items": {"door": SEE},
    "export_stock_items": {"door": EXPORT, "methods": POST},
    "add_stock_item": {"door": ALLOCATE, "methods": BOTH},
    "edit_stock_item": _plain(_item, ALLOCATE, BOTH),
    "end_stock_item": _plain(_item, ALLOCATE, POST),
}
"""By the name of the URL in ``temporary_aid``, what ``tests.matrix.rules.Rule`` takes."""
