"""Findings: every comparison in the order made, each resting on a clause, each outcome to be followed from them."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest

import eligibility.rules
from applications.rules.matters import dibao_review
from eligibility.rules.findings import Rule
from eligibility.rules.titles import RULE_TITLES
from tests.eligibility.families import assessed, child, member, pension, spouse, wage

Json = dict[str, Any]


def findings(*members: Json, **keys: Any) -> list[Json]:
    return assessed(*members, **keys)["findings"]


def one(rows: list[Json], rule: str, subject: str = "household") -> Json:
    found = [row for row in rows if row["rule"] == rule and row["subject"] == subject]
    assert len(found) == 1, found
    return found[0]


def all_rules() -> set[str]:
    names = set()
    for module in pkgutil.iter_modules(eligibility.rules.__path__):
        parts = vars(importlib.import_module(f"eligibility.rules.{module.name}")).values()
        names |= {part.name for part in parts if isinstance(part, Rule)}
    return names


def rules_of_reviews() -> set[str]:
    """Reviews write theirs beside the engine's."""
    return set(re.findall(r'"(review\.\w+)"', Path(dibao_review.__file__).read_text(encoding="utf-8")))


def test_every_rule_has_a_title_and_every_title_a_rule() -> None:
    assert set(RULE_TITLES) == all_rules() | rules_of_reviews()


def test_a_finding_has_the_contracts_keys_and_works_the_sum_out() -> None:
    rows = findings(member(), spouse(incomes=wage("18000")), child(), expenses=[{"kind": "medical", "yearly": "6000"}])
    assert one(rows, "dibao.below_standard") == {
        "rule": "dibao.below_standard",
        "clause": "国务院令第649号第九条",
        "subject": "household",
        "value": "12000.00",
        "comparison": "<",
        "threshold": "25200.00",
        "passed": True,
        "text": "月人均333.33元，低于低保标准700.00元；全年可计收入12,000.00元，低于700.00元×12月×3人＝25,200.00元，"
        "符合整户低保收入条件。",
    }
    assert (
        one(rows, "means.per_capita")["text"] == "月人均收入：12,000.00元÷12月÷3人＝333.33元（截断到分，不四舍五入）。"
    )


def test_names_serve_the_sentences_and_ids_the_subject() -> None:
    rows = findings(member(name="胡德旺", born="1950-01-01", supporters=[]), spouse(name="汪秋菊"))
    inside = one(rows, "tekun.nobody_able_inside", "a")
    assert inside["text"] == "胡德旺的法定义务人汪秋菊有履行义务能力，不符合特困条件。"
    assert not inside["passed"]


def test_a_member_without_a_name_is_called_by_id() -> None:
    rows = findings(member("m12", born="1950-01-01", supporters=[]))
    assert one(rows, "tekun.elderly", "m12")["text"] == "成员“m12”76周岁，年满60周岁，属于无劳动能力。"


def test_findings_come_in_the_order_of_the_rules() -> None:
    rows = findings(member(incomes=wage("9000")), hardship={"type": "urgent", "proposed_amount": "1400"})
    groups = list(dict.fromkeys(row["rule"].partition(".")[0] for row in rows))
    # The limit for one person alone is the marginal one: it stands before that test and again at the end.
    assert groups == ["counting", "property", "tekun", "means", "dibao", "marginal", "single_person", "temporary_aid"]


def test_amounts_in_sentences_stand_in_groups_of_three_and_figures_do_not() -> None:
    rows = findings(member(incomes=wage("1234567.89")), expenses=[{"kind": "medical", "yearly": "2345678.90"}])
    assert one(rows, "means.income")["text"] == "家庭年收入：成员“a”1,234,567.89元＝1,234,567.89元。"
    adjusted = one(rows, "means.adjusted")
    assert adjusted["text"].endswith("－就业成本核减0.00元＝－1,111,111.01元，不足零，按零计。")
    assert adjusted["value"] == "-1111111.01"


