"""What is under way for the same: refused where it is one need, noted where another township left one lying."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.services import NotAllowed
from temporary_aid.services.reports import TakeData, enter_report, take_report
from tests.support.aid import HUAYANG, LINXI, NIGHT, open_urgent
from tests.support.crews import VILLAGES, Crew, crew
from tests.support.factories import area, make_id_number
from tests.temporary_aid.advances import SOON, report_data

pytestmark = pytest.mark.django_db
NUMBER = make_id_number(birth_date=date(1971, 2, 3))
EARLIER = date(2026, 9, 1)
"""Eleven days before the night of the fire."""


def under_way(by: Staff, *, township: str = LINXI, occurred_on: date = EARLIER) -> TemporaryAid:
    return open_urgent(by, township=township, id_number=NUMBER, cause="traffic", occurred_on=occurred_on)


def test_what_another_township_left_lying_stops_nobody_and_is_noted(people: Crew) -> None:
    left = under_way(crew(HUAYANG).officer, township=HUAYANG, occurred_on=NIGHT.date())
    aid = under_way(people.officer, occurred_on=NIGHT.date())
    note = aid.events.get(kind="opened").note
    assert "同一事由另有另一乡镇的一件（2026年9月12日发生）正在办理" in note
    assert left.number not in note


def test_a_report_is_taken_beside_what_another_township_left_lying(people: Crew) -> None:
    under_way(crew(HUAYANG).officer, township=HUAYANG, occurred_on=NIGHT.date())
    report = enter_report(report_data(person_id_number=NUMBER, cause="traffic"), by=people.assistant, at=SOON)
    assert take_report(report, by=people.officer, at=SOON, data=TakeData()).state == "opened"


def test_another_occurrence_in_the_same_township_is_registered_and_noted(people: Crew) -> None:
    before = under_way(people.officer)
    aid = under_way(people.officer, occurred_on=NIGHT.date())
    assert f"另有{before.number}（2026年9月1日发生）" in aid.events.get(kind="opened").note


@pytest.mark.parametrize(("days", "is_refused"), [(0, True), (7, True), (8, False)])
def test_a_day_said_wrongly_is_the_same_occurrence(people: Crew, days: int, is_refused: bool) -> None:
    before = under_way(people.officer)
    again = EARLIER + timedelta(days=days)
    if not is_refused:
        assert under_way(people.officer, occurred_on=again).pk != before.pk
        return
    with pytest.raises(NotAllowed, match=before.number) as refused:
        under_way(people.officer, occurred_on=again)
    assert refused.value.field == "cause"


def test_the_page_leads_to_what_is_under_way(people: Crew, client: Client) -> None:
    today = {"occurred_on": timezone.localdate(), "at": timezone.now(), "first_reported_at": None}
    before = open_urgent(people.officer, id_number=NUMBER, cause="traffic", **today)
    client.force_login(people.officer)
    once = client.get(reverse("temporary_aid:open")).context["form"]["once"].value()
    sent = {
        "name": "许金宝",
        "id_number": NUMBER,
        "people_count": "1",
        "area": area(VILLAGES[LINXI]).pk,
        "ground": "registered",
        "cause": "traffic",
        "occurred_on": timezone.localdate().isoformat(),
        "situation": "车祸骨折。",
        "once": once,
    }
    answer = client.post(reverse("temporary_aid:open"), sent)
    assert answer.status_code == 422
    assert f'href="{reverse("temporary_aid:detail", args=[before.pk])}"' in answer.content.decode()
