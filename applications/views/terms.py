"""Pages of the terms and papers of steps (办理时限与材料)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from applications import queries, services
from applications.forms.terms import TermFilter, TermForm
from applications.models import StepTerm
from applications.permissions import Permission
from applications.resources import TermResource
from applications.views.loading import staff_of
from foundation.access import grant
from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.responses import spreadsheet
from foundation.spreadsheets import workbook


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """Terms in force on a day, and what each step must have before it is left."""
    form, wanted = _filter(request)
    context = {
        "form": form,
        "on": wanted["on"] if wanted else timezone.localdate(),
        "page": page_of(request, queries.terms_in_force(**wanted) if wanted else StepTerm.objects.none()),
        "papers": queries.papers_in_force(**wanted) if wanted else [],
        "may_manage": staff_of(request).may(Permission.MANAGE_PARAMETERS),
        "nav_key": "parameters",
    }
    return render(request, "applications/terms.html", context, status=200 if wanted else 422)


@grant(Permission.VIEW_PARAMETERS)
@require_safe
def export_terms(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered; terms are public, so nothing of a person is in it."""
    _, wanted = _filter(request)
    if not wanted:
        return term_list(request)
    book = workbook(TermResource(), queries.terms_in_force(**wanted))
    return spreadsheet(book.content, name=f"terms-{wanted['on']:%Y%m%d}")


@grant(Permission.MANAGE_PARAMETERS)
@require_http_methods(["GET", "POST"])
def change_term(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a step another term from a day on (调整时限)."""
    term, today = get_object_or_404(StepTerm, pk=pk), timezone.localdate()
    form = TermForm(request.POST or None, term=term)
    form.initial["from_day"] = today
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_term(term, **form.cleaned_data, by=staff_of(request), on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            day = changed.valid.lower
            messages.success(
                request,
                f"“{term.get_step_display()}”自{chinese_date(day)}起改为{changed.length}。",
            )
            return redirect("applications:terms")
    context = {"term": term, "form": form, "history": queries.term_history(term), "nav_key": "parameters"}
    return render(request, "applications/change_term.html", context)


def _filter(request: HttpRequest) -> tuple[TermFilter, dict[str, Any]]:
    """The form, and what it asks for; nothing where it cannot be read."""
    asked = request.GET.copy()
    asked.setdefault("on", timezone.localdate().isoformat())
    form = TermFilter(asked)
    if not form.is_valid():
        return form, {}
    return form, form.cleaned_data | {"on": form.cleaned_data["on"] or timezone.localdate()}
