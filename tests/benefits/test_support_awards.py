"""What tests of this room start from: families with awards, by the assessment and without a case."""

from decimal import Decimal

import pytest

from benefits.models import Award
from tests.support.awards import award_of_three, county_data, crew, singles, tekun_award

pytestmark = pytest.mark.django_db


def test_a_family_is_granted_what_its_assessment_says(county: None) -> None:
    county_data()
    people = crew()
    award = award_of_three(people, topups={"胡德旺": ("104.00", "A")})
    (version,) = award.versions.all()
    assert version.assessment is not None
    found = version.assessment.result["dibao"]
    assert found["outcome"] == "eligible"
    assert version.monthly_amount == Decimal(found["monthly_amount"]) + 104
    assert [part.topup_class for part in version.persons.order_by("pk")] == ["A", "", ""]
    assert award.household.bank_accounts.get().holder == "胡德旺"


def test_many_awards_are_made_quickly_over_villages(county: None) -> None:
    county_data()
    people = crew()
    awards = singles(people, 4, villages=("341824101200", "341824101201"))
    awards.append(tekun_award(people))
    assert [award.area.code for award in awards] == [
        "341824101200",
        "341824101201",
        "341824101200",
        "341824101201",
        "341824101200",
    ]
    assert Award.objects.count() == 5
