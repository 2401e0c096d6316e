from django.db import models


class AccountState(models.TextChoices):
    """How a staff account stands today (账号状态); the first that holds, from the top."""

    TO_COME = "to_come", "未启用"
    ENDED = "ended", "停用"
    LOCKED = "locked", "登录锁定"
    FIRST_PASSWORD = "first_password", "首次密码未改"
    IN_USE = "in_use", "在用"
