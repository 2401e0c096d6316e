"""发放册: what is paid of a month, scheme and township; signed by the township, the county and finance, then frozen."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models.awards import Award, AwardVersion
from benefits.models.recoupments import Recoupment
from foundation.money import MoneyField
from foundation.trail import actor_required_of_many, append_only, recorded, stays
from households.models import BankAccount, Household
from organizations.models import Area
from organizations.models.delegations import Scheme


class RollKind(models.TextChoices):
    REGULAR = "regular", "当月发放"
    REISSUE = "reissue", "失败重发"


class RollState(models.TextChoices):
    PREPARED = "prepared", "已生成"
    TOWNSHIP_CHECKED = "township_checked", "乡镇已核"
    COUNTY_CHECKED = "county_checked", "县已核"
    FROZEN = "frozen", "已定册"
    SENT = "sent", "已送银行"
    SETTLED = "settled", "已回盘"
    VOIDED = "voided", "已作废"


_SIGNERS = ("prepared_by", "township_checked_by", "county_checked_by", "finance_checked_by")
_TWO_OF = [(one, other) for place, one in enumerate(_SIGNERS) for other in _SIGNERS[place + 1 :]]


def _all_different() -> Q:
    condition = Q()
    for one, other in _TWO_OF:
        condition &= Q(**{one: None}) | Q(**{other: None}) | ~Q(**{one: F(other)})
    return condition


def _staff(title: str, *, optional: bool = True) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=optional,
        blank=optional,
        related_name="+",
        verbose_name=title,
    )


@pgtrigger.register(
    stays(
        "frozen_stays",
        fields=(
            "number month scheme area kind cut_off_on prepared_by prepared_on township_checked_by township_checked_on"
            " county_checked_by county_checked_on finance_checked_by frozen_at line_count total_amount"
        ),
        once=pgtrigger.Q(old__frozen_at__isnull=False),
    ),
    stays(
        "voided_stays",
        fields="state voided_by voided_on void_reason",
        once=pgtrigger.Q(old__state="voided"),
    ),
)
@recorded()
class MonthlyRoll(models.Model):
    """发放册: one month, one scheme, one township; a reissue (重发) holds payments that failed."""

    number = models.CharField("发放册编号", max_length=30, unique=True)
    month = models.DateField("发放月")
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="乡镇")
    kind = models.CharField("种类", max_length=10, choices=RollKind, default=RollKind.REGULAR)
    state = models.CharField("状态", max_length=20, choices=RollState, default=RollState.PREPARED)
    cut_off_on = models.DateField("截止日")
    line_count = models.PositiveIntegerField("户数", default=0)
    person_count = models.PositiveIntegerField("人数", default=0)
    total_amount = MoneyField("金额合计（元）", default=0)
    prepared_by = _staff("生成人", optional=False)
    prepared_on = models.DateField("生成日期")
    township_checked_by = _staff("乡镇核对人")
    township_checked_on = models.DateField("乡镇核对日期", null=True, blank=True)
    county_checked_by = _staff("县民政审核人")
    county_checked_on = models.DateField("县民政审核日期", null=True, blank=True)
    finance_checked_by = _staff("财政复核人")
    frozen_at = models.DateTimeField("定册时间", null=True, blank=True)
    voided_by = _staff("作废人")
    voided_on = models.DateField("作废日期", null=True, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "发放册"
        verbose_name_plural = "发放册"
        ordering = ("-month", "scheme", "area")
        constraints = [
            models.UniqueConstraint(
                name="roll_once_a_month",
                fields=("month", "scheme", "area"),
                condition=Q(kind="regular") & ~Q(state="voided"),
                violation_error_message="这个乡镇这个月这个险种已有发放册。",
            ),
            models.CheckConstraint(name="roll_month_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="roll_by_different_people",
                condition=_all_different(),
                violation_error_message="生成、乡镇核对、县民政审核、财政复核须由不同的人办理。",
            ),
            models.CheckConstraint(
                name="roll_signed_step_by_step",
                condition=Q(state__in=["prepared", "voided"])
                | Q(state="township_checked", township_checked_by__isnull=False, township_checked_on__isnull=False)
                | Q(
                    state__in=["county_checked"],
                    township_checked_by__isnull=False,
                    county_checked_by__isnull=False,
                    county_checked_on__isnull=False,
                )
                | Q(
                    state__in=["frozen", "sent", "settled"],
                    township_checked_by__isnull=False,
                    county_checked_by__isnull=False,
                    finance_checked_by__isnull=False,
                    frozen_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="roll_frozen_only_when_signed",
                condition=Q(frozen_at=None) | Q(state__in=["frozen", "sent", "settled"]),
            ),
            models.CheckConstraint(
                name="roll_voided_whole",
                condition=~Q(state="voided") | Q(voided_by__isnull=False, voided_on__isnull=False) & ~Q(void_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=("area", "month"), name="roll_by_area"),
            models.Index(fields=("state",), name="roll_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of it changes any more but what the bank says."""
        return self.frozen_at is not None


