"""Families on their way between townships (迁入迁出): the list of both sides, and what each may answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from foundation.access import grant
from foundation.trail import because, reason_given
from households import queries, services
from households.forms.transfers import DeclineForm, PlainForm
from households.models import Transfer
from households.views.loading import attempt, staff_of, to_family
from organizations.permissions import Permission


@dataclass(frozen=True)
class Answer:
    """One answer to a family on its way.

    :param side: whose answer it is: ``incoming`` or ``outgoing``.
    """

    title: str
    effect: str
    side: str
    form: type[PlainForm]
    done: Callable[..., Any]
    danger: bool = False


def _accept(transfer: Transfer, form: PlainForm, **when: Any) -> Any:
    return services.accept_transfer(transfer, **when)


def _decline(transfer: Transfer, form: PlainForm, **when: Any) -> Any:
    return services.decline_transfer(transfer, reason=form.cleaned_data["reason"], **when)


def _take_back(transfer: Transfer, form: PlainForm, **when: Any) -> Any:
    return services.take_back_transfer(transfer, **when)


ANSWERS: dict[str, Answer] = {
    "accept": Answer(
        "接收家庭",
        "接收后，这个家庭的资料、还没有受理的申请和正在享受的待遇转到您的乡镇；原乡镇只能查看以前办过的事。接收后不能退回。",
        "incoming",
        PlainForm,
        _accept,
    ),
    "decline": Answer(
        "退回转出", "家庭仍由原乡镇管理，原因会告知原乡镇。", "incoming", DeclineForm, _decline, danger=True
    ),
    "take-back": Answer("撤回转出", "家庭仍由您的乡镇管理，迁入乡镇不再能接收。", "outgoing", PlainForm, _take_back),
}
"""Answers by the word in the address."""


@grant(Permission.REGISTER_HOUSEHOLD)
def transfers(request: HttpRequest) -> HttpResponse:
    """Families sent here and not accepted yet, without names, and families sent from here (迁入迁出)."""
    staff = staff_of(request)
    context = {
        "incoming": queries.transfers_to(staff),
        "outgoing": queries.transfers_from(staff),
    }
    return render(request, "households/transfers.html", context)


@grant(Permission.REGISTER_HOUSEHOLD)
def answer_transfer(request: HttpRequest, pk: int, answer: str) -> HttpResponse:
    """Accept, decline or take back one of them."""
    if answer not in ANSWERS:
        raise Http404
    staff, what = staff_of(request), ANSWERS[answer]
    rows = queries.transfers_to(staff) if what.side == "incoming" else queries.transfers_from(staff)
    transfer = get_object_or_404(rows, pk=pk)
    form = what.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        when = {"by": staff, "on": timezone.localdate(now), "at": now}
        with because(what.title, reason_given(request)):
            done = attempt(form, lambda: (what.done(transfer, form, **when),))
        if done is not None:
            messages.success(request, f"{what.title}已办理。")
            return redirect("households:transfers") if answer == "decline" else to_family(transfer.household_id)
    return render(request, "households/transfer.html", _context(transfer, what, form))


def _context(transfer: Transfer, what: Answer, form: PlainForm) -> dict[str, Any]:
    family = f"{transfer.household.number}（{transfer.member_count}人）"  # type: ignore[attr-defined]
    if what.side == "outgoing":
        family = f"{transfer.head_name or ''}家庭 {family}"  # type: ignore[attr-defined]
    return {
        "title": what.title,
        "family": f"{family}：{transfer.from_area.parent} → {transfer.to_area.parent}{transfer.to_area.short_name}",
        "effect": what.effect,
        "action_label": f"确认{what.title}",
        "cancel_url": reverse("households:transfers"),
        "danger": what.danger,
        "form": form,
    }
