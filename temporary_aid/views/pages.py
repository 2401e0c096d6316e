"""The page of one act on one aid: what it does, its form, and the way back."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from temporary_aid.models import ServiceKind, StageForm, TemporaryAid
from temporary_aid.views.loading import REFUSED

PLAN_WORDS = {"forms": dict(StageForm.choices), "services": dict(ServiceKind.choices)}
"""What the ways of a planned stage are called."""


def act_page(
    request: HttpRequest, aid: TemporaryAid, form: BaseForm, *, title: str, template: str = "act", **more: Any
) -> HttpResponse:
    """One form of one aid; ``template`` where it is laid out in its own way.

    :param more: ``effect``, ``submit``, ``danger``, ``rows`` (a formset below the form) and what the template needs.
    """
    context = {"aid": aid, "form": form, "title": title, "submit": "保存", "nav_key": "temporary_aid"} | more
    return render(request, f"temporary_aid/{template}.html", context, status=REFUSED if form.is_bound else 200)
