"""小额先行救助: ask, decline, release, pay, the end of the emergency, 补充说明 and its check."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from eligibility.rules.choices import AidCause, AidGrade
from foundation.access import grant
from foundation.money import in_figures
from temporary_aid.forms.advances import AskForm, CheckForm, PayForm, ReasonForm, RelievedForm, SupplementForm
from temporary_aid.models import SupplementResult, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import aid_terms, frequency_of, level_for
from temporary_aid.queries.advances import (
    balance_of,
    is_released,
    overdue_supplements,
    supplements_visible_to,
)
from temporary_aid.queries.assessing import as_told, suggested
from temporary_aid.queries.means import means_of
from temporary_aid.rules.amounts import Suggestion, suggest
from temporary_aid.rules.clock import Clock
from temporary_aid.services import advancing, relieving, supplementing
from temporary_aid.views.loading import REFUSED, aid_or_404, attempt, staff_of, to_aid


@grant(Permission.REPORT_HARDSHIP)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """村级提请先行救助."""
    aid, staff = _aid(request, pk, Permission.REPORT_HARDSHIP), staff_of(request)
    proposed = _proposed(aid)
    form = AskForm(request.POST or None, request.FILES or None, initial={"amount": proposed, "vouched_by": staff.name})
    return act_on(
        request,
        aid,
        form,
        lambda: advancing.ask_advance(
            aid, data=form.asked(), photo=form.cleaned_data["photo"], by=staff, at=timezone.now()
        ),
        title="提请先行救助",
        done="已提请乡镇先行救助。",
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """不予先行救助."""
    aid, staff = _aid(request, pk, Permission.HANDLE_AID), staff_of(request)
    form = ReasonForm(request.POST or None)
    return act_on(
        request,
        aid,
        form,
        lambda: advancing.decline_advance(aid, reason=form.cleaned_data["reason"], by=staff, at=timezone.now()),
        title="不予先行救助",
        done="已退回待处置；可以按简化程序办理，时限照算。",
        effect="退回后还可以按简化程序办理；24小时照算。",
        danger=True,
    )


@grant(Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """县级放行 although papers of earlier advances are overdue."""
    aid, staff = _aid(request, pk, Permission.APPROVE_AID_COUNTY), staff_of(request)
    form = ReasonForm(request.POST or None)
    overdue = overdue_supplements(aid.area, on=timezone.localdate()).count()
    return act_on(
        request,
        aid,
        form,
        lambda: advancing.release_advance(aid, reason=form.cleaned_data["reason"], by=staff, at=timezone.now()),
        title="放行先行救助",
        done=f"已放行{aid.number}。",
        effect=f"{aid.area.parent}有{overdue}件先行救助逾期未补手续。放行只对这一件有效。",
    )


@grant(Permission.PAY_AID)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """小额先行救助: pay from the township's reserve; the balance, the ceiling and the clock stand beside the form."""
    aid, staff, now = _aid(request, pk, Permission.PAY_AID), staff_of(request), timezone.now()
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    on = timezone.localdate(now)
    terms = aid_terms(aid.area, on=on)
    asked = aid.advance_requests.filter(declined_at=None).select_related("asked_by").first()
    table = _suggestions(aid)
    proposed = table[aid.grade].amount if aid.grade else None
    initial: dict[str, Any] = {"amount": asked.asked_amount if asked else proposed, "grade": aid.grade or None}
    initial |= {"received_by": aid.recipient_name, "paid_at": timezone.localtime(now)}
    form = PayForm(request.POST or None, request.FILES or None, initial=initial)
    form.fields["entry_reason"].help_text = f"超过{terms.entry_hours}小时补记的才填，照样可以补记。"
    clock = Clock(aid.help_due_at, now) if aid.help_due_at else None
    if clock is None or not clock.is_late:
        form.fields["late_reason"].widget = form.fields["late_reason"].hidden_widget()
    blocked = terms.supplement_blocks and not is_released(aid)
    context = {
        "asked": asked,
        "clock": clock,
        "terms": terms,
        "balance": balance_of(aid.area),
        "frequency": frequency_of(aid, terms=terms, on=on),
        "suggestions": as_told({"": table}),
        "assessment": suggested(table.get(form["grade"].value() or ""), terms.guideline(aid.hardship, aid.cause)),
        "overdue": overdue_supplements(aid.area, on=on).count() if blocked else 0,
    }
    return act_on(
        request,
        aid,
        form,
        lambda: advancing.pay_advance(aid, data=form.advance(), receipt=form.cleaned_data["receipt"], by=staff, at=now),
        title="小额先行救助",
        submit="确认已发放",
        done="先行救助已登记。请在期限内补齐手续。",
        template="pay_advance",
        more=context,
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def relieved(request: HttpRequest, pk: int) -> HttpResponse:
    """登记急难解除日, of an advance or of aid by the simplified procedure."""
    aid, staff = _aid(request, pk, Permission.HANDLE_AID), staff_of(request)
    held = getattr(aid, "advance_slip", None) or getattr(aid, "owed_papers", None)
    form = RelievedForm(request.POST or None, held=held.relieved_on if held else None)
    return act_on(
        request,
        aid,
        form,
        lambda: relieving.set_relieved(
            aid,
            relieved_on=form.cleaned_data["relieved_on"],
            reason=form.cleaned_data.get("relieved_reason", ""),
            by=staff,
            at=timezone.now(),
        ),
        title="登记急难解除日",
        done="已登记，补手续期限从急难解除日重新算起。",
        effect="补手续的工作日从急难解除的次日算起；没有登记的，从发放（简化程序从批准）的次日算起。登记以后要改的，写明理由。",
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """提交补充说明."""
    aid, staff = _aid(request, pk, Permission.HANDLE_AID), staff_of(request)
    slip = getattr(aid, "advance_slip", None)
    returned = aid.supplements.filter(result=SupplementResult.RETURNED).first()
    initial = {"facts": returned.facts} if returned else {}
    form = SupplementForm(
        request.POST or None,
        request.FILES or None,
        initial=initial | {"relieved_on": slip.relieved_on if slip else None},
    )
    effect = f"先行{in_figures(slip.amount)}元，补手续期限{slip.supplement_due_on:%Y年%-m月%-d日}。" if slip else ""
    if returned:
        effect += f"上次退回：{returned.opinion}"
    return act_on(
        request,
        aid,
        form,
        lambda: supplementing.submit_supplement(
            aid, data=form.supplement(), papers=form.cleaned_data["papers"], by=staff, at=timezone.now()
        ),
        title="提交补充说明",
        done="补充说明已提交，请乡镇审核人审核。",
        effect=effect,
    )


@grant(Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """审核补充说明: accept or send back; what was paid, said and handed in stands above."""
    staff, now = staff_of(request), timezone.now()
    rows = supplements_visible_to(staff).select_related("submitted_by", "aid__advance_slip__paid_by")
    found = get_object_or_404(rows.prefetch_related("papers__file"), pk=pk)
    aid = aid_or_404(request, found.aid_id)
    supplementing.check_may_check(found, aid, level=None, by=staff)
    if found.result != SupplementResult.WAITING:
        messages.info(request, f"这份补充说明已经“{found.get_result_display()}”。")
        return to_aid(aid.pk, "advance")
    form = CheckForm(request.POST or None)
    terms = aid_terms(aid.area, on=timezone.localdate(aid.advance_slip.paid_at))
    context = {
        "supplement": found,
        "means": means_of(aid, on=timezone.localdate(now)),
        "terms": terms,
        "level": level_for(aid, aid.advance_slip.amount, terms=terms),
        "frequency": frequency_of(aid, terms=terms, on=timezone.localdate(aid.advance_slip.paid_at)),
    }

    def act() -> TemporaryAid:
        if form.cleaned_data["answer"] == "back":
            return supplementing.return_supplement(found, reason=form.cleaned_data["opinion"], by=staff, at=now)
        return supplementing.accept_supplement(
            found,
            opinion=form.cleaned_data["opinion"],
            further=form.further(),
            reasons=form.reasons(),
            by=staff,
            at=now,
        )

    said = {"accept": "补充说明已审核通过，临时救助已批准。", "back": "已退回乡镇经办人补充。"}
    return act_on(
        request,
        aid,
        form,
        act,
        title="审核补充说明",
        done=said.get(request.POST.get("answer", ""), ""),
        template="check_supplement",
        more=context,
    )


def act_on(
    request: HttpRequest,
    aid: TemporaryAid,
    form: BaseForm,
    act: Callable[[], Any],
    *,
    title: str,
    done: str,
    submit: str = "",
    effect: str = "",
    danger: bool = False,
    template: str = "act",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One form of one aid: the act, or the page with what is wrong beside its field and all that was typed."""
    if request.method == "POST" and form.is_valid() and attempt(form, title, act) is not None:
        messages.success(request, done)
        return to_aid(aid.pk, "advance")
    context = {
        "aid": aid,
        "form": form,
        "nav_key": "temporary_aid",
        "title": title,
        "submit": submit or title,
        "effect": effect,
        "danger": danger,
        "lost_files": form.is_bound and bool(request.FILES),
        **(more or {}),
    }
    return render(request, f"temporary_aid/{template}.html", context, status=REFUSED if form.is_bound else 200)


def _aid(request: HttpRequest, pk: int, permission: Permission) -> TemporaryAid:
    aid = aid_or_404(request, pk)
    check_can_act(staff_of(request), permission, area=aid.area)
    return aid


def _suggestions(aid: TemporaryAid) -> dict[str, Suggestion]:
    """What the county's table proposes by grade, with its reasoning."""
    terms = aid_terms(aid.area, on=timezone.localdate())
    guideline, cause = terms.guideline(aid.hardship, aid.cause), AidCause(aid.cause)
    return {
        grade.value: suggest(guideline, cause=cause, grade=grade, self_paid_amount=aid.self_paid_amount)
        for grade in AidGrade
    }


def _proposed(aid: TemporaryAid) -> Any:
    """What the table proposes, once the grade is known."""
    return _suggestions(aid)[aid.grade].amount if aid.grade else None
