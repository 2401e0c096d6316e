"""Nobody takes a right that they were not given: not themselves, not with a post that is over or has not begun."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.urls import reverse

from applications import services
from applications.permissions import can_confirm
from applications.rules.process import CaseState
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint, appoint_officer, end_officer_post, end_post
from tests.support.crews import LINXI
from tests.support.factories import area, make_staff
from tests.support.stories import case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
COUNTY = "341824"
DAY = date(2026, 9, 25)
SINCE = date(2026, 1, 1)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
LOOKED_UP = {"area", "department", "calendarday", "calendaryear", "delegation", "readingpurpose"}


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-09-25T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def keeper() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, name="洪志远", on=SINCE)


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(pk=staff.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- Administrators -----------------------------------------------------------------------------------------------


def test_an_administrator_gives_themselves_nothing_on_any_page(keeper: Staff) -> None:
    desk, county = browser(keeper), area(COUNTY).pk
    sent = {"role": "county_approver", "area": county, "starts_on": "2026-09-25", "reason": "兼任"}
    assert desk.post(reverse("organizations:appoint", args=[keeper.pk]), sent).status_code == 403
    for act in ("suspend", "resume", "reset-password", "unlock", "reset-second-factor"):
        desk.post(
            reverse("organizations:staff_act", args=[keeper.pk, act]), {"reason": "自己", "last_day": "2026-12-01"}
        )
    assert [post.role for post in keeper.posts.all()] == [Role.SYSTEM_ADMINISTRATOR]
    assert not keeper.events.exists()


def test_an_administrator_sees_neither_families_nor_cases(keeper: Staff) -> None:
    story = case_in(CaseState.SUBMITTED)
    desk = browser(keeper)
    pages = [
        reverse("households:list"),
        reverse("households:detail", args=[story.household.pk]),
        reverse("applications:detail", args=[story.case.pk]),
        reverse("workbench:search") + "?q=胡德旺",
    ]
    assert {desk.get(page).status_code for page in pages} == {403}


def test_the_admin_site_shows_an_administrator_look_up_tables_and_nothing_of_people(keeper: Staff) -> None:
    request = RequestFactory().get("/admin/")
    request.user = Staff.objects.get(pk=keeper.pk)
    seen = {
        model._meta.model_name
        for model, table in admin.site._registry.items()
        if table.has_view_permission(request)
        or table.has_module_permission(request)
        or table.has_add_permission(request)
    }
    assert seen == LOOKED_UP
    desk = browser(keeper)
    for group in ("/admin/auth/group/", "/admin/axes/accessattempt/", "/admin/django_celery_beat/periodictask/add/"):
        assert desk.get(group).status_code in {403, 404}, group
    assert desk.post("/admin/auth/group/1/change/", {"name": "county_approver", "permissions": []}).status_code in {
        403,
        404,
    }
    assert Group.objects.get(name=Role.COUNTY_APPROVER.value)


def test_the_admin_sites_own_log_in_and_password_pages_are_no_way_around_ours(keeper: Staff) -> None:
    answer = Client().post("/admin/login/", {"username": keeper.staff_number, "password": "Correct-Horse-88"})
    assert (answer.status_code, answer.url.startswith("/account/login/")) == (302, True)
    assert browser(make_staff(Role.COUNTY_APPROVER, COUNTY, on=SINCE)).get("/admin/").status_code == 403
    before = Staff.objects.get(pk=keeper.pk).password
    desk, new = browser(keeper), "Shan-Shui-2026"
    sent = {"old_password": "Correct-Horse-88", "new_password1": new, "new_password2": new}
    for page in ("/admin/password_change/", "/admin/password_change/done/"):
        for answer in (desk.get(page), desk.post(page, sent)):
            assert (answer.status_code, answer.url) == (302, reverse("organizations:password_change")), page
    assert Staff.objects.get(pk=keeper.pk).password == before


# --- Posts that do not hold now -----------------------------------------------------------------------------------


def test_a_post_that_ends_is_over_in_a_session_that_is_open(keeper: Staff) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE)
    appoint(clerk, role=Role.VILLAGE_ASSISTANT, area=area("341824101200"), on=SINCE)
    with time_machine.travel("2026-09-25T10:00:00+08:00", tick=False) as clock:
        desk = browser(clerk)
        assert desk.post(reverse("applications:export")).status_code == 200
        end_officer_post(clerk.posts.get(role=Role.TOWNSHIP_OFFICER), last_day=DAY, reason="轮岗", by=keeper, on=DAY)
        assert desk.post(reverse("applications:export")).status_code == 200
        clock.shift(timedelta(hours=14))  # past midnight, before the nightly task; the session lasts
        desk = browser(clerk)
        assert desk.post(reverse("applications:export")).status_code == 403
        assert desk.get(reverse("households:list")).status_code == 200


def test_a_post_that_has_not_begun_gives_nothing(keeper: Staff) -> None:
    clerk = make_staff(Role.VILLAGE_ASSISTANT, "341824101200", on=SINCE)
    appoint_officer(
        clerk, role=Role.TOWNSHIP_OFFICER, area=area(LINXI), starts_on=TOMORROW, by=keeper, on=DAY, reason="调任"
    )
    assert browser(clerk).post(reverse("applications:export")).status_code == 403


def test_a_changed_post_changes_an_open_session(keeper: Staff) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE)
    story = case_in(CaseState.SUBMITTED)
    desk = browser(clerk)
    page = reverse("applications:detail", args=[story.case.pk])
    assert desk.get(page).status_code == 200
    end_post(clerk.posts.get(), on=DAY, last_day=YESTERDAY)
    appoint(clerk, role=Role.TOWNSHIP_OFFICER, area=area("341824100"), on=DAY)
    assert desk.get(page).status_code == 404


# --- Two roles in one person ----------------------------------------------------------------------------------------


def test_who_entered_a_case_does_not_confirm_it_with_a_second_post_nor_after_changing_post() -> None:
    story = case_in(CaseState.CONFIRMING)
    officer = story.people.officer
    appoint(officer, role=Role.COUNTY_APPROVER, area=area(COUNTY), on=DAY)
    for _ in ("with both posts", "after the first is over"):
        both = Staff.objects.get(pk=officer.pk)
        assert not can_confirm(both, story.case)
        with pytest.raises(NotPermitted, match="不能再由您审核确认"):
            services.approve(story.case, opinion="同意", by=both, on=story.today)
        page = reverse("applications:act", args=[story.case.pk, "approve"])
        answer = browser(officer).post(page, {"opinion": "同意"})
        assert answer.status_code in {403, 409, 422}
        for post in officer.posts.filter(role=Role.TOWNSHIP_OFFICER, ends_on=None):
            end_post(post, on=DAY, last_day=YESTERDAY)
    assert story.refresh().state == CaseState.CONFIRMING


def test_who_entered_a_case_does_not_confirm_it_where_confirmation_is_delegated() -> None:
    story = case_in(CaseState.CONFIRMING, delegated=True)
    officer = story.people.officer
    appoint(officer, role=Role.TOWNSHIP_APPROVER, area=area(LINXI), on=DAY)
    with pytest.raises(NotPermitted, match="不能再由您审核确认"):
        services.approve(story.case, opinion="同意", by=Staff.objects.get(pk=officer.pk), on=story.today)
