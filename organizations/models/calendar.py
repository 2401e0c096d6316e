from django.db import models

from foundation.trail import recorded


@recorded()
class CalendarYear(models.Model):
    """工作日历年度: a year whose official holiday notice has been entered."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    source = models.CharField("依据文件", max_length=200)

    class Meta:
        verbose_name = "工作日历年度"
        verbose_name_plural = "工作日历年度"
        ordering = ("year",)

    def __str__(self) -> str:
        return f"{self.year}年"


@recorded(deletable=True)
class CalendarDay(models.Model):
    """节假日与调休: a day that departs from Monday–Friday."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "节假日与调休"
        verbose_name_plural = "节假日与调休"
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day} {self.name}{'（上班）' if self.is_working else '（放假）'}"
