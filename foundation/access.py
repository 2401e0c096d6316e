"""Every URL is denied unless granted: each view names who may enter, a middleware holds the door.

A view says ``@grant(Permission.X)`` (some area where the person may do X; the view itself then loads only what
lies inside those areas), ``@signed_in`` or ``@public``. A view that says nothing answers 403 to everybody. Whose first
password is not changed yet reaches nothing but log-out and the one view that changes it. Log-in has a second step where
the account has a second factor (两步验证): before it, nothing but log-out and the page that asks for the code.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import unquote_plus, urlencode, urlsplit

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from foundation.error_pages import permission_denied
from foundation.errors import NotPermitted
from foundation.personal_numbers import holds_number

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])
PUBLIC = "public"
SIGNED_IN = "signed_in"
ENDED = "ended"
"""Query key of the log-in page that says why the session is over: the account's dates have passed."""
INTERRUPTED = "interrupted"
"""Query key of the log-in page that says that what was just sent was not done: the session was over before."""
_PASSED = "second_step"
"""Session key that names the second factor with which this session was opened."""


class AccessHolder(Protocol):
    """What the door asks of a signed-in person."""

    is_authenticated: bool
    must_change_password: bool
    second_factor_at: datetime | None

    def lacks_second_factor(self) -> bool: ...

    def is_active_on(self, on: date) -> bool: ...

    def may(self, *permissions: str) -> bool: ...

    def may_administer(self) -> bool: ...


def grant(*permissions: str) -> Callable[[ViewT], ViewT]:
    """Let in who holds one of the permissions in some area."""

    def decorate(view: ViewT) -> ViewT:
        view.access = tuple(str(permission) for permission in permissions)  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(view: ViewT) -> ViewT:
    """Let in everybody who is signed in."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def with_first_password(view: ViewT) -> ViewT:
    """Let in everybody who is signed in, also before a first password is changed: the page that changes it."""
    view.takes_first_password = True  # type: ignore[attr-defined]
    return signed_in(view)


def second_step(view: ViewT) -> ViewT:
    """Let in everybody who gave the right password, also before the second step: the page that asks for the code."""
    view.asks_second_step = True  # type: ignore[attr-defined]
    return signed_in(view)


def sets_second_factor(view: ViewT) -> ViewT:
    """Let in everybody who is signed in, also who must set up a second factor before anything else."""
    view.sets_second_factor = True  # type: ignore[attr-defined]
    return signed_in(view)


def pass_second_step(request: HttpRequest) -> None:
    """This session has taken the second step (两步验证), with the factor that the account has now."""
    since = cast("AccessHolder", request.user).second_factor_at
    request.session[_PASSED] = since.isoformat() if since else ""


def owes_second_step(request: HttpRequest) -> bool:
    """Whether the account has a second factor that this session was not opened with."""
    since = cast("AccessHolder", request.user).second_factor_at
    return since is not None and request.session.get(_PASSED) != since.isoformat()


def public(view: ViewT) -> ViewT:
    """Let in everybody."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


class _AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        access = getattr(view, "access", None)
        if access == PUBLIC:
            return None
        user = cast("AccessHolder", request.user)
        if not user.is_authenticated:
            return _to_login(request)
        if not user.is_active_on(timezone.localdate()):
            logout(request)
            return redirect(f"{reverse('organizations:login')}?{ENDED}=1")
        if (page := _page_before_all(request, user, view)) is not None:
            return _sent_to(request, reverse(page))
        if access == SIGNED_IN or (_is_admin_site(request) and user.may_administer()):
            return None
        if access and user.may(*access):
            return None
        raise PermissionDenied("您的岗位没有办理这项业务的权限。如需办理，请联系系统管理员。")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A service's refusal to the person is a 403 with its sentence."""
        return permission_denied(request, exception) if isinstance(exception, NotPermitted) else None


def _page_before_all(request: HttpRequest, user: AccessHolder, view: Any) -> str | None:
    """The one page that is open to the person now; None where the others are."""
    if owes_second_step(request):
        return None if getattr(view, "asks_second_step", False) else "organizations:second_step"
    if user.must_change_password:
        return None if getattr(view, "takes_first_password", False) else "organizations:password_change"
    if not getattr(view, "sets_second_factor", False) and user.lacks_second_factor():
        return "organizations:second_factor"
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in page, and from there back: to what was asked for, or to the page whose form was sent.

    An address that only takes what is sent is never gone back to: opening it answers nothing.
    """
    if request.method in ("GET", "HEAD"):
        query = {"next": request.get_full_path()}
    else:
        query = {"next": _page_sent_from(request), INTERRUPTED: "1"}
    return _sent_to(request, f"{reverse('organizations:login')}?{urlencode(query, safe='/')}")


def _sent_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request"):  # a piece of a page would show the other page inside it
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _page_sent_from(request: HttpRequest) -> str:
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or holds_number([unquote_plus(page.query)]):
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")


def _is_admin_site(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.namespaces


access_middleware = _AccessMiddleware
