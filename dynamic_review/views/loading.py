"""What every view of reviews opens with: who asks, which award it is, and how an act is tried."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from benefits.models import Award
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.dues import awards_visible_to
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff

REFUSED = 422
ResultT = TypeVar("ResultT")


def staff_of(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def load_award(request: HttpRequest, pk: int) -> Award:
    """An award whose reviews the person plans; 404 where it is not seen, 403 where it is not theirs to plan."""
    staff = staff_of(request)
    award = get_object_or_404(awards_visible_to(staff).select_related("area__parent", "household"), pk=pk)
    check_can_act(staff, Permission.MANAGE_REVIEWS, area=award.area)
    return award


def attempt(form: BaseForm, title: str, act: Callable[[], ResultT]) -> ResultT | None:
    """Try a service inside the act's own name; a refusal stands beside its field, and what was typed stays."""
    try:
        with because(title):
            return act()
    except (NotPermitted, StaleVersion):
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return None


def to_family(household_pk: int) -> HttpResponse:
    return redirect(reverse("households:detail", args=[household_pk]) + "#reviews")


def form_page(request: HttpRequest, form: BaseForm, *, title: str, back: str, **more: Any) -> HttpResponse:
    """One form of this room."""
    context = {"form": form, "title": title, "submit": "保存", "back": back} | more
    return render(request, "dynamic_review/form.html", context, status=REFUSED if form.is_bound else 200)
