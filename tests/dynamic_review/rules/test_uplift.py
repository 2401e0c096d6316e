"""One award on other parameters (提标): every amount worked out by hand on the sample's rules."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given

from dynamic_review.rules.uplift import (
    Apart,
    Ground,
    Outcome,
    Standing,
    entitled,
    for_a_batch,
    months_owed,
    moved,
    reckon,
)
from eligibility.rules import assess, read_household
from eligibility.rules.cliffs import CliffCause
from tests.dynamic_review.rules.grounds import MONTH, care, ground, parameters, reckoned, standing_on
from tests.eligibility.families import SEVERE, child, family, member, spouse, wage
from tests.eligibility.generated import LIMITED, families, poor

D = Decimal
OLD, NEW = parameters("705.00"), parameters("740.00")
GRANDMOTHER = member("a", born="1955-05-05", incomes=[{"kind": "pension", "yearly": "8500.00"}], supporters=[])
GRANDCHILD = member("b", "grandchild", "2009-05-05", schooling="senior_high")


def test_a_person_alone_without_income_is_raised_by_what_the_standard_rises() -> None:
    found = reckoned(member(), before=OLD, after=NEW)
    # 705 − 0 = 705; 740 − 0 = 740.
    assert (found.outcome, found.amount) == (Outcome.RAISE, D("740.00"))
    assert [(share.person, share.base, share.topup) for share in found.shares] == [("a", D("740.00"), D("0.00"))]


@pytest.mark.parametrize(
    ("base", "amount", "topup"),
    [
        # 740 × 2 − 6,000 ÷ 12 = 980; top-up 740 × 0.30 = 222; 1,202. Before: 910 + 211.5 → 212, 1,122.
        ("standard", "1202.00", "222.00"),
        # 980 ÷ 2 × 0.30 = 147; 1,127. Before: 910 ÷ 2 × 0.30 = 136.5 → 137, 1,047.
        ("own_benefit", "1127.00", "147.00"),
    ],
)
def test_a_topup_rises_with_its_own_base(base: str, amount: str, topup: str) -> None:
    before, after = parameters("705.00", topup_base=base), parameters("740.00", topup_base=base)
    found = reckoned(member(disability=SEVERE), spouse(incomes=wage("6000.00")), before=before, after=after)
    assert (found.outcome, found.amount) == (Outcome.RAISE, D(amount))
    assert [(share.base, share.topup, share.topup_class) for share in found.shares] == [
        (D("490.00"), D(topup), "A"),
        (D("490.00"), D("0.00"), ""),
    ]
    assert for_a_batch(found) is found


def test_the_first_take_the_odd_fen_of_a_difference() -> None:
    fine = {"amount_rounding": "half_up_to_fen"}
    found = reckoned(
        member(), spouse(), child(incomes=wage("1000.00")), before=parameters(**fine), after=parameters("740", **fine)
    )
    # 740 × 3 − 83.333… = 2,136.67; a third is 712.22⅓; B top-up of the child 148.
    assert [share.base for share in found.shares] == [D("712.23"), D("712.22"), D("712.22")]
    assert found.amount == D("2284.67")


def test_a_person_covered_alone_is_raised_alone() -> None:
    # 20,000 ÷ 12 ÷ 2 = 833.33: above both standards, below 1.5 times.
    people = (member(incomes=wage("20000.00")), spouse(disability=SEVERE))
    found = reckoned(*people, before=OLD, after=NEW)
    assert (found.outcome, found.amount, found.cliff) == (Outcome.RAISE, D("740.00"), None)
    assert [(share.person, share.base) for share in found.shares] == [("b", D("740.00"))]


def test_a_family_that_comes_below_the_standard_whole_is_a_cliff_and_no_batch_carries_it_out() -> None:
    people = (member(incomes=wage("20000.00")), spouse(disability=SEVERE))
    found = reckoned(*people, before=OLD, after=parameters("840.00"))
    # 840 × 2 − 1,666.67 = 13.33 → 13; top-up 252; 265 instead of 705.
    assert (found.outcome, found.amount, found.cliff) == (Outcome.CUT, D("265.00"), CliffCause.SINGLE_PERSON)
    assert (for_a_batch(found).outcome, for_a_batch(found).apart) == (Outcome.APART, Apart.CLIFF)


def test_who_becomes_tekun_by_the_new_standard_is_named_and_set_apart() -> None:
    found = reckoned(GRANDMOTHER, GRANDCHILD, before=OLD, after=NEW)
    # Before: 1,410 − 708.33 = 701.67 → 702, two B top-ups of 141: 984. After, the grandchild alone: 740 + 148.
    assert (found.outcome, found.amount, found.cliff) == (Outcome.CUT, D("888.00"), CliffCause.TEKUN)
    # Basic living 910 and care of the self-reliant at home 54.
    assert found.newly_tekun == (("a", D("964.00")),)
    assert for_a_batch(found).apart is Apart.CLIFF


def test_an_income_of_exactly_the_new_standard_is_phased_out_or_stopped_as_the_parameter_says() -> None:
    # 8,460 ÷ 12 = 705.00: 740 − 705 = 35 before.
    at_s = member(incomes=wage("8460.00"))
    found = reckoned(at_s, before=NEW, after=OLD)
    assert (found.outcome, found.amount, found.cliff) == (Outcome.PHASE_OUT, D("35.00"), CliffCause.PHASE_OUT)
    strict = parameters("705.00", phase_out_lower_inclusive=False)
    assert reckoned(at_s, before=NEW, after=strict).outcome is Outcome.STOP
    assert for_a_batch(reckoned(at_s, before=NEW, after=strict)).apart is Apart.NOT_CONTINUED


@pytest.mark.parametrize(("yearly", "amount"), [("8879.99", "1.00"), ("8880.00", None)])
def test_a_family_without_an_award_qualifies_below_the_new_standard_and_not_at_it(
    yearly: str, amount: str | None
) -> None:
    facts = read_household(family(member(incomes=wage(yearly)))).facts
    assert entitled(facts, OLD).dibao is None
    assert entitled(facts, NEW).dibao == (D(amount) if amount else None)


def test_a_tekun_person_is_paid_basic_living_and_care_by_the_level_of_the_version() -> None:
    alone = member(born="1950-05-05", supporters=[])
    before = parameters("705.00")
    after = parameters("740.00", tekun_basic_monthly_amount="962.00", **care(semi_disabled="370.00"))
    found = ground(alone, at=before)
    # Found self-reliant once, reassessed as 半失能 since: 910 + 356.
    version = Standing(
        scheme="tekun",
        monthly_amount=D("1266.00"),
        persons=("a",),
        basis="person",
        care_monthly_amount=D("356.00"),
        care_level="semi_disabled",
        support_mode="home_based",
    )
    made = reckon(version, found, before=(), after=after, on=MONTH)
    assert (made.outcome, made.amount, made.care_monthly_amount) == (Outcome.RAISE, D("1332.00"), D("370.00"))
    decided = Standing(
        **{name: getattr(version, name) for name in version.__slots__} | {"monthly_amount": D("1270.00")}
    )
    assert reckon(decided, found, before=(), after=after, on=MONTH).apart is Apart.DECIDED_OTHERWISE


def test_what_people_decided_otherwise_is_set_apart() -> None:
    found = ground(member(), spouse(), at=OLD)
    for otherwise, why in (
        ({"monthly_amount": D("1400.00")}, Apart.DECIDED_OTHERWISE),
        ({"persons": ("a",)}, Apart.PERSONS_OTHERWISE),
        ({"basis": "single_person"}, Apart.PERSONS_OTHERWISE),
    ):
        made = reckon(standing_on(found, **otherwise), found, before=(), after=NEW, on=MONTH)
        assert (made.outcome, made.apart, made.amount) == (Outcome.APART, why, None)
    assert reckon(standing_on(found), None, before=(), after=NEW, on=MONTH).apart is Apart.NO_ASSESSMENT


def test_what_a_birthday_changes_by_itself_is_set_apart_until_it_is_reviewed() -> None:
    # 18 on 1 January 2027: the B top-up of 141 ends whatever the standard is.
    grown = child(born="2009-01-01", schooling="senior_high")
    assert reckoned(member(), grown, before=OLD, after=NEW).apart is Apart.BY_THE_DAY
    assert reckoned(member(), grown, before=OLD, after=NEW, on=date(2026, 12, 1)).outcome is Outcome.RAISE


def test_unchanged_parameters_change_nothing() -> None:
    found = reckoned(member(disability=SEVERE), spouse(incomes=wage("6000.00")), before=OLD, after=OLD)
    assert (found.outcome, found.amount, found.cliff) == (Outcome.SAME, D("1122.00"), None)
    assert (moved(D("2"), D("1")), moved(D("1"), D("1.00"))) == (Outcome.CUT, Outcome.SAME)


def test_months_owed_count_both_ends() -> None:
    july, august, december = date(2026, 7, 1), date(2026, 8, 1), date(2026, 12, 1)
    assert [months_owed(since=july, until=day) for day in (july, august, december)] == [1, 2, 6]
    assert months_owed(since=august, until=july) == 0


@LIMITED
@given(families().map(poor))
def test_a_higher_standard_never_lowers_what_a_family_is_paid_outside_the_known_cliffs(document: dict) -> None:
    reading = read_household(document)
    before, after = parameters("705.00"), parameters("740.00")
    result = assess(reading.facts, before).as_dict(with_findings=False)
    assume(result["dibao"]["outcome"] in ("eligible", "continue"))
    found = Ground(facts=reading.facts, parameters=before, result=result)
    made = reckon(standing_on(found), found, before=(), after=after, on=reading.facts.on)
    if made.cliff is None and made.apart is None:
        assert made.outcome in (Outcome.RAISE, Outcome.SAME)
        assert made.amount is not None and made.amount >= D(result["dibao"]["monthly_amount"])
        assert sum(share.base + share.topup for share in made.shares) == made.amount
