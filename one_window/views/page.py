"""The one page of the intake (一门受理): everything of one family, kept section by section, assessed beside it."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import trigger_client_event

from foundation.access import grant
from foundation.errors import StaleVersion
from households.models import Household
from one_window import queries, services
from one_window.facts import aside_of
from one_window.forms import HandInForm, IntakeForms, RelativeForm
from one_window.forms.page import SECTIONS
from one_window.queries import IntakeFacts
from one_window.views.changes import changes_of
from organizations.models import Staff
from organizations.permissions import Permission

PRINT = "print"
"""The primary action: keep everything, open the application, go to the papers for signature."""


@grant(Permission.OPEN_INTAKE)
@require_http_methods(["GET", "POST"])
def intake(request: HttpRequest, pk: int) -> HttpResponse:
    """The clerk's intake page of a family."""
    staff = cast("Staff", request.user)
    household = get_object_or_404(queries.families_at_window(staff), pk=pk)
    facts = queries.intake_facts(household, on=timezone.localdate(), year=year_of(request))
    if request.method == "POST":
        return _save(request, facts)
    return show(request, facts, IntakeForms(facts))


def year_of(request: HttpRequest) -> int | None:
    """The accounting year (核算年度) that the page shows, where it says one."""
    text = request.POST.get("page-year") if request.method == "POST" else request.GET.get("year")
    return int(text) if text and text.isdecimal() and 2000 <= int(text) <= 2100 else None


def _save(request: HttpRequest, facts: IntakeFacts) -> HttpResponse:
    wants_papers = request.POST.get("action") == PRINT
    forms = IntakeForms(facts, _with_added_scheme(request.POST), opens=wants_papers)
    if forms.is_stale():
        forms = forms.merged(opens=wants_papers)
        if differences := forms.differences():
            return show(request, facts, forms, stale=differences)
    if not forms.page.is_valid():
        return show(request, facts, forms)
    faulty = forms.faulty()
    try:
        kept = services.keep_page(
            facts.household,
            changes=changes_of(forms, opens=wants_papers and not faulty),
            intake=facts.intake,
            version=forms.page.cleaned_data["version"],
            by=cast("Staff", request.user),
            on=timezone.localdate(),
            at=timezone.now(),
        )
    except StaleVersion:
        fresh = _fresh(request, facts.household, facts.year)
        forms = IntakeForms(fresh, request.POST).merged(opens=wants_papers)
        return show(request, fresh, forms, stale=forms.differences())
    left = faulty | {refusal.section for refusal in kept.refusals}
    if not left:
        return _saved(request, facts, wants_papers=wants_papers)
    fresh = _fresh(request, facts.household, facts.year)
    forms = forms.left_over(fresh, left, opens=wants_papers)
    for refusal in kept.refusals:
        forms.show(refusal.error, refusal.section, refusal.row)
    return show(request, fresh, forms, partly=True)


def _saved(request: HttpRequest, facts: IntakeFacts, *, wants_papers: bool) -> HttpResponse:
    anchor = "papers" if wants_papers else request.POST.get("section", "")
    said = "已保存。请打印下面的材料签字，扫描上传后登记申请。" if wants_papers else "已保存。"
    messages.success(request, said)
    if not request.htmx:  # type: ignore[attr-defined]
        place = f"#{anchor}" if anchor in {*SECTIONS, "papers"} else ""
        return redirect(reverse("one_window:intake", args=[facts.household.pk]) + place)
    fresh = _fresh(request, facts.household, None)
    response = show(request, fresh, IntakeForms(fresh))
    return trigger_client_event(response, "jixi:go", {"to": "papers" if wants_papers else ""}, after="settle")


def _fresh(request: HttpRequest, household: Household, year: int | None) -> IntakeFacts:
    household = get_object_or_404(queries.families_at_window(cast("Staff", request.user)), pk=household.pk)
    return queries.intake_facts(household, on=timezone.localdate(), year=year)


def _with_added_scheme(data: QueryDict) -> QueryDict:
    """What was sent, with the scheme that a button of the aside adds (＋ 加入)."""
    if "add_scheme" not in data:
        return data
    data = data.copy()
    data.appendlist("application-schemes", str(data["add_scheme"]))
    return data


def show(request: HttpRequest, facts: IntakeFacts, forms: IntakeForms, **more: Any) -> HttpResponse:
    """The page with its aside; ``more`` brings a hand-in form with faults or the rows of a stale save."""
    staff, today = cast("Staff", request.user), timezone.localdate()
    context: dict[str, Any] = {
        "facts": facts,
        "household": facts.household,
        "intake": facts.intake,
        "forms": forms,
        "unsaved": forms.unsaved(),
        "aside": aside_of(facts),
        "may_see_parameters": staff.may(Permission.VIEW_PARAMETERS),
        "may_open_aid": staff.may(Permission.HANDLE_AID),
        "others": queries.open_cases_of(facts.household, staff=staff),
        "today": today,
        "saved_at": timezone.now() if request.method == "POST" and not forms.data else None,
    }
    if facts.intake is not None:
        desk = queries.signing_desk(facts.intake, on=today)
        kinds = [row.kind for row in desk.rows]
        context |= {
            "desk": desk,
            "hand_in": HandInForm(kinds=kinds, members=facts.members, today=today, supporters=desk.supporters),
            "relative": RelativeForm(members=facts.members),
            "relatives": facts.intake.relatives.select_related("member__person"),
            "may_register_relative": staff.may(Permission.REGISTER_RELATIVE),
        }
    return render(request, "one_window/intake.html", context | more)
