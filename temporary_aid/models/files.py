"""临时救助附件: photos and papers of an aid, also of people whose family no township keeps yet."""

import pgtrigger
from django.conf import settings
from django.db import models

from foundation.crypto import EncryptedField
from foundation.files import private_path
from foundation.trail import append_only
from temporary_aid.models.aids import TemporaryAid


class AidFileKind(models.TextChoices):
    SCENE_PHOTO = "scene_photo", "现场照片"
    APPLICATION = "application", "签字的申请书"
    IDENTITY = "identity", "身份证明"
    CONSENT = "consent", "签字的核查授权书"
    EXPENSE_PROOF = "expense_proof", "支出票据"
    VISIT_PHOTO = "visit_photo", "走访照片"
    RECEIPT = "receipt", "领取签字"
    SUPPLEMENT = "supplement", "补充材料"
    MINUTES = "minutes", "会议纪要"
    POSTING_PHOTO = "posting_photo", "公示照片"
    OTHER = "other", "其他"


@pgtrigger.register(append_only())
class AidFile(models.Model):
    """附件: PDF, JPG or PNG, checked by content, encrypted, served only to who may see the aid."""

    aid = models.ForeignKey(TemporaryAid, on_delete=models.RESTRICT, related_name="files", verbose_name="临时救助")
    kind = models.CharField("种类", max_length=20, choices=AidFileKind)
    file = models.FileField("文件", upload_to=private_path, max_length=120)
    original_name = EncryptedField("原文件名", purpose="file_name")
    content_type = models.CharField("内容类型", max_length=30)
    size = models.PositiveIntegerField("字节数")
    digest = models.CharField("SM3摘要", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "临时救助附件"
        verbose_name_plural = "临时救助附件"
        ordering = ("pk",)
        indexes = [models.Index(fields=("aid", "kind"), name="aid_file_by_aid")]

    def __str__(self) -> str:
        return f"{self.aid} {self.get_kind_display()}"
