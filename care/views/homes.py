"""供养服务机构, kept by the county, and who moves in or out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from care import queries, services
from care.forms.acts import AdmissionForm, DischargeForm, HomeForm
from care.models import Admission, WelfareHome
from care.permissions import Permission, check_can_act
from care.views.loading import REFUSED, attempt, form_page, load_award, staff_of, to_person
from foundation.access import grant
from foundation.paging import page_of
from organizations.models import Area


@grant(Permission.VIEW_CARE)
def home_list(request: HttpRequest) -> HttpResponse:
    """供养服务机构."""
    context = {
        "page": page_of(request, queries.homes()),
        "may_manage": staff_of(request).may(Permission.MANAGE_WELFARE_HOMES),
    }
    return render(request, "care/homes.html", context)


@grant(Permission.MANAGE_WELFARE_HOMES)
@require_http_methods(["GET", "POST"])
def add_home(request: HttpRequest) -> HttpResponse:
    return _home(request, None)


@grant(Permission.MANAGE_WELFARE_HOMES)
@require_http_methods(["GET", "POST"])
def edit_home(request: HttpRequest, pk: int) -> HttpResponse:
    return _home(request, get_object_or_404(WelfareHome, pk=pk))


def _home(request: HttpRequest, home: WelfareHome | None) -> HttpResponse:
    initial = {"name": home.name, "area": home.area_id, "closed_on": home.closed_on} if home else {}
    areas = Area.objects.filter(level__in=["county", "township"]).order_by("code")
    form = HomeForm(request.POST or None, areas=areas, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, "维护供养服务机构", lambda: services.save_home(home, **form.cleaned_data, by=staff_of(request))
        )
        if saved is not None:
            messages.success(request, f"{saved}已保存。")
            return redirect("care:homes")
    context = {"form": form, "title": home.name if home else "登记机构"}
    return render(request, "care/home.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.MANAGE_CARE)
@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest, pk: int) -> HttpResponse:
    """登记入住."""
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    check_can_act(staff, Permission.MANAGE_CARE, area=award.area)
    open_homes = queries.homes().filter(closed_on=None)
    form = AdmissionForm(request.POST or None, homes=open_homes, initial={"admitted_on": today})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, "登记入住", lambda: services.admit(award, **form.cleaned_data, by=staff, on=today))
        if made is not None:
            messages.success(request, f"已登记入住{made.home}。")
            return to_person(award.pk, "carer")
    return form_page(request, award, form, title="登记入住")


@grant(Permission.MANAGE_CARE)
@require_http_methods(["GET", "POST"])
def discharge(request: HttpRequest, pk: int) -> HttpResponse:
    """登记离院."""
    staff, today = staff_of(request), timezone.localdate()
    rows = Admission.objects.filter(award__in=queries.visible_to(staff)).select_related("award__area", "home")
    admission = get_object_or_404(rows, pk=pk)
    check_can_act(staff, Permission.MANAGE_CARE, area=admission.award.area)
    award, form = (
        load_award(request, admission.award_id),
        DischargeForm(request.POST or None, initial={"left_on": today}),
    )
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.discharge(admission, **form.cleaned_data, by=staff, on=today)
            return True

        if attempt(form, "登记离院", act):
            messages.success(request, f"已登记离开{admission.home}。")
            return to_person(award.pk, "carer")
    return form_page(request, award, form, title="登记离院", effect=f"现住{admission.home}。")
