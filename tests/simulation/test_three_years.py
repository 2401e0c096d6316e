"""Three years of one township of 500 families: the system pays each what the township's own books say, to the fen.

The books (``ledger``) are kept from what befalls the families and import nothing of the product.
"""

import ast
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from benefits import services as benefits
from benefits.models import Award, RollItem, RollLine
from foundation.trail import acting
from tests.simulation import ledger
from tests.simulation.aid_years import REPLENISHED_ON_DAY, AidYears
from tests.simulation.driver import Office, Registrar
from tests.simulation.ledger import Account, open_accounts
from tests.simulation.office import CountyOffice
from tests.simulation.paying import Treasury
from tests.simulation.rulings import Figures, following
from tests.simulation.uplift import raise_standard
from tests.simulation.world import FAMILIES, FIRST, LAST, TOWNSHIP, Family, Happening, draw, in_order

START = date(2025, 11, 3)
PAID_ON_DAY = 3
TOWNSHIPS = ("341824101", "341824100")
STANDARD, RAISED = Decimal("755.00"), Decimal("790.00")
"""农村低保标准 of the figures that come with the system, from July 2023, and an invented one."""
RAISED_FROM, RAISED_ON = date(2027, 7, 1), date(2027, 8, 12)
"""The new standard holds from July; the county hears of it and carries it out in August."""
BANK_ANSWERS_IN = (3, 6, 9, 12)
_ALONE = {"ast", "collections", "dataclasses", "datetime", "decimal", "os", "random"}
_OFTEN = (
    "birth death head_died move village split uplifted phase_out stop changed continue suspend back taken reissued"
).split()
_NOW_AND_THEN = ("head_died_phasing_out", "gone", "apart", "restored", "covered_already")
"""Seen at least once where the whole township is lived through."""


def test_the_books_import_nothing_of_the_product() -> None:
    for module in ("ledger", "rulings", "world", "aid_books", "aid_world"):
        tree = ast.parse(Path(ledger.__file__).with_name(f"{module}.py").read_text())
        names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        strange = {name for name in names if name.split(".")[0] not in _ALONE}
        assert strange <= {f"tests.simulation.{name}" for name in ("rulings", "world", "ledger", "aid_world")}, module


