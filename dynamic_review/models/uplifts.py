"""提标: a new standard carried over to the awards in force, previewed, approved by two, rolled back while it may be."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models import Award, AwardVersion
from dynamic_review.rules.uplift import Apart, Outcome
from eligibility.models import Parameter
from foundation.money import MoneyField
from foundation.trail import append_only, recorded, stays
from households.models import Household
from organizations.models import Area
from organizations.models.delegations import Scheme

OUTCOMES = [(outcome.value, outcome.label) for outcome in Outcome]
APART = [(why.value, why.label) for why in Apart]
APPROVALS = 2
"""How many people approve what a third one entered."""


class UpliftState(models.TextChoices):
    ENTERED = "entered", "已录入，待测算"
    PREVIEWED = "previewed", "已测算，待审批"
    APPROVED = "approved", "已批准，待执行"
    APPLYING = "applying", "正在执行"
    APPLIED = "applied", "已执行"
    ROLLING_BACK = "rolling_back", "正在回退"
    ROLLED_BACK = "rolled_back", "已回退"
    WITHDRAWN = "withdrawn", "已撤回"


_OPEN = frozenset({UpliftState.ENTERED, UpliftState.PREVIEWED, UpliftState.APPROVED})
SCHEMES = [(Scheme.DIBAO.value, Scheme.DIBAO.label), (Scheme.TEKUN.value, Scheme.TEKUN.label)]


@pgtrigger.register(
    pgtrigger.ReadOnly(name="as_entered", fields="number scheme from_month entered_by entered_on".split()),
    stays("withdrawn_stays", fields="state", once=pgtrigger.Q(old__state__in=["withdrawn", "rolled_back"])),
    pgtrigger.Trigger(
        name="approved_by_two",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="""
            IF NEW.state IN ('approved', 'applying') AND OLD.state <> NEW.state AND (
                SELECT count(DISTINCT a.by_id) FROM dynamic_review_upliftapproval a
                 WHERE a.run_id = NEW.run_id AND a.by_id <> NEW.entered_by_id
            ) < 2 THEN
                RAISE EXCEPTION 'jixi: an uplift is approved by two people, neither of whom entered it';
            END IF;
            RETURN NEW;
        """,
    ),
)
@recorded()
class Uplift(models.Model):
    """提标: from which month, for which scheme, on which approved figures; ``run`` is the preview that holds."""

    number = models.CharField("提标编号", max_length=20, unique=True)
    scheme = models.CharField("险种", max_length=30, choices=SCHEMES)
    from_month = models.DateField("生效月")
    title = models.CharField("名称", max_length=80)
    note = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=20, choices=UpliftState, default=UpliftState.ENTERED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_on = models.DateField("录入日期")
    run = models.ForeignKey(
        "dynamic_review.UpliftRun",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="现行测算",
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="执行人",
    )
    applied_at = models.DateTimeField("执行时间", null=True, blank=True)
    rolled_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="回退人",
    )
    rolled_back_at = models.DateTimeField("回退时间", null=True, blank=True)
    rolled_back_reason = models.CharField("回退原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "提标"
        verbose_name_plural = "提标"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="uplift_month_first_day", condition=Q(from_month__day=1)),
            models.CheckConstraint(
                name="uplift_state_has_preview",
                condition=Q(state__in=["entered", "withdrawn"]) | Q(run__isnull=False),
            ),
            models.CheckConstraint(
                name="uplift_applied_whole",
                condition=Q(
                    applied_by=None, applied_at=None, state__in=["entered", "previewed", "approved", "withdrawn"]
                )
                | Q(
                    applied_by__isnull=False,
                    applied_at__isnull=False,
                    state__in=["applying", "applied", "rolling_back", "rolled_back"],
                ),
            ),
            models.CheckConstraint(
                name="uplift_rolled_back_whole",
                condition=Q(rolled_back_by=None, rolled_back_at=None, rolled_back_reason="")
                & ~Q(state__in=["rolling_back", "rolled_back"])
                | Q(rolled_back_by__isnull=False, rolled_back_at__isnull=False) & ~Q(rolled_back_reason=""),
            ),
            models.UniqueConstraint(
                name="uplift_one_open",
                fields=("scheme",),
                condition=Q(state__in=["entered", "previewed", "approved", "applying", "rolling_back"]),
                violation_error_message="这个险种已有一份提标还没有办完，请先执行或者撤回那一份。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out."""
        return self.state in _OPEN


@pgtrigger.register(append_only())
class UpliftParameter(models.Model):
    """提标依据: a figure, approved by two and with its document, on which an uplift rests."""

    uplift = models.ForeignKey(Uplift, on_delete=models.RESTRICT, related_name="parameters", verbose_name="提标")
    parameter = models.ForeignKey(Parameter, on_delete=models.RESTRICT, related_name="+", verbose_name="标准或参数")

    class Meta:
        verbose_name = "提标依据"
        verbose_name_plural = "提标依据"
        ordering = ("uplift", "pk")
        constraints = [models.UniqueConstraint(name="uplift_parameter_once", fields=("uplift", "parameter"))]

    def __str__(self) -> str:
        return f"{self.uplift} {self.parameter}"


