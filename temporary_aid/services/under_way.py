"""The same cause of the same people twice: refused where it is one need, noted where it may be another."""

from datetime import timedelta

from eligibility.rules.choices import HardshipType
from foundation.dates import chinese_date
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import people_of
from temporary_aid.rules.states import BEFORE_DECISION, AidState
from temporary_aid.services.base import NotAllowed

SAME_OCCURRENCE_DAYS = 7
"""The same cause so many days apart is one occurrence (同一次), for the day is often said wrongly; 本系统的口径."""
_UNDECIDED = [state.value for state in BEFORE_DECISION | {AidState.IN_CASE}]


class AlreadyUnderWay(NotAllowed):
    """Aid for the same is under way.

    :param aid: which, where it is of the same township.
    """

    def __init__(self, message: str, *, aid: TemporaryAid | None) -> None:
        super().__init__(message, field="cause")
        self.aid = aid


def check_not_under_way(aid: TemporaryAid) -> str:
    """Whether aid for the same cause of the same people waits to be decided.

    Spending (支出型) is refused in the whole county. Urgent aid only where the township has one of the same occurrence:
    nobody goes unhelped for what another township left lying, or for what befell them before; how often a family may
    be helped (频次) is checked at each decision.

    :returns: what the event says of others that are under way; empty where there are none.
    :raises NotAllowed: it is under way.
    """
    if aid.follow_up_of is not None:
        return ""
    found = TemporaryAid.objects.filter(people_of(aid).theirs, cause=aid.cause, state__in=_UNDECIDED)
    others = list(found.select_related("area").order_by("pk"))
    for other in others:
        if aid.kind == HardshipType.EXPENDITURE or _is_same(aid, other):
            raise AlreadyUnderWay(
                f"同一事由的临时救助（{_which(aid, other)}）正在办理，不能重复登记；后续困难请用“跟进救助”。",
                aid=other if _is_here(aid, other) else None,
            )
    named = "、".join(f"{_which(aid, other)}（{chinese_date(other.occurred_on)}发生）" for other in others)
    return f"；同一事由另有{named}正在办理，批准前请核实是否同一件事" if named else ""


def _is_same(aid: TemporaryAid, other: TemporaryAid) -> bool:
    apart = abs(aid.occurred_on - other.occurred_on)
    return _is_here(aid, other) and apart <= timedelta(days=SAME_OCCURRENCE_DAYS)


def _is_here(aid: TemporaryAid, other: TemporaryAid) -> bool:
    return aid.area.township_code == other.area.township_code


def _which(aid: TemporaryAid, other: TemporaryAid) -> str:
    return other.number if _is_here(aid, other) else "另一乡镇的一件"
