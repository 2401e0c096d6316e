"""Filters and columns that a person keeps of the lists; another person's do not exist."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from foundation.access import grant
from foundation.errors import ServiceError
from foundation.lists import LISTS, ListSpec
from foundation.pages import show_refusal
from organizations import services
from organizations.forms.lists import SavedFilterForm
from organizations.models import SavedFilter, Staff
from organizations.permissions import Permission

LIST_READERS = (
    Permission.VIEW_CASE,
    Permission.VIEW_HOUSEHOLD,
    Permission.ANSWER_MEANS_CHECK,
    Permission.VIEW_PARAMETERS,
    Permission.VIEW_CARE,
    Permission.VIEW_REVIEW,
)
"""Who may open some list."""
_REFUSED = 422


@grant(*LIST_READERS)
@require_POST
def save_filter(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the filters of a list's address under a name (保存筛选)."""
    spec, form = _spec(key), SavedFilterForm(request.POST)
    if form.is_valid():
        try:
            saved = services.save_filter(spec, by=_staff(request), **form.cleaned_data)
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"已保存筛选“{saved.name}”，列在列表上方。")
            return redirect(_address(spec, saved.query))
    back = _address(spec, spec.kept(QueryDict(request.POST.get("query", ""))))
    return _page(request, spec, form, title="保存筛选", back=back, status=_REFUSED)


@grant(*LIST_READERS)
@require_http_methods(["GET", "POST"])
def saved_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """One saved filter of one's own: its name may be changed (改名)."""
    saved = _own(request, pk)
    spec = _spec(saved.list_key)
    form = SavedFilterForm(request.POST or None, initial={"name": saved.name})
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.rename_filter(saved, name=form.cleaned_data["name"], by=_staff(request))
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"已改名为“{saved.name}”。")
            return redirect(_address(spec, saved.query))
    status = _REFUSED if form.errors else 200
    back = _address(spec, saved.query)
    return _page(request, spec, form, title="保存的筛选", back=back, status=status, saved=saved)


@grant(*LIST_READERS)
@require_POST
def delete_filter(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a saved filter of one's own (删除)."""
    saved = _own(request, pk)
    services.delete_filter(saved, by=_staff(request))
    messages.success(request, f"已删除筛选“{saved.name}”。")
    return redirect(_address(_spec(saved.list_key), saved.query))


@grant(*LIST_READERS)
@require_POST
def choose_columns(request: HttpRequest, key: str) -> HttpResponse:
    """Keep which columns of a list one sees (显示的列)."""
    spec = _spec(key)
    services.choose_columns(spec, names=request.POST.getlist("cols"), by=_staff(request))
    query = QueryDict(request.POST.get("back", "")[:2000], mutable=True)
    query.pop("cols", None)
    return redirect(_address(spec, query.urlencode()))


def _page(
    request: HttpRequest,
    spec: ListSpec,
    form: SavedFilterForm,
    *,
    title: str,
    back: str,
    status: int,
    saved: SavedFilter | None = None,
) -> HttpResponse:
    context = {"spec": spec, "form": form, "title": title, "back": back, "saved": saved}
    return render(request, "organizations/saved_filter.html", context, status=status)


def _spec(key: str) -> ListSpec:
    if key not in LISTS:
        raise Http404
    return LISTS[key]


def _own(request: HttpRequest, pk: int) -> SavedFilter:
    return get_object_or_404(SavedFilter, staff=_staff(request), pk=pk)


def _address(spec: ListSpec, query: str) -> str:
    return reverse(spec.url_name) + (f"?{query}" if query else "")


def _staff(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)
