"""Pages of 认定身份: filtered, exported on record, ended early by who confirms."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tablib
import time_machine
from django.test import Client

from benefits.models import Recognition
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.benefits.test_recognitions import recognise
from tests.households.builders import head, register
from tests.support.factories import ON, make_staff

pytestmark = pytest.mark.django_db
LIST = "/awards/recognitions/"
LATER = datetime(2027, 3, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


@pytest.fixture
def made(clerk: Staff, approver: Staff) -> Recognition:
    return recognise(register(clerk), approver)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_is_cut_by_status_and_validity(clerk: Staff, made: Recognition) -> None:
    with time_machine.travel(LATER, tick=False):
        client = signed_in(clerk)
        assert made.number in text(client.get(LIST))
        assert made.number in text(client.get(LIST, {"scheme": "marginal", "standing": "in_force"}))
        for cut in ({"scheme": "rigid_expense_household"}, {"standing": "soon"}, {"standing": "ended"}):
            assert made.number not in text(client.get(LIST, cut)), cut
        unreadable = client.get(LIST, {"standing": "never"})
    assert unreadable.status_code == 422
    assert made.number not in text(unreadable)


def test_one_near_its_last_day_says_so(clerk: Staff, made: Recognition) -> None:
    noon = datetime.combine(made.last_day - timedelta(days=30), time(12), tzinfo=ZoneInfo("Asia/Shanghai"))
    for moment, is_near in ((noon - timedelta(days=1), False), (noon, True)):
        with time_machine.travel(moment, tick=False):
            tag = "30天内到期</span>" in text(signed_in(clerk).get(LIST))
        assert tag is is_near


def test_the_export_is_what_is_listed_and_on_record(clerk: Staff, made: Recognition) -> None:
    with time_machine.travel(LATER, tick=False):
        answer = signed_in(clerk).post(f"{LIST}export/?standing=in_force")
    rows = tablib.Dataset().load(answer.content, format="xlsx").dict
    assert [row["认定编号"] for row in rows] == [made.number]
    assert str(head(made.household).person.id_number) not in str(rows)
    record = AccessRecord.objects.get(staff=clerk, reason="导出认定身份名单1户")
    assert record.person_ids == [head(made.household).person_id]


def test_one_that_has_not_begun_is_ended_and_shown_as_never_begun(approver: Staff, made: Recognition) -> None:
    later = recognise(made.household, approver, decided_on=made.last_day)
    with time_machine.travel(datetime.combine(made.last_day, LATER.timetz()), tick=False):
        client = signed_in(approver)
        assert f"{LIST}{later.pk}/end/" in text(client.get(LIST))
        client.post(f"{LIST}{later.pk}/end/", {"reason": "家庭收入增加"})
        shown = text(client.get(LIST))
    assert f"{LIST}{later.pk}/end/" not in shown and f"{LIST}{made.pk}/end/" in shown
    assert "原定2027年" in shown and "没有开始" in shown and "家庭收入增加" in shown


def test_who_confirms_ends_it_with_a_reason(clerk: Staff, approver: Staff, made: Recognition) -> None:
    url = f"{LIST}{made.pk}/end/"
    with time_machine.travel(LATER, tick=False):
        assert signed_in(clerk).get(url).status_code == 403
        client = signed_in(approver)
        assert "提前终止" in text(client.get(LIST))
        client.post(url, {"reason": ""})
        made.refresh_from_db()
        assert made.ended_on is None
        answer = client.post(url, {"reason": "家庭收入增加"}, follow=True)
    assert "已提前终止" in text(answer)
    made.refresh_from_db()
    assert (made.ended_on, made.end_reason, made.ended_by) == (date(2027, 3, 1), "家庭收入增加", approver)
    assert made.valid.lower == ON
