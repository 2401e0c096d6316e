"""Rule 1: tekun, person by person (F43)."""

from typing import Any

import pytest

from tests.eligibility.families import assessed, child, member, pension, spouse, tekun_of, wage

Json = dict[str, Any]
OLD = "1950-01-01"  # 76


def outcome(*members: Json, of: str = "a", **keys: Any) -> str:
    return tekun_of(assessed(*members, **keys), of)["outcome"]


def alone(**facts: Any) -> str:
    return outcome(member(**{"supporters": [], **facts}))


# --- a: no labour capacity -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1966-11-23", "eligible"),
        ("1966-11-24", "not_eligible"),
        ("2010-11-23", "not_eligible"),
        ("2010-11-24", "eligible"),
    ],
)
def test_sixty_and_older_or_under_sixteen_have_no_labour_capacity(born: str, expected: str) -> None:
    assert alone(born=born) == expected


@pytest.mark.parametrize(
    ("born", "schooling", "since_minor", "expected"),
    [
        ("2008-11-24", "none", True, "eligible"),  # 17
        ("2008-11-24", "none", False, "not_eligible"),
        ("2008-11-23", "none", True, "not_eligible"),  # 18 today
        ("2008-11-23", "compulsory", True, "eligible"),
        ("2008-11-23", "senior_high", True, "eligible"),
        ("2008-11-23", "vocational", True, "eligible"),
        ("2008-11-23", "undergraduate", True, "not_eligible"),
        ("2008-11-23", "preschool", True, "not_eligible"),
        ("2008-11-23", "senior_high", False, "not_eligible"),
    ],
)
def test_one_recognised_as_a_minor_stays_so_until_eighteen_or_the_end_of_school(
    born: str, schooling: str, since_minor: bool, expected: str
) -> None:
    assert alone(born=born, schooling=schooling, tekun_since_minor=since_minor) == expected


@pytest.mark.parametrize(
    ("kind", "last_level"),
    [("intellectual", 3), ("psychiatric", 3), ("physical", 2), ("visual", 1), ("hearing", 0), ("speech", 0)],
)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_disabilities_that_take_labour_capacity(kind: str, last_level: int, level: int) -> None:
    expected = "eligible" if level <= last_level else "not_eligible"
    assert alone(disability={"kind": kind, "level": level}) == expected


@pytest.mark.parametrize(
    ("disability", "expected"),
    [
        ({"kind": "multiple", "level": 1}, "not_eligible"),
        ({"kind": "multiple", "level": 1, "components": []}, "not_eligible"),
        ({"kind": "multiple", "level": 1, "components": [{"kind": "hearing", "level": 1}]}, "not_eligible"),
        (
            {
                "kind": "multiple",
                "level": 4,
                "components": [{"kind": "hearing", "level": 4}, {"kind": "psychiatric", "level": 3}],
            },
            "eligible",
        ),
        ({"kind": "multiple", "level": 1, "components": [{"kind": "visual", "level": 2}]}, "not_eligible"),
    ],
)
def test_a_multiple_disability_counts_by_its_components_only(disability: Json, expected: str) -> None:
    assert alone(disability=disability) == expected


# --- b: no livelihood ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("yearly", "expected"), [("8399.99", "eligible"), ("8400.00", "not_eligible")])
def test_own_income_stays_below_the_standard(yearly: str, expected: str) -> None:
    assert alone(born=OLD, incomes=pension(yearly)) == expected


def test_income_that_does_not_count_is_no_livelihood() -> None:
    assert alone(born=OLD, incomes=[{"kind": "basic_resident_pension", "yearly": "20000"}]) == "eligible"


def test_property_above_a_limit_is_a_livelihood() -> None:
    assert outcome(member(born=OLD, supporters=[]), property={"houses": 2}) == "not_eligible"


# --- c: supporters outside -----------------------------------------------------------------------------------------

ABLE = {"birth_date": "1980-01-01"}


