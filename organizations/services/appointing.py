"""Appointing and ending posts (任职), by an administrator, on record."""

from datetime import date, timedelta

from django.db import transaction

from foundation.dates import chinese_date
from foundation.errors import NotPermitted
from foundation.trail import because
from organizations.models import Area, Post, SessionEnd, Staff, StaffEvent, StaffEventKind
from organizations.permissions import Permission, Role, check_can_act
from organizations.queries import overlapping_posts
from organizations.rules.separation import held_apart_from
from organizations.services.administrators import check_an_administrator_stays, hold_administrators
from organizations.services.posts import NotAppointable, appoint, sync_grants
from organizations.services.sessions import end_logins
from organizations.signals import confirmers_changed

WHY_APART = "经办与审核分开：同一个人既经办又审核，等于自己审自己办的件"


@transaction.atomic
def appoint_officer(
    account: Staff,
    *,
    role: Role,
    area: Area,
    starts_on: date,
    by: Staff,
    on: date,
    ends_on: date | None = None,
    on_behalf_of: Staff | None = None,
    reason: str = "",
) -> Post:
    """Appoint somebody to a post (任职), also for a time as a deputy (代理).

    :param on_behalf_of: who holds the post and is away; records name the deputy with them, and the two count as one
        person where one's work is checked by another.
    :param ends_on: the last day; None for as long as nobody ends it.
    :param reason: needed where the person handles and approves in one area at once.
    :raises NotPermitted: oneself, or an account that the person does not keep.
    :raises NotAppointable: the level, the dates, a post held already, or two roles that are kept apart.
    """
    account = Staff.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=account.pk)
    for place in (account.area, area):
        check_can_act(by, Permission.MANAGE_STAFF, area=place)
    if account == by or account.is_superuser:
        raise NotPermitted("不能给自己设岗位，请由另一位系统管理员办理。")
    _check_dates(account, starts_on=starts_on, ends_on=ends_on, on=on)
    if on_behalf_of is not None:
        _check_deputy(account, on_behalf_of, role=role, area=area, starts_on=starts_on, ends_on=ends_on)
    _check_beside_others(account, role=role, area=area, starts_on=starts_on, ends_on=ends_on, reason=reason)
    with because("任职", reason):
        post = appoint(
            account, role=role, area=area, on=on, starts_on=starts_on, ends_on=ends_on, on_behalf_of=on_behalf_of
        )
        until = f"至{chinese_date(ends_on)}（代理{on_behalf_of or ''}）" if ends_on else "起"
        StaffEvent.objects.create(
            staff=account,
            kind=StaffEventKind.APPOINTED,
            on=on,
            by=by,
            post=post,
            note=f"{area.name}・{role.label}，{chinese_date(starts_on)}{until}",
            reason=reason.strip()[:200],
        )
    return post


@transaction.atomic
def end_officer_post(post: Post, *, last_day: date, reason: str, by: Staff, on: date) -> Post:
    """End a post with a day (结束任职); one that has not begun is revoked (撤销) and was never held.

    :param last_day: yesterday takes the rights away at once.
    :raises NotPermitted: one's own post of administrator, or an account that the person does not keep.
    :raises NotAppointable: over already, no reason, or a day that does not fit.
    :raises NoAdministratorLeft: nobody could keep accounts any more.
    """
    # Without the key: two administrators at each other's account both write their own name into the record.
    account = Staff.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=post.staff_id)
    if post.role == Role.SYSTEM_ADMINISTRATOR:
        hold_administrators()
    post = Post.objects.select_for_update(of=("self",)).select_related("area").get(pk=post.pk)
    check_can_act(by, Permission.MANAGE_STAFF, area=account.area)
    if account == by and post.role == Role.SYSTEM_ADMINISTRATOR:
        raise NotPermitted("不能结束自己的系统管理员岗位，请由另一位系统管理员办理。")
    _check_end(post, last_day=last_day, reason=reason, on=on)
    check_an_administrator_stays(after=last_day, without_post=post)
    post.ends_on = max(last_day, post.starts_on - timedelta(days=1))
    with because("结束任职", reason):
        post.save(update_fields=["ends_on"])
        sync_grants(account, on=on)
        if last_day < on:
            end_logins(account, SessionEnd.POST)
        end = "撤销，未到任" if post.ends_on < post.starts_on else f"至{chinese_date(post.ends_on)}"
        StaffEvent.objects.create(
            staff=account,
            kind=StaffEventKind.POST_ENDED,
            on=on,
            by=by,
            post=post,
            note=f"{post.area.name}・{post.get_role_display()}，{end}",
            reason=reason.strip()[:200],
        )
        confirmers_changed.send(Post, on=on)
    return post


def _check_dates(account: Staff, *, starts_on: date, ends_on: date | None, on: date) -> None:
    if starts_on < on:
        raise NotAppointable("任职只能从今天或以后开始，不能倒填。", field="starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise NotAppointable("代理的最后一天不能早于第一天。", field="ends_on")
    if account.active_to is not None and account.active_to < starts_on:
        raise NotAppointable("这个账号那时已经停用，请先恢复使用，再设岗位。", field="starts_on")


def _check_deputy(
    account: Staff, principal: Staff, *, role: Role, area: Area, starts_on: date, ends_on: date | None
) -> None:
    if principal == account:
        raise NotAppointable("不能代理自己，请填被代理人的工号。", field="on_behalf_of")
    if ends_on is None:
        raise NotAppointable("代理须写明最后一天，到期自动失效；到时还要代理的，再设一次。", field="ends_on")
    held = overlapping_posts(principal, area=area, starts_on=starts_on, ends_on=ends_on).filter(role=role)
    if not held.exists():
        raise NotAppointable(
            f"{principal.name}那时在{area.name}不任“{role.label}”，不能代理。请核对岗位、区划和工号。",
            field="on_behalf_of",
        )


def _check_beside_others(
    account: Staff, *, role: Role, area: Area, starts_on: date, ends_on: date | None, reason: str
) -> None:
    beside = overlapping_posts(account, area=area, starts_on=starts_on, ends_on=ends_on)
    same = beside.filter(role=role).first()
    if same is not None:
        until = f"至{chinese_date(same.ends_on)}" if same.ends_on else "起"
        raise NotAppointable(
            f"{account.name}在{area.name}已任“{role.label}”（{chinese_date(same.starts_on)}{until}），时间重叠。",
            field="role",
        )
    apart = held_apart_from(role)
    if apart is not None and beside.filter(role=apart).exists() and not reason.strip():
        raise NotAppointable(
            f"{account.name}在{area.name}已任“{apart.label}”。{WHY_APART}。请另设一人；县里同意兼任的，写明理由。",
            field="reason",
        )


def _check_end(post: Post, *, last_day: date, reason: str, on: date) -> None:
    if post.ends_on is not None and post.ends_on < on:
        raise NotAppointable("这个岗位已经结束。")
    if not reason.strip():
        raise NotAppointable("请写明原因。", field="reason")
    if last_day < on - timedelta(days=1):
        raise NotAppointable("最后一天最早填昨天（即刻收回）：以前办的事仍然有效，不能倒填。", field="last_day")
    if post.ends_on is not None and last_day > post.ends_on:
        raise NotAppointable(
            f"这个岗位原定到{chinese_date(post.ends_on)}为止；要延长的，请另设岗位。", field="last_day"
        )
