"""临时救助 at the window: it is no box to tick, but a draft that its own page opened is kept as it is."""

import pytest
from django.test import Client

from applications.models import Case
from applications.services.intake import open_case
from one_window.queries import intake_facts
from tests.one_window.walking import open_page, save
from tests.support.aid_cases import Keeper
from tests.support.crews import START, Crew, county_data, family

pytestmark = pytest.mark.django_db


def test_it_is_not_offered_with_the_others(people: Crew, window: Client) -> None:
    county_data()
    household = family(people)
    assert "temporary_aid" not in intake_facts(household, on=START).openable
    page = window.get(f"/intake/{household.pk}/").content.decode()
    assert 'value="temporary_aid"' not in page
    assert "没有列出的险种" not in page


def test_a_draft_of_it_stays_when_the_page_is_saved(people: Crew, window: Client) -> None:
    county_data()
    household = family(people)
    head = household.members.get(relation="head")
    case = open_case(household, applicant=head, reason="重病住院", by=people.officer, on=START)
    fields = open_page(window, household)
    assert fields["application-schemes"] == "temporary_aid"
    with Keeper().listening() as keeper:
        assert save(window, household, fields, **{"application-reason": "重病住院，自付多"}).status_code == 302
        case.refresh_from_db()
        assert (case.state, case.intake.reason) == ("draft", "重病住院，自付多")
        assert save(window, household, open_page(window, household) | {"application-schemes": ["dibao"]})
        assert dict(Case.objects.values_list("scheme", "state")) == {"temporary_aid": "withdrawn", "dibao": "draft"}
        assert keeper.names() == ["aid_ended"]