def with_supporter(**supporter: Any) -> str:
    return alone(born=OLD, supporters=[{**ABLE, **supporter}])


def test_an_ordinary_supporter_outside_is_able() -> None:
    assert with_supporter() == "not_eligible"


@pytest.mark.parametrize(
    ("supporter", "expected"),
    [
        ({"status": "tekun"}, "eligible"),
        ({"status": "tekun", "property_within_limit": False, "yearly_income": "99999"}, "eligible"),
        ({"status": "dibao", "birth_date": "1966-11-23"}, "eligible"),
        ({"status": "dibao", "birth_date": "1966-11-24"}, "not_eligible"),
        ({"status": "other", "birth_date": "1966-11-23"}, "not_eligible"),
        ({"birth_date": "1956-11-23", "yearly_income": "29999.99"}, "eligible"),
        ({"birth_date": "1956-11-24", "yearly_income": "29999.99"}, "not_eligible"),
        ({"birth_date": "1956-11-23", "yearly_income": "30000.00"}, "not_eligible"),
        ({"birth_date": "1956-11-23", "property_within_limit": False}, "not_eligible"),
        ({"disability": {"kind": "hearing", "level": 2}, "yearly_income": "29999.99"}, "eligible"),
        ({"disability": {"kind": "intellectual", "level": 3}}, "eligible"),
        ({"disability": {"kind": "physical", "level": 3}}, "not_eligible"),
        ({"disability": {"kind": "hearing", "level": 2}, "yearly_income": "30000.00"}, "not_eligible"),
        ({"disability": {"kind": "hearing", "level": 2}, "property_within_limit": False}, "not_eligible"),
        (
            {"disability": {"kind": "multiple", "level": 4, "components": [{"kind": "psychiatric", "level": 3}]}},
            "eligible",
        ),
        ({"incapacity": "no_civil_capacity"}, "eligible"),
        ({"incapacity": "declared_missing", "yearly_income": "99999.00"}, "eligible"),
        ({"incapacity": "in_prison"}, "eligible"),
        ({"incapacity": "in_prison", "property_within_limit": False}, "not_eligible"),
        ({"birth_date": "2008-11-24", "yearly_income": "99999", "property_within_limit": False}, "eligible"),
        ({"birth_date": "2008-11-23"}, "not_eligible"),
    ],
)
def test_who_outside_is_able(supporter: Json, expected: str) -> None:
    assert with_supporter(**supporter) == expected


def test_one_able_supporter_among_several_is_enough() -> None:
    assert alone(born=OLD, supporters=[{**ABLE, "status": "tekun"}, ABLE]) == "not_eligible"


def test_supporters_left_out_leave_the_answer_open_and_the_person_among_the_remaining() -> None:
    result = assessed(member(born=OLD))
    assert result["tekun"] == [
        {"member": "a", "outcome": "unknown", "self_care": "self_reliant", "monthly_amount": None}
    ]
    assert result["household"]["remaining"] == ["a"]
    assert result["dibao"]["outcome"] == "eligible"


def test_supporters_left_out_do_not_matter_where_a_or_b_fails_or_somebody_inside_is_able() -> None:
    assert outcome(member()) == "not_eligible"
    assert outcome(member(born=OLD, incomes=pension("8400"))) == "not_eligible"
    assert outcome(member(born=OLD), spouse()) == "not_eligible"


# --- c: supporters inside ------------------------------------------------------------------------------------------


