"""The web's usual doors, tried from outside."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse

import foundation.rates
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import head
from tests.households.web import as_staff
from tests.support.browser import PASSWORD
from tests.support.factories import make_staff

ROOT = Path(settings.BASE_DIR)
_WITH_PYTHON = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
ON_PAPER = ROOT / "templates" / "documents" / "papers"
"""Drawn as PDF by WeasyPrint, never sent to a browser."""
PAGES = ("workbench:home", "households:list", "applications:list", "applications:documents", "organizations:account")


@pytest.fixture
def browser(clerk: Staff) -> Client:
    return as_staff(clerk)


def templates() -> Iterator[Path]:
    yield from (path for path in (ROOT / "templates").rglob("*.html") if ON_PAPER not in path.parents)


def test_no_template_has_scripts_or_styles_in_it() -> None:
    found = [f"{path.relative_to(ROOT)}: {hit[0]}" for path in templates() if (hit := INLINE.search(path.read_text()))]
    assert not found


@pytest.mark.django_db
def test_no_page_of_the_support_desk_needs_scripts_in_it(county: None) -> None:
    desk = as_staff(make_staff(Role.SYSTEM_ADMINISTRATOR, "341824"))
    names = [f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in admin.site._registry]
    for page in (reverse(f"admin:{name}") for name in ("index", "organizations_readingpurpose_add", *names)):
        answer = desk.get(page)
        if answer.status_code == 200:
            assert not INLINE.search(answer.content.decode()), page


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*PAGES, "organizations:login", "documents:check"])
def test_every_page_says_what_it_may_do_and_that_nobody_keeps_it(browser: Client, client: Client, page: str) -> None:
    answer = (browser if page in PAGES else client).get(reverse(page))
    policy = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'self'" and policy["base-uri"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer["Permissions-Policy"]
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]


@pytest.mark.django_db
def test_what_is_no_page_has_the_policies_too(browser: Client, family: Household) -> None:
    answer = browser.post(reverse("households:export"), {})
    for name in ("Permissions-Policy", "Cross-Origin-Resource-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert answer[name]
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "///elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "https:elsewhere.example",
        "javascript:alert(1)",
        "http://testserver@elsewhere.example/",
        "\thttps://elsewhere.example/",
    ],
)
def test_the_log_in_leads_nowhere_else(client: Client, clerk: Staff, target: str) -> None:
    sent = {"username": clerk.staff_number, "password": PASSWORD, "next": target}
    answer = client.post(reverse("organizations:login"), sent)
    assert answer.status_code == 302 and answer["Location"] == "/"
    assert client.get(reverse("organizations:login"), {"next": target})["Location"] == "/"


def test_no_other_view_goes_where_the_visitor_says() -> None:
    """Only the log-in reads an address from the request."""
    asked = re.compile(r"""(?:GET|POST)(?:\.get\(|\[)["'](?:next|return|return_to|redirect|url|to)["']""")
    found = {
        str(path.relative_to(ROOT))
        for room in settings.INSTALLED_APPS
        for path in (ROOT / room).rglob("*.py")
        if asked.search(path.read_text())
    }
    assert found == {"organizations/views/account.py"}


@pytest.mark.django_db
def test_a_made_up_host_is_refused(client: Client) -> None:
    answer = client.get(reverse("organizations:login"), headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    forwarded = client.get(reverse("organizations:login"), headers={"X-Forwarded-Host": "elsewhere.example"})
    assert forwarded.status_code == 200 and "elsewhere.example" not in forwarded.content.decode()


@pytest.mark.django_db
def test_a_method_cannot_be_smuggled(browser: Client, family: Household) -> None:
    url = reverse("households:reveal", args=[family.pk, "id-number", head(family).pk])
    for headers in ({"X-HTTP-Method-Override": "POST"}, {"X-Method-Override": "POST"}):
        assert browser.get(url, {"_method": "POST", "reveal-reason": "联系群众"}, headers=headers).status_code == 405


@pytest.mark.django_db
def test_every_form_that_changes_something_needs_its_token(clerk: Staff, family: Household) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    for url in (
        reverse("households:export"),
        reverse("households:register"),
        reverse("households:attach", args=[family.pk]),
        reverse("workbench:search"),
        reverse("organizations:logout"),
    ):
        assert browser.post(url, {"q": "x"}).status_code == 403, url


def test_the_session_is_out_of_scripts_reach_and_stays_on_this_site() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY and settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.CSRF_COOKIE_SAMESITE == "Lax"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "limit", "sent"),
    [
        ("workbench:search", "SEARCHES_A_MINUTE", {"q": "341899196803120011"}),
        ("households:list", "SEARCHES_A_MINUTE", {"q": "13905632207"}),
        ("households:export", "EXPORTS_A_MINUTE", {}),
    ],
)
def test_whoever_asks_too_often_is_asked_to_wait(
    browser: Client, clerk: Staff, page: str, limit: str, sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, allowed = foundation.rates._is_within, getattr(foundation.rates, limit)
    seen: list[int] = []
    monkeypatch.setattr(foundation.rates, "_is_within", lambda key, most: seen.append(most) or real(key, 2))
    answers = [browser.post(reverse(page), sent) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429] and seen == [allowed] * 3
    assert answers[2]["Retry-After"] == "60" and "请等一分钟再试" in answers[2].content.decode()
    other = as_staff(make_staff(Role.TOWNSHIP_OFFICER, "341824101", name="汪志强"))
    assert other.post(reverse(page), sent).status_code == 200


@pytest.mark.django_db
def test_passwords_cannot_be_tried_on_many_accounts_without_end(client: Client, county: None) -> None:
    answers = [
        client.post(reverse("organizations:login"), {"username": f"S9{number:04d}", "password": "x"}).status_code
        for number in range(foundation.rates.LOGINS_A_MINUTE + 1)
    ]
    assert answers[-1] == 429 and set(answers[:-1]) == {200}


def test_the_deployment_check_has_nothing_to_say() -> None:
    told = subprocess.run([ROOT / "scripts" / "check_deploy.sh"], env=_WITH_PYTHON, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert "no issues" in told.stdout
