from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from foundation.trail import recorded
from organizations.models.areas import Area


class Scheme(models.TextChoices):
    """Schemes (险种) whose confirmation can be delegated."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困"


@recorded()
class Delegation(models.Model):
    """委托下放: confirmation of a scheme delegated to a township, with its document (方案 task 17; F2022 四（一))."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="delegations", verbose_name="乡镇")
    scheme = models.CharField("险种", max_length=20, choices=Scheme)
    valid = DateRangeField("有效期")
    document_number = models.CharField("下放文件文号", max_length=60)

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
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.get_scheme_display()} {self.document_number}"
