"""Pages of the county's random checks (特困随机抽查): what waits, the draw, past draws and what was found."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from applications import services
from applications.forms.draws import DrawFilter
from applications.models import CheckDraw
from applications.permissions import Permission
from applications.queries import draw_pages as draws
from applications.resources import DrawResource
from applications.views.loading import staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.trail import because
from organizations.services import export_list

_NAV = {"nav_key": "draws"}
_UNREADABLE = 422
_SEED_BYTES = 16


@grant(Permission.COUNTY_VISIT, Permission.CONFIRM)
@require_safe
def draw_list(request: HttpRequest) -> HttpResponse:
    """What waits for a draw, and past draws of some days."""
    staff = staff_of(request)
    form = DrawFilter(request.GET)
    is_readable = form.is_valid()
    found = draws.list_draws(staff, **form.wanted) if is_readable else CheckDraw.objects.none()
    context = {
        "form": form,
        "preview": draws.preview(staff, on=timezone.localdate()),
        "page": page_of(request, found),
        "query": request.GET.urlencode(),
        "may_draw": staff.may(Permission.COUNTY_VISIT),
        "may_export": staff.may(Permission.EXPORT),
        **_NAV,
    }
    return render(request, "applications/draws.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_draws(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the draws that are filtered (导出抽查记录), on record."""
    staff, now = staff_of(request), timezone.now()
    form = DrawFilter(request.GET)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        DrawResource(),
        draws.list_draws(staff, **form.wanted),
        words="导出随机抽查记录{}次",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"draws-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.COUNTY_VISIT)
@require_POST
def draw_now(request: HttpRequest) -> HttpResponse:
    """Draw (抽取): what was looked at is what is drawn from; the seed is made here."""
    try:
        with because("随机抽查"):
            made = services.draw_checks(
                seed=secrets.token_hex(_SEED_BYTES),
                by=staff_of(request),
                on=timezone.localdate(),
                listed=request.POST.get("listed", ""),
            )
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("applications:draws")
    messages.success(request, f"已从{made.candidate_count}件中抽取{made.drawn_count}件。")
    return redirect("applications:draw", pk=made.pk)


@grant(Permission.COUNTY_VISIT, Permission.CONFIRM)
@require_safe
def draw_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One draw: its batch, who was drawn, and which checks are recorded."""
    staff = staff_of(request)
    made = get_object_or_404(draws.draws_visible_to(staff), pk=pk)
    context = {"draw": made, "page": page_of(request, draws.rows_of(made, staff)), **_NAV}
    return render(request, "applications/draw.html", context)


@grant(Permission.COUNTY_VISIT, Permission.CONFIRM)
@require_POST
def recompute_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Work a draw out again (重算核对) and say whether it is the same."""
    made = get_object_or_404(draws.draws_visible_to(staff_of(request)), pk=pk)
    found = draws.recompute(made)
    if found.is_same:
        messages.success(request, "重算核对：名单和抽取结果与当时一致。")
    else:
        differing = [
            what for what, same in (("名单", found.list_is_same), ("抽取结果", found.draw_is_same)) if not same
        ]
        messages.error(request, f"重算核对：{'、'.join(differing)}与当时不一致，请联系系统管理员查明。")
    return redirect("applications:draw", pk=made.pk)
