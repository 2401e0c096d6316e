"""临时救助: one household's or person's aid, one time, whatever way it is decided; handbook task 10."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models import Case
from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from foundation.crypto import BlindIndexField, EncryptedField
from foundation.money import MoneyField
from foundation.trail import recorded, stays
from households.models import Household, Member
from households.models.people import MissingIdReason, Sex
from organizations.models import Area, Department
from temporary_aid.models.reports import HardshipReport
from temporary_aid.models.steps import AidSteps, values_of
from temporary_aid.rules.clock import EARLIEST, EARLIEST_DAY, hours_between
from temporary_aid.rules.states import FINAL_STATES, GRANTED_STATES, AidRoute, AidState, DecidedBy

_S = AidState
_URGENT = [cause.value for cause in AidCause if cause.hardship is HardshipType.URGENT]
_EXPENDITURE = [cause.value for cause in AidCause if cause.hardship is HardshipType.EXPENDITURE]


_GRANTED = Q(state__in=values_of(GRANTED_STATES))


class Ground(models.TextChoices):
    """受理地: why this township helps; 方案 task 10 drops the limits of registration and residence."""

    REGISTERED = "registered", "户籍地"
    LIVING = "living", "居住地"
    OCCURRED = "occurred", "急难发生地"


class EndJudgement(models.TextChoices):
    """办结判定 of aid that was paid."""

    SOLVED = "solved", "困难已解决"
    CONVERTED = "converted", "转申请低保或特困"
    REFERRED = "referred", "转介其他部门"


_DECISION_HOLDS = """
    IF NEW.collective_decision_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM temporary_aid_collectivedecision d
         WHERE d.id = NEW.collective_decision_id AND d.aid_id = NEW.id AND d.voided_at IS NULL
           AND d.is_agreed AND (NEW.amount IS NULL OR NEW.amount <= d.resolved_amount)
    ) THEN
        RAISE EXCEPTION 'jixi: the collective decision is not of this aid, was voided, or resolves less';
    END IF;
    RETURN NEW;
"""
_STAGES_MAKE_ITS_SUM = f"""
    -- The row as it stands when the transaction ends: an aid may be paid and added to in one.
    IF EXISTS (
        SELECT FROM temporary_aid_temporaryaid a
         WHERE a.id = NEW.id AND a.state IN ({", ".join(f"'{state}'" for state in values_of(GRANTED_STATES))})
           AND NOT EXISTS (
               SELECT FROM temporary_aid_aidstage s WHERE s.aid_id = a.id
               HAVING coalesce(sum(s.amount), 0) = a.amount
                  AND coalesce(bool_or(s.form = 'money'), false) = a.has_money AND count(*) > 0
           )
    ) THEN
        RAISE EXCEPTION 'jixi: the stages of an aid make up its amount';
    END IF;
    RETURN NULL;
