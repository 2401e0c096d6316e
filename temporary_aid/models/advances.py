"""小额先行救助: what a township paid on the village's word, the papers that follow, and what has to come back."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays
from temporary_aid.models.aids import TemporaryAid
from temporary_aid.models.files import AidFile
from temporary_aid.models.reserve import ReserveEntry


@recorded()
class AdvanceRequest(models.Model):
    """村级提请: the village's word and a photo, from the phone; a township pays on it or declines."""

    aid = models.ForeignKey(
        TemporaryAid, on_delete=models.RESTRICT, related_name="advance_requests", verbose_name="临时救助"
    )
    asked_amount = MoneyField("提请金额（元）")
    vouched_by = models.CharField("村级证明人", max_length=60)
    vouched_position = models.CharField("证明人职务", max_length=60, blank=True)
    word = models.CharField("村级意见", max_length=300)
    photo = models.ForeignKey(AidFile, on_delete=models.RESTRICT, related_name="+", verbose_name="现场照片")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="提请人"
    )
    asked_at = models.DateTimeField("提请时间")
    declined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="退回人",
    )
    declined_at = models.DateTimeField("退回时间", null=True, blank=True)
    declined_reason = models.CharField("不予先行的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "先行救助提请"
        verbose_name_plural = "先行救助提请"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="advance_request_one_open", fields=("aid",), condition=Q(declined_at=None)),
            models.CheckConstraint(name="advance_request_of_something", condition=Q(asked_amount__gt=0)),
            models.CheckConstraint(
                name="advance_request_declined_whole",
                condition=Q(declined_at=None, declined_by=None, declined_reason="")
                | Q(declined_at__isnull=False, declined_by__isnull=False) & ~Q(declined_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 提请先行"


@pgtrigger.register(
    stays(
        "advance_as_paid",
        fields="aid number amount limit_amount entry paid_at paid_by second_hand received_by balance_after",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
)
@recorded()
class PettyAdvance(models.Model):
    """小额先行救助单: one an aid, within the ceiling, from the township's reserve."""

    aid = models.OneToOneField(
        TemporaryAid, on_delete=models.RESTRICT, related_name="advance_slip", verbose_name="临时救助"
    )
    number = models.CharField("先行单编号", max_length=20, unique=True)
    amount = MoneyField("先行金额（元）")
    limit_amount = MoneyField("限额（元）")
    entry = models.OneToOneField(
        ReserveEntry, on_delete=models.RESTRICT, related_name="advance", verbose_name="备用金支出"
    )
    balance_after = MoneyField("支出后余额（元）")
    paid_at = models.DateTimeField("发放时间")
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="经办人"
    )
    second_hand = models.CharField("第二经办人", max_length=60)
    received_by = models.CharField("领取人", max_length=60)
    is_late = models.BooleanField("超过时限", default=False)
    late_reason = models.CharField("超时原因", max_length=200, blank=True)
    entry_reason = models.CharField("补记原因", max_length=200, blank=True)
    """Why a payment was entered later than within the hours that the county sets."""
    relieved_on = models.DateField("急难解除日", null=True, blank=True)
    supplement_due_on = models.DateField("补手续期限")
    supplement_due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)

    class Meta:
        verbose_name = "小额先行救助单"
        verbose_name_plural = "小额先行救助单"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="advance_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="advance_within_limit",
                condition=Q(amount__lte=F("limit_amount")),
                violation_error_message="先行救助金额不能超过限额。",
            ),
            models.CheckConstraint(
                name="advance_late_says_why",
                condition=Q(is_late=False) | ~Q(late_reason=""),
                violation_error_message="超过时限的，请写明原因。",
            ),
        ]
        indexes = [
            models.Index(fields=("supplement_due_on",), name="advance_by_due"),
            models.Index(fields=("paid_at",), name="advance_by_paid"),
        ]

    def __str__(self) -> str:
        return self.number


class SupplementResult(models.TextChoices):
    WAITING = "waiting", "待审核"
    ACCEPTED = "accepted", "审核通过"
    RETURNED = "returned", "退回补充"
    RECOUPED = "recouped", "转追回"


