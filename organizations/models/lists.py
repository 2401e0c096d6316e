"""What a person keeps of the lists: named filters (保存的筛选) and the columns shown (显示的列)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from foundation.trail import recorded


@recorded(deletable=True)
class SavedFilter(models.Model):
    """保存的筛选: a name for what stands in a list's address; its owner's only."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="saved_filters", verbose_name="工作人员"
    )
    list_key = models.CharField("列表", max_length=30)
    name = models.CharField("名称", max_length=30)
    query = models.CharField("筛选条件", max_length=1000)

    class Meta:
        verbose_name = "保存的筛选"
        verbose_name_plural = "保存的筛选"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="saved_filter_name_once",
                fields=("staff", "list_key", "name"),
                violation_error_message="这个列表已有同名的筛选。",
            ),
            models.CheckConstraint(name="saved_filter_whole", condition=~Q(name="") & ~Q(query="")),
        ]

    def __str__(self) -> str:
        return self.name


@recorded(deletable=True)
class ListColumns(models.Model):
    """显示的列: which columns of a list a person wants to see."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="工作人员"
    )
    list_key = models.CharField("列表", max_length=30)
    columns = ArrayField(models.CharField(max_length=30), verbose_name="列")

    class Meta:
        verbose_name = "显示的列"
        verbose_name_plural = "显示的列"
        constraints = [models.UniqueConstraint(name="list_columns_once", fields=("staff", "list_key"))]

    def __str__(self) -> str:
        return f"{self.list_key} {'、'.join(self.columns)}"
