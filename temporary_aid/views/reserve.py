"""备用金: all townships for the county, a township's ledger, and money that the county moves."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.money import in_figures
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models import Area
from organizations.models.areas import AreaLevel
from organizations.queries import areas_for, list_tools, townships_for
from organizations.services import export_list
from temporary_aid.forms.reserve import (
    ENTRY_LIST,
    CorrectForm,
    EntryFilter,
    LedgerFilter,
    MoneyForm,
    OpenFundForm,
    OverviewFilter,
)
from temporary_aid.models import EntryKind, ReplenishmentState, ReserveEntry, ReserveFund
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries.reconciling import next_month
from temporary_aid.queries.reserve import entries_visible_to, funds_visible_to
from temporary_aid.queries.reserve_lists import ledger, ledger_sums, listed_entries, reserve_row, reserve_rows, totals
from temporary_aid.resources.reserve import LedgerResource, ReserveResource
from temporary_aid.services import reserve as acts
from temporary_aid.views.acting import NAV, ActPage, act_page
from temporary_aid.views.loading import REFUSED, staff_of

HOME = ("备用金", "temporary_aid:reserve")


@grant(Permission.VIEW_RESERVE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Every township's reserve (备用金总览); who works for one township goes to its ledger."""
    staff, today = staff_of(request), timezone.localdate()
    rows = reserve_rows(staff, on=today)
    if len(rows) == 1 and rows[0].fund is not None:
        return redirect("temporary_aid:reserve_fund", rows[0].fund.pk)
    form = OverviewFilter(request.GET)
    is_readable = form.is_valid()
    context = {
        "form": form,
        "rows": [row for row in rows if is_readable and row.is_shown(form.cleaned_data["show"])],
        "totals": totals(rows),
        "month": today,
        "of_month": _advances(today.replace(day=1), next_month(today.replace(day=1)) - timedelta(days=1)),
        "of_year": _advances(date(today.year, 1, 1), date(today.year, 12, 31)),
        "query": request.GET.urlencode(),
        "may_open": staff.may(Permission.ALLOCATE_RESERVE) and any(row.fund is None for row in rows),
        "may_export": staff.may(Permission.EXPORT) and any(row.fund for row in rows),
        **NAV,
    }
    return render(request, "temporary_aid/reserve.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_overview(request: HttpRequest) -> HttpResponse:
    """Excel of all reserves that the person sees, on record; nobody is named in it."""
    staff, now = staff_of(request), timezone.now()
    form = OverviewFilter(request.GET)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = reserve_rows(staff, on=timezone.localdate(now))
    rows = {row.fund.pk: row for row in found if row.fund and row.is_shown(form.cleaned_data["show"])}
    funds = funds_visible_to(staff).filter(pk__in=rows, area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        ReserveResource(rows),
        funds.order_by("area__code"),
        words="导出备用金总览{}个乡镇",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"reserves-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.VIEW_RESERVE)
@require_safe
def entries(request: HttpRequest) -> HttpResponse:
    """Entries of all reserves that the person sees (备用金流水), and what they come to."""
    staff = staff_of(request)
    form = _entry_filter(request)
    is_readable = form.is_valid()
    rows = listed_entries(staff, **form.cleaned_data) if is_readable else ReserveEntry.objects.none()
    context = {
        "form": form,
        "tools": list_tools(staff, ENTRY_LIST, request.GET),
        "page": page_of(request, rows),
        "sums": ledger_sums(rows),
        "may_export": staff.may(Permission.EXPORT),
        **NAV,
    }
    return render(request, "temporary_aid/reserve_entries.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_entries(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the entries that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = _entry_filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        LedgerResource(),
        listed_entries(staff, **form.cleaned_data).filter(fund__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出备用金流水{}笔",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"reserve-entries-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.VIEW_RESERVE)
@require_safe
def fund(request: HttpRequest, pk: int) -> HttpResponse:
    """A township's ledger (备用金台账): how it stands, every movement with the balance after it."""
    found, today = fund_or_404(request, pk), timezone.localdate()
    form = LedgerFilter(request.GET)
    is_readable = form.is_valid()
    rows = _ledger(request, found, form)
    context = {
        "fund": found,
        "row": reserve_row(found, on=today),
        "form": form,
        "is_cut": any(request.GET.get(name) for name in form.fields),
        "page": page_of(request, rows),
        "sums": ledger_sums(rows),
        "month": today,
        "of_month": _advances(today.replace(day=1), next_month(today.replace(day=1)) - timedelta(days=1)),
        "of_year": _advances(date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_requests": found.replenishments.select_related("asked_by")[:3],
        "may": _may(request, found),
        "query": request.GET.urlencode(),
        **NAV,
    }
    return render(request, "temporary_aid/reserve_fund.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_fund(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of exactly the entries that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    found = fund_or_404(request, pk)
    check_can_act(staff, Permission.EXPORT, area=found.area)
    form = LedgerFilter(request.GET)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        LedgerResource(),
        _ledger(request, found, form),
        words=f"导出{found.area}备用金台账{{}}笔",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"reserve-{found.area.code}-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def open_fund(request: HttpRequest) -> HttpResponse:
    """设立备用金."""
    staff, now = staff_of(request), timezone.now()
    form = OpenFundForm(
        request.POST or None,
        initial={"opened_on": timezone.localdate(now), "area": request.GET.get("area")},
        townships=_without_fund(request),
    )
    page = ActPage(
        title="设立备用金",
        subject="乡镇备用金账户",
        effect="每个乡镇设一个账户，设立时余额为0；设立以后再登记拨入。",
        back=reverse("temporary_aid:reserve"),
        crumbs=[(HOME[0], reverse(HOME[1]))],
    )
    return act_page(
        request,
        form,
        page,
        act=lambda given: acts.open_fund(**given, by=staff, at=now),
        done="备用金已设立，请登记拨入。",
    )


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """拨入."""
    found = fund_or_404(request, pk)
    return _move(
        request,
        found,
        lambda given: acts.allocate(found, **given, by=staff_of(request), at=timezone.now()),
        title="拨入备用金",
        effect="登记县级拨给乡镇的资金，登记后余额立即增加；录错的只能由县民政审批人更正。" + _waiting(found),
        done="拨入已登记。",
    )


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """收回县级."""
    found = fund_or_404(request, pk)
    return _move(
        request,
        found,
        lambda given: acts.withdraw_to_county(found, **given, by=staff_of(request), at=timezone.now()),
        title="收回备用金",
        effect="登记从乡镇收回县级的资金，登记后余额立即减少；不能超过现有余额。",
        done="收回已登记。",
        danger=True,
    )


@grant(Permission.APPROVE_REPLENISHMENT)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """更正流水."""
    staff, today = staff_of(request), timezone.localdate()
    entry = get_object_or_404(entries_visible_to(staff).select_related("fund__area"), pk=pk)
    check_can_act(staff, Permission.APPROVE_REPLENISHMENT, area=entry.fund.area)
    form = CorrectForm(request.POST or None, initial={"on": today})
    page = ActPage(
        title="更正流水",
        subject=f"{entry.fund.area}备用金第{entry.serial}笔：{entry.get_kind_display()}{in_figures(entry.amount)}元，"
        f"{entry.note}",
        effect="原登记保留不动，按差额另记一笔更正；每笔只能更正一次。",
        back=reverse("temporary_aid:reserve_fund", args=[entry.fund_id]),
        crumbs=fund_crumbs(entry.fund),
        danger=True,
    )
    return act_page(
        request,
        form,
        page,
        act=lambda given: acts.correct_entry(entry, **given, by=staff, at=timezone.now()),
        done="更正已登记。",
    )


def fund_or_404(request: HttpRequest, pk: int) -> ReserveFund:
    """The reserve, where the person may see it."""
    return get_object_or_404(funds_visible_to(staff_of(request)), pk=pk)


def fund_crumbs(found: ReserveFund) -> list[tuple[str, str]]:
    """The pages above those of a reserve."""
    return [(HOME[0], reverse(HOME[1])), (found.area.name, reverse("temporary_aid:reserve_fund", args=[found.pk]))]


def _waiting(found: ReserveFund) -> str:
    """What was granted and not paid in: the same money is not to be entered twice."""
    row = found.replenishments.filter(state=ReplenishmentState.APPROVED).first()
    if row is None or row.approved_amount is None:
        return ""
    return (
        f"补拨申请{row.number}已批准{in_figures(row.approved_amount)}元，还没有拨付；"
        "这笔钱就是拨付它的，请到“补拨申请”登记拨付，不在这里登记。"
    )


def _move(request: HttpRequest, found: ReserveFund, act: Any, *, done: str, **said: Any) -> HttpResponse:
    check_can_act(staff_of(request), Permission.ALLOCATE_RESERVE, area=found.area)
    form = MoneyForm(request.POST or None, initial={"on": timezone.localdate()})
    page = ActPage(
        subject=f"{found}，现有余额{in_figures(found.balance)}元",
        back=reverse("temporary_aid:reserve_fund", args=[found.pk]),
        crumbs=fund_crumbs(found),
        **said,
    )
    return act_page(request, form, page, act=act, done=done)


def _may(request: HttpRequest, found: ReserveFund) -> dict[str, bool]:
    """Which acts the page offers."""
    staff = staff_of(request)
    wanted = {
        "keep": Permission.KEEP_RESERVE,
        "allocate": Permission.ALLOCATE_RESERVE,
        "correct": Permission.APPROVE_REPLENISHMENT,
        "export": Permission.EXPORT,
    }
    return {name: can_act(staff, permission, area=found.area) for name, permission in wanted.items()}


def _advances(since: date, until: date) -> str:
    """What the lists of entries are cut to by an address: what was paid out first (先行支出) in a span of days."""
    return urlencode({"kind": EntryKind.ADVANCE.value, "since": since, "until": until})


def _entry_filter(request: HttpRequest) -> EntryFilter:
    return EntryFilter(request.GET, townships=townships_for(staff_of(request), Permission.VIEW_RESERVE))


def _ledger(request: HttpRequest, found: ReserveFund, form: LedgerFilter) -> QuerySet[ReserveEntry]:
    staff = staff_of(request)
    return ledger(staff, found, **form.cleaned_data) if form.is_valid() else ledger(staff, found).none()


def _without_fund(request: HttpRequest) -> QuerySet[Area]:
    areas = areas_for(staff_of(request), Permission.ALLOCATE_RESERVE)
    return areas.filter(level=AreaLevel.TOWNSHIP, reserve_fund=None).order_by("code")
