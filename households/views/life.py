"""Acts in a family's life: each a small form that names the family and the effect before it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from foundation.access import grant
from foundation.once import act_once, tell_once
from foundation.trail import because, reason_given
from households import queries, services
from households.forms import life as forms
from households.models import Household
from households.permissions import can_see
from households.views.loading import attempt, crumbs, own_family, staff_of, to_family
from organizations.permissions import Permission
from organizations.queries import township_of


@dataclass(frozen=True)
class Act:
    """One act: its words, its form, and the service that does it.

    :param done: takes the form, the family and who, when; answers a primary key to show, or nothing.
    """

    title: str
    effect: str
    form: type[Any]
    done: Callable[..., Any]
    danger: bool = False


def _birth(form: Any, household: Household, **when: Any) -> Any:
    child, parents = form.person.member_data(), form.parents()
    return act_once(
        form.cleaned_data["once"],
        lambda: services.record_birth(household, child=child, parents=parents, **when),
    )


def _marry(form: Any, household: Household, **when: Any) -> Any:
    cleaned = form.cleaned_data
    when["on"] = cleaned["on"]
    return act_once(
        cleaned["once"],
        lambda: services.marry(household, member=cleaned["member"], spouse=form.member_data(), **when),
    )


def _divorce(form: Any, household: Household, **when: Any) -> None:
    services.divorce(form.cleaned_data["member"], **when | {"on": form.cleaned_data["on"]})


def _leave(form: Any, household: Household, **when: Any) -> None:
    cleaned = form.cleaned_data
    services.leave(cleaned["member"], reason=cleaned["reason"], **when | {"on": cleaned["on"]})


def _death(form: Any, household: Household, **when: Any) -> None:
    cleaned = form.cleaned_data
    services.record_death(cleaned["member"], died_on=cleaned["on"], by=when["by"], at=when["at"])


def _mend_death(form: Any, household: Household, **when: Any) -> None:
    cleaned = form.cleaned_data
    services.mend_death(
        cleaned["member"], died_on=cleaned["on"], reason=cleaned["reason"], by=when["by"], at=when["at"]
    )


def _cancel_death(form: Any, household: Household, **when: Any) -> str:
    cleaned = form.cleaned_data
    services.cancel_death(
        cleaned["member"], reason=cleaned["reason"], evidence=cleaned["evidence"], by=when["by"], at=when["at"]
    )
    return "死亡登记已撤销。少发的月份由下一次发放册补发；待遇已经停发或改过保障对象的，请看家庭页的待核查，另行办理。"


def _head(form: Any, household: Household, **when: Any) -> None:
    cleaned = form.cleaned_data
    services.change_head(
        household, member=cleaned["member"], relations=form.relations(), **when | {"on": cleaned["on"]}
    )


def _split(form: Any, household: Household, **when: Any) -> Any:
    cleaned = form.cleaned_data
    when |= {"on": cleaned["on"], "area": cleaned["area"], "address": cleaned["address"]}
    return act_once(cleaned["once"], lambda: services.split_household(household, leaving=form.relations(), **when))


def _merge(form: Any, household: Household, **when: Any) -> int:
    when["on"] = form.cleaned_data["on"]
    services.merge_households(household, into=form.into, relations=form.relations(), **when)
    return int(form.into.pk)


def _move(form: Any, household: Household, **when: Any) -> str:
    cleaned = form.cleaned_data
    when |= {"on": cleaned["on"], "area": cleaned["area"], "address": cleaned["address"]}
    if township_of(cleaned["area"]) == township_of(household.area):
        services.move(household, **when)
        return "迁移已办理。"
    services.propose_transfer(household, **when)
    return f"已转出，等待{township_of(cleaned['area'])}接收；接收以前仍由本乡镇管理，可以撤回。"


def _identify(form: Any, household: Household, **when: Any) -> None:
    try:
        services.identify(
            form.cleaned_data["member"],
            id_number=form.cleaned_data["id_number"],
            is_confirmed=form.is_confirmed,
            **when,
        )
    except services.IdentityUnclear:
        form.ask()
        raise


ACTS: dict[str, Act] = {
    "birth": Act("新生", "登记新生儿为家庭成员；还没有证号的，以后补登。", forms.BirthForm, _birth),
    "marry": Act("结婚", "配偶加入这个家庭，两人登记为夫妻。", forms.MarryForm, _marry),
    "divorce": Act("离婚", "终止两人的夫妻登记；搬走的一方另办“成员离开”或“分户”。", forms.DivorceForm, _divorce),
    "death": Act(
        "死亡", "这名成员离开家庭并登记死亡，相关待遇须及时核查，此后不能撤回。", forms.DeathForm, _death, danger=True
    ),
    "mend-death": Act(
        "更正死亡日期",
        "死亡日期登记错了的，在这里更正；不得计发的起始月和核查期限随之改正，多发、少发的由下一次发放册核算。",
        forms.MendDeathForm,
        _mend_death,
        danger=True,
    ),
    "cancel-death": Act(
        "撤销死亡登记",
        "没有去世而登记了死亡的，在这里撤销：这名成员回到家庭，因此暂缓的待遇照常发放，少发的月份由下一次发放册补发。",
        forms.CancelDeathForm,
        _cancel_death,
        danger=True,
    ),
    "leave": Act(
        "成员离开", "这名成员不再属于这个家庭；最后一名成员离开的，家庭随之注销。", forms.LeaveForm, _leave, danger=True
    ),
    "head": Act("变更户主", "另一名成员成为户主，其余成员与户主的关系随之改变。", forms.HeadForm, _head),
    "split": Act(
        "分户",
        "选出的成员另立家庭，收入、支出和法定义务人随人转出，原授权书不再覆盖。",
        forms.SplitForm,
        _split,
        danger=True,
    ),
    "merge": Act(
        "并户", "全体成员并入另一个家庭，这个家庭随即注销，此后不能撤回。", forms.MergeForm, _merge, danger=True
    ),
    "move": Act(
        "迁移",
        "家庭迁往另一个村（社区）。迁往外乡镇的先转出，由迁入乡镇接收后才转过去；接收以后，您只能查看本乡镇以前办过的事。",
        forms.MoveForm,
        _move,
        danger=True,
    ),
    "identify": Act(
        "补登证号",
        "为没有证号的成员补登；证号已有登记的，两条记录并为一人，此后不能撤回。",
        forms.IdentifyForm,
        _identify,
    ),
}
"""Acts by the word in the address, in the order of the menu."""


@grant(Permission.REGISTER_HOUSEHOLD)
def life_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """An act in a family's life (家庭变动)."""
    if act not in ACTS:
        raise Http404
    household, staff, what = own_family(request, pk), staff_of(request), ACTS[act]
    members = list(queries.current_members(household))
    form = what.form(request.POST or None, request.FILES or None, household=household, members=members, staff=staff)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        when = {"by": staff, "on": timezone.localdate(now), "at": now}
        with because(what.title, reason_given(request)):
            answer = attempt(form, lambda: (what.done(form, household, **when),))
        if answer is not None:
            _tell(request, what, answer[0])
            return _after(request, household.pk, act, answer[0])
    names = crumbs(household)
    context = {
        "title": f"{what.title}：{names['family_name']}",
        "family": f"{names['family_name']}（{household.number}，{len(members)}人）",
        "effect": what.effect,
        "action_label": f"确认{what.title}",
        "cancel_url": reverse("households:detail", args=[pk]),
        "danger": what.danger,
        "form": form,
    }
    return render(request, "households/life.html", names | context)


def _tell(request: HttpRequest, what: Act, answer: Any) -> None:
    done = answer if isinstance(answer, str) else f"{what.title}已办理。"
    if isinstance(answer, tuple):
        tell_once(request, answer, what=what.title, done=done)
    else:
        messages.success(request, done)


def _after(request: HttpRequest, pk: int, act: str, answer: Any) -> HttpResponse:
    if act == "merge":
        return to_family(answer, "members")
    if act == "split" and answer[0]:
        return to_family(answer[0], "members")
    household = Household.objects.select_related("area").get(pk=pk)
    # A village assistant's family may have moved to the next village.
    return to_family(pk, "members") if can_see(staff_of(request), household) else redirect("households:list")
