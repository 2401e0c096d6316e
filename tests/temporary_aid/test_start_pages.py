"""Before an aid is registered: what another township keeps, and the way to a family's record."""

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from temporary_aid.services import NotAllowed
from temporary_aid.services.expenditure import open_expenditure
from tests.support.aid import HUAYANG, NIGHT, open_urgent
from tests.support.crews import Crew, crew, family

pytestmark = pytest.mark.django_db


def page_of(client: Client, by: Staff, name: str, *args: int, q: str) -> str:
    client.force_login(by)
    return str(client.post(reverse(f"temporary_aid:{name}", args=args), {"q": q}).content.decode())


def test_who_is_kept_elsewhere_is_told_where_spending_is_handled_and_nothing_of_the_family(
    people: Crew, client: Client
) -> None:
    household = family(people)
    number = str(household.members.get(relation="head").person.id_number.reveal())
    page = page_of(client, crew(HUAYANG).officer, "start", q=number)
    assert "可以直接登记急难型救助" in page
    assert "支出型按家庭救助，由临溪镇办理" in page
    assert "请临溪镇先在家庭页面办“转出”" in page
    for told in ("胡德旺", household.number, household.address):
        assert told not in page


def test_spending_without_a_family_on_record_says_who_handles_it(people: Crew) -> None:
    aid = open_urgent(people.officer, kind="expenditure", cause="medical", self_paid_amount="9000.00")
    with pytest.raises(NotAllowed, match="家庭档案在外乡镇的，由该乡镇办理"):
        open_expenditure(aid, by=people.officer, at=NIGHT)


def test_where_no_family_is_found_the_page_leads_to_registering_one(people: Crew, client: Client) -> None:
    aid = open_urgent(people.officer)
    page = page_of(client, people.officer, "link", aid.pk, q="许金宝")
    assert f'href="{reverse("households:register")}"' in page
