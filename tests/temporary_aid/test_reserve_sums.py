"""Over any sequence of movements: 余额 = 期初 + 拨入 − 先行支出 + 退回 − 收回, and never below nothing."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from temporary_aid.models import ReserveEntry, TemporaryAid
from temporary_aid.queries.reconciling import month_sums
from temporary_aid.services import NotAllowed
from tests.temporary_aid.reserves import SEPTEMBER, Purse

pytestmark = pytest.mark.django_db
NOTHING = Decimal("0.00")
fen = st.integers(1, 300_000).map(lambda number: Decimal(number) / 100)
movements = st.lists(
    st.tuples(st.sampled_from(["allocate", "spend", "spend", "refund", "withdraw"]), fen), min_size=3, max_size=14
)


class _Undone(Exception):
    """Takes an example back whole."""


class Book:
    """The test's own book: four plain sums, and what each aid may still give back."""

    def __init__(self) -> None:
        self.sums = dict.fromkeys(("allocate", "spend", "refund", "withdraw"), NOTHING)
        self.left: dict[int, Decimal] = {}

    @property
    def balance(self) -> Decimal:
        sums = self.sums
        return sums["allocate"] - sums["spend"] + sums["refund"] - sums["withdraw"]

    def allows(self, kind: str, amount: Decimal, aid: int) -> bool:
        if kind == "refund":
            return amount <= self.left.get(aid, NOTHING)
        return kind == "allocate" or amount <= self.balance

    def write(self, kind: str, amount: Decimal, aid: int) -> None:
        self.sums[kind] += amount
        if kind in ("spend", "refund"):
            self.left[aid] = self.left.get(aid, NOTHING) + (amount if kind == "spend" else -amount)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(happens=movements)
def test_the_balance_is_what_plain_sums_say_after_every_movement(
    reserve: Purse, happens: list[tuple[str, Decimal]]
) -> None:
    with pytest.raises(_Undone), transaction.atomic():
        _live_through(reserve, happens)
        raise _Undone


def _live_through(reserve: Purse, happens: list[tuple[str, Decimal]]) -> None:
    book, written = Book(), 0
    aid: TemporaryAid = reserve.aid()
    for kind, amount in happens:
        if kind == "spend":
            aid = reserve.aid()
        expected = book.allows(kind, amount, aid.pk)
        try:
            with transaction.atomic():
                _move(reserve, kind, amount, aid)
        except NotAllowed:
            assert not expected, (kind, amount, book.balance)
        else:
            assert expected, (kind, amount, book.balance)
            book.write(kind, amount, aid.pk)
            written += 1
        assert reserve.balance == book.balance >= 0
    _agree(reserve, book, written)


def _move(reserve: Purse, kind: str, amount: Decimal, aid: TemporaryAid) -> None:
    text = str(amount)
    if kind == "allocate":
        reserve.allocate(text)
    elif kind == "withdraw":
        reserve.withdraw(text)
    elif kind == "spend":
        reserve.spend(text, aid=aid)
    else:
        reserve.refund(aid, text)


def _agree(reserve: Purse, book: Book, written: int) -> None:
    """The rows follow on one another, and the month's sheet says what the book says."""
    rows = list(ReserveEntry.objects.order_by("serial").values_list("serial", "balance_after"))
    assert [serial for serial, _ in rows] == list(range(1, written + 1))
    assert min([NOTHING, *(balance for _, balance in rows)]) == 0
    found = month_sums(reserve.fund, SEPTEMBER)
    assert (found.allocated, found.advanced) == (book.sums["allocate"], book.sums["spend"])
    assert (found.refunded, found.withdrawn) == (book.sums["refund"], book.sums["withdraw"])
    assert found.closing == book.balance
