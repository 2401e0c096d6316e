"""文书: numbered without gaps, archived with digests, delivered, never changed once issued."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import EncryptedField
from foundation.files import private_path
from foundation.rotation import keeps_its_key
from foundation.trail import append_only, recorded
from organizations.models import Area


class DocumentKind(models.TextChoices):
    """Papers that the system prints; those for signature are printed unnumbered as often as wanted."""

    APPLICATION_FORM = "application_form", "社会救助申请表"
    AUTHORIZATION_LETTER = "authorization_letter", "核查授权书"
    COMMITMENT_LETTER = "commitment_letter", "承诺书（告知承诺书）"
    AGENT_LETTER = "agent_letter", "委托书"
    RELATIVE_RECORD = "relative_record", "近亲属备案表"
    CARE_AGREEMENT = "care_agreement", "特困人员委托照料服务协议"
    CARE_VISIT_SHEET = "care_visit_sheet", "特困人员走访照料记录表"
    ACCEPTANCE_NOTICE = "acceptance_notice", "受理通知书"
    SUPPLEMENT_NOTICE = "supplement_notice", "一次性补正告知书"
    VISIT_FORM = "visit_form", "入户调查表"
    APPRAISAL_RECORD = "appraisal_record", "民主评议记录表"
    SELFCARE_FORM = "selfcare_form", "生活自理能力评估表"
    PUBLICITY_SHEET = "publicity_sheet", "公示"
    APPROVAL_FORM = "approval_form", "审核确认表"
    APPROVAL_NOTICE = "approval_notice", "确认通知书"
    REFUSAL_NOTICE = "refusal_notice", "不予确认通知书"
    TERMINATION_NOTICE = "termination_notice", "终止办理告知书"
    ANNOUNCEMENT_SHEET = "announcement_sheet", "公布"
    TEKUN_FORM = "tekun_form", "特困人员救助供养审批表"
    SUPPORT_END_SHEET = "support_end_sheet", "拟终止公示"
    SUPPORT_END_FORM = "support_end_form", "终止审批表"
    SUPPORT_END_NOTICE = "support_end_notice", "终止通知书"
    SUPPORT_KEPT_NOTICE = "support_kept_notice", "继续供养告知书"
    SUPPORT_END_VILLAGE = "support_end_village", "终止告知书（村、社区）"
    CARE_CHANGE_NOTICE = "care_change_notice", "照料护理档次调整告知书"
    REVIEW_FORM = "review_form", "动态核查表"
    ADJUSTMENT_NOTICE = "adjustment_notice", "调整通知书"
    STOP_NOTICE = "stop_notice", "停发通知书"
    PHASEOUT_NOTICE = "phaseout_notice", "渐退通知书"
    REVIEW_NOTICE = "review_notice", "复核结果告知书"
    PHASE_OUT_REMINDER = "phase_out_reminder", "渐退到期提醒"
    PHASE_OUT_END_NOTICE = "phase_out_end_notice", "渐退到期停发通知"
    PHASE_OUT_REVOKED = "phase_out_revoked", "撤销渐退通知书"
    UPLIFT_NOTICE = "uplift_notice", "提标调整通知书"
    DEATH_NOTICE = "death_notice", "成员死亡待遇告知书"
    PAYMENT_ROSTER = "payment_roster", "发放花名册"
    TEMP_AID_FORM = "temp_aid_form", "临时救助申请审批表"
    PETTY_ADVANCE_SLIP = "petty_advance_slip", "小额先行救助单"
    SUPPLEMENT_STATEMENT = "supplement_statement", "临时救助补充说明表"
    COLLECTIVE_MINUTES = "collective_minutes", "一事一议纪要"
    TEMP_AID_NOTICE = "temp_aid_notice", "临时救助告知书"
    TEMP_AID_REFUSAL = "temp_aid_refusal", "不予临时救助告知书"
    AID_PUBLICITY_SHEET = "aid_publicity_sheet", "临时救助公示"
    RESERVE_LEDGER = "reserve_ledger", "备用金台账"
    RESERVE_RECONCILIATION = "reserve_reconciliation", "备用金月度对账表"


SIGNED_ONLY = frozenset(
    {
        DocumentKind.APPLICATION_FORM,
        DocumentKind.AUTHORIZATION_LETTER,
        DocumentKind.COMMITMENT_LETTER,
        DocumentKind.AGENT_LETTER,
        DocumentKind.RELATIVE_RECORD,
        DocumentKind.CARE_AGREEMENT,
        DocumentKind.CARE_VISIT_SHEET,
        DocumentKind.PAYMENT_ROSTER,
        DocumentKind.AID_PUBLICITY_SHEET,
        DocumentKind.RESERVE_LEDGER,
        DocumentKind.RESERVE_RECONCILIATION,
    }
)
"""Papers that are printed to be signed or posted and never issued with a number."""

HANDED_OVER = frozenset(
    {
        DocumentKind.ACCEPTANCE_NOTICE,
        DocumentKind.SUPPLEMENT_NOTICE,
        DocumentKind.APPROVAL_NOTICE,
        DocumentKind.REFUSAL_NOTICE,
        DocumentKind.TERMINATION_NOTICE,
        DocumentKind.SUPPORT_END_NOTICE,
        DocumentKind.SUPPORT_KEPT_NOTICE,
        DocumentKind.SUPPORT_END_VILLAGE,
        DocumentKind.CARE_CHANGE_NOTICE,
        DocumentKind.ADJUSTMENT_NOTICE,
        DocumentKind.STOP_NOTICE,
        DocumentKind.PHASEOUT_NOTICE,
        DocumentKind.REVIEW_NOTICE,
        DocumentKind.PHASE_OUT_REMINDER,
        DocumentKind.PHASE_OUT_END_NOTICE,
        DocumentKind.PHASE_OUT_REVOKED,
        DocumentKind.UPLIFT_NOTICE,
        DocumentKind.DEATH_NOTICE,
        DocumentKind.TEMP_AID_NOTICE,
        DocumentKind.TEMP_AID_REFUSAL,
    }
)
"""Papers that go into the family's hands: their delivery (送达) is recorded, of no others."""


