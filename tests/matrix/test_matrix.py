"""Every URL, tried by everybody: nobody signed in, no post, every role at home and next door."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from applications.forms.acts import ACTS as REGISTERED_ACTS
from applications.models.intakes import PaperKind
from applications.papers import BLANK_FORMS
from applications.queries import OFFERS
from households.views.families import REVEALABLE
from households.views.life import ACTS as REGISTERED_EVENTS
from households.views.transfers import ANSWERS
from organizations.permissions import Role
from organizations.views.posts import ACTS as ACCOUNT_ACTS_REGISTERED
from tests.matrix.accounts import ACCOUNT_ACTS
from tests.matrix.conftest import Made
from tests.matrix.overview import overview_of
from tests.matrix.rules import (
    ACTS,
    ADMINISTRATORS,
    BATCH_ACTS,
    FAMILY_EVENTS,
    PRINTED,
    REVEALED,
    RULES,
)
from tests.matrix.world import Visitor, World, text_of

ACT = "applications:act"


def walk(resolver: Any, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern with its full name."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern, inner)
        else:
            yield f"{namespace}{pattern.name or f'<{pattern.pattern}>'}", pattern


PATTERNS = dict(walk(get_resolver()))
ADMIN = sorted(name for name in PATTERNS if name.startswith("admin:"))


def test_every_url_has_a_rule_and_every_rule_a_url() -> None:
    ours = {name for name in PATTERNS if not name.startswith("admin:")}
    named = {name.partition(" ")[0] for name in RULES}
    assert ours - named == set(), "URLs without a rule in tests/matrix/rules.py"
    assert named - ours == set()


def test_every_act_behind_one_url_has_a_rule_too(world: World) -> None:
    assert set(ACTS) == set(REGISTERED_ACTS)
    assert set(FAMILY_EVENTS) == set(REGISTERED_EVENTS)
    assert set(ACCOUNT_ACTS) == set(ACCOUNT_ACTS_REGISTERED)
    assert {kwargs["answer"] for kwargs in RULES["households:answer_transfer"].kwargs(world)} == set(ANSWERS)
    assert set(REVEALED) == set(REVEALABLE)
    assert set(BATCH_ACTS) == {str(offer.name) for offer in OFFERS}
    assert set(PRINTED) == {*PaperKind.values, *BLANK_FORMS, "selfcare_form"}


def answers(url: str, method: str, visitors: list[Visitor], **query: str) -> Iterator[tuple[Visitor, Any]]:
    """What each visitor meets; whatever they did is undone."""
    for number, visitor in enumerate(visitors):
        with transaction.atomic():
            browser = visitor.browser()
            yield visitor, getattr(browser, method)(url, query, REMOTE_ADDR=f"10.0.0.{number}")
            transaction.set_rollback(True)


def found_in(answer: Any, traces: set[str]) -> set[str]:
    """Which of the traces the answer shows."""
    page = text_of(answer)
    return {trace for trace in traces if trace in page}


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_door_opens_to_whom_it_should_and_tells_the_others_nothing(world: World, name: str) -> None:
    rule, traces = RULES[name], world.traces()
    numbers = {value.reveal() for value in world.personal_values() if value.reveal()}
    for kwargs in rule.kwargs(world):
        url = reverse(name.partition(" ")[0], kwargs=kwargs)
        for method in rule.methods:
            for visitor, answer in answers(url, method, world.visitors, **rule.query):
                met = f"{method} {url} by {visitor.label}"
                assert answer.status_code in rule.expected(visitor), f"{met}: {answer.status_code}"
                if visitor.label == "anonymous" and not rule.for_all:
                    assert answer["Location"].startswith(reverse("organizations:login")), met
                if not visitor.is_here or visitor.role is None or answer.status_code in (403, 404):
                    assert found_in(answer, traces - set(rule.query.values())) == set(), met
                elif answer.get("Content-Type", "").startswith("text/html"):
                    assert found_in(answer, numbers) == set(), met


@pytest.mark.parametrize("name", ADMIN)
def test_the_admin_site_opens_to_administrators_only(world: World, name: str) -> None:
    url = _admin_url(name, PATTERNS[name])
    others = [one for one in world.visitors if one.role not in ADMINISTRATORS]
    # The door does not ask for the method: posting is tried by the first of them only.
    for method, some in (("get", others), ("post", others[:4])):
        for visitor, answer in answers(url, method, some):
            if visitor.label == "anonymous":
                assert answer.status_code == 302
                assert answer["Location"].startswith(reverse("organizations:login"))
            else:
                assert answer.status_code == 403, f"{method} {url} by {visitor.label}"


def _admin_url(name: str, pattern: URLPattern) -> str:
    wanted = pattern.pattern.converters
    values: dict[str, Any] = {key: "1" for key in wanted}
    if name == "admin:app_list":
        values = {"app_label": "organizations"}
    try:
        return reverse(name, kwargs=values)
    except NoReverseMatch:
        return reverse("admin:index") + "1/"


def test_an_administrator_reads_the_tables_that_are_theirs(world: World) -> None:
    browser = world.visitor(Role.SYSTEM_ADMINISTRATOR, is_here=True).browser()
    for table in ("area", "department", "calendaryear", "calendarday", "delegation"):
        assert browser.get(reverse(f"admin:organizations_{table}_changelist")).status_code == 200


def test_at_home_the_same_pages_name_the_families(world: World) -> None:
    """Without this, the silence elsewhere would prove nothing."""
    pages = overview_of(world.visitor(Role.TOWNSHIP_OFFICER, is_here=True))
    for address in ("households:list", "applications:list", "households:export", "applications:export"):
        assert "胡德旺" in pages[address][1], address
    assert world.story.case.number in pages["applications:export"][1]


def test_lists_figures_searches_and_exports_elsewhere_are_as_if_the_families_were_not_there(
    world: World, made: Made
) -> None:
    for visitor in world.visitors:
        if visitor.is_here:
            continue
        after = overview_of(visitor)
        for address, (status, text) in made.before[visitor.label].items():
            assert after[address] == (status, text), f"{address} by {visitor.label}"


def test_nobody_elsewhere_finds_a_family_by_a_number_that_was_typed(world: World) -> None:
    family, case, traces = world.story.household, world.story.case, world.traces()
    links = [reverse("households:detail", args=[family.pk]), reverse("applications:detail", args=[case.pk])]
    number = family.members.get(relation="head").person.id_number.reveal()
    lists = ("households:list", "applications:list", "workbench:search", "one_window:start", "households:lookup")
    for visitor in world.visitors:
        if visitor.is_here:
            continue
        for typed in (number, number[-4:], "13905632207", family.number, case.number, world.story.intake.number):
            for name in lists:
                field = "id_number" if name == "households:lookup" else "q"
                answer = visitor.browser().post(reverse(name), {field: typed}, follow=True)
                met = f"{name} {typed} by {visitor.label}"
                assert found_in(answer, {*links, *traces} - {typed}) == set(), met
