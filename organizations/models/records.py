import pgtrigger
from django.db import models

from foundation.trail import append_only
from organizations.models.staff import Staff


class AccessKind(models.TextChoices):
    REVEAL = "reveal", "查看完整信息"
    FOREIGN_LOOKUP = "foreign_lookup", "查到外乡镇已登记人员"
    EXPORT = "export", "导出名单"
    DOCUMENT = "document", "打开文书"
    ATTACHMENT = "attachment", "打开附件"
    PAGE = "page", "打开页面"


@pgtrigger.register(append_only())
class AccessRecord(models.Model):
    """查阅记录: who read personal data in full, when and why; written once."""

    kind = models.CharField("种类", max_length=20, choices=AccessKind)
    staff = models.ForeignKey(Staff, on_delete=models.RESTRICT, related_name="+", verbose_name="查阅人")
    at = models.DateTimeField("时间")
    subject_type = models.CharField("对象种类", max_length=40)
    subject_id = models.BigIntegerField("对象编号", null=True)
    reason = models.CharField("事由", max_length=200, blank=True)

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ("-at",)
        indexes = [
            models.Index(fields=("subject_type", "subject_id", "at"), name="access_by_subject"),
            models.Index(fields=("staff", "kind", "at"), name="access_by_staff"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.staff} {self.get_kind_display()}"
