"""临时救助文书: papers issued of an aid, or of a reserve's month."""

import pgtrigger
from django.db import models
from django.db.models import Q

from documents.models import Document
from foundation.trail import append_only
from temporary_aid.models.aids import TemporaryAid
from temporary_aid.models.reserve import ReserveFund


@pgtrigger.register(append_only())
class AidPaper(models.Model):
    """临时救助文书: filed in the transaction that issues it."""

    aid = models.ForeignKey(
        TemporaryAid, on_delete=models.RESTRICT, null=True, blank=True, related_name="papers", verbose_name="临时救助"
    )
    fund = models.ForeignKey(
        ReserveFund, on_delete=models.RESTRICT, null=True, blank=True, related_name="papers", verbose_name="备用金"
    )
    document = models.OneToOneField(Document, on_delete=models.RESTRICT, related_name="+", verbose_name="文书")

    class Meta:
        verbose_name = "临时救助文书"
        verbose_name_plural = "临时救助文书"
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                name="aid_paper_of_one",
                condition=Q(aid__isnull=False, fund=None) | Q(aid=None, fund__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.document)