"""  # noqa: S608 -- our own states only


@pgtrigger.register(
    pgtrigger.Trigger(
        name="collective_decision_holds",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=_DECISION_HOLDS,
    ),
    pgtrigger.Trigger(
        name="stages_make_its_sum",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=_STAGES_MAKE_ITS_SUM,
    ),
    pgtrigger.Trigger(
        name="final_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        # Money found wrong after the end (办结) is asked back all the same.
        condition=pgtrigger.Q(new__state__df=pgtrigger.F("old__state"))
        & (
            pgtrigger.Q(old__state__in=values_of(FINAL_STATES - {_S.CLOSED}))
            | pgtrigger.Q(old__state=_S.CLOSED.value) & ~pgtrigger.Q(new__state=_S.RECOUPING.value)
        ),
        func="RAISE EXCEPTION 'jixi: an aid that has ended stays ended';",
    ),
    stays(
        "decision_stays",
        fields="amount has_money base_amount minimum_amount maximum_amount followed_amount below_reason"
        " collective_decision decided_by decided_at decided_level kind cause grade self_paid_amount follow_up_of route"
        " suggested_amount difference_reason counted_before is_beyond_frequency",
        once=pgtrigger.Q(old__state__in=values_of(GRANTED_STATES - {_S.ADVANCED, _S.SUPPLEMENTED})),
    ),
    stays(
        "family_stays",
        # The money goes to the account of the family that it was granted to; so does what a case found out.
        fields="household",
        once=pgtrigger.Q(old__state__in=values_of(GRANTED_STATES | {_S.IN_CASE}), old__household__isnull=False),
    ),
)
@recorded()
class TemporaryAid(AidSteps):
    """临时救助: state changes go through ``temporary_aid.services`` only.

    Who is helped (救助对象) is written here as it was said at the window or in the village, so that people without
    papers and people whose family another township keeps can be helped; ``household`` and ``applicant`` link the
    family's record where this township has it.
    """

    number = models.CharField("救助编号", max_length=20, unique=True)
    kind = models.CharField("类型", max_length=20, choices=[(kind.value, kind.label) for kind in HardshipType])
    route = models.CharField(
        "程序", max_length=20, choices=[(route.value, route.label) for route in AidRoute], blank=True
    )
    report = models.OneToOneField(
        HardshipReport, on_delete=models.RESTRICT, null=True, blank=True, related_name="aid", verbose_name="急难报告"
    )
    case = models.OneToOneField(
        Case, on_delete=models.RESTRICT, null=True, blank=True, related_name="temporary_aid", verbose_name="办件"
    )
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    ground = models.CharField("受理地", max_length=20, choices=Ground, default=Ground.REGISTERED)

    household = models.ForeignKey(
        Household,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="temporary_aids",
        verbose_name="家庭",
    )
    applicant = models.ForeignKey(
        Member, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="申请人"
    )
    recipient_name = models.CharField("救助对象", max_length=60)
    recipient_id_number = EncryptedField("身份证号", purpose="id_number", blank=True)
    recipient_id_index = BlindIndexField("身份证号盲索引", of="recipient_id_number")
    missing_id_reason = models.CharField("无证号原因", max_length=20, choices=MissingIdReason, blank=True)
    recipient_sex = models.CharField("性别", max_length=10, choices=Sex, blank=True)
    recipient_birth_date = models.DateField("出生日期", null=True, blank=True)
    recipient_phone = EncryptedField("联系电话", purpose="phone", blank=True)
    people_count = models.PositiveSmallIntegerField("家庭人口", default=1)
    registered_place = models.CharField("户籍地", max_length=120, blank=True)
    living_place = models.CharField("居住地", max_length=120, blank=True)

    cause = models.CharField("事由", max_length=20, choices=[(cause.value, cause.label) for cause in AidCause])
    grade = models.CharField(
        "困难程度", max_length=10, choices=[(grade.value, grade.label) for grade in AidGrade], blank=True
    )
    occurred_on = models.DateField("发生日期")
    occurred_place = models.CharField("发生地点", max_length=120, blank=True)
    situation = models.CharField("困难情况", max_length=500)
    self_paid_amount = MoneyField("自付支出（元）", null=True, blank=True)
    first_reported_at = models.DateTimeField("首次报告时间")
    help_due_at = models.DateTimeField("应救助时间", null=True, blank=True)
    """急难型: so many clock hours after the first report; None for 支出型, whose case has its own terms."""

    follow_up_of = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="follow_ups", verbose_name="跟进于"
    )
    """跟进救助: counts once with the aid that it follows (handbook 10.3)."""
    counted_before = models.JSONField("一年内已获救助", default=dict, blank=True)
    """What the check of the frequency (频次) found when it was decided: ``{"same_cause": 0, "all": 1, ...}``."""
    is_beyond_frequency = models.BooleanField("超过频次", default=False)

    base_amount = MoneyField("基数（元）", null=True, blank=True)
    """S: ``temporary_aid_base_monthly`` on the day of the decision."""
    minimum_amount = MoneyField("下限（元）", null=True, blank=True)
    maximum_amount = MoneyField("上限（元）", null=True, blank=True)
    suggested_amount = MoneyField("建议金额（元）", null=True, blank=True)
    suggestion = models.JSONField("建议依据", default=list, blank=True)
    """The lines of the reasoning (测算说明), as the form showed them."""
    amount = MoneyField("救助金额（元）", null=True, blank=True)
    """All stages together, goods by their value; yuan, once."""
    has_money = models.BooleanField("含资金", default=True)
    """False where only goods or services are given: then the minimum does not hold (handbook 10.2)."""
    followed_amount = MoneyField("此前同次已救助（元）", default=0)
    """Of a follow-up (跟进救助) what the aid that it follows and its other follow-ups came to: all are one time."""
    below_reason = models.CharField("低于下限的理由", max_length=200, blank=True)
    difference_reason = models.CharField("与建议金额不同的理由", max_length=200, blank=True)
    plan = models.JSONField("拟发放计划", default=list, blank=True)
    """分阶段 as proposed, before there are stages: rows of :class:`temporary_aid.rules.plans.PlannedStage` as JSON."""
    collective_decision = models.ForeignKey(
        "temporary_aid.CollectiveDecision",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="一事一议",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="提出人",
    )
    proposed_at = models.DateTimeField("提出时间", null=True, blank=True)
    proposal_opinion = models.CharField("经办意见", max_length=300, blank=True)
    decided_level = models.CharField(
        "审批层级", max_length=10, choices=[(level.value, level.label) for level in DecidedBy], blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="决定人",
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decision_opinion = models.CharField("审批意见", max_length=300, blank=True)
    first_paid_at = models.DateTimeField("首次到手时间", null=True, blank=True)
    """When the first money, goods or service reached the family: hours from the report are counted to it."""

    publicity_due_on = models.DateField("事后公示期限", null=True, blank=True)
    publicity_due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)
    posted_on = models.DateField("公示日期", null=True, blank=True)
    posted_place = models.CharField("公示地点", max_length=120, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="张贴人",
    )

    end_judgement = models.CharField("办结判定", max_length=10, choices=EndJudgement, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办结人",
    )
    end_note = models.CharField("办结说明", max_length=300, blank=True)
    converted_case = models.ForeignKey(
        Case, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="转入的办件"
    )
    referred_to = models.ForeignKey(
        Department, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="转介部门"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    opened_at = models.DateTimeField("登记时间")
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "临时救助"
        verbose_name_plural = "临时救助"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="aid_cause_fits_kind",
                condition=Q(kind="urgent", cause__in=_URGENT) | Q(kind="expenditure", cause__in=_EXPENDITURE),
                violation_error_message="事由与救助类型不符。",
            ),
            models.CheckConstraint(
                name="aid_recipient_known_or_reason",
                condition=~Q(recipient_id_number="") | ~Q(missing_id_reason=""),
                violation_error_message="请填身份证号；确实没有的，选择无证号原因。",
            ),
            models.CheckConstraint(
                name="aid_applicant_of_household",
                condition=Q(applicant=None) | Q(household__isnull=False),
            ),
            models.CheckConstraint(name="aid_people_at_least_one", condition=Q(people_count__gte=1)),
            models.CheckConstraint(
                name="aid_reported_before_opened",
                condition=Q(first_reported_at__lte=F("opened_at")),
                violation_error_message="首次报告时间不能晚于登记时间。",
            ),
            models.CheckConstraint(
                name="aid_not_out_of_mind",
                condition=Q(first_reported_at__gte=EARLIEST, occurred_on__gte=EARLIEST_DAY),
                violation_error_message="首次报告时间不能早于2020年，发生日期不能早于2000年。",
            ),
            models.CheckConstraint(
                name="aid_paid_after_reported",
                condition=Q(first_paid_at=None) | Q(first_paid_at__gte=F("first_reported_at")),
                violation_error_message="发放时间不能早于首次报告时间。",
            ),
            models.CheckConstraint(
                name="aid_urgent_has_clock",
                condition=Q(kind="urgent", help_due_at__isnull=False) | Q(kind="expenditure", help_due_at=None),
            ),
            models.CheckConstraint(
                name="aid_granted_whole",
                condition=~_GRANTED
                | Q(
                    amount__isnull=False,
                    amount__gte=0,
                    base_amount__isnull=False,
                    minimum_amount__isnull=False,
                    maximum_amount__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                & ~Q(decided_level="")
                & ~Q(route="")
                & ~Q(grade=""),
            ),
            models.CheckConstraint(
                name="aid_above_maximum_needs_collective_decision",
                condition=~_GRANTED
                | Q(amount__lte=F("maximum_amount") - F("followed_amount"))
                | Q(collective_decision__isnull=False),
                violation_error_message="救助金额超过上限的，须先登记一事一议。",
            ),
            models.CheckConstraint(
                name="aid_below_minimum_says_why",
                condition=~_GRANTED
                | Q(has_money=False)
                | Q(amount__gte=F("minimum_amount") - F("followed_amount"))
                | ~Q(below_reason=""),
                violation_error_message="救助金额低于下限的，请写明理由。",
            ),
            models.CheckConstraint(
                name="aid_beyond_frequency_needs_collective_decision",
                condition=~_GRANTED | Q(is_beyond_frequency=False) | Q(collective_decision__isnull=False),
                violation_error_message="一年内的次数已满，须先登记一事一议。",
            ),
            models.CheckConstraint(
                name="aid_four_eyes",
                condition=Q(decided_by=None) | Q(decided_level="village") | ~Q(decided_by=F("proposed_by")),
                violation_error_message="提出意见的人不能审批同一件临时救助。",
            ),
            models.CheckConstraint(
                name="aid_in_case_has_case",
                condition=~Q(state="in_case") | Q(case__isnull=False, kind="expenditure"),
            ),
            models.CheckConstraint(
                name="aid_posted_whole",
                condition=Q(posted_on=None, posted_place="", posted_by=None)
                | Q(posted_on__isnull=False, posted_by__isnull=False) & ~Q(posted_place=""),
            ),
            models.CheckConstraint(
                name="aid_closed_judged",
                condition=~Q(state="closed")
                | Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_judgement="") & ~Q(end_note=""),
                violation_error_message="办结须写明判定和说明。",
            ),
            models.CheckConstraint(
                name="aid_converted_has_case",
                condition=~Q(end_judgement="converted") | Q(converted_case__isnull=False),
            ),
            models.CheckConstraint(
                name="aid_referred_has_department",
                condition=~Q(end_judgement="referred") | Q(referred_to__isnull=False),
            ),
            models.CheckConstraint(name="aid_followed_not_negative", condition=Q(followed_amount__gte=0)),
            models.CheckConstraint(name="aid_follows_another", condition=~Q(follow_up_of=F("pk"))),
        ]
        indexes = [
            models.Index(fields=("area", "state"), name="aid_by_area_state"),
            models.Index(fields=("state", "help_due_at"), name="aid_by_clock"),
            models.Index(fields=("household",), name="aid_by_household"),
            models.Index(fields=("recipient_id_index", "decided_at"), name="aid_by_person"),
            models.Index(fields=("decided_at",), name="aid_by_decided"),
            models.Index(fields=("first_paid_at",), name="aid_by_paid"),
            models.Index(fields=("first_reported_at",), name="aid_by_reported"),
            models.Index(
                fields=("publicity_due_on",),
                name="aid_to_post",
                condition=Q(posted_on=None, publicity_due_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.recipient_name}"

    @property
    def hours_to_help(self) -> Decimal | None:
        """From the first report to the first help (报告到首次到手), one place; None before anything arrived."""
        return hours_between(self.first_reported_at, self.first_paid_at) if self.first_paid_at else None
