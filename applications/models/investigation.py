"""调查: home visits by at least two people, and appraisal where disputed."""

from collections import Counter
from dataclasses import asdict, dataclass

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.cases import Case
from applications.models.freezing import frozen_with, frozen_with_case
from documents.models import Document
from foundation.trail import recorded
from households.models import Attachment


class VisitWay(models.TextChoices):
    """F57 §16: by telephone or video only in an emergency."""

    HOME = "home", "入户"
    TELEPHONE = "telephone", "电话（突发事件）"
    VIDEO = "video", "视频（突发事件）"


@pgtrigger.register(frozen_with_case())
@recorded()
class HomeVisit(models.Model):
    """入户调查: by at least two people, facts found, signed by them and by the family; F57 §16."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="visits", verbose_name="办件")
    visited_on = models.DateField("调查日期")
    place = models.CharField("地点", max_length=120)
    way = models.CharField("方式", max_length=20, choices=VisitWay, default=VisitWay.HOME)
    way_reason = models.CharField("不能入户的原因", max_length=200, blank=True)
    is_by_county = models.BooleanField("县民政局入户", default=False)
    living_conditions = models.CharField("吃穿住用情况", max_length=500)
    facts_found = models.CharField("查明情况", max_length=1000)
    neighbor_inquiry = models.CharField("邻里访问", max_length=500, blank=True)
    opinion = models.CharField("调查意见", max_length=300, blank=True)
    family_signed_by = models.CharField("在场家庭成员签字", max_length=60)
    agrees_with_declaration = models.BooleanField("与申报一致", default=True)
    document = models.OneToOneField(
        Document, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="入户调查表"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = "入户调查"
        verbose_name_plural = "入户调查"
        ordering = ("-visited_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="home_visit_other_way_has_reason",
                condition=Q(way="home") | ~Q(way_reason=""),
                violation_error_message="电话、视频调查须写明原因。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.visited_on}"


@pgtrigger.register(frozen_with("applications_homevisit", "visit_id"))
@recorded()
class HomeVisitor(models.Model):
    """调查人: a staff member who took part in a visit."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.RESTRICT, related_name="visitors", verbose_name="入户调查")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="调查人"
    )

    class Meta:
        verbose_name = "调查人"
        verbose_name_plural = "调查人"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="home_visitor_once", fields=("visit", "staff"))]

    def __str__(self) -> str:
        return str(self.staff)


@pgtrigger.register(frozen_with("applications_homevisit", "visit_id"))
@recorded()
class VisitAttachment(models.Model):
    """入户附件: photos and signed forms of a visit."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.RESTRICT, related_name="attachments", verbose_name="入户调查")
    attachment = models.ForeignKey(Attachment, on_delete=models.RESTRICT, related_name="+", verbose_name="附件")

    class Meta:
        verbose_name = "入户附件"
        verbose_name_plural = "入户附件"
        constraints = [models.UniqueConstraint(name="visit_attachment_once", fields=("visit", "attachment"))]

    def __str__(self) -> str:
        return str(self.attachment)


class AppraisalResult(models.TextChoices):
    AGREED = "agreed", "情况属实"
    DISAGREED = "disagreed", "情况不实"


class ParticipantRole(models.TextChoices):
    """身份 of who takes part in an appraisal."""

    REPRESENTATIVE = "representative", "村（居）民代表"
    VILLAGE_OFFICIAL = "village_official", "村（居）干部"
    PARTY_MEMBER = "party_member", "党员代表"
    TOWNSHIP_OFFICIAL = "township_official", "乡镇干部"
    OTHER = "other", "其他"


class ParticipantOpinion(models.TextChoices):
    """意见 of who takes part; nothing where the vote was secret."""

    FOR = "for", "赞成"
    AGAINST = "against", "反对"
    ABSTAINED = "abstained", "弃权"


@dataclass(frozen=True)
class Participant:
    """参评人; of appraisals recorded before roles were asked only the name is known."""

    name: str
    role: str = ""
    opinion: str = ""

    @property
    def role_label(self) -> str:
        return str(ParticipantRole(self.role).label) if self.role else ""

    @property
    def opinion_label(self) -> str:
        return str(ParticipantOpinion(self.opinion).label) if self.opinion else ""

    def as_json(self) -> dict[str, str]:
        """What :attr:`Appraisal.participants` keeps."""
        return asdict(self)


REPRESENTATIVES_SHARE = (2, 3)
"""村（居）民代表 were at least two thirds by the rules repealed in 2021 (民发〔2012〕220号 §22); now a local practice,
of which the page reminds and which refuses nothing."""


@pgtrigger.register(frozen_with_case())
@recorded()
class Appraisal(models.Model):
    """民主评议: only where disputed; 方案 task 17, F57 §19."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="appraisals", verbose_name="办件")
    held_on = models.DateField("评议日期")
    place = models.CharField("地点", max_length=120)
    host = models.CharField("主持人", max_length=60)
    dispute = models.CharField("争议事由", max_length=300)
    participants = models.JSONField("参评人", default=list)
    votes_for = models.PositiveSmallIntegerField("赞成票")
    votes_against = models.PositiveSmallIntegerField("反对票")
    result = models.CharField("结论", max_length=20, choices=AppraisalResult)
    document = models.OneToOneField(
        Document, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="民主评议记录表"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = "民主评议"
        verbose_name_plural = "民主评议"
        ordering = ("-held_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="appraisal_somebody_voted",
                condition=Q(votes_for__gt=0) | Q(votes_against__gt=0),
                violation_error_message="请填评议票数。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.held_on}"

    @property
    def attendance(self) -> tuple[Participant, ...]:
        """参评人 in the order recorded."""
        return tuple(Participant(row) if isinstance(row, str) else Participant(**row) for row in self.participants)

    @property
    def representatives(self) -> int:
        """How many 村（居）民代表 took part."""
        return Counter(person.role for person in self.attendance)[ParticipantRole.REPRESENTATIVE]

    @property
    def abstained(self) -> int:
        """How many took part without a vote for or against."""
        return len(self.participants) - self.votes_for - self.votes_against

    @property
    def has_few_representatives(self) -> bool:
        """Whether 村（居）民代表 were fewer than two thirds, as far as roles are known."""
        share, whole = REPRESENTATIVES_SHARE
        knows_roles = all(person.role for person in self.attendance)
        return knows_roles and self.representatives * whole < len(self.participants) * share
