"""Log-in, log-out, password and one's own account."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from foundation.access import ENDED, INTERRUPTED, owes_second_step, public, signed_in, with_first_password
from foundation.rates import LOGINS_A_MINUTE, limited
from organizations import queries, services
from organizations.forms import ChangePasswordForm, LoginForm
from organizations.models import Staff
from organizations.models.staff import REQUIRED


@public
@limited("login", a_minute=LOGINS_A_MINUTE, methods=("POST",))
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """Log-in (登录) by staff number and password."""
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(wanted_page(request))
    form = LoginForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        start_session(request, form.get_user())
        if owes_second_step(request):
            query = urlencode({"next": wanted_page(request)}, safe="/")
            return HttpResponseRedirect(f"{reverse('organizations:second_step')}?{query}")
        return HttpResponseRedirect(wanted_page(request))
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "ended": ENDED in request.GET,
        "interrupted": INTERRUPTED in request.GET,
    }
    return render(request, "organizations/login.html", context)


def wanted_page(request: HttpRequest) -> str:
    """Where the person wanted to go before logging in: a page of ours, or the home page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """The answer after too many failures (登录锁定): until when, and what to do."""
    number = (credentials or {}).get("username") or request.POST.get("username", "")
    until = queries.locked_until(number, at=timezone.now())
    context = {"until": until, "failures": settings.LOCKOUT_FAILURES}
    return render(request, "organizations/locked_out.html", context, status=settings.AXES_HTTP_RESPONSE_CODE)


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Log-out (退出登录)."""
    end_session(request)
    return redirect("organizations:login")


@with_first_password
@never_cache
@sensitive_post_parameters()
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's password (修改密码); the first password must be changed before anything else."""
    staff = cast("Staff", request.user)
    form = ChangePasswordForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(staff, password=form.cleaned_data["new_password1"], keep=session_of(request))
        stay_signed_in(request, staff)
        messages.success(request, "密码已修改，下次请用新密码登录。")
        return redirect(reverse("organizations:account"))
    return render(request, "organizations/password_change.html", {"form": form, "forced": staff.must_change_password})


def stay_signed_in(request: HttpRequest, staff: Staff) -> None:
    """Let this session go on, under a new cookie, where a change ended all the others or opened more to it."""
    before = session_of(request)
    update_session_auth_hash(request, staff)
    services.follow_login(before, session_of(request))


def session_of(request: HttpRequest) -> str:
    """The cookie's value of this session."""
    return str(request.session.session_key or "")


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """One's own account (我的账号): posts and what one may do where."""
    staff = cast("Staff", request.user)
    posts = queries.posts_with_acts(staff, on=timezone.localdate())
    context = {"posts": posts, "second_factor_is_required": settings.SECOND_FACTOR == REQUIRED}
    return render(request, "organizations/account.html", context)
