import pgtrigger
from django.conf import settings
from django.db import models

from foundation.trail import append_only
from organizations.models.staff import Post, Staff


class StaffEventKind(models.TextChoices):
    OPENED = "opened", "开通账号"
    CORRECTED = "corrected", "更正资料"
    ENDED = "ended", "停用账号"
    RESUMED = "resumed", "恢复使用"
    PASSWORD_RESET = "password_reset", "重置密码"
    UNLOCKED = "unlocked", "解除登录锁定"
    SESSIONS_ENDED = "sessions_ended", "结束全部登录"
    SESSION_ENDED = "session_ended", "结束一处登录"
    FACTOR_SET = "factor_set", "启用两步验证"
    FACTOR_RESET = "factor_reset", "重置两步验证"
    RECOVERY_USED = "recovery_used", "用备用码登录"
    RECOVERY_RENEWED = "recovery_renewed", "更换备用码"
    APPOINTED = "appointed", "任职"
    POST_ENDED = "post_ended", "结束任职"


@pgtrigger.register(append_only())
class StaffEvent(models.Model):
    """账号记录: what was done to an account and its posts, by whom and why; written once."""

    staff = models.ForeignKey(Staff, on_delete=models.RESTRICT, related_name="events", verbose_name="工作人员")
    kind = models.CharField("事件", max_length=20, choices=StaffEventKind)
    on = models.DateField("日期")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    post = models.ForeignKey(
        Post, on_delete=models.RESTRICT, null=True, blank=True, related_name="events", verbose_name="任职"
    )
    note = models.CharField("内容", max_length=200, blank=True)
    reason = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "账号记录"
        verbose_name_plural = "账号记录"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("staff", "kind"), name="staff_event_by_staff")]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"