@recorded()
class NumberPrefix(models.Model):
    """文号字头: what stands before 〔年〕 for a body and kind of document, from a year on; editable by the county."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="制发机关")
    kind = models.CharField("文种", max_length=30, choices=DocumentKind)
    prefix = models.CharField("字头", max_length=20)
    from_year = models.PositiveSmallIntegerField("起用年度", default=0)
    """0 for the first; numbers of a year take the prefix of the latest year that is not later."""

    class Meta:
        verbose_name = "文号字头"
        verbose_name_plural = "文号字头"
        constraints = [
            models.UniqueConstraint(
                name="number_prefix_once",
                fields=("area", "kind", "from_year"),
                violation_error_message="这个机关的这种文书，这一年已有字头。",
            ),
            models.UniqueConstraint(
                name="number_prefix_own",
                fields=("prefix",),
                violation_error_message="这个字头已被另一机关或文种使用。",
            ),
        ]

    def __str__(self) -> str:
        return self.prefix


@recorded()
class NumberCounter(models.Model):
    """文书编号计数: the last number given by a body for a kind in a year; its row is the lock."""

    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="制发机关")
    kind = models.CharField("文种", max_length=30, choices=DocumentKind)
    year = models.PositiveSmallIntegerField("年度")
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "文书编号计数"
        verbose_name_plural = "文书编号计数"
        constraints = [models.UniqueConstraint(name="number_counter_once", fields=("area", "kind", "year"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.year} {self.last}"


_FROZEN = (
    "kind title issuing_area_id number year serial issued_on issued_by_id record record_digest"
    " template_version pdf pdf_digest"
).split()


_VOIDING = "voided_on voided_reason voided_by_id".split()
"""Written once. ``area`` alone may follow the case: it says who sees the paper and is printed nowhere from here."""


def _changes(columns: list[str]) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


@keeps_its_key("record", "pdf")
@recorded()
class Document(models.Model):
    """文书: its content record (encrypted), the archived PDF and the digests of both (interface.md, Papers)."""

    kind = models.CharField("文种", max_length=30, choices=DocumentKind)
    title = models.CharField("标题", max_length=120)
    issuing_area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="制发机关")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="所涉村（社区）")
    number = models.CharField("文号", max_length=60, unique=True)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    issued_on = models.DateField("制发日期")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="制发人"
    )
    record = EncryptedField("内容记录", purpose="record")
    record_digest = models.CharField("内容摘要（SM3）", max_length=64)
    template_version = models.CharField("模板版本", max_length=20)
    pdf = models.FileField("PDF", upload_to=private_path, max_length=200)
    pdf_digest = models.CharField("PDF摘要（SM3）", max_length=64)
    voided_on = models.DateField("作废日期", null=True, blank=True)
    voided_reason = models.CharField("作废原因", max_length=200, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作废人",
    )

    class Meta:
        verbose_name = "文书"
        verbose_name_plural = "文书"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(name="document_serial_once", fields=("issuing_area", "kind", "year", "serial")),
            models.CheckConstraint(
                name="document_void_whole",
                condition=Q(voided_on=None, voided_reason="", voided_by=None)
                | Q(voided_on__isnull=False, voided_by__isnull=False) & ~Q(voided_reason=""),
            ),
            models.CheckConstraint(
                name="document_not_voided_before_issue",
                condition=Q(voided_on=None) | Q(voided_on__gte=F("issued_on")),
            ),
        ]
        indexes = [
            models.Index(fields=("area", "kind", "issued_on"), name="document_by_area"),
            models.Index(fields=("record_digest",), name="document_by_digest"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="issued_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"{_changes(_FROZEN)} OR (OLD.voided_on IS NOT NULL AND ({_changes(_VOIDING)}))"
                ),
                func="RAISE EXCEPTION 'jixi: an issued document cannot be changed in place';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def check_code(self) -> str:
        """The first 16 hex digits of the content record's digest, as printed."""
        return self.record_digest[:16]


class DeliveryWay(models.TextChoices):
    DIRECT = "direct", "直接送达"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    ENTRUSTED = "entrusted", "委托村（社区）送达"
    PUBLIC = "public", "公告送达"


@pgtrigger.register(append_only())
class Delivery(models.Model):
    """送达: when, how and into whose hands a document went."""

    document = models.OneToOneField(Document, on_delete=models.RESTRICT, related_name="delivery", verbose_name="文书")
    delivered_on = models.DateField("送达日期")
    way = models.CharField("送达方式", max_length=20, choices=DeliveryWay)
    received_by = models.CharField("签收人", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "送达"
        verbose_name_plural = "送达"
        constraints = [
            models.CheckConstraint(
                name="delivery_direct_is_signed",
                condition=~Q(way="direct") | ~Q(received_by=""),
                violation_error_message="直接送达的，请填签收人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document.number} {self.delivered_on}"
