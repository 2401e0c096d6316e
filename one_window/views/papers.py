"""八、签字材料 and 登记: printing, signed scans, near relatives, registering the applications."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from applications import services as applications
from applications.models import Intake
from applications.queries import required_papers
from applications.rules.process import CaseState
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.responses import private_file
from one_window import queries, services
from one_window.forms import HandInForm, IntakeForms, RelativeForm
from one_window.views.page import show
from organizations.models import Staff
from organizations.permissions import Permission


def _load(request: HttpRequest, pk: int) -> Intake:
    return get_object_or_404(queries.intakes_at_window(cast("Staff", request.user)), pk=pk)


def _registered(request: HttpRequest, intake: Intake) -> HttpResponse | None:
    """The way to the case page, once nothing of the intake is a draft any more."""
    cases = list(intake.cases.all())
    if not cases or any(case.state == CaseState.DRAFT for case in cases):
        return None
    messages.info(request, "这次受理的申请已经登记，请在办件页面继续办理。")
    return redirect("applications:detail", cases[0].pk)


def _back(intake: Intake) -> HttpResponse:
    return redirect(reverse("one_window:intake", args=[intake.household_id]) + "#papers")


@grant(Permission.OPEN_INTAKE)
@require_POST
def print_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Print one of the papers for signature, or all of them bound together; the printing is recorded."""
    intake = _load(request, pk)
    kind = request.POST.get("kind", "")
    try:
        pdf = services.papers_to_sign(
            intake,
            kinds=[kind] if kind else [],
            by=cast("Staff", request.user),
            on=timezone.localdate(),
            at=timezone.now(),
        )
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
        return _back(intake)
    return private_file(pdf, name=f"{intake.number}.pdf")


@grant(Permission.OPEN_INTAKE)
@require_POST
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the scans of signed papers."""
    intake, today = _load(request, pk), timezone.localdate()
    if gone := _registered(request, intake):
        return gone
    facts = queries.intake_facts(intake.household, on=today, year=intake.accounting_year)
    form = HandInForm(
        request.POST,
        request.FILES,
        kinds=required_papers(intake),
        members=facts.members,
        today=today,
        supporters=queries.signing_desk(intake, on=today).supporters,
    )
    if form.is_valid() and _kept(request, intake, form):
        messages.success(request, "签字材料已保存。")
        return _back(intake)
    return show(request, facts, IntakeForms(facts), hand_in=form)


def _kept(request: HttpRequest, intake: Intake, form: HandInForm) -> bool:
    place = services.Place()
    try:
        services.hand_in(
            intake,
            uploads=form.uploads(),
            signed_on=form.cleaned_data["signed_on"],
            signers=form.signers(),
            supporters=form.supporter_answers(),
            by=cast("Staff", request.user),
            on=timezone.localdate(),
            at=timezone.now(),
            place=place,
        )
    except NotPermitted:
        raise
    except ServiceError as error:
        # A refused file is the paper's own fault; everything else stands at the head of the form.
        form.add_error(place.section if error.field == "file" else None, error.message)
        return False
    return True


@grant(Permission.REGISTER_RELATIVE)
@require_POST
def declare_relative(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a near relative apart (近亲属单独登记备案)."""
    intake, today = _load(request, pk), timezone.localdate()
    if gone := _registered(request, intake):
        return gone
    facts = queries.intake_facts(intake.household, on=today, year=intake.accounting_year)
    form = RelativeForm(request.POST, members=facts.members)
    if form.is_valid():
        cleaned = form.cleaned_data
        member = next(member for member in facts.members if member.pk == cleaned["member"])
        try:
            applications.declare_relative(
                intake, **(cleaned | {"member": member}), by=cast("Staff", request.user), on=today
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "近亲属关系已单独登记备案，确认前须由县民政局入户调查。")
            return _back(intake)
    return show(request, facts, IntakeForms(facts), relative=form)


@grant(Permission.OPEN_INTAKE)
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Register every application of the intake (登记申请); then the case page."""
    intake = _load(request, pk)
    try:
        cases = services.register_applications(intake, by=cast("Staff", request.user), on=timezone.localdate())
    except NotPermitted:
        raise
    except services.NothingToRegister:
        return _registered(request, intake) or _back(intake)
    except ServiceError as error:
        messages.error(request, error.message)
        return _back(intake)
    numbers = "、".join(str(case) for case in cases)
    messages.success(request, f"申请已登记：{numbers}。")
    return redirect("applications:detail", cases[0].pk)
