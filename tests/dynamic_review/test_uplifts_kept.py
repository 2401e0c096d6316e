"""What holds of an uplift (提标) when an award is granted, changed or reviewed around it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benefits.models import RollItem, VersionKind
from benefits.services import (
    AwardChange,
    Care,
    CoveredPerson,
    NotChangeable,
    change_award,
    change_care,
    end_award,
    start_phase_out,
)
from dynamic_review import services
from dynamic_review.models import ReviewTrigger, UpliftLine
from dynamic_review.rules.uplift import Apart
from dynamic_review.services import UpliftRefused
from foundation.errors import NotPermitted
from households import services as households
from households.services import IncomeData
from organizations.models import Job, Staff
from tests.benefits.paying import desk
from tests.dynamic_review.uplifting import (
    DECEMBER,
    GRANTED,
    NOVEMBER,
    OCTOBER,
    TODAY,
    D,
    alone,
    applied,
    approved,
    entered,
    granted,
    line_of,
    owed,
    previewed,
    registered,
    rolled_back,
    standard,
    tekun,
    three_people,
    through,
)
from tests.dynamic_review.uplifting import assessed as assess
from tests.support.awards import account_for
from tests.support.crews import Crew, county_data, crew, family, instant
from tests.support.reviews import ReviewStory, decided

pytestmark = [pytest.mark.django_db]
JANUARY, FEBRUARY = date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def changed(award: Any, people: Crew, *, amount: str, from_month: date, assessed: bool = True) -> None:
    """Another decision on the family as it is on record now."""
    version = award.versions.get(serial=1)
    change = AwardChange(
        VersionKind.CUT,
        D(amount),
        [CoveredPerson(row.person) for row in version.persons.all()],
        version.category,
        version.basis,
        assessment=assess(award.household, people.officer, on=TODAY) if assessed else None,
    )
    change_award(award, change=change, from_month=from_month, reason="复核", by=people.approver, on=TODAY)


# --- A decision of an earlier month -------------------------------------------------------------------------------


def test_a_decision_laid_under_an_uplift_leaves_it_holding_on_the_new_facts(people: Crew, officer: Staff) -> None:
    award = alone(people, yearly="1200.00")
    uplift = through(entered(officer, standard("790.00", since=FEBRUARY)))
    assert owed(award)[-2:] == [D("655.00"), D("690.00")]
    _earns(award, people, "2400.00")
    changed(award, people, amount="555.00", from_month=JANUARY)
    assert owed(award)[-2:] == [D("555.00"), D("590.00")]
    last = award.versions.latest("serial")
    assert (last.kind, last.source, last.from_month) == (VersionKind.UPLIFT, uplift.number, FEBRUARY)


def test_an_uplift_that_cannot_be_reckoned_anew_calls_for_a_review_from_its_month(people: Crew, officer: Staff) -> None:
    award = alone(people)
    uplift = through(entered(officer, standard("790.00", since=FEBRUARY)))
    changed(award, people, amount="700.00", from_month=JANUARY, assessed=False)
    trigger = ReviewTrigger.objects.get(award=award)
    assert (trigger.cause, trigger.happened_on) == ("uplift", FEBRUARY)
    assert trigger.source.startswith(f"uplift:{uplift.number}:")
    assert Apart.NO_ASSESSMENT.label in trigger.note
    rolled_back(uplift, people.approver)
    trigger.refresh_from_db()
    assert trigger.settled_on == TODAY


def test_an_uplift_laid_anew_is_rolled_back_to_the_decision_under_it(people: Crew, officer: Staff) -> None:
    award = alone(people, yearly="1200.00")
    uplift = through(entered(officer, standard("790.00", since=FEBRUARY)))
    _earns(award, people, "2400.00")
    changed(award, people, amount="555.00", from_month=JANUARY)
    uplift = rolled_back(uplift, people.approver)
    assert owed(award)[-3:] == [D("655.00"), D("555.00"), D("555.00")]
    assert uplift.run is not None
    assert uplift.run.lines.get().results.get(step="roll_back").is_done


def test_a_standard_that_began_meanwhile_and_cannot_be_reckoned_calls_for_a_review_from_its_month(
    people: Crew,
) -> None:
    award = alone(people)
    standard("790.00", since=DECEMBER)
    changed(award, people, amount="700.00", from_month=NOVEMBER, assessed=False)
    trigger = ReviewTrigger.objects.get(award=award)
    assert (trigger.cause, trigger.happened_on) == ("uplift", DECEMBER)
    assert trigger.note == f"复核，2026年12月起的标准：{Apart.NO_ASSESSMENT.label}"


def test_care_is_changed_before_an_uplift_to_come_and_rises_with_it(people: Crew, officer: Staff) -> None:
    award = tekun(people)
    through(entered(officer, standard("820.00", since=FEBRUARY, key="tekun_basic_monthly_amount")))
    care = Care(D("356.00"), "semi_disabled", "home_based")
    terms: dict[str, Any] = {"reason": "失能", "by": people.approver, "on": TODAY}
    change_care(award, care=care, monthly_amount=D("1142.00"), from_month=JANUARY, **terms)
    assert owed(award)[-2:] == [D("1142.00"), D("1176.00")]
    changed_again = Care(D("54.00"), "self_reliant", "home_based")
    with pytest.raises(NotChangeable, match="次月起"):
        change_care(award, care=changed_again, monthly_amount=D("840.00"), from_month=DECEMBER, **terms)


def test_a_review_of_who_left_before_an_uplift_reckons_both_standards(people: Crew, officer: Staff) -> None:
    award = three_people(people)
    wife = award.household.members.get(relation="spouse")
    at = instant(date(2026, 10, 20))
    households.leave(wife, reason="divorced", on=date(2026, 10, 20), by=people.officer, at=at)
    uplift = through(entered(officer, standard("790.00", since=DECEMBER)))
    case = services.start_review(award, by=people.officer, on=date(2026, 12, 8))
    award = decided(ReviewStory(people, award.household, case.intake, case, date(2026, 12, 8)).investigate())
    # 755 × 2 with 227 and 151; 790 × 2 with 237 and 158.
    assert owed(award) == [D("0.00"), D("2143.00"), D("1888.00"), *3 * [D("1975.00")]]
    assert award.versions.latest("serial").source == uplift.number


# --- Awards as they are on the day of carrying out ----------------------------------------------------------------


def test_who_was_granted_since_the_preview_is_carried_out_too_and_told(people: Crew, officer: Staff) -> None:
    alone(people)
    figure = standard("790.00", since=JANUARY)
    uplift = previewed(entered(officer, figure))
    late = granted(registered(people, name="汪新增"), people, on=date(2026, 12, 3))
    uplift = applied(approved(uplift))
    assert owed(late)[-2:] == 2 * [D("790.00")]
    assert line_of(uplift, late).is_added
    assert "测算以后新确认的1户一并办理" in Job.objects.latest("pk").message
    rolled_back(uplift, people.approver)
    assert owed(late)[-2:] == 2 * [D("755.00")]


def test_what_moved_since_the_preview_is_carried_out_as_it_is_now(people: Crew, officer: Staff) -> None:
    award = alone(people, yearly="1200.00")
    uplift = approved(previewed(entered(officer, standard("790.00", since=JANUARY))))
    _earns(award, people, "2400.00")
    changed(award, people, amount="555.00", from_month=JANUARY)
    uplift = applied(uplift)
    assert owed(award)[-3:] == [D("655.00"), D("590.00"), D("590.00")]
    assert line_of(uplift, award).results.get().before_amount == D("555.00")
    rolled_back(uplift, people.approver)
    assert owed(award)[-3:] == [D("655.00"), D("555.00"), D("555.00")]


def _earns(award: Any, people: Crew, yearly: str) -> None:
    row = IncomeData(member=award.household.members.get(), kind="wage", yearly_amount=D(yearly), label="零工")
    households.save_incomes(award.household, year=2026, rows=[row], by=people.officer, at=instant(TODAY))


# --- What was set apart -------------------------------------------------------------------------------------------


def test_every_family_set_apart_calls_for_a_review_in_its_township(people: Crew, officer: Staff) -> None:
    odd, plain = alone(people, amount="700.00"), alone(people, name="程大有")
    uplift = through(entered(officer, standard("790.00", since=JANUARY)))
    trigger = ReviewTrigger.objects.get()
    assert (trigger.award_id, trigger.cause, trigger.happened_on) == (odd.pk, "uplift", JANUARY)
    assert Apart.DECIDED_OTHERWISE.label in trigger.note
    assert "1户须逐户看，已列入乡镇的触发复核" in Job.objects.latest("pk").message
    assert UpliftLine.objects.filter(run=uplift.run, award=plain, results__is_done=True).exists()


def test_the_review_of_a_family_set_apart_reaches_back_to_the_uplift(people: Crew, officer: Staff) -> None:
    award = granted(family(people, on=GRANTED), people, amount="2100.00")
    through(entered(officer))
    case = services.start_review(award, by=people.officer, on=date(2026, 12, 8))
    assert case.review.since_month == OCTOBER
    award = decided(ReviewStory(people, award.household, case.intake, case, date(2026, 12, 8)).investigate())
    assert owed(award) == [D("0.00"), *5 * [D("2265.00")]]
    assert ReviewTrigger.objects.get().settled_on is not None


def ended_in_november(people: Crew) -> Any:
    award = alone(people)
    account_for(award.household, people, on=GRANTED)
    money = desk()
    money.pay(OCTOBER, NOVEMBER)
    end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    return award, money


def test_a_stopped_award_is_made_good_by_two_people_and_paid_by_the_next_roll(people: Crew, officer: Staff) -> None:
    award, money = ended_in_november(people)
    uplift = through(entered(officer))
    assert not ReviewTrigger.objects.exists()
    row = services.enter_making_good(line_of(uplift, award), reason="停发前两个月", by=officer, on=TODAY)
    assert row.amount == D("70.00")
    with pytest.raises(UpliftRefused, match="已经录入"):
        services.enter_making_good(line_of(uplift, award), reason="再录", by=officer, on=TODAY)
    with pytest.raises(NotPermitted):
        services.approve_making_good(row, by=officer, on=TODAY)
    services.approve_making_good(row, by=people.approver, on=TODAY)
    assert owed(award) == [D("0.00"), D("790.00"), D("790.00"), *3 * [D("0.00")]]
    money.pay(JANUARY)
    paid = RollItem.objects.filter(award=award, kind="back_payment").order_by("for_month")
    assert list(paid.values_list("for_month", "amount")) == [(OCTOBER, D("35.00")), (NOVEMBER, D("35.00"))]


def test_what_cannot_be_reckoned_is_made_good_by_a_sum_found_by_hand(people: Crew, officer: Staff) -> None:
    award = alone(people, amount="700.00")
    end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    line = line_of(through(entered(officer)), award)
    with pytest.raises(UpliftRefused, match="填写这些月份的月金额"):
        services.enter_making_good(line, reason="停发前", by=officer, on=TODAY)
    row = services.enter_making_good(line, reason="停发前", monthly_amount=D("735.00"), by=officer, on=TODAY)
    services.approve_making_good(row, by=people.approver, on=TODAY)
    assert owed(award)[1:3] == 2 * [D("735.00")]


def test_months_before_a_phase_out_are_made_good_and_its_own_stay(people: Crew, officer: Staff) -> None:
    award = alone(people)
    terms: dict[str, Any] = {"reason": "就业", "by": people.approver, "on": NOVEMBER}
    start_phase_out(award, months=3, suggested_months=3, suggestion="就业", **terms)
    line = line_of(through(entered(officer)), award)
    row = services.enter_making_good(line, reason="渐退前", by=officer, on=TODAY)
    services.approve_making_good(row, by=people.approver, on=TODAY)
    assert owed(award) == [D("0.00"), D("790.00"), D("790.00"), *3 * [D("755.00")]]
