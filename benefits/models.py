"""待遇: what a decision grants; versions over time, never overwritten."""

from datetime import date, timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

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
                name="award_stopped_has_end", condition=~Q(state="stopped") | Q(ends_month__isnull=False)
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


@pgtrigger.register(append_only())
class AwardVersion(models.Model):
    """待遇版本: amount, category and persons from a month on; a change is a new version.

    Of a 特困 award, which is one person's: care included, with the level and mode that set it.
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
    reason = models.CharField("原因", max_length=100)
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

    def __str__(self) -> str:
        return f"{self.award} 第{self.serial}版"


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
    topup_monthly_amount = MoneyField("增发（元）", default=0)
    topup_class = models.CharField("增发类别", max_length=1, blank=True)
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


class CheckCause(models.TextChoices):
    """Changes of a family after which its award is looked into; F57 §32, F2022 一(三)."""

    DIED = "died", "成员死亡"
    LEFT = "left", "成员离开"
    JOINED = "joined", "成员增加"


@recorded()
class AwardCheck(models.Model):
    """待遇核查: the family of a current award changed; the award is looked into before it simply goes on."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="checks", verbose_name="待遇")
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="+", verbose_name="人员")
    cause = models.CharField("情形", max_length=10, choices=CheckCause)
    happened_on = models.DateField("发生日期")
    due_on = models.DateField("核查期限", null=True, blank=True)
    unpaid_from = models.DateField("不得计发起始月", null=True, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    noted_at = models.DateTimeField("登记时间", auto_now_add=True)
    settled_on = models.DateField("核查日期", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核查人",
    )
    finding = models.CharField("核查情况", max_length=300, blank=True)

    class Meta:
        verbose_name = "待遇核查"
        verbose_name_plural = "待遇核查"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                name="award_check_one_open", fields=("award", "person", "cause"), condition=Q(settled_on=None)
            ),
            models.CheckConstraint(
                name="award_check_settled_whole",
                condition=Q(settled_on=None, settled_by=None, finding="")
                | Q(settled_on__isnull=False, settled_by__isnull=False) & ~Q(finding=""),
            ),
            models.CheckConstraint(
                name="award_check_death_has_days",
                condition=~Q(cause="died") | Q(due_on__isnull=False, unpaid_from__day=1),
            ),
        ]
        indexes = [models.Index(fields=("settled_on", "due_on"), name="award_check_by_due")]

    def __str__(self) -> str:
        return f"{self.award} {self.get_cause_display()}"


RECOGNISED = ("marginal", "rigid_expense_household")
"""Schemes (险种) that recognise a family and pay nothing."""


@recorded()
class Recognition(models.Model):
    """认定身份: a family recognised as 低保边缘 or 刚性支出困难 over a time; it pays nothing and opens other doors.

    Whoever was recognised stays so until the last day of ``valid``, its upper bound not included.
    """

    number = models.CharField("认定编号", max_length=20, unique=True)
    scheme = models.CharField("身份", max_length=30, choices=Scheme)
    household = models.ForeignKey(
        Household, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="家庭"
    )
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="村（社区）")
    valid = DateRangeField("有效期")
    decided_on = models.DateField("认定日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="认定人"
    )
    ended_on = models.DateField("提前终止日期", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="终止人",
    )
    end_reason = models.CharField("提前终止原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "认定身份"
        verbose_name_plural = "认定身份"
        ordering = ("-decided_on", "-pk")
        constraints = [
            models.CheckConstraint(name="recognition_of_its_schemes", condition=Q(scheme__in=RECOGNISED)),
            models.CheckConstraint(
                name="recognition_has_both_days",
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__upper_inf=False),
            ),
            models.CheckConstraint(
                name="recognition_ended_whole",
                condition=Q(ended_on=None, ended_by=None, end_reason="")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason=""),
            ),
            ExclusionConstraint(
                name="family_recognised_once_a_scheme",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="这个家庭在这段时间已有同一种认定。",
            ),
        ]
        indexes = [models.Index(fields=("area", "scheme"), name="recognition_by_area")]

    def __str__(self) -> str:
        return self.number

    @property
    def last_day(self) -> date:
        """The last day on which the family is recognised."""
        day: date = self.valid.upper - timedelta(days=1)
        return day


@pgtrigger.register(
    pgtrigger.Trigger(
        name="within_recognition",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT FROM benefits_recognition r
                 WHERE r.id = NEW.recognition_id AND r.scheme = NEW.scheme AND NEW.covered <@ r.valid
            ) THEN
                RAISE EXCEPTION 'jixi: a person is recognised as the family is, and no longer';
            END IF;
            IF EXISTS (SELECT FROM households_person WHERE id = NEW.person_id AND merged_into_id IS NOT NULL) THEN
                RAISE EXCEPTION 'jixi: a recognition covers a person, not a record that was merged into another one';
            END IF;
            RETURN NEW;
        """,
    )
)
@recorded()
class RecognitionPerson(models.Model):
    """认定人员: who is recognised with the family, so that another department can be told; once a scheme at a time."""

    recognition = models.ForeignKey(
        Recognition, on_delete=models.RESTRICT, related_name="persons", verbose_name="认定身份"
    )
    person = models.ForeignKey(Person, on_delete=models.RESTRICT, related_name="recognitions", verbose_name="人员")
    scheme = models.CharField("身份", max_length=30, choices=Scheme)
    covered = DateRangeField("认定期间")

    class Meta:
        verbose_name = "认定人员"
        verbose_name_plural = "认定人员"
        ordering = ("recognition", "pk")
        constraints = [
            ExclusionConstraint(
                name="person_recognised_once_a_scheme",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("scheme", RangeOperators.EQUAL),
                    ("covered", RangeOperators.OVERLAPS),
                ],
                violation_error_message="这个人在这段时间已在另一个家庭的同一种认定里。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.recognition} {self.person}"
