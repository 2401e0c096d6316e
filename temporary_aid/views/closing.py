"""办结: judge how an approved aid ends."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.models import Case
from foundation.access import grant
from households.models import Member
from households.queries import current_members
from organizations.models import Staff
from temporary_aid.forms.closing import CloseForm
from temporary_aid.models import EndJudgement, TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries.ends import why_not_ended
from temporary_aid.queries.means import means_of
from temporary_aid.queries.owed import missing_papers, owed_of
from temporary_aid.queries.stages import progress_of
from temporary_aid.rules.states import AidState
from temporary_aid.services.closing import ConversionData, close_solved, convert_to_case, refer
from temporary_aid.views.loading import REFUSED, aid_or_404, attempt, staff_of, to_aid


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """办结判定: solved, turned into an application of 低保 or 特困, or referred."""
    aid, staff, now = aid_or_404(request, pk), staff_of(request), timezone.now()
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    owed = owed_of(aid)
    members = list(current_members(aid.household)) if aid.household is not None else []
    form = CloseForm(
        request.POST or None,
        members=[(member.pk, member.person.name) for member in members],
        today=timezone.localdate(now),
        initial={"applicant": aid.applicant_id, "reason": aid.situation[:200]},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, "办结临时救助", lambda: _end(aid, form.cleaned_data, members, by=staff, at=now))
        if done is not None:
            return _closed(request, aid, done)
    context = {
        "aid": aid,
        "form": form,
        "title": "办结临时救助",
        "left": why_not_ended(aid),
        "is_approved": aid.state == AidState.APPROVED,
        "owed": owed,
        "missing": missing_papers(aid, on=timezone.localdate(now)) if owed else [],
        "progress": progress_of(aid),
        "visits": list(aid.visits.select_related("stage")[:5]),
        "means": means_of(aid, on=timezone.localdate(now)),
        "may_open_check": can_act(staff, Permission.VIEW_CASE, area=aid.area),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/close.html", context, status=REFUSED if form.is_bound else 200)


def _end(
    aid: TemporaryAid, said: dict[str, Any], members: list[Member], *, by: Staff, at: datetime
) -> TemporaryAid | Case:
    on = timezone.localdate(at)
    note, papers_reason = said["note"], said["papers_reason"]
    if said["judgement"] == EndJudgement.REFERRED:
        return refer(aid, department=said["department"], note=note, by=by, at=at, on=on, papers_reason=papers_reason)
    if said["judgement"] == EndJudgement.CONVERTED:
        data = ConversionData(
            scheme=said["scheme"],
            applicant=next(member for member in members if member.pk == said["applicant"]),
            accounting_year=said["accounting_year"] or on.year,
            reason=said["reason"],
            note=note,
        )
        return convert_to_case(aid, data=data, by=by, at=at, on=on, papers_reason=papers_reason)
    return close_solved(aid, note=note, by=by, at=at, on=on, papers_reason=papers_reason)


def _closed(request: HttpRequest, aid: TemporaryAid, done: TemporaryAid | Case) -> HttpResponse:
    if isinstance(done, Case):
        said = f"{aid.number}已办结；{done.get_scheme_display()}申请{done.number}已建好草稿，请接着补充材料。"
        messages.success(request, said)
        return redirect("applications:detail", done.pk)
    messages.success(request, f"{aid.number}已办结。")
    return to_aid(aid.pk)