@dataclass
class Township:
    """The families with the books kept of them, and the offices that decide on them and pay them."""

    families: list[Family]
    books: list[Account]
    registrar: Registrar
    office: CountyOffice
    treasury: Treasury
    aid: AidYears
    seen: Counter[str] = field(default_factory=Counter)

    @classmethod
    def settled(cls, families: list[Family]) -> "Township":
        """On file before anything happens."""
        figures = Figures([(date.min, STANDARD), (RAISED_ON, RAISED)])
        registrar = Registrar([Office.of(code, on=START) for code in TOWNSHIPS], on=START)
        registrar.register([family for family in families if family.origin is None])
        office = CountyOffice(registrar, on=START)
        books = open_accounts(families, figures, on=START)
        aid = AidYears(families, books, registrar, TOWNSHIPS, on=START)
        return cls(families, books, registrar, office, Treasury(office, TOWNSHIPS), aid)

    def live(self, happenings: list[tuple[Family, Happening]], *, until: date) -> None:
        """Take up, in order, what happens up to a day."""
        while happenings and happenings[-1][1].on <= until:
            family, happening = happenings.pop()
            self.aid.until(happening.on)
            answer = self.books[family.number].note(happening, self.books)
            self.seen[(answer or happening.kind).replace(" ", "_")] += 1
            self.registrar.tell(family, happening, self.families)
            self.office.decide(family, happening)

    def raise_standard(self) -> None:
        """Both raise the standard, and leave the same awards to a review."""
        expected = {
            account.family.number: answer
            for account in self.books
            if (answer := account.raise_standard(RAISED_FROM, on=RAISED_ON))
        }
        assert raise_standard(self.office, RAISED, since=RAISED_FROM, on=RAISED_ON) == expected
        self.seen.update(expected.values())

    def order_back(self, month: date, *, on: date) -> None:
        """Where somebody's death was told late, both order back what was paid too much."""
        for account in self.books:
            if account.is_to_be_looked_at:
                ordered = account.order_back(month)
                assert ordered == self.treasury.order_back(account.family, on=on), account.family.number

    def pay(self, month: date, *, on: date) -> None:
        """Both pay the month; line by line it is the same."""
        paid = self.treasury.pay(month, on=on)
        for account in self.books:
            expected = account.pay(month) if account.rulings else None
            found = paid.pop((account.family.number, account.township), None)
            said = f"family {account.family.number}, {month:%Y-%m}"
            if expected is None:
                assert found is None, said
                continue
            assert found is not None, said
            sums = (found.base_amount + found.topup_amount, found.back_payment_amount, found.recoupment_amount)
            assert sums == (expected.regular, expected.back, expected.taken), said
            assert found.amount == expected.amount, said
            self.seen["back"] += expected.back > 0
            self.seen["taken"] += expected.taken > 0
        assert paid == {}, month

    def bank_answers(self, month: date, *, on: date) -> None:
        """Some accounts are unknown to the bank; just these lines are issued anew, with the same sums."""
        failing = {family.number for family in self.families if family.number % 13 == month.month}
        first = RollLine.objects.filter(roll__month=month, reissue_of=None)
        again = self.treasury.answer(month, failing, on=on)
        keys = {self.registrar.keys[number] for number in failing if number in self.registrar.keys}
        expected = dict(first.filter(household__in=keys).values_list("pk", "amount"))
        assert {line.reissue_of_id: line.amount for line in again.values()} == expected
        self.seen["reissued"] += len(again)

    def agree_in_the_end(self) -> None:
        """By family and month that the money is for: lines, back payments and what was taken back."""
        given: dict[int, Counter[date]] = {award: Counter() for award in self.office.awards.values()}
        for line in RollLine.objects.filter(reissue_of=None):
            given[line.award_id][line.month] += line.base_amount + line.topup_amount
        for item in RollItem.objects.all():
            given[item.award_id][item.for_month] += item.amount if item.kind == "back_payment" else -item.amount
        overpaid = self.treasury.overpaid()
        for account in self.books:
            number = account.family.number
            in_books = Counter({month: amount for month, amount in account.given.given.items() if amount})
            assert +given.get(self.office.awards.get(number, 0), Counter()) == in_books, number
            assert overpaid.get(number, {}) == account.overpaid(following(LAST)), number
        assert Award.objects.count() == len(self.office.awards)


@pytest.mark.django_db
def test_every_family_is_paid_every_month_what_the_townships_own_books_say(county: None) -> None:
    call_command("load_parameters", verbosity=0)
    township = Township.settled(draw(20261126))
    happenings, month = in_order(township.families)[::-1], FIRST
    while month <= LAST:
        pay_day = month.replace(day=PAID_ON_DAY)
        if following(RAISED_ON) == month:
            township.live(happenings, until=RAISED_ON - timedelta(1))
            township.raise_standard()
        # What falls before the month is written first; then phase-outs end of themselves, as they do every night.
        township.live(happenings, until=month - timedelta(1))
        township.aid.month_begins(month)
        with acting(actor="system:simulation"):
            benefits.finish_phase_outs(on=month)
        township.live(happenings, until=pay_day)
        township.order_back(month, on=pay_day)
        township.pay(month, on=pay_day)
        if month.month in BANK_ANSWERS_IN:
            township.bank_answers(month, on=pay_day + timedelta(2))
        township.live(happenings, until=month.replace(day=REPLENISHED_ON_DAY - 1))
        township.aid.replenish(month)
        month = following(month)
    township.agree_in_the_end()
    township.aid.agree_in_the_end()
    _check_worth_comparing(township.seen)


def _check_worth_comparing(seen: Counter[str]) -> None:
    """What is compared happened often enough to be worth comparing."""
    assert min(seen[kind] for kind in _OFTEN) > FAMILIES // 12, seen
    assert FAMILIES < TOWNSHIP or all(seen[kind] for kind in _NOW_AND_THEN), seen
