"""Who wrote, and why: in the history of every row, whichever page it came from."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from foundation.access import public
from foundation.trail import acting, because
from jixi_assist import urls as house
from organizations.models import Department
from organizations.permissions import Role
from organizations.queries import county as the_county
from tests.support.factories import make_household, make_staff

BACKEND = "django.contrib.auth.backends.ModelBackend"


def rename(name: str) -> None:
    Department.objects.update_or_create(code="drill", defaults={"name": name, "area": the_county()})


@public
def plain(request: HttpRequest) -> HttpResponse:
    rename(request.POST["name"])
    return HttpResponse()


@public
def told(request: HttpRequest) -> HttpResponse:
    with because("演练", request.POST["reason"]):
        rename("演练一")
    rename("演练二")
    return HttpResponse()


urlpatterns = [path("plain/", plain, name="plain_page"), path("told/", told, name="told_page"), *house.urlpatterns]
handler400, handler403 = house.handler400, house.handler403
handler404, handler500 = house.handler404, house.handler500


def reasons() -> dict[str, str]:
    history: Any = apps.get_model("organizations", "DepartmentHistory").objects.filter(code="drill").order_by("pk")
    return {row.name: row.pgh_context.get("reason", "") for row in history}


@pytest.mark.django_db
@pytest.mark.urls("tests.foundation.test_trail")
@pytest.mark.usefixtures("county")
def test_a_write_of_a_page_carries_the_page_and_what_the_person_gave_as_a_reason() -> None:
    Client().post("/plain/", {"name": "甲"})
    Client().post("/plain/", {"name": "乙", "reason": "机构\n改革", "late_reason": "等文件"})
    Client().post("/plain/", {"name": "丙"})
    assert reasons() == {"甲": "plain_page", "乙": "plain_page：机构 改革；等文件", "丙": "plain_page"}


@pytest.mark.django_db
@pytest.mark.urls("tests.foundation.test_trail")
@pytest.mark.usefixtures("county")
def test_an_act_that_knows_its_name_says_so_for_its_own_writes_only() -> None:
    Client().post("/told/", {"reason": "年度演练"})
    assert reasons() == {"演练一": "演练：年度演练", "演练二": "told_page：年度演练"}


@pytest.mark.django_db
def test_a_reason_is_cut_where_it_is_too_long_to_read() -> None:
    with acting(actor="system:test"), because("演练", "长" * 900):
        rename("甲")
    assert len(reasons()["甲"]) == 300


@pytest.mark.django_db
def test_whoever_acts_in_between_is_named_for_their_own_writes_only() -> None:
    with acting(actor="system:outer", reason="外"):
        with acting(actor="system:inner"):
            rename("甲")
        rename("乙")
    history: Any = apps.get_model("organizations", "DepartmentHistory").objects.filter(code="drill").order_by("pk")
    told = [(row.pgh_context["actor"], row.pgh_context["reason"]) for row in history]
    assert told == [("system:inner", ""), ("system:outer", "外")]


def test_nobody_says_why_before_saying_who() -> None:
    with pytest.raises(RuntimeError, match="say who"), because("演练"):
        pass


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["organizations_accessrecord", "applications_caseevent", "documents_delivery"])
def test_what_is_written_once_is_refused_without_an_actor(table: str) -> None:
    """Whatever the row holds: the trigger asks before any constraint does."""
    link = connection.cursor().connection
    with link.cursor() as cursor, pytest.raises(Exception, match=r"INSERT on .* without an actor"):
        cursor.execute(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_change_by_plain_sql_is_refused_without_an_actor_and_recorded_with_one() -> None:
    """On a connection of its own, as from psql: nothing of the application is in between."""
    rename = "UPDATE organizations_department SET telephone = '0563-8150000' WHERE code = 'civil_affairs' RETURNING id"
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        with pytest.raises(Error, match=r"UPDATE on organizations_department without an actor"):
            cursor.execute(rename)
        cursor.execute("ROLLBACK")
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),"
            """ set_config('pghistory.context_metadata', '{"actor": "system:psql", "reason": "改号"}', true)"""
        )
        cursor.execute(rename)
        (department,) = cursor.fetchone()
        cursor.execute(
            "SELECT pgh_label, telephone, pgh_context ->> 'actor', pgh_context ->> 'reason'"
            " FROM organizations_departmenthistory WHERE pgh_obj_id = %s ORDER BY pgh_id DESC LIMIT 1",
            [department],
        )
        assert cursor.fetchone() == ("update", "0563-8150000", "system:psql", "改号")
        cursor.execute("ROLLBACK")
    other.close()


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_change_in_the_admin_is_recorded_with_who_made_it() -> None:
    administrator, browser = make_staff(Role.SYSTEM_ADMINISTRATOR, the_county().code), Client()
    browser.force_login(administrator, backend=BACKEND)
    department = Department.objects.create(code="drill", name="演练办", area=the_county())
    page = f"/admin/organizations/department/{department.pk}/change/"
    fields = {"code": "drill", "name": "演练中心", "area": the_county().pk, "telephone": "", "is_active": "on"}
    assert browser.post(page, fields).status_code == 302
    history: Any = apps.get_model("organizations", "DepartmentHistory").objects.filter(pgh_obj_id=department.pk)
    newest = history.latest("pk")
    assert (newest.name, newest.pgh_context["actor"]) == ("演练中心", str(administrator.pk))
    assert newest.pgh_context["reason"] == "admin:organizations_department_change"


@pytest.mark.django_db
def test_what_is_written_once_is_neither_changed_nor_deleted(county: None) -> None:
    household = make_household()
    event = household.events.create(
        kind="registered", on=date(2026, 11, 23), at=household.registered_at, by=household.registered_by
    )
    for change in (lambda: event.delete(), lambda: household.events.update(note="x")):
        with pytest.raises(Error, match="cannot update or delete"), transaction.atomic():
            change()


@pytest.mark.django_db
def test_areas_prefixes_and_counters_keep_their_history(county: None) -> None:
    for room, name in (
        ("organizations", "AreaHistory"),
        ("documents", "NumberPrefixHistory"),
        ("documents", "NumberCounterHistory"),
        ("applications", "CaseCounterHistory"),
    ):
        apps.get_model(room, name)
    area = the_county()
    area.telephone = "0563-8150000"
    area.save()
    newest = apps.get_model("organizations", "AreaHistory").objects.filter(pgh_obj_id=area.pk).latest("pk")
    assert (newest.telephone, newest.pgh_context["actor"]) == ("0563-8150000", "system:test")