def elder_with(relative: Json, *others: Json, **keys: Any) -> str:
    return outcome(member(born=OLD, supporters=[]), relative, *others, **keys)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "not_eligible"),
        ({"born": OLD}, "eligible"),  # passes a and b
        ({"born": "1966-11-23"}, "eligible"),
        ({"born": "1966-11-23", "incomes": pension("8400")}, "not_eligible"),
        ({"born": "1956-11-23", "incomes": pension("29999.99")}, "eligible"),
        ({"born": "1956-11-24", "incomes": pension("29999.99")}, "not_eligible"),
        ({"born": "1956-11-23", "incomes": pension("30000.00")}, "not_eligible"),
        ({"disability": {"kind": "hearing", "level": 1}, "incomes": pension("29999.99")}, "eligible"),
        ({"disability": {"kind": "hearing", "level": 3}, "incomes": pension("0")}, "not_eligible"),
        ({"not_counted": "in_prison", "incomes": wage("99999")}, "eligible"),
        ({"not_counted": "declared_missing"}, "eligible"),
        ({"not_counted": "in_compulsory_rehab"}, "not_eligible"),
        ({"not_counted": "clergy_away_3y"}, "not_eligible"),
    ],
)
def test_who_inside_is_able(facts: Json, expected: str) -> None:
    assert elder_with(spouse(**facts)) == expected


def test_a_supporter_inside_may_be_able_though_not_counted_and_not_living_there() -> None:
    son = child("s", born="1985-01-01", lives_together=False, shares_support=False)
    assert elder_with(son) == "not_eligible"


def test_only_adult_children_owe_support() -> None:
    assert elder_with(child("s", born="2008-11-24", incomes=wage("99999"))) == "eligible"
    assert elder_with(child("s", born="2008-11-23")) == "not_eligible"


def test_two_who_owe_each_other_and_can_neither_are_both_tekun() -> None:
    result = assessed(member(born=OLD, supporters=[]), spouse(born=OLD, supporters=[]))
    assert result["household"]["tekun_members"] == ["a", "b"]
    assert (result["dibao"]["outcome"], result["dibao"]["reason"]) == ("not_applicable", "all_tekun")
    assert result["household"]["per_capita_monthly"] is None
    assert result["household"]["yearly_income"] == "0.00"


# --- kinship -------------------------------------------------------------------------------------------------------


def test_head_and_spouse_are_spouses_without_a_word() -> None:
    assert elder_with(spouse()) == "not_eligible"


def test_either_side_naming_makes_spouses() -> None:
    brother = member("x", "sibling", spouse_id="a")
    assert elder_with(brother) == "not_eligible"
    assert outcome(member(born=OLD, supporters=[], spouse_id="x"), member("x", "sibling")) == "not_eligible"


def test_a_spouse_named_elsewhere_is_no_longer_the_heads() -> None:
    assert elder_with(spouse(spouse_id="x"), member("x", "other")) == "eligible"


@pytest.mark.parametrize("relation", ["parent", "grandparent"])
def test_exactly_two_parents_or_grandparents_are_spouses(relation: str) -> None:
    # The head is a minor, so that nobody but the couple itself owes support.
    head = member(born="2015-01-01", parent_ids=[], supporters=[])
    old = member("p", relation, OLD, supporters=[], parent_ids=[])
    young = member("q", relation, "1980-01-01", parent_ids=[])
    third = member("r", relation, "1980-01-01", parent_ids=[])
    assert outcome(head, old, young, of="p") == "not_eligible"
    assert outcome(head, old, young, third, of="p") == "eligible"
    assert outcome(head, old, young | {"spouse_id": "a"}, of="p") == "eligible"


def test_a_childs_parents_are_the_head_and_every_spouse() -> None:
    head = member(born=OLD, supporters=[])
    assert outcome(head, spouse(born=OLD), child(supporters=[]), of="c") == "eligible"
    assert outcome(head, spouse(), child(supporters=[]), of="c") == "not_eligible"


def test_parents_named_replace_the_default() -> None:
    head = member(born=OLD, supporters=[])
    assert outcome(head, spouse(), child(supporters=[], parent_ids=["a"]), of="c") == "eligible"
    assert outcome(head, spouse(), child(supporters=[], parent_ids=[]), of="c") == "eligible"
    assert outcome(head, spouse(), child(supporters=[], parent_ids=["b"]), of="c") == "not_eligible"


