"""Components of the pages; ``docs/components.md`` shows the use of each. Built in, no ``{% load %}`` needed."""

from __future__ import annotations  # the form classes take no subscript at run time

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context, RequestContext
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from foundation.crypto import Secret
from foundation.display import ASKED, is_large
from foundation.pages import Happening, Lamp, StaleRow, Step, deadline_lamp, fault_lines
from foundation.paging import PAGE_SIZES

register = template.Library()

TONES = frozenset({"", "good", "due", "late", "accent"})


class UnknownTone(ValueError):
    """A colour that the pages do not have."""


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise UnknownTone(f"{tone!r} is none of {sorted(TONES)}")
    return tone


@register.simple_tag(takes_context=True)
def display_class(context: Context) -> str:
    """Class of the body of a page for everybody: ``large`` in 大字版."""
    return "large" if is_large(context.get("request")) else ""


@register.inclusion_tag("components/display_switch.html", takes_context=True)
def display_switch(context: Context, form: str = "", go: str = "stay") -> dict[str, Any]:
    """大字版 on and off; the address keeps what else it asks for.

    :param form: id of a form whose typed values the switch takes along, by POST with ``go``.
    """
    request: HttpRequest | None = context.get("request")
    large = is_large(request)
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query[ASKED] = "0" if large else "1"
    return {"large": large, "query": query.urlencode(), "form": form, "go": go, "path": request.path if request else ""}


@register.simple_tag
def crumb(label: str, url_name: str = "", *args: Any, **kwargs: Any) -> SafeString:
    """One step of the breadcrumb; without a URL name it is the page itself."""
    if not url_name:
        return format_html('<li aria-current="page">{}</li>', label)
    return format_html('<li><a href="{}">{}</a></li>', reverse(url_name, args=args, kwargs=kwargs), label)


@register.simple_block_tag
def panel(content: str, title: str = "", anchor: str = "", note: str = "", tone: str = "", marked: bool = False) -> str:
    """A white card with a title, an anchor for the menu and a note in a tag."""
    return render_to_string(
        "components/panel.html",
        {
            "content": mark_safe(content),  # noqa: S308 -- rendered by the template engine, escaped there
            "title": title,
            "anchor": anchor,
            "note": note,
            "tone": _tone(tone),
            "marked": marked,
        },
    )


@register.inclusion_tag("components/anchors.html")
def anchors(entries: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The menu of a long page's panels: pairs of anchor and title."""
    return {"entries": entries}


@register.simple_tag
def state_tag(label: str, tone: str = "") -> SafeString:
    """A state by colour and word."""
    return format_html('<span class="tag{}">{}</span>', f" tag-{_tone(tone)}" if tone else "", label)


@register.inclusion_tag("components/lamp.html")
def lamp(lamp: Lamp | None, with_date: bool = False) -> dict[str, Any]:
    """A deadline by colour and word; nothing for no deadline."""
    return {"lamp": lamp, "with_date": with_date}


@register.inclusion_tag("components/lamp.html")
def lamp_for(due_on: date, working_days_left: int, on: date, provisional: bool = False) -> dict[str, Any]:
    """A deadline's lamp from its figures."""
    shown = deadline_lamp(due_on, working_days_left=working_days_left, on=on, provisional=provisional)
    return {"lamp": shown, "with_date": False}


@register.inclusion_tag("components/definition.html")
def definition(label: str, value: Any, wide: bool = False) -> dict[str, Any]:
    """One pair of a definition grid; nothing is shown as a dash."""
    return {"label": label, "value": "—" if value in (None, "") else value, "wide": wide}


@register.inclusion_tag("components/step_bar.html")
def step_bar(steps: Sequence[Step]) -> dict[str, Any]:
    """The way of a case with dates."""
    return {"steps": steps}


@register.inclusion_tag("components/findings.html")
def findings(rows: Sequence[Any], caption: str = "") -> dict[str, Any]:
    """Every comparison of an assessment: rule, clause, value, threshold, passed, the sum worked out."""
    return {"rows": rows, "caption": caption}


@register.inclusion_tag("components/timeline.html")
def timeline(happenings: Sequence[Happening]) -> dict[str, Any]:
    """Everything done, by whom."""
    return {"happenings": happenings}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, width: str = "") -> dict[str, Any]:
    """A field with label, required mark, help and its error beside it; ``width`` is empty, ``double`` or ``wide``."""
    return {
        "field": bound,
        "width": width,
        "is_check": getattr(bound.field.widget, "input_type", "") == "checkbox" and not bound.use_fieldset,
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, *others: BaseForm | BaseFormSet[Any]) -> dict[str, Any]:
    """What is wrong, at the top, each line linking to its field."""
    lines = fault_lines(form)
    for formset in others:
        if isinstance(formset, BaseForm):
            lines += fault_lines(formset)
            continue
        lines += [("", str(message)) for message in formset.non_form_errors()] if formset.is_bound else []
        for number, row in enumerate(formset.forms, start=1):
            lines += [(target, f"第{number}行 {message}") for target, message in fault_lines(row)]
    return {"lines": lines, "at_fields": any(target for target, _ in lines)}


