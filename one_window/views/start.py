"""Beginning at the window: who is it, is the family known, is a draft waiting."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.once import act_once, tell_once
from foundation.pages import show_refusal
from foundation.paging import page_of
from households import services as households
from households.forms import MemberForm, RegisterForm
from one_window import queries
from one_window.forms import StartForm
from organizations.models import Staff
from organizations.permissions import Permission

NAMESAKES_SHOWN = 20
_HEAD_FIELDS = ("name", "id_number", "missing_id_reason", "relation", "sex", "birth_date", "health")


class HeadForm(MemberForm):
    """The head of a family that is being registered; everything else is filled in on the page."""

    FIELDS = _HEAD_FIELDS


@grant(Permission.OPEN_INTAKE)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Whom the clerk has before them (受理): found by ID number or name, or registered; drafts to go on with.

    What is typed is sent by POST: an ID number never stands in an address.
    """
    staff = cast("Staff", request.user)
    form = StartForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _found(form, staff)
        if context.get("leads_to"):
            return redirect("one_window:intake", context["leads_to"])
    page = page_of(request, queries.drafts(staff))
    return render(request, "one_window/start.html", context | {"page": page})


def _found(form: StartForm, staff: Staff) -> dict[str, Any]:
    text = form.cleaned_data["q"]
    if not form.is_number:
        families = list(queries.families_named(staff, text)[:NAMESAKES_SHOWN])
        return {"families": families, **_new_family(form, staff)}
    try:
        known = households.look_up_person(text, by=staff, at=timezone.now())
    except households.TooManyLookups as error:
        form.add_error("q", error.message)
        return {}
    if known is None or (known.household is None and not known.elsewhere):
        return {"families": [], "known_person": known.person if known else None, **_new_family(form, staff)}
    if known.archived:
        may_take_back = known.archived.area_id in staff.area_ids(Permission.MANAGE_ARCHIVE)
        return {"archived": known.archived, "may_take_back": may_take_back}
    if known.elsewhere:
        return {"elsewhere": known.elsewhere}
    assert known.household is not None  # noqa: S101 -- neither unknown nor elsewhere
    if queries.families_at_window(staff).filter(pk=known.household.pk).exists():
        return {"leads_to": known.household.pk}
    return {"out_of_reach": known.household}


def _new_family(form: StartForm, staff: Staff) -> dict[str, Any]:
    return {
        "register": RegisterForm(prefix="family", staff=staff),
        "head": HeadForm(prefix="head", is_head=True, initial=form.initial_of_head()),
    }


@grant(Permission.OPEN_INTAKE)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a family (登记家庭) with its head, then go on with the page."""
    staff = cast("Staff", request.user)
    data = request.POST if request.method == "POST" else None
    register_form = RegisterForm(data, prefix="family", staff=staff)
    head = HeadForm(data, prefix="head", is_head=True)
    if data is not None and all([register_form.is_valid(), head.is_valid()]):
        response = _register(request, register_form, head)
        if response is not None:
            return response
    return render(request, "one_window/register.html", {"register": register_form, "head": head})


def _register(request: HttpRequest, form: RegisterForm, head: HeadForm) -> HttpResponse | None:
    staff = cast("Staff", request.user)
    try:
        answer = act_once(
            form.cleaned_data["once"],
            lambda: households.register_household(
                area=form.cleaned_data["area"],
                head=head.member_data(),
                facts=form.facts(),
                by=staff,
                on=timezone.localdate(),
                at=timezone.now(),
            ),
        )
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(head if error.field in head.fields else form, error)
        return None
    tell_once(request, answer, what="登记家庭", done="家庭已登记，请接着填写成员、收入和财产。")
    return redirect("one_window:intake", answer[0]) if answer[0] else redirect("one_window:start")
