"""The same moments through the pages: who comes second reads what the first did, and a double press acts once."""

from collections.abc import Callable
from datetime import date
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from applications.models import Case, Decision, Intake
from applications.rules.process import CaseState
from benefits.models import Award
from households.models import Household, Person
from organizations.models import Staff
from organizations.permissions import Role
from tests.concurrency.together import together
from tests.one_window.filling import fields_of
from tests.support.browser import page_of
from tests.support.cases import Desk, photo
from tests.support.crews import LINXI, START, VILLAGES
from tests.support.factories import area, make_id_number, make_staff
from tests.support.stories import case_in

pytestmark = pytest.mark.django_db(transaction=True)
SINCE = date(2026, 1, 1)


def sending(desk: Desk, url: str, data: dict[str, Any]) -> Callable[[], Any]:
    """The pressing of a button in a browser of its own with the person's session."""
    client = Client()
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in desk.client.cookies.items()})
    return lambda: client.post(url, data)


def pressed(desks: list[Desk], url: str, forms: list[dict[str, Any]]) -> list[Any]:
    """Both press at the same moment; the answers by status."""
    with time_machine.travel(desks[0].moment, tick=False):
        answers = together(*(sending(desk, url, form) for desk, form in zip(desks, forms, strict=True)))
    return sorted(answers, key=lambda answer: answer.status_code)


def clerk(name: str) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI, name=name, on=SINCE)


def test_the_second_of_two_confirming_reads_who_confirmed() -> None:
    story = case_in(CaseState.CONFIRMING).later()
    second = make_staff(Role.COUNTY_APPROVER, "341824", name="舒畅", on=SINCE)
    desks = [Desk(by, on=story.today) for by in (story.people.approver, second)]
    forms = [desk.typed(desk.open_act(story, "approve"), opinion=f"{desk.staff.name}同意") for desk in desks]
    url = reverse("applications:act", args=[story.case.pk, "approve"])
    done, late = pressed(desks, url, forms)
    assert (done.status_code, late.status_code) == (302, 409)
    decision, page = Decision.objects.get(), late.content.decode()
    other = next(desk.staff for desk in desks if desk.staff != decision.decided_by)
    assert decision.decided_by.name in page
    assert f"{other.name}同意" in page, "what was typed is not lost"
    assert "这个办件现在是“确认同意”" in page
    assert Award.objects.count() == 1
    assert Case.objects.get().documents.filter(document__kind="approval_notice").count() == 1


def test_a_double_press_of_confirming_decides_once() -> None:
    story = case_in(CaseState.CONFIRMING).later()
    desk = Desk(story.people.approver, on=story.today)
    form = desk.typed(desk.open_act(story, "approve"))
    url = reverse("applications:act", args=[story.case.pk, "approve"])
    answers = pressed([desk, desk], url, [form, form])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Decision.objects.count() == Award.objects.count() == 1
    said = sorted(message.message for answer in answers for message in get_messages(answer.wsgi_request))
    assert len(said) == 2
    assert said[0] == "“确认同意”已办好。"
    assert "不用重复提交" in said[1]


def registration(desk: Desk, number: str) -> dict[str, Any]:
    page = page_of(desk.fetch(reverse("households:register")))
    village = area(VILLAGES[LINXI]).pk
    typed = {"head-name": "胡德旺", "head-id_number": number, "area": village, "address": "一组12号"}
    return page.form_with("登记并继续添加成员").values | typed


def test_two_clerks_register_one_id_number() -> None:
    desks = [Desk(clerk(name), on=START) for name in ("程晓燕", "舒畅")]
    number = make_id_number()
    forms = [registration(desk, number) for desk in desks]
    done, refused = pressed(desks, reverse("households:register"), forms)
    assert (done.status_code, refused.status_code) == (302, 422)
    family = Household.objects.get()
    page = refused.content.decode()
    assert f"已登记在家庭{family.number}" in page
    assert 'value="一组12号"' in page
    assert Person.objects.count() == 1


def test_a_double_press_registers_one_family() -> None:
    desk = Desk(clerk("程晓燕"), on=START)
    form = registration(desk, make_id_number())
    answers = pressed([desk, desk], reverse("households:register"), [form, form])
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Household.objects.count() == 1


def test_a_double_press_at_the_window_opens_one_intake() -> None:
    story = case_in(CaseState.SUBMITTED)
    desk = Desk(story.people.officer, on=story.today)
    assert desk.act(story, "withdraw", reason="改日再来", paper=photo("撤回申请.png")).status_code == 302
    url = reverse("one_window:intake", args=[story.household.pk])
    form = fields_of(desk.fetch(url)) | {"action": "print", "application-reason": "残疾，收入低"}
    answers = pressed([desk, desk], url, [form, form])
    assert {answer.status_code for answer in answers} <= {200, 302, 409}
    assert Intake.objects.count() == 2
    assert Case.objects.filter(state=CaseState.DRAFT).count() == 1
