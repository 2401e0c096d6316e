"""Sessions that end after hours without use, without a write for every page that is read."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

RENEW_SECONDS = 5 * 60
"""A session in use is written anew at most this often; it ends at most so much sooner than ``JIXI_SESSION_HOURS``."""
_RENEWED = "renewed_at"


def begin(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """A session that begins with a log-in was written just now."""
    request.session[_RENEWED] = int(timezone.now().timestamp())


def session_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put the end of a session off while it is in use; pages that did not ask for the session are left alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session, now = request.session, int(timezone.now().timestamp())
        if session.accessed and not session.is_empty() and now - session.get(_RENEWED, 0) >= RENEW_SECONDS:
            session[_RENEWED] = now
        return response

    return middleware
