"""Dated standards and parameters, and assessments as they were made."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from foundation.files import private_path
from foundation.trail import append_only, recorded, stays
from households.models import Household
from organizations.models import Area


@recorded()
class SourceDocument(models.Model):
    """依据文件: number, date and title of what a parameter rests on."""

    number = models.CharField("文号", max_length=80, unique=True)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    issuer = models.CharField("发文机关", max_length=100, blank=True)
    address = models.CharField("网址", max_length=300, blank=True)
    scan = models.FileField("扫描件", upload_to=private_path, max_length=200, blank=True)
    scan_type = models.CharField("扫描件格式", max_length=40, blank=True)

    class Meta:
        verbose_name = "依据文件"
        verbose_name_plural = "依据文件"
        ordering = ("number",)

    def __str__(self) -> str:
        return self.number


class ResidenceScope(models.TextChoices):
    BOTH = "both", "城乡"
    URBAN = "urban", "城市"
    RURAL = "rural", "农村"


_RESTING = """
    SELECT max(a."on") INTO last_day FROM eligibility_assessment a, organizations_area r
     WHERE r.id = OLD.area_id AND a."on" <@ OLD.valid AND a.facts->>'area' LIKE r.code || '%'
       AND (OLD.residence = 'both' OR a.facts->>'residence' = OLD.residence)
       AND a.parameters->OLD.key = OLD.value;
