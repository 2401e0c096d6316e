"""分期与发放: the list of stages with what has been paid, its export, and the file for the bank."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.queries import list_tools
from organizations.services import export_list
from organizations.views.exports import full_export_page
from temporary_aid.forms.stages import STAGE_LIST, StageListForm
from temporary_aid.models import AidStage
from temporary_aid.permissions import Permission
from temporary_aid.queries.paying import Stop, annotate_stop, for_the_bank, stages_of_file
from temporary_aid.queries.paying import bank_files as bank_files_of
from temporary_aid.queries.stages import SHOWN, list_stages, paid_totals, totals_by_state
from temporary_aid.resources.stages import BankResource, StageResource
from temporary_aid.services.sending import write_bank_file, write_bank_file_again
from temporary_aid.views.loading import REFUSED, staff_of


@grant(Permission.VIEW_AID)
@require_safe
def stages(request: HttpRequest) -> HttpResponse:
    """Stages to visit, to pay and paid, where the person sees aid."""
    staff, today = staff_of(request), timezone.localdate()
    form = StageListForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    found = _found(request, form) if is_readable else AidStage.objects.none()
    page = page_of(request, annotate_stop(found, on=today))
    tools = list_tools(staff, STAGE_LIST, request.GET)
    totals = totals_by_state(staff, form.wanted) if is_readable else {}
    show = form.wanted.show if is_readable else ""
    context = {
        "form": form,
        "tools": tools,
        "columns": _columns(tools.columns, form) if is_readable else tools.columns,
        "paid": paid_totals(staff, form.wanted) if show == "paid" else None,
        "page": page,
        "show": show,
        "tabs": [(key, label, totals.get(key), _tab(request, key)) for key, label in SHOWN.items()],
        "paying": staff.area_ids(Permission.PAY_AID),
        "sending": staff.area_ids(Permission.WRITE_BANK_FILE),
        "visiting": staff.area_ids(Permission.REPORT_HARDSHIP),
        "today": today,
        "stops": dict(Stop.choices),
        "may_export": staff.may(Permission.EXPORT),
        "may_write_bank_file": staff.may(Permission.WRITE_BANK_FILE),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/stages.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, of accounts the last four digits; on record."""
    staff, now = staff_of(request), timezone.now()
    form = StageListForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        StageResource(),
        _found(request, form).filter(aid__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出临时救助分期发放名单{}期",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"aid-stages-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.WRITE_BANK_FILE)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_http_methods(["GET", "POST"])
def bank_file(request: HttpRequest) -> HttpResponse:
    """The bank's file: confirmed money of families with an account that is not sent yet; marked as sent, on record."""
    staff = staff_of(request)
    filters = request.POST if request.method == "POST" else request.GET
    form = StageListForm(filters, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    areas = staff.area_ids(Permission.WRITE_BANK_FILE)
    rows = for_the_bank(list_stages(staff, form.wanted), by=staff, on=timezone.localdate())
    return full_export_page(
        request,
        BankResource(in_full=True),
        rows.filter(aid__area_id__in=areas),
        filters=filters,
        name="aid-bank",
        words="临时救助银行发放文件{}笔",
        back_url=reverse("temporary_aid:stages"),
        permission=Permission.WRITE_BANK_FILE,
        export=write_bank_file,
    )


@grant(Permission.WRITE_BANK_FILE)
@require_safe
def bank_files(request: HttpRequest) -> HttpResponse:
    """Files that went to the bank (送银行文件), each to be taken out again."""
    context = {"page": page_of(request, bank_files_of(staff_of(request))), "nav_key": "temporary_aid"}
    return render(request, "temporary_aid/bank_files.html", context)


@grant(Permission.WRITE_BANK_FILE)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_http_methods(["GET", "POST"])
def bank_file_again(request: HttpRequest, pk: int) -> HttpResponse:
    """A file that went out before (重新下载), for a purpose and on record; no stage is marked anew."""
    file = get_object_or_404(bank_files_of(staff_of(request)), pk=pk)
    return full_export_page(
        request,
        BankResource(in_full=True),
        stages_of_file(file),
        filters=QueryDict(),
        name=f"aid-bank-{file.number}",
        words=f"重新下载临时救助银行发放文件{file.number}，{{}}笔",
        back_url=reverse("temporary_aid:bank_files"),
        permission=Permission.WRITE_BANK_FILE,
        export=write_bank_file_again,
    )


def _columns(kept: Sequence[str], form: StageListForm) -> set[str]:
    """The columns that the person keeps, and those that the filters are about."""
    wanted = form.wanted
    asked = {"people", "hours"} if wanted.paid_month or wanted.paid_year else set()
    return {*kept, *asked, *(["returned"] if wanted.returned else [])}


def _found(request: HttpRequest, form: StageListForm) -> QuerySet[AidStage]:
    return list_stages(staff_of(request), form.wanted, sort=request.GET.get("sort", ""))


def _tab(request: HttpRequest, show: str) -> str:
    """The list's address with other stages, the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query["show"] = show
    return query.urlencode()
