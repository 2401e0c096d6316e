"""Papers of an award (待遇文书) that no case issues: what the family is told when a decision takes its course."""

import pgtrigger
from django.db import models

from benefits.models.awards import Award
from benefits.models.changes import PhaseOut
from documents.models import Document
from foundation.trail import append_only


class PaperOccasion(models.TextChoices):
    """On what occasion a paper was issued; each once a phase-out."""

    REMINDER = "reminder", "渐退到期前一个月提醒"
    ENDED = "ended", "渐退到期停发"


@pgtrigger.register(append_only())
class AwardPaper(models.Model):
    """待遇文书: a paper issued in the course of an award's phase-out."""

    award = models.ForeignKey(Award, on_delete=models.RESTRICT, related_name="papers", verbose_name="待遇")
    phase_out = models.ForeignKey(PhaseOut, on_delete=models.RESTRICT, related_name="papers", verbose_name="渐退")
    document = models.OneToOneField(Document, on_delete=models.RESTRICT, related_name="+", verbose_name="文书")
    occasion = models.CharField("事由", max_length=10, choices=PaperOccasion)

    class Meta:
        verbose_name = "待遇文书"
        verbose_name_plural = "待遇文书"
        ordering = ("award", "pk")
        constraints = [
            models.UniqueConstraint(name="award_paper_once_an_occasion", fields=("phase_out", "occasion")),
        ]

    def __str__(self) -> str:
        return f"{self.award} {self.get_occasion_display()}"
