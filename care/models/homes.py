"""供养服务机构（敬老院） and who lives there (集中供养); beds and safety are kept elsewhere."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models import Award
from foundation.trail import recorded
from households.models import Person
from organizations.models import Area


@recorded()
class WelfareHome(models.Model):
    """供养服务机构: known by its name in an area; kept up by the county."""

    name = models.CharField("机构名称", max_length=60)
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="所在区划")
    closed_on = models.DateField("停办日期", null=True, blank=True)

    class Meta:
        verbose_name = "供养服务机构"
        verbose_name_plural = "供养服务机构"
        ordering = ("area__code", "name")
        constraints = [
            models.UniqueConstraint(
                name="welfare_home_once",
                fields=("area", "name"),
                violation_error_message="这个区划已有同名的供养服务机构。",
            )
        ]

    def __str__(self) -> str:
        return self.name


@recorded()
class Admission(models.Model):
    """入住: a 特困 person lives in an institution from a day on."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="admissions", verbose_name="待遇")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="特困人员")
    home = models.ForeignKey(
        WelfareHome, on_delete=models.RESTRICT, related_name="admissions", verbose_name="供养服务机构"
    )
    admitted_on = models.DateField("入住日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    left_on = models.DateField("离院日期", null=True, blank=True)
    left_reason = models.CharField("离院原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "入住供养服务机构"
        verbose_name_plural = "入住供养服务机构"
        ordering = ("-admitted_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="admission_one_open",
                fields=("person",),
                condition=Q(left_on=None),
                violation_error_message="这个人已登记入住，尚未离院。",
            ),
            models.CheckConstraint(
                name="admission_left_whole",
                condition=Q(left_on=None, left_reason="") | Q(left_on__gte=F("admitted_on")) & ~Q(left_reason=""),
                violation_error_message="离院日期不能早于入住日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.home}"
