"""救助物资: what a township keeps to give in kind, with counts and value; never below nothing."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.money import MoneyField
from foundation.trail import append_only, recorded
from organizations.models import Area


class ItemKind(models.TextChoices):
    FOOD = "food", "食品"
    BEDDING = "bedding", "被褥"
    CLOTHING = "clothing", "衣物"
    HYGIENE = "hygiene", "日用品"
    MEDICINE = "medicine", "药品器具"
    OTHER = "other", "其他"


@recorded()
class StockItem(models.Model):
    """物资品种: kept up by the county, with what one is worth (折价)."""

    name = models.CharField("名称", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=10, choices=ItemKind)
    unit = models.CharField("单位", max_length=10)
    unit_value = MoneyField("单价（元）")
    ended_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = "物资品种"
        verbose_name_plural = "物资品种"
        ordering = ("kind", "name")
        constraints = [models.CheckConstraint(name="stock_item_worth_something", condition=Q(unit_value__gt=0))]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="count_follows_entries",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__count__df=pgtrigger.F("new__count"))
        | pgtrigger.Q(old__last_serial__df=pgtrigger.F("new__last_serial")),
        func="""
            IF pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION 'jixi: the count of a stock is moved by its entries only';
            END IF;
            RETURN NEW;
        """,
    ),
)
@recorded()
class Stock(models.Model):
    """库存: how many of an item a township has; its row is the lock."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="乡镇")
    item = models.ForeignKey(StockItem, on_delete=models.RESTRICT, related_name="stocks", verbose_name="物资")
    count = models.PositiveIntegerField("数量", default=0)
    last_serial = models.PositiveIntegerField("末笔序号", default=0)

    class Meta:
        verbose_name = "物资库存"
        verbose_name_plural = "物资库存"
        ordering = ("area__code", "item__kind", "item__name")
        constraints = [
            models.UniqueConstraint(name="stock_once", fields=("area", "item")),
            models.CheckConstraint(
                name="stock_never_below_nothing", condition=Q(count__gte=0), violation_error_message="库存不足。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.item}"


class StockEntryKind(models.TextChoices):
    RECEIVED = "received", "入库"
    DONATED = "donated", "捐赠入库"
    RETURNED = "returned", "退库"
    GIVEN = "given", "发放"
    LOST = "lost", "损耗报废"
    MOVED_OUT = "moved_out", "调出"
    MOVED_IN = "moved_in", "调入"


STOCK_COMES_IN = frozenset(
    {StockEntryKind.RECEIVED, StockEntryKind.DONATED, StockEntryKind.RETURNED, StockEntryKind.MOVED_IN}
)
_IN = ", ".join(f"'{kind.value}'" for kind in sorted(STOCK_COMES_IN))


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="no_more_back_than_given",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__kind="returned", new__stage__isnull=False),
        func="""
            IF (SELECT sum(CASE WHEN e.kind = 'given' THEN e.count ELSE -e.count END) FROM temporary_aid_stockentry e
                 WHERE e.stage_id = NEW.stage_id AND e.stock_id = NEW.stock_id) < 0
            THEN
                RAISE EXCEPTION 'jixi: more goods came back than were given';
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="moves_the_count",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("before", "RECORD"), ("moved", "INTEGER")],
        func=f"""
            SELECT count, last_serial INTO before FROM temporary_aid_stock WHERE id = NEW.stock_id FOR UPDATE;
            moved := CASE WHEN NEW.kind IN ({_IN}) THEN NEW.count ELSE -NEW.count END;
            IF NEW.serial <> before.last_serial + 1 OR NEW.count_after <> before.count + moved THEN
                RAISE EXCEPTION 'jixi: the entry does not follow on the last one of its stock';
            END IF;
            UPDATE temporary_aid_stock SET count = before.count + moved, last_serial = NEW.serial
             WHERE id = NEW.stock_id;
            RETURN NEW;
        """,  # noqa: S608 -- our own kinds only
    ),
)
@recorded()
class StockEntry(models.Model):
    """物资出入库: each movement once, with the count after it and what it was worth."""

    stock = models.ForeignKey(Stock, on_delete=models.RESTRICT, related_name="entries", verbose_name="库存")
    serial = models.PositiveIntegerField("序号")
    kind = models.CharField("种类", max_length=10, choices=StockEntryKind)
    count = models.PositiveIntegerField("数量")
    count_after = models.PositiveIntegerField("结存")
    unit_value = MoneyField("单价（元）")
    stage = models.ForeignKey(
        "temporary_aid.AidStage",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="stock_entries",
        verbose_name="期次",
    )
    occurred_on = models.DateField("日期")
    note = models.CharField("摘要", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "物资出入库"
        verbose_name_plural = "物资出入库"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="stock_entry_once", fields=("stock", "serial")),
            models.CheckConstraint(name="stock_entry_of_something", condition=Q(count__gt=0)),
            models.CheckConstraint(
                name="stock_entry_given_to_somebody",
                condition=Q(kind="given", stage__isnull=False) | ~Q(kind__in=["given"]),
            ),
            models.CheckConstraint(
                name="stock_entry_of_a_stage", condition=Q(stage=None) | Q(kind__in=["given", "returned"])
            ),
        ]
        indexes = [models.Index(fields=("stock", "occurred_on"), name="stock_entry_by_day")]

    def __str__(self) -> str:
        return f"{self.stock} {self.serial}"
