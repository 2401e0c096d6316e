"""建议 of 低保 beside an award of 特困 in the same family."""

from typing import Any

import pytest
from django.urls import reverse

from applications.queries import suggestion_for
from applications.rules.process import CaseState
from households.models import Member
from households.services import save_supporters
from tests.support.cases import Desk
from tests.support.crews import county_data, crew
from tests.support.stories import Story, case_in
from tests.support.tekun import OLD_MAN, family_with_father
from tests.support.terminations import support

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


@pytest.fixture
def story(settings: Any, tmp_path: Any) -> Story:
    """The old father is supported as 特困, and of his supporters something is to be found out again."""
    settings.PRIVATE_ROOT = tmp_path
    county_data()
    people = crew()
    household = family_with_father(people)
    father = household.members.get(person__name=OLD_MAN)
    support(father, people)
    story = case_in(CaseState.INVESTIGATING, people=people, household=household)
    save_supporters(father, rows=[], known_all=False, by=people.officer, on=story.today)
    return story


def names(members: list[int]) -> set[str]:
    return set(Member.objects.filter(pk__in=members).values_list("person__name", flat=True))


def test_who_is_supported_as_tekun_is_not_suggested_and_the_sum_is_left_to_staff(story: Story) -> None:
    found = suggestion_for(story.refresh(), on=story.today)
    assert found.is_eligible and found.basis == "household"
    assert names([person.member_id for person in found.persons]) == {"胡德旺", "汪秋菊", "胡小雨"}
    assert found.monthly_amount is None


def test_the_page_says_why(story: Story) -> None:
    address = reverse("applications:act", args=[story.case.pk, "draft-proposal"])
    page = Desk(story.people.officer, on=story.today).fetch(address).content.decode()
    assert f"{OLD_MAN}已是特困人员" in page and "请按其余成员核定金额" in page


def test_where_the_assessment_leaves_them_out_itself_the_sum_is_suggested(story: Story) -> None:
    father = story.household.members.get(person__name=OLD_MAN)
    save_supporters(father, rows=[], known_all=True, by=story.people.officer, on=story.today)
    found = suggestion_for(story.refresh(), on=story.today)
    assert len(found.persons) == 3 and found.monthly_amount is not None
