"""What cases add to the record of a family (档案变动)."""

import pytest

from foundation.trail import acting
from households.records import RecordKind, family_scope, record
from organizations.permissions import Role
from tests.support.factories import make_staff
from tests.support.stories import new_story

pytestmark = pytest.mark.usefixtures("county")


def test_a_case_is_told_with_its_address_to_whoever_may_see_it_and_to_nobody_else() -> None:
    story = new_story()
    with acting(actor=str(story.people.officer.pk)):
        story.sign_papers()
    entries = record(family_scope(story.household, staff=story.people.officer), kind=RecordKind.CASES)
    assert {(entry.case, entry.url) for entry in entries} == {(story.case.number, f"/cases/{story.case.pk}/")}
    assert entries[-1].title.startswith("最低生活保障") or entries[-1].title.startswith("低保")
    finance = make_staff(Role.SYSTEM_ADMINISTRATOR, "341824")
    assert record(family_scope(story.household, staff=finance), kind=RecordKind.CASES) == []
