"""Three years of one township of 500 families: the system pays each what the township's own books say, to the fen.

The books (``ledger``) are kept from what befalls the families and import nothing of the product.
"""

import ast
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command

from benefits import services as benefits
from benefits.models import Award, RollItem, RollLine
from foundation.trail import acting
from tests.simulation import ledger
from tests.simulation.driver import Office, Registrar
from tests.simulation.ledger import Account, Figures, following
from tests.simulation.office import CountyOffice
from tests.simulation.world import FAMILIES, FIRST, LAST, Happening, draw

START = date(2025, 11, 3)
PAID_ON_DAY = 3
TOWNSHIPS = ("341824101", "341824100")
STANDARD = Decimal("755.00")
"""农村低保标准 of the figures that come with the system, from July 2023."""


@pytest.fixture
def books() -> list[Account]:
    return [Account(family, Figures(STANDARD)) for family in draw(20261126)]


def test_the_books_import_nothing_of_the_product() -> None:
    for module in ("ledger", "world"):
        tree = ast.parse(Path(ledger.__file__).with_name(f"{module}.py").read_text())
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        names |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert {name.split(".")[0] for name in names if name} <= {
            "collections",
            "dataclasses",
            "datetime",
            "decimal",
            "os",
            "random",
            "tests",
        }


@pytest.mark.django_db
def test_every_family_is_paid_every_month_what_the_townships_own_books_say(county: None, books: list[Account]) -> None:
    call_command("load_parameters", verbosity=0)
    offices = [Office.of(code, on=START) for code in TOWNSHIPS]
    registrar = Registrar(offices, on=START)
    office = CountyOffice(registrar, TOWNSHIPS, on=START)
    for account in books:
        registrar.register(account.family)
    seen: Counter[str] = Counter()
    told, month = START, FIRST
    while month <= LAST:
        pay_day = month.replace(day=PAID_ON_DAY)
        # What falls before the month is written first; then phase-outs end of themselves, as they do every night.
        _live(books, told, month - timedelta(1), registrar, office, seen)
        with acting(actor="system:simulation"):
            benefits.finish_phase_outs(on=month)
        _live(books, month - timedelta(1), pay_day, registrar, office, seen)
        _order_back(books, office, month, pay_day, seen)
        _compare(books, office, month, pay_day, seen)
        told, month = pay_day, following(month)
    _agree_in_the_end(books, office)
    # What is compared is worth comparing: each of these happened often enough.
    assert (
        min(
            seen[kind]
            for kind in ("birth", "death", "move", "phase_out", "stop", "changed", "continue", "back", "taken")
        )
        > FAMILIES // 6
    ), seen


def _live(
    books: list[Account], since: date, until: date, registrar: Registrar, office: CountyOffice, seen: Counter[str]
) -> None:
    for account in books:
        for happening in account.family.happenings:
            if since < happening.on <= until:
                _both(account, happening, registrar, office, seen)


def _both(
    account: Account, happening: Happening, registrar: Registrar, office: CountyOffice, seen: Counter[str]
) -> None:
    if happening.kind == "move" and not account.rulings:
        return
    answer = account.note(happening)
    seen[answer or happening.kind] += 1
    registrar.tell(account.family, happening)
    office.decide(account.family, happening)


def _order_back(books: list[Account], office: CountyOffice, month: date, pay_day: date, seen: Counter[str]) -> None:
    for account in books:
        if account.dead and account.rulings:
            ordered = account.order_back(list(account.months_before(month)))
            assert ordered == office.order_back(account.family, on=pay_day - timedelta(1)), account.family.number
            seen["ordered"] += ordered


def _compare(books: list[Account], office: CountyOffice, month: date, pay_day: date, seen: Counter[str]) -> None:
    paid = office.pay(month, on=pay_day)
    for account in books:
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
        seen["back"] += expected.back > 0
        seen["taken"] += expected.taken > 0
    assert paid == {}, month


def _agree_in_the_end(books: list[Account], office: CountyOffice) -> None:
    """By family and month that the money is for: lines, back payments and what was taken back."""
    for account in books:
        award = office.awards.get(account.family.number)
        given: Counter[date] = Counter()
        if award is not None:
            for line in RollLine.objects.filter(award=award):
                given[line.month] += line.base_amount + line.topup_amount
            for item in RollItem.objects.filter(award=award):
                given[item.for_month] += item.amount if item.kind == "back_payment" else -item.amount
        assert +given == Counter({month: amount for month, amount in account.given.items() if amount}), (
            account.family.number
        )
    assert Award.objects.count() == len(office.awards)
