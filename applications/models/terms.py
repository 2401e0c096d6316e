"""时限: terms as dated data, extensions, and why something is late."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from applications.models.cases import AUTHORITIES, Case, CaseKind, authority_in_words
from applications.models.freezing import frozen_with_case
from applications.models.intakes import PaperKind
from applications.rules.process import EXTENSION_CAUSES, CaseState
from foundation.trail import append_only, recorded
from organizations.models.delegations import Scheme

OVERALL = "overall"
OVERALL_EXTENDED = "overall_extended"
SUPPLEMENT_REPLY = "supplement_reply"
MEANS_CHECK_START = "means_check_start"
REFUSAL_NOTICE = "refusal_notice"
TELL_FAMILY = "tell_family"
REFUSAL_CONTEST = "refusal_contest"
REFUSAL_PUBLICITY = "refusal_publicity"
PUBLICITY_START = "publicity_start"
PUBLICITY_DAYS = "publicity_days"
TO_PROPOSAL = "to_proposal"
TO_NEW_PROPOSAL = "to_new_proposal"
RANDOM_CHECK_PERCENT = "random_check_percent"
RECOGNITION_VALID = "recognition_valid"
CARE_VISIT_SELF_RELIANT = "care_visit_self_reliant"
CARE_VISIT_SEMI_DISABLED = "care_visit_semi_disabled"
CARE_VISIT_DISABLED = "care_visit_disabled"
SELF_CARE_REASSESSMENT = "self_care_reassessment"
OBJECTION_DECISION = "objection_decision"
END_NOTICE = "end_notice"

STEPS = [(state.value, state.label) for state in CaseState] + [
    (OVERALL, "受理至决定"),
    (OVERALL_EXTENDED, "受理至决定（延长）"),
    (TO_PROPOSAL, "受理至初审（调查、初审合计）"),
    (TO_NEW_PROPOSAL, "公示异议至重新初审（合计）"),
    (SUPPLEMENT_REPLY, "补正期限"),
    (MEANS_CHECK_START, "启动信息核对"),
    (TELL_FAMILY, "核对不一致告知申请人"),
    (REFUSAL_NOTICE, "不予确认书面告知"),
    (REFUSAL_CONTEST, "拟不予确认、减发、停发的举证异议期"),
    (REFUSAL_PUBLICITY, "拟不予确认的公示天数（0为不公示）"),
    (PUBLICITY_START, "张贴后第几天起算公示"),
    (PUBLICITY_DAYS, "公示天数"),
    (RANDOM_CHECK_PERCENT, "县级随机抽查比例（%）"),
    (RECOGNITION_VALID, "认定有效期"),
    (CARE_VISIT_SELF_RELIANT, "走访照料间隔（全自理）"),
    (CARE_VISIT_SEMI_DISABLED, "走访照料间隔（半失能）"),
    (CARE_VISIT_DISABLED, "走访照料间隔（失能）"),
    (SELF_CARE_REASSESSMENT, "自理能力变化后复核评估"),
    (OBJECTION_DECISION, "收到异议至决定"),
    (END_NOTICE, "终止、减发、停发、渐退的书面告知"),
]


class TermUnit(models.TextChoices):
    WORKING_DAYS = "working_days", "工作日"
    CALENDAR_DAYS = "calendar_days", "自然日"
    PERCENT = "percent", "%"
    """Of a share: the column of days holds per cent."""
    MONTHS = "months", "个月"


@recorded()
class StepTerm(models.Model):
    """步骤时限: keyed by scheme, kind, authority and state, with dated values and their source.

    ``at_least`` and ``at_most`` are what the law leaves the county to choose from: seven days of publicity are never
    fewer, ten working days to confirm never more.
    """

    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    kind = models.CharField("事项", max_length=20, choices=CaseKind)
    authority = models.CharField("确认机关", max_length=20, choices=AUTHORITIES)
    step = models.CharField("步骤", max_length=30, choices=STEPS)
    days = models.PositiveSmallIntegerField("天数")
    at_least = models.PositiveSmallIntegerField("不少于", null=True, blank=True)
    at_most = models.PositiveSmallIntegerField("不超过", null=True, blank=True)
    unit = models.CharField("单位", max_length=20, choices=TermUnit)
    valid = DateRangeField("有效期")
    source = models.CharField("依据", max_length=120)
    is_local_practice = models.BooleanField("本地做法", default=False)

    class Meta:
        verbose_name = "步骤时限"
        verbose_name_plural = "步骤时限"
        ordering = ("scheme", "kind", "authority", "step")
        constraints = [
            ExclusionConstraint(
                name="step_term_once_at_a_time",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("authority", RangeOperators.EQUAL),
                    ("step", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一步骤在这段时间已有时限。",
            ),
            models.CheckConstraint(
                name="step_term_within_the_law",
                condition=(Q(at_least=None) | Q(days__gte=F("at_least")))
                & (Q(at_most=None) | Q(days__lte=F("at_most"))),
                violation_error_message="天数超出了规定允许的范围。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.days}{self.get_unit_display()}"

    @property
    def authority_in_words(self) -> str:
        """确认机关 as pages name it, in the words of the scheme."""
        return authority_in_words(self.authority, scheme=self.scheme)

    @property
    def length(self) -> str:
        """The term in words: 10个工作日, 1个月."""
        between = "" if self.unit == TermUnit.MONTHS else "个"
        return f"{self.days}{between}{self.get_unit_display()}"


class StepItem(models.TextChoices):
    """What a state must have before it is left (步骤材料); how each is looked for is in ``queries``."""

    APPLICATION_FORM = PaperKind.APPLICATION_FORM.value, "申请表（签字）"
    AUTHORIZATION_LETTER = PaperKind.AUTHORIZATION_LETTER.value, "核查授权书（签字）"
    COMMITMENT_LETTER = PaperKind.COMMITMENT_LETTER.value, "承诺书（签字）"
    AGENT_LETTER = PaperKind.AGENT_LETTER.value, "委托书（有代理人的）"
    RELATIVE_RECORD = PaperKind.RELATIVE_RECORD.value, "近亲属备案表（有备案的）"
    CONSENT = "consent", "全体成员签署的核查授权"
    SUPPLEMENT = "supplement", "补正材料（告知补正的）"
    MEANS_CHECK = "means_check", "信息核对结果"
    HOME_VISIT = "home_visit", "入户调查"
    APPRAISAL = "appraisal", "民主评议结果（提请评议的）"
    SELF_CARE = "self_care_assessment", "生活自理能力评估"
    SUPPORT_CHOICE = "support_choice", "未成年人的保障选择（特困或者孤儿、事实无人抚养儿童）"
    PUBLICITY_PHOTO = "publicity_photo", "公示照片"
    COUNTY_VISIT = "county_visit", "县民政局入户（备案、投诉举报的）"
    RANDOM_CHECK = "random_check", "县级随机抽查（抽中的须核查）"
    VERIFICATION = "verification", "核实情况（入户或者书面核实）"
    MEANS_CHECK_OF_CAUSE = "means_check_of_cause", "信息核对结果（收入财产情形的）"


@recorded()
class StepPaper(models.Model):
    """步骤材料: what a state must have before it is left, keyed as terms are, with dated values and sources."""

    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    kind = models.CharField("事项", max_length=20, choices=CaseKind)
    authority = models.CharField("确认机关", max_length=20, choices=AUTHORITIES)
    state = models.CharField("步骤", max_length=20, choices=[(state.value, state.label) for state in CaseState])
    item = models.CharField("材料", max_length=30, choices=StepItem)
    valid = DateRangeField("有效期")
    source = models.CharField("依据", max_length=120)
    is_local_practice = models.BooleanField("本地做法", default=False)

    class Meta:
        verbose_name = "步骤材料"
        verbose_name_plural = "步骤材料"
        ordering = ("scheme", "kind", "authority", "state", "pk")
        constraints = [
            ExclusionConstraint(
                name="step_paper_once_at_a_time",
                expressions=[
                    *((name, RangeOperators.EQUAL) for name in ("scheme", "kind", "authority", "state", "item")),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message="同一步骤在这段时间已要求这项材料。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.get_item_display()}"

    @property
    def authority_in_words(self) -> str:
        """确认机关 as pages name it, in the words of the scheme."""
        return authority_in_words(self.authority, scheme=self.scheme)


@pgtrigger.register(frozen_with_case())
@recorded()
class DeadlineExtension(models.Model):
    """延长时限: to 45 working days for a listed cause, with approval; F57 §22, F2022 四(一)."""

    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="extension", verbose_name="办件")
    cause = models.CharField("情形", max_length=20, choices=list(EXTENSION_CAUSES.items()))
    reason = models.CharField("理由", max_length=300)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="批准人"
    )
    approved_on = models.DateField("批准日期")

    class Meta:
        verbose_name = "延长时限"
        verbose_name_plural = "延长时限"

    def __str__(self) -> str:
        return f"{self.case} 延长"


@pgtrigger.register(append_only())
@recorded()
class OverdueReason(models.Model):
    """超期原因: asked for when a step is left late; lateness never blocks, it is explained (handbook 0.4)."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="overdue_reasons", verbose_name="办件")
    state = models.CharField("超期步骤", max_length=20, choices=[(state.value, state.label) for state in CaseState])
    due_on = models.DateField("应于")
    reason = models.CharField("原因", max_length=300)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="说明人"
    )
    given_on = models.DateField("说明日期")

    class Meta:
        verbose_name = "超期原因"
        verbose_name_plural = "超期原因"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case} {self.get_state_display()}"
