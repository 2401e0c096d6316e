"""Pages of drafts (政策测算): parameters beside today's, reckoned, looked at, compared; nothing in force changes."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dynamic_review import services
from dynamic_review.forms.what_if import WHAT_IF_LINES, DraftForm, WhatIfFilter
from dynamic_review.models import WhatIf, WhatIfRun
from dynamic_review.permissions import Permission
from dynamic_review.queries import what_if as queries
from dynamic_review.queries.parameters_changed import changed_figures
from dynamic_review.resources import WhatIfLineResource
from dynamic_review.rules.uplift import Outcome
from dynamic_review.rules.what_if import bars
from dynamic_review.views.uplift_acts import REFUSED, attempt, staff_of
from eligibility.queries import MissingParameters
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.queries import list_tools, townships
from organizations.services import export_list

_COMPARED = 4
_OUTCOMES = [(outcome.value, outcome.label) for outcome in Outcome]


@grant(Permission.VIEW_WHAT_IF)
@require_safe
def draft_list(request: HttpRequest) -> HttpResponse:
    """政策测算草案, the newest first."""
    page = page_of(request, queries.drafts_visible_to(staff_of(request)).filter(discarded_on=None))
    runs = queries.last_runs(list(page))
    context = {"page": page, "rows": [(draft, runs.get(draft.pk)) for draft in page], "most": _COMPARED}
    return _render(request, "dynamic_review/what_ifs.html", context)


@grant(Permission.VIEW_WHAT_IF)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """起草."""
    return _edit(request, None)


@grant(Permission.VIEW_WHAT_IF)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改草案; what was reckoned before stays."""
    return _edit(request, _load(request, pk))


def _edit(request: HttpRequest, draft: WhatIf | None) -> HttpResponse:
    staff, today = staff_of(request), timezone.localdate()
    base_on = _base_day(request, draft, today)
    try:
        figures = queries.figures_of_day(base_on)
    except MissingParameters as error:
        messages.error(request, error.message)
        return redirect("dynamic_review:what_ifs")
    initial: dict[str, Any] = {"base_on": base_on}
    if draft:
        initial |= {"name": draft.name, "note": draft.note}
    form = DraftForm(request.POST or None, today=figures, changes=draft.changes if draft else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form, "保存政策测算草案", lambda: services.save_draft(draft, **form.facts(), by=staff, on=today)
        )
        if saved is not None:
            messages.success(request, f"“{saved}”已保存，待遇和标准都没有变动。")
            return redirect("dynamic_review:what_if", pk=saved.pk)
    context = {"form": form, "draft": draft, "title": draft.name if draft else "起草政策测算", "base_on": base_on}
    return _render(request, "dynamic_review/what_if_form.html", context, status=REFUSED if form.is_bound else 200)


def _base_day(request: HttpRequest, draft: WhatIf | None, today: date) -> date:
    """The day whose figures stand beside the fields: as typed, as kept, or today."""
    field = forms.DateField()
    try:
        typed: date = field.clean(request.POST.get("base_on", ""))
    except forms.ValidationError:
        return draft.on if draft else today
    return typed


