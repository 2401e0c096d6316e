"""Posts (任职) and acts on an account: each with its reason; what takes rights away asks once and names them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.once import act_once
from foundation.pages import show_refusal
from organizations import queries, services
from organizations.forms.staff import AppointForm, LastDayForm, ReasonForm, ResetForm
from organizations.models import Post, Staff
from organizations.permissions import ROLE_PERMISSIONS, Permission, Role
from organizations.signals import WorkWaiting, work_waiting
from organizations.views.staff import account_or_404, first_password_page, posted, staff_of


@grant(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Appoint somebody to one more post (任职), also as a deputy for a time."""
    account, staff, today = account_or_404(request, pk), staff_of(request), timezone.localdate()
    if account == staff:
        raise NotPermitted("不能给自己设岗位，请由另一位系统管理员办理。")
    form = AppointForm(posted(request), staff=staff, account=account, today=today)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        if _done(form, lambda: services.appoint_officer(account, **typed, by=staff, on=today)):
            messages.success(request, f"已给{account.name}设岗位：{typed['area'].name}・{typed['role'].label}。")
            return redirect("organizations:staff_account", pk)
    context = {"account": account, "form": form, "why_apart": services.WHY_APART, "nav_key": "system"}
    return render(request, "organizations/appoint.html", context, status=422 if form.is_bound else 200)


@grant(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, pk: int, post_pk: int) -> HttpResponse:
    """End a post with a day (结束任职); the page names the rights that fall away."""
    account, today = account_or_404(request, pk), timezone.localdate()
    post = get_object_or_404(account.posts.select_related("area"), pk=post_pk)
    form = LastDayForm(posted(request), today=today)
    by = staff_of(request)
    if (
        request.method == "POST"
        and form.is_valid()
        and _done(form, lambda: services.end_officer_post(post, **form.cleaned_data, by=by, on=today))
    ):
        messages.success(request, f"{account.name}的“{post}”已办结束。")
        return redirect("organizations:staff_account", pk)
    effect = _falls_away(account, post)
    effect += _hand_over(account, [post], on=today)
    return _ask(request, account, form, title=f"结束任职：{post}", effect=effect, label="结束任职", danger=True)


def _hand_over(account: Any, ending: list[Post], *, on: date) -> str:
    """What waits for the person by right of the posts alone, and who takes it on (交接)."""
    stays = [post for post in account.posts_in_force if post not in ending]
    without = [post for post in ending if post in account.posts_in_force]
    answers: list[Any] = work_waiting.send(Post, staff=account, without=without, stays=stays, on=on)
    waiting: list[WorkWaiting] = [work for _, found in answers for work in found]
    said = f"等着办的：{'、'.join(f'{work.label}{work.count}件' for work in waiting)}。" if waiting else ""
    for post in ending:
        others = queries.others_in_post(post, on=on)
        if others:
            said += f"“{post}”由{'、'.join(others)}接着办。" if waiting else ""
        else:
            said += f"{post.area.name}现在没有别人任“{post.get_role_display()}”，请先安排接手的人，或设代理。"
    return said


def _falls_away(account: Any, post: Post) -> str:
    """The acts that the person can no longer do in the area, beside what other posts there still allow."""
    others = [Role(one.role) for one in account.posts_in_force if one.pk != post.pk and one.area_id == post.area_id]
    kept = frozenset().union(*(ROLE_PERMISSIONS[role] for role in others))
    lost = [act.label for act in Permission if act in ROLE_PERMISSIONS[Role(post.role)] - kept]
    if not lost:
        return f"{account.name}在{post.area.name}能办的事不变：这个岗位没有单独的权限。"
    return f"从次日起，{account.name}在{post.area.name}不能再办理：{'、'.join(lost)}。"


@dataclass(frozen=True)
class _Act:
    """An act on a whole account: its words, its form, the service that does it."""

    title: str
    effect: str
    done: str
    service: Callable[..., Any]
    form: Callable[..., Form]
    danger: bool = False


