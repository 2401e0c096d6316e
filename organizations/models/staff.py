from collections.abc import Iterable
from copy import copy
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from guardian.models import UserObjectPermissionBase

from foundation.trail import recorded
from organizations.models.areas import Area, Department
from organizations.rules.roles import ROLE_PERMISSIONS, Permission, Role

REQUIRED = "required"
"""Value of ``settings.SECOND_FACTOR`` under which roles of the county and administrators need a second factor."""


def _day_before(field: str) -> ExpressionWrapper:
    """What was stopped before its first day was over ends on the day before it: it never held (撤销)."""
    return ExpressionWrapper(F(field) - timedelta(days=1), output_field=models.DateField())


class StaffManager(BaseUserManager["Staff"]):
    """Accounts are found by staff number (工号)."""

    def create_user(self, staff_number: str, password: str | None = None, **fields: object) -> "Staff":
        staff = self.model(staff_number=staff_number, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, staff_number: str, password: str | None = None, **fields: object) -> "Staff":
        return self.create_user(staff_number, password, is_superuser=True, **fields)


@recorded(exclude=("password", "last_login"))
class Staff(AbstractBaseUser, PermissionsMixin):
    """工作人员账号: staff number, name, area and department, active dates."""

    staff_number = models.CharField("工号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=40)
    id_number_index = models.CharField(
        "身份证号盲索引", max_length=64, blank=True, editable=False, help_text="只用来比对近亲属，证号本身不保存。"
    )
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="staff", verbose_name="所在区划")
    department = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="staff", verbose_name="部门"
    )
    active_from = models.DateField("启用日期")
    active_to = models.DateField("停用日期", null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=True)
    session_round = models.PositiveIntegerField("登录轮次", default=0, editable=False)
    """Counted on to end every session of the account at once (结束全部登录)."""
    second_factor_at = models.DateTimeField("两步验证启用时间", null=True, blank=True, editable=False)
    """Since when a session reaches anything only after its second step; empty: the password alone."""

    objects: ClassVar[StaffManager] = StaffManager()

    USERNAME_FIELD = "staff_number"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"
        ordering = ("staff_number",)
        constraints = [
            models.CheckConstraint(
                name="staff_active_dates_in_order",
                condition=Q(active_to=None) | Q(active_to__gte=_day_before("active_from")),
                violation_error_message="停用日期不能早于启用日期的前一天。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A session lasts while neither the password nor the round changed."""
        known = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.session_round:
            return str(known)
        return salted_hmac(
            "organizations.Staff.session_round", f"{known}{self.session_round}", secret=secret
        ).hexdigest()

    @property
    def is_staff(self) -> bool:
        """Django's admin site is for administrators only."""
        return self.may_administer()

    def is_active_on(self, on: date) -> bool:
        """Whether the account is in use on a day."""
        return self.active_from <= on and (self.active_to is None or on <= self.active_to)

    def area_ids(self, permission: str) -> frozenset[int]:
        """Areas (with all areas below them) in which the person may do the act; cached for the request.

        This is the one function that every queryset of families and cases starts from.
        """
        return self._grants().get(str(permission), frozenset())

    def may(self, *permissions: str) -> bool:
        """Whether the person may do one of the acts somewhere."""
        grants = self._grants()
        return any(str(permission) in grants for permission in permissions)

    def lacks_second_factor(self) -> bool:
        """Whether the county asks of this person a second factor (两步验证) that they have not set up yet."""
        if self.second_factor_at is not None or settings.SECOND_FACTOR != REQUIRED:
            return False
        if self.is_superuser:
            return True
        today = timezone.localdate()
        at_the_county = self.posts.filter(Q(ends_on=None) | Q(ends_on__gte=today), area__level="county")
        return at_the_county.filter(starts_on__lte=today).exists()

    def with_posts(self, posts: Iterable["Post"]) -> "Staff":
        """The same person with the rights of some posts only, to see what another end of a post would leave."""
        other = copy(self)
        other.forget_grants()
        held = {(allowed.value, post.area.code) for post in posts for allowed in ROLE_PERMISSIONS[Role(post.role)]}
        other.__dict__["_grant_cache"] = _expand(held)
        return other

    def may_administer(self) -> bool:
        """Whether the person is a system administrator (系统管理员)."""
        return self.is_superuser or self.may(Permission.MANAGE_STAFF)

    def _grants(self) -> dict[str, frozenset[int]]:
        cached: dict[str, frozenset[int]] | None = self.__dict__.get("_grant_cache")
        if cached is None:
            cached = self.__dict__["_grant_cache"] = _expand(self._held(timezone.localdate()))
        return cached

    def _held(self, today: date) -> set[tuple[str, str]]:
        """Grants that rest on a post which has not ended: a right is over with its post, not with the nightly task.

        Whether somebody may act is asked of the moment, not of the day that the act is dated.
        """
        rows = AreaGrant.objects.filter(
            Q(content_object__posts__ends_on=None) | Q(content_object__posts__ends_on__gte=today),
            user=self,
            content_object__posts__staff=self,
        ).values_list("permission__codename", "content_object__code", "content_object__posts__role")
        return {(codename, code) for codename, code, role in rows if codename in ROLE_PERMISSIONS[Role(role)]}

    def forget_grants(self) -> None:
        """Drop the cache after the person's grants changed."""
        self.__dict__.pop("_grant_cache", None)


def _expand(grants: Iterable[tuple[str, str]]) -> dict[str, frozenset[int]]:
    """Codes of granted areas → ids of those areas and all below them, by permission."""
    by_permission: dict[str, set[str]] = {}
    for codename, code in grants:
        by_permission.setdefault(codename, set()).add(code)
    areas = list(Area.objects.values_list("pk", "code")) if by_permission else []
    scopes: dict[frozenset[str], frozenset[int]] = {}
    for codes in map(frozenset, by_permission.values()):
        if codes not in scopes:
            scopes[codes] = frozenset(pk for pk, code in areas if code.startswith(tuple(codes)))
    return {codename: scopes[frozenset(codes)] for codename, codes in by_permission.items()}


@recorded()
class Post(models.Model):
    """任职: one role of one person in one area for a time; grants follow from it."""

    staff = models.ForeignKey(Staff, on_delete=models.RESTRICT, related_name="posts", verbose_name="工作人员")
    role = models.CharField("岗位", max_length=30, choices=[(role.value, role.label) for role in Role])
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="posts", verbose_name="管辖区划")
    starts_on = models.DateField("任职起")
    ends_on = models.DateField("任职止", null=True, blank=True)
    on_behalf_of = models.ForeignKey(
        Staff,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="deputising_posts",
        verbose_name="代理谁",
    )
    """Whose post this is for a time (代理); the two count as one person where one's work is checked by another."""

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering = ("staff", "starts_on")
        constraints = [
            models.CheckConstraint(
                name="post_dates_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=_day_before("starts_on")),
                violation_error_message="任职止不能早于任职起的前一天。",
            ),
            models.UniqueConstraint(
                name="post_once_at_a_time",
                fields=("staff", "role", "area"),
                condition=Q(ends_on=None),
                violation_error_message="这个人在该区划已有同一岗位。",
            ),
            models.CheckConstraint(
                name="post_of_a_deputy_is_for_a_time",
                condition=Q(on_behalf_of=None) | Q(ends_on__isnull=False) & ~Q(on_behalf_of=models.F("staff")),
                violation_error_message="代理须写明最后一天，不能代理自己。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area}・{self.get_role_display()}"

    @property
    def in_words(self) -> str:
        """The post, and whose it is where somebody stands in for them: 临溪镇・乡镇经办人（代理程晓燕）."""
        return f"{self}（代理{self.on_behalf_of}）" if self.on_behalf_of_id else str(self)

    @property
    def group(self) -> Group:
        return Group.objects.get(name=self.role)


@recorded(deletable=True)
class AreaGrant(UserObjectPermissionBase):
    """区划授权: django-guardian's object permission on an area; a grant on a township covers its villages."""

    content_object = models.ForeignKey(Area, on_delete=models.CASCADE, verbose_name="区划")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "区划授权"
        verbose_name_plural = "区划授权"