"""
"""The last day of a range on which a kept assessment, and so a proposal or decision, rests."""


@pgtrigger.register(
    pgtrigger.Trigger(
        name="decided_range_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        declare=[("last_day", "DATE")],
        func=_RESTING
        + """
            IF last_day IS NULL THEN RETURN NEW; END IF;
            IF (OLD.key, OLD.value, OLD.area_id, OLD.residence, OLD.source_id, lower(OLD.valid)) IS DISTINCT FROM
               (NEW.key, NEW.value, NEW.area_id, NEW.residence, NEW.source_id, lower(NEW.valid)) THEN
                RAISE EXCEPTION 'jixi: decisions rest on this parameter, it can only be superseded';
            END IF;
            IF upper(NEW.valid) <= last_day AND NOT EXISTS (
                SELECT FROM eligibility_parameterchange c
                 WHERE (c.key, c.area_id, c.residence) = (OLD.key, OLD.area_id, OLD.residence)
                   AND c.from_day = upper(NEW.valid) AND c.state = 'proposed' AND c.late_reason <> ''
            ) THEN
                RAISE EXCEPTION 'jixi: decisions rest on this parameter until %', last_day;
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="decided_days_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        # A value that comes with a release for a key of its own has nothing beside it.
        func="""
            IF EXISTS (
                SELECT FROM eligibility_assessment a, organizations_area r
                 WHERE r.id = NEW.area_id AND a."on" <@ NEW.valid AND a.facts->>'area' LIKE r.code || '%'
                   AND (NEW.residence = 'both' OR a.facts->>'residence' = NEW.residence)
                   AND a.parameters ? NEW.key AND a.parameters->NEW.key <> NEW.value
            ) AND NOT EXISTS (
                SELECT FROM eligibility_parameterchange c
                 WHERE (c.key, c.area_id, c.residence) = (NEW.key, NEW.area_id, NEW.residence)
                   AND c.from_day = lower(NEW.valid) AND c.state = 'proposed' AND c.late_reason <> ''
            ) THEN
                RAISE EXCEPTION 'jixi: days already decided get another value only by a change that says why';
            END IF;
            RETURN NEW;
        """,
    ),
    pgtrigger.Trigger(
        name="no_gap",
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("covered", "DATEMULTIRANGE"), ("kind", "TEXT")],
        # A township's own value may end: the county's follows. The county's own run on without a day between.
        func="""
            IF NOT EXISTS (SELECT FROM organizations_area WHERE id = NEW.area_id AND level = 'county') THEN
                RETURN NULL;
            END IF;
            FOREACH kind IN ARRAY ARRAY['urban', 'rural'] LOOP
                SELECT range_agg(valid) INTO covered FROM eligibility_parameter
                 WHERE key = NEW.key AND area_id = NEW.area_id AND residence IN ('both', kind);
                IF covered IS NOT NULL AND (NOT upper_inf(covered) OR (SELECT count(*) FROM unnest(covered)) > 1) THEN
                    RAISE EXCEPTION 'jixi: parameter % (%) would have days without a value', NEW.key, kind;
                END IF;
            END LOOP;
            RETURN NULL;
        """,
    ),
)
@recorded()
class Parameter(models.Model):
    """标准与参数: one value of one key for an area and residence over a time, with its source.

    A range that decisions rest on is never changed, only superseded (取代); the county's ranges leave no day without a
    value. Entered by one administrator and approved by another; those that came with the system have neither.
    """

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("值")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="适用区划")
    residence = models.CharField("城乡", max_length=10, choices=ResidenceScope, default=ResidenceScope.BOTH)
    valid = DateRangeField("有效期")
    source = models.ForeignKey(
        SourceDocument, on_delete=models.RESTRICT, related_name="parameters", verbose_name="依据文件"
    )
    is_sample = models.BooleanField("示例数据", default=False)
    is_local_practice = models.BooleanField("本地做法", default=False)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "标准与参数"
        verbose_name_plural = "标准与参数"
        ordering = ("key", "residence", "valid")
        constraints = [
            ExclusionConstraint(
                name="parameter_once_at_a_time",
                expressions=[
                    ("key", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    ("residence", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一参数在这段时间已有值。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.value}"


class ChangeState(models.TextChoices):
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已生效"
    RETURNED = "returned", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


@pgtrigger.register(
    stays(
        "decided_stays",
        fields="key value area residence from_day source state entered_by decided_by decided_on parameter",
        once=~pgtrigger.Q(old__state="proposed"),
    )
)
@recorded()
class ParameterChange(models.Model):
    """调整单: a value that one administrator enters and another approves (四眼)."""

    key = models.CharField("参数", max_length=60)
    value = models.JSONField("新值")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="适用区划")
    residence = models.CharField("城乡", max_length=10, choices=ResidenceScope, default=ResidenceScope.BOTH)
    from_day = models.DateField("自何日起")
    source = models.ForeignKey(SourceDocument, on_delete=models.RESTRICT, related_name="+", verbose_name="依据文件")
    is_sample = models.BooleanField("示例数据", default=False)
    is_local_practice = models.BooleanField("本地做法", default=False)
    note = models.CharField("说明", max_length=200, blank=True)
    late_reason = models.CharField("追溯执行的原因", max_length=200, blank=True)
    state = models.CharField("状态", max_length=20, choices=ChangeState, default=ChangeState.PROPOSED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="录入人"
    )
    entered_on = models.DateField("录入日期")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审批人",
    )
    decided_on = models.DateField("审批日期", null=True, blank=True)
    decision_note = models.CharField("审批意见", max_length=200, blank=True)
    parameter = models.ForeignKey(
        Parameter, on_delete=models.RESTRICT, null=True, blank=True, related_name="changes", verbose_name="生效的值"
    )

    class Meta:
        verbose_name = "参数调整单"
        verbose_name_plural = "参数调整单"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="change_by_two",
                condition=Q(state="withdrawn") | Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                violation_error_message="录入人不能审批自己录入的值。",
            ),
            models.CheckConstraint(
                name="change_decided_whole",
                condition=Q(state="proposed", decided_by=None, decided_on=None, parameter=None)
                | Q(state="approved", decided_by__isnull=False, decided_on__isnull=False, parameter__isnull=False)
                | Q(state__in=["returned", "withdrawn"], decided_by__isnull=False, decided_on__isnull=False)
                & Q(parameter=None),
            ),
            models.UniqueConstraint(
                name="change_one_waiting",
                fields=("key", "area", "residence"),
                condition=Q(state="proposed"),
                violation_error_message="这个参数已有一份调整单等待审批。",
            ),
        ]
        indexes = [models.Index(fields=("state", "-entered_on"), name="change_by_state")]

    def __str__(self) -> str:
        return f"{self.key} {self.from_day}"


@pgtrigger.register(append_only())
class Assessment(models.Model):
    """试算: the whole input by member id (never ID numbers), the parameters, the explained result; written once."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="assessments", verbose_name="家庭")
    on = models.DateField("试算日期")
    engine_version = models.CharField("引擎版本", max_length=20)
    facts = models.JSONField("家庭事实")
    parameters = models.JSONField("参数")
    result = models.JSONField("结果")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="试算人"
    )
    made_at = models.DateTimeField("试算时间", auto_now_add=True)

    class Meta:
        verbose_name = "试算"
        verbose_name_plural = "试算"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("household", "on"), name="assessment_by_household")]

    def __str__(self) -> str:
        return f"{self.household} {self.on}"
