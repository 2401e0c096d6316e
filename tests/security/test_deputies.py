"""Deputies (代理): named with whom they stand for, one person with them on a case; and what waits for who leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications import services
from applications.permissions import can_confirm, has_lawful_confirmer
from applications.queries import CaseFile, hands, happenings
from applications.rules.process import CaseState
from eligibility.services import SourceData, approve_change, propose_parameter
from foundation.errors import NotPermitted
from organizations.models import Post, Staff
from organizations.permissions import Role
from organizations.rules.separation import Deputising, standing_as_one
from organizations.services import NotAppointable, appoint, appoint_officer
from tests.support.cases import photo
from tests.support.crews import HUAYANG, LINXI, county_data
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
COUNTY = "341824"
DAY = date(2026, 9, 25)
SINCE = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-09-25T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def keeper() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, name="洪志远", on=SINCE)


def stand_for(principal: Staff, deputy: Staff, keeper: Staff, **more: Any) -> Post:
    post = principal.posts.get()
    values = {"role": Role(post.role), "area": post.area, "starts_on": DAY, "ends_on": DAY + timedelta(days=30)}
    values |= {"reason": "休产假", "on_behalf_of": principal} | more
    return appoint_officer(deputy, **values, by=keeper, on=DAY)


def visitor_at(township: str) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, township, name="汪晓梅", on=SINCE)


def at(staff: Staff) -> Staff:
    return Staff.objects.get(pk=staff.pk)


# --- Appointing -------------------------------------------------------------------------------------------------


def test_a_deputy_is_appointed_for_somebody_and_the_records_say_for_whom(keeper: Staff) -> None:
    clerk, deputy = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE), visitor_at(HUAYANG)
    post = stand_for(clerk, deputy, keeper)
    assert post.in_words == "临溪镇・乡镇经办人（代理程晓燕）"
    assert post.events.get().note.endswith("（代理程晓燕）")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"ends_on": None}, "ends_on"),
        ({"role": Role.TOWNSHIP_APPROVER}, "on_behalf_of"),
        ({"area": HUAYANG}, "on_behalf_of"),
    ],
)
def test_a_deputy_takes_a_last_day_and_a_post_that_is_held(keeper: Staff, more: dict[str, Any], field: str) -> None:
    clerk, deputy = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE), visitor_at("341824102")
    if "area" in more:
        more = {"area": area(HUAYANG)}
    with pytest.raises(NotAppointable) as refusal:
        stand_for(clerk, deputy, keeper, **more)
    assert refusal.value.field == field


def test_nobody_deputises_for_themselves_not_even_in_the_database(keeper: Staff) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE)
    with pytest.raises(NotAppointable, match="不能代理自己"):
        stand_for(clerk, clerk, keeper)
    with pytest.raises(IntegrityError, match="post_of_a_deputy_is_for_a_time"), transaction.atomic():
        appoint(clerk, role=Role.TOWNSHIP_OFFICER, area=area(HUAYANG), on=DAY, ends_on=DAY, on_behalf_of=clerk)


def test_the_page_takes_the_number_of_whom_they_stand_for(keeper: Staff) -> None:
    clerk, deputy = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=SINCE), visitor_at(HUAYANG)
    desk = signed_in(keeper)
    page = reverse("organizations:appoint", args=[deputy.pk])
    sent = {"role": "township_officer", "area": area(LINXI).pk, "starts_on": "2026-09-25", "ends_on": "2026-10-25"}
    answer = desk.post(page, sent | {"on_behalf_of": "NOBODY"})
    assert (answer.status_code, "没有这个工号" in answer.content.decode()) == (422, True)
    assert desk.post(page, sent | {"on_behalf_of": clerk.staff_number}).status_code == 302
    assert deputy.posts.get(area__code=LINXI).on_behalf_of == clerk
    shown = desk.get(reverse("organizations:staff_account", args=[deputy.pk])).content.decode()
    assert "代理程晓燕" in shown


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(at(staff), backend="django.contrib.auth.backends.ModelBackend")
    return client


# --- One person on one case ---------------------------------------------------------------------------------------


def test_who_stands_for_somebody_who_entered_a_case_does_not_confirm_it(keeper: Staff) -> None:
    story = case_in(CaseState.CONFIRMING)
    approver = story.people.approver
    stand_for(story.people.officer, approver, keeper)
    with pytest.raises(NotPermitted, match="您代理的人"):
        services.approve(story.case, opinion="同意", by=at(approver), on=story.today)
    assert not has_lawful_confirmer(story.refresh(), on=DAY)


def test_what_a_deputy_did_the_person_they_stood_for_does_not_confirm(keeper: Staff) -> None:
    story = case_in(CaseState.CONFIRMING)
    stand_for(story.people.approver, story.people.visitor, keeper)
    other = make_staff(Role.COUNTY_APPROVER, COUNTY, name="陈志", on=SINCE)
    assert can_confirm(at(story.people.approver), story.case)
    visited(story, by=story.people.visitor)
    assert not can_confirm(at(story.people.approver), story.refresh())
    assert not can_confirm(at(story.people.visitor), story.case)
    assert can_confirm(at(other), story.case)


def visited(story: Story, *, by: Staff) -> None:
    """An act that counts for four eyes, as the visit's service writes it."""
    story.case.events.create(kind="county_visited", by=by, on=DAY, from_state="confirming", to_state="")


