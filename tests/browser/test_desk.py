"""Pages on the county's usual screen, 1366 pixels wide: nothing to enter lies beyond the edge of its panel."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from applications.rules.process import CaseState
from tests.support.crews import county_data
from tests.support.stories import case_in

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.django_db(transaction=True)]
OUTSIDE = """() => [...document.querySelectorAll(".panel :is(input:not([type=hidden]), select, button)")]
  .filter((field) => field.checkVisibility() && !field.closest(".visually-hidden"))
  .filter((field) => field.getBoundingClientRect().right > field.closest(".panel").getBoundingClientRect().right)
  .map((field) => field.name || field.textContent)"""


def test_every_field_of_a_supporter_is_in_sight(desktop: Page, live_server: LiveServer) -> None:
    county_data()
    story = case_in(CaseState.ACCEPTED)
    client = Client()
    client.force_login(story.people.officer, backend="django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    desktop.context.add_cookies([session])  # type: ignore[list-item]
    head = story.household.members.get(relation="head")
    desktop.goto(f"{live_server.url}/families/{story.household.pk}/members/{head.pk}/supporters/")
    expect(desktop.get_by_label("无履行能力情形").first).to_be_visible()
    assert desktop.evaluate(OUTSIDE) == []
    desktop.get_by_role("button", name="添加一人").click()
    assert desktop.evaluate(OUTSIDE) == []
