"""初审意见 and 审核确认: what is proposed, what is decided, what is announced."""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from applications.models.cases import Case
from applications.models.freezing import frozen_with, frozen_with_case
from applications.rules.reviews import PAID_ON, TOLD_FIRST, ReviewResult
from benefits.models import CareLevel
from eligibility.models import Assessment
from foundation.money import MoneyField
from foundation.trail import append_only, recorded
from households.models import Attachment, Member
from households.models.people import SupportMode


class Category(models.TextChoices):
    A = "A", "A类"
    B = "B", "B类"
    C = "C", "C类"


class Basis(models.TextChoices):
    HOUSEHOLD = "household", "整户"
    SINGLE_PERSON = "single_person", "参照单人户"
    PERSON = "person", "逐人认定"
    RECOGNITION = "recognition", "认定身份"
    TERMINATION = "termination", "终止"
    AID = "aid", "一次性救助"


OF_FAMILY = (Basis.HOUSEHOLD, Basis.SINGLE_PERSON)
"""低保: an amount for the family, and a category."""
_R = ReviewResult
# A comparison with nothing is neither true nor false, and a check lets that pass: what must be there says so.
_PAID = Q(monthly_amount__isnull=False, monthly_amount__gt=0, valid_months=None)
_PAID_TO_FAMILY = _PAID & Q(basis__in=OF_FAMILY) & ~Q(category="")
_PAID_TO_PERSON = _PAID & Q(basis=Basis.PERSON, category="")
_NOTHING_PAID = Q(basis="", monthly_amount=None, category="", valid_months=None)
_NOT_A_REVIEW = Q(review_result="", phase_out_months=None)
_BY_MONTH_OR_NOT_PAID = (
    Q(is_eligible=False) & _NOT_A_REVIEW
    | _NOT_A_REVIEW
    & (
        _PAID_TO_FAMILY
        | _PAID_TO_PERSON
        | Q(basis=Basis.RECOGNITION, monthly_amount=None, category="", valid_months__isnull=False, valid_months__gte=1)
        | Q(basis=Basis.TERMINATION, monthly_amount=None, category="", valid_months=None)
    )
    | Q(is_eligible=True, review_result__in=sorted(PAID_ON), phase_out_months=None)
    & (_PAID_TO_FAMILY | _PAID_TO_PERSON)
    | Q(is_eligible=True, review_result=_R.PHASE_OUT.value, phase_out_months__isnull=False, phase_out_months__gte=1)
    & _PAID_TO_FAMILY
    | Q(is_eligible=True, review_result=_R.STOP.value, phase_out_months=None) & _NOTHING_PAID
    | Q(is_eligible=True, review_result=_R.CHANGE_SCHEME.value, phase_out_months=None)
    & (_NOTHING_PAID | _PAID_TO_FAMILY)
)
_HELPED_ONCE = _NOT_A_REVIEW & Q(
    is_eligible=True,
    basis=Basis.AID,
    category="",
    monthly_amount=None,
    valid_months=None,
    aid_amount__isnull=False,
    aid_amount__gte=0,
)
_OUTCOME_IS_WHOLE = _HELPED_ONCE | Q(aid_amount=None) & ~Q(basis=Basis.AID) & _BY_MONTH_OR_NOT_PAID
"""Which values each answer has; of a review, each result (复核结果)."""


class _Outcome(models.Model):
    is_eligible = models.BooleanField("符合条件")
    basis = models.CharField("纳入方式", max_length=20, choices=Basis, blank=True)
    category = models.CharField("类别", max_length=1, choices=Category, blank=True)
    monthly_amount = MoneyField("月保障金（元）", null=True, blank=True)
    valid_months = models.PositiveSmallIntegerField("有效期（月）", null=True, blank=True)
    aid_amount = MoneyField("救助金额（元）", null=True, blank=True)
    """Of 临时救助: once, all stages (分期) and the value of what is given in kind (实物) together."""
    review_result = models.CharField(
        "复核结果", max_length=20, choices=[(row.value, row.label) for row in ReviewResult], blank=True
    )
    phase_out_months = models.PositiveSmallIntegerField("渐退月数", null=True, blank=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.RESTRICT, related_name="+", verbose_name="所依据试算")
    further = models.JSONField("另行依据", default=dict, blank=True)

    class Meta:
        abstract = True

    @property
    def is_told_first(self) -> bool:
        """Whether the family is told with reasons and may contest before it is decided (F57 §§18, 32)."""
        return not self.is_eligible or self.review_result in TOLD_FIRST

    @property
    def publicised_amount(self) -> Decimal | None:
        """What the village reads: what is paid a month, of 临时救助 the one sum; None of a refusal."""
        if not self.is_eligible:
            return None
        return self.monthly_amount if self.aid_amount is None else self.aid_amount

    @property
    def result(self) -> ReviewResult | None:
        """复核结果 as an enum member; None where it is no review."""
        return ReviewResult(self.review_result) if self.review_result else None


