"""各期: what an aid gives, in money, goods or services, on days or conditions, each confirmed by a visit."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import EncryptedField
from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays
from households.models import BankAccount
from temporary_aid.models.aids import TemporaryAid
from temporary_aid.models.bank_files import AidBankFile
from temporary_aid.models.files import AidFile
from temporary_aid.rules.clock import EARLIEST


class StageForm(models.TextChoices):
    """救助方式."""

    MONEY = "money", "资金"
    IN_KIND = "in_kind", "实物"
    SERVICE = "service", "转介服务"


class StageState(models.TextChoices):
    PLANNED = "planned", "待走访确认"
    READY = "ready", "待发放"
    PAID = "paid", "已发放"
    CANCELLED = "cancelled", "已终止"


class PaySource(models.TextChoices):
    RESERVE = "reserve", "乡镇备用金"
    COUNTY = "county", "县级资金"
    STOCK = "stock", "救助物资"
    NONE = "none", "不涉及资金"


class PayMethod(models.TextChoices):
    BANK = "bank", "转账（打卡）"
    CASH = "cash", "现金"
    HANDED = "handed", "实物发放"
    SERVED = "served", "提供服务"


class ServiceKind(models.TextChoices):
    """转介服务 of urgent aid; 国务院令第649号第五十条."""

    SHELTER = "shelter", "临时住所"
    HOSPITAL = "hospital", "送医转诊"
    ESCORT = "escort", "护送返乡"
    MEALS = "meals", "餐食"
    OTHER = "other", "其他服务"


class ServiceOutcome(models.TextChoices):
    """服务结果: what became of somebody whom a service was provided to."""

    SETTLED = "settled", "已安置"
    ADMITTED = "admitted", "已入院"
    TREATED = "treated", "已诊治离院"
    HANDED_OVER = "handed_over", "已交接"
    PROVIDED = "provided", "已提供"


_STAGES_MAKE_THE_SUM = """
    IF EXISTS (
        SELECT FROM temporary_aid_temporaryaid a
         WHERE a.id = NEW.aid_id AND a.amount IS NOT NULL
           AND a.state IN ('advanced', 'supplemented', 'approved', 'closed', 'recouping', 'recouped')
           AND a.amount <> (SELECT coalesce(sum(s.amount), 0) FROM temporary_aid_aidstage s WHERE s.aid_id = a.id)
    ) THEN
        RAISE EXCEPTION 'jixi: the stages of an aid make up its amount';
    END IF;
    RETURN NULL;
"""


_GIVEN_WITH = """
    IF NOT EXISTS (
        SELECT FROM temporary_aid_aidstage s
         WHERE s.aid_id = NEW.aid_id AND s.serial = NEW.given_with AND s.given_with IS NULL
           AND s.condition = NEW.condition AND s.planned_on IS NOT DISTINCT FROM NEW.planned_on
    ) THEN
        RAISE EXCEPTION 'jixi: a stage is given together with an earlier one on its day and condition';
    END IF;
    RETURN NEW;
