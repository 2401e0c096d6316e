"""送银行文件: each file that went to the bank, so that it can be taken out again where the download broke off."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.money import MoneyField
from foundation.trail import append_only, recorded


@pgtrigger.register(append_only())
@recorded()
class AidBankFile(models.Model):
    """送银行文件: how much went out with it, as it was written; the stages point here until they are taken back."""

    number = models.CharField("文件编号", max_length=20, unique=True)
    stages_count = models.PositiveIntegerField("笔数")
    amount = MoneyField("金额（元）")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="导出人"
    )
    sent_at = models.DateTimeField("导出时间")

    class Meta:
        verbose_name = "送银行文件"
        verbose_name_plural = "送银行文件"
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(name="aid_bank_file_of_something", condition=Q(stages_count__gt=0, amount__gt=0))
        ]

    def __str__(self) -> str:
        return self.number
