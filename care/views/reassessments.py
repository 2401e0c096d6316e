"""自理能力变化: report, assess together, decide; F43 §§22–23."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from care import queries, services
from care.forms.acts import AssessmentForm, DecisionForm, ReportForm
from care.models import CareDecision, SelfCareReassessment, SelfCareReport
from care.permissions import Permission, can_act, check_can_act
from care.views.loading import attempt, form_page, load_award, staff_of, to_person
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from organizations.models import Staff

_CONFLICT = 409
_SETTLED = "这次复核评估已经办结。"


@grant(Permission.RECORD_CARE_VISIT)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """登记自理能力变化."""
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    check_can_act(staff, Permission.RECORD_CARE_VISIT, area=award.area)
    form = ReportForm(request.POST or None, initial={"reported_on": today})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            "登记自理能力变化",
            lambda: services.report_change(award, **form.cleaned_data, by=staff, on=today),
        )
        if made is not None:
            day = made.due_on
            messages.success(request, f"已登记，须在{day.year}年{day.month}月{day.day}日前由乡镇和县里复核评估。")
            return to_person(award.pk, "reassessment")
    return form_page(request, award, form, title="登记自理能力变化")


@grant(Permission.MANAGE_CARE, Permission.COUNTY_VISIT)
@require_http_methods(["GET", "POST"])
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """登记复核评估."""
    staff, today = staff_of(request), timezone.localdate()
    row = _report(request, pk)
    award = load_award(request, row.award_id)
    if not any(can_act(staff, act, area=award.area) for act in (Permission.MANAGE_CARE, Permission.COUNTY_VISIT)):
        raise NotPermitted("复核评估由乡镇经办人和县民政经办人登记。")
    if row.settled_on is not None:
        messages.error(request, row.settled_reason or _SETTLED)
        return to_person(award.pk, "reassessment")
    person, assessors = queries.person_of(award), queries.assessors(award.area, on=today)
    own = ("township_assessor", "county_assessor")[can_act(staff, Permission.COUNTY_VISIT, area=award.area)]
    initial = {
        "unable": person.unable_self_care,
        "support_mode": person.support_mode,
        "mode_said_by": "本人",
        "assessed_on": today,
        "place": award.household.address,
        own: staff.pk,
    }
    form = AssessmentForm(request.POST or None, assessors=assessors, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            "登记复核评估",
            lambda: services.assess_self_care(row, data=form.assessment(), by=staff, on=today),
        )
        if made is not None:
            messages.success(request, _outcome(made))
            return to_person(award.pk, "reassessment")
    return form_page(request, award, form, title="登记复核评估", effect=f"报告的变化：{row.change}")


@grant(Permission.CONFIRM)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """照料护理档次调整: 同意调整, or 退回重新评估."""
    staff, today = staff_of(request), timezone.localdate()
    row = _report(request, pk)
    award, assessment = load_award(request, row.award_id), queries.latest_assessment(row)
    check_can_act(staff, Permission.CONFIRM, area=award.area)
    if assessment is None or row.settled_on is not None:
        messages.error(request, "还没有复核评估，不能决定。" if assessment is None else row.settled_reason or _SETTLED)
        return to_person(award.pk, "reassessment")
    proposed, stale = _proposed(assessment, on=today), ""
    form = DecisionForm(request.POST or None, initial=_shown(assessment, proposed))
    if request.method == "POST" and form.is_valid():
        try:
            made = attempt(form, "照料护理档次调整", lambda: _answer(row, form, by=staff, on=today))
        except StaleVersion as error:
            # What was typed stays; what the page showed is shown anew.
            stale, reason = error.message, form.cleaned_data["reason"]
            form = DecisionForm(initial=_shown(assessment, proposed) | {"reason": reason})
        else:
            if made is not None:
                messages.success(request, _decided(made))
                return to_person(award.pk, "reassessment")
    context = {"found": assessment.record, "stale": stale, **proposed}
    page = form_page(request, award, form, title="照料护理档次调整", template="decide", **context)
    page.status_code = _CONFLICT if stale else page.status_code
    return page


def _answer(report: SelfCareReport, form: DecisionForm, *, by: Staff, on: date) -> CareDecision:
    answer = form.cleaned_data
    assessment = get_object_or_404(report.assessments, pk=answer["assessment"])
    if answer["answer"] == "back":
        return services.send_back(assessment, reason=answer["reason"], by=by, on=on)
    shown = (answer["monthly_amount"], answer["from_month"])
    return services.decide_care(assessment, reason=answer["reason"], by=by, on=on, shown=shown)


def _shown(assessment: SelfCareReassessment, proposed: dict[str, Any]) -> dict[str, Any]:
    """What the page shows and its form carries."""
    shown: dict[str, Any] = {"assessment": assessment.pk}
    if change := proposed.get("change"):
        shown |= {"monthly_amount": change.monthly_amount, "from_month": change.from_month.isoformat()}
    return shown


def _proposed(assessment: SelfCareReassessment, *, on: date) -> dict[str, Any]:
    try:
        return {"change": services.care_change(assessment, on=on)}
    except ServiceError as error:
        return {"why_not": error.message}


def _outcome(made: SelfCareReassessment) -> str:
    made.report.refresh_from_db()
    found = made.record
    if made.report.settled_on:
        return f"评估为{found.get_level_display()}，档次和供养方式不变，已办结。请打印评估表，由双方评估人和本人签名。"
    return (
        f"评估为{found.get_level_display()}、{found.get_support_mode_display()}，等县里决定。"
        "请打印评估表，由双方评估人和本人签名。"
    )


def _decided(made: CareDecision) -> str:
    if made.notice is None:
        return "已退回重新评估。"
    return f"照料护理已调整，{made.notice.get_kind_display()}（{made.notice.number}）已制发，请送达本人。"


def _report(request: HttpRequest, pk: int) -> SelfCareReport:
    return get_object_or_404(queries.reports_visible_to(staff_of(request)), pk=pk)
