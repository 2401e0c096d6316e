"""保存期限 and 归档: how long records stay at hand, how long they are kept, and which families lie in the archive."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from foundation.trail import recorded
from households.models import Household


class RecordKind(models.TextChoices):
    """What is kept, each kind with a period of its own (个人信息保护法§19; 档案法§14)."""

    AIDED_FAMILY = "aided_family", "享受过救助的家庭档案"
    UNAIDED_FAMILY = "unaided_family", "未享受救助的家庭档案"
    MEANS_CHECK = "means_check", "核对回执和核对明细"
    ACCESS_RECORD = "access_record", "查阅、导出记录"
    HISTORY = "history", "变更记录和办件经过"


FAMILY_KINDS = (RecordKind.AIDED_FAMILY, RecordKind.UNAIDED_FAMILY)
"""Kinds that leave the working lists for the archive; the others stay beside what they tell of."""


@recorded()
class RetentionPeriod(models.Model):
    """保存期限: how many years a kind of record stays at hand and is kept in all, from a day on."""

    record_kind = models.CharField("材料种类", max_length=20, choices=RecordKind)
    active_years = models.PositiveSmallIntegerField(
        "在办库保存（年）", null=True, blank=True, help_text="办结或待遇终止后满几年可以归档；不单独归档的不填。"
    )
    keep_years = models.PositiveSmallIntegerField("保管期限（年）", null=True, blank=True, help_text="不填为永久。")
    valid = DateRangeField("有效期")
    source = models.CharField("依据", max_length=200)
    is_local_practice = models.BooleanField("本地做法", default=False)

    class Meta:
        verbose_name = "保存期限"
        verbose_name_plural = "保存期限"
        ordering = ("record_kind", "-valid")
        constraints = [
            ExclusionConstraint(
                name="retention_once_at_a_time",
                expressions=[("record_kind", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message="同一种材料同一时间只能有一个保存期限。",
            ),
            models.CheckConstraint(
                name="retention_families_are_archived",
                condition=Q(record_kind__in=FAMILY_KINDS, active_years__gte=1)
                | ~Q(record_kind__in=FAMILY_KINDS) & Q(active_years=None),
                violation_error_message="家庭档案须写明满几年归档，其他材料不单独归档。",
            ),
            models.CheckConstraint(
                name="retention_kept_while_at_hand",
                condition=Q(keep_years=None) | Q(active_years=None) | Q(keep_years__gte=F("active_years")),
                violation_error_message="保管期限不能短于在办库保存的年数。",
            ),
            models.CheckConstraint(name="retention_names_its_source", condition=~Q(source="")),
            # 网络安全法: network logs are kept six months at least; periods here are whole years.
            models.CheckConstraint(
                name="retention_of_access_a_year_at_least",
                condition=~Q(record_kind="access_record") | Q(keep_years=None) | Q(keep_years__gte=1),
                violation_error_message="查阅、导出记录至少保存一年。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_record_kind_display()} {self.length}"

    @property
    def length(self) -> str:
        """How long it is kept, in words."""
        return f"{self.keep_years}年" if self.keep_years else "永久"


@recorded()
class Archiving(models.Model):
    """归档: a family whose file left the working lists, why, and whether it was taken back."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="archivings", verbose_name="家庭")
    period = models.ForeignKey(
        RetentionPeriod, on_delete=models.RESTRICT, related_name="+", verbose_name="所依据的保存期限"
    )
    last_matter_on = models.DateField("最后一件事的日期", help_text="最后办结、停发或登记的日期，保存期限从这天起算。")
    archived_on = models.DateField("归档日期")
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="归档人"
    )
    taken_back_on = models.DateField("恢复日期", null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="恢复人",
    )
    taken_back_reason = models.CharField("恢复原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "归档"
        verbose_name_plural = "归档"
        ordering = ("-archived_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="archiving_one_standing",
                fields=("household",),
                condition=Q(taken_back_on=None),
                violation_error_message="这个家庭已经归档。",
            ),
            models.CheckConstraint(
                name="archiving_after_the_last_matter", condition=Q(archived_on__gt=F("last_matter_on"))
            ),
            models.CheckConstraint(
                name="archiving_taken_back_whole",
                condition=Q(taken_back_on=None, taken_back_by=None, taken_back_reason="")
                | Q(taken_back_on__gte=F("archived_on"), taken_back_by__isnull=False) & ~Q(taken_back_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household} {self.archived_on}"

    @property
    def keep_to_year(self) -> int | None:
        """The last year in which the file must be kept; nothing where it is kept for ever.

        It counts from the year after the last matter (机关文件材料归档范围和文书档案保管期限规定).
        """
        years = self.period.keep_years
        return self.last_matter_on.year + years if years else None
