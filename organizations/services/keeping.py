"""Keeping staff accounts (账号维护): open, correct, suspend, resume, reset, unlock; by an administrator, on record."""

from dataclasses import dataclass
from datetime import date, timedelta

from axes.utils import reset as forget_failures
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.passwords import first_password
from foundation.trail import because
from organizations.models import Area, Department, SecondFactor, SessionEnd, Staff, StaffEventKind
from organizations.permissions import Permission, Role, check_can_act
from organizations.queries import facts_version
from organizations.services.accounts import open_account
from organizations.services.administrators import check_an_administrator_stays
from organizations.services.appointing import appoint_officer
from organizations.services.events import note
from organizations.services.posts import sync_grants
from organizations.services.sessions import end_logins
from organizations.signals import confirmers_changed


class AccountRefused(ServiceError):
    """The account cannot be changed like this."""


@dataclass(frozen=True)
class AccountFacts:
    """What is written down of a person's account (账号资料)."""

    staff_number: str
    name: str
    area: Area
    department: Department | None = None


@sensitive_variables("password", "id_number")
@transaction.atomic
def open_officer_account(
    *,
    facts: AccountFacts,
    active_from: date,
    active_to: date | None,
    role: Role,
    post_area: Area,
    by: Staff,
    on: date,
    id_number: str = "",
) -> tuple[Staff, str]:
    """Open an account with its first post (开户).

    :param id_number: by which near relatives are found among applicants; only its blind index is kept.
    :returns: the account, and its first password in clear: shown once, kept nowhere.
    :raises AccountRefused: the number is taken, or the dates do not fit.
    :raises NotAppointable: the role is not held on the area's level.
    """
    check_can_act(by, Permission.MANAGE_STAFF, area=facts.area)
    _check_number(facts.staff_number)
    if active_from < on:
        raise AccountRefused("启用日期不能早于今天。", field="active_from")
    if active_to is not None and active_to < active_from:
        raise AccountRefused("停用日期不能早于启用日期。", field="active_to")
    password = first_password()
    with because("开通账号"):
        account = open_account(
            staff_number=facts.staff_number,
            name=facts.name,
            area=facts.area,
            department=facts.department,
            on=active_from,
            password=password,
            id_number=id_number,
        )
        account.active_to = active_to
        account.save(update_fields=["active_to"])
        note(account, StaffEventKind.OPENED, by=by, on=on, note=f"工号{facts.staff_number}，{facts.area.name}")
        appoint_officer(account, role=role, area=post_area, starts_on=active_from, by=by, on=on)
    return account, password


@transaction.atomic
def correct_account(
    account: Staff, *, facts: AccountFacts, version: int, by: Staff, on: date, reason: str = ""
) -> Staff:
    """Correct what is written down of an account (更正资料).

    Near relatives are found by name, so another name takes a reason and somebody else's hand.

    :param version: :func:`organizations.queries.facts_version` of the page on which the facts were typed.
    :raises StaleVersion: somebody else saved first.
    :raises AccountRefused: the number is taken or has been used to log in, nothing changed, or a name is changed
        without a reason or on one's own account.
    """
    account = _locked(account, by=by)
    check_can_act(by, Permission.MANAGE_STAFF, area=facts.area)
    if facts_version(account) != version:
        raise StaleVersion("这个账号刚被别人修改过。下面列出两个版本，请核对后再保存。")
    if facts.staff_number != account.staff_number:
        if account.last_login is not None:
            raise AccountRefused("这个工号已经登录使用过，不能再改；确需换号的，停用后另开账号。", field="staff_number")
        _check_number(facts.staff_number, but=account)
    changed = {name: value for name, value in vars(facts).items() if getattr(account, name) != value}
    if not changed:
        raise AccountRefused("没有任何变化，不用保存。")
    if "name" in changed:
        if account == by:
            raise AccountRefused("不能更正自己的姓名，请由另一位系统管理员办理。", field="name")
        if not reason.strip():
            raise AccountRefused("更正姓名须写明原因，如“录入错字，已核对身份证”。", field="reason")
    changes = "；".join(
        f"{Staff._meta.get_field(name).verbose_name}：{getattr(account, name) or '—'}→{value or '—'}"  # type: ignore[union-attr]
        for name, value in changed.items()
    )
    for name, value in changed.items():
        setattr(account, name, value)
    with because("更正账号资料", reason):
        account.save(update_fields=list(changed))
        note(account, StaffEventKind.CORRECTED, by=by, on=on, note=changes, reason=reason)
    return account


@transaction.atomic
def suspend_account(account: Staff, *, last_day: date, reason: str, by: Staff, on: date) -> Staff:
    """Let an account be used up to a day and no longer (停用账号); its posts stay, their rights rest.

    :param last_day: yesterday takes it away at once.
    :raises AccountRefused: one's own account, no reason, or a day that does not fit.
    :raises NoAdministratorLeft: nobody could keep accounts any more.
    """
    account = _locked(account, by=by)
    if account == by:
        raise AccountRefused("不能停用自己的账号，请由另一位系统管理员办理。")
    if account.active_to is not None and account.active_to < on:
        raise AccountRefused("这个账号已经停用。")
    _check_reason(reason)
    if last_day < on - timedelta(days=1):
        raise AccountRefused("最后一天最早填昨天（即刻停用）：以前的登录已经发生，不能倒填。", field="last_day")
    account.active_to = max(last_day, account.active_from - timedelta(days=1))
    check_an_administrator_stays(after=last_day, without_account=account)
    with because("停用账号", reason):
        account.save(update_fields=["active_to"])
        sync_grants(account, on=on)
        note(account, StaffEventKind.ENDED, by=by, on=on, note=f"用到{chinese_date(last_day)}为止", reason=reason)
        confirmers_changed.send(Staff, on=on)
    return account


