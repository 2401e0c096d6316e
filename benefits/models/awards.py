"""待遇: what a decision grants; versions over time, never overwritten."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from eligibility.models import Assessment
from foundation.money import MoneyField
from foundation.trail import append_only, recorded
from households.models import Household, Person
from households.models.people import SupportMode
from organizations.models import Area
from organizations.models.delegations import Scheme


class AwardState(models.TextChoices):
    ACTIVE = "active", "在保"
    SUSPENDED = "suspended", "暂缓发放"
    PHASE_OUT = "phase_out", "渐退期"
    STOPPED = "stopped", "已停发"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="stopped_by_a_decision",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF TG_OP = 'UPDATE' AND OLD.state = 'stopped' AND (
                NEW.state IS DISTINCT FROM OLD.state OR NEW.ends_month IS DISTINCT FROM OLD.ends_month
                OR NEW.starts_month IS DISTINCT FROM OLD.starts_month
            ) THEN
                RAISE EXCEPTION 'jixi: an award that was ended stays ended';
            END IF;
            IF NEW.state = 'stopped' AND NOT EXISTS (
                SELECT 1 FROM benefits_awardend WHERE award_id = NEW.id AND last_month = NEW.ends_month
            ) THEN
                RAISE EXCEPTION 'jixi: an award is ended by a decision on record';
            END IF;
            IF NEW.ends_month < NEW.starts_month - INTERVAL '1 month' THEN
                RAISE EXCEPTION 'jixi: an award does not end before it was granted';
            END IF;
            RETURN NEW;
        """,
    )
)
@recorded()
class Award(models.Model):
    """待遇: a monthly benefit of one family under one scheme, from its first month until it is stopped."""

    number = models.CharField("待遇编号", max_length=20, unique=True)
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="awards", verbose_name="家庭")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="awards", verbose_name="村（社区）")
    state = models.CharField("状态", max_length=20, choices=AwardState, default=AwardState.ACTIVE)
    starts_month = models.DateField("起发月")
    ends_month = models.DateField("最后发放月", null=True, blank=True)

    class Meta:
        verbose_name = "待遇"
        verbose_name_plural = "待遇"
        ordering = ("-starts_month", "-pk")
        constraints = [
            models.CheckConstraint(
                name="award_months_are_first_days",
                condition=Q(starts_month__day=1) & (Q(ends_month=None) | Q(ends_month__day=1)),
            ),
            models.CheckConstraint(
                name="award_stopped_has_end",
                condition=~Q(state__in=["stopped", "phase_out"]) | Q(ends_month__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=("area", "scheme", "state"), name="award_by_area")]

    def __str__(self) -> str:
        return self.number


class CareLevel(models.TextChoices):
    """自理能力 of a 特困 person, which sets the care standard (F43 §22)."""

    SELF_RELIANT = "self_reliant", "全自理"
    SEMI_DISABLED = "semi_disabled", "半失能"
    DISABLED = "disabled", "失能"


class VersionKind(models.TextChoices):
    """Why a version follows the one before it (变动)."""

    GRANT = "grant", "确认"
    RAISE = "raise", "增发"
    CUT = "cut", "减发"
    ADJUST = "adjust", "调整"
    CARE = "care", "照料档次"
    UPLIFT = "uplift", "提标"
    PHASE_OUT = "phase_out", "渐退"
    RESTORE = "restore", "恢复"


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="persons_make_its_sum",
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=pgtrigger.Insert,
        func="""
            IF NOT EXISTS (
                SELECT FROM benefits_awardversionperson p WHERE p.version_id = NEW.id
                HAVING sum(p.base_monthly_amount + p.topup_monthly_amount) = NEW.monthly_amount
                   AND sum(p.topup_monthly_amount) = NEW.topup_monthly_amount AND count(*) = NEW.person_count
            ) THEN
                RAISE EXCEPTION 'jixi: the shares of a version''s persons make up its sum';
            END IF;
            RETURN NULL;
        """,
    ),
)
class AwardVersion(models.Model):
    """待遇版本: amount, category and persons from a month on; a change is a new version.

    In force in a month is the version with the greatest serial that begins in it or before. Of a 特困 award, which is
    one person's: care included, with the level and mode that set it.
    """

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="versions", verbose_name="待遇")
    serial = models.PositiveSmallIntegerField("序号")
    from_month = models.DateField("起始月")
    monthly_amount = MoneyField("月金额（元）")
    topup_monthly_amount = MoneyField("其中增发（元）", default=0)
    category = models.CharField("类别", max_length=1, blank=True)
    basis = models.CharField("纳入方式", max_length=20, blank=True)
    care_monthly_amount = MoneyField("其中照料护理（元）", default=0)
    care_level = models.CharField("自理能力", max_length=20, choices=CareLevel, blank=True)
    support_mode = models.CharField("供养方式", max_length=20, choices=SupportMode, blank=True)
    person_count = models.PositiveSmallIntegerField("保障人数")
    kind = models.CharField("变动", max_length=10, choices=VersionKind, default=VersionKind.GRANT)
    reason = models.CharField("原因", max_length=100)
    source = models.CharField("依据", max_length=40, blank=True)
    """Number of the case or uplift that decided it."""
    assessment = models.ForeignKey(
        Assessment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="所依据试算"
    )
    decided_on = models.DateField("决定日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )

    class Meta:
        verbose_name = "待遇版本"
        verbose_name_plural = "待遇版本"
        ordering = ("award", "serial")
        constraints = [
            models.UniqueConstraint(name="award_version_serial_once", fields=("award", "serial")),
            models.CheckConstraint(name="award_version_amount_positive", condition=Q(monthly_amount__gt=0)),
            models.CheckConstraint(name="award_version_month_first_day", condition=Q(from_month__day=1)),
            models.CheckConstraint(
                name="award_version_care_whole",
                condition=Q(care_monthly_amount=0, care_level="", support_mode="")
                | Q(
                    care_monthly_amount__gte=0,
                    care_monthly_amount__lte=models.F("monthly_amount"),
                    topup_monthly_amount=0,
                    person_count=1,
                )
                & ~Q(care_level="")
                & ~Q(support_mode=""),
            ),
            models.CheckConstraint(
                name="award_version_topup_within",
                condition=Q(topup_monthly_amount__gte=0, topup_monthly_amount__lte=models.F("monthly_amount")),
            ),
        ]
        indexes = [models.Index(fields=("decided_on",), name="award_version_by_decision")]

    def __str__(self) -> str:
        return f"{self.award} 第{self.serial}版"


@pgtrigger.register(append_only())
class AwardVersionPerson(models.Model):
    """版本保障对象: whom a version covers with their part of its sum; yuan a month.

    本人部分 is the person's share of the difference with their own top-up (handbook 3.2): what is not paid once they
    have died.
    """

    version = models.ForeignKey(
        AwardVersion, on_delete=models.RESTRICT, related_name="persons", verbose_name="待遇版本"
    )
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="人员")
    base_monthly_amount = MoneyField("差额部分（元）")
    topup_monthly_amount = MoneyField("增发（元）", default=0)
    topup_class = models.CharField("增发类别", max_length=1, blank=True)

    class Meta:
        verbose_name = "版本保障对象"
        verbose_name_plural = "版本保障对象"
        ordering = ("version", "pk")
        constraints = [
            models.UniqueConstraint(name="version_person_once", fields=("version", "person")),
            models.CheckConstraint(
                name="version_person_not_negative",
                condition=Q(base_monthly_amount__gte=0, topup_monthly_amount__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.person}"


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="not_before_its_decision",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF NEW.last_month < date_trunc('month', NEW.decided_on)::date THEN
                RAISE EXCEPTION 'jixi: a decision ends an award from the next month on, and takes nothing back';
            END IF;
            RETURN NEW;
        """,
    ),
)
class AwardEnd(models.Model):
    """待遇终止: the decision that ended an award, and its last month; F43 §26."""

    award = models.OneToOneField(Award, on_delete=models.RESTRICT, related_name="end", verbose_name="待遇")
    last_month = models.DateField("最后一月")
    reason = models.CharField("原因", max_length=100)
    source = models.CharField("依据", max_length=40, blank=True)
    decided_on = models.DateField("决定日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )

    class Meta:
        verbose_name = "待遇终止"
        verbose_name_plural = "待遇终止"
        constraints = [models.CheckConstraint(name="award_end_month_first_day", condition=Q(last_month__day=1))]

    def __str__(self) -> str:
        return f"{self.award} 至{self.last_month:%Y年%-m月}"


@pgtrigger.register(append_only())
class AwardPlace(models.Model):
    """待遇管理地: the village whose township keeps an award from a month on; the last row of a month holds."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="places", verbose_name="待遇")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    from_month = models.DateField("起始月")
    recorded_on = models.DateField("登记日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "待遇管理地"
        verbose_name_plural = "待遇管理地"
        ordering = ("award", "pk")
        constraints = [
            models.CheckConstraint(name="award_place_month_first_day", condition=Q(from_month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.area} {self.from_month:%Y-%m}"


@pgtrigger.register(
    pgtrigger.Trigger(
        name="person_not_merged",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF EXISTS (SELECT 1 FROM households_person WHERE id = NEW.person_id AND merged_into_id IS NOT NULL) THEN
                RAISE EXCEPTION 'jixi: an award covers a person, not a record that was merged into another one';
            END IF;
            RETURN NEW;
        """,
    )
)
@recorded()
class AwardPerson(models.Model):
    """保障对象: a person covered by an award over a time; nobody stands in two current monthly awards."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="persons", verbose_name="待遇")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="awards", verbose_name="人员")
    covered = DateRangeField("保障期间")

    class Meta:
        verbose_name = "保障对象"
        verbose_name_plural = "保障对象"
        ordering = ("award", "pk")
        constraints = [
            ExclusionConstraint(
                name="person_in_one_current_award",
                expressions=[("person", RangeOperators.EQUAL), ("covered", RangeOperators.OVERLAPS)],
                violation_error_message="这个人同一时间已在另一份待遇里。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.person}"
