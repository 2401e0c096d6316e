"""What somebody of another township reads by naming what they should not know: filters, pickers, tokens, papers."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from applications.models import Batch
from households.models import Household
from organizations.models import SavedFilter
from organizations.permissions import Role
from tests.matrix.world import HUAYANG, LINXI, Visitor, World, text_of
from tests.support.factories import area

HERE_VILLAGE = "341824101200"
LISTS = (
    "households:list",
    "households:transfers",
    "applications:list",
    "applications:documents",
    "verification:list",
    "benefits:phase_outs",
    "benefits:recognitions",
    "care:list",
    "workbench:search",
    "one_window:start",
)
"""Pages that read an address; every other page is tried by the matrix."""
FINE = {200, 302, 400, 403, 404, 405, 422}


def strangers(world: World) -> list[Visitor]:
    """A clerk of the other township, who may do most there, and an assistant of the next village."""
    others = [one for one in world.visitors if not one.is_here]
    assistant = next(one for one in reversed(others) if one.role == Role.VILLAGE_ASSISTANT)
    return [world.visitor(Role.TOWNSHIP_OFFICER, is_here=False), assistant]


def hostile(world: World) -> Iterator[dict[str, Any]]:
    """What an attacker puts into an address: ids, codes, sorts and words of 临溪镇."""
    story = world.story
    village = area(HERE_VILLAGE)
    head = story.household.members.get(relation="head")
    for key in ("township", "area"):
        yield {key: LINXI}
        yield {key: area(LINXI).pk}
    yield {"village": HERE_VILLAGE}
    yield {"village": village.pk, "area": village.pk}
    yield {"family": story.household.pk, "household": story.household.pk, "pick": story.household.pk}
    yield {"case": story.case.pk, "intake": story.intake.pk, "member": head.pk, "person": head.person_id}
    yield {"officer": story.people.officer.pk, "by": story.people.officer.pk, "staff": story.people.officer.pk}
    yield {"q": "胡", "size": 100, "sort": "-head"}
    yield {"q": head.person.id_number.reveal()}
    yield {"sort": "household__members__person__id_number", "cols": ["id_number", "phone", "account"], "page": "-1"}


def typed(query: dict[str, Any]) -> set[str]:
    return {str(value) for values in query.values() for value in (values if isinstance(values, list) else [values])}


def test_no_filter_shows_a_stranger_anything_of_the_families(world: World) -> None:
    browser = world.visitor(Role.TOWNSHIP_OFFICER, is_here=False).browser()
    traces, tried = world.traces(), 0
    for query in hostile(world):
        for name in LISTS:
            answer = browser.get(reverse(name), query)
            assert answer.status_code in FINE, f"{name} {query}: {answer.status_code}"
            assert [one for one in traces - typed(query) if one in text_of(answer)] == [], f"{name} {query}"
            tried += answer.status_code == 200
    assert tried > 50


def test_a_filter_shared_or_saved_by_somebody_at_home_finds_a_stranger_nothing(world: World) -> None:
    saved = world.saved_filter()
    visitor = world.visitor(Role.TOWNSHIP_OFFICER, is_here=False)
    browser = visitor.browser()
    assert browser.get(reverse("organizations:saved_filter", args=[saved.pk])).status_code == 404
    assert browser.post(reverse("organizations:delete_filter", args=[saved.pk])).status_code == 404
    assert SavedFilter.objects.filter(pk=saved.pk).exists()
    page = text_of(browser.get(reverse("applications:list"), {"q": "胡德旺"}))
    assert world.story.case.number not in page


def test_pickers_offer_only_what_lies_at_home(world: World) -> None:
    browser = world.visitor(Role.TOWNSHIP_OFFICER, is_here=False).browser()
    family = Household.objects.filter(area__code__startswith=HUAYANG).earliest("pk")
    pages = [reverse("households:register"), reverse("households:list"), reverse("applications:list")]
    pages += [reverse("households:life", args=[family.pk, act]) for act in ("split", "merge", "marry")]
    pages += [reverse("one_window:start")]
    for page in pages:
        answer = browser.get(page)
        if answer.status_code == 200:
            assert f'value="{area(HERE_VILLAGE).pk}"' not in text_of(answer), page
            assert world.story.household.number not in text_of(answer), page


@pytest.mark.parametrize("page", ["households:attachment", "documents:pdf", "documents:preview"])
def test_every_file_of_the_families_is_not_found_elsewhere(world: World, page: str) -> None:
    if page == "households:attachment":
        keys = [row.pk for story in world.stories for row in story.household.attachments.all()]
    else:
        keys = [document.pk for document in world.documents()]
    assert len(keys) > 1
    for visitor in strangers(world):
        for key in keys:
            for method in ("get", "post"):
                answer = getattr(visitor.browser(), method)(reverse(page, args=[key]))
                assert answer.status_code in {403, 404, 405}, f"{page} {key} by {visitor.label}"


def test_a_batch_of_foreign_cases_prints_and_touches_nothing(world: World) -> None:
    cases = [story.case.pk for story in world.stories]
    for visitor in strangers(world):
        for act in ("publicise", "announce", "print", "deliver"):
            for method in ("get", "post"):
                url = reverse("applications:batch", args=[act])
                answer = getattr(visitor.browser(), method)(url, {"case": cases, "token": "0" * 32})
                assert answer.status_code in FINE
                assert [one for one in world.traces() if one in text_of(answer)] == [], f"{act} by {visitor.label}"
    assert not Batch.objects.exists()


def test_the_token_of_somebody_elses_batch_opens_nothing(world: World) -> None:
    batch = world.batch()
    for visitor in world.visitors:
        if visitor.role is None:
            continue
        browser = visitor.browser()
        assert browser.get(reverse("applications:batch_result", args=[batch.pk])).status_code in {403, 404}
        assert browser.post(reverse("applications:batch_sheets", args=[batch.pk])).status_code in {403, 404}
        sent = {"case": [world.story.case.pk], "token": batch.token}
        answer = browser.post(reverse("applications:batch", args=["publicise"]), sent, follow=True)
        assert visitor.is_here or world.story.case.number not in text_of(answer)


def test_counts_of_the_home_page_and_the_menu_are_those_of_the_own_township(world: World) -> None:
    """Compared with the matrix, which reads them before 临溪镇 had families; here they are read out."""
    for role in (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER):
        page = world.visitor(role, is_here=False).browser().get(reverse("workbench:home"))
        assert {row.kind.value for row in page.context["kinds"]} <= {"register"}
