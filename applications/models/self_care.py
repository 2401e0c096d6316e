"""生活自理能力评估: how much a 特困 person manages alone, and how they want to be cared for; F43 §§20–23."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import Exact, GreaterThan, LessThanOrEqual

from applications.models.cases import Case
from applications.models.freezing import frozen_with, frozen_with_case
from benefits.models import CareLevel
from documents.models import Document
from foundation.trail import append_only, recorded, stays
from households.models import Attachment, Member
from households.models.people import SELF_CARE_ACTS, SELF_CARE_LABELS, SupportMode

_NOT_MANAGED = Func(F("not_managed"), function="jsonb_array_length", output_field=IntegerField())
_LEVEL_FOLLOWS = (
    (Q(level=CareLevel.SELF_RELIANT) & Q(Exact(_NOT_MANAGED, 0)))
    | (Q(level=CareLevel.SEMI_DISABLED) & Q(GreaterThan(_NOT_MANAGED, 0)) & Q(LessThanOrEqual(_NOT_MANAGED, 3)))
    | (Q(level=CareLevel.DISABLED) & Q(GreaterThan(_NOT_MANAGED, 3)) & Q(LessThanOrEqual(_NOT_MANAGED, 6)))
)


@pgtrigger.register(
    frozen_with_case(),
    stays(
        "reassessment_stays",
        fields="member assessed_on place not_managed level support_mode mode_said_by note scan recorded_by",
        once=pgtrigger.Q(old__case__isnull=True),
    ),
    stays("form_stays", fields="document", once=pgtrigger.Q(old__document__isnull=False)),
)
@recorded()
class SelfCareAssessment(models.Model):
    """生活自理能力评估: by township and county together; F43 §§20–22.

    ``case`` is empty for an assessment made anew while the person is supported already (复核评估; F43 §23).
    """

    case = models.ForeignKey(
        Case,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="self_care_assessments",
        verbose_name="办件",
    )
    member = models.ForeignKey(
        Member, on_delete=models.RESTRICT, related_name="self_care_assessments", verbose_name="成员"
    )
    assessed_on = models.DateField("评估日期")
    place = models.CharField("评估地点", max_length=120)
    not_managed = models.JSONField("不能自主完成的指标", default=list, blank=True)
    level = models.CharField("自理能力", max_length=20, choices=CareLevel)
    support_mode = models.CharField("供养方式", max_length=20, choices=SupportMode)
    mode_said_by = models.CharField("供养方式由谁表示", max_length=60)
    note = models.CharField("评估情况说明", max_length=500, blank=True)
    scan = models.ForeignKey(
        Attachment, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="签字的评估表"
    )
    document = models.OneToOneField(
        Document, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="生活自理能力评估表"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="记录人"
    )

    class Meta:
        verbose_name = "生活自理能力评估"
        verbose_name_plural = "生活自理能力评估"
        ordering = ("-assessed_on", "-pk")
        constraints = [
            models.CheckConstraint(
                name="self_care_level_follows_indicators",
                condition=_LEVEL_FOLLOWS,
                violation_error_message="自理能力等级与六项指标不符。",
            ),
            models.CheckConstraint(
                name="self_care_mode_was_chosen",
                condition=~Q(mode_said_by=""),
                violation_error_message="请写明供养方式由谁表示。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.assessed_on} {self.get_level_display()}"

    @property
    def not_managed_labels(self) -> list[str]:
        """What the person does not manage alone, as the form names it."""
        return [SELF_CARE_LABELS[name] for name in self.not_managed]

    @property
    def not_managed_acts(self) -> list[str]:
        """The same, as it follows on 不能自主完成."""
        return [SELF_CARE_ACTS[name] for name in self.not_managed]

    @property
    def township_assessors(self) -> list[str]:
        """Names of who assessed for the township; read ``assessors__staff`` before."""
        return [row.staff.name for row in self.assessors.all() if not row.is_of_county]

    @property
    def county_assessors(self) -> list[str]:
        """The same for the county."""
        return [row.staff.name for row in self.assessors.all() if row.is_of_county]


@pgtrigger.register(frozen_with("applications_selfcareassessment", "assessment_id"), append_only())
@recorded()
class SelfCareAssessor(models.Model):
    """评估人: a staff member of the township or of the county who took part."""

    assessment = models.ForeignKey(
        SelfCareAssessment, on_delete=models.RESTRICT, related_name="assessors", verbose_name="评估"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="评估人"
    )
    is_of_county = models.BooleanField("县民政局人员", default=False)

    class Meta:
        verbose_name = "评估人"
        verbose_name_plural = "评估人"
        ordering = ("is_of_county", "pk")
        constraints = [models.UniqueConstraint(name="self_care_assessor_once", fields=("assessment", "staff"))]

    def __str__(self) -> str:
        return str(self.staff)
