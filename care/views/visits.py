"""Recording a visit on the phone, settling what it found, voiding a mistaken record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from care import queries, services
from care.forms.acts import PointForm, ReasonForm, VisitForm
from care.permissions import Permission, check_can_act
from care.views.loading import attempt, form_page, load_award, staff_of, to_person
from foundation.access import grant


@grant(Permission.RECORD_CARE_VISIT)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """记录走访."""
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    check_can_act(staff, Permission.RECORD_CARE_VISIT, area=award.area)
    form = VisitForm(request.POST or None, request.FILES or None, initial={"visited_on": today, "visitors": staff.name})
    if request.method == "POST" and form.is_valid():
        photo = form.cleaned_data["photo"] or None
        visit = attempt(
            form,
            "走访照料",
            lambda: services.record_visit(award, data=form.visit(), photo=photo, by=staff, at=timezone.now(), on=today),
        )
        if visit is not None:
            messages.success(request, f"{award.person_name}的走访已登记。")  # type: ignore[attr-defined]
            return to_person(award.pk, "visits")
    return form_page(request, award, form, title="记录走访", template="visit", submit="保存走访")


@grant(Permission.RECORD_CARE_VISIT)
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """问题办结."""
    staff = staff_of(request)
    point = get_object_or_404(queries.points_visible_to(staff), pk=pk)
    check_can_act(staff, Permission.RECORD_CARE_VISIT, area=point.visit.award.area)
    form, award = PointForm(request.POST or None), load_award(request, point.visit.award_id)
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.settle_point(point, settlement=form.cleaned_data["settlement"], by=staff, on=timezone.localdate())
            return True

        if attempt(form, "走访问题办结", act):
            messages.success(request, "问题已办结。")
            return to_person(award.pk, "points")
    return form_page(request, award, form, title="问题办结", effect=f"问题：{point.problem}", submit="办结")


@grant(Permission.RECORD_CARE_VISIT)
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    """作废走访记录."""
    staff = staff_of(request)
    visit = get_object_or_404(queries.visits_visible_to(staff), pk=pk)
    check_can_act(staff, Permission.RECORD_CARE_VISIT, area=visit.award.area)
    form, award, day = ReasonForm(request.POST or None), load_award(request, visit.award_id), visit.visited_on
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.void_visit(visit, reason=form.cleaned_data["reason"], by=staff, on=timezone.localdate())
            return True

        if attempt(form, "作废走访记录", act):
            messages.success(request, "走访记录已作废，下次走访的日期随之重算。")
            return to_person(award.pk, "visits")
    effect = f"{day.year}年{day.month}月{day.day}日的走访记录作废后仍然留存，但不再算作走访；它的问题也不再列出。"
    return form_page(request, award, form, title="作废走访记录", effect=effect, submit="作废", danger=True)
