from urllib.parse import parse_qsl

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from foundation.trail import append_only, recorded
from organizations.models.staff import Staff


class AccessKind(models.TextChoices):
    REVEAL = "reveal", "查看完整信息"
    FOREIGN_LOOKUP = "foreign_lookup", "查到外乡镇已登记人员"
    EXPORT = "export", "导出名单"
    FULL_EXPORT = "full_export", "完整导出"
    DOCUMENT = "document", "打开文书"
    ATTACHMENT = "attachment", "打开附件"
    PAGE = "page", "打开页面"
    ARCHIVED_FILE = "archived_file", "查阅归档档案"


SUBJECTS = {
    "access_record": "查阅记录",
    "agent": "代理人",
    "area": "村（社区）",
    "attachment": "附件",
    "award": "待遇",
    "bank_account": "发放账户",
    "care": "照料服务",
    "care_agreement": "照料协议",
    "case": "办件",
    "check_draw": "随机抽查",
    "document": "文书",
    "hardship_report": "急难报告",
    "household": "家庭",
    "intake": "受理",
    "job": "后台办理",
    "means_check": "核对",
    "member": "家庭成员",
    "person": "人员",
    "petty_advance": "小额先行救助",
    "recognition": "认定身份",
    "reserve_fund": "乡镇备用金",
    "staff": "工作人员",
    "stock": "救助物资",
    "supporter": "赡养抚养扶养义务人",
    "temporary_aid": "临时救助",
    "uplift": "提标",
    "what_if": "政策测算",
}
"""What records of access name, in words."""


FILTERS = {
    "accepted_from": "受理日期起",
    "accepted_to": "受理日期止",
    "apart": "逐户看的原因",
    "area": "区划",
    "authority": "确认机关",
    "category": "类别",
    "cliff": "悬崖点",
    "family": "家庭",
    "helped_month": "首次到手月份",
    "helped_year": "首次到手年度",
    "kind": "种类",
    "lamp": "时限",
    "mine": "待我办理",
    "outcome": "测算结果",
    "paid_month": "发放月份",
    "paid_year": "发放年度",
    "papers": "后补手续",
    "q": "查找",
    "reader": "查阅人",
    "residence": "城乡",
    "result": "结果",
    "role": "岗位",
    "scheme": "险种",
    "since": "日期起",
    "sort": "排序",
    "state": "状态",
    "township": "乡镇",
    "until": "日期止",
    "village": "村（社区）",
}
"""What cuts the lists, in words; a filter that is not named here is shown as its address says it."""


@recorded()
class ReadingPurpose(models.Model):
    """查阅事由: what personal data may be read in full for, as the county lists it; ended, never deleted."""

    name = models.CharField("事由", max_length=40)
    asks_note = models.BooleanField("须写明具体事由", default=False)
    starts_on = models.DateField("启用日期")
    ends_on = models.DateField("停用日期", null=True, blank=True, help_text="最后一天；长期使用的不填。")

    class Meta:
        verbose_name = "查阅事由"
        verbose_name_plural = "查阅事由"
        ordering = ("asks_note", "pk")
        constraints = [
            models.UniqueConstraint(
                name="reading_purpose_once",
                fields=("name", "starts_on"),
                violation_error_message="同一天启用的事由不能同名。",
            ),
            models.CheckConstraint(
                name="reading_purpose_dates_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="停用日期不能早于启用日期。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pgtrigger.register(append_only())
class AccessRecord(models.Model):
    """查阅记录: who read whose personal data, when and what for; written once."""

    kind = models.CharField("种类", max_length=20, choices=AccessKind)
    staff = models.ForeignKey(Staff, on_delete=models.RESTRICT, related_name="+", verbose_name="查阅人")
    at = models.DateTimeField("时间")
    subject_type = models.CharField("对象种类", max_length=40)
    subject_id = models.BigIntegerField("对象编号", null=True)
    purpose = models.CharField("查阅事由", max_length=40, blank=True)
    reason = models.CharField("事由", max_length=200, blank=True)
    person_ids = ArrayField(models.BigIntegerField(), verbose_name="被查阅人", default=list, blank=True)
    """Keys of the persons whose data was read; people who are no persons of ours (agents, carers) by the subject."""
    row_count = models.PositiveIntegerField("行数", null=True, blank=True)
    query = models.CharField("筛选条件", max_length=1000, blank=True)
    """What cut an exported list, as its address says it; numbers of people masked."""

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering = ("-at",)
        indexes = [
            models.Index(fields=("subject_type", "subject_id", "at"), name="access_by_subject"),
            models.Index(fields=("staff", "kind", "at"), name="access_by_staff"),
            GinIndex(fields=("person_ids",), name="access_by_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="access_in_full_has_reason",
                condition=~Q(kind__in=["reveal", "full_export"]) | ~Q(reason=""),
                violation_error_message="查看或导出完整信息必须写明事由。",
            ),
            models.CheckConstraint(
                name="full_export_counted",
                condition=~Q(kind="full_export") | Q(row_count__isnull=False),
                violation_error_message="完整导出必须记下行数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.staff} {self.get_kind_display()}"

    @property
    def subject(self) -> str:
        """What was read, in words: 家庭成员 12, 办件."""
        name = SUBJECTS.get(self.subject_type, self.subject_type)
        return name if self.subject_id is None else f"{name} {self.subject_id}"

    @property
    def filters(self) -> str:
        """What cut an exported list, as a person reads it."""
        return "，".join(f"{FILTERS.get(name, name)}：{value}" for name, value in parse_qsl(self.query))
