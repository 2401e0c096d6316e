"""What an uplift leaves of an award in phase-out: made good by two people, also once a review has brought it back."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from benefits.models import Award
from benefits.services import revoke_phase_out, start_phase_out
from dynamic_review import services
from dynamic_review.models import ReviewTrigger, UpliftLine
from dynamic_review.services import UpliftRefused
from tests.dynamic_review.uplifting import (
    NOVEMBER,
    TODAY,
    D,
    entered,
    line_of,
    owed,
    three_people,
    through,
)
from tests.households.web import as_staff, text_of
from tests.support.crews import Crew, county_data, crew
from tests.support.reviews import decided, review_of

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def phased_out(people: Crew) -> tuple[Award, UpliftLine]:
    """In phase-out from December on; the standard of October comes meanwhile."""
    award = three_people(people)
    terms: dict[str, Any] = {"reason": "就业", "by": people.approver, "on": NOVEMBER}
    start_phase_out(award, months=3, suggested_months=3, suggestion="就业", **terms)
    return award, line_of(through(entered(people.visitor)), award)


def reviewed(award: Award, people: Crew) -> Award:
    """A review of 8 December brings the family back from January on."""
    terms: dict[str, Any] = {"cause": "scheduled", "cause_text": "", "changed": []}
    return decided(review_of(award, people, on=date(2026, 12, 8), **terms).investigate())


def test_no_review_is_called_for_in_a_phase_out(people: Crew) -> None:
    phased_out(people)
    assert not ReviewTrigger.objects.exists()


def test_months_before_the_review_that_brought_a_family_back_are_made_good(people: Crew) -> None:
    award, line = phased_out(people)
    award = reviewed(award, people)
    assert owed(award)[1:] == [*3 * [D("2143.00")], *2 * [D("2265.00")]]
    line = UpliftLine.objects.get(pk=line.pk)
    page = text_of(as_staff(people.visitor).get(reverse("dynamic_review:uplift_lines", args=[line.run.uplift_id])))
    assert reverse("dynamic_review:make_good", args=[line.pk]) in page
    row = services.enter_making_good(line, reason="渐退前", by=people.visitor, on=TODAY)
    assert row.amount == D("244.00")
    services.approve_making_good(row, by=people.approver, on=TODAY)
    # The month of the phase-out keeps its sum, and what the review decided stands.
    assert owed(award)[1:] == [*2 * [D("2265.00")], D("2143.00"), *2 * [D("2265.00")]]
    last = award.versions.latest("serial")
    assert (last.kind, last.from_month) == ("raise", date(2027, 1, 1))


def test_a_phase_out_taken_back_without_a_review_is_not_made_good_yet(people: Crew) -> None:
    award, line = phased_out(people)
    revoke_phase_out(award.phase_outs.get(), reason="收入又减少", by=people.approver, on=TODAY)
    line = UpliftLine.objects.get(pk=line.pk)
    assert not services.may_be_made_good(line, line.run.uplift)
    with pytest.raises(UpliftRefused, match="请复核"):
        services.enter_making_good(line, reason="渐退前", by=people.visitor, on=TODAY)
