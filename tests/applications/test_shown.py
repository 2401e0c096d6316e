"""The table of findings on a case page: what decides the case's own scheme, the rest by scheme, nothing twice."""

from datetime import date
from typing import Any

from applications.queries import ShownAssessment
from applications.rules.matters import MATTERS
from eligibility.queries import FindingRow
from eligibility.rules.titles import RULE_TITLES


def row(rule: str, *, passed: bool = True, **more: Any) -> FindingRow:
    facts = {"clause": "F57 §13", "subject": "本户", "value": "1", "comparison": "≤", "threshold": "1", "text": rule}
    return FindingRow(rule=rule, title=RULE_TITLES[rule], passed=passed, **(facts | more))


def shown(*rows: FindingRow, scheme: str = "dibao") -> ShownAssessment:
    matter = MATTERS[f"{scheme}.application"]
    return ShownAssessment(on=date(2026, 11, 23), is_fresh=True, rows=rows, matter=matter)


def test_each_scheme_shows_what_decides_it_and_folds_the_others_by_scheme() -> None:
    rows = [row(rule) for rule in ("counting.minor_child", "property.houses", "dibao.below_standard", "tekun.minor")]
    dibao = shown(*rows, row("marginal.property"))
    assert [found.rule for found in dibao.deciding] == ["property.houses", "dibao.below_standard"]
    assert [(group.title, [found.rule for found in group.rows]) for group in dibao.other_groups] == [
        ("共同生活的家庭成员", ["counting.minor_child"]),
        ("特困人员救助供养", ["tekun.minor"]),
        ("低保边缘家庭", ["marginal.property"]),
    ]
    tekun = shown(*rows, scheme="tekun")
    assert [found.rule for found in tekun.deciding] == ["tekun.minor"]


def test_a_comparison_made_twice_is_shown_once_and_of_two_people_twice() -> None:
    once = row("dibao.below_standard")
    again = row("dibao.below_standard")
    other = row("dibao.below_standard", subject="胡小雨")
    assert shown(once, again, other).deciding == [once, other]


def test_conditions_not_met_are_named_and_sums_are_not_among_them() -> None:
    failed = shown(
        row("property.houses", passed=False), row("amount.difference", passed=False), row("dibao.below_standard")
    ).failed
    assert [found.rule for found in failed] == ["property.houses"]


def test_every_rule_that_the_pages_know_has_its_group() -> None:
    everything = shown(*(row(rule) for rule in RULE_TITLES))
    grouped = [found for group in everything.other_groups for found in group.rows]
    assert {found.rule for found in grouped + everything.deciding} == set(RULE_TITLES)
    assert sorted(found.rule for found in grouped) == sorted(found.rule for found in everything.others)
