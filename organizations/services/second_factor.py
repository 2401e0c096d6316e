"""Second factor (两步验证): six digits from the person's phone, by time (TOTP, RFC 6238), or a recovery code (备用码).

The key is stored encrypted and recovery codes as keyed hashes, so that a copy of the database opens no account.
"""

import hmac
import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from foundation.crypto import blind_index, normal_form
from foundation.errors import ServiceError
from foundation.trail import because
from organizations.models import SecondFactor, SessionEnd, Staff, StaffEventKind
from organizations.services.events import note
from organizations.services.sessions import end_logins

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""A phone's clock may be half a minute early or late."""
RECOVERY_CODES = 10
_RECOVERY_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_RECOVERY_LENGTH = 10


class FactorRefused(ServiceError):
    """The second factor cannot be set up like this."""


class Answer(StrEnum):
    """What a code at the second step was."""

    RIGHT = "right"
    RECOVERY = "recovery"
    WRONG = "wrong"
    LOCKED = "locked"


@transaction.atomic
def start_second_factor(staff: Staff) -> SecondFactor:
    """Make a new key for a person's phone; the one in force, if any, stays until the new one is confirmed."""
    factor, _ = SecondFactor.objects.get_or_create(staff=staff)
    factor.pending = pyotp.random_base32()
    factor.save(update_fields=["pending"])
    return factor


@sensitive_variables()
@transaction.atomic
def confirm_second_factor(staff: Staff, *, code: str, at: datetime, keep: str = "") -> list[str]:
    """Put the new key into force with a code from it (启用两步验证); every other session ends.

    :param keep: the session that goes on.
    :returns: the recovery codes in clear: shown once, kept nowhere.
    :raises FactorRefused: no key was made before, or the code is not its code.
    """
    factor = SecondFactor.objects.select_for_update(of=("self",)).filter(staff=staff).first()
    if factor is None or not factor.pending:
        raise FactorRefused("请先点“开始设置”，再扫码。")
    step = _step_of(factor.pending.reveal(), code, at=at, after=0)
    if not step:
        raise FactorRefused("验证码不对。请看手机上最新的6位数字；手机时间要设为自动。", field="code")
    codes = _fresh_codes()
    factor.secret, factor.pending, factor.last_step, factor.failures = factor.pending, "", step, 0
    factor.recovery = [_index_of(staff, code) for code in codes]
    staff.second_factor_at = at
    with because("启用两步验证"):
        factor.save()
        staff.save(update_fields=["second_factor_at"])
        end_logins(staff, SessionEnd.FACTOR, keep=keep)
        note(staff, StaffEventKind.FACTOR_SET, by=staff, on=timezone.localdate(at))
    return codes


@sensitive_variables()
@transaction.atomic
def renew_recovery_codes(staff: Staff, *, on: date) -> list[str]:
    """Make ten new recovery codes (更换备用码); the old ones open nothing any more.

    :returns: the codes in clear: shown once, kept nowhere.
    :raises FactorRefused: no second factor is in force.
    """
    factor = SecondFactor.objects.select_for_update(of=("self",)).filter(staff=staff).first()
    if factor is None or not factor.secret:
        raise FactorRefused("还没有启用两步验证。")
    codes = _fresh_codes()
    factor.recovery = [_index_of(staff, code) for code in codes]
    factor.save(update_fields=["recovery"])
    note(staff, StaffEventKind.RECOVERY_RENEWED, by=staff, on=on)
    return codes


@sensitive_variables("code")
@transaction.atomic
def answer_second_step(staff: Staff, *, code: str, at: datetime) -> Answer:
    """Take a code at the second step of log-in, counting what is wrong; each code opens once.

    Says what it was instead of raising, since a refusal that is rolled back would not be counted.
    """
    factor = SecondFactor.objects.select_for_update(of=("self",)).filter(staff=staff).first()
    if factor is None or not factor.secret:
        return Answer.WRONG
    if locked_until(factor) is not None and at < locked_until(factor):  # type: ignore[operator]
        return Answer.LOCKED
    index = _index_of(staff, code)
    if step := _step_of(factor.secret.reveal(), code, at=at, after=factor.last_step):
        factor.last_step, factor.failures, answer = step, 0, Answer.RIGHT
    elif index in factor.recovery:
        factor.recovery = [one for one in factor.recovery if one != index]
        factor.failures, answer = 0, Answer.RECOVERY
        left = f"还剩{len(factor.recovery)}个"
        note(staff, StaffEventKind.RECOVERY_USED, by=staff, on=timezone.localdate(at), note=left)
    else:
        is_over = locked_until(factor) is not None
        factor.failures = 1 if is_over else factor.failures + 1
        factor.failed_at, answer = at, Answer.WRONG
        if locked_until(factor) is not None:
            answer = Answer.LOCKED
    factor.save(update_fields=["last_step", "failures", "failed_at", "recovery"])
    return answer


def locked_until(factor: SecondFactor) -> datetime | None:
    """Until when no code is taken after too many wrong ones; None where nothing is locked or ever was."""
    if factor.failures < settings.LOCKOUT_FAILURES or factor.failed_at is None:
        return None
    return factor.failed_at + timedelta(minutes=settings.LOCKOUT_MINUTES)


def _step_of(secret: str, code: str, *, at: datetime, after: int) -> int:
    """Which half minute a code belongs to, now or one to either side, later than the last one taken; 0 for none."""
    typed, now = normal_form(code), int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return 0


def _fresh_codes() -> list[str]:
    """Signs that are not taken for each other, in two groups of five."""
    drawn = ["".join(secrets.choice(_RECOVERY_SIGNS) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    return [f"{code[:5]}-{code[5:]}" for code in drawn]


def _index_of(staff: Staff, code: str) -> str:
    return blind_index(f"{staff.pk}:{normal_form(code).replace('-', '')}", purpose="recovery_code")
