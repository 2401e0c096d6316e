"""Fields that a form does not have, and rows that belong to somebody else (mass assignment)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.forms import ModelForm
from django.test import Client
from django.urls import reverse

from applications.models import Case
from households.models import Household, Income, Member
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.matrix.world import HUAYANG, World, text_of
from tests.support.factories import area

HERE_VILLAGE, OWN_VILLAGE = "341824101200", "341824100201"


@pytest.fixture
def clerk(world: World) -> Client:
    """A clerk of 华阳镇, who attacks 临溪镇."""
    return world.visitor(Role.TOWNSHIP_OFFICER, is_here=False).browser()


@pytest.fixture
def own(world: World) -> Household:
    return Household.objects.filter(area__code__startswith=HUAYANG).earliest("pk")


def sent_by(answer: Any, name: str = "form") -> dict[str, Any]:
    """What the form of a page sends as it opens."""
    found = answer.context[name]
    forms = [found.management_form, *found.forms] if hasattr(found, "forms") else [found]
    return {
        bound.html_name: "" if bound.value() is None else bound.value()
        for form in forms
        for bound in form
        if bound.value() is not False
    }


def snapshot(world: World) -> list[Any]:
    """All that the attacks aim at, as it stands."""
    families = Household.objects.filter(area__code__startswith="341824101").order_by("pk")
    return [
        list(families.values_list()),
        list(Member.objects.filter(household__in=families).order_by("pk").values_list()),
        list(Income.objects.filter(member__household__in=families).order_by("pk").values_list()),
    ]


@pytest.fixture(autouse=True)
def _the_families_stay_as_they_are(world: World) -> Iterator[None]:
    before = snapshot(world)
    yield
    assert snapshot(world) == before


def test_a_family_keeps_its_township_its_number_and_its_author_whatever_is_sent(clerk: Client, own: Household) -> None:
    page = reverse("households:edit", args=[own.pk])
    extra = {
        "area": area(HERE_VILLAGE).pk,
        "area_id": area(HERE_VILLAGE).pk,
        "number": "H00000001",
        "registered_by": Staff.objects.earliest("pk").pk,
        "ended_on": "2026-01-01",
        "address": "三组9号",
    }
    assert clerk.post(page, sent_by(clerk.get(page)) | extra).status_code == 302
    after = Household.objects.get(pk=own.pk)
    assert after.address == "三组9号"
    kept = ("area_id", "number", "registered_by_id", "ended_on")
    assert [getattr(after, name) for name in kept] == [getattr(own, name) for name in kept]


def test_no_family_is_registered_in_a_foreign_village(clerk: Client) -> None:
    page = reverse("households:register")
    before = Household.objects.count()
    for prefix in ("", "family-"):
        answer = clerk.post(page, {f"{prefix}area": area(HERE_VILLAGE).pk, f"{prefix}address": "一组1号"})
        assert answer.status_code in {200, 422}
    assert Household.objects.count() == before


def test_an_income_row_takes_no_member_and_no_row_of_a_foreign_family(
    world: World, clerk: Client, own: Household
) -> None:
    page = reverse("households:yearly", args=[own.pk, "incomes", 2026])
    theirs = Income.objects.filter(member__household=world.story.household).earliest("pk")
    sent = sent_by(clerk.get(page), "rows") | sent_by(clerk.get(page), "form")
    row = {"kind": "wage", "yearly_amount": "1", "label": "替换", "id": theirs.pk}
    answer = clerk.post(page, sent | {f"incomes-0-{key}": value for key, value in (row | _member(theirs)).items()})
    assert answer.status_code in {200, 422}, "a foreign member is no choice"
    mine = own.members.earliest("pk")
    answer = clerk.post(page, sent | {f"incomes-0-{key}": v for key, v in (row | {"member": mine.pk}).items()})
    assert answer.status_code == 302
    made = Income.objects.get(label="替换", voided_at=None)
    assert (made.member, made.pk == theirs.pk) == (mine, False)


def _member(income: Income) -> dict[str, Any]:
    return {"member": income.member_id, "household": income.member.household_id}


def test_a_foreign_paper_is_no_evidence(world: World, clerk: Client, own: Household) -> None:
    page = reverse("households:yearly", args=[own.pk, "incomes", 2026])
    sent = sent_by(clerk.get(page), "rows") | sent_by(clerk.get(page), "form")
    row = {"member": own.members.earliest("pk").pk, "kind": "wage", "yearly_amount": "1"}
    sent |= {f"incomes-0-{key}": value for key, value in (row | {"evidence": world.attachment().pk}).items()}
    assert clerk.post(page, sent).status_code in {200, 422}
    assert not Income.objects.filter(evidence=world.attachment(), member__household=own).exists()


def test_a_member_of_a_foreign_family_is_not_reached_through_ones_own(
    world: World, clerk: Client, own: Household
) -> None:
    theirs = world.story.household.members.earliest("pk")
    for name in ("correct_member", "supporters"):
        page = reverse(f"households:{name}", args=[own.pk, theirs.pk])
        assert clerk.get(page).status_code == clerk.post(page, {}).status_code == 404
    family = world.story.household
    items = {"account": family.bank_accounts.get().pk, "agent-id": family.agents.get().pk, "id-number": theirs.pk}
    for what, item in items.items():
        assert clerk.post(reverse("households:reveal", args=[own.pk, what, item]), {}).status_code == 404


def test_nobody_is_merged_split_or_moved_into_a_foreign_village_by_a_smuggled_area(
    clerk: Client, own: Household, world: World
) -> None:
    village = area(HERE_VILLAGE).pk
    for act in ("split", "marry", "divorce", "merge"):
        page = reverse("households:life", args=[own.pk, act])
        form = {
            "area": village,
            "village": village,
            "target": world.story.household.pk,
            "other": world.story.household.pk,
        }
        answer = clerk.post(page, form | {"household": world.story.household.pk})
        assert answer.status_code in {200, 404, 409, 422}, act
        assert [name for name in ("汪秋菊", "胡小雨") if name in text_of(answer)] == []


def test_an_account_takes_no_rights_from_a_form_of_facts(world: World) -> None:
    desk = world.visitor(Role.SYSTEM_ADMINISTRATOR, is_here=True).browser()
    officer = world.story.people.officer
    page = reverse("organizations:correct_account", args=[officer.pk])
    extra = {
        "name": "程晓艳",
        "reason": "录入错字",
        "is_superuser": "on",
        "is_staff": "on",
        "password": "pbkdf2",
        "second_factor_at": "",
        "must_change_password": "",
        "groups": ["1"],
        "user_permissions": ["1"],
        "session_round": "9",
        "active_to": "2099-01-01",
    }
    before = Staff.objects.get(pk=officer.pk)
    assert desk.post(page, sent_by(desk.get(page)) | extra).status_code == 302
    after = Staff.objects.get(pk=officer.pk)
    assert after.name == "程晓艳"
    kept = ("is_superuser", "password", "second_factor_at", "must_change_password", "session_round", "active_to")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert not after.user_permissions.exists() and list(after.groups.all()) == list(before.groups.all())


def test_a_password_is_changed_of_nobody_but_oneself(world: World, clerk: Client) -> None:
    officer = world.story.people.officer
    sent = {"old_password": "Correct-Horse-88", "new_password1": "Shan-Shui-2026", "new_password2": "Shan-Shui-2026"}
    extra = {"staff": officer.pk, "user": officer.pk, "pk": officer.pk, "username": officer.staff_number}
    assert clerk.post(reverse("organizations:password_change"), sent | extra).status_code == 302
    assert Staff.objects.get(pk=officer.pk).check_password("Correct-Horse-88")


def test_a_proposal_takes_its_amount_from_the_form_and_its_state_from_nobody(world: World) -> None:
    """The clerk at home confirms nothing by sending the fields of a decision along."""
    browser = world.visitor(Role.TOWNSHIP_OFFICER, is_here=True).browser()
    case = Case.objects.get(pk=world.waiting.case.pk)
    before = (case.state, case.area_id, case.authority)
    extra = {"state": "approved", "authority": "township", "area": area(OWN_VILLAGE).pk, "monthly_amount": "99999"}
    for name in ("accept", "record-visit", "draft-proposal", "start-investigation"):
        browser.post(reverse("applications:act", args=[case.pk, name]), extra)
    case = Case.objects.get(pk=case.pk)
    assert (case.state, case.area_id, case.authority) == before


def test_no_form_of_ours_writes_a_model_by_its_field_names() -> None:
    """Services take named facts; a model form would take whatever field somebody adds later."""
    rooms = {app for app in settings.INSTALLED_APPS if (settings.BASE_DIR / app).is_dir()}
    assert apps.ready and Area
    assert [form for form in _below(ModelForm) if form.__module__.partition(".")[0] in rooms] == []


def _below(form: type) -> Iterator[type]:
    for one in form.__subclasses__():
        yield one
        yield from _below(one)
