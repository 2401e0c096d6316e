from django.conf import settings
from django.db import models

from foundation.crypto import EncryptedField
from foundation.files import private_path
from foundation.trail import recorded
from households.models.families import Household


class AttachmentKind(models.TextChoices):
    ID_CARD = "id_card", "身份证"
    HOUSEHOLD_REGISTER = "household_register", "户口簿"
    APPLICATION_FORM = "application_form", "申请表（签字）"
    AUTHORIZATION_LETTER = "authorization_letter", "核查授权书（签字）"
    COMMITMENT_LETTER = "commitment_letter", "承诺书/告知承诺书（签字）"
    AGENT_LETTER = "agent_letter", "委托书（签字）"
    RELATIVE_RECORD = "relative_record", "近亲属备案表（签字）"
    INCOME_PROOF = "income_proof", "收入证明"
    EXPENSE_PROOF = "expense_proof", "支出票据"
    DISABILITY_CARD = "disability_card", "残疾证"
    MEDICAL_RECORD = "medical_record", "诊断材料"
    VISIT_PHOTO = "visit_photo", "入户照片"
    VISIT_FORM = "visit_form", "入户调查表（签字）"
    CARE_AGREEMENT = "care_agreement", "委托照料服务协议（签字）"
    CARE_VISIT_PHOTO = "care_visit_photo", "走访照料照片"
    PUBLICITY_PHOTO = "publicity_photo", "公示照片"
    OTHER = "other", "其他"


@recorded()
class Attachment(models.Model):
    """附件: PDF, JPG or PNG, checked by content, encrypted, served only to who may see the family."""

    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="attachments", verbose_name="家庭")
    kind = models.CharField("种类", max_length=30, choices=AttachmentKind)
    file = models.FileField("文件", upload_to=private_path, max_length=120)
    original_name = EncryptedField("原文件名", purpose="file_name")
    content_type = models.CharField("内容类型", max_length=30)
    size = models.PositiveIntegerField("字节数")
    digest = models.CharField("SM3摘要", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")
    voided_at = models.DateTimeField("作废时间", null=True, blank=True)
    voided_reason = models.CharField("作废原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        ordering = ("pk",)
        indexes = [models.Index(fields=("household", "kind"), name="attachment_by_household")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"

    @property
    def file_name(self) -> str:
        """The name that the file came with, for who may open it: such names often say whose paper it is."""
        return self.original_name.reveal()
