"""月度对账: the months of a reserve, a month's sheet beside its slips, who prepares and who signs it."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.dates import chinese_month
from foundation.error_pages import unreadable_filter
from foundation.money import in_figures
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models.records import AccessKind
from organizations.services import export_list, record_access
from temporary_aid.forms.reserve import SheetFilter, SheetForm
from temporary_aid.models import Reconciliation, ReserveFund
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries.reconciling import (
    is_as_prepared,
    month_sums,
    months_to_sign,
    reconciliations_visible_to,
    signed_sheets,
    slip_lines,
)
from temporary_aid.resources.reserve import ReconciliationResource, sheet_book
from temporary_aid.services import reconciling as acts
from temporary_aid.views.acting import NAV, ActPage, act_page, simple_act
from temporary_aid.views.loading import REFUSED, staff_of
from temporary_aid.views.reserve import fund_crumbs, fund_or_404


@grant(Permission.VIEW_RESERVE)
@require_safe
def months(request: HttpRequest, pk: int) -> HttpResponse:
    """Months of a reserve: those to be prepared or signed, and the sheets there are."""
    staff = staff_of(request)
    found = fund_or_404(request, pk)
    form = SheetFilter(request.GET)
    is_readable = form.is_valid()
    waiting = months_to_sign(found, on=timezone.localdate())
    unsigned = reconciliations_visible_to(staff).filter(fund=found, signed_on=None)
    prepared = {sheet.month: sheet for sheet in unsigned}
    sheets = signed_sheets(staff, found, **form.cleaned_data) if is_readable else unsigned.none()
    context = {
        "fund": found,
        "form": form,
        "is_cut": bool(request.GET.get("year")),
        "query": request.GET.urlencode(),
        "waiting": [(month, prepared.get(month)) for month in waiting],
        "page": page_of(request, sheets),
        "may_keep": can_act(staff, Permission.KEEP_RESERVE, area=found.area),
        "may_export": can_act(staff, Permission.EXPORT, area=found.area),
        **NAV,
    }
    return render(request, "temporary_aid/reserve_months.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_months(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of exactly the signed sheets that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    found = fund_or_404(request, pk)
    check_can_act(staff, Permission.EXPORT, area=found.area)
    form = SheetFilter(request.GET)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        ReconciliationResource(),
        signed_sheets(staff, found, **form.cleaned_data),
        words=f"导出{found.area}备用金月度对账{{}}份",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"reconciliations-{found.area.code}-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.VIEW_RESERVE)
@require_safe
def sheet(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """A month: its sums, every payment beside its slip, the sheet as it was prepared and signed; printed as it is."""
    staff = staff_of(request)
    found, first = fund_or_404(request, pk), _first(year, month)
    made = _sheet(found, first)
    sums = month_sums(found, first)
    lines = slip_lines(found, first)
    may_sign = can_act(staff, Permission.SIGN_RECONCILIATION, area=found.area)
    context = {
        "fund": found,
        "month": first,
        "sheet": made,
        "sums": sums,
        "lines": lines,
        "faults": sum(line.fault is not None for line in lines),
        "counted": made.counted_cash + made.bank_balance if made else None,
        "is_stale": made is not None and made.signed_on is None and not is_as_prepared(made, sums),
        "is_over": first in months_to_sign(found, on=timezone.localdate()),
        "may_keep": can_act(staff, Permission.KEEP_RESERVE, area=found.area),
        "may_sign": may_sign and made is not None and made.prepared_by_id != staff.pk,
        "may_export": made is not None and can_act(staff, Permission.EXPORT, area=found.area),
        **NAV,
    }
    return render(request, "temporary_aid/reserve_month.html", context)


@grant(Permission.KEEP_RESERVE)
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """编制对账表."""
    staff, now = staff_of(request), timezone.now()
    found, first = fund_or_404(request, pk), _first(year, month)
    check_can_act(staff, Permission.KEEP_RESERVE, area=found.area)
    made, sums = _sheet(found, first), month_sums(found, first)
    kept = ("counted_cash", "bank_balance", "difference_note")
    form = SheetForm(request.POST or None, initial={name: getattr(made, name) for name in kept} if made else None)
    page = ActPage(
        title="编制对账表",
        subject=f"{found} {chinese_month(first)}，期末余额{in_figures(sums.closing)}元",
        effect=f"期初{in_figures(sums.opening)}＋拨入{in_figures(sums.allocated)}－先行支出{in_figures(sums.advanced)}"
        f"＋退回{in_figures(sums.refunded)}－收回{in_figures(sums.withdrawn)}＋更正{in_figures(sums.corrected)}"
        f"＝{in_figures(sums.closing)}元。填月末盘点的数；编制后由乡镇审核人签认，签认前可以重新编制。",
        back=_address(found, first),
        crumbs=_crumbs(found),
    )
    return act_page(
        request,
        form,
        page,
        act=lambda given: acts.prepare_sheet(found, first, **given, by=staff, at=now),
        done=f"{chinese_month(first)}对账表已编制，请乡镇审核人签认。",
    )


@grant(Permission.SIGN_RECONCILIATION)
@require_POST
def sign(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """签认对账表."""
    staff = staff_of(request)
    found, first = fund_or_404(request, pk), _first(year, month)
    check_can_act(staff, Permission.SIGN_RECONCILIATION, area=found.area)
    made = get_object_or_404(reconciliations_visible_to(staff), fund=found, month=first)
    return simple_act(
        request,
        "签认备用金对账表",
        lambda: acts.sign_sheet(made, by=staff, at=timezone.now()),
        done=f"{chinese_month(first)}对账表已签认，这个月不再记账。",
        back=_address(found, first),
    )


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    """Excel of a month's sheet with its payments, on record."""
    staff, now = staff_of(request), timezone.now()
    found, first = fund_or_404(request, pk), _first(year, month)
    check_can_act(staff, Permission.EXPORT, area=found.area)
    made = get_object_or_404(reconciliations_visible_to(staff), fund=found, month=first)
    lines = slip_lines(found, first)
    record_access(
        kind=AccessKind.EXPORT,
        staff=staff,
        at=now,
        subject_type="reconciliation",
        subject_id=made.pk,
        reason=f"导出{found.area}{chinese_month(first)}备用金对账表{len(lines)}笔",
        row_count=len(lines),
    )
    return spreadsheet(sheet_book(made, lines), name=f"reconciliation-{found.area.code}-{first:%Y%m}")


def _first(year: int, month: int) -> date:
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        raise Http404
    return date(year, month, 1)


def _sheet(found: ReserveFund, first: date) -> Reconciliation | None:
    return found.reconciliations.filter(month=first).select_related("fund__area", "prepared_by", "signed_by").first()


def _address(found: ReserveFund, first: date) -> str:
    return reverse("temporary_aid:reserve_month", args=[found.pk, first.year, first.month])


def _crumbs(found: ReserveFund) -> list[tuple[str, str]]:
    return [*fund_crumbs(found), ("月度对账", reverse("temporary_aid:reserve_months", args=[found.pk]))]
