"""Papers of an award (待遇文书) that no case issues: what the family is told when a decision takes its course."""

import pgtrigger
from django.db import models

from benefits.models.awards import Award, AwardVersion
from benefits.models.changes import PhaseOut
from benefits.models.checks import AwardCheck
from documents.models import Document
from foundation.trail import append_only


class PaperOccasion(models.TextChoices):
    """On what occasion a paper was issued: of a phase-out each once, of a version once unless it was voided."""

    REMINDER = "reminder", "渐退到期前一个月提醒"
    ENDED = "ended", "渐退到期停发"
    RESTORED = "restored", "渐退期内恢复"
    REVOKED = "revoked", "渐退撤销"
    UPLIFT = "uplift", "提标调整"
    DEATH = "death", "成员死亡"


_STANDS_ALREADY = """
    IF EXISTS (
        SELECT FROM benefits_awardpaper p JOIN documents_document d ON d.id = p.document_id
         WHERE p.version_id = NEW.version_id AND p.occasion = NEW.occasion AND d.voided_on IS NULL
    ) THEN
        RAISE EXCEPTION 'jixi: a version of an award is told of by one paper that stands';
    END IF;
    RETURN NEW;
"""


@pgtrigger.register(
    append_only(),
    pgtrigger.Trigger(
        name="one_stands",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__version__isnull=False),
        func=_STANDS_ALREADY,
    ),
)
class AwardPaper(models.Model):
    """待遇文书: a paper of an award's phase-out, or that tells of one of its versions or of a death."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="papers", verbose_name="待遇")
    phase_out = models.ForeignKey(
        PhaseOut, on_delete=models.RESTRICT, null=True, related_name="papers", verbose_name="渐退"
    )
    version = models.ForeignKey(
        AwardVersion, on_delete=models.RESTRICT, null=True, related_name="papers", verbose_name="待遇版本"
    )
    award_check = models.ForeignKey(
        AwardCheck, on_delete=models.RESTRICT, null=True, related_name="papers", verbose_name="待遇核查"
    )
    document = models.OneToOneField(Document, on_delete=models.RESTRICT, related_name="+", verbose_name="文书")
    occasion = models.CharField("事由", max_length=10, choices=PaperOccasion)

    class Meta:
        verbose_name = "待遇文书"
        verbose_name_plural = "待遇文书"
        ordering = ("award", "pk")
        constraints = [
            models.UniqueConstraint(name="award_paper_once_an_occasion", fields=("phase_out", "occasion")),
            models.CheckConstraint(
                name="award_paper_tells_of_something",
                condition=models.Q(occasion="uplift", phase_out=None, version__isnull=False, award_check=None)
                | models.Q(occasion="death", phase_out=None, version=None, award_check__isnull=False)
                | ~models.Q(occasion__in=["uplift", "death"])
                & models.Q(phase_out__isnull=False, version=None, award_check=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.get_occasion_display()}"
