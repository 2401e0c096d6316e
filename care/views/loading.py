"""What every view of care opens with: who asks, whose care it is, and how an act is tried."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from benefits.models import Award
from care import queries
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff

REFUSED = 422
ResultT = TypeVar("ResultT")


def staff_of(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def load_award(request: HttpRequest, pk: int) -> Award:
    """The award of a person whose care is seen, annotated; 404 elsewhere."""
    awards = queries.annotate_care(queries.visible_to(staff_of(request)), on=timezone.localdate())
    return get_object_or_404(awards.select_related("area__parent", "household"), pk=pk)


def attempt(form: BaseForm, title: str, act: Callable[[], ResultT]) -> ResultT | None:
    """Try a service inside the act's own name; a refusal stands beside its field, and what was typed stays.

    :raises StaleVersion: answered by the page that shows what is there now.
    """
    try:
        with because(title):
            return act()
    except (NotPermitted, StaleVersion):
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return None


def to_person(award_pk: int, anchor: str = "") -> HttpResponse:
    return redirect(reverse("care:detail", args=[award_pk]) + (f"#{anchor}" if anchor else ""))


def form_page(
    request: HttpRequest, award: Award, form: BaseForm, *, title: str, template: str = "form", **more: Any
) -> HttpResponse:
    """One form of one person; ``template`` where it is laid out in its own way."""
    context = {"award": award, "form": form, "title": title, "submit": "保存"} | more
    return render(request, f"care/{template}.html", context, status=REFUSED if form.is_bound else 200)