"""


@pgtrigger.register(
    stays(
        "stage_as_approved",
        fields="aid serial given_with form amount service items condition",
        once=pgtrigger.Q(old__id__isnull=False),
    ),
    stays(
        "paid_stage_stays",
        fields="state source method planned_on visited_on visitors finding confirmed_by paid_at paid_by second_hand"
        " received_by voucher account account_tail receipt exported_at exported_by bank_file"
        " provider contact served_from served_to outcome",
        once=pgtrigger.Q(old__state__in=["paid", "cancelled"]),
    ),
    stays(
        "sent_account_stays",
        fields="account account_tail exported_at exported_by bank_file",
        once=pgtrigger.Q(old__exported_at__isnull=False, new__exported_at__isnull=False),
    ),
    pgtrigger.Trigger(
        name="given_with_what_is_given",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__given_with__isnull=False),
        func=_GIVEN_WITH,
    ),
    pgtrigger.Trigger(
        name="service_says_what_became",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__state="paid", new__form="service", new__outcome="")
        & ~pgtrigger.Q(old__state="paid"),
        func="RAISE EXCEPTION 'jixi: a service that was provided says what became of it';",
    ),
    pgtrigger.Trigger(
        name="stages_make_the_sum",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        timing=pgtrigger.Deferred,
        func=_STAGES_MAKE_THE_SUM,
    ),
)
@recorded()
class AidStage(models.Model):
    """一期: planned when the aid is approved; paid once, or cancelled with a reason. Σ各期 = 审批总额."""

    aid = models.ForeignKey(TemporaryAid, on_delete=models.RESTRICT, related_name="stages", verbose_name="临时救助")
    serial = models.PositiveSmallIntegerField("期次")
    given_with = models.PositiveSmallIntegerField("同时发放的期次", null=True, blank=True)
    """Serial of the stage that this one is given together with (同时发放), which is visited and confirmed for both."""
    form = models.CharField("方式", max_length=10, choices=StageForm)
    amount = MoneyField("金额（元）")
    """Goods by their value (折价); a service that costs nothing 0."""
    service = models.CharField("服务", max_length=10, choices=ServiceKind, blank=True)
    items = models.JSONField("物资", default=list, blank=True)
    """In kind: ``[{"item": pk, "name": "棉被", "unit": "床", "count": 2, "unit_value": "120.00"}, …]``; the item is
    null of what is bought for the family (另购)."""
    provider = models.CharField("提供单位", max_length=60, blank=True)
    contact = models.CharField("接收人", max_length=60, blank=True)
    """Who took the person in at the provider, of a service."""
    contact_phone = EncryptedField("接收人电话", purpose="phone", blank=True)
    served_from = models.DateField("安置起始日", null=True, blank=True)
    served_to = models.DateField("安置截止日", null=True, blank=True)
    outcome = models.CharField("服务结果", max_length=12, choices=ServiceOutcome, blank=True)
    planned_on = models.DateField("计划日期", null=True, blank=True)
    condition = models.CharField("发放条件", max_length=120, blank=True)
    state = models.CharField("状态", max_length=10, choices=StageState, default=StageState.PLANNED)
    source = models.CharField("来源", max_length=10, choices=PaySource, blank=True)
    method = models.CharField("发放方式", max_length=10, choices=PayMethod, blank=True)

    visited_on = models.DateField("走访日期", null=True, blank=True)
    visitors = models.CharField("走访人", max_length=60, blank=True)
    finding = models.CharField("走访情况", max_length=300, blank=True)
    visit_photo = models.ForeignKey(
        AidFile, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="走访照片"
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="确认人",
    )
    paid_at = models.DateTimeField("到手时间", null=True, blank=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发放经办人",
    )
    second_hand = models.CharField("第二经办人", max_length=60, blank=True)
    received_by = models.CharField("领取人", max_length=60, blank=True)
    voucher = models.CharField("凭证号", max_length=40, blank=True)
    account = models.ForeignKey(
        BankAccount, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="收款账户"
    )
    account_tail = models.CharField("账号后4位", max_length=4, blank=True)
    exported_at = models.DateTimeField("送银行时间", null=True, blank=True)
    """When the stage went out in the bank's file, to ``account``; empty again once it was taken back."""
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="送银行经办人",
    )
    bank_file = models.ForeignKey(
        AidBankFile,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="stages",
        verbose_name="送银行文件",
    )
    """With which file it went out; None of what went out before files were kept."""
    receipt = models.ForeignKey(
        AidFile, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="领取签字"
    )
    cancelled_on = models.DateField("终止日期", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止人",
    )
    cancelled_reason = models.CharField("终止原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "临时救助各期"
        verbose_name_plural = "临时救助各期"
        ordering = ("aid", "serial")
        constraints = [
            models.UniqueConstraint(name="aid_stage_once", fields=("aid", "serial")),
            models.CheckConstraint(
                name="aid_stage_amount_fits",
                condition=Q(form="money", amount__gt=0) | ~Q(form="money") & Q(amount__gte=0),
                violation_error_message="发放资金的一期，金额须大于0。",
            ),
            models.CheckConstraint(
                name="aid_stage_service_named",
                condition=Q(form="service") & ~Q(service="") | ~Q(form="service") & Q(service=""),
            ),
            models.CheckConstraint(
                name="aid_stage_visited_before_later_ones",
                condition=Q(serial=1)
                | Q(given_with=1, given_with__isnull=False)
                | Q(state__in=["planned", "cancelled"])
                | Q(visited_on__isnull=False),
                violation_error_message="除与第一期同时发放的以外，从第二期起，每期发放前须走访确认。",
            ),
            models.CheckConstraint(
                name="aid_stage_given_with_earlier",
                condition=Q(given_with=None) | Q(given_with__gte=1, given_with__lt=F("serial")),
                violation_error_message="只能与前面的一期同时发放。",
            ),
            models.CheckConstraint(
                name="aid_stage_paid_whole",
                condition=~Q(state="paid")
                | Q(paid_at__isnull=False, paid_by__isnull=False)
                & ~Q(source="")
                & ~Q(method="")
                & ~Q(received_by="")
                & ~Q(second_hand=""),
                violation_error_message="发放须写明时间、两名经办人、领取人、来源和方式。",
            ),
            models.CheckConstraint(
                name="aid_stage_not_out_of_mind",
                condition=Q(paid_at=None) | Q(paid_at__gte=EARLIEST),
                violation_error_message="发放时间不能早于2020年。",
            ),
            models.CheckConstraint(
                name="aid_stage_source_fits",
                condition=Q(source="")
                | Q(form="money", source__in=["reserve", "county"])
                | Q(form="in_kind", source__in=["stock", "county"])
                | Q(form="service", source__in=["none", "county", "reserve"]),
            ),
            models.CheckConstraint(
                name="aid_stage_bought_not_from_stock",
                condition=~Q(source="stock") | ~Q(items__contains=[{"item": None}]),
                violation_error_message="另购的物资不从库存出。",
            ),
            models.CheckConstraint(
                name="aid_stage_bought_on_receipt",
                condition=~Q(state="paid", items__contains=[{"item": None}]) | ~Q(voucher=""),
                violation_error_message="另购的物资须填购物票据号。",
            ),
            models.CheckConstraint(
                name="aid_stage_outcome_of_service",
                condition=Q(form="service") | Q(outcome="", contact="", served_from=None, served_to=None),
            ),
            models.CheckConstraint(
                name="aid_stage_days_of_shelter",
                condition=Q(served_from=None, served_to=None)
                | Q(
                    service="shelter",
                    served_from__isnull=False,
                    served_to__isnull=False,
                    served_to__gte=F("served_from"),
                ),
                violation_error_message="安置截止日不能早于起始日。",
            ),
            models.CheckConstraint(
                name="aid_stage_cancelled_whole",
                condition=Q(state="cancelled", cancelled_on__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_on=None, cancelled_by=None, cancelled_reason=""),
            ),
            models.CheckConstraint(
                name="aid_stage_sent_whole",
                condition=Q(exported_at=None, exported_by=None, bank_file=None)
                | Q(exported_at__isnull=False, exported_by__isnull=False, account__isnull=False, form="money")
                & (Q(state="ready") | Q(state="paid", method="bank")),
                violation_error_message="已送银行的一期，须先撤回，才能改为现金发放或终止。",
            ),
        ]
        indexes = [
            models.Index(fields=("state", "planned_on"), name="aid_stage_by_state"),
            models.Index(fields=("paid_at",), name="aid_stage_by_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.aid} 第{self.serial}期"

    @property
    def leads(self) -> int:
        """Serial of the stage whose visit speaks for this one: its own, unless it is given together with another."""
        return self.given_with or self.serial

    @property
    def is_bought(self) -> bool:
        """另购: goods that are not in the stock but bought for the family."""
        return any(row["item"] is None for row in self.items)

    @property
    def is_sent(self) -> bool:
        """已送银行: it went out in the bank's file, and no payment is recorded yet."""
        return self.state == StageState.READY and self.exported_at is not None


@pgtrigger.register(append_only())
@recorded()
class AidVisit(models.Model):
    """跟进走访: what was found at an aid's family; a stage that it confirms points here by its own day."""

    aid = models.ForeignKey(TemporaryAid, on_delete=models.RESTRICT, related_name="visits", verbose_name="临时救助")
    stage = models.ForeignKey(
        AidStage, on_delete=models.RESTRICT, null=True, blank=True, related_name="visits", verbose_name="期次"
    )
    visited_on = models.DateField("走访日期")
    visitors = models.CharField("走访人", max_length=60)
    finding = models.CharField("走访情况", max_length=300)
    still_in_need = models.BooleanField("仍然困难")
    condition_met = models.BooleanField("条件已满足", default=False)
    """Whether what the stage waits for (发放条件) has come; of a stage with a condition only."""
    photo = models.ForeignKey(
        AidFile, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "临时救助走访"
        verbose_name_plural = "临时救助走访"
        ordering = ("-visited_on", "-pk")
        indexes = [models.Index(fields=("aid", "-visited_on"), name="aid_visit_by_aid")]

    def __str__(self) -> str:
        return f"{self.aid} {self.visited_on}"