class RollEventKind(models.TextChoices):
    PREPARED = "prepared", "生成"
    PREPARED_AGAIN = "prepared_again", "重新生成"
    TOWNSHIP_CHECKED = "township_checked", "乡镇核对"
    COUNTY_CHECKED = "county_checked", "县民政审核"
    FROZEN = "frozen", "财政复核并定册"
    RETURNED = "returned", "退回"
    VOIDED = "voided", "作废"
    SENT = "sent", "送银行"
    BANK_ANSWERED = "bank_answered", "登记回盘"
    OMITTED = "omitted", "回盘缺项"
    ACCOUNT_CONFIRMED = "account_ok", "核实账户"
    BOUNCED = "bounced", "登记退票"


@pgtrigger.register(append_only())
class RollEvent(models.Model):
    """发放册经过: what happened to a roll, in words."""

    roll = models.ForeignKey(MonthlyRoll, on_delete=models.RESTRICT, related_name="events", verbose_name="发放册")
    kind = models.CharField("事件", max_length=20, choices=RollEventKind)
    on = models.DateField("日期")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    note = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "发放册经过"
        verbose_name_plural = "发放册经过"
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class LineState(models.TextChoices):
    HELD = "held", "待补账户"
    WAITING = "waiting", "待发放"
    PAID = "paid", "已发放"
    FAILED = "failed", "发放失败"
    REISSUED = "reissued", "已重发"
    LAPSED = "lapsed", "不再发放"


_RESULT_ONLY = """
    IF EXISTS (
        SELECT FROM old_rows o JOIN new_rows n USING (id) JOIN benefits_monthlyroll r ON r.id = o.roll_id
         WHERE r.frozen_at IS NOT NULL AND (
               (o.roll_id, o.month, o.award_id, o.version_id, o.household_id, o.area_id, o.head_name, o.payee_name,
                o.person_count, o.base_amount, o.topup_amount, o.back_payment_amount, o.recoupment_amount, o.amount)
               IS DISTINCT FROM
               (n.roll_id, n.month, n.award_id, n.version_id, n.household_id, n.area_id, n.head_name, n.payee_name,
                n.person_count, n.base_amount, n.topup_amount, n.back_payment_amount, n.recoupment_amount, n.amount)
               OR o.bank_account_id IS DISTINCT FROM n.bank_account_id
               OR o.reissue_of_id IS DISTINCT FROM n.reissue_of_id
               OR o.state = 'paid' AND n.state <> 'paid'
                  AND NOT EXISTS (SELECT FROM benefits_bouncedpayment b WHERE b.line_id = o.id))
    ) THEN
        RAISE EXCEPTION 'jixi: a frozen roll stays as it was signed';
    END IF;
    RETURN NULL;
"""


def _frozen_roll(rows: str) -> str:
    return f"""
        IF EXISTS (
            SELECT FROM {rows} x JOIN benefits_monthlyroll r ON r.id = x.roll_id WHERE r.frozen_at IS NOT NULL
        ) THEN
            RAISE EXCEPTION 'jixi: a frozen roll stays as it was signed';
        END IF;
        RETURN NULL;
    """


