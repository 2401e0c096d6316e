"""The list of families, its export, and the county's list of duplicates."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, SEARCHES_A_MINUTE, limited
from foundation.responses import spreadsheet
from households import queries
from households.forms import FAMILY_LIST, HouseholdFilter, is_personal
from households.models import Household
from households.resources import HouseholdResource
from households.views.loading import staff_of
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import list_tools
from organizations.services import export_list
from organizations.views.exports import full_export_page

_UNREADABLE = 422
SORTS = {"number": "number", "head": "head_pinyin", "area": "area__code", "registered": "registered_at"}


@grant(Permission.VIEW_HOUSEHOLD)
@limited("search", a_minute=SEARCHES_A_MINUTE, methods=("POST",))
def family_list(request: HttpRequest) -> HttpResponse:
    """Families (家庭): filters in the address bar; an ID or telephone number is never put there."""
    if request.method == "POST":
        wanted = request.POST.copy()
        wanted.pop("csrfmiddlewaretoken", None)
        if not is_personal(wanted.get("q", "")):
            return redirect(f"{reverse('households:list')}?{wanted.urlencode()}")
    else:
        wanted = request.GET
    staff = staff_of(request)
    form = HouseholdFilter(wanted, staff=staff)
    is_readable = form.is_valid()
    families = _filtered(form, wanted, staff=staff) if is_readable else queries.visible_to(staff).none()
    tools = list_tools(staff, FAMILY_LIST, request.GET)
    context = {
        "form": form,
        "tools": tools,
        "columns": tools.columns,
        "page": page_of(request, families),
        "wanted": {name: wanted[name] for name in wanted if name not in ("page", "size")},
        "kept": [(name, wanted[name]) for name in ("size", "sort") if name in wanted],
        "may_register": staff.may(Permission.REGISTER_HOUSEHOLD),
        "may_see_duplicates": staff.may(Permission.VIEW_DUPLICATES),
        "may_export": staff.may(Permission.EXPORT),
        "may_export_in_full": staff.may(Permission.FULL_EXPORT),
    }
    return render(request, "households/list.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单), masked and recorded."""
    staff, now = staff_of(request), timezone.now()
    form = HouseholdFilter(request.POST, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    families = _filtered(form, request.POST, staff=staff)
    content = export_list(
        HouseholdResource(),
        families.filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="家庭名单（{}户）",
        query=_cuts(request.POST).urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"families-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.FULL_EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_http_methods(["GET", "POST"])
def full_export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered with the numbers whole (完整导出): asks for the reason, recorded."""
    staff = staff_of(request)
    filters = request.POST if request.method == "POST" else request.GET
    form = HouseholdFilter(filters, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    return full_export_page(
        request,
        HouseholdResource(in_full=True),
        _filtered(form, filters, staff=staff).filter(area_id__in=staff.area_ids(Permission.FULL_EXPORT)),
        filters=_cuts(filters),
        name="families",
        words="家庭名单{}户",
        back_url=reverse("households:list"),
    )


@grant(Permission.VIEW_DUPLICATES)
def duplicates(request: HttpRequest) -> HttpResponse:
    """重复登记线索: people met across townships, and persons without ID number who look like others."""
    staff = staff_of(request)
    page = page_of(request, queries.namesakes(staff))
    context = {
        "page": page,
        "groups": queries.people_of_namesakes(staff, page.object_list),
        "meetings": queries.meetings_across_townships(staff)[:50],
    }
    return render(request, "households/duplicates.html", context)


def _cuts(wanted: QueryDict) -> QueryDict:
    """What cuts and orders the list, of all that was sent."""
    cuts = QueryDict(mutable=True)
    for name in (*HouseholdFilter.base_fields, "sort"):
        if value := wanted.get(name, ""):
            cuts[name] = value
    return cuts


def _filtered(form: HouseholdFilter, wanted: QueryDict, *, staff: Staff) -> QuerySet[Household]:
    filters = form.cleaned_data
    families = queries.filtered(
        staff,
        text=filters["q"],
        township=filters["township"],
        village=filters["village"],
        residence=filters["residence"],
        state=filters["state"],
    )
    sort = wanted.get("sort", "")
    column = SORTS.get(sort.removeprefix("-"), "pk")
    descending = sort.startswith("-") or sort not in SORTS
    return families.order_by(f"-{column}" if descending else column, "-pk")
