"""Acts on many cases at once (批量办理): a preview of whom they touch, and a result row by row."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import queries
from applications.forms.batches import BATCH_FORMS, BatchForm, NoticeFilter
from applications.models import BATCH_LIMIT, BatchAct
from applications.permissions import Permission
from applications.queries import PRINT, Plan
from applications.views.loading import staff_of
from documents.models import Document
from documents.services import ArchiveDamaged, joined_pdf
from foundation.access import grant
from foundation.errors import ServiceError
from foundation.once import act_once
from foundation.pages import show_refusal
from foundation.responses import private_file
from foundation.trail import because
from organizations.models.records import AccessKind
from organizations.services import record_accesses

_REFUSED = 422
_LABELS = {str(offer.name): offer.label for offer in queries.OFFERS}


@grant(Permission.VIEW_CASE)
@require_http_methods(["GET", "POST"])
@never_cache
def batch(request: HttpRequest, act: str) -> HttpResponse:
    """One act on the chosen cases: GET shows whom it touches, POST does it, each case by itself."""
    sent = request.POST if request.method == "POST" else request.GET
    pks = queries.chosen_pks(sent.getlist("case"))
    if not 0 < len(pks) <= BATCH_LIMIT:
        text = f"一次最多办理{BATCH_LIMIT}件，请分批选择。" if pks else "请先勾选要办理的办件。"
        messages.warning(request, text)
        return _back_to_list(sent)
    staff, now = staff_of(request), timezone.now()
    today = timezone.localdate(now)
    notices = NoticeFilter({"notices": sent.get("notices", "")})
    plan = queries.plan(act, staff, pks, on=today, notices=notices.wanted)
    if act == PRINT:
        return _print(request, plan, notices) if request.method == "POST" else _page(request, plan, notices)
    form = BATCH_FORMS[act](request.POST if request.method == "POST" else None, plan=plan, by=staff, at=now, on=today)
    if request.method == "GET":
        return _page(request, plan, notices, form)
    return _perform(request, plan, notices, form)


def _perform(request: HttpRequest, plan: Plan, notices: NoticeFilter, form: BatchForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, plan, notices, form, status=_REFUSED)
    try:
        with because(f"批量{_LABELS[plan.act]}", form.late_reasons):
            made, again = act_once(f"batch:{form.cleaned_data['token']}", form.perform)
    except ServiceError as error:
        show_refusal(form, error)
        return _page(request, plan, notices, form, status=_REFUSED)
    if not made:
        messages.info(request, f"“{_LABELS[plan.act]}”正在办理，不用重复提交；请稍候到办件列表查看结果。")
        return _back_to_list(request.POST)
    if again or form.was_done:
        messages.info(request, "这一批已经办过，没有重复办理；下面是当时的结果。")
    return redirect("applications:batch_result", pk=made)


def _page(
    request: HttpRequest, plan: Plan, notices: NoticeFilter, form: BatchForm | None = None, *, status: int = 200
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    context = {
        "plan": plan,
        "title": _LABELS[plan.act],
        "form": form,
        "notices": notices if plan.act in (PRINT, BatchAct.DELIVER) else None,
        "wanted": notices.wanted,
        "back": _list_query(sent.get("back", "")),
        "nav_key": "cases",
    }
    return render(request, "applications/batch.html", context, status=status)


def _print(request: HttpRequest, plan: Plan, notices: NoticeFilter) -> HttpResponse:
    documents = [row.document for row in plan.going if row.document is not None]
    if not documents:
        return _page(request, plan, notices, status=_REFUSED)
    try:
        content = joined_pdf(documents)
    except ArchiveDamaged as error:
        messages.error(request, error.message)
        return _page(request, plan, notices, status=_REFUSED)
    return _pdf(request, documents, content, reason="批量打印通知书")


def _pdf(request: HttpRequest, documents: Sequence[Document], content: bytes, *, reason: str) -> HttpResponse:
    record_accesses(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=timezone.now(),
        subject_type="document",
        subject_ids=[document.pk for document in documents],
        reason=reason,
    )
    return private_file(content, name=f"papers-{timezone.localdate():%Y%m%d}.pdf")


@grant(Permission.VIEW_CASE)
@require_GET
@never_cache
def batch_result(request: HttpRequest, pk: int) -> HttpResponse:
    """How a batch of one's own ended, row by row."""
    staff = staff_of(request)
    found = get_object_or_404(queries.batches_of(staff), pk=pk)
    rows = queries.batch_rows(staff, found)
    undone = [row for row in rows if row.outcome != "done"]
    context = {
        "batch": found,
        "rows": rows,
        "done_count": len(rows) - len(undone),
        "undone_count": len(undone),
        "sheets": queries.sheets_of(rows),
        "again": urlencode([("case", row.case_id) for row in undone]),
        "nav_key": "cases",
    }
    return render(request, "applications/batch_result.html", context)


@grant(Permission.VIEW_CASE)
@require_POST
@never_cache
def batch_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheets that a batch of one's own posted, as one PDF to print (打印公示单、公布单)."""
    staff = staff_of(request)
    found = get_object_or_404(queries.batches_of(staff), pk=pk)
    sheets = queries.sheets_of(queries.batch_rows(staff, found))
    try:
        content = joined_pdf(sheets) if sheets else b""
    except ArchiveDamaged as error:
        messages.error(request, error.message)
        content = b""
    if not content:
        return redirect("applications:batch_result", pk=found.pk)
    return _pdf(request, sheets, content, reason=f"批量打印{found.get_act_display()}单")


def _back_to_list(sent: QueryDict) -> HttpResponse:
    query = _list_query(sent.get("back", ""))
    return redirect(reverse("applications:list") + (f"?{query}" if query else ""))


def _list_query(text: str) -> str:
    """The list's own filters, read and written anew: nothing else gets into the address."""
    return QueryDict(text[:2000]).urlencode()
