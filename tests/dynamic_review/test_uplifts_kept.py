"""What holds of an uplift (提标) when an award is granted, changed or reviewed around it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benefits.models import VersionKind
from benefits.services import AwardChange, Care, CoveredPerson, NotChangeable, change_award, change_care
from dynamic_review.models import ReviewTrigger, UpliftLine
from dynamic_review.rules.uplift import Apart
from households import services as households
from households.services import IncomeData
from organizations.models import Job, Staff
from tests.dynamic_review.uplifting import (
    DECEMBER,
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
    through,
)
from tests.dynamic_review.uplifting import assessed as assess
from tests.support.stories import Crew, county_data, crew, instant

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