@pgtrigger.register(
    frozen_with_case(),
    pgtrigger.ReadOnly(
        name="as_drafted",
        fields=(
            "case is_eligible basis category monthly_amount valid_months aid_amount review_result phase_out_months"
            " assessment further opinion difference_reason drafted_by drafted_on"
        ).split(),
    ),
    pgtrigger.ReadOnly(name="effect_as_drafted", fields=["from_month", "from_month_reason"]),
)
@recorded()
class Proposal(_Outcome):
    """初审意见: drafted by the clerk, signed by the lead; F57 §19."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="proposals", verbose_name="办件")
    opinion = models.CharField("初审意见", max_length=500)
    difference_reason = models.CharField("与系统建议不同的理由", max_length=300, blank=True)
    from_month = models.DateField("起始月", null=True, blank=True)
    """Of a review that reckons months which have begun; None for the month after the decision."""
    from_month_reason = models.CharField("推后起始月的理由", max_length=200, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="拟稿人"
    )
    drafted_on = models.DateField("拟稿日期")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="签发人",
    )
    signed_on = models.DateField("签发日期", null=True, blank=True)
    told_family_on = models.DateField("告知申请人日期", null=True, blank=True)
    replaced_on = models.DateField("被替换日期", null=True, blank=True)

    class Meta:
        verbose_name = "初审意见"
        verbose_name_plural = "初审意见"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="proposal_one_current", fields=("case",), condition=Q(replaced_on=None)),
            models.CheckConstraint(
                name="proposal_signature_pair",
                condition=Q(signed_by=None, signed_on=None) | Q(signed_by__isnull=False, signed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="proposal_eligible_has_amount",
                condition=_OUTCOME_IS_WHOLE,
                violation_error_message="拟同意的，请填类别、月保障金、有效期或救助金额。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 初审"


@pgtrigger.register(frozen_with("applications_proposal", "proposal_id"), append_only())
@recorded()
class ProposalPerson(models.Model):
    """拟保障对象: whom a proposal covers: of 低保 with their top-up, of 特困 with what each is paid a month."""

    proposal = models.ForeignKey(Proposal, on_delete=models.RESTRICT, related_name="persons", verbose_name="初审意见")
    member = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="+", verbose_name="成员")
    topup_monthly_amount = MoneyField("增发（元）", default=0)
    topup_class = models.CharField("增发类别", max_length=1, blank=True)
    monthly_amount = MoneyField("月供养金（元）", null=True, blank=True)
    care_monthly_amount = MoneyField("其中照料护理（元）", default=0)
    care_level = models.CharField("自理能力", max_length=20, choices=CareLevel, blank=True)
    support_mode = models.CharField("供养方式", max_length=20, choices=SupportMode, blank=True)

    class Meta:
        verbose_name = "拟保障对象"
        verbose_name_plural = "拟保障对象"
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(name="proposal_person_once", fields=("proposal", "member")),
            models.CheckConstraint(name="proposal_person_topup_not_negative", condition=Q(topup_monthly_amount__gte=0)),
            models.CheckConstraint(
                name="proposal_person_care_whole",
                condition=Q(monthly_amount=None, care_monthly_amount=0, care_level="", support_mode="")
                | Q(monthly_amount__gt=0, care_monthly_amount__gte=0, care_monthly_amount__lte=F("monthly_amount"))
                & ~Q(care_level="")
                & ~Q(support_mode=""),
                violation_error_message="特困人员须写明供养方式、自理能力和月供养金。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.member)

    @property
    def basic_monthly_amount(self) -> Decimal | None:
        """基本生活 of a 特困 person: what is paid less the care in it; yuan a month."""
        return None if self.monthly_amount is None else self.monthly_amount - self.care_monthly_amount


@pgtrigger.register(append_only())
class Decision(_Outcome):
    """审核确认: the decision as it was signed; never changed."""

    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="decision", verbose_name="办件")
    proposal = models.ForeignKey(Proposal, on_delete=models.RESTRICT, related_name="+", verbose_name="初审意见")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="决定人"
    )
    decided_on = models.DateField("决定日期")
    opinion = models.CharField("审核确认意见", max_length=500)
    reasons = models.TextField("不予确认理由", blank=True)
    facts_found = models.TextField("另行查明的事实", blank=True)
    clause = models.CharField("另行适用的条款", max_length=200, blank=True)

    class Meta:
        verbose_name = "审核确认"
        verbose_name_plural = "审核确认"
        constraints = [
            models.CheckConstraint(
                name="decision_refusal_has_reasons",
                condition=Q(is_eligible=True) | ~Q(reasons=""),
                violation_error_message="不予确认须写明理由。",
            ),
            models.CheckConstraint(
                name="decision_own_grounds_whole",
                condition=Q(facts_found="", clause="") | Q(is_eligible=False) & ~Q(facts_found="") & ~Q(clause=""),
                violation_error_message="另行查明的事实和依据的条款，须一并写明。",
            ),
            models.CheckConstraint(
                name="decision_approval_has_amount",
                condition=_OUTCOME_IS_WHOLE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 决定"


@pgtrigger.register(append_only())
@recorded()
class Announcement(models.Model):
    """公布: after approval, in the village: name, number in family, amount; F57 §24."""

    case = models.OneToOneField(Case, on_delete=models.RESTRICT, related_name="announcement", verbose_name="办件")
    posted_on = models.DateField("公布日期")
    place = models.CharField("公布地点", max_length=120)
    photo = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="照片"
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="公布人"
    )

    class Meta:
        verbose_name = "公布"
        verbose_name_plural = "公布"

    def __str__(self) -> str:
        return f"{self.case} 公布"
