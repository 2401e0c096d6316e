"""The demo as loaded and committed: every state is there, and no personal number lies anywhere in full."""

import io
import logging
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from applications.models import Case, CaseEvent, HomeVisit, Intake, OverdueReason, Proposal
from applications.rules.process import CaseState
from benefits.models import Recognition
from care import queries as care
from care.models import Admission
from documents.models import Delivery, Document
from eligibility.models import Assessment
from foundation.crypto import key_version_of
from foundation.keyring import key_ring
from households.models import Attachment, Household, Member, Person
from jixi_assist.celery import app
from organizations.models import Area, Staff
from temporary_aid.models import TemporaryAid
from tests.support.leaks import (
    digits_of,
    dump,
    found_in,
    numbers_on_record,
    sessions,
    stored_files,
    stored_in_redis,
)
from tests.support.own_database import own_database
from verification.models import MeansCheck
from workbench.demo_data import PASSWORD, plan_families
from workbench.management.commands.load_demo import villages

__all__ = ["own_database"]
ON = date(2026, 11, 23)


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def load() -> str:
    output = io.StringIO()
    call_command("load_demo", f"--on={ON}", stdout=output)
    return output.getvalue()


@pytest.fixture
def standards(own_database: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(default_storage, "location", str(tmp_path))
    for command in ("load_county", "load_number_prefixes", "load_parameters", "load_terms"):
        call_command(command, verbosity=0, stdout=io.StringIO())


def found_in_cases() -> dict[str, set[Any]]:
    """What the loaded cases show, each kind of thing by its values."""
    proposals = Proposal.objects.filter(is_eligible=True)
    return {
        "channels": set(Intake.objects.values_list("channel", flat=True)),
        "means checks": set(MeansCheck.objects.values_list("result", flat=True)),
        "visits": set(HomeVisit.objects.values_list("way", flat=True)),
        "deliveries": set(Delivery.objects.values_list("way", flat=True)),
        "categories": set(proposals.filter(basis="household").values_list("category", flat=True)),
        "ends of aid": set(TemporaryAid.objects.exclude(end_judgement="").values_list("end_judgement", flat=True)),
        "bases": set(proposals.values_list("basis", flat=True)),
        "overdue reasons": {OverdueReason.objects.exclude(reason="").exists()},
        "ends": set(Case.objects.filter(decided_on__isnull=False).values_list("state", flat=True))
        | set(Case.objects.filter(state__in=["withdrawn", "terminated"]).values_list("state", flat=True)),
    }


def found_in_support(on: date) -> dict[str, Any]:
    """What the loaded awards of 特困 and recognitions show, to those whose task it is."""
    clerk, approver = (Staff.objects.get(staff_number=number) for number in ("CA1", "JX3"))
    return {
        "terminations": set(Case.objects.filter(kind="termination").values_list("state", flat=True)),
        "recognitions ending soon": Recognition.objects.filter(valid__endswith__lte=on + timedelta(days=30)).count(),
        "in an institution": Admission.objects.filter(left_on=None).count(),
        "visits overdue": care.listed(clerk, on=on, due="late").exists(),
        "open points": care.open_points(clerk).count(),
        "decisions on care due": care.decisions_due(approver).count(),
    }


def test_the_demo_fills_every_state_and_township_and_leaves_no_number_in_the_open(
    standards: None, caplog: pytest.LogCaptureFixture
) -> None:
    """One test, since loading takes a minute."""
    caplog.set_level(logging.DEBUG)
    assert "虚构家庭" in load()
    loaded = counts()
    check_what_is_there()
    assert "未改动" in load()
    assert counts() == loaded
    work_with_numbers()
    check_nothing_leaks(logged=caplog.text)


def check_what_is_there() -> None:
    assert set(Case.objects.values_list("state", flat=True)) == {state.value for state in CaseState}
    assert set(Case.objects.values_list("authority", flat=True)) == {"county", "township"}
    codes = Household.objects.values_list("area__code", flat=True)
    assert {code[:9] for code in codes} == set(Area.objects.filter(level="township").values_list("code", flat=True))
    assert {person.id_number.reveal()[:6] for person in Person.objects.exclude(id_number="")} == {"341899"}
    assert set(Attachment.objects.values_list("content_type", flat=True)) == {"application/pdf", "image/jpeg"}

    staff = Staff.objects.get(staff_number="CA1")
    assert staff.check_password(PASSWORD)
    assert not staff.must_change_password
    assert not Staff.objects.get(staff_number="JZ1").has_usable_password()
    assert not Staff.objects.filter(is_superuser=True).exists()

    assert found_in_cases() == {
        "channels": {"window", "village", "agent", "proactive", "official"},
        "means checks": {"clean", "alert", "failed", ""},
        "visits": {"home", "video", "telephone"},
        "deliveries": {"direct", "entrusted", "post", "left"},
        "categories": {"A", "B", "C"},
        "ends of aid": {"solved", "converted", "referred"},
        "bases": {"aid", "household", "single_person", "person", "recognition", "termination"},
        "overdue reasons": {True},
        "ends": {"approved", "refused", "withdrawn", "terminated"},
    }
    assert set(Member.objects.exclude(left_on=None).values_list("left_reason", flat=True)) == {
        "died",
        "married_out",
        "split",
        "merged",
    }
    assert found_in_support(ON) == {
        "terminations": {"publicised", "approved"},
        "recognitions ending soon": 1,
        "in an institution": 1,
        "visits overdue": True,
        "open points": 1,
        "decisions on care due": 1,
    }
    assert not HomeVisit.objects.exclude(way="home").filter(way_reason="").exists()
    assert list(Household.objects.exclude(ended_on=None).values_list("ended_reason", flat=True)) == ["并户"]

    last_days = CaseEvent.objects.values_list("on", flat=True)
    assert max(last_days) <= ON


def work_with_numbers() -> None:
    """People type numbers into every door that takes them, and one into a door that does not."""
    member = Member.objects.filter(relation="head", left_on=None, household__area__code__startswith="341824102")
    head = member.exclude(person__id_number="").select_related("household", "person").order_by("pk")[0]
    number, phone = head.person.id_number.reveal(), head.household.phone.reveal()
    browser = Client(headers={"user-agent": "Chromium"})
    login = reverse("organizations:login")
    browser.post(login, {"username": number, "password": phone})
    assert browser.post(login, {"username": "CA1", "password": PASSWORD}).status_code == 302
    for typed in (number, number[-4:], phone, head.person.name):
        for page in ("workbench:search", "one_window:start"):
            assert browser.post(reverse(page), {"q": typed}, follow=True).status_code == 200
    assert browser.post(reverse("households:lookup"), {"id_number": number}).status_code == 200
    shown = reverse("households:reveal", args=[head.household_id, "id-number", head.pk])
    assert number in browser.post(shown, {"reveal-reason": "核对证件"}).content.decode()
    assert browser.get(reverse("households:detail", args=[head.household_id])).status_code == 200
    assert browser.post(reverse("households:detail", args=[0]), {"q": number}).status_code in (404, 405)


def check_nothing_leaks(*, logged: str) -> None:
    numbers = numbers_on_record()
    assert numbers >= planned_numbers()

    files = stored_files()
    assert len(files) >= Attachment.objects.count() + Document.objects.count()
    assert {key_version_of(content) for content in files.values()} == {key_ring().current}
    assert default_storage.open(str(Document.objects.all()[0].pdf.name)).read().startswith(b"%PDF-")
    places = {
        "pg_dump": dump(),
        "Redis": stored_in_redis(),
        "logs": logged.encode(),
        "files": b"\n".join(files.values()),
        "names of files": "\n".join(files).encode(),
        "assessments": repr(list(Assessment.objects.values_list("facts", "parameters", "result"))).encode(),
        "sessions": sessions(),
    }
    head = Household.objects.exclude(address="")[0]
    assert head.address.encode() in places["pg_dump"]  # it is the right database
    assert {place: found_in(content, numbers) for place, content in places.items()} == {
        place: set() for place in places
    }

    # Tasks carry nothing: they are told at most whose turn it is.
    assert [entry for entry in app.conf.beat_schedule.values() if entry.get("args") or entry.get("kwargs")] == []
    # And the search finds what is there.
    one = next(iter(numbers))
    assert found_in(b"x " + one + b"4 y", numbers) == found_in(b"\\\\x" + one.hex().encode(), numbers) == {one}


def planned_numbers() -> set[bytes]:
    """Numbers of the families as they were invented, before anything was stored."""
    plans = plan_families(villages(), on=ON)
    written = [person.id_number for plan in plans for person in plan.people]
    written += [item.facts["id_number"] for plan in plans for person in plan.people for item in person.supporters]
    written += [plan.agent.id_number for plan in plans if plan.agent]
    written += [plan.account for plan in plans] + [plan.facts.get("phone", "") for plan in plans]
    assert len(written) > 300
    return {digits_of(number) for number in written if number}
