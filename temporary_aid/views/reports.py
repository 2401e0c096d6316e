"""急难报告: the list and its export, entering, one report, and how it is settled."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.forms.reading import PurposeForm
from organizations.queries import county, list_tools
from organizations.services import export_list
from temporary_aid.forms.reports import (
    REPORT_LIST,
    CallbackForm,
    DismissForm,
    DuplicateForm,
    ReportForm,
    ReportListForm,
    TakeForm,
)
from temporary_aid.models import HardshipReport, ReportSource, ReportState, TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries import reports as queries
from temporary_aid.queries import reports_visible_to
from temporary_aid.queries.terms import help_hours
from temporary_aid.resources.reports import ReportResource
from temporary_aid.services import reports as services
from temporary_aid.views.loading import REFUSED, attempt, staff_of, to_aid, under_way_of


@grant(Permission.VIEW_AID)
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """急难报告: those still to be taken up first."""
    staff, now = staff_of(request), timezone.now()
    form = ReportListForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    found = _found(request, form) if is_readable else HardshipReport.objects.none()
    page = page_of(request, found)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, queries.mark_of(row, at=now)) for row in page.object_list],
        "tools": list_tools(staff, REPORT_LIST, request.GET),
        "may_report": staff.may(Permission.REPORT_HARDSHIP),
        "may_export": staff.may(Permission.EXPORT),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/reports.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = ReportListForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        ReportResource(at=now),
        _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出急难报告{}份",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"hardship-reports-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """登记急难报告."""
    staff, now = staff_of(request), timezone.now()
    hours = help_hours(county(), on=timezone.localdate(now))
    form = ReportForm(request.POST or None, staff=staff, hours=hours, initial=_suggested(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, "登记急难报告", lambda: services.enter_report(form.report(), by=staff, at=now))
        if made is not None:
            messages.success(request, f"报告{made.number}已登记，请乡镇尽快处置。")
            return redirect("temporary_aid:report", made.pk)
    context = {"form": form, "title": "登记急难报告", "submit": "登记报告", "nav_key": "temporary_aid"}
    return render(request, "temporary_aid/report_form.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.VIEW_AID)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: what was said, how it was settled, what may be the same, and what may be done."""
    staff, now = staff_of(request), timezone.now()
    report = _report(request, pk)
    is_open = report.state == ReportState.OPEN
    handles = is_open and can_act(staff, Permission.HANDLE_AID, area=report.area)
    context = {
        "report": report,
        "nav_key": "temporary_aid",
        "clock": queries.mark_of(report, at=now),
        "aid": TemporaryAid.objects.filter(report=report).first(),
        "others": list(queries.may_be_the_same(report, staff=staff)) if is_open else [],
        "duplicates": report.duplicates.all(),
        "owes_callback": report.source == ReportSource.HOTLINE and report.called_back_at is None,
        "may_reveal": can_act(staff, Permission.REVEAL_IDENTITY, area=report.area),
        "reveal_form": PurposeForm(prefix="reveal", on=timezone.localdate(now)),
        "take_form": TakeForm(report=report) if handles else None,
        "may_handle": handles,
        "may_call_back": not is_open
        and report.source == ReportSource.HOTLINE
        and report.called_back_at is None
        and can_act(staff, Permission.REPORT_HARDSHIP, area=report.area),
    }
    return render(request, "temporary_aid/report.html", context)


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """转为临时救助: one act, prefilled from the report."""
    report, staff, now = _report(request, pk), staff_of(request), timezone.now()
    check_can_act(staff, Permission.HANDLE_AID, area=report.area)
    form = TakeForm(request.POST or None, report=report)
    if request.method == "POST" and form.is_valid():
        aid = attempt(form, "转为临时救助", lambda: services.take_report(report, by=staff, at=now, data=form.taken()))
        if aid is not None:
            messages.success(request, f"已转为临时救助{aid.number}，救助时限从首次报告算起。")
            return to_aid(aid.pk)
    return _form_page(request, report, form, title="转为临时救助", submit="转为临时救助")


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """不需救助."""
    report, staff = _report(request, pk), staff_of(request)
    return _settle(
        request,
        report,
        DismissForm(request.POST or None),
        lambda form: services.dismiss_report(report, reason=form["reason"], by=staff, at=timezone.now()),
        title="不需救助",
        done=f"报告{report.number}已记为不需救助。",
        effect="确认后这份报告不再办理；情况有变化的，须重新报告。",
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """重复报告 of another."""
    report, staff = _report(request, pk), staff_of(request)
    others = queries.may_be_the_same(report, staff=staff)
    return _settle(
        request,
        report,
        DuplicateForm(request.POST or None, others=others),
        lambda form: services.mark_duplicate(
            report, of=form["duplicate_of"], reason=form["reason"], by=staff, at=timezone.now()
        ),
        title="标为重复报告",
        done=f"报告{report.number}已标为重复。",
        effect="只列出同一证号，或同村同名、前后7天内的报告。标为重复后，按保留的那份办理。",
    )


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def call_back(request: HttpRequest, pk: int) -> HttpResponse:
    """登记回访 of a hotline ticket."""
    report, staff = _report(request, pk), staff_of(request)
    return _settle(
        request,
        report,
        CallbackForm(request.POST or None),
        lambda form: services.record_callback(report, result=form["result"], by=staff, at=timezone.now()),
        title="登记12345回访",
        done=f"工单{report.hotline_ticket}的回访已登记。",
        effect=f"12345工单{report.hotline_ticket}，来电人{report.reporter_name}。",
        permission=Permission.REPORT_HARDSHIP,
    )


def _settle(
    request: HttpRequest,
    report: HardshipReport,
    form: BaseForm,
    act: Callable[[dict[str, Any]], HardshipReport],
    *,
    title: str,
    done: str,
    effect: str,
    permission: Permission = Permission.HANDLE_AID,
) -> HttpResponse:
    check_can_act(staff_of(request), permission, area=report.area)
    if (
        request.method == "POST"
        and form.is_valid()
        and attempt(form, title, lambda: act(form.cleaned_data)) is not None
    ):
        messages.success(request, done)
        return redirect("temporary_aid:report", report.pk)
    return _form_page(request, report, form, title=title, submit=title, effect=effect)


def _form_page(request: HttpRequest, report: HardshipReport, form: BaseForm, **more: Any) -> HttpResponse:
    context = {"report": report, "form": form, "under_way": under_way_of(form), "nav_key": "temporary_aid"} | more
    status = REFUSED if form.is_bound else 200
    return render(request, "temporary_aid/report_form.html", context, status=status)


def _report(request: HttpRequest, pk: int) -> HardshipReport:
    rows = queries.with_clock(reports_visible_to(staff_of(request)), at=timezone.now())
    related = ("area__parent", "aid", "entered_by", "settled_by", "duplicate_of")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _found(request: HttpRequest, form: ReportListForm) -> QuerySet[HardshipReport]:
    return queries.listed(staff_of(request), at=timezone.now(), wanted=form.wanted, sort=request.GET.get("sort", ""))


def _suggested(request: HttpRequest) -> dict[str, Any]:
    """Who reports, and when: a village's assistant says it now, the county enters tickets of the hotline."""
    staff = staff_of(request)
    handles, county = staff.may(Permission.HANDLE_AID), staff.may(Permission.RECORD_COLLECTIVE_DECISION)
    source = ReportSource.HOTLINE if county else ReportSource.SELF if handles else ReportSource.VILLAGE_ASSISTANT
    named = {} if county or handles else {"reporter_name": staff.name}
    return {"source": source, "reported_at": timezone.localtime()} | named
