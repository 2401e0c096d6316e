"""Papers and scans with an ID number in full: for a purpose, on record, so many an hour, and not for everybody."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from foundation.trail import acting
from organizations.models import Staff
from organizations.models.records import AccessKind, AccessRecord
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from tests.support.aid import photo
from tests.support.aid_papers import MORNING, granted
from tests.support.crews import Crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
COUNTY, SINCE = "341824", date(2026, 1, 1)
PURPOSE = {"reason": "核对证件"}
KINDS = ("temp_aid_form", "identity")


def with_number(people: Crew, kind: str) -> tuple[TemporaryAid, str]:
    """An aid with the paper or scan, and the address of that."""
    aid = granted(people.officer, people.lead)
    with acting(actor="system:test"):
        if kind == "identity":
            made: Any = services.add_file(aid, kind=kind, upload=photo(), by=people.officer, at=MORNING)
            return aid, reverse("temporary_aid:file", args=[made.pk])
        made = services.issue_paper(aid, kind, by=people.lead, on=MORNING.date())
        return aid, reverse("temporary_aid:paper", args=[made.pk])


def browser_of(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff)
    return browser


def reveals() -> list[AccessRecord]:
    return list(AccessRecord.objects.filter(kind=AccessKind.REVEAL))


@pytest.mark.parametrize("kind", KINDS)
def test_it_opens_for_a_purpose_and_both_are_on_record(people: Crew, kind: str) -> None:
    _, address = with_number(people, kind)
    clerk = browser_of(people.officer)
    asked = clerk.get(address)
    assert "查阅事由" in asked.content.decode()
    assert clerk.post(address, {"reason": ""}).status_code == 422
    assert reveals() == []
    opened = clerk.post(address, PURPOSE)
    assert opened.status_code == 200
    assert opened["Content-Type"] in ("application/pdf", "image/jpeg")
    (found,) = reveals()
    assert (found.purpose, found.staff_id) == ("核对证件", people.officer.pk)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.JOINT_MEETING_SECRETARY])
def test_who_sees_no_full_numbers_opens_none_and_is_offered_none(people: Crew, kind: str, role: Role) -> None:
    aid, address = with_number(people, kind)
    browser = browser_of(make_staff(role, COUNTY, on=SINCE))
    assert browser.get(address).status_code == 403
    assert browser.post(address, PURPOSE).status_code == 403
    page = browser.get(reverse("temporary_aid:detail", args=[aid.pk])).content.decode()
    assert f'href="{address}' not in page
    assert (
        f'href="{address}'
        in browser_of(people.officer).get(reverse("temporary_aid:detail", args=[aid.pk])).content.decode()
    )


def test_it_counts_among_what_one_may_see_in_an_hour(people: Crew, settings: Any) -> None:
    settings.REVEALS_PER_HOUR = 1
    _, address = with_number(people, "temp_aid_form")
    clerk = browser_of(people.officer)
    assert clerk.post(address, PURPOSE).status_code == 200
    again = clerk.post(address, PURPOSE)
    assert again.status_code == 422
    assert "一小时内查看完整信息已达1次" in again.content.decode()


def test_what_bears_no_number_opens_as_before(people: Crew) -> None:
    aid = granted(people.officer, people.lead)
    with acting(actor="system:test"):
        scene = services.add_file(aid, kind="scene_photo", upload=photo(), by=people.officer, at=MORNING)
    finance = browser_of(make_staff(Role.FINANCE_OFFICER, COUNTY, on=SINCE))
    assert finance.get(reverse("temporary_aid:file", args=[scene.pk])).status_code == 200
    assert reveals() == []
