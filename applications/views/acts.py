"""The one view of all acts on a case: says what the act does, asks, and calls the act's one service."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications import queries
from applications.forms.act import Act
from applications.forms.acts import ACTS
from applications.forms.base import ActForm
from applications.models import Case
from applications.permissions import Permission
from applications.queries import CaseFile
from applications.rules.suggestion import Difference
from applications.services import FactsChanged, NotNow, Recused
from applications.views.loading import load_case, staff_of
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.once import act_once
from foundation.pages import show_refusal, stale_rows
from foundation.trail import because, reason_given

_REFUSED, _CONFLICT = 422, 409


@grant(Permission.VIEW_CASE)
@require_http_methods(["GET", "POST"])
@never_cache
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one act (办理): GET asks, naming the family and the effect; POST does it."""
    chosen = ACTS.get(name)
    if chosen is None:
        raise Http404
    case = load_case(request, pk)
    chosen = chosen.told_of(case)
    staff, now = staff_of(request), timezone.now()
    file = CaseFile(case, on=timezone.localdate(now))
    chosen.check(staff, case, file.on)
    # What is offered would be worked out from what the family's new township wrote down.
    is_offered = request.method == "POST" and not (case.family_moved_away and chosen.refusal(file))
    if is_offered:
        form = chosen.form_for(case)(request.POST, request.FILES, file=file, by=staff, on=file.on, at=now)
        return _perform(request, chosen, form)
    if refusal := chosen.refusal(file):
        messages.warning(request, refusal)
        return redirect("applications:detail", pk=case.pk)
    form = chosen.form_for(case)(file=file, by=staff, on=file.on, at=now)
    return _page(request, chosen, form)


def _perform(request: HttpRequest, chosen: Act, form: ActForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, chosen, form, status=_REFUSED)
    try:
        with because(chosen.label, reason_given(request), case=form.case.number):
            done, again = act_once(f"case:{form.cleaned_data['token']}", lambda: _done(chosen, form))
    except FactsChanged as error:
        return _facts_changed(request, form, error.differences)
    except StaleVersion:
        return _stale(request, chosen, form)
    except Recused as error:
        raise PermissionDenied(error.message) from error
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return _page(request, chosen, form, status=_REFUSED)
    if again and not done:
        # The first sending is not through yet and may still be refused.
        messages.info(request, f"“{chosen.label}”正在办理，不用重复提交；请稍候刷新本页查看结果。")
    else:
        text = "已经办好，不用重复提交" if again else "已办好"
        messages.success(request, f"“{chosen.label}”{text}。")
    anchor = "" if chosen.place in ("head", "more") else f"#{chosen.place}"
    return redirect(reverse("applications:detail", args=[form.case.pk]) + anchor)


def _done(chosen: Act, form: ActForm) -> Case:
    form.check_version()
    if refusal := chosen.refusal(form.file):
        raise NotNow(refusal)
    form.perform()
    return form.case


def _page(request: HttpRequest, chosen: Act, form: ActForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    file = form.file
    context = {
        "act": chosen,
        "case": file.case,
        "file": file,
        "form": form,
        "effect": chosen.effect_on(file),
        "lamp": queries.lamp(file),
        "due_on": queries.due_day(file.case),
        **extra,
    }
    return render(request, "applications/act.html", context, status=status)


def _stale(request: HttpRequest, chosen: Act, form: ActForm) -> HttpResponse:
    """Somebody acted since the page was made: what they did beside what was typed; the next try is on what stands."""
    file = CaseFile(load_case(request, form.case.pk), on=form.on)
    data = request.POST.copy()
    data["version"] = str(file.case.version)
    fresh = chosen.form_for(file.case)(data, request.FILES, file=file, by=form.by, on=form.on, at=form.at)
    fresh.is_valid()
    since = form.cleaned_data.get("seen") or 0
    extra = {
        "happened": queries.happenings((event for event in file.events if event.pk > since), file),
        "stale": stale_rows(fresh, fresh.theirs()),
        "refusal": chosen.refusal(file),
    }
    return _page(request, chosen, fresh, status=_CONFLICT, **extra)


def _facts_changed(request: HttpRequest, form: ActForm, found: list[Difference]) -> HttpResponse:
    """The family or the result changed since the proposal: what differs, and the way back."""
    file = form.file
    chosen = ACTS["send-back"]
    rows = queries.named_differences(found, file.case.household)
    told = "；".join(f"{row.subject}{row.label}由“{row.before}”变为“{row.after}”" for row in rows)
    send_back = chosen.form_for(file.case)(
        file=file,
        by=form.by,
        on=form.on,
        at=form.at,
        initial={"missing": f"初审之后有变化：{told}。请核实后重新初审。"[:500]},
    )
    context = {"case": file.case, "file": file, "rows": rows, "form": send_back, "act": chosen}
    return render(request, "applications/facts_changed.html", context, status=_CONFLICT)
