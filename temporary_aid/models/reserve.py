"""乡镇备用金: a township's money in hand for urgent aid; 余额 = 期初 + 拨入 − 先行支出 + 退回 (handbook 10.5)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays
from organizations.models import Area


@pgtrigger.register(
    pgtrigger.Trigger(
        name="balance_follows_entries",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__balance__df=pgtrigger.F("new__balance"))
        | pgtrigger.Q(old__last_serial__df=pgtrigger.F("new__last_serial")),
        func="""
            IF pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION 'jixi: the balance of a reserve is moved by its entries only';
            END IF;
            RETURN NEW;
        """,
    ),
)
@recorded()
class ReserveFund(models.Model):
    """备用金账户 of a township; its row is the lock, its balance is never below zero."""

    area = models.OneToOneField(Area, on_delete=models.RESTRICT, related_name="reserve_fund", verbose_name="乡镇")
    opened_on = models.DateField("设立日期")
    balance = MoneyField("余额（元）", default=0)
    last_serial = models.PositiveIntegerField("末笔序号", default=0)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="设立人"
    )

    class Meta:
        verbose_name = "乡镇备用金"
        verbose_name_plural = "乡镇备用金"
        ordering = ("area__code",)
        constraints = [
            models.CheckConstraint(
                name="reserve_never_below_zero",
                condition=Q(balance__gte=0),
                violation_error_message="备用金余额不足。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}备用金"


class EntryKind(models.TextChoices):
    ALLOCATION = "allocation", "拨入"
    REPLENISHMENT = "replenishment", "补拨"
    ADVANCE = "advance", "先行支出"
    REFUND = "refund", "退回"
    WITHDRAWAL = "withdrawal", "收回县级"
    CORRECTION_IN = "correction_in", "更正（增）"
    CORRECTION_OUT = "correction_out", "更正（减）"


COMES_IN = frozenset({EntryKind.ALLOCATION, EntryKind.REPLENISHMENT, EntryKind.REFUND, EntryKind.CORRECTION_IN})
_IN = ", ".join(f"'{kind.value}'" for kind in sorted(COMES_IN))

_MOVES_THE_BALANCE = f"""
    SELECT balance, last_serial INTO before FROM temporary_aid_reservefund WHERE id = NEW.fund_id FOR UPDATE;
    moved := CASE WHEN NEW.kind IN ({_IN}) THEN NEW.amount ELSE -NEW.amount END;
    IF NEW.serial <> before.last_serial + 1 OR NEW.balance_after <> before.balance + moved THEN
        RAISE EXCEPTION 'jixi: the entry does not follow on the last one of its reserve';
    END IF;
    IF EXISTS (
        SELECT FROM temporary_aid_reconciliation r
         WHERE r.fund_id = NEW.fund_id AND r.signed_on IS NOT NULL
           AND r.month >= date_trunc('month', NEW.occurred_on)::date
    ) THEN
        RAISE EXCEPTION 'jixi: the month of the entry is reconciled';
    END IF;
    UPDATE temporary_aid_reservefund
       SET balance = before.balance + moved, last_serial = NEW.serial WHERE id = NEW.fund_id;
    RETURN NEW;
