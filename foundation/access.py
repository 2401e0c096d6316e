"""Every URL is denied unless granted: each view names who may enter, a middleware holds the door.

A view says ``@grant(Permission.X)`` (some area where the person may do X; the view itself then loads only what
lies inside those areas), ``@signed_in`` or ``@public``. A view that says nothing answers 403 to everybody. Whose first
password is not changed yet reaches nothing but log-out and the one view that changes it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar, cast

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from foundation.error_pages import permission_denied
from foundation.errors import NotPermitted

ViewT = TypeVar("ViewT", bound=Callable[..., HttpResponseBase])
PUBLIC = "public"
SIGNED_IN = "signed_in"
ENDED = "ended"
"""Query key of the log-in page that says why the session is over: the account's dates have passed."""


class AccessHolder(Protocol):
    """What the door asks of a signed-in person."""

    is_authenticated: bool
    must_change_password: bool

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
            return redirect_to_login(request.get_full_path(), reverse("organizations:login"))
        if not user.is_active_on(timezone.localdate()):
            logout(request)
            return redirect(f"{reverse('organizations:login')}?{ENDED}=1")
        if user.must_change_password and not getattr(view, "takes_first_password", False):
            return redirect("organizations:password_change")
        if access == SIGNED_IN or (_is_admin_site(request) and user.may_administer()):
            return None
        if access and user.may(*access):
            return None
        raise PermissionDenied("您的岗位没有办理这项业务的权限。如需办理，请联系系统管理员。")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A service's refusal to the person is a 403 with its sentence."""
        return permission_denied(request, exception) if isinstance(exception, NotPermitted) else None


def _is_admin_site(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and "admin" in match.namespaces


access_middleware = _AccessMiddleware
