"""Papers: opened by who sees the aid, issued anew where voided; ledger and reconciliation printed to be signed."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from documents.models import DocumentKind
from documents.services import ArchiveDamaged, archived_pdf, preview_pdf
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.rates import REVEALS_A_MINUTE, limited
from foundation.responses import private_file
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.services import record_access
from temporary_aid import papers, queries, services
from temporary_aid.forms.papers import LedgerForm
from temporary_aid.models import AidPaper, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.views.loading import REFUSED, staff_of, to_aid
from temporary_aid.views.reading import with_purpose


def paper_part(aid: TemporaryAid, staff: Staff, now: datetime) -> dict[str, Any]:
    """文书, as the aid's page lists them."""
    return {"papers": queries.papers_of(aid, staff=staff)}


@grant(Permission.VIEW_AID)
@limited("reveal", a_minute=REVEALS_A_MINUTE, methods=("POST",))
@require_http_methods(["GET", "POST"])
@never_cache
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper as it was issued, shown or with ``?download=1`` saved; with an ID number in full for a purpose only."""
    found = get_object_or_404(queries.papers_visible_to(staff_of(request)), pk=pk)
    if found.document.kind in queries.WITH_NUMBER_IN_FULL:
        assert found.aid is not None  # noqa: S101 -- those visible are of aids
        return with_purpose(
            request,
            found.aid,
            title=f"打开{found.document.get_kind_display()}",
            subject=("document", found.document_id),
            opened=lambda: _shown(request, found),
        )
    return _shown(request, found)


def _shown(request: HttpRequest, found: AidPaper) -> HttpResponse:
    """The PDF; each opening is on record."""
    staff, download = staff_of(request), "download" in request.GET
    try:
        content = archived_pdf(found.document)
    except ArchiveDamaged as error:
        messages.error(request, error.message)
        assert found.aid is not None  # noqa: S101 -- those visible are of aids
        return to_aid(found.aid.pk, "papers")
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff,
        at=timezone.now(),
        subject_type="document",
        subject_id=found.document_id,
        reason="下载" if download else "查看",
    )
    return private_file(content, name=f"{found.document.number}.pdf", download=download)


@grant(Permission.ISSUE_DOCUMENT, Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
@never_cache
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """重新制发 a voided paper: asks once."""
    staff = staff_of(request)
    found = get_object_or_404(queries.papers_visible_to(staff), pk=pk)
    services.check_can_issue(found, by=staff)
    back = reverse("temporary_aid:detail", args=[found.aid_id]) + "#papers"
    if request.method == "POST":
        try:
            made = services.reissue_paper(found, by=staff, at=timezone.now())
        except NotPermitted:
            raise
        except ServiceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"已重新制发：{made.document.number}。请打印、送达。")
        return redirect(back)
    context = {
        "title": "重新制发文书",
        "family": f"{found.document.title}　{found.document.number}",
        "effect": "内容与作废的那份相同，用新的文号和今天的日期。",
        "action_label": "重新制发",
        "cancel_url": back,
        "nav_key": "temporary_aid",
    }
    return render(request, "components/confirm_page.html", context)


@grant(Permission.VIEW_RESERVE)
@require_http_methods(["GET", "POST"])
@never_cache
def print_ledger(request: HttpRequest, pk: int) -> HttpResponse:
    """打印台账 of a period, to be signed; names stand in it, so printing is on record."""
    staff, today = staff_of(request), timezone.localdate()
    fund = get_object_or_404(queries.funds_visible_to(staff), pk=pk)
    form = LedgerForm(
        request.POST if request.method == "POST" else None,
        today=today,
        initial={"first_day": today.replace(day=1), "last_day": today},
    )
    if request.method == "POST" and form.is_valid():
        record = papers.reserve_ledger(fund, **form.cleaned_data, on=today)
        content = preview_pdf(DocumentKind.RESERVE_LEDGER, record)
        return _printed(request, content, subject="reserve_fund", pk=fund.pk, name=f"{fund.area.name}备用金台账")
    context = {
        "title": "打印备用金台账",
        "family": f"{fund.area.name}备用金",
        "effect": "按期间列出每笔收支和余额，打印后由经办人、审核人签字盖章。",
        "form": form,
        "action_label": "打印台账",
        "cancel_url": reverse("temporary_aid:reserve_fund", args=[fund.pk]),
        "nav_key": "reserve",
    }
    return render(request, "components/confirm_page.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.VIEW_RESERVE)
@require_POST
@never_cache
def print_reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """打印对账表 of a month, to be signed."""
    found = get_object_or_404(queries.reconciliations_visible_to(staff_of(request)), pk=pk)
    record = papers.reserve_reconciliation(found, on=timezone.localdate())
    content = preview_pdf(DocumentKind.RESERVE_RECONCILIATION, record)
    name = f"{found.fund.area.name}{found.month:%Y-%m}备用金对账表"
    return _printed(request, content, subject="reserve_fund", pk=found.fund_id, name=name)


def _printed(request: HttpRequest, content: bytes, *, subject: str, pk: int, name: str) -> HttpResponse:
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=timezone.now(),
        subject_type=subject,
        subject_id=pk,
        reason=f"打印{name}",
    )
    return private_file(content, name=f"{name}.pdf")