@transaction.atomic
def resume_account(account: Staff, *, reason: str, by: Staff, on: date) -> Staff:
    """Let a suspended account be used again (恢复使用), with the posts that have not ended since.

    :raises AccountRefused: the account is in use without an end, or no reason is given.
    """
    account = _locked(account, by=by)
    if account == by:
        raise AccountRefused("不能延长自己的账号，请由另一位系统管理员办理。")
    if account.active_to is None:
        raise AccountRefused("这个账号没有停用，不用恢复。")
    _check_reason(reason)
    with because("恢复使用账号", reason):
        account.active_to = None
        account.save(update_fields=["active_to"])
        sync_grants(account, on=on)
        # The door ends a suspended account's sessions as they ask, saying why; what has not asked is not revived.
        end_logins(account, SessionEnd.ACCOUNT)
        note(account, StaffEventKind.RESUMED, by=by, on=on, reason=reason)
    return account


@sensitive_variables("password")
@transaction.atomic
def reset_password(account: Staff, *, reason: str, by: Staff, on: date) -> tuple[Staff, str]:
    """Give an account a new first password (重置密码): whoever is signed in with the old one is out.

    :returns: the account, and the password in clear: shown once, kept nowhere.
    :raises AccountRefused: one's own account, or no reason.
    """
    account = _locked(account, by=by)
    if account == by:
        raise AccountRefused("自己的密码请在“我的账号”里修改。")
    _check_reason(reason)
    password = first_password()
    account.set_password(password)
    account.must_change_password = True
    with because("重置密码", reason):
        account.save(update_fields=["password", "must_change_password"])
        end_logins(account, SessionEnd.PASSWORD)
        forget_failures(username=account.staff_number)
        note(account, StaffEventKind.PASSWORD_RESET, by=by, on=on, reason=reason)
    return account, password


@transaction.atomic
def unlock_account(account: Staff, *, reason: str, by: Staff, on: date) -> None:
    """Open log-in again after too many failures (解除登录锁定).

    :raises AccountRefused: nothing is locked, or no reason.
    """
    account = _locked(account, by=by)
    if account == by:
        raise AccountRefused("您已经登录，自己的账号不用解除锁定。")
    _check_reason(reason)
    wrong_codes = SecondFactor.objects.filter(staff=account, failures__gt=0).update(failures=0)
    if not forget_failures(username=account.staff_number) and not wrong_codes:
        raise AccountRefused("这个账号没有输错密码的记录，不用解除锁定。")
    note(account, StaffEventKind.UNLOCKED, by=by, on=on, reason=reason)


@transaction.atomic
def end_sessions(account: Staff, *, reason: str, by: Staff, on: date) -> None:
    """End every session of an account (结束全部登录); the password stays.

    :raises AccountRefused: no reason.
    """
    account = _locked(account, by=by)
    _check_reason(reason)
    with because("结束全部登录", reason):
        end_logins(account, SessionEnd.BY_ADMINISTRATOR)
        note(account, StaffEventKind.SESSIONS_ENDED, by=by, on=on, reason=reason)


@transaction.atomic
def reset_second_factor(account: Staff, *, reason: str, by: Staff, on: date) -> None:
    """Take a lost second factor off an account (重置两步验证); every session ends, the password stays.

    :raises AccountRefused: one's own account, none in force, or no reason.
    """
    account = _locked(account, by=by)
    if account == by:
        raise AccountRefused("不能重置自己的两步验证：用备用码登录后重新设置，或请另一位系统管理员办理。")
    if account.second_factor_at is None:
        raise AccountRefused("这个账号没有启用两步验证，不用重置。")
    _check_reason(reason)
    take_off_second_factor(account, reason=reason)
    note(account, StaffEventKind.FACTOR_RESET, by=by, on=on, reason=reason)


def take_off_second_factor(account: Staff, *, reason: str) -> None:
    """The account's password alone opens it again; also for the operator's command, within an act's transaction."""
    account.second_factor_at = None
    with because("重置两步验证", reason):
        account.save(update_fields=["second_factor_at"])
        SecondFactor.objects.filter(staff=account).delete()
        end_logins(account, SessionEnd.FACTOR)


def _locked(account: Staff, *, by: Staff) -> Staff:
    """The account, held until the end of the transaction.

    :raises NotPermitted: the person does not keep accounts there, or it is the operators' own.
    """
    # Without the key: two administrators at each other's account both write their own name into the record.
    held = Staff.objects.select_for_update(of=("self",), no_key=True)
    account = held.select_related("area", "department").get(pk=account.pk)
    check_can_act(by, Permission.MANAGE_STAFF, area=account.area)
    if account.is_superuser:
        raise NotPermitted("这是运行维护用的账号，只能在服务器上维护。")
    return account


def _check_number(number: str, *, but: Staff | None = None) -> None:
    taken = Staff.objects.filter(staff_number__iexact=number).exclude(pk=but.pk if but else 0).first()
    if taken is not None:
        raise AccountRefused(f"工号{taken.staff_number}已有账号（{taken.name}），请换一个工号。", field="staff_number")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise AccountRefused("请写明原因。", field="reason")
