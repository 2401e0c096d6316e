"""近亲属回避: who was registered as a relative keeps out, whatever name the account bears later."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from applications.models import RelativeDeclaration
from applications.permissions import has_lawful_confirmer, is_related
from applications.queries.stranded import numbers_without_confirmer, without_confirmer
from applications.rules.process import CaseState as S
from households import services as households
from households.models import Household
from organizations import services as organizations
from organizations.models import Staff
from organizations.permissions import Role
from organizations.queries import facts_version
from organizations.services import appoint
from tests.applications.telling import relative
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, LINXI, START
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def rename(account: Staff, name: str, story: Story) -> Staff:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远", on=START)
    facts = organizations.AccountFacts(account.staff_number, name, account.area, account.department)
    version = facts_version(account)
    return organizations.correct_account(
        account, facts=facts, version=version, reason="录入错字", by=keeper, on=story.today
    )


def test_a_corrected_name_does_not_end_the_recusal() -> None:
    story = case_in(S.CONFIRMING)
    approver = story.people.approver
    declared = relative(story, f" {approver.name} ")
    assert declared.relative_staff == approver
    renamed = rename(approver, "方文绢", story)
    assert is_related(renamed, story.case)
    assert "您与这个家庭有近亲属备案关系" in case_page(renamed, story)
    assert not has_lawful_confirmer(story.case, on=story.today)


def test_namesakes_all_keep_out_and_none_is_guessed_at() -> None:
    story = case_in(S.CONFIRMING)
    approver = story.people.approver
    namesake = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name=approver.name, on=START)
    assert relative(story, approver.name).relative_staff is None
    assert is_related(approver, story.case) and is_related(namesake, story.case)


def test_a_namesake_in_another_township_is_not_taken_for_the_relative() -> None:
    story = case_in(S.CONFIRMING)
    make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name=story.people.approver.name, on=START)
    relative(story, story.people.approver.name)
    assert RelativeDeclaration.objects.get().relative_staff == story.people.approver


def test_an_account_no_longer_in_use_is_not_the_relative() -> None:
    story = case_in(S.CONFIRMING)
    officer = story.people.assistant
    Staff.objects.filter(pk=officer.pk).update(active_to=START)
    assert relative(story, officer.name).relative_staff is None


# --- Nobody is left who may confirm -------------------------------------------------------------------------------

NOBODY = "没有可以依法审核确认的人员"


def home(staff: Staff, story: Story) -> str:
    desk = Desk(Staff.objects.get(pk=staff.pk), on=story.today)
    return str(desk.fetch(reverse("workbench:home")).content.decode())


def case_page(staff: Staff, story: Story) -> str:
    desk = Desk(Staff.objects.get(pk=staff.pk), on=story.today)
    return str(desk.get("detail", story.case.pk).content.decode())


def test_a_county_case_that_nobody_may_confirm_is_shown_to_who_can_help() -> None:
    story = case_in(S.CONFIRMING)
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远", on=START)
    approver = story.people.approver
    for page in (home(keeper, story), home(approver, story), case_page(approver, story)):
        assert NOBODY not in page
    relative(story, approver.name)
    story.refresh()
    for page in (home(keeper, story), home(approver, story), case_page(approver, story)):
        assert NOBODY in page and story.case.number in page
    assert story.case.applicant.person.name not in home(keeper, story)
    assert reverse("applications:detail", args=[story.case.pk]) not in home(keeper, story)
    make_staff(Role.COUNTY_APPROVER, "341824", name="俞国庆", on=START)
    for page in (home(keeper, story), home(approver, story), case_page(approver, story)):
        assert NOBODY not in page


def test_a_confirmer_who_typed_the_property_leaves_the_case_without_one() -> None:
    story = case_in(S.CONFIRMING)
    approver = story.people.approver
    assert without_confirmer(approver, on=story.today) == []
    appoint(approver, role=Role.TOWNSHIP_OFFICER, area=area(LINXI), on=START)
    approver.forget_grants()
    household = Household.objects.get(pk=story.household.pk)
    households.save_property(household, facts={"financial_assets": Decimal("11000.00")}, by=approver)
    assert without_confirmer(approver, on=story.today) == [story.case]
    assert numbers_without_confirmer(on=story.today) == [story.case.number]


def test_the_clerk_of_a_township_is_not_told_on_the_home_page() -> None:
    story = case_in(S.CONFIRMING)
    relative(story, story.people.approver.name)
    assert NOBODY not in home(story.people.officer, story)


def test_how_many_cases_nobody_may_confirm_does_not_change_how_often_the_database_is_asked(
    django_assert_max_num_queries: Any,
) -> None:
    story = case_in(S.CONFIRMING)
    relative(story, story.people.approver.name)
    other = case_in(S.CONFIRMING, people=story.people)
    relative(other, story.people.approver.name)
    # The cases, the confirmers, the relatives, the acts, who typed the families' data, and the deputies.
    with django_assert_max_num_queries(6):
        assert len(numbers_without_confirmer(on=other.today)) == 2
