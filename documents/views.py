"""A document's page, its PDF, its delivery; the public check page; number prefixes."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents import queries, services
from documents.forms import (
    CheckForm,
    DeliveryForm,
    PrefixFilter,
    PrefixForm,
    PrintFilterForm,
    PrintForm,
    VoidForm,
)
from documents.models import HANDED_OVER, Document, DocumentKind, NumberPrefix
from foundation.access import grant, public
from foundation.errors import NotPermitted, ServiceError
from foundation.history import changes_of
from foundation.once import fresh_token
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import is_within_rate
from foundation.responses import private_file
from foundation.templatetags.jixi import cn_date
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission, can_act
from organizations.queries import names_of_actors
from organizations.services import record_access

CHECKS_A_MINUTE = 20
"""Public checks from one address; enough for a counter, too few to try numbers out."""


@grant(Permission.VIEW_CASE)
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A document's page (文书): the paper, its digests, how it was delivered."""
    document = get_object_or_404(queries.visible_to(_staff(request)), pk=pk)
    return _page(request, document, DeliveryForm(today=timezone.localdate()))


@grant(Permission.VIEW_CASE)
@require_GET
@never_cache
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The archived PDF, shown or with ``?download=1`` saved; each opening is on record."""
    staff = _staff(request)
    document = get_object_or_404(queries.visible_to(staff), pk=pk)
    download = "download" in request.GET
    try:
        content = services.archived_pdf(document)
    except services.ArchiveDamaged as error:
        messages.error(request, error.message)
        return redirect("documents:preview", pk=document.pk)
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff,
        at=timezone.now(),
        subject_type="document",
        subject_id=document.pk,
        reason="下载" if download else "查看",
    )
    return private_file(content, name=f"{document.number}.pdf", download=download)


@grant(Permission.RECORD_DELIVERY)
@require_POST
def deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how a document was delivered (登记送达)."""
    staff = _staff(request)
    document = get_object_or_404(queries.visible_to(staff), pk=pk)
    form = DeliveryForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        try:
            services.record_delivery(document, **form.cleaned_data, by=staff, on=timezone.localdate())
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"已登记{document.number}的送达。")
            return redirect("documents:preview", pk=document.pk)
    return _page(request, document, form, status=422)


@grant(Permission.ISSUE_DOCUMENT)
@require_http_methods(["GET", "POST"])
@never_cache
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """Void an issued document (作废文书): asks once with the reason; what is voided stays on record."""
    staff = _staff(request)
    document = get_object_or_404(queries.visible_to(staff), pk=pk)
    if document.voided_on is not None:
        messages.info(request, f"{document.number}已于{cn_date(document.voided_on)}作废。")
        return redirect("documents:preview", pk=document.pk)
    try:
        services.check_may_void(document, by=staff)
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("documents:preview", pk=document.pk)
    form = VoidForm(request.POST) if request.method == "POST" else VoidForm()
    if request.method == "POST" and form.is_valid():
        try:
            services.void_document(document, reason=form.cleaned_data["reason"], by=staff, on=timezone.localdate())
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{document.number}已作废。")
            return redirect("documents:preview", pk=document.pk)
    context = {
        "title": "作废文书",
        "family": f"{document.number}　{document.title}",
        "effect": _effect_of_voiding(document),
        "form": form,
        "danger": True,
        "action_label": "作废",
        "cancel_url": reverse("documents:preview", args=[document.pk]),
    }
    return render(request, "components/confirm_page.html", context, status=422 if request.method == "POST" else 200)


@grant(Permission.ISSUE_DOCUMENT)
@require_http_methods(["GET", "POST"])
@never_cache
def batch(request: HttpRequest) -> HttpResponse:
    """Notices that wait to be handed over, printed in one go (成批打印): what is chosen, how many, and off it goes."""
    staff, now = _staff(request), timezone.now()
    chosen = PrintFilterForm(request.GET, staff=staff)
    is_readable = chosen.is_valid()
    found = queries.to_print(staff, chosen.wanted) if is_readable else Document.objects.none()
    form = PrintForm(request.POST if request.method == "POST" else None, initial={"token": fresh_token()})
    if request.method == "POST" and is_readable and form.is_valid():
        try:
            job = services.start_printing(chosen.wanted, **form.cleaned_data, by=staff, at=now)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            return redirect("organizations:job", pk=job.pk)
    context = {
        "filter_form": chosen,
        "form": form,
        "page": page_of(request, found.defer("record")),
        "villages": queries.villages_to_print(found) if is_readable else [],
        "query": request.GET.urlencode(),
        "nav_key": "documents",
    }
    is_wrong = not is_readable or request.method == "POST"
    return render(request, "documents/batch.html", context, status=422 if is_wrong else 200)


