"""Registering an aid at the window (窗口登记), mending it, writing an identity later, giving it up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from eligibility.rules.choices import AidCause, HardshipType
from foundation.access import grant
from foundation.once import act_once, tell_once
from foundation.pages import show_refusal
from households import services as households
from households.models import Household
from households.queries import search
from households.queries import visible_to as families_visible_to
from organizations.queries import villages_for
from temporary_aid import services
from temporary_aid.forms.aids import AidForm, CorrectNumberForm, IdentifyForm, LinkForm, StartForm, TypedForm
from temporary_aid.forms.deciding import WithdrawForm
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries.assessing import Assessment, assess
from temporary_aid.queries.listing import AidFilter, found_by_id_number, list_aids
from temporary_aid.views.loading import REFUSED, aid_or_404, attempt, staff_of, to_aid, under_way_of
from temporary_aid.views.pages import act_page

FAMILIES_SHOWN = 20
_NAV = {
    "nav_key": "temporary_aid",
    "who": (*AidForm.OF_STRANGERS, "applicant", "registered_place", "living_place", "phone", "area", "ground"),
    "what": "cause grade self_paid_amount occurred_on occurred_place first_reported_at situation".split(),
}
"""What every page of this file shows; the fields of an aid by panel."""


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Whom the clerk has before them: a family on record, or somebody who is written down here.

    What is typed is sent by POST: an ID number never stands in an address.
    """
    form = StartForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _found(request, form)
    return render(request, "temporary_aid/start.html", context | _NAV | {"post_to": reverse("temporary_aid:open")})


def _found(request: HttpRequest, form: StartForm) -> dict[str, Any]:
    staff, text = staff_of(request), form.cleaned_data["q"]
    begun = AidForm(staff=staff, initial=form.of_recipient)
    if not form.is_number:
        families = search(staff, text).filter(ended_on=None)[:FAMILIES_SHOWN]
        aids = list_aids(staff, AidFilter(text=text), at=timezone.now())[:FAMILIES_SHOWN]
        return {"families": list(families), "aids": list(aids), "aid_form": begun}
    try:
        known = households.look_up_person(text, by=staff, at=timezone.now())
    except households.TooManyLookups as error:
        show_refusal(form, error)
        return {}
    known_aids = list(found_by_id_number(staff, text)[:FAMILIES_SHOWN])
    if known is not None and known.household is not None:
        found = search(staff, known.household.number)
        return {"families": list(found), "aids": known_aids}
    return {"elsewhere": known.elsewhere if known else "", "aids": known_aids, "families": [], "aid_form": begun}


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def open_aid(request: HttpRequest) -> HttpResponse:
    """登记临时救助, of a family (``?family=``) or of somebody who is written down here."""
    staff = staff_of(request)
    family = _family(request)
    form = AidForm(request.POST or None, staff=staff, family=family)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        answer = attempt(
            form,
            "登记临时救助",
            lambda: act_once(form.cleaned_data["once"], lambda: services.open_aid(form.aid_data(), by=staff, at=now)),
        )
        if answer is not None:
            tell_once(request, answer, what="登记临时救助", done="临时救助已登记。急的先救助，手续可以后补。")
            return to_aid(answer[0]) if answer[0] else redirect("temporary_aid:list")
    words = {"title": "登记临时救助", "post_to": request.get_full_path()}
    context = {"form": form, "family": family, "under_way": under_way_of(form), **words, **_NAV}
    return render(request, "temporary_aid/open.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """更正登记, until the aid is decided."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = AidForm(request.POST or None, staff=staff, family=aid.household, aid=aid)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = attempt(
            form,
            "更正临时救助登记",
            lambda: services.mend_aid(aid, form.aid_data(), by=staff, at=timezone.now(), version=version),
        )
        if done is not None:
            messages.success(request, "登记已更正。")
            return to_aid(aid.pk)
    words = {"title": "更正登记", "post_to": request.path}
    context = {"form": form, "family": aid.household, "aid": aid, **words, **_NAV}
    return render(request, "temporary_aid/open.html", context, status=REFUSED if form.is_bound else 200)


