"""Reviews at the desk and in the hand: every page fits, and a plan is accepted with the keyboard."""

import os
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from benefits.models import Award
from dynamic_review import services
from dynamic_review.models import ReviewDue
from tests.browser.test_phone import enter
from tests.dynamic_review.builders import awarded
from tests.support.crews import Crew, county_data, crew

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(county: None, transactional_db: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def award(people: Crew) -> Award:
    """A township with overdue, near and far reviews; one of them called for."""
    today = timezone.localdate()
    first = awarded(people, name="阿卜杜热合曼·买买提明", on=date(today.year - 1, today.month, 1), category="A")
    for number, (name, months) in enumerate((("程有田", 11), ("章小妹", 6), ("胡国庆", 3), ("汪长根", 1))):
        day = date(today.year - (today.month <= months), (today.month - months - 1) % 12 + 1, 5 + number)
        awarded(people, name=name, on=day, category="BCAB"[number])
    services.plan_reviews(on=today)
    services.note_by_hand(
        first, cause="complaint", happened_on=today, note="反映家中有轿车", by=people.officer, on=today
    )
    return first


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_every_page_fits_the_desk_and_the_phone(
    award: Award, people: Crew, screen: Page, live_server: LiveServer, request: Any
) -> None:
    faults = []
    for staff, paths in (
        (people.officer, ("", "?shown=all", "triggers/", f"awards/{award.pk}/offer/", "extensions/")),
        (people.approver, ("board/", "extensions/add/", "confirming/")),
    ):
        enter(screen, live_server, staff)
        for path in paths:
            answer = screen.goto(f"{live_server.url}/reviews/{path}")
            assert answer is not None
            if answer.status != 200 or not fits(screen):
                faults.append((path, answer.status))
            if folder := os.environ.get("JIXI_PICTURES"):
                name = "".join(sign if sign.isalnum() else "_" for sign in path) or "list"
                screen.screenshot(path=f"{folder}/{request.node.callspec.id}_{name}.png", full_page=True)
        enter(screen, live_server, people.officer)
        screen.goto(f"{live_server.url}/families/{award.household_id}/#reviews")
        if folder := os.environ.get("JIXI_PICTURES"):
            screen.locator("#reviews").screenshot(path=f"{folder}/{request.node.callspec.id}_family.png")
    assert faults == []


def test_a_plan_is_accepted_from_the_list(award: Award, people: Crew, desktop: Page, live_server: LiveServer) -> None:
    enter(desktop, live_server, people.officer)
    desktop.goto(f"{live_server.url}/reviews/?shown=all&q=章小妹")
    desktop.get_by_label("选择章小妹").check()
    desktop.get_by_role("button", name="确认排期").click()
    expect(desktop.get_by_text("已确认1户的排期")).to_be_visible()
    assert ReviewDue.objects.get(award__persons__person__name="章小妹").kept


def test_one_box_ticks_the_whole_page(award: Award, people: Crew, desktop: Page, live_server: LiveServer) -> None:
    enter(desktop, live_server, people.officer)
    desktop.goto(f"{live_server.url}/reviews/?shown=all")
    desktop.get_by_label("全选本页").check()
    boxes = desktop.get_by_role("checkbox", name="选择")
    assert boxes.count() == 5 and all(boxes.nth(place).is_checked() for place in range(5))
    desktop.get_by_label("选择章小妹").uncheck()
    expect(desktop.get_by_label("全选本页")).not_to_be_checked()
    desktop.get_by_role("button", name="确认排期").click()
    expect(desktop.get_by_text("已确认4户的排期")).to_be_visible()
