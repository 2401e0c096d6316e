"""Seals of the history (变更留痕封存): what was on record at the end of every day, proved without keeping it twice.

The tables are written by :mod:`foundation.sealing` alone and read by :mod:`foundation.verifying`.
"""

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models

from foundation.trail import append_only


@pgtrigger.register(append_only())
class DailyDigest(models.Model):
    """每日摘要: one SM3 digest over everything sealed on a day and the digest of the day before."""

    day = models.DateField("日期", unique=True)
    taken_at = models.DateTimeField("封存时间")
    previous = models.CharField("上一日摘要", max_length=64, blank=True)
    digest = models.CharField("摘要", max_length=64, unique=True)
    signature = models.CharField("密钥签名", max_length=64)
    rows = models.PositiveBigIntegerField("封存行数")

    class Meta:
        verbose_name = "每日摘要"
        verbose_name_plural = "每日摘要"
        ordering = ("-day",)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.digest}"


@pgtrigger.register(append_only())
class SealedTable(models.Model):
    """封存表: what one table gave to a day's digest.

    :ivar columns: the columns that were sealed; those which a later release adds are no part of older seals.
    :ivar frontier: the last number that the table had given out; no honest row comes up to it afterwards.
    :ivar runs: the sealed numbers as first and last of each unbroken run.
    :ivar seals: SM3 over the seals of the rows, in order.
    """

    digest = models.ForeignKey(DailyDigest, on_delete=models.RESTRICT, related_name="tables", verbose_name="每日摘要")
    kind = models.ForeignKey(ContentType, on_delete=models.RESTRICT, related_name="+", verbose_name="表")
    columns = ArrayField(models.CharField(max_length=63), verbose_name="列")
    frontier = models.BigIntegerField("已用编号")
    runs = ArrayField(models.BigIntegerField(), verbose_name="编号区间")
    rows = models.PositiveBigIntegerField("行数")
    seals = models.CharField("封存摘要", max_length=64)

    class Meta:
        verbose_name = "封存表"
        verbose_name_plural = "封存表"
        constraints = [models.UniqueConstraint(name="sealed_table_once_a_day", fields=("digest", "kind"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.rows}"


@pgtrigger.register(append_only())
class RowSeal(models.Model):
    """行封存: keyed hash (HMAC-SM3) of the plain text of one row.

    :ivar subject_id: the row's object, so that a row which is gone can still be named.
    """

    pk = models.CompositePrimaryKey("kind_id", "row_id", verbose_name="编号")
    kind = models.ForeignKey(
        ContentType,
        on_delete=models.RESTRICT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # checks of millions of rows would wait in memory for the end of the transaction
        verbose_name="表",
    )
    row_id = models.BigIntegerField("行号")
    day = models.DateField("封存日期")
    subject_id = models.BigIntegerField("对象编号", null=True)
    seal = models.BinaryField("封存值", max_length=32)

    class Meta:
        verbose_name = "行封存"
        verbose_name_plural = "行封存"

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"
