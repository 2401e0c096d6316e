"""How somebody signs in: the second factor (两步验证) and the places where they are signed in (我的登录)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from foundation.crypto import EncryptedField
from foundation.trail import recorded


@recorded(deletable=True, exclude=("secret", "pending", "recovery", "last_step", "failures", "failed_at"))
class SecondFactor(models.Model):
    """两步验证: what a person's authenticator and this system both know; whether it is in force says the account."""

    staff = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="second_factor", verbose_name="工作人员"
    )
    secret = EncryptedField("密钥", purpose="second_factor", blank=True)
    pending = EncryptedField("待确认的密钥", purpose="second_factor", blank=True)
    recovery = ArrayField(models.CharField(max_length=64), verbose_name="备用码盲索引", default=list, blank=True)
    """Keyed hashes of the recovery codes that are not used yet."""
    last_step = models.BigIntegerField("最近用过的时间段", default=0)
    """Number of the half minute whose code was taken last: neither it nor an earlier one is taken again."""
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)
    failed_at = models.DateTimeField("最近输错时间", null=True, blank=True)

    class Meta:
        verbose_name = "两步验证"
        verbose_name_plural = "两步验证"

    def __str__(self) -> str:
        return str(self.staff)


class SessionEnd(models.TextChoices):
    """How a log-in came to its end."""

    LOGGED_OUT = "logged_out", "退出登录"
    BY_OWNER = "by_owner", "本人结束"
    BY_ADMINISTRATOR = "by_administrator", "管理员结束"
    PASSWORD = "password", "修改或重置密码"
    FACTOR = "factor", "两步验证变更"
    POST = "post", "结束任职"
    ACCOUNT = "account", "停用账号"


@recorded(exclude=("session_key",))
class LoginSession(models.Model):
    """登录: one log-in of an account, from where and on what; ended by its owner, an administrator or an act."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="logins", verbose_name="工作人员"
    )
    session_key = models.CharField("会话", max_length=40, unique=True, null=True, blank=True)
    """The cookie's value while the session may be used; none after its end."""
    began_at = models.DateTimeField("登录时间")
    address = models.CharField("网络地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=60, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_how = models.CharField("结束方式", max_length=20, choices=SessionEnd, blank=True)

    class Meta:
        verbose_name = "登录"
        verbose_name_plural = "登录"
        ordering = ("-began_at", "-pk")
        indexes = [models.Index(fields=("staff", "ended_at"), name="login_by_staff")]
        constraints = [
            models.CheckConstraint(
                name="login_ends_somehow",
                condition=Q(ended_at=None, ended_how="")
                | Q(ended_at__isnull=False, session_key=None) & ~Q(ended_how=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.device}"