def test_a_deputy_confirms_what_neither_had_a_hand_in_and_the_record_names_both(keeper: Staff) -> None:
    story = case_in(CaseState.CONFIRMING)
    deputy = make_staff(Role.COUNTY_OFFICER, COUNTY, name="汪晓梅", on=SINCE)
    stand_for(story.people.approver, deputy, keeper)
    services.approve(story.case, opinion="同意", by=at(deputy), on=DAY)
    file = CaseFile(story.refresh(), on=DAY)
    assert {row.by for row in happenings(file.events, file) if row.title == "确认同意"} == {"汪晓梅（代理方文娟）"}
    assert ("审核确认", "汪晓梅（代理方文娟）") in {(hand.part, hand.names) for hand in hands(file)}
    form = story.case.documents.get(document__kind="approval_form").document
    assert "汪晓梅（代理方文娟）" in form.record.reveal()
    assert "程晓燕（代理" not in form.record.reveal()


def test_a_deputys_post_that_was_over_before_the_case_began_does_not_count(keeper: Staff) -> None:
    story = case_in(CaseState.CONFIRMING)
    long_ago = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 3, 1)}
    approver = story.people.approver
    appoint(
        approver,
        role=Role.TOWNSHIP_OFFICER,
        area=area(LINXI),
        on=date(2026, 2, 1),
        on_behalf_of=story.people.officer,
        **long_ago,
    )
    assert can_confirm(at(approver), story.case)


def test_standing_for_somebody_in_another_township_does_not_count(keeper: Staff) -> None:
    story = case_in(CaseState.CONFIRMING)
    elsewhere = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=SINCE)
    stand_for(elsewhere, story.people.approver, keeper)
    assert can_confirm(at(story.people.approver), story.case)


def test_two_deputies_of_one_person_are_one_with_each_other() -> None:
    def pair(deputy: int, principal: int) -> Deputising:
        return Deputising(deputy, principal, "", Role.TOWNSHIP_OFFICER, LINXI, SINCE, DAY)

    assert standing_as_one(frozenset({2}), [pair(2, 1), pair(3, 1), pair(5, 4)]) == {1, 2, 3}
    assert standing_as_one(frozenset({9}), [pair(2, 1)]) == {9}


# --- Who leaves -------------------------------------------------------------------------------------------------


def test_ending_a_post_says_what_waits_and_who_goes_on(keeper: Staff) -> None:
    story = case_in(CaseState.SUBMITTED)
    officer = story.people.officer
    page = reverse("organizations:end_post", args=[officer.pk, officer.posts.get().pk])
    alone = signed_in(keeper).get(page).content.decode()
    assert "等着办的：受理1件" in alone
    assert "临溪镇现在没有别人任“乡镇经办人”，请先安排接手的人，或设代理。" in alone
    make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="汪晓梅", on=SINCE)
    assert "“临溪镇・乡镇经办人”由汪晓梅接着办" in signed_in(keeper).get(page).content.decode()


def test_suspending_an_account_says_it_of_every_post_and_an_idle_post_leaves_nothing(keeper: Staff) -> None:
    story = case_in(CaseState.SUBMITTED)
    page = reverse("organizations:staff_act", args=[story.people.officer.pk, "suspend"])
    assert "等着办的：受理1件" in signed_in(keeper).get(page).content.decode()
    idle = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=SINCE)
    page = reverse("organizations:staff_act", args=[idle.pk, "suspend"])
    assert "等着办的" not in signed_in(keeper).get(page).content.decode()


def test_what_another_post_still_allows_does_not_count_as_waiting(keeper: Staff) -> None:
    story = case_in(CaseState.SUBMITTED)
    officer = story.people.officer
    village = appoint(officer, role=Role.VILLAGE_ASSISTANT, area=story.case.area, on=SINCE)
    page = reverse("organizations:end_post", args=[officer.pk, village.pk])
    assert "等着办的" not in signed_in(keeper).get(page).content.decode()


def test_a_value_is_not_approved_by_who_stands_for_who_entered_it(keeper: Staff) -> None:
    county_data()
    first = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, name="陈立", on=SINCE)
    second = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, name="周岚", on=SINCE)
    source = SourceData("绩民〔2026〕10号", "财产限额", scan=photo())
    change = propose_parameter(
        "max_houses",
        value=2,
        area=area(COUNTY),
        residence="both",
        from_day=date(2027, 1, 1),
        source=source,
        by=first,
        on=DAY,
    )
    appoint(
        second,
        role=Role.SYSTEM_ADMINISTRATOR,
        area=area(COUNTY),
        on=DAY,
        ends_on=DAY + timedelta(days=9),
        on_behalf_of=first,
    )
    with pytest.raises(NotPermitted, match="两人算一个人"):
        approve_change(change, by=at(second), on=DAY)
    assert approve_change(change, by=at(keeper), on=DAY)
