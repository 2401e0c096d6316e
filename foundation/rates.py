"""How often one address may ask a public page: counted in the cache for a minute; nothing else of the visit is kept."""

import contextlib
import ipaddress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

_SECONDS = 60
_HOUSEHOLD_BITS = 64
"""Of an IPv6 address, what names the household's connection."""


def is_within_rate(request: HttpRequest, what: str, *, a_minute: int) -> bool:
    """Count one more request for something from the visitor's address; false where it is one too many."""
    key = f"rate:{what}:{client_address(request)}"
    cache.add(key, 0, timeout=_SECONDS)
    try:
        return bool(cache.incr(key) <= a_minute)
    except ValueError:  # the minute ended between the two
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