@pgtrigger.register(pgtrigger.ReadOnly(name="as_begun", fields="uplift serial on figures begun_by begun_at".split()))
@recorded()
class UpliftRun(models.Model):
    """一次测算: the preview of an uplift as of a day; ``figures`` are the parameters used, by area and residence."""

    uplift = models.ForeignKey(Uplift, on_delete=models.RESTRICT, related_name="runs", verbose_name="提标")
    serial = models.PositiveSmallIntegerField("序号")
    on = models.DateField("测算日期")
    figures = models.CharField("参数摘要", max_length=64)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="测算人"
    )
    begun_at = models.DateTimeField("测算时间")
    finished_at = models.DateTimeField("测算完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "提标测算"
        verbose_name_plural = "提标测算"
        ordering = ("uplift", "serial")
        constraints = [models.UniqueConstraint(name="uplift_run_once", fields=("uplift", "serial"))]

    def __str__(self) -> str:
        return f"{self.uplift} 第{self.serial}次测算"


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="by_another",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF EXISTS (
                SELECT FROM dynamic_review_upliftrun r JOIN dynamic_review_uplift u ON u.id = r.uplift_id
                 WHERE r.id = NEW.run_id AND u.entered_by_id = NEW.by_id
            ) THEN
                RAISE EXCEPTION 'jixi: who entered an uplift does not approve it';
            END IF;
            RETURN NEW;
        """,
    ),
)
class UpliftApproval(models.Model):
    """提标审批: one of the two signatures, on one preview."""

    run = models.ForeignKey(UpliftRun, on_delete=models.RESTRICT, related_name="approvals", verbose_name="测算")
    place = models.PositiveSmallIntegerField("第几位审批人")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="审批人")
    on = models.DateField("审批日期")
    opinion = models.CharField("审批意见", max_length=200)

    class Meta:
        verbose_name = "提标审批"
        verbose_name_plural = "提标审批"
        ordering = ("run", "place")
        constraints = [
            models.UniqueConstraint(name="uplift_approval_place_once", fields=("run", "place")),
            models.UniqueConstraint(
                name="uplift_approval_by_two",
                fields=("run", "by"),
                violation_error_message="两次审批须由两个人办理。",
            ),
            models.CheckConstraint(name="uplift_approval_place", condition=Q(place__gte=1, place__lte=APPROVALS)),
        ]

    def __str__(self) -> str:
        return f"{self.run} 第{self.place}位"


@pgtrigger.register(append_only())
class UpliftLine(models.Model):
    """提标明细: what an uplift makes of one award, as of its preview; yuan a month."""

    run = models.ForeignKey(UpliftRun, on_delete=models.RESTRICT, related_name="lines", verbose_name="测算")
    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="+", verbose_name="待遇")
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="+", verbose_name="家庭")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    version = models.ForeignKey(AwardVersion, on_delete=models.RESTRICT, related_name="+", verbose_name="测算时的版本")
    """The latest version of the award: where another one follows, the line no longer holds."""
    category = models.CharField("类别", max_length=1, blank=True)
    person_count = models.PositiveSmallIntegerField("保障人数")
    outcome = models.CharField("测算结果", max_length=10, choices=OUTCOMES)
    apart = models.CharField("逐户看的原因", max_length=20, choices=APART, blank=True)
    before_amount = MoneyField("现月金额（元）")
    after_amount = MoneyField("调整后月金额（元）", null=True, blank=True)
    months = models.PositiveSmallIntegerField("补发月数", default=0)
    back_payment_amount = MoneyField("预计补发（元）", default=0)
    is_added = models.BooleanField("执行时补入", default=False)
    """Granted since the preview, so carried out without having been shown in it."""

    class Meta:
        verbose_name = "提标明细"
        verbose_name_plural = "提标明细"
        ordering = ("run", "area__code", "award")
        constraints = [
            models.UniqueConstraint(name="uplift_line_once", fields=("run", "award")),
            models.CheckConstraint(
                name="uplift_line_apart_whole",
                condition=Q(outcome="apart", after_amount=None) & ~Q(apart="")
                | Q(apart="", after_amount__isnull=False) & ~Q(outcome="apart"),
            ),
        ]
        indexes = [models.Index(fields=("run", "outcome"), name="uplift_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.award} {self.before_amount}→{self.after_amount}"


class UpliftStep(models.TextChoices):
    APPLY = "apply", "执行"
    ROLL_BACK = "roll_back", "回退"


@pgtrigger.register(append_only())
class UpliftResult(models.Model):
    """提标结果: what carrying out or rolling back did with one line; written once, so that a step done is known."""

    line = models.ForeignKey(UpliftLine, on_delete=models.RESTRICT, related_name="results", verbose_name="提标明细")
    step = models.CharField("步骤", max_length=10, choices=UpliftStep)
    is_done = models.BooleanField("已办")
    apart = models.CharField("没有办的原因", max_length=20, choices=APART, blank=True)
    version = models.ForeignKey(
        AwardVersion, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="最后一版"
    )
    """The last version that the step wrote."""
    before_amount = MoneyField("执行时的月金额（元）", null=True, blank=True)
    """What the award stood at when it was carried out, where it had moved since the preview; yuan a month."""

    class Meta:
        verbose_name = "提标结果"
        verbose_name_plural = "提标结果"
        ordering = ("line", "pk")
        constraints = [
            models.UniqueConstraint(name="uplift_result_once", fields=("line", "step")),
            models.CheckConstraint(
                name="uplift_result_whole",
                condition=Q(is_done=True, apart="", version__isnull=False)
                | Q(is_done=False, version=None) & ~Q(apart=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.get_step_display()}"


DIFFERENCE = F("after_amount") - F("before_amount")
"""What a line adds a month, in yuan; nothing where it is set apart."""
