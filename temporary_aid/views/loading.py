"""What every view of temporary aid opens with: who asks, whose aid it is, and how an act is tried."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from eligibility.queries import MissingParameters
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import visible_to
from temporary_aid.services.under_way import AlreadyUnderWay

REFUSED = 422
ResultT = TypeVar("ResultT")


def staff_of(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def aid_or_404(request: HttpRequest, pk: int) -> TemporaryAid:
    """The aid where the person may see it; 404 elsewhere."""
    aids = visible_to(staff_of(request)).select_related("area__parent", "household", "applicant__person", "report")
    return get_object_or_404(aids, pk=pk)


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
        form.refusal = error  # type: ignore[attr-defined]
        return None


def under_way_of(form: BaseForm) -> TemporaryAid | None:
    """The aid for the same that a refused form ran into, of the own township: the page leads to it."""
    refusal = getattr(form, "refusal", None)
    return refusal.aid if isinstance(refusal, AlreadyUnderWay) else None


def with_figures(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view, and where a figure that it needs is not in force, a page that says which one and who enters it.

    A part of a page that is fetched while somebody types gets the sentence alone.
    """

    @wraps(view)  # with what the view grants
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MissingParameters as error:
            is_part = bool(getattr(request, "htmx", False))
            template = f"temporary_aid/{'_not_in_force' if is_part else 'not_in_force'}.html"
            context = {"why": error.message, "nav_key": "temporary_aid"}
            return render(request, template, context, status=200 if is_part else REFUSED)

    return shown


def to_aid(pk: int, anchor: str = "") -> HttpResponse:
    """Back to the aid's page."""
    return redirect(reverse("temporary_aid:detail", args=[pk]) + (f"#{anchor}" if anchor else ""))