def _effect_of_voiding(document: Document) -> str:
    told = "这份文书已经送达家庭，作废后请当面告知并收回。" if hasattr(document, "delivery") else ""
    return f"作废后不能恢复：文号不再使用，案卷里保留原件并注明已作废，公众核验时显示已作废。{told}"


@public
@require_GET
@never_cache
def check(request: HttpRequest, code: str = "") -> HttpResponse:
    """Whether a paper is genuine (文书核验): for everybody, without personal data."""
    asked = code or request.GET.get("q", "")
    if not asked and "q" not in request.GET:
        return render(request, "documents/check.html", {"form": CheckForm()})
    form = CheckForm({"q": asked})
    if not form.is_valid():
        return render(request, "documents/check.html", {"form": form}, status=422)
    if not is_within_rate(request, "documents:check", a_minute=CHECKS_A_MINUTE):
        return render(request, "documents/check.html", {"form": form, "too_many": True}, status=429)
    answer = queries.check_document(form.cleaned_data["q"])
    status = 404 if answer.state == queries.Genuineness.UNKNOWN else 200
    return render(request, "documents/check.html", {"form": form, "answer": answer}, status=status)


@grant(Permission.MANAGE_PARAMETERS)
@require_GET
def prefixes(request: HttpRequest) -> HttpResponse:
    """Number prefixes (文号字头) of this year by body and kind, and what next year brings."""
    year = timezone.localdate().year
    form = PrefixFilter(request.GET)
    rows = queries.prefixes_in_force(year=year, **form.cleaned_data) if form.is_valid() else NumberPrefix.objects.none()
    context = {"form": form, "page": page_of(request, rows), "year": year, "nav_key": "system"}
    return render(request, "documents/prefixes.html", context, status=200 if form.is_valid() else 422)


@grant(Permission.MANAGE_PARAMETERS)
@require_http_methods(["GET", "POST"])
def change_prefix(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a body's papers of a kind another prefix (调整文号字头)."""
    row, today = get_object_or_404(NumberPrefix.objects.select_related("area"), pk=pk), timezone.localdate()
    form = PrefixForm(request.POST if request.method == "POST" else None, year=today.year)
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_number_prefix(
                row.area, DocumentKind(row.kind), **form.cleaned_data, by=_staff(request), on=today
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            said = (
                f"{row.area.name}“{row.get_kind_display()}”自{form.cleaned_data['from_year']}年起编“{changed.prefix}”。"
            )
            messages.success(request, said)
            return redirect("documents:prefixes")
    all_of_them = list(queries.prefixes_of(row.area, row.kind))
    changes = changes_of(all_of_them)
    actors = names_of_actors(change.actor for change in changes)
    context = {
        "row": row,
        "form": form,
        "standing": queries.prefixes_in_force(year=today.year, area=row.area, kind=row.kind).first(),
        "year": today.year,
        "all_of_them": all_of_them,
        "changes": [(change, actors[change.actor]) for change in changes],
        "nav_key": "system",
    }
    return render(request, "documents/change_prefix.html", context, status=422 if form.is_bound else 200)


def _page(request: HttpRequest, document: Document, form: DeliveryForm, *, status: int = 200) -> HttpResponse:
    context = {
        "document": document,
        "delivery": getattr(document, "delivery", None),
        "form": form,
        "is_handed_over": document.kind in HANDED_OVER,
        "asks_late_reason": document.kind == DocumentKind.REFUSAL_NOTICE,
        "may_deliver": can_act(_staff(request), Permission.RECORD_DELIVERY, area=document.area),
        "may_void": document.voided_on is None and _may_void(document, _staff(request)),
    }
    return render(request, "documents/preview.html", context, status=status)


def _may_void(document: Document, staff: Staff) -> bool:
    """Whether voiding is the person's; what else stands against it is said when they ask."""
    try:
        services.check_may_void(document, by=staff)
    except NotPermitted:
        return False
    except ServiceError:
        return True
    return True


def _staff(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)
