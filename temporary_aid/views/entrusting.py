"""村级委托: which villages decide small urgent aid, by which document; registering and taking back."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import private_file, spreadsheet
from organizations.queries import county, list_tools
from organizations.services import export_list
from temporary_aid import services
from temporary_aid.forms.meetings import ENTRUSTMENT_LIST, EndEntrustmentForm, EntrustForm, EntrustmentFilter
from temporary_aid.models import VillageEntrustment
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.entrusting import entrustments_visible_to, listed_entrustments
from temporary_aid.queries.terms import terms_by_area
from temporary_aid.resources.entrusting import EntrustmentResource
from temporary_aid.views.loading import REFUSED, attempt, staff_of

_NAV = {"nav_key": "temporary_aid"}


@grant(Permission.VIEW_AID)
@require_safe
def entrustments(request: HttpRequest) -> HttpResponse:
    """村级委托 of the person's areas."""
    staff, today = staff_of(request), timezone.localdate()
    form = EntrustmentFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = _found(request, form) if is_readable else VillageEntrustment.objects.none()
    page, terms = page_of(request, rows), terms_by_area(on=today)
    context = {
        "form": form,
        "tools": list_tools(staff, ENTRUSTMENT_LIST, request.GET),
        "page": page,
        "rows": [(row, row.state_on(today), terms.of(row.area.code).village_limit) for row in page.object_list],
        "may_export": staff.may(Permission.EXPORT),
        "on": today,
        "may_entrust": staff.may(Permission.ENTRUST_VILLAGES),
        "limit": terms.of(county().code).village_limit,
        "may_be_limited": any(own.village_limit for own in terms.areas.values()),
    }
    return render(request, "temporary_aid/entrustments.html", context | _NAV, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the entrustments that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = EntrustmentFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        EntrustmentResource(on=timezone.localdate(now)),
        _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出村级委托{}次",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"entrustments-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.ENTRUST_VILLAGES)
@require_http_methods(["GET", "POST"])
def entrust(request: HttpRequest) -> HttpResponse:
    """登记村级委托."""
    staff, today = staff_of(request), timezone.localdate()
    form = EntrustForm(request.POST or None, request.FILES or None, staff=staff, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        area = form.cleaned_data["area"]
        done = attempt(
            form,
            "登记村级委托",
            lambda: services.entrust_village(area, form.entrustment(), by=staff, on=timezone.localdate()),
        )
        if done is not None:
            messages.success(request, f"已委托{area.name}。")
            return redirect("temporary_aid:entrustments")
    context = {
        "form": form,
        "title": "登记村级委托",
        "effect": "委托期内，受委托的村（社区）可以在限额以内直接决定急难型临时救助，决定以后公示。",
        "submit": "登记",
        **_NAV,
    }
    return render(request, "temporary_aid/entrust.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.ENTRUST_VILLAGES)
@require_http_methods(["GET", "POST"])
def end_entrustment(request: HttpRequest, pk: int) -> HttpResponse:
    """收回村级委托."""
    staff, today = staff_of(request), timezone.localdate()
    found = get_object_or_404(entrustments_visible_to(staff), pk=pk)
    check_can_act(staff, Permission.ENTRUST_VILLAGES, area=found.area)
    form = EndEntrustmentForm(request.POST or None, initial={"last_day": today})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(
            form,
            "收回村级委托",
            lambda: services.end_entrustment(found, **given, by=staff, on=timezone.localdate()),
        )
        if done is not None:
            messages.success(request, f"{found.area.name}的委托已收回。")
            return redirect("temporary_aid:entrustments")
    context = {
        "form": form,
        "title": "收回村级委托",
        "effect": f"{found.area.parent} {found.area.short_name}（{found.document_number}）。以前作出的决定仍然有效。",
        "submit": "收回",
        "danger": True,
        **_NAV,
    }
    return render(request, "temporary_aid/entrust.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.VIEW_AID)
@require_safe
def entrustment_scan(request: HttpRequest, pk: int) -> HttpResponse:
    """The document that an entrustment rests on."""
    found = get_object_or_404(entrustments_visible_to(staff_of(request)), pk=pk)
    if not found.scan:
        raise Http404
    with found.scan.open("rb") as file:
        return private_file(file.read(), content_type=found.scan_type)


def _found(request: HttpRequest, form: EntrustmentFilter) -> QuerySet[VillageEntrustment]:
    return listed_entrustments(staff_of(request), on=timezone.localdate(), **form.cleaned_data)