_ACTS: dict[str, _Act] = {
    "suspend": _Act(
        "停用账号",
        "从次日起不能登录，正在登录的退出。岗位仍在册，权限停止：{posts}。以后可以恢复使用。",
        "{name}的账号已办停用。",
        services.suspend_account,
        lambda data, today: LastDayForm(data, today=today),
        danger=True,
    ),
    "resume": _Act(
        "恢复使用",
        "账号即刻可以登录，没有结束的岗位照旧有效：{posts}。",
        "{name}的账号已恢复使用。",
        services.resume_account,
        lambda data, today: ReasonForm(data),
    ),
    "reset-password": _Act(
        "重置密码",
        "原密码立即作废，正在登录的退出，登录锁定一并解除。新的首次密码只显示一次，本人登录后须先改密码。",
        "",
        services.reset_password,
        lambda data, today: ResetForm(data),
        danger=True,
    ),
    "unlock": _Act(
        "解除登录锁定",
        "输错密码的次数清零，本人可以马上用原密码登录。请先核实是本人。",
        "{name}的登录锁定已解除。",
        services.unlock_account,
        lambda data, today: ReasonForm(data),
    ),
    "end-sessions": _Act(
        "结束全部登录",
        "这个账号在所有电脑和手机上的登录立即退出，没有保存的内容会丢失；密码不变，可以重新登录。",
        "{name}的全部登录已结束。",
        services.end_sessions,
        lambda data, today: ReasonForm(data),
        danger=True,
    ),
    "reset-second-factor": _Act(
        "重置两步验证",
        "手机上的验证码和备用码全部作废，正在登录的退出，凭密码即可登录。请先当面或打电话核实是本人；县级岗位和系统管理员登录后须重新设置。",
        "{name}的两步验证已重置。",
        services.reset_second_factor,
        lambda data, today: ReasonForm(data),
        danger=True,
    ),
}
ACTS = tuple(_ACTS)
"""Names of the acts in the address; the matrix of doors holds a rule for each."""


@grant(Permission.MANAGE_STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one act on an account after asking once."""
    if name not in _ACTS:
        raise Http404
    account, chosen, today = account_or_404(request, pk), _ACTS[name], timezone.localdate()
    form: Any = chosen.form(posted(request), today)
    if request.method == "POST" and form.is_valid():
        answer = _reset if name == "reset-password" else _act
        response = answer(request, account, form, chosen, today)
        if response is not None:
            return response
    effect = chosen.effect.format(posts="、".join(map(str, account.posts_in_force)) or "没有在任岗位")
    if name == "suspend":
        effect += _hand_over(account, list(account.posts_in_force), on=today)
    return _ask(request, account, form, title=chosen.title, effect=effect, label=chosen.title, danger=chosen.danger)


def _act(request: HttpRequest, account: Staff, form: Form, chosen: _Act, today: date) -> HttpResponse | None:
    if not _done(form, lambda: chosen.service(account, **form.cleaned_data, by=staff_of(request), on=today)):
        return None
    messages.success(request, chosen.done.format(name=account.name))
    return redirect("organizations:staff_account", account.pk)


def _reset(request: HttpRequest, account: Staff, form: Form, chosen: _Act, today: date) -> HttpResponse | None:
    shown: list[str] = []
    answers: list[tuple[int, bool]] = []

    def change() -> Staff:
        changed, password = services.reset_password(
            account, reason=form.cleaned_data["reason"], by=staff_of(request), on=today
        )
        shown.append(password)
        return changed

    if not _done(form, lambda: answers.append(act_once(form.cleaned_data["once"], change))):
        return None
    return first_password_page(request, answers[0][0], shown, title="密码已重置")


def _done(form: Form, change: Callable[[], Any]) -> bool:
    """Act; a refusal stands in the form.

    :raises NotPermitted: answers 403.
    """
    try:
        change()
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return False
    return True


def _ask(request: HttpRequest, account: Staff, form: Form, *, title: str, effect: str, label: str, danger: bool) -> Any:
    context = {
        "title": title,
        "family": f"{account.name}（工号{account.staff_number}）",
        "effect": effect,
        "action_label": label,
        "cancel_url": reverse("organizations:staff_account", args=[account.pk]),
        "danger": danger,
        "form": form,
        "account": account,
        "nav_key": "system",
    }
    return render(request, "organizations/ask.html", context, status=422 if form.is_bound else 200)
