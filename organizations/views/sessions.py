"""我的登录: where one is signed in, this device marked; ending one of them or all others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.access import signed_in
from organizations import queries, services
from organizations.views.account import session_of, stay_signed_in
from organizations.views.staff import staff_of


@signed_in
@never_cache
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in now, and the log-ins before."""
    staff, now = staff_of(request), timezone.now()
    logins = list(queries.logins_of(staff, at=now))
    context = {
        "logins": logins,
        "past": queries.past_logins_of(staff, at=now),
        "this": next((one.pk for one in logins if one.session_key == session_of(request)), 0),
    }
    return render(request, "organizations/sessions.html", context)


@signed_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's log-ins elsewhere."""
    staff = staff_of(request)
    others = queries.logins_of(staff, at=timezone.now()).exclude(session_key=session_of(request))
    login = get_object_or_404(others, pk=pk)
    services.end_own_login(login, by=staff, on=timezone.localdate())
    messages.success(request, f"{login.device}上的登录已结束。")
    return redirect("organizations:sessions")


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's log-ins but this one."""
    staff = staff_of(request)
    services.end_own_logins(staff, keep=session_of(request), on=timezone.localdate())
    stay_signed_in(request, staff)
    messages.success(request, "其他设备上的登录都已结束。怀疑密码被别人知道的，请再修改密码。")
    return redirect("organizations:sessions")