@register.inclusion_tag("components/filter_bar.html", takes_context=True)
def filter_bar(context: RequestContext, form: BaseForm) -> dict[str, Any]:
    """Filters in the address bar; the page size and the order stay.

    What a form names in ``seldom`` is folded under 更多条件, which is open while one of them is asked.
    """
    request: HttpRequest = context["request"]
    seldom = [form[name] for name in getattr(form, "seldom", ()) if name in form.fields]
    often = [bound for bound in form if bound.name not in {one.name for one in seldom}]
    kept = [(name, request.GET[name]) for name in ("size", "sort") if name in request.GET and name not in form.fields]
    asked = any(bound.value() or bound.errors for bound in seldom)
    return {"often": often, "seldom": seldom, "is_open": asked, "kept": kept, "path": request.path}


@register.inclusion_tag("components/list_tools.html", takes_context=True)
def list_tools(context: RequestContext, tools: Any, may_save: bool = True) -> dict[str, Any]:
    """A person's saved filters of a list as links, saving the present one, and the choice of columns.

    :param may_save: whether the present filters can be read.
    """
    return {"tools": tools, "may_save": may_save and tools.may_save, "csrf_token": context["csrf_token"]}


@register.simple_tag(takes_context=True)
def sort_header(context: RequestContext, label: str, key: str, css: str = "") -> SafeString:
    """A column head that orders by ``?sort=key`` and, pressed again, ``?sort=-key``."""
    request: HttpRequest = context["request"]
    current = request.GET.get("sort", "")
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{key}" if current == key else key
    state = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return format_html(
        '<th scope="col" class="{}"{}><a href="?{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', state) if state else "",
        query.urlencode(),
        label,
        {"ascending": " ↑", "descending": " ↓"}.get(state, ""),
    )


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: RequestContext, page: Page[Any], unit: str = "条") -> dict[str, Any]:
    """Count, pages and page sizes; every link keeps the filters."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    sizes = query.copy()
    sizes.pop("size", None)
    return {
        "page": page,
        "unit": unit,
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "ellipsis": page.paginator.ELLIPSIS,
        "query": f"{query.urlencode()}&" if query else "",
        "sizes_query": f"{sizes.urlencode()}&" if sizes else "",
        "sizes": PAGE_SIZES,
    }


@register.inclusion_tag("components/empty_state.html")
def empty_state(text: str, url: str = "", action: str = "") -> dict[str, str]:
    """What would appear here, and how to make the first."""
    return {"text": text, "url": url, "action": action}


@register.inclusion_tag("components/export_button.html", takes_context=True)
def export_button(
    context: RequestContext, url_name: str, query: str = "", rows: str = "", masked: bool = False
) -> dict[str, Any]:
    """Ask for exactly the list below as Excel; the export is on record.

    :param query: the list's filters, as its address says them.
    :param rows: what the list is of: 核对, 办件.
    :param masked: whether numbers of people are in it, masked.
    """
    return {
        "url": reverse(url_name) + (f"?{query}" if query else ""),
        "rows": rows,
        "masked": masked,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/rows.html")
def formset_rows(formset: BaseFormSet[Any], legend: str, add: str = "添加一行", copy: bool = True) -> dict[str, Any]:
    """Rows edited in place: add, copy, remove with undo; without scripts the spare rows and 删除 boxes serve."""
    return {"formset": formset, "legend": legend, "add": add, "copy": copy}


@register.inclusion_tag("components/camera.html")
def camera_field(bound: BoundField) -> dict[str, Any]:
    """A file field that opens the camera on the phone."""
    return {"field": bound}


@register.inclusion_tag("components/masked.html", takes_context=True)
def masked_value(
    context: RequestContext, value: Secret | None, reveal_url: str = "", label: str = ""
) -> dict[str, Any]:
    """A masked personal value; with an address it can be shown in full by a recorded POST."""
    return {
        "shown": str(value) if value else "—",
        "reveal_url": reveal_url if value else "",
        "label": label,
        "csrf_token": context["csrf_token"],
    }


@register.inclusion_tag("components/stale_form.html")
def stale_form(rows: Sequence[StaleRow], saved_by: str = "", saved_at: Any = None) -> dict[str, Any]:
    """Both versions of a form that somebody else saved first; neither is lost."""
    return {"rows": rows, "saved_by": saved_by, "saved_at": saved_at}


@register.simple_block_tag(takes_context=True)
def ask(
    context: RequestContext,
    content: str,
    label: str,
    action: str,
    title: str,
    effect: str = "",
    kind: str = "",
    submit: str = "",
    hidden: Mapping[str, Any] | None = None,
) -> str:
    """A button for what cannot be undone: asks once, naming the family and the effect, then POSTs.

    :param kind: ``primary``, ``danger``, ``link``, ``small`` or empty for a plain button.
    :param hidden: further values sent with the answer.
    """
    return render_to_string(
        "components/ask.html",
        {
            "content": mark_safe(content),  # noqa: S308 -- rendered by the template engine, escaped there
            "label": label,
            "action": action,
            "title": title,
            "effect": effect,
            "kind": kind,
            "submit": submit or label,
            "hidden": hidden or {},
            "csrf_token": context["csrf_token"],
        },
    )
