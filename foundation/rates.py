"""How often something may be asked: counted in the cache for a minute; nothing else of the visit is kept.

On public pages one address is counted, behind the log-in one account.
"""

import contextlib
import functools
import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from foundation.error_pages import too_many_requests

_log = logging.getLogger(__name__)
OUT_OF_REACH = (RedisError, OSError)
"""What Django's cache raises while its Redis does not answer."""
_SECONDS = 60
SEARCHES_A_MINUTE = 60
REVEALS_A_MINUTE = 30
EXPORTS_A_MINUTE = 20
LOGINS_A_MINUTE = 60
"""Of one address: a township's clerks may all come from one."""
_HOUSEHOLD_BITS = 64
"""Of an IPv6 address, what names the household's connection."""


def is_within_rate(request: HttpRequest, what: str, *, a_minute: int) -> bool:
    """Count one more request for something from the visitor's address; false where it is one too many."""
    return _is_within(f"rate:{what}:{client_address(request)}", a_minute)


def limited(
    what: str, *, a_minute: int, methods: tuple[str, ...] = ("GET", "POST")
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Answer 429 to whoever asks a view too often: the account's count, or the address's before the log-in.

    :param what: views that share a count name the same.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def within_rate(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            visitor = f"account-{request.user.pk}" if request.user.is_authenticated else client_address(request)
            if request.method in methods and not _is_within(f"rate:{what}:{visitor}", a_minute):
                return too_many_requests(request, seconds=_SECONDS)
            return view(request, *args, **kwargs)

        return within_rate

    return decorate


def _is_within(key: str, a_minute: int) -> bool:
    """Without the cache nothing is counted and nobody held up: counting protects, but people's work comes first."""
    try:
        cache.add(key, 0, timeout=_SECONDS)
        return bool(cache.incr(key) <= a_minute)
    except ValueError:  # the minute ended between the two
        return True
    except OUT_OF_REACH as error:
        _log.error("cache out of reach, visits are not counted: %s", type(error).__name__)
        return True


def client_address(request: HttpRequest) -> str:
    """The visitor's address: in production as the county's proxy adds it at the end of its header, else the peer's.

    Behind the proxy every peer is the proxy itself, and all families would share one count. Of an IPv6 address the
    network counts: one household holds as many addresses in it as it likes.
    """
    forwarded = request.META.get(settings.CLIENT_ADDRESS_HEADER, "") if settings.CLIENT_ADDRESS_HEADER else ""
    for text in (forwarded.rpartition(",")[2].strip(), request.META.get("REMOTE_ADDR", "")):
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(text)
            return (
                str(address)
                if address.version == 4
                else str(ipaddress.ip_network((address, _HOUSEHOLD_BITS), strict=False))
            )
    return ""
