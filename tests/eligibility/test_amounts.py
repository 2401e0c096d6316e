"""From which months the amounts of a scheme rest on other figures."""

from datetime import date

import pytest

from eligibility.queries import months_of_change
from tests.dynamic_review.uplifting import standard
from tests.support.crews import LINXI, county_data
from tests.support.factories import area

pytestmark = [pytest.mark.django_db]


def test_a_figure_that_begins_within_a_month_is_paid_by_from_the_next(county: None) -> None:
    county_data()
    standard("790.00", since=date(2026, 11, 15))
    terms = {"residence": "rural", "scheme": "dibao", "after": date(2026, 11, 1)}
    assert months_of_change(area(LINXI), until=date(2026, 12, 1), **terms) == [date(2026, 12, 1)]
    assert months_of_change(area(LINXI), until=date(2026, 11, 30), **terms) == []


def test_figures_of_another_scheme_or_kind_of_residence_do_not_count(county: None) -> None:
    county_data()
    standard("790.00", since=date(2026, 12, 1))
    days = {"after": date(2026, 11, 1), "until": date(2027, 1, 1)}
    assert months_of_change(area(LINXI), residence="rural", scheme="dibao", **days) == [date(2026, 12, 1)]
    assert months_of_change(area(LINXI), residence="rural", scheme="tekun", **days) == []
    assert months_of_change(area(LINXI), residence="urban", scheme="dibao", **days) == []
