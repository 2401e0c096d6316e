"""急难报告: what a village assistant, the hotline or anybody reports; the aid's clock runs from it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.crypto import BlindIndexField, EncryptedField
from foundation.trail import recorded
from organizations.models import Area
from temporary_aid.rules.clock import EARLIEST


class ReportSource(models.TextChoices):
    """线索来源; handbook task 19."""

    VILLAGE_ASSISTANT = "village_assistant", "村级协理员"
    GRID_WORKER = "grid_worker", "网格员"
    HOTLINE = "hotline", "12345热线"
    SELF = "self", "本人或家属求助"
    NEIGHBOUR = "neighbour", "群众反映"
    DEPARTMENT = "department", "其他部门转来"


class ReportState(models.TextChoices):
    OPEN = "open", "待处置"
    TAKEN = "taken", "已转为临时救助"
    DISMISSED = "dismissed", "不需救助"
    DUPLICATE = "duplicate", "重复报告"


@recorded()
class HardshipReport(models.Model):
    """急难报告: who is in need, where, of what, and when it was first reported (首次报告)."""

    number = models.CharField("报告编号", max_length=20, unique=True)
    source = models.CharField("来源", max_length=20, choices=ReportSource)
    hotline_ticket = models.CharField("12345工单号", max_length=30, blank=True)
    reported_at = models.DateTimeField("首次报告时间")
    reporter_name = models.CharField("报告人", max_length=60)
    reporter_phone = EncryptedField("报告人电话", purpose="phone", blank=True)
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="+", verbose_name="村（社区）")
    place = models.CharField("地点", max_length=120, blank=True)
    person_name = models.CharField("遇困人员", max_length=60)
    person_id_number = EncryptedField("身份证号", purpose="id_number", blank=True)
    person_id_index = BlindIndexField("身份证号盲索引", of="person_id_number")
    person_phone = EncryptedField("联系电话", purpose="phone", blank=True)
    cause = models.CharField("事由", max_length=20, blank=True)
    situation = models.CharField("情况", max_length=500)
    is_urgent = models.BooleanField("紧急", default=True)
    state = models.CharField("状态", max_length=10, choices=ReportState, default=ReportState.OPEN)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.RESTRICT, null=True, blank=True, related_name="duplicates", verbose_name="重复于"
    )
    settled_reason = models.CharField("处置说明", max_length=200, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处置人",
    )
    settled_at = models.DateTimeField("处置时间", null=True, blank=True)
    callback_result = models.CharField("回访结果", max_length=200, blank=True)
    """What was told to who rang the hotline; owed of every ticket (handbook task 19)."""
    called_back_at = models.DateTimeField("回访时间", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, related_name="+", verbose_name="登记人"
    )
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "急难报告"
        verbose_name_plural = "急难报告"
        ordering = ("-reported_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                name="report_hotline_ticket_once",
                fields=("hotline_ticket",),
                condition=~Q(hotline_ticket=""),
                violation_error_message="这个12345工单号已经登记过。",
            ),
            models.CheckConstraint(
                name="report_of_hotline_has_ticket",
                condition=Q(source="hotline") & ~Q(hotline_ticket="") | ~Q(source="hotline") & Q(hotline_ticket=""),
                violation_error_message="12345热线的报告须填工单号，其他来源不填。",
            ),
            models.CheckConstraint(
                name="report_not_of_the_future",
                condition=Q(reported_at__lte=F("entered_at")),
                violation_error_message="首次报告时间不能晚于登记时间。",
            ),
            models.CheckConstraint(
                name="report_not_out_of_mind",
                condition=Q(reported_at__gte=EARLIEST),
                violation_error_message="首次报告时间不能早于2020年。",
            ),
            models.CheckConstraint(
                name="report_settled_whole",
                condition=Q(state="open", settled_by=None, settled_at=None)
                | ~Q(state="open") & Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="report_dismissed_says_why",
                condition=~Q(state__in=["dismissed", "duplicate"]) | ~Q(settled_reason=""),
                violation_error_message="不需救助或重复的，请写明理由。",
            ),
            models.CheckConstraint(
                name="report_duplicate_of_another",
                condition=Q(state="duplicate", duplicate_of__isnull=False) & ~Q(duplicate_of=F("pk"))
                | ~Q(state="duplicate") & Q(duplicate_of=None),
            ),
        ]
        indexes = [
            models.Index(fields=("area", "state", "-reported_at"), name="report_by_area_state"),
            models.Index(fields=("state", "reported_at"), name="report_by_state"),
            models.Index(fields=("person_id_index",), name="report_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person_name}"
