"""大字版 (适老化) of the pages for everybody: larger type and stronger contrast, kept in a cookie, without scripts."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ASKED = "large"
"""Query key of the switch: ``?large=1`` on, ``?large=0`` off, on every page."""
COOKIE = "large_print"
_ON, _OFF = "1", "0"
_KEPT_SECONDS = 365 * 24 * 3600


def is_large(request: HttpRequest | None) -> bool:
    """Whether the visitor reads in large type."""
    return bool(getattr(request, "large_print", False))


def display_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Read the switch or what was chosen before, and keep the choice; where cookies are off it holds for the page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        asked = request.GET.get(ASKED)
        wanted = asked if asked in (_ON, _OFF) else request.COOKIES.get(COOKIE)
        request.large_print = wanted == _ON  # type: ignore[attr-defined]
        response = get_response(request)
        if asked == _ON:
            response.set_cookie(
                COOKIE,
                _ON,
                max_age=_KEPT_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        elif asked == _OFF:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response

    return middleware
