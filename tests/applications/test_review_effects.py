"""From which month a review reckons the award anew, and by which standard (handbook 0.2, 3.2)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from applications.papers.reviews import adjustment_notice, effect_in_words
from applications.queries import suggestion_for
from applications.services import FactsChanged, NotNow, NotProposable
from benefits.queries.overpayments import overpaid_months
from households import services as households
from tests.benefits.paying import desk
from tests.dynamic_review.uplifting import DECEMBER, NOVEMBER, OCTOBER, D, granted, owed, standard, three_people
from tests.support.awards import account_for
from tests.support.crews import Crew, county_data, crew, family
from tests.support.reviews import ReviewStory, awarded, decided, earn, review_of

pytestmark = [pytest.mark.django_db]
JANUARY = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def scheduled(award: Any, people: Crew, *, on: date = date(2026, 12, 8), **more: Any) -> ReviewStory:
    values = {"cause": "scheduled", "cause_text": "", "changed": []}
    return review_of(award, people, on=on, **values | more).investigate()


def left_in_october(people: Crew) -> Any:
    """The wife leaves on 20 October; October to December are paid for three."""
    award = three_people(people)
    money = desk()
    account_for(award.household, people, on=NOVEMBER)
    money.pay(OCTOBER)
    wife = award.household.members.get(relation="spouse")
    at = datetime(2026, 10, 20, 2, tzinfo=UTC)
    households.leave(wife, reason="divorced", on=date(2026, 10, 20), by=people.officer, at=at)
    money.pay(NOVEMBER, DECEMBER)
    return award


def test_what_begins_under_a_new_standard_is_reckoned_by_it(people: Crew) -> None:
    award = awarded(people)
    standard("790.00", since=JANUARY)
    story = scheduled(award, people)
    # 790 × 3 − 500 = 1,870 with 237 and 158.
    found = suggestion_for(story.case, on=story.today)
    assert (found.review_result, found.monthly_amount) == ("raise", D("2265.00"))
    award = decided(story)
    version = award.versions.latest("serial")
    assert (version.from_month, version.monthly_amount) == (JANUARY, D("2265.00"))
    assert version.assessment is not None
    assert version.assessment.on == JANUARY


def test_a_standard_of_a_later_month_does_not_count_yet(people: Crew) -> None:
    award = awarded(people)
    standard("790.00", since=date(2027, 2, 1))
    story = scheduled(award, people)
    assert suggestion_for(story.case, on=story.today).monthly_amount == D("2143.00")


def test_who_left_lowers_the_award_from_the_month_after_and_what_was_overpaid_shows(people: Crew) -> None:
    award = left_in_october(people)
    story = scheduled(award, people, cause="left")
    award = decided(story)
    # 755 × 2 = 1,510 with 227 and 151.
    assert story.refresh().proposals.get().from_month == NOVEMBER
    assert owed(award) == [D("0.00"), D("2143.00"), *[D("1888.00")] * 4]
    assert [(row.month, row.above) for row in overpaid_months(award)] == [
        (NOVEMBER, D("255.00")),
        (DECEMBER, D("255.00")),
    ]
    notice = adjustment_notice(story.case, decision=story.case.decision)
    assert (notice.first_month, notice.before_amount) == (NOVEMBER, D("2143.00"))


def test_a_later_month_than_the_one_after_needs_a_reason(people: Crew) -> None:
    story = scheduled(left_in_october(people), people, cause="left")
    data = story.suggested()
    object.__setattr__(data, "from_month", JANUARY)
    with pytest.raises(NotProposable, match="理由"):
        story.draft(data)
    object.__setattr__(data, "from_month_reason", "乡镇登记迟误，不能归责于家庭。")
    award = decided(story, data)
    assert owed(award)[2:] == [D("2143.00"), D("2143.00"), D("1888.00"), D("1888.00")]


def test_what_raises_the_award_begins_with_the_month_after_the_decision(people: Crew) -> None:
    award = awarded(people)
    household = award.household
    households.save_incomes(household, year=2026, rows=[], by=people.officer, at=datetime(2026, 10, 20, 2, tzinfo=UTC))
    award = decided(scheduled(award, people, changed_on=date(2026, 10, 20)))
    version = award.versions.latest("serial")
    assert (version.kind, version.from_month) == ("raise", JANUARY)


def test_income_from_a_day_lowers_from_the_month_after_it(people: Crew) -> None:
    award = awarded(people)
    earn(award.household, people, "12000.00")
    award = decided(scheduled(award, people, changed_on=date(2026, 10, 20)))
    version = award.versions.latest("serial")
    # 755 × 3 − 1,000 = 1,265 with 227 and 151.
    assert (version.kind, version.from_month, version.monthly_amount) == ("cut", NOVEMBER, Decimal("1643.00"))


def test_who_leaves_after_the_proposal_sends_it_back(people: Crew) -> None:
    story = scheduled(left_in_october(people), people, cause="left").to_confirming()
    child = story.household.members.get(relation="child")
    at = datetime(2026, 12, 15, 2, tzinfo=UTC)
    households.leave(child, reason="moved", on=date(2026, 12, 15), by=people.officer, at=at)
    with pytest.raises((NotNow, FactsChanged)):
        story.approve()


def test_a_fact_before_a_standard_that_a_review_set_is_reckoned_by_both(people: Crew) -> None:
    award = awarded(people)
    standard("790.00", since=JANUARY)
    award = decided(scheduled(award, people))
    assert owed(award)[-2:] == 2 * [D("2265.00")]
    wife = award.household.members.get(relation="spouse")
    at = datetime(2027, 1, 5, 2, tzinfo=UTC)
    households.leave(wife, reason="divorced", on=date(2026, 10, 20), by=people.officer, at=at)
    award = decided(story := scheduled(award, people, on=date(2027, 1, 6), cause="left"))
    # 755 × 2 with 227 and 151; 790 × 2 with 237 and 158.
    assert owed(award)[2:] == [*2 * [D("1888.00")], *2 * [D("1975.00")]]
    last = award.versions.latest("serial")
    assert (last.kind, last.source, last.from_month) == ("adjust", story.case.number, JANUARY)
    notice = adjustment_notice(story.case, decision=story.case.decision)
    assert (notice.first_month, notice.after_amount) == (NOVEMBER, D("1888.00"))
    assert [(step.month, step.monthly_amount) for step in notice.later] == [(JANUARY, D("1975.00"))]
    said = effect_in_words(story.case, story.case.decision)
    assert said.startswith("自2026年11月起每月1,888.00元，自2027年1月起每月1,975.00元，")


def test_a_fact_before_an_uplift_that_set_the_award_apart_is_the_month(people: Crew) -> None:
    award = granted(family(people, on=date(2026, 9, 7)), people, amount="2100.00")
    wife = award.household.members.get(relation="spouse")
    at = datetime(2026, 10, 20, 2, tzinfo=UTC)
    households.leave(wife, reason="divorced", on=date(2026, 10, 20), by=people.officer, at=at)
    standard("790.00", since=DECEMBER)
    award = decided(story := scheduled(award, people, cause="left", since_month=DECEMBER))
    assert story.refresh().proposals.get().from_month == NOVEMBER
    assert owed(award)[1:] == [D("2100.00"), D("1888.00"), *3 * [D("1975.00")]]


def test_a_fact_that_does_not_lower_the_award_leaves_it_to_the_uplifts_month(people: Crew) -> None:
    award = granted(family(people, on=date(2026, 9, 7)), people, amount="2100.00")
    standard("790.00", since=DECEMBER)
    award = decided(scheduled(award, people, changed_on=date(2026, 10, 20), since_month=DECEMBER))
    assert owed(award)[1:] == [*2 * [D("2100.00")], *3 * [D("2265.00")]]
