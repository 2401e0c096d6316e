from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from foundation.files import private_path
from foundation.trail import recorded
from organizations.models.areas import Area


class Scheme(models.TextChoices):
    """Schemes (险种) of cases; confirmation of each can be delegated."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困"
    MARGINAL = "marginal", "低保边缘"
    RIGID_EXPENSE_HOUSEHOLD = "rigid_expense_household", "刚性支出困难"
    TEMPORARY_AID = "temporary_aid", "临时救助"


DELEGABLE = tuple(scheme for scheme in Scheme if scheme != Scheme.TEMPORARY_AID)
"""Schemes whose confirmation a document delegates; of 临时救助 the amount says who decides (国务院令649号 §48)."""


@recorded()
class Delegation(models.Model):
    """委托下放: confirmation of a scheme delegated to a township, with its document (方案 task 17; F2022 四（一))."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="delegations", verbose_name="乡镇")
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    valid = DateRangeField("有效期")
    document_number = models.CharField("下放文件文号", max_length=60)
    document_date = models.DateField("下放文件日期", null=True, blank=True)
    scan = models.FileField("下放文件扫描件", upload_to=private_path, max_length=200, blank=True)
    scan_type = models.CharField("扫描件格式", max_length=40, blank=True)
    delegated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="下放登记人",
    )
    end_document_number = models.CharField("收回文件文号", max_length=60, blank=True)
    end_document_date = models.DateField("收回文件日期", null=True, blank=True)
    end_scan = models.FileField("收回文件扫描件", upload_to=private_path, max_length=200, blank=True)
    end_scan_type = models.CharField("收回扫描件格式", max_length=40, blank=True)
    withdrawn_start = models.DateField("撤销的起始日", null=True, blank=True)
    """The first day that was planned, where the delegation was withdrawn before it; ``valid`` is empty then."""
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="收回登记人",
    )

    class Meta:
        verbose_name = "委托下放"
        verbose_name_plural = "委托下放"
        ordering = ("area", "scheme")
        constraints = [
            ExclusionConstraint(
                name="delegation_once_at_a_time",
                expressions=[
                    ("area", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="该乡镇的这一险种在这段时间已经下放。",
            ),
            models.CheckConstraint(
                name="delegation_ends_with_a_document",
                condition=Q(valid__upper_inf=True, end_document_number="", end_document_date=None)
                | Q(valid__upper_inf=False, end_document_date__isnull=False) & ~Q(end_document_number=""),
                violation_error_message="收回下放须登记收回文件的文号和日期。",
            ),
            models.CheckConstraint(
                name="delegation_withdrawn_was_planned",
                condition=Q(valid__isempty=False, withdrawn_start=None)
                | Q(valid__isempty=True, withdrawn_start__isnull=False),
                violation_error_message="撤销的下放须留下原定的起始日。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_scheme_display()} {self.document_number}"

    @property
    def first_day(self) -> date:
        """The first day, also of a delegation that was withdrawn before it."""
        first: date = self.withdrawn_start or self.valid.lower
        return first

    @property
    def last_day(self) -> date | None:
        """The last day on which the township confirms; None while nothing ends it."""
        upper: date | None = self.valid.upper
        return upper - timedelta(days=1) if upper else None
