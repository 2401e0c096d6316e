"""大字版: one link turns it on for every page for everybody, another off; no scripts, and no cookie unasked."""

from http.cookies import Morsel

import pytest
from django.test import Client
from django.urls import reverse

from foundation.display import COOKIE
from organizations.permissions import Role
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
LARGE = 'class="public-page large '
PAGES = ("organizations:login", "documents:check")


@pytest.mark.parametrize("name", PAGES)
def test_nobody_gets_a_cookie_before_asking(name: str) -> None:
    answer = Client().get(reverse(name))
    assert COOKIE not in answer.cookies
    assert LARGE not in answer.content.decode()
    assert "大字版" in answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_the_switch_holds_at_once_and_from_page_to_page_until_it_is_turned_off(name: str) -> None:
    client = Client()
    assert LARGE in client.get(reverse(name), {"large": "1"}).content.decode()
    for other in PAGES:
        page = client.get(reverse(other)).content.decode()
        assert LARGE in page
        assert "标准版" in page
    assert LARGE not in client.get(reverse(name), {"large": "0"}).content.decode()
    assert LARGE not in client.get(reverse(name)).content.decode()


def test_the_cookie_says_nothing_but_yes_and_no_script_reads_it() -> None:
    cookie: Morsel[str] = Client().get(reverse("documents:check"), {"large": "1"}).cookies[COOKIE]
    assert cookie.value == "1"
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)


@pytest.mark.parametrize("asked", ["2", "", "<script>"])
def test_what_is_neither_on_nor_off_changes_nothing(asked: str) -> None:
    answer = Client().get(reverse("documents:check"), {"large": asked})
    assert COOKIE not in answer.cookies
    assert LARGE not in answer.content.decode()


def test_the_switch_keeps_what_else_the_address_asks() -> None:
    page = Client().get(reverse("documents:check"), {"q": "绩民救确〔2026〕1号"}).content.decode()
    assert 'href="/check/?q=%E7%BB%A9%E6%B0%91%E6%95%91%E7%A1%AE%E3%80%942026%E3%80%951%E5%8F%B7&amp;large=1"' in page


def test_pages_that_say_what_went_wrong_are_large_too() -> None:
    client = Client()
    client.get(reverse("documents:check"), {"large": "1"})
    client.force_login(
        make_staff(Role.TOWNSHIP_OFFICER, "341824101"), backend="django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert LARGE in answer.content.decode()