def test_the_parents_owe_the_head_and_the_siblings() -> None:
    head = member(born="2015-01-01", supporters=[])
    brother = member("x", "sibling", "2016-01-01", supporters=[])
    result = assessed(head, brother, member("p", "parent"))
    assert [tekun_of(result, ref)["outcome"] for ref in "ax"] == ["not_eligible", "not_eligible"]


def test_a_head_without_means_whose_adult_parent_can_support_is_not_tekun() -> None:
    head = member(disability={"kind": "physical", "level": 1}, supporters=[])
    assert outcome(head, member("p", "parent", "1958-01-01", incomes=pension("20000"))) == "not_eligible"
    assert outcome(head, member("p", "parent", "1956-01-01", incomes=pension("20000"))) == "eligible"


def test_a_grandchilds_parents_are_the_heads_adult_children() -> None:
    head = member(born=OLD, supporters=[])
    grandchild = member("g", "grandchild", "2018-01-01", supporters=[])
    assert outcome(head, child("s", born="1990-01-01"), grandchild, of="g") == "not_eligible"
    assert outcome(head, child("s", born="2009-01-01"), grandchild, of="g") == "eligible"


def test_a_minors_grandparents_owe_support_an_adults_do_not() -> None:
    son = child("s", born="1985-01-01", disability={"kind": "intellectual", "level": 2}, supporters=[])
    able_head = member(born="1962-01-01", incomes=wage("50000"))
    minor = member("g", "grandchild", "2008-11-24", tekun_since_minor=True, supporters=[])
    adult = member("g", "grandchild", "2008-11-23", tekun_since_minor=True, schooling="senior_high", supporters=[])
    assert outcome(able_head, son, minor, of="g") == "not_eligible"
    assert outcome(able_head, son, adult, of="g") == "eligible"


def test_the_grandparents_owe_a_parent_support() -> None:
    head = member(born=OLD, supporters=[])
    parent = member("p", "parent", "1930-01-01", supporters=[])
    able = member("q", "grandparent", "1960-01-01", incomes=pension("20000"))
    assert outcome(head, parent, of="p") == "eligible"
    assert outcome(head, parent, able, of="p") == "not_eligible"


def test_brothers_do_not_owe_support() -> None:
    assert elder_with(member("x", "sibling", incomes=wage("99999"))) == "eligible"


def test_nobody_is_their_own_kin() -> None:
    head = member(born=OLD, supporters=[], incomes=[])
    assert outcome(head, child("c", born="1985-01-01", parent_ids=[]), of="a") == "eligible"


# --- care level and amount -----------------------------------------------------------------------------------------

INDICATORS = ["eating", "dressing", "in_out_of_bed", "toileting", "walking", "bathing"]


@pytest.mark.parametrize(
    ("unmanaged", "level", "home_based", "institutional"),
    [
        (0, "self_reliant", "964.00", "982.00"),
        (1, "semi_disabled", "1266.00", "1444.00"),
        (3, "semi_disabled", "1266.00", "1444.00"),
        (4, "disabled", "1533.00", "1800.00"),
        (6, "disabled", "1533.00", "1800.00"),
    ],
)
def test_care_level_and_amount(unmanaged: int, level: str, home_based: str, institutional: str) -> None:
    self_care = dict.fromkeys(INDICATORS[:unmanaged], False)
    for mode, amount in (("home_based", home_based), ("institutional", institutional)):
        elder = member(born=OLD, supporters=[], self_care=self_care, support_mode=mode)
        assert assessed(elder)["tekun"] == [
            {"member": "a", "outcome": "eligible", "self_care": level, "monthly_amount": amount}
        ]


def test_every_counted_member_is_listed_in_input_order() -> None:
    members = [child(), member(), member("x", "other"), spouse(not_counted="in_prison")]
    assert [row["member"] for row in assessed(*members)["tekun"]] == ["c", "a"]