@recorded()
class Supplement(models.Model):
    """补充说明: whom, why and how much, with papers and signatures, after the emergency (F2018)."""

    aid = models.ForeignKey(
        TemporaryAid, on_delete=models.RESTRICT, related_name="supplements", verbose_name="临时救助"
    )
    facts = models.CharField("核实情况", max_length=500)
    relieved_on = models.DateField("急难解除日", null=True, blank=True)
    late_reason = models.CharField("逾期原因", max_length=200, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间")
    result = models.CharField("结果", max_length=10, choices=SupplementResult, default=SupplementResult.WAITING)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    checked_at = models.DateTimeField("审核时间", null=True, blank=True)
    opinion = models.CharField("审核意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "补充说明"
        verbose_name_plural = "补充说明"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="supplement_one_waiting", fields=("aid",), condition=Q(result__in=["waiting", "accepted"])
            ),
            models.CheckConstraint(
                name="supplement_checked_whole",
                condition=Q(result="waiting", checked_by=None, checked_at=None)
                | ~Q(result="waiting") & Q(checked_by__isnull=False, checked_at__isnull=False) & ~Q(opinion=""),
            ),
            models.CheckConstraint(
                name="supplement_checked_by_another",
                condition=Q(checked_by=None) | ~Q(checked_by=F("submitted_by")),
                violation_error_message="提交补充说明的人不能审核同一份说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 补充说明"


@pgtrigger.register(append_only())
class SupplementPaper(models.Model):
    """补充材料: a file that came with a supplement."""

    supplement = models.ForeignKey(
        Supplement, on_delete=models.RESTRICT, related_name="papers", verbose_name="补充说明"
    )
    file = models.OneToOneField(AidFile, on_delete=models.RESTRICT, related_name="+", verbose_name="材料")

    class Meta:
        verbose_name = "补充材料"
        verbose_name_plural = "补充材料"
        ordering = ("pk",)

    def __str__(self) -> str:
        return str(self.file)


class AidRecoupmentState(models.TextChoices):
    OPEN = "open", "追回中"
    SETTLED = "settled", "已追回"
    WAIVED = "waived", "核销"


@recorded()
class AidRecoupment(models.Model):
    """临时救助追回: what was paid and must come back; to the reserve where it came from there."""

    aid = models.OneToOneField(
        TemporaryAid, on_delete=models.RESTRICT, related_name="recoupment", verbose_name="临时救助"
    )
    due_amount = MoneyField("应追回（元）")
    reason = models.CharField("原因", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间")
    state = models.CharField("状态", max_length=10, choices=AidRecoupmentState, default=AidRecoupmentState.OPEN)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    waived_amount = MoneyField("核销金额（元）", default=0)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核销人",
    )
    waived_reason = models.CharField("核销原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "临时救助追回"
        verbose_name_plural = "临时救助追回"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="aid_recoupment_of_something", condition=Q(due_amount__gt=0)),
            models.CheckConstraint(
                name="aid_recoupment_waived_whole",
                condition=Q(waived_amount=0, waived_by=None, waived_reason="")
                | Q(waived_amount__gt=0, waived_amount__lte=F("due_amount"), waived_by__isnull=False)
                & ~Q(waived_reason=""),
            ),
            models.CheckConstraint(
                name="aid_recoupment_settled_whole",
                condition=Q(state="open", settled_at=None) | ~Q(state="open") & Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 追回"


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="never_more_than_due",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="""
            IF (SELECT sum(p.amount) FROM temporary_aid_aidrepayment p WHERE p.recoupment_id = NEW.recoupment_id)
               > (SELECT r.due_amount - r.waived_amount
                    FROM temporary_aid_aidrecoupment r WHERE r.id = NEW.recoupment_id)
            THEN
                RAISE EXCEPTION 'jixi: more came back than was due';
            END IF;
            RETURN NULL;
        """,
    ),
    pgtrigger.Trigger(
        name="goods_back_at_their_value",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__goods__isnull=False),
        func="""
            IF NOT EXISTS (
                SELECT FROM temporary_aid_stockentry e
                  JOIN temporary_aid_aidstage s ON s.id = e.stage_id
                  JOIN temporary_aid_aidrecoupment r ON r.aid_id = s.aid_id
                 WHERE e.id = NEW.goods_id AND r.id = NEW.recoupment_id AND e.kind = 'returned'
                   AND NEW.amount <= e.count * e.unit_value
            ) THEN
                RAISE EXCEPTION 'jixi: goods that came back count for the aid they were given to, at their value';
            END IF;
            RETURN NEW;
        """,
    ),
)
@recorded()
class AidRepayment(models.Model):
    """退回款项: money that came back, or goods at the value at which they were given."""

    recoupment = models.ForeignKey(
        AidRecoupment, on_delete=models.RESTRICT, related_name="repayments", verbose_name="追回"
    )
    amount = MoneyField("金额（元）")
    repaid_on = models.DateField("退回日期")
    voucher = models.CharField("凭证号", max_length=40)
    entry = models.OneToOneField(
        ReserveEntry,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="repayment",
        verbose_name="备用金退回",
    )
    goods = models.OneToOneField(
        "temporary_aid.StockEntry",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="repayment",
        verbose_name="物资退库",
    )
    """Goods that came back into the stock in place of money."""
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "退回款项"
        verbose_name_plural = "退回款项"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(name="aid_repayment_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="aid_repayment_money_or_goods", condition=Q(entry=None) | Q(goods=None)),
        ]

    def __str__(self) -> str:
        return f"{self.recoupment} {self.amount}"
