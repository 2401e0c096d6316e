"""Dated standards and parameters, and assessments as they were made."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from foundation.trail import append_only, recorded
from households.models import Household
from organizations.models import Area


@recorded()
class SourceDocument(models.Model):
    """依据文件: number, date and title of what a parameter rests on."""

    number = models.CharField("文号", max_length=80, unique=True)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    issuer = models.CharField("发文机关", max_length=100, blank=True)
    address = models.CharField("网址", max_length=300, blank=True)

    class Meta:
        verbose_name = "依据文件"
        verbose_name_plural = "依据文件"
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number


class ResidenceScope(models.TextChoices):
    BOTH = "both", "城乡"
    URBAN = "urban", "城市"
    RURAL = "rural", "农村"


@recorded()
class Parameter(models.Model):
    """标准与参数: one value of one key for an area and residence over a time, with its source."""

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("值")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="适用区划")
    residence = models.CharField("城乡", max_length=10, choices=ResidenceScope, default=ResidenceScope.BOTH)
    valid = DateRangeField("有效期")
    source = models.ForeignKey(
        SourceDocument, on_delete=models.RESTRICT, related_name="parameters", verbose_name="依据文件"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    is_local_practice = models.BooleanField("本地做法", default=False)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "标准与参数"
        verbose_name_plural = "标准与参数"
        ordering = ("key", "residence", "valid")
        constraints = [
            ExclusionConstraint(
                name="parameter_once_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    ("residence", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一参数在这段时间已有值。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


@pgtrigger.register(append_only())
class Assessment(models.Model):
    """试算: the whole input by member id (never ID numbers), the parameters, the explained result; written once."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="assessments", verbose_name="家庭")
    on = models.DateField("试算日期")
    engine_version = models.CharField("引擎版本", max_length=20)
    facts = models.JSONField("家庭事实")
    parameters = models.JSONField("参数")
    result = models.JSONField("结果")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="试算人"
    )
    made_at = models.DateTimeField("试算时间", auto_now_add=True)

    class Meta:
        verbose_name = "试算"
        verbose_name_plural = "试算"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("household", "on"), name="assessment_by_household")]

    def __str__(self) -> str:
        return f"{self.household} {self.on}"