"""  # noqa: S608 -- our own kinds only


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="moves_the_balance",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("before", "RECORD"), ("moved", "NUMERIC")],
        func=_MOVES_THE_BALANCE,
    ),
)
@recorded()
class ReserveEntry(models.Model):
    """备用金流水: each movement once, numbered without gaps, with the balance after it."""

    fund = models.ForeignKey(ReserveFund, on_delete=models.RESTRICT, related_name="entries", verbose_name="备用金")
    serial = models.PositiveIntegerField("序号")
    kind = models.CharField("种类", max_length=20, choices=EntryKind)
    amount = MoneyField("金额（元）")
    balance_after = MoneyField("余额（元）")
    occurred_on = models.DateField("日期")
    aid = models.ForeignKey(
        "temporary_aid.TemporaryAid",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="reserve_entries",
        verbose_name="临时救助",
    )
    replenishment = models.OneToOneField(
        "temporary_aid.Replenishment",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="entry",
        verbose_name="补拨申请",
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="corrected_by", verbose_name="更正"
    )
    voucher = models.CharField("凭证号", max_length=40, blank=True)
    note = models.CharField("摘要", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "备用金流水"
        verbose_name_plural = "备用金流水"
        ordering = ("-serial",)
        constraints = [
            models.UniqueConstraint(name="reserve_entry_once", fields=("fund", "serial")),
            models.CheckConstraint(name="reserve_entry_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="reserve_entry_balance_not_negative", condition=Q(balance_after__gte=0)),
            models.UniqueConstraint(name="reserve_advance_once_an_aid", fields=("aid",), condition=Q(kind="advance")),
            models.CheckConstraint(
                name="reserve_entry_of_aid",
                condition=Q(kind__in=["advance", "refund"], aid__isnull=False)
                | ~Q(kind__in=["advance", "refund"]) & Q(aid=None),
            ),
            models.CheckConstraint(
                name="reserve_entry_of_replenishment",
                condition=Q(kind="replenishment", replenishment__isnull=False)
                | ~Q(kind="replenishment") & Q(replenishment=None),
            ),
            models.CheckConstraint(
                name="reserve_entry_corrects_one",
                condition=Q(kind__in=["correction_in", "correction_out"], corrects__isnull=False)
                | ~Q(kind__in=["correction_in", "correction_out"]) & Q(corrects=None),
            ),
        ]
        indexes = [
            models.Index(fields=("fund", "occurred_on"), name="reserve_entry_by_day"),
            models.Index(fields=("kind", "occurred_on"), name="reserve_entry_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.serial}"

    @property
    def comes_in(self) -> bool:
        """Whether the entry adds to the balance."""
        return self.kind in COMES_IN


class ReplenishmentState(models.TextChoices):
    ASKED = "asked", "待审批"
    APPROVED = "approved", "待拨付"
    PAID = "paid", "已拨付"
    REFUSED = "refused", "不予补拨"
    TAKEN_BACK = "taken_back", "已撤回"
    REVOKED = "revoked", "已撤销批准"


@pgtrigger.register(
    stays(
        "settled_replenishment_stays",
        fields="state approved_amount answered_by answered_at revoked_by revoked_at revoked_reason",
        once=pgtrigger.Q(old__state__in=["paid", "refused", "taken_back", "revoked"]),
    ),
    stays(
        "replenishment_as_asked",
        fields="fund balance_then warning_line is_automatic reason asked_by asked_at",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
)
@recorded()
class Replenishment(models.Model):
    """补拨申请: asked by the township, or by itself below the warning line; approved by the county, then paid in."""

    number = models.CharField("申请编号", max_length=20, unique=True)
    fund = models.ForeignKey(
        ReserveFund, on_delete=models.RESTRICT, related_name="replenishments", verbose_name="备用金"
    )
    balance_then = MoneyField("申请时余额（元）")
    warning_line = MoneyField("预警线（元）")
    asked_amount = MoneyField("申请金额（元）")
    approved_amount = MoneyField("批准金额（元）", null=True, blank=True)
    is_automatic = models.BooleanField("系统提请", default=False)
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=10, choices=ReplenishmentState, default=ReplenishmentState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="申请人",
    )
    asked_at = models.DateTimeField("申请时间")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    answered_at = models.DateTimeField("审批时间", null=True, blank=True)
    opinion = models.CharField("审批意见", max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    revoked_reason = models.CharField("撤销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "补拨申请"
        verbose_name_plural = "补拨申请"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="replenishment_one_open",
                fields=("fund",),
                condition=Q(state__in=["asked", "approved"]),
                violation_error_message="已有一份补拨申请正在办理。",
            ),
            models.CheckConstraint(name="replenishment_of_something", condition=Q(asked_amount__gt=0)),
            models.CheckConstraint(
                name="replenishment_answered_whole",
                condition=Q(state__in=["asked", "taken_back"], answered_by=None, answered_at=None)
                | Q(state="refused", answered_by__isnull=False, answered_at__isnull=False) & ~Q(opinion="")
                | Q(
                    state__in=["approved", "paid", "revoked"],
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    approved_amount__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="replenishment_revoked_whole",
                condition=Q(state="revoked", revoked_by__isnull=False, revoked_at__isnull=False) & ~Q(revoked_reason="")
                | ~Q(state="revoked") & Q(revoked_by=None, revoked_at=None, revoked_reason=""),
                violation_error_message="撤销批准须写明原因。",
            ),
            models.CheckConstraint(
                name="replenishment_by_two",
                condition=Q(answered_by=None) | Q(asked_by=None) | ~Q(answered_by=F("asked_by")),
                violation_error_message="申请人不能审批自己的补拨申请。",
            ),
            models.CheckConstraint(
                name="replenishment_asked_by_somebody", condition=Q(is_automatic=True) | Q(asked_by__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=("state",), name="replenishment_by_state")]

    def __str__(self) -> str:
        return self.number


@pgtrigger.register(
    stays(
        "signed_reconciliation_stays",
        fields="fund month opening allocated advanced refunded withdrawn corrected closing advances_count counted_cash"
        " bank_balance difference_note prepared_by prepared_on signed_by signed_on",
        once=pgtrigger.Q(old__signed_on__isnull=False),
    ),
)
@recorded()
class Reconciliation(models.Model):
    """备用金月度对账表: the month's movements against the slips one by one, and the money counted; signed by two."""

    fund = models.ForeignKey(
        ReserveFund, on_delete=models.RESTRICT, related_name="reconciliations", verbose_name="备用金"
    )
    month = models.DateField("月份")
    opening = MoneyField("期初余额（元）")
    allocated = MoneyField("拨入和补拨（元）")
    advanced = MoneyField("先行支出（元）")
    refunded = MoneyField("退回（元）")
    withdrawn = MoneyField("收回县级（元）")
    corrected = MoneyField("更正净额（元）", default=0)
    closing = MoneyField("期末余额（元）")
    advances_count = models.PositiveIntegerField("先行笔数")
    counted_cash = MoneyField("库存现金（元）")
    bank_balance = MoneyField("银行存款（元）")
    difference_note = models.CharField("差异说明", max_length=300, blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="编制人"
    )
    prepared_on = models.DateField("编制日期")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="签认人",
    )
    signed_on = models.DateField("签认日期", null=True, blank=True)

    class Meta:
        verbose_name = "备用金对账"
        verbose_name_plural = "备用金对账"
        ordering = ("-month", "fund")
        constraints = [
            models.UniqueConstraint(name="reconciliation_once_a_month", fields=("fund", "month")),
            models.CheckConstraint(name="reconciliation_month_is_first", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="reconciliation_adds_up",
                condition=Q(
                    closing=F("opening")
                    + F("allocated")
                    - F("advanced")
                    + F("refunded")
                    - F("withdrawn")
                    + F("corrected")
                ),
                violation_error_message="期末余额应等于期初加拨入减先行支出加退回减收回。",
            ),
            models.CheckConstraint(
                name="reconciliation_difference_explained",
                condition=Q(closing=F("counted_cash") + F("bank_balance")) | ~Q(difference_note=""),
                violation_error_message="现金加存款与期末余额不符的，请写明差异。",
            ),
            models.CheckConstraint(
                name="reconciliation_signed_by_another",
                condition=Q(signed_by=None, signed_on=None)
                | Q(signed_by__isnull=False, signed_on__isnull=False) & ~Q(signed_by=F("prepared_by")),
                violation_error_message="编制人不能签认自己编制的对账表。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.month:%Y-%m}"
