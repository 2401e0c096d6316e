"""The list of documents (文书) over the cases that a person may see, and its export."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.documents import DocumentFilterForm, names_a_person
from applications.permissions import Permission
from applications.queries.documents import list_documents
from applications.views.loading import staff_of
from documents.models import HANDED_OVER, Document
from documents.resources import DocumentResource
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.services import export_list

_UNREADABLE = 422
_NO_CUT = ("page", "size", "sort")


@grant(Permission.VIEW_CASE)
@require_http_methods(["GET", "POST"])
def document_list(request: HttpRequest) -> HttpResponse:
    """Documents (文书): filters in the address bar; a person's number is never put there."""
    if request.method == "POST":
        return _asked(request)
    staff = staff_of(request)
    form = DocumentFilterForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    context = {
        "form": form,
        "page": page_of(request, list_documents(staff, form.wanted) if is_readable else Document.objects.none()),
        "handed_over": HANDED_OVER,
        "query": request.GET.urlencode(),
        "is_cut": any(value for name, value in request.GET.items() if name not in _NO_CUT),
        "may_export": staff.may(Permission.EXPORT),
        "may_print": staff.may(Permission.ISSUE_DOCUMENT),
        "nav_key": "documents",
    }
    return render(request, "applications/documents.html", context, status=200 if is_readable else _UNREADABLE)


def _asked(request: HttpRequest) -> HttpResponse:
    asked = [(name, value) for name, values in request.POST.lists() for value in values if value]
    kept = [(name, value) for name, value in asked if name != "csrfmiddlewaretoken"]
    if names_a_person(request.POST.get("q", "")):
        messages.warning(request, "这里按文号或办件编号查。按证号、电话找人，请到“家庭”或“办件”。")
        kept = [(name, value) for name, value in kept if name != "q"]
    return redirect(f"{reverse('applications:documents')}?{urlencode(kept)}")


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出文书目录), on record; the filters stand in the address."""
    staff, now = staff_of(request), timezone.now()
    form = DocumentFilterForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    documents = list_documents(staff, form.wanted).filter(area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        DocumentResource(),
        documents,
        words="导出文书目录{}份",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"documents-{timezone.localdate(now):%Y%m%d}")
