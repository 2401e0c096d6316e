"""A session that is over, and addresses that only take what a button sends: each answers a page in Chinese."""

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from organizations.permissions import Role
from tests.support.browser import PASSWORD
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
HOST = "http://testserver"


@pytest.fixture
def clerk() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


def sign_in(client: Client, clerk: Staff, address: str) -> str:
    """Where the log-in page leads to."""
    page = client.get(address)
    sent = {"username": clerk.staff_number, "password": PASSWORD, "next": page.context["next"]}
    return str(client.post(address.partition("?")[0], sent).headers["Location"])


def test_what_is_sent_after_the_session_leads_back_to_the_page_it_was_sent_from(client: Client, clerk: Staff) -> None:
    answer = client.post(reverse("applications:export"), headers={"Referer": f"{HOST}/cases/?state=draft"})
    assert answer.status_code == 302
    assert "刚才提交的没有办成" in client.get(answer.headers["Location"]).content.decode()
    assert sign_in(client, clerk, answer.headers["Location"]) == "/cases/?state=draft"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/cases/"])
def test_what_is_sent_from_nowhere_known_leads_home(client: Client, clerk: Staff, referer: str) -> None:
    answer = client.post(reverse("applications:export"), headers={"Referer": referer})
    assert sign_in(client, clerk, answer.headers["Location"]) == "/"


def test_a_page_asked_for_after_the_session_comes_after_the_log_in(client: Client, clerk: Staff) -> None:
    answer = client.get("/cases/?state=draft")
    assert "没有办成" not in client.get(answer.headers["Location"]).content.decode()
    assert sign_in(client, clerk, answer.headers["Location"]) == "/cases/?state=draft"


def test_a_piece_of_a_page_asked_for_after_the_session_opens_the_log_in_as_a_whole(client: Client) -> None:
    answer = client.post("/families/lookup/", headers={"HX-Request": "true", "Referer": f"{HOST}/intake/"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"{reverse('organizations:login')}?next=/intake/&interrupted=1"


def test_an_address_of_a_button_answers_a_page_in_chinese(client: Client, clerk: Staff) -> None:
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("applications:export"))
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "这一步不能直接打开" in answer.content.decode()
    assert "回到工作台" in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers
