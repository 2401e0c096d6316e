"""One act on money or goods: its form on a page that says what it does, tried once, refused beside its field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.trail import because
from temporary_aid.views.loading import REFUSED, attempt

NAV = {"nav_key": "reserve"}


@dataclass(frozen=True)
class ActPage:
    """What a page of one act says.

    :param subject: whose money or goods.
    :param effect: what comes of it.
    :param crumbs: label and address of each page above it.
    """

    title: str
    subject: str
    effect: str
    back: str
    crumbs: Sequence[tuple[str, str]] = field(default_factory=list)
    danger: bool = False


def act_page(
    request: HttpRequest, form: BaseForm, page: ActPage, *, act: Callable[[dict[str, Any]], object], done: str
) -> HttpResponse:
    """Show the form, or try the act and go back to where it belongs.

    :param act: gets what was given.
    :param done: what the next page says.
    """
    if request.method == "POST" and form.is_valid():

        def done_once() -> bool:
            act(form.cleaned_data)
            return True

        if attempt(form, page.title, done_once):
            messages.success(request, done)
            return redirect(page.back)
    context = {
        "title": page.title,
        "family": page.subject,
        "effect": page.effect,
        "action_label": page.title,
        "cancel_url": page.back,
        "danger": page.danger,
        "form": form,
        "crumbs": page.crumbs,
        **NAV,
    }
    return render(request, "temporary_aid/reserve_act.html", context, status=REFUSED if form.is_bound else 200)


def simple_act(request: HttpRequest, title: str, act: Callable[[], object], *, done: str, back: str) -> HttpResponse:
    """An act that asks nothing, after the page asked once; a refusal is told on the page it came from."""
    try:
        with because(title):
            act()
    except (NotPermitted, StaleVersion):
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect(back)
