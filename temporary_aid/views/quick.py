"""快速登记: report, aid and request for an advance in one form, made for a phone at the scene."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from foundation.access import grant
from foundation.money import in_figures
from foundation.once import act_once, tell_once
from organizations.models import Staff
from organizations.queries import county, township_of, villages_for
from temporary_aid.forms.quick import QuickForm
from temporary_aid.models import ReportSource, TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries import AidTerms, aid_terms
from temporary_aid.queries.assessing import Table, as_told, suggested
from temporary_aid.queries.entrusting import entrustment_of
from temporary_aid.rules.amounts import Suggestion, suggest
from temporary_aid.services.quick import enter_quick
from temporary_aid.views.loading import REFUSED, attempt, staff_of, to_aid


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """快速登记 (one page, one press)."""
    staff, now = staff_of(request), timezone.now()
    terms = _terms(staff)
    table = _table(terms)
    form = QuickForm(
        request.POST or None,
        request.FILES or None,
        staff=staff,
        table={cause: {grade: found.amount for grade, found in grades.items()} for cause, grades in table.items()},
        hours=terms.hours,
        initial=_suggested(staff),
    )
    if request.method == "POST" and form.is_valid():
        photo = form.cleaned_data["photo"]
        answer = attempt(
            form,
            "快速登记急难",
            lambda: act_once(
                form.cleaned_data["once"], lambda: enter_quick(form.told(), photo=photo, by=staff, at=now)
            ),
        )
        if answer is not None:
            done = f"已登记，并已提请乡镇先行救助。{_may_decide(answer[0], staff, on=timezone.localdate(now))}"
            tell_once(request, answer, what="快速登记", done=done)
            return to_aid(answer[0]) if answer[0] else _page(request, form, table, terms)
    return _page(request, form, table, terms)


def _may_decide(made: int, staff: Staff, *, on: date) -> str:
    """What an entrusted village may do besides (村级委托); nothing elsewhere."""
    aid = TemporaryAid.objects.filter(pk=made).select_related("area__parent").first()
    if aid is None or not can_act(staff, Permission.ENTRUSTED_AID, area=aid.area):
        return ""
    if entrustment_of(aid.area, on=on) is None:
        return ""
    limit = in_figures(aid_terms(aid.area, on=on).village_limit)
    return f"本村受县里委托，{limit}元以内也可以点“村级决定救助”，由村里直接决定。"


def _page(request: HttpRequest, form: QuickForm, table: Table, terms: AidTerms) -> HttpResponse:
    chosen = table.get(form["cause"].value() or "", {}).get(form["grade"].value() or "")
    context = {
        "form": form,
        "nav_key": "temporary_aid",
        "suggestions": as_told(table),
        "assessment": suggested(chosen, terms.urgent) if chosen else None,
        "terms": terms,
        "lost_photo": form.is_bound and bool(request.FILES),
    }
    return render(request, "temporary_aid/quick.html", context, status=REFUSED if form.is_bound else 200)


def _terms(staff: Staff) -> AidTerms:
    """The figures of the person's village or township, or of the county where they work for several of them."""
    villages = list(villages_for(staff, Permission.REPORT_HARDSHIP))
    place = villages[0] if len(villages) == 1 else county()
    if len(villages) > 1 and len({village.township_code for village in villages}) == 1:
        place = township_of(villages[0])
    return aid_terms(place, on=timezone.localdate())


def _table(terms: AidTerms) -> Table:
    """What the county's table proposes by cause and grade, no more than may be paid first."""
    return {
        cause.value: {grade.value: _within_limit(terms, cause, grade) for grade in AidGrade}
        for cause in AidCause
        if cause.hardship is HardshipType.URGENT
    }


def _within_limit(terms: AidTerms, cause: AidCause, grade: AidGrade) -> Suggestion:
    found = suggest(terms.urgent, cause=cause, grade=grade)
    if found.amount <= terms.advance_limit:
        return found
    limit = in_figures(terms.advance_limit)
    return Suggestion(terms.advance_limit, (*found.lines, f"先行救助不超过{limit}元，按限额取{limit}元（本地做法）。"))


def _suggested(staff: Staff) -> dict[str, Any]:
    handles = staff.may(Permission.HANDLE_AID)
    of_village = {} if handles else {"vouched_by": staff.name, "vouched_position": "村级协理员"}
    source = ReportSource.SELF if handles else ReportSource.VILLAGE_ASSISTANT
    return {"reported_at": timezone.localtime(), "source": source} | of_village