@grant(Permission.HANDLE_AID)
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The suggested amount and its reasoning of what is typed just now (建议金额); nothing is written."""
    staff = staff_of(request)
    typed = TypedForm(request.POST, staff=staff).typed()
    area = typed.get("area") or villages_for(staff, Permission.HANDLE_AID).first()
    assessment: Assessment | None = None
    if area is not None and typed.get("cause"):
        cause = AidCause(typed["cause"])
        spent = typed.get("self_paid_amount") if cause.hardship is HardshipType.EXPENDITURE else None
        shown = TemporaryAid(
            area=area, kind=cause.hardship, cause=cause, grade=typed.get("grade") or "", self_paid_amount=spent
        )
        shown.household = _family(request)
        assessment = assess(shown, at=timezone.now())
    context = {"assessment": assessment, "is_typed": True}
    return HttpResponse(render_to_string("temporary_aid/_suggestion.html", context))


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def identify(request: HttpRequest, pk: int) -> HttpResponse:
    """补登身份 of somebody who had no papers."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = IdentifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["id_number"]
        done = attempt(
            form,
            "补登身份",
            lambda: services.identify_recipient(aid, id_number=number, by=staff, at=timezone.now()),
        )
        if done is not None:
            messages.success(request, "身份证号已补登。一年内在别处得到的救助已列在“经过”里。")
            return to_aid(aid.pk)
    effect = "补登以后按身份证号核对一年内的救助次数；辖区内有这个人的家庭档案的，自动关联。"
    return act_page(request, aid, form, title="补登身份", effect=effect)


@grant(Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
def correct_number(request: HttpRequest, pk: int) -> HttpResponse:
    """更正身份证号 of aid that was granted, by an approver who did not handle it."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    services.check_may_correct_number(aid, by=staff)
    form = CorrectNumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = attempt(form, "更正身份证号", lambda: services.correct_number(aid, **given, by=staff, at=timezone.now()))
        if done is not None:
            messages.success(request, "身份证号已更正。按新身份查到的一年内其他救助已列在“经过”里，请看是否超过次数。")
            return to_aid(aid.pk)
    effect = (
        "只能更正为同一个人的正确号码；批准的金额、次数和关联的家庭不变。印有证号的文书随之作废、重新制发。"
        "更正以后按新号码核对一年内的救助次数。"
    )
    return act_page(request, aid, form, title="更正身份证号", effect=effect, submit="更正")


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """关联家庭: find the family, then choose the member."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    family = _family(request)
    if family is not None:
        return _link_to(request, aid, family)
    form = StartForm(request.POST if request.method == "POST" else None, initial={"q": aid.recipient_name})
    families: list[Household] | None = None
    if form.is_bound and form.is_valid():
        families = list(search(staff, form.cleaned_data["q"]).filter(ended_on=None)[:FAMILIES_SHOWN])
    context = {
        "aid": aid,
        "form": form,
        "families": families,
        "title": "关联家庭",
        "may_register": families is not None and can_act(staff, Permission.REGISTER_HOUSEHOLD, area=aid.area),
        **_NAV,
    }
    return render(request, "temporary_aid/link.html", context)


def _link_to(request: HttpRequest, aid: TemporaryAid, family: Household) -> HttpResponse:
    staff = staff_of(request)
    form = LinkForm(request.POST if "applicant" in request.POST else None, family=family)
    if form.is_bound and form.is_valid():
        applicant = form.cleaned_data["applicant"]
        done = attempt(
            form,
            "关联家庭",
            lambda: services.link_household(aid, household=family, applicant=applicant, by=staff, at=timezone.now()),
        )
        if done is not None:
            messages.success(request, f"已关联家庭 {family.number}。")
            return to_aid(aid.pk)
    effect = f"家庭 {family.number}：{family.address}。关联以后，姓名、住址和人口按家庭档案。"
    return act_page(request, aid, form, title="关联家庭", effect=effect, submit="关联")


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """不再办理, before anything is decided."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(form, "不再办理", lambda: services.withdraw_aid(aid, reason=reason, by=staff, at=timezone.now()))
        if done is not None:
            messages.success(request, f"{aid.number}不再办理。")
            return to_aid(aid.pk)
    effect = (
        "不再办理以后不能恢复；情况又有变化的，另行登记，时限仍从首次报告算起。由急难报告转来的，报告恢复待处置。"
        "核实后不符合条件的，请由审批人作出不予救助的决定。"
    )
    return act_page(request, aid, form, title="不再办理", effect=effect, submit="不再办理", danger=True)


def _family(request: HttpRequest) -> Household | None:
    """The family that the address names, where the person may see it; 404 elsewhere."""
    key = request.GET.get("family") or request.POST.get("family") or ""
    if not key:
        return None
    families = families_visible_to(staff_of(request)).filter(ended_on=None)
    return get_object_or_404(families, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)
