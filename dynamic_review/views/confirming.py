"""批量确认: reviews that propose no change, one after the other, each looked at and each an act of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.models import Case
from applications.permissions import can_confirm
from applications.queries import CaseFile, cases_with_family, is_overdue
from applications.services import approve, send_back
from dynamic_review.forms.confirming import LookForm
from dynamic_review.permissions import Permission
from dynamic_review.queries.confirming import unchanged_to_confirm
from dynamic_review.views.loading import REFUSED, attempt, staff_of
from foundation.access import grant

_DONE = "dynamic_review.confirmed"
"""In the session: what the person has answered in this run, for the list of results."""
_MOST_SHOWN = 100
_WORDS = {"agree": "已确认", "back": "已退回", "skip": "已跳过"}


@grant(Permission.CONFIRM, Permission.CONFIRM_DELEGATED)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """The next review that waits: what changed, the sums, the visit and the check; confirm, send back or skip."""
    if request.method == "POST":
        return _answer(request)
    case = _next(request)
    form = LookForm(
        initial={"case": case.pk, "version": case.version, "opinion": "同意维持现有待遇。"} if case else None
    )
    return _page(request, case, form)


@grant(Permission.CONFIRM, Permission.CONFIRM_DELEGATED)
@require_http_methods(["POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Begin anew: what was skipped comes again, and the list of results is empty."""
    request.session.pop(_DONE, None)
    return redirect("dynamic_review:look")


def _answer(request: HttpRequest) -> HttpResponse:
    form, staff, today = LookForm(request.POST), staff_of(request), timezone.localdate()
    key = request.POST.get("case", "")
    case = get_object_or_404(unchanged_to_confirm(staff), pk=int(key) if key.isdecimal() and len(key) < 12 else 0)
    if not form.is_valid():
        return _page(request, case, form)
    said, answer = form.cleaned_data, form.cleaned_data["answer"]
    shared = {"by": staff, "on": today, "late_reason": said["late_reason"], "version": said["version"]}
    if answer == "agree":
        done = attempt(form, "确认复核结果", lambda: bool(approve(case, opinion=said["opinion"], **shared)))
    elif answer == "back":
        done = attempt(form, "退回补查", lambda: bool(send_back(case, missing=said["missing"], **shared)))
    else:
        done = True
    if not done:
        return _page(request, case, form)
    results = request.session.get(_DONE, [])
    request.session[_DONE] = [*results, [case.pk, case.number, answer]][-_MOST_SHOWN:]
    messages.success(request, f"{case.number}{_WORDS[answer]}。")
    return redirect(reverse("dynamic_review:look"))


def _next(request: HttpRequest) -> Case | None:
    """The next one that the person may confirm (four eyes) and has not skipped in this run."""
    staff = staff_of(request)
    seen = [key for key, _, _ in request.session.get(_DONE, [])]
    waiting = cases_with_family(staff).filter(pk__in=unchanged_to_confirm(staff).values("pk")).exclude(pk__in=seen)
    found = waiting.order_by("due_on", "pk")[:_MOST_SHOWN]
    return next((case for case in found if can_confirm(staff, case)), None)


def _page(request: HttpRequest, case: Case | None, form: LookForm) -> HttpResponse:
    staff = staff_of(request)
    waiting = unchanged_to_confirm(staff).count()
    results = [(pk, number, _WORDS[answer], answer) for pk, number, answer in reversed(request.session.get(_DONE, []))]
    context: dict[str, Any] = {"case": case, "form": form, "waiting": waiting, "results": results}
    if case is not None:
        case = get_object_or_404(cases_with_family(staff), pk=case.pk)
        file = CaseFile(case, on=timezone.localdate())
        context |= {"case": case, "file": file, "is_overdue": is_overdue(file)}
    return render(request, "dynamic_review/look.html", context, status=REFUSED if form.is_bound else 200)
