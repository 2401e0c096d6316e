"""How often one address may ask: counted a minute and an address, whatever stands before the system."""

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.http import HttpRequest
from django.test import RequestFactory

from foundation.rates import client_address, is_within_rate


def asked(address: str = "10.1.1.1", forwarded: str = "") -> HttpRequest:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_a_test_that_clears_the_cache_leaves_what_others_keep_in_the_same_redis() -> None:
    other = RedisCache(settings.REDIS_URL, {"KEY_PREFIX": "somebody-else"})
    other.set("kept", 1, timeout=60)
    cache.clear()
    assert other.get("kept") == 1
    other.delete("kept")


def test_the_third_of_two_is_one_too_many_and_others_are_not_held_up() -> None:
    answers = [is_within_rate(asked(), "check", a_minute=2) for _ in range(3)]
    assert answers == [True, True, False]
    assert is_within_rate(asked("10.1.1.2"), "check", a_minute=2)
    assert is_within_rate(asked(), "help", a_minute=2)


def test_the_count_is_kept_for_a_minute_only() -> None:
    is_within_rate(asked(), "check", a_minute=2)
    key = "rate:check:10.1.1.1"
    assert cache.get(key) == 1
    assert cache._cache.get_client(key).ttl(cache.make_key(key)) <= 60  # type: ignore[attr-defined]


def test_a_count_that_has_just_run_out_lets_the_visitor_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(key: str) -> int:
        raise ValueError(key)

    monkeypatch.setattr(cache, "incr", ended)
    assert is_within_rate(asked(), "check", a_minute=0)


def test_without_a_proxy_a_visitor_cannot_choose_the_address(settings: Any) -> None:
    settings.CLIENT_ADDRESS_HEADER = ""
    assert client_address(asked(forwarded="1.2.3.4")) == "10.1.1.1"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("", "10.1.1.1"),
        ("nobody knows", "10.1.1.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
    ],
)
def test_behind_the_proxy_the_address_is_the_one_that_the_proxy_added(
    settings: Any, forwarded: str, address: str
) -> None:
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"
    assert client_address(asked(forwarded=forwarded)) == address
