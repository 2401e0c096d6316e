"""支出型临时救助: each condition by table, from both sides of its boundary."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from eligibility.rules import (
    ExpenditureAid,
    Facts,
    Income,
    IncomeKind,
    Member,
    Relation,
    Residence,
    assess_expenditure_aid,
)

CEILING = Decimal("30000.00")


def assess(*, own: str = "0.00", enrolled: tuple[str, ...] = (), **household: Any) -> ExpenditureAid:
    """Two people of whom both count and remain, unless said otherwise.

    :param own: what the head earns, of which the assessment says nothing where nobody remains.
    """
    wage = Income(kind=IncomeKind.WAGE, yearly=Decimal(own))
    head = Member(id="a", birth_date=date(1968, 3, 12), relation=Relation.HEAD, incomes=(wage,))
    wife = Member(id="b", birth_date=date(1970, 1, 1), relation=Relation.SPOUSE)
    found = {
        "counted": ["a", "b"],
        "remaining": ["a", "b"],
        "yearly_income": "20000.00",
        "rigid_deduction": "0.00",
        "employment_deduction": "0.00",
        "property_ok": True,
    }
    return assess_expenditure_aid(
        Facts(on=date(2026, 9, 7), residence=Residence.RURAL, members=(head, wife)),
        household=found | household,
        disposable_income_yearly=CEILING,
        enrolled=enrolled,
    )


@pytest.mark.parametrize(
    ("case", "eligible"),
    [
        # Income: below 30,000 × 2 persons, after the deductions.
        ({"yearly_income": "59999.99"}, True),
        ({"yearly_income": "60000.00"}, False),
        ({"yearly_income": "60000.01"}, False),
        ({"yearly_income": "60000.00", "rigid_deduction": "0.01"}, True),
        ({"yearly_income": "60000.00", "employment_deduction": "0.01"}, True),
        ({"yearly_income": "10.00", "rigid_deduction": "90000.00"}, True),
        ({"yearly_income": "0.00"}, True),
        # One of two meets the conditions of 特困: what remains is one person's, below 30,000.
        ({"remaining": ["b"], "yearly_income": "29999.99"}, True),
        ({"remaining": ["b"], "yearly_income": "30000.00"}, False),
        # Everybody does: what they have of their own, below 30,000 × 2.
        ({"remaining": [], "yearly_income": "0.00", "own": "59999.99"}, True),
        ({"remaining": [], "yearly_income": "0.00", "own": "60000.00"}, False),
        ({"property_ok": False}, False),
        ({"counted": [], "remaining": []}, False),
        # Who has 低保 or 特困: only the spending is verified.
        ({"yearly_income": "60000.00", "enrolled": ("低保",)}, True),
        ({"property_ok": False, "enrolled": ("特困",)}, True),
        ({"counted": [], "remaining": [], "enrolled": ("低保",)}, False),
    ],
)
def test_who_may_be_helped(case: dict[str, Any], eligible: bool) -> None:
    assert assess(**case).is_eligible is eligible


def test_every_condition_is_tested_so_that_a_refusal_names_all_that_failed() -> None:
    found = assess(yearly_income="60000.00", property_ok=False)
    assert [(row.rule, row.passed) for row in found.findings] == [
        ("temporary_aid.somebody_counted", True),
        ("temporary_aid.income", False),
        ("temporary_aid.property", False),
    ]
    assert found.findings[1].text == (
        "全年可计收入60,000.00元，不低于上年度人均可支配收入30,000.00元×2人＝60,000.00元，不符合收入条件。"
    )
    assert found.persons == ("a", "b")


def test_each_finding_says_its_clause() -> None:
    clauses = {row.rule: row.clause for row in assess().findings}
    assert clauses == {
        "temporary_aid.somebody_counted": "民发〔2018〕23号二（一）",
        "temporary_aid.income": "民发〔2018〕23号二（一）",
        "temporary_aid.property": "民发〔2018〕23号二（一）；财产限额为本地做法",
    }
    enrolled = assess(enrolled=("低保", "特困")).findings[-1]
    assert enrolled.clause == "民发〔2018〕23号二（二）"
    assert enrolled.text == "本户已纳入低保、特困，收入和财产条件视为符合，只重点核实生活必需支出。"