@grant(Permission.VIEW_WHAT_IF)
@never_cache
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: what it changes, and what the latest or a chosen run came to."""
    draft = _load(request, pk)
    return _page(request, draft)


@grant(Permission.VIEW_WHAT_IF)
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """开始测算."""
    draft, now = _load(request, pk), timezone.now()
    form = forms.Form(request.POST)
    job = attempt(form, "政策测算", lambda: services.start_run(draft, by=staff_of(request), at=now))
    return redirect("organizations:job", pk=job.pk) if job is not None else _page(request, draft, refused=form)


@grant(Permission.VIEW_WHAT_IF)
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """复制."""
    draft, today = _load(request, pk), timezone.localdate()
    form = forms.Form(request.POST)
    made = attempt(form, "复制政策测算草案", lambda: services.copy_draft(draft, by=staff_of(request), on=today))
    return redirect("dynamic_review:edit_what_if", pk=made.pk) if made else _page(request, draft, refused=form)


@grant(Permission.VIEW_WHAT_IF)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """弃用."""
    draft, today = _load(request, pk), timezone.localdate()
    form = forms.Form(request.POST)
    gone = attempt(form, "弃用政策测算草案", lambda: services.discard_draft(draft, by=staff_of(request), on=today))
    if gone is None:
        return _page(request, draft, refused=form)
    messages.success(request, f"“{gone}”已弃用。")
    return redirect("dynamic_review:what_ifs")


@grant(Permission.VIEW_WHAT_IF)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Drafts side by side, each by its latest run."""
    chosen = [int(pk) for pk in request.GET.getlist("draft") if pk.isdecimal()][:_COMPARED]
    drafts = list(queries.drafts_visible_to(staff_of(request)).filter(pk__in=chosen).order_by("pk"))
    runs = queries.last_runs(drafts)
    columns = [(runs[draft.pk], queries.effect_of(runs[draft.pk])) for draft in drafts if draft.pk in runs]
    if not columns:
        messages.warning(request, f"请勾选测算过的草案，最多{_COMPARED}份。")
        return redirect("dynamic_review:what_ifs")
    drafts_changed = [(found, changed_figures(found)) for found, _ in columns]
    context = {"columns": columns, "drafts": drafts_changed, "outcomes": _OUTCOMES}
    return _render(request, "dynamic_review/what_if_compare.html", context)


@grant(Permission.VIEW_WHAT_IF)
@require_safe
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows of a run, as filtered."""
    found, form = _run(request, pk), _filter(request)
    is_readable = form.is_valid()
    rows = _found(request, found, form) if is_readable else queries.lines_of(found).none()
    staff = staff_of(request)
    context = {
        "run": found,
        "draft": found.what_if,
        "form": form,
        "page": page_of(request, rows),
        "query": request.GET.urlencode(),
        "may_export": staff.may(Permission.EXPORT),
        "tools": list_tools(staff, WHAT_IF_LINES, request.GET),
    }
    return _render(request, "dynamic_review/what_if_lines.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of exactly what is filtered: on record."""
    found, form, now = _run(request, pk), _filter(request), timezone.now()
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        WhatIfLineResource(),
        _found(request, found, form),
        words="导出政策测算结果{}户",
        query=request.GET.urlencode(),
        by=staff_of(request),
        at=now,
    )
    return spreadsheet(content, name=f"what-if-{found.pk}")


def _load(request: HttpRequest, pk: int) -> WhatIf:
    return get_object_or_404(queries.drafts_visible_to(staff_of(request)), pk=pk)


def _run(request: HttpRequest, pk: int) -> WhatIfRun:
    drafts = queries.drafts_visible_to(staff_of(request))
    rows = WhatIfRun.objects.filter(what_if__in=drafts, finished_at__isnull=False).select_related("what_if")
    return get_object_or_404(rows, pk=pk)


def _filter(request: HttpRequest) -> WhatIfFilter:
    return WhatIfFilter(request.GET, townships=townships())


def _found(request: HttpRequest, found: WhatIfRun, form: WhatIfFilter) -> Any:
    rows = queries.lines_of(found)
    return queries.filtered_lines(rows, staff=staff_of(request), sort=request.GET.get("sort", ""), **form.wanted)


def _page(request: HttpRequest, draft: WhatIf, *, refused: forms.Form | None = None) -> HttpResponse:
    runs = list(queries.runs_of(draft))
    asked = request.GET.get("run", "")
    chosen = next((one for one in runs if str(one.pk) == asked), runs[0] if runs else None)
    context: dict[str, Any] = {"draft": draft, "runs": runs, "run": chosen, "refused": refused, "outcomes": _OUTCOMES}
    context["changed"] = changed_figures(chosen or draft)
    if chosen is not None:
        spread = queries.spread_of(chosen)
        context |= {
            "is_stale": chosen.changes != draft.changes or chosen.base_on != draft.on,
            "effect": queries.effect_of(chosen),
            "groups": [
                ("township", "乡镇", queries.effects_by_township(chosen)),
                ("scheme", "险种", queries.effects_by_scheme(chosen)),
                ("category", "低保类别", queries.effects_by_category(chosen)),
            ],
            "cliffs": queries.cliffs_of(chosen),
            "spread": spread,
            "chart": bars(spread),
        }
    return _render(request, "dynamic_review/what_if.html", context, status=REFUSED if refused else 200)


def _render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, context | {"nav_key": "what_if"}, status=status)
