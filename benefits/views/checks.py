"""Looking into an award after its family changed (待遇核查)."""

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from benefits import services
from benefits.forms import CheckForm
from benefits.models import AwardCheck
from benefits.queries import open_checks
from foundation.access import grant
from foundation.dates import chinese_date, chinese_month
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff
from organizations.permissions import Permission


@grant(Permission.PROPOSE)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what looking into an award came to (登记核查情况)."""
    staff = cast("Staff", request.user)
    row = get_object_or_404(open_checks(staff).select_related("award__household", "award__area", "person"), pk=pk)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _settled(row, form, by=staff):
        messages.success(request, "核查情况已登记。")
        return redirect(f"{reverse('households:detail', args=[row.award.household_id])}#awards")
    household = row.award.household
    head = household.members.filter(relation="head", left_on=None).select_related("person").first()
    name = f"{head.person}家庭" if head else household.number
    context = {
        "title": "待遇核查",
        "household": household,
        "family_name": name,
        "family": f"{name}（{household.number}）：{row.award.get_scheme_display()}待遇 {row.award.number}",
        "effect": effect_of(row),
        "action_label": "登记核查情况",
        "cancel_url": f"{reverse('households:detail', args=[household.pk])}#awards",
        "danger": False,
        "form": form,
    }
    return render(request, "benefits/check.html", context)


def effect_of(row: AwardCheck) -> str:
    """What happened, until when it is looked into, and that deciding on the award is another matter."""
    parts = [f"{row.person}：{row.get_cause_display()}（{chinese_date(row.happened_on)}）。"]
    if row.unpaid_from and row.due_on:
        parts.append(
            f"从{chinese_month(row.unpaid_from)}起不得计发；"
            f"须在{chinese_date(row.due_on)}前核查并办结增减停（《关于进一步做好最低生活保障等社会救助兜底保障工作的通知》一（三））。"
        )
    parts.append("请核实家庭人数、收入和发放账户，写明情况；需要增发、减发、停发的，另按规定作决定。")
    return "".join(parts)


def _settled(row: AwardCheck, form: forms.Form, *, by: Staff) -> bool:
    try:
        with because("待遇核查"):
            services.settle_check(row, finding=form.cleaned_data["finding"], by=by, on=timezone.localdate())
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return False
    return True
