"""What tests begin with is written again as it was told, and told anew wherever it might come out otherwise."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from applications.models import Case, CaseDocument, CaseEvent
from applications.rules.process import CaseState
from organizations.models import Staff
from organizations.permissions import Role
from tests.support import replay
from tests.support.crews import crew
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def memory(county: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(replay, "_memory", replay._Memory())
    with replay.replaying(set(), set()):
        yield


def told() -> tuple[Story, dict[str, int]]:
    """A test of its own: rolled back at its end."""
    with replay.replaying(set(), set()), transaction.atomic():
        story = case_in(CaseState.PROPOSED)
        rows = {model.__name__: model._default_manager.count() for model in (Case, CaseEvent, CaseDocument, Staff)}
        transaction.set_rollback(True)
    return story, rows


def test_a_story_is_told_and_then_written_again_row_by_row() -> None:
    (first, rows), (second, again) = told(), told()
    assert first.case.pk == second.case.pk and first is not second
    assert rows == again and rows["CaseEvent"] > 0 and rows["CaseDocument"] > 0
    assert second.people.officer == first.people.officer


def test_nothing_is_replayed_after_something_else_was_written() -> None:
    for _ in range(3):
        story, _rows = told()
    make_staff(Role.AUDITOR, "341824", name="邵景明", on=DAY)
    assert case_in(CaseState.PROPOSED).case.pk > story.case.pk


def test_what_is_told_second_rests_on_what_was_told_first() -> None:
    found = []
    for _ in range(3):
        with replay.replaying(set(), set()), transaction.atomic():
            people = crew()
            found.append([case_in(CaseState.SUBMITTED, people=people).case.pk for _number in range(2)])
            transaction.set_rollback(True)
    assert found[1] == found[2] != found[0]


def test_a_fixture_that_changes_stories_has_them_told() -> None:
    for _ in range(2):
        story, _rows = told()
    with replay.replaying(set(), {"monkeypatch"}):
        assert case_in(CaseState.PROPOSED).case.pk > story.case.pk
