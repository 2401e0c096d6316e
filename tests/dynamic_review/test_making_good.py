"""提标补差 while what it rests on moves: a roll-back, a phase-out taken back, a sum typed by hand."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from benefits.models import Award
from benefits.services import CoveredPerson, end_award, start_phase_out
from benefits.services.phasing_out import revoke_phase_out
from dynamic_review import services
from dynamic_review.models import UpliftLine
from dynamic_review.queries.making_good import making_good_to_approve, with_making_good
from dynamic_review.services import UpliftRefused
from organizations.models import Staff
from tests.benefits.paying import change
from tests.dynamic_review.uplifting import (
    NOVEMBER,
    NOW,
    TODAY,
    D,
    alone,
    done,
    entered,
    line_of,
    owed,
    through,
)
from tests.households.web import as_staff, text_of
from tests.support.crews import Crew, county_data, crew

pytestmark = [pytest.mark.django_db]


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


def ended(people: Crew) -> Award:
    award = alone(people)
    end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    return award


# --- What was entered and is no longer owed -----------------------------------------------------------------------


@pytest.mark.parametrize("is_through", [False, True])
def test_nothing_is_approved_once_the_uplift_is_being_rolled_back(
    people: Crew, officer: Staff, is_through: bool
) -> None:
    award = ended(people)
    alone(people, name="程大有")
    uplift = through(entered(officer))
    row = services.enter_making_good(line_of(uplift, award), reason="停发前", by=officer, on=TODAY)
    job = services.start_rolling_back(uplift, reason="文件作废", by=people.approver, at=NOW)
    if is_through:
        done(job)
    with pytest.raises(UpliftRefused, match="现在不能审批"):
        services.approve_making_good(row, by=people.approver, on=TODAY)
    assert owed(award)[1:3] == 2 * [D("755.00")]


def test_nothing_is_approved_of_an_award_whose_phase_out_was_revoked_and_its_page_opens(
    people: Crew, officer: Staff
) -> None:
    award = alone(people)
    terms: dict[str, Any] = {"reason": "就业", "by": people.approver, "on": NOVEMBER}
    start_phase_out(award, months=3, suggested_months=3, suggestion="就业", **terms)
    line = line_of(through(entered(officer)), award)
    row = services.enter_making_good(line, reason="渐退前", by=officer, on=TODAY)
    revoke_phase_out(award.phase_outs.get(), reason="收入又减少", by=people.approver, on=TODAY)
    with pytest.raises(UpliftRefused, match="现在不能审批"):
        services.approve_making_good(row, by=people.approver, on=TODAY)
    page = text_of(as_staff(people.approver).get(reverse("dynamic_review:make_good", args=[line.pk])))
    assert "现在不能审批" in page
    assert "审批补差" not in page


# --- A sum typed by hand ------------------------------------------------------------------------------------------


def test_no_sum_is_typed_by_hand_where_the_uplift_reckons_it(people: Crew, officer: Staff) -> None:
    award = ended(people)
    line = line_of(through(entered(officer)), award)
    with pytest.raises(UpliftRefused, match="系统算得出"):
        services.enter_making_good(line, reason="停发前", monthly_amount=D("1000.00"), by=officer, on=TODAY)


def test_no_sum_is_typed_by_hand_for_an_award_that_the_uplift_raised(people: Crew, officer: Staff) -> None:
    award = alone(people)
    line = line_of(through(entered(officer)), award)
    person = CoveredPerson(award.persons.get().person)
    change(award, "700.00", [person], from_month=NOVEMBER, on=TODAY, by=people.approver, kind="cut")
    end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    with pytest.raises(UpliftRefused, match="已经按这次提标调整"):
        services.enter_making_good(line, reason="停发前", monthly_amount=D("1000.00"), by=officer, on=TODAY)


# --- What waits ---------------------------------------------------------------------------------------------------


def test_what_waits_to_be_entered_is_listed_and_what_waits_for_approval_is_another_persons_task(
    people: Crew, officer: Staff
) -> None:
    award = ended(people)
    alone(people, name="程大有")
    uplift = through(entered(officer))
    line = line_of(uplift, award)
    rows = UpliftLine.objects.filter(run=uplift.run)
    assert list(with_making_good(rows, "waiting")) == [line]
    row = services.enter_making_good(line, reason="停发前", by=officer, on=TODAY)
    assert list(with_making_good(rows, "entered")) == [line]
    assert list(making_good_to_approve(people.approver)) == [row]
    assert not making_good_to_approve(officer).exists()
    services.approve_making_good(row, by=people.approver, on=TODAY)
    assert list(with_making_good(rows, "approved")) == [line]
    assert not with_making_good(rows, "waiting").exists()
    assert not making_good_to_approve(people.approver).exists()


def test_what_was_entered_is_no_task_once_the_uplift_is_rolled_back(people: Crew, officer: Staff) -> None:
    award = ended(people)
    alone(people, name="程大有")
    uplift = through(entered(officer))
    services.enter_making_good(line_of(uplift, award), reason="停发前", by=officer, on=TODAY)
    services.start_rolling_back(uplift, reason="文件作废", by=people.approver, at=NOW)
    assert not making_good_to_approve(people.approver).exists()
