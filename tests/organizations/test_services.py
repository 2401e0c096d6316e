from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.trail import acting
from organizations import services
from organizations.models import Area, AreaGrant, CalendarDay, Staff
from organizations.permissions import ROLE_PERMISSIONS, Permission, Role, can_act
from organizations.queries import delegation_on, staff_with, villages_for
from tests.support.factories import ON, area, make_staff

pytestmark = pytest.mark.django_db


def test_the_county_has_eleven_townships_and_eighty_one_villages(county: None) -> None:
    levels = list(Area.objects.values_list("level", flat=True))
    assert (levels.count("county"), levels.count("township"), levels.count("village")) == (1, 11, 81)
    assert not Area.objects.filter(code__startswith="341824400").exists()


def test_every_role_is_a_group_from_the_first_migration() -> None:
    Group.objects.all().delete()
    AuthPermission.objects.filter(codename=Permission.CONFIRM).delete()
    call_command("migrate", verbosity=0)
    held = {group.name: {held.codename for held in group.permissions.all()} for group in Group.objects.all()}
    assert held == {role.value: {allowed.value for allowed in ROLE_PERMISSIONS[role]} for role in Role}


def test_migrating_again_takes_from_a_role_what_it_no_longer_has() -> None:
    auditor = Group.objects.get(name=Role.AUDITOR)
    auditor.permissions.add(AuthPermission.objects.get(codename=Permission.CONFIRM))
    call_command("migrate", verbosity=0)
    assert not auditor.permissions.filter(codename=Permission.CONFIRM).exists()


def test_loading_the_county_again_keeps_what_was_corrected_in_the_calendar(county: None) -> None:
    day = CalendarDay.objects.filter(day__year=2026, is_working=False).first()
    day.name = "更正过"
    day.save()
    call_command("load_county", verbosity=0)
    day.refresh_from_db()
    assert day.name == "更正过"


def test_a_permission_that_a_release_brings_is_held_as_soon_as_the_county_is_loaded(county: None) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=timezone.localdate())
    AreaGrant.objects.filter(user=clerk, permission__codename=Permission.MANAGE_ARCHIVE).delete()
    assert not Staff.objects.get(pk=clerk.pk).may(Permission.MANAGE_ARCHIVE)
    call_command("load_county", verbosity=0)
    assert Staff.objects.get(pk=clerk.pk).may(Permission.MANAGE_ARCHIVE)


def test_a_grant_on_a_township_covers_its_villages_and_no_others(county: None) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    assert can_act(clerk, Permission.ACCEPT, area=area("341824101200"))
    assert not can_act(clerk, Permission.ACCEPT, area=area("341824100001"))
    assert villages_for(clerk, Permission.ACCEPT).count() == 5


def test_a_role_is_held_on_its_own_level_only(county: None) -> None:
    with pytest.raises(services.NotAppointable, match="只能设在乡镇"):
        make_staff(Role.TOWNSHIP_OFFICER, "341824")


def test_an_ended_post_takes_its_grants_away(county: None) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    services.end_post(clerk.posts.get(), on=date(2026, 11, 30))
    services.sync_all_grants(on=date(2026, 12, 1))
    assert not Staff.objects.get(pk=clerk.pk).may(Permission.ACCEPT)


@pytest.mark.parametrize(("last_day", "may"), [(date(2026, 11, 22), False), (date(2026, 11, 23), True)])
def test_a_post_that_is_over_gives_no_right_before_the_nightly_task_runs(
    county: None, last_day: date, may: bool
) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))
    services.appoint(clerk, role=Role.TOWNSHIP_APPROVER, area=area("341824101"), on=date(2026, 1, 1))
    with time_machine.travel("2026-11-23T09:00:00+08:00", tick=False):
        post = clerk.posts.get(role=Role.TOWNSHIP_OFFICER)
        post.ends_on = last_day
        post.save()
        clerk = Staff.objects.get(pk=clerk.pk)
        assert clerk.may(Permission.ACCEPT) == may
        assert clerk.may(Permission.SIGN_PROPOSAL)
        assert list(staff_with(Permission.ACCEPT, area=area("341824101"), on=ON)) == [clerk] * may
        assert list(staff_with(Permission.SIGN_PROPOSAL, area=area("341824101"), on=ON)) == [clerk]


def test_ending_a_post_with_yesterday_takes_the_grants_away_at_once(county: None) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))
    services.end_post(clerk.posts.get(), last_day=date(2026, 11, 22), on=ON)
    assert not AreaGrant.objects.filter(user=clerk).exists()
    assert not clerk.groups.exists()


def test_a_post_to_come_gives_no_right_yet(county: None) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, "341824101")
    services.appoint(clerk, role=Role.TOWNSHIP_APPROVER, area=area("341824101"), on=ON, starts_on=date(2026, 12, 1))
    clerk.forget_grants()
    assert not clerk.may(Permission.SIGN_PROPOSAL)
    services.sync_all_grants(on=date(2026, 12, 1))
    assert Staff.objects.get(pk=clerk.pk).may(Permission.SIGN_PROPOSAL)


def test_people_who_may_act_are_found_by_area_and_day(county: None) -> None:
    lead = make_staff(Role.TOWNSHIP_APPROVER, "341824101")
    make_staff(Role.TOWNSHIP_APPROVER, "341824102")
    found = staff_with(Permission.CONFIRM_DELEGATED, area=area("341824101200"), on=ON)
    assert list(found) == [lead]


def test_a_delegation_holds_for_its_township_scheme_and_days(county: None) -> None:
    services.delegate_confirmation(
        area("341824101"), scheme="dibao", starts_on=date(2026, 1, 1), document_number="绩民〔2026〕1号"
    )
    assert delegation_on(area("341824101200"), "dibao", on=ON) is not None
    assert delegation_on(area("341824101200"), "dibao", on=date(2025, 12, 31)) is None
    assert delegation_on(area("341824101200"), "tekun", on=ON) is None
    assert delegation_on(area("341824100001"), "dibao", on=ON) is None


def test_a_scheme_cannot_be_delegated_twice_at_a_time(county: None) -> None:
    terms = {"scheme": "dibao", "starts_on": ON, "document_number": "绩民〔2026〕1号"}
    services.delegate_confirmation(area("341824101"), **terms)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.delegate_confirmation(area("341824101"), **terms)


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_a_write_without_an_actor() -> None:
    with acting(actor="system:test"):
        pass
    with connection.cursor() as cursor, pytest.raises(Exception, match="without an actor"):
        cursor.execute("RESET ALL")
        cursor.connection.cursor().execute("INSERT INTO organizations_calendaryear (year, source) VALUES (2031, 'x')")


def test_history_says_who_wrote(county: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_context->>'actor' FROM organizations_departmenthistory")
        assert [row[0] for row in cursor.fetchall()] == ["system:load_county"]