@pgtrigger.register(
    actor_required_of_many(),
    pgtrigger.Trigger(
        name="frozen_takes_no_line",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=_frozen_roll("new_rows"),
    ),
    pgtrigger.Trigger(
        name="frozen_keeps_its_lines",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_rows"),
        func=_frozen_roll("old_rows"),
    ),
    pgtrigger.Trigger(
        name="frozen_takes_results_only",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_rows", new="new_rows"),
        func=_RESULT_ONLY,
    ),
)
class RollLine(models.Model):
    """发放册明细: what one award is paid, with the family as it stood that month; yuan.

    Lines of a roll that is not frozen are made anew with it; what the roll keeps of them is in its events.
    """

    roll = models.ForeignKey(MonthlyRoll, on_delete=models.RESTRICT, related_name="lines", verbose_name="发放册")
    month = models.DateField("发放月")
    award = models.ForeignKey(
        Award, on_delete=models.RESTRICT, related_name="roll_lines", db_index=False, verbose_name="待遇"
    )
    version = models.ForeignKey(
        AwardVersion,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="待遇版本",
    )
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="roll_lines", verbose_name="家庭")
    area = models.ForeignKey(
        Area, on_delete=models.RESTRICT, related_name="+", db_index=False, verbose_name="村（社区）"
    )
    bank_account = models.ForeignKey(
        BankAccount,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="发放账户",
    )
    head_name = models.CharField("户主", max_length=60)
    payee_name = models.CharField("领款人", max_length=60, blank=True)
    person_count = models.PositiveSmallIntegerField("人数")
    base_amount = MoneyField("差额（元）", default=0)
    topup_amount = MoneyField("增发（元）", default=0)
    back_payment_amount = MoneyField("补发（元）", default=0)
    recoupment_amount = MoneyField("追回（元）", default=0)
    amount = MoneyField("实发（元）")
    state = models.CharField("状态", max_length=10, choices=LineState, default=LineState.WAITING)
    failure = models.CharField("失败原因", max_length=200, blank=True)
    settled_on = models.DateField("回盘日期", null=True, blank=True)
    account_confirmed_by = _staff("账户核实人")
    account_confirmed_on = models.DateField("账户核实日期", null=True, blank=True)
    account_note = models.CharField("账户核实情况", max_length=200, blank=True, default="", db_default="")
    reissue_of = models.OneToOneField(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="reissue", verbose_name="重发自"
    )

    class Meta:
        verbose_name = "发放册明细"
        verbose_name_plural = "发放册明细"
        ordering = ("roll", "area", "pk")
        constraints = [
            models.UniqueConstraint(
                name="award_paid_once_a_month",
                fields=("award", "month"),
                condition=Q(reissue_of=None),
                violation_error_message="同一份待遇同一个月只能发放一次。",
            ),
            models.CheckConstraint(
                name="roll_line_adds_up",
                condition=Q(
                    amount=F("base_amount") + F("topup_amount") + F("back_payment_amount") - F("recoupment_amount"),
                    amount__gte=0,
                    base_amount__gte=0,
                    topup_amount__gte=0,
                    back_payment_amount__gte=0,
                    recoupment_amount__gte=0,
                    month__day=1,
                ),
            ),
            models.CheckConstraint(
                name="roll_line_account_confirmed_whole",
                condition=Q(account_confirmed_by=None, account_confirmed_on=None, account_note="")
                | Q(account_confirmed_by__isnull=False, account_confirmed_on__isnull=False) & ~Q(account_note=""),
            ),
            models.CheckConstraint(name="roll_line_failed_says_why", condition=~Q(state="failed") | ~Q(failure="")),
        ]
        indexes = [
            models.Index(fields=("roll", "state"), name="roll_line_open", condition=Q(state__in=["held", "failed"])),
        ]

    def __str__(self) -> str:
        return f"{self.roll} {self.head_name}"


class ItemKind(models.TextChoices):
    BACK_PAYMENT = "back_payment", "补发"
    RECOUPMENT = "recoupment", "追回"
    REDUCTION = "reduction", "核减"


@pgtrigger.register(
    actor_required_of_many(),
    pgtrigger.Trigger(
        name="frozen_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (
                SELECT FROM benefits_rollline l JOIN benefits_monthlyroll r ON r.id = l.roll_id
                 WHERE l.id = (CASE TG_OP WHEN 'INSERT' THEN NEW.line_id ELSE OLD.line_id END)
                   AND r.frozen_at IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'jixi: a frozen roll stays as it was signed';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
)
class RollItem(models.Model):
    """发放册分项: of one month back payment (补发), recoupment (追回) or, issued anew, 核减; yuan, all positive."""

    line = models.ForeignKey(RollLine, on_delete=models.RESTRICT, related_name="items", verbose_name="发放册明细")
    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="+", db_index=False, verbose_name="待遇")
    kind = models.CharField("分项", max_length=20, choices=ItemKind)
    for_month = models.DateField("所属月")
    amount = MoneyField("金额（元）")
    reason = models.CharField("原因", max_length=200, blank=True)
    recoupment = models.ForeignKey(
        Recoupment, on_delete=models.RESTRICT, null=True, blank=True, related_name="items", verbose_name="追回单"
    )

    class Meta:
        verbose_name = "发放册分项"
        verbose_name_plural = "发放册分项"
        ordering = ("line", "for_month", "pk")
        constraints = [
            models.UniqueConstraint(name="roll_item_once", fields=("line", "kind", "for_month")),
            models.CheckConstraint(name="roll_item_of_something", condition=Q(amount__gt=0, for_month__day=1)),
            models.CheckConstraint(
                name="roll_item_recoups_by_order",
                condition=Q(kind="recoupment", recoupment__isnull=False)
                | Q(kind__in=["back_payment", "reduction"], recoupment=None),
            ),
        ]
        indexes = [models.Index(fields=("award", "for_month"), name="roll_item_by_month")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.for_month:%Y-%m}"
