"""The numbers beside the navigation are kept for a minute, and counted anew after each act and by the home page."""

from datetime import timedelta

import pytest
from django.test import Client
from redis.exceptions import RedisError
from time_machine import travel

from organizations.models import Staff
from organizations.permissions import Role
from tests.support.aid import HUAYANG, NIGHT, open_urgent
from tests.support.crews import Crew, county_data, crew
from tests.support.factories import make_staff
from workbench.queries import kept_counts

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NOON = NIGHT + timedelta(hours=12)
LIST = "/temporary-aid/"


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def at_work(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def tasks_shown(client: Client, path: str = LIST) -> int:
    response = client.get(path)
    assert response.status_code == 200, response
    count: int = response.context["frame"].task_count
    return count


def test_a_kept_number_is_at_most_a_minute_old_and_the_home_page_counts_for_all(people: Crew) -> None:
    with travel(NOON, tick=False) as now:
        clerk = at_work(people.officer)
        assert tasks_shown(clerk) == 0
        open_urgent(people.officer)
        assert tasks_shown(clerk) == 0
        assert tasks_shown(clerk, "/") == 1
        assert tasks_shown(clerk) == 1
        now.move_to(NOON + timedelta(days=1))
        clerk = at_work(people.officer)
        open_urgent(people.officer, name="章小妹")
        assert tasks_shown(clerk) == 2, "another day's numbers are not shown today"


def test_after_an_act_the_next_page_counts_anew_for_who_acted(people: Crew) -> None:
    with travel(NOON, tick=False):
        stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=NOON.date())
        clerk, other = at_work(people.officer), at_work(stranger)
        assert (tasks_shown(clerk), tasks_shown(other)) == (0, 0)
        open_urgent(people.officer)
        clerk.post("/search/", {"q": "章"})
        assert (tasks_shown(clerk), tasks_shown(other)) == (1, 0)


def test_without_the_cache_every_page_counts(people: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*args: object, **options: object) -> None:
        raise RedisError

    for act in ("get", "set", "delete"):
        monkeypatch.setattr(f"{kept_counts.__name__}.cache.{act}", unreachable)
    with travel(NOON, tick=False):
        clerk = at_work(people.officer)
        assert tasks_shown(clerk) == 0
        open_urgent(people.officer)
        assert tasks_shown(clerk) == 1
