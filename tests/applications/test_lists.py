"""Filters, columns and saved filters of the list of cases."""

from typing import Any

import pytest
from django.urls import reverse

from applications.forms.listing import CASE_LIST
from foundation.errors import NotPermitted
from organizations.models import AccessRecord, SavedFilter
from organizations.permissions import Role
from organizations.services import delete_filter, save_filter
from tests.support.cases import Desk, errors_of
from tests.support.crews import START, VILLAGES
from tests.support.factories import make_staff
from tests.support.stories import new_story

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


# --- What a person keeps ----------------------------------------------------------------------------------------


def save(desk: Desk, key: str, name: str, query: str) -> Any:
    return desk.post(reverse("organizations:save_filter", args=[key]), {"name": name, "query": query})


def tools_of(desk: Desk, **query: str) -> Any:
    return desk.get("list", query=query).context["tools"]


def test_a_filter_is_saved_under_a_name_and_stands_above_the_list() -> None:
    desk = Desk(new_story().people.officer, on=START)
    assert not tools_of(desk).may_save
    tools = tools_of(desk, state="draft", sort="number", page="2", pick="page")
    assert tools.may_save
    saved = save(desk, "cases", "  我的 草稿 ", tools.query)
    assert saved.url == f"{reverse('applications:list')}?state=draft&sort=number"
    text = desk.fetch(saved.url).content.decode()
    assert '<a href="?state=draft&amp;sort=number" aria-current="true">我的 草稿</a>' in text
    assert not tools_of(desk, state="draft", sort="number").may_save
    assert "我的 草稿" not in desk.fetch(reverse("households:list")).content.decode()


def test_a_name_is_given_once_a_list_and_what_was_typed_stays() -> None:
    desk = Desk(new_story().people.officer, on=START)
    save(desk, "cases", "草稿", "state=draft")
    again = save(desk, "cases", "草稿", "state=submitted")
    assert again.status_code == 422
    assert errors_of(again) == {"name": ["这个列表已有同名的筛选，请换一个名称。"]}
    text = again.content.decode()
    assert 'value="草稿"' in text
    assert 'value="state=submitted"' in text
    assert save(desk, "families", "草稿", "state=ended").status_code == 302
    assert errors_of(save(desk, "cases", " ", "state=submitted")) == {"name": ["请填名称。"]}


@pytest.mark.parametrize("query", ["", "page=2&size=50", "unknown=1", "q=341899196803120011", "q=139-0563-2207"])
def test_nothing_filtered_and_personal_numbers_are_not_kept(query: str) -> None:
    desk = Desk(new_story().people.officer, on=START)
    assert save(desk, "cases", "空", query).status_code == 422
    assert SavedFilter.objects.count() == 0


def test_a_village_code_is_no_personal_number() -> None:
    desk = Desk(new_story().people.officer, on=START)
    assert save(desk, "cases", "本村", "village=341824101200").status_code == 302


def test_there_are_only_so_many() -> None:
    officer = new_story().people.officer
    for number in range(20):
        save_filter(CASE_LIST, name=f"第{number}", query=f"q={number}x", by=officer)
    refused = save(Desk(officer, on=START), "cases", "第二十一", "q=xx")
    assert "最多保存20个" in refused.content.decode()


def test_a_saved_filter_is_renamed_and_deleted_by_its_owner_only() -> None:
    people = new_story().people
    desk, lead = Desk(people.officer, on=START), Desk(people.lead, on=START)
    save(desk, "cases", "草稿", "state=draft")
    saved = SavedFilter.objects.get()
    edit = reverse("organizations:saved_filter", args=[saved.pk])
    delete = reverse("organizations:delete_filter", args=[saved.pk])
    assert 'value="草稿"' in desk.fetch(edit).content.decode()
    for answer in (lead.fetch(edit), lead.post(edit, {"name": "我的"}), lead.post(delete)):
        assert answer.status_code == 404
    with pytest.raises(NotPermitted):
        delete_filter(saved, by=people.lead)
    assert desk.post(edit, {"name": "没登记的"}).status_code == 302
    assert [row.name for row in tools_of(desk).saved] == ["没登记的"]
    assert tools_of(lead).saved == []
    assert desk.post(delete).status_code == 302
    assert tools_of(desk).saved == []


def test_columns_are_kept_for_the_person_and_the_filters_of_the_page_stay() -> None:
    people = new_story().people
    desk = Desk(people.officer, on=START)
    answer = desk.post(
        reverse("organizations:choose_columns", args=["cases"]),
        {"cols": ["state", "number", "nonsense"], "back": "state=draft&cols=area"},
    )
    assert answer.url == f"{reverse('applications:list')}?state=draft"
    assert desk.fetch(answer.url).context["columns"] == ("number", "state")
    assert desk.get("list", query={"cols": "area"}).context["columns"] == ("area",)
    assert desk.get("list").context["columns"] == ("number", "state")
    assert Desk(people.lead, on=START).get("list").context["columns"] == CASE_LIST.default_columns
    desk.post(reverse("organizations:choose_columns", args=["cases"]), {})
    assert desk.get("list").context["columns"] == CASE_LIST.default_columns


def test_columns_of_the_families_are_chosen_too() -> None:
    desk = Desk(new_story().people.officer, on=START)
    desk.post(reverse("organizations:choose_columns", args=["families"]), {"cols": ["address"]})
    text = desk.fetch(reverse("households:list")).content.decode()
    assert 'data-label="住址"' in text
    assert 'data-label="家庭编号"' not in text


def test_an_unknown_list_keeps_nothing() -> None:
    desk = Desk(new_story().people.officer, on=START)
    assert save(desk, "nothing", "x", "q=x").status_code == 404
    assert desk.post(reverse("organizations:choose_columns", args=["nothing"])).status_code == 404
