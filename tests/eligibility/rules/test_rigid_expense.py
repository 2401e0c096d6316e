"""刚性支出困难家庭: each test by table, from both sides of its boundary."""

from datetime import date
from decimal import Decimal

import pytest

from eligibility.rules import (
    Expense,
    ExpenseKind,
    Facts,
    Income,
    IncomeKind,
    Member,
    Relation,
    Residence,
    RigidExpense,
    RigidTerms,
    assess_rigid_expense,
    read_rigid_terms,
)

KINDS = frozenset({ExpenseKind.MEDICAL, ExpenseKind.DISABILITY, ExpenseKind.EDUCATION})
CEILING = Decimal("30000.00")


def assess(
    *,
    income: str = "20000.00",
    spent: str = "12000.01",
    kind: ExpenseKind = ExpenseKind.MEDICAL,
    whose: str | None = None,
    rate: str = "0.60",
    kinds: frozenset[ExpenseKind] = KINDS,
    property_ok: bool = True,
    enrolled: tuple[str, ...] = (),
    counted: tuple[str, ...] = ("a", "b"),
) -> RigidExpense:
    head = Member(
        id="a",
        birth_date=date(1968, 3, 12),
        relation=Relation.HEAD,
        incomes=(Income(kind=IncomeKind.WAGE, yearly=Decimal(income)),),
    )
    away = Member(
        id="c",
        birth_date=date(1990, 3, 12),
        relation=Relation.OTHER,
        incomes=(Income(kind=IncomeKind.WAGE, yearly=Decimal("90000")),),
    )
    facts = Facts(
        on=date(2026, 9, 7),
        residence=Residence.RURAL,
        members=(head, Member(id="b", birth_date=date(1970, 1, 1), relation=Relation.SPOUSE), away),
        expenses=(Expense(kind=kind, yearly=Decimal(spent), member=whose),),
    )
    return assess_rigid_expense(
        facts,
        counted=counted,
        property_ok=property_ok,
        disposable_income_yearly=CEILING,
        terms=RigidTerms(Decimal(rate), kinds),
        enrolled=enrolled,
    )


@pytest.mark.parametrize(
    ("case", "eligible"),
    [
        # The share: more than 60 % of 20,000 is more than 12,000; equal is not more.
        ({"spent": "12000.01"}, True),
        ({"spent": "12000.00"}, False),
        ({"spent": "11999.99"}, False),
        ({"rate": "0.5999"}, True),
        ({"rate": "0.6001"}, False),
        ({"income": "0.00", "spent": "0.00"}, True),
        ({"income": "0.01", "spent": "0.00"}, False),
        # Income: below 30,000 × 2 persons.
        ({"income": "59999.99", "spent": "59000.00"}, True),
        ({"income": "60000.00", "spent": "59000.00"}, False),
        ({"income": "60000.01", "spent": "59000.00"}, False),
        # Which spending counts, and whose.
        ({"kind": ExpenseKind.EMPLOYMENT}, False),
        ({"kind": ExpenseKind.EMPLOYMENT, "kinds": KINDS | {ExpenseKind.EMPLOYMENT}}, True),
        ({"kind": ExpenseKind.EDUCATION, "kinds": KINDS - {ExpenseKind.EDUCATION}}, False),
        ({"whose": "b"}, True),
        ({"whose": "c"}, False),
        # Property, other statuses, nobody.
        ({"property_ok": False}, False),
        ({"enrolled": ("低保（DB202600001）",)}, False),
        ({"counted": ()}, False),
    ],
)
def test_boundaries(case: dict[str, object], eligible: bool) -> None:
    found = assess(**case)  # type: ignore[arg-type]
    assert found.is_eligible is eligible
    assert found.persons == (("a", "b") if eligible else ())
    assert all(row.passed for row in found.findings) is eligible


def test_every_test_says_its_sum_and_its_clause() -> None:
    texts = {row.rule: row.text for row in assess(spent="12000.00", enrolled=("低保边缘（BY202600001）",)).findings}
    assert texts == {
        "rigid_expense.somebody_counted": "共同生活的家庭成员2人，按刚性支出困难家庭审核。",
        "rigid_expense.not_enrolled": "本户已纳入低保边缘（BY202600001），不另认定为刚性支出困难家庭。",
        "rigid_expense.income": "全年总收入20,000.00元，低于上年度人均可支配收入30,000.00元×2人＝60,000.00元。",
        "rigid_expense.property": "家庭财产状况符合规定。",
        "rigid_expense.share": "12个月刚性支出12,000.00元，没有超过全年总收入20,000.00元×0.60＝12,000.00元，"
        "不符合支出条件。",
    }
    assert all("刚性支出困难家庭认定办法" in row.clause for row in assess().findings)


def test_without_income_the_share_counts_as_exceeded() -> None:
    (last,) = [row for row in assess(income="0.00", spent="300.00").findings if row.rule == "rigid_expense.no_income"]
    assert last.passed
    assert last.text == "全年总收入0元，12个月刚性支出300.00元，视为超过规定比例。"


def test_the_terms_are_read_as_they_are_kept() -> None:
    terms = RigidTerms(Decimal("0.60"), KINDS)
    assert read_rigid_terms(terms.as_dict()) == terms
    assert read_rigid_terms({}) is None
