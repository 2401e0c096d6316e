"""Long work (后台办理): what somebody started that takes longer than a page may, and what of it failed."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from foundation.files import private_path
from foundation.trail import append_only, recorded
from organizations.models.areas import Area
from organizations.models.staff import Staff


class JobState(models.TextChoices):
    WAITING = "waiting", "等待"
    RUNNING = "running", "正在办理"
    CANCELLING = "cancelling", "正在取消"
    CANCELLED = "cancelled", "已取消"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


OPEN_STATES = (JobState.WAITING, JobState.RUNNING, JobState.CANCELLING)
OVER_STATES = (JobState.CANCELLED, JobState.DONE, JobState.FAILED)


@recorded(exclude=("total", "done", "failed", "heartbeat_at"))
class Job(models.Model):
    """后台办理: one piece of long work; its progress moves every second and stays out of the history."""

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("名称", max_length=120)
    parameters = models.JSONField("参数", default=dict, encoder=DjangoJSONEncoder)
    """What is worked on, by keys and figures; never personal data."""
    area = models.ForeignKey(
        Area, on_delete=models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="区划"
    )
    started_by = models.ForeignKey(Staff, on_delete=models.RESTRICT, related_name="jobs", verbose_name="发起人")
    started_at = models.DateTimeField("发起时间")
    token = models.CharField("防重标记", max_length=120, unique=True)
    """Who brings it again gets the same job."""
    state = models.CharField("状态", max_length=12, choices=JobState, default=JobState.WAITING)
    total = models.PositiveIntegerField("总数", default=0)
    done = models.PositiveIntegerField("已办", default=0)
    """Rows that are through, those that failed not among them."""
    failed = models.PositiveIntegerField("未成", default=0)
    begun_at = models.DateTimeField("开始时间", null=True, blank=True)
    """When the present attempt began."""
    heartbeat_at = models.DateTimeField("最近进展")
    """When a worker last showed that it is at it, or the job was last sent to one."""
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("办理次数", default=0)
    result_url = models.CharField("结果页面", max_length=300, blank=True)
    message = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "后台办理"
        verbose_name_plural = "后台办理"
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=("started_by", "-started_at"), name="job_by_starter"),
            models.Index(
                fields=("heartbeat_at",), name="job_open", condition=Q(state__in=[state.value for state in OPEN_STATES])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_over_at_some_time",
                condition=Q(state__in=[state.value for state in OPEN_STATES], finished_at=None)
                | Q(state__in=[state.value for state in OVER_STATES], finished_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@pgtrigger.register(append_only())
class JobFault(models.Model):
    """未成的一行: what of a job could not be done, and why; written once for each attempt."""

    job = models.ForeignKey(Job, on_delete=models.RESTRICT, related_name="faults", verbose_name="后台办理")
    attempt = models.PositiveSmallIntegerField("第几次办理")
    row = models.CharField("行", max_length=60)
    column = models.CharField("列", max_length=40, blank=True)
    message = models.CharField("原因", max_length=300)

    class Meta:
        verbose_name = "未成的一行"
        verbose_name_plural = "未成的行"
        ordering = ("pk",)
        indexes = [models.Index(fields=("job", "attempt"), name="fault_by_job")]

    def __str__(self) -> str:
        return f"{self.row} {self.message}"


@recorded()
class JobFile(models.Model):
    """结果文件: what a job made to be taken away; its starter's only, deleted after some days."""

    job = models.OneToOneField(Job, on_delete=models.RESTRICT, related_name="kept", verbose_name="后台办理")
    file = models.FileField("文件", upload_to=private_path, max_length=200, blank=True)
    """Empty once it was deleted."""
    name = models.CharField("文件名", max_length=100)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节数")
    kept_until = models.DateField("保留到")
    """Last day on which it can be taken away."""

    class Meta:
        verbose_name = "结果文件"
        verbose_name_plural = "结果文件"

    def __str__(self) -> str:
        return self.name