def test_spending_that_is_not_deducted_is_named() -> None:
    away = child(born="2000-01-01", lives_together=False)
    rows = findings(member(), away, expenses=[{"kind": "medical", "yearly": "1200", "member": "c"}])
    left_out = one(rows, "means.left_out")
    assert left_out["text"] == "成员“c”不参加低保认定，其因病支出1,200.00元不核减。"
    assert not left_out["passed"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"labour_capacity": "partial"}, "部分丧失劳动能力（经办人认定），家庭收入来源不固定，建议C类。"),
        ({"born": "1966-11-23"}, "无劳动能力（年满60周岁）。"),
        ({"born": "2010-11-24"}, "无劳动能力（未满16周岁）。"),
        ({"schooling": "undergraduate"}, "无劳动能力（全日制在学）。"),
        ({"serious_illness": True}, "无劳动能力（重度残疾或者重病）。"),
        ({}, "有劳动能力（年满16周岁、未满60周岁，不在学，没有重度残疾和重病），家庭收入来源不固定，建议C类。"),
    ],
)
def test_the_labour_capacity_says_what_it_rests_on(facts: Json, said: str) -> None:
    rows = findings(member(**facts))
    assert one(rows, "category.labour_capacity", "a")["text"] == f"成员“a”{said}"


def test_obligors_inside_are_named_or_said_to_be_none() -> None:
    alone = findings(member(born="1950-01-01", supporters=[]))
    assert one(alone, "tekun.nobody_able_inside", "a")["text"] == "成员“a”在家庭成员中没有法定义务人。"
    both = findings(member(born="1950-01-01", supporters=[]), spouse(born="1950-01-01"))
    assert (
        one(both, "tekun.nobody_able_inside", "a")["text"]
        == "成员“a”在家庭成员中的法定义务人（成员“b”）无履行义务能力。"
    )


def test_every_excess_of_property_is_named() -> None:
    rows = findings(
        member(),
        property={
            "financial_assets": "99999",
            "vehicles": 2,
            "vehicle_value": "90000",
            "houses": 3,
            "businesses": 1,
        },
    )
    failed = [row["rule"] for row in rows if not row["passed"] and row["rule"].startswith("property.")]
    assert failed == [
        "property.financial_assets",
        "property.vehicles",
        "property.vehicle_value",
        "property.houses",
        "property.businesses",
    ]
    assert one(rows, "property.financial_assets")["threshold"] == "25200.00"


FAMILIES = [
    (member(),),
    (member(not_counted="in_prison"),),
    (member(incomes=wage("9000")), spouse(serious_illness=True, incomes=pension("100.11")), child()),
    (member(born="1950-01-01"), member("p", "parent", "1930-01-01", supporters=[{"birth_date": "1990-01-01"}])),
    (
        member(disability={"kind": "multiple", "level": 2, "components": [{"kind": "visual", "level": 1}]}),
        child(born="2004-01-01", applies_alone=True, disability={"kind": "psychiatric", "level": 3}),
        member("x", "other"),
    ),
    (
        member(incomes=wage("30000")),
        child(born="2004-01-01", applies_alone=True, disability={"kind": "speech", "level": 1}),
    ),
]
REVIEW: Json = {"event": "review", "current_persons": ["a"], "current_monthly_amount": "100"}


@pytest.mark.parametrize("keys", [{}, REVIEW, REVIEW | {"award_basis": "single_person"}])
@pytest.mark.parametrize("members", FAMILIES)
def test_a_finding_that_compares_two_figures_says_what_the_figures_say(members: tuple[Json, ...], keys: Json) -> None:
    compare = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    rows = findings(*members, **keys)
    assert rows
    for row in rows:
        assert row["text"] and row["clause"]
        assert "{" not in row["text"]
        if row["comparison"] in compare and row["rule"] != "amount.difference":
            value, threshold = float(row["value"]), float(row["threshold"])
            assert compare[row["comparison"]](value, threshold) is row["passed"], row


def test_a_limit_between_two_fen_is_shown_as_the_fen_that_gives_the_same_answer() -> None:
    # 1.3333333 × 8400 = 11199.99972: 11199.99 is below, 11200.00 is not
    parameters = {"marginal_multiplier": "1.3333333"}
    below = one(findings(member(incomes=wage("11199.99")), parameters=parameters), "marginal.not_below_standard")
    assert below["passed"]
    rows = [
        row
        for row in findings(member(incomes=wage("11199.99")), parameters=parameters)
        if row["rule"] == "marginal.below_limit"
    ]
    assert {(row["value"], row["threshold"], row["passed"]) for row in rows} == {("11199.99", "11200.00", True)}
