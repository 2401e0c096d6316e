"""Posts begin and end by date; the nightly task makes it so."""

from datetime import date

import time_machine
from django.conf import settings

from organizations.models import AreaGrant
from organizations.permissions import Permission, Role
from organizations.queries import SYSTEM_ACTS, actors_in_words
from organizations.services import appoint, open_account
from organizations.tasks import sync_grants
from tests.support.factories import area


def test_a_post_that_ended_takes_its_permissions_with_it(county: None) -> None:
    clerk = open_account(
        staff_number="T0001", name="程晓燕", area=area("341824101"), on=date(2026, 1, 1), password="Correct-Horse-88"
    )
    post = appoint(clerk, role=Role.TOWNSHIP_OFFICER, area=area("341824101"), on=date(2026, 1, 1))
    post.ends_on = date(2026, 11, 22)
    post.save(update_fields=["ends_on"])

    with time_machine.travel("2026-11-22T00:05:00+08:00", tick=False):
        sync_grants()
        clerk.forget_grants()
        assert clerk.may(Permission.ACCEPT)

    with time_machine.travel("2026-11-23T00:05:00+08:00", tick=False):
        sync_grants()
        assert not AreaGrant.objects.filter(user=clerk).exists()


def test_beat_starts_it_every_night() -> None:
    assert settings.CELERY_BEAT_SCHEDULE["sync-grants"]["task"] == sync_grants.name


def test_an_actor_is_named_with_the_post_held_that_day_and_the_system_by_what_it_did(county: None) -> None:
    clerk = open_account(
        staff_number="T0002", name="程晓燕", area=area("341824101"), on=date(2026, 1, 1), password="Correct-Horse-88"
    )
    post = appoint(clerk, role=Role.TOWNSHIP_OFFICER, area=area("341824101"), on=date(2026, 1, 1))
    post.ends_on = date(2026, 6, 30)
    post.save(update_fields=["ends_on"])
    appoint(clerk, role=Role.COUNTY_OFFICER, area=area("341824"), on=date(2026, 7, 1))
    then, now, actor = date(2026, 6, 30), date(2026, 7, 1), str(clerk.pk)
    told = actors_in_words([(actor, then), (actor, now), ("system:load_county", now), ("system:else", now)])
    assert told == {
        (actor, then): "程晓燕（临溪镇乡镇经办人）",
        (actor, now): "程晓燕（绩溪县县民政经办）",
        ("system:load_county", now): "系统：载入区划与部门",
        ("system:else", now): "系统",
    }


def test_every_task_of_the_clock_has_words_for_what_it_does() -> None:
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= SYSTEM_ACTS.keys()
