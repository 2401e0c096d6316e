"""Filters, columns and saved filters of the list of cases."""

import pytest
from django.urls import reverse

from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.support.cases import Desk, errors_of
from tests.support.factories import make_staff
from tests.support.stories import START, VILLAGES, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.mark.parametrize(
    "query",
    [
        {"state": "moon"},
        {"lamp": "x"},
        {"scheme": "x"},
        {"kind": "x"},
        {"authority": "x"},
        {"accepted_from": "yesterday"},
        {"accepted_to": "2026-13-40"},
        {"township": "341824100"},
        {"village": "341824100201"},
        {"family": "x"},
    ],
)
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(query: dict[str, str]) -> None:
    desk = Desk(new_story().people.officer, on=START)
    page = desk.get("list", query=query)
    assert page.status_code == 422
    assert page.context["rows"] == []
    assert errors_of(page).keys() == query.keys()
    assert "没有列出办件" in page.content.decode()
    name, value = next(iter(query.items()))
    refused = desk.post(f"{reverse('applications:export')}?{name}={value}")
    assert refused.status_code == 400
    assert "没有导出" in refused.content.decode()
    assert not AccessRecord.objects.filter(kind="export").exists()


def test_who_has_one_village_only_may_name_it_and_no_other() -> None:
    story = new_story()
    there, here = VILLAGES.values()
    desk = Desk(make_staff(Role.VILLAGE_ASSISTANT, here, on=START), on=START)
    assert [row.case for row in desk.get("list", query={"village": here}).context["rows"]] == [story.case]
    assert desk.get("list", query={"village": there}).context["rows"] == []
