"""Addresses of servers are held against how they are written, and never repeated."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from foundation.addresses import broker_url, database_settings


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://jixi:geheim@db/jixi",
        "postgres://jixi:geheim@db",
        "postgres://jixi:geheim@db/",
        "postgres://jixi:geheim#1@db/jixi",
        "postgres://jixi:geheim@db:none/jixi",
        "postgres://[db/jixi",
    ],
)
def test_what_is_no_address_of_a_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL 写得不对，应形如 postgres://") as refused:
        database_settings(url)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("url", ["nonsense", "http://cache/0", "redis://cache:6379/zero", "redis://:geheim#1@cache/0"])
def test_what_is_no_address_of_a_redis_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL 写得不对，应形如 redis://") as refused:
        broker_url(url)
    assert "geheim" not in str(refused.value)


def test_an_address_is_taken_apart_and_a_silent_server_is_given_up() -> None:
    parsed = database_settings("postgres://jixi:a%40b@db:5433/county?sslmode=require")
    assert {key: parsed[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")} == {
        "USER": "jixi",
        "PASSWORD": "a@b",
        "HOST": "db",
        "PORT": 5433,
        "NAME": "county",
    }
    told = {"connect_timeout": 10, "sslmode": "require", "options": "-c jit=off -c pgtrigger.ignore={}"}
    assert parsed["OPTIONS"] == told


def test_what_the_address_sets_for_the_session_holds_over_ours() -> None:
    parsed = database_settings("postgres://db:5433/county?options=-c%20jit%3Don")
    assert parsed["OPTIONS"]["options"] == "-c jit=off -c pgtrigger.ignore={} -c jit=on"


@pytest.mark.django_db
def test_triggers_find_what_they_ask_for_in_every_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore'), _pgtrigger_should_ignore('any')")
        assert cursor.fetchone() == ("{}", False)


@pytest.mark.parametrize("url", ["redis://cache", "redis://:x@cache:6380/3", "rediss://cache/0"])
def test_a_redis_address_stays_as_it_is(url: str) -> None:
    assert broker_url(url) == url
