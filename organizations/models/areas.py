from django.db import models

from foundation.trail import recorded
from organizations.rules.roles import Permission


class AreaLevel(models.TextChoices):
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村（社区）"


_CODE_LENGTHS = {AreaLevel.COUNTY: 6, AreaLevel.TOWNSHIP: 9, AreaLevel.VILLAGE: 12}


@recorded()
class Area(models.Model):
    """行政区划: county, township or village, by GB/T 2260 and GB/T 10114 codes (6, 9, 12 digits)."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=AreaLevel)
    parent = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    telephone = models.CharField("办公电话", max_length=30, blank=True)

    class Meta:
        verbose_name = "行政区划"
        verbose_name_plural = "行政区划"
        ordering = ("code",)
        permissions = [(permission.value, permission.label) for permission in Permission]
        constraints = [
            models.CheckConstraint(
                name="area_code_matches_level",
                condition=models.Q(level="county", code__regex=r"^\d{6}$", parent=None)
                | models.Q(level="township", code__regex=r"^\d{9}$", parent__isnull=False)
                | models.Q(level="village", code__regex=r"^\d{12}$", parent__isnull=False),
                violation_error_message="区划代码位数应与级别一致：县6位、乡镇9位、村（社区）12位。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """The name as people say it: 临溪村, 杨柳社区."""
        return self.name.removesuffix("委会").removesuffix("居") if self.level == AreaLevel.VILLAGE else self.name

    @property
    def township_code(self) -> str:
        """Code of the township that the area is or lies in; empty for the county."""
        return self.code[:9] if self.level != AreaLevel.COUNTY else ""


@recorded()
class Department(models.Model):
    """部门: 县民政局 and the others that the policy names."""

    code = models.SlugField("代码", unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="departments", verbose_name="所在区划")
    telephone = models.CharField("电话", max_length=30, blank=True)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "部门"
        verbose_name_plural = "部门"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
