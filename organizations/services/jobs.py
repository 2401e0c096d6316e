"""Long work (后台办理): started on a page, done by a worker, taken up again where a worker was lost."""

import gc
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from kombu.exceptions import OperationalError as BrokerError

from foundation.errors import NotPermitted, ServiceError
from foundation.personal_numbers import holds_number
from foundation.servers import broker_problem
from foundation.trail import acting, because
from organizations.models import Area, Job, JobState, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries.jobs import forgotten_jobs
from organizations.services.job_progress import JobLine
from organizations.services.job_run import JobRun
from organizations.tasks import run_job

_log = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
SILENT_FOR = timedelta(minutes=2)
"""How long a job may show no progress before it is sent to a worker again; one that is at it keeps it."""
_NO_BROKER = "已登记。后台暂时没有应答，恢复后几分钟内自动开始，不用重新发起。"
_LOST = f"办理中断了{MOST_ATTEMPTS}次，没有再继续。已办完的部分有效；请联系系统管理员查看后重新发起。"
_BROKEN = "系统出错，没有办完。已办完的部分有效，可以重新发起；再不行的，请联系系统管理员。"


class JobRefused(ServiceError):
    """The job cannot be started or cancelled like this."""


@dataclass(frozen=True)
class JobKind:
    """A kind of long work, as its room declares it.

    :param permission: what whoever starts it must hold, at the start and when it runs.
    :param cancellable: whether the work asks :meth:`JobRun.is_cancelled` between the pieces that it commits.
    """

    name: str
    work: Callable[[JobRun], None]
    permission: Permission
    cancellable: bool


JOB_KINDS: dict[str, JobKind] = {}
"""Every kind by its name; a room adds its own when its application is ready."""
Work = Callable[[JobRun], None]


def job_kind(name: str, *, permission: Permission, cancellable: bool = False) -> Callable[[Work], Work]:
    """Make a function the work of a kind of job.

    The work runs outside any transaction and commits piece by piece; begun anew, it does only what is not done yet.
    """

    def register(work: Work) -> Work:
        JOB_KINDS[name] = JobKind(name, work, permission, cancellable)
        return work

    return register


@transaction.atomic
def start_job(
    kind: str,
    *,
    title: str,
    parameters: dict[str, Any],
    by: Staff,
    at: datetime,
    token: str = "",
    area: Area | None = None,
) -> Job:
    """Start long work (发起后台办理); a worker takes it when the transaction is committed.

    :param title: what it is called, without names of people: 生成2026年11月发放册（临溪镇）.
    :param parameters: keys and figures, no personal data.
    :param token: the same token gives the same job; empty for a new one whatever was started before.
    :param area: where the permission must be held; None where holding it anywhere is enough.
    :raises NotPermitted: the person may not do this work there.
    :raises JobRefused: the token belongs to other work.
    """
    found = JOB_KINDS[kind]
    _check_may(found, by, area)
    if holds_number(map(str, (title, parameters))):
        raise ValueError(f"a job of {kind} would keep a person's number")
    facts = {"kind": kind, "title": title, "parameters": parameters, "area": area, "started_by": by}
    with because("发起后台办理"):
        job, is_new = Job.objects.get_or_create(
            token=token or uuid.uuid4().hex, defaults={**facts, "started_at": at, "heartbeat_at": at}
        )
    if not is_new and (job.kind, job.started_by_id) != (kind, by.pk):
        raise JobRefused("同样的办理已由别人发起，不用重复发起。")
    if is_new:
        transaction.on_commit(partial(_send, job.pk))
    return job


@transaction.atomic
def cancel_job(job: Job, *, by: Staff, at: datetime) -> Job:
    """Stop long work (取消): what waits is over at once, what is under way stops after the piece it is at.

    :raises NotPermitted: somebody else started it.
    :raises JobRefused: it is over, or work of its kind is not stopped half-way.
    """
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.started_by_id != by.pk:
        raise NotPermitted("只有发起人可以取消。")
    if not job.is_open:
        raise JobRefused("已经结束，不用取消。")
    if not is_cancellable(job):
        raise JobRefused("这项办理不能中途取消，请等它办完。")
    with because("取消后台办理"):
        if job.state == JobState.WAITING:
            job.state, job.finished_at = JobState.CANCELLED, at
        else:
            job.state = JobState.CANCELLING
        job.save(update_fields=["state", "finished_at"])
    return job


def is_cancellable(job: Job) -> bool:
    """Whether work of the job's kind can be stopped half-way."""
    kind = JOB_KINDS.get(job.kind)
    return kind is not None and kind.cancellable


def sweep_jobs(*, at: datetime) -> int:
    """Send every job again of which nobody has heard: its worker was lost, or it was never sent.

    :returns: how many.
    """
    forgotten = forgotten_jobs(before=at - SILENT_FOR)
    keys = list(forgotten.values_list("pk", flat=True))
    Job.objects.filter(pk__in=keys).update(heartbeat_at=at)
    for key in keys:
        _send(key)
    return len(keys)


def carry_out(job_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Do a job, unless another worker has it or it is over.

    :param clock: tells the time of what is written of the progress.
    :returns: whether it was done here.
    :raises OperationalError: the database went away; the job is taken up again.
    """
    starter = Job.objects.filter(pk=job_id).values_list("started_by", flat=True).first()
    if starter is None:
        return False
    with acting(actor=str(starter)), JobLine(job_id, actor=str(starter)) as line:
        if not line.lock():
            return False
        job = _take(job_id, at=clock())
        if job is None:
            return False
        run = JobRun(job, line, clock=clock)
        state, message = _work(job, run)
        run.tell()
        _finish(run, state, message, at=clock())
    return True


def _send(job_id: int) -> None:
    """Hand the job to the workers; where the queue does not answer it waits for :func:`sweep_jobs`."""
    is_sent = not broker_problem()
    if is_sent:
        try:
            run_job.apply_async((job_id,), retry=False)
        except BrokerError:
            is_sent = False
    if not is_sent:
        Job.objects.filter(pk=job_id, state=JobState.WAITING).update(message=_NO_BROKER)


def _check_may(kind: JobKind, by: Staff, area: Area | None) -> None:
    if area is not None:
        check_can_act(by, kind.permission, area=area)
    elif not by.may(kind.permission):
        raise NotPermitted(f"您没有“{kind.permission.label}”的权限。")


@transaction.atomic
def _take(job_id: int, *, at: datetime) -> Job | None:
    """Make the job this worker's; None where it is over or was tried too often."""
    jobs = Job.objects.select_for_update(of=("self",), skip_locked=True)
    job = jobs.select_related("started_by", "area").filter(pk=job_id).first()
    if job is None or not job.is_open:
        return None
    if job.state == JobState.CANCELLING:
        _end(job, JobState.CANCELLED, "", at=at)
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, JobState.FAILED, _LOST, at=at)
        return None
    job.state, job.attempts, job.message = JobState.RUNNING, job.attempts + 1, ""
    job.begun_at = job.heartbeat_at = at
    job.save(update_fields=["state", "attempts", "message", "begun_at", "heartbeat_at"])
    return job


def _work(job: Job, run: JobRun) -> tuple[JobState, str]:
    """Do the work, and say how it ended."""
    kind = JOB_KINDS.get(job.kind)
    if kind is None:
        return JobState.FAILED, "这个版本的系统不会办理这一种，请联系系统管理员。"
    try:
        _check_may(kind, job.started_by, job.area)
        with because(job.title), _seldom_collecting():
            kind.work(run)
    except ServiceError as refusal:
        return JobState.FAILED, refusal.message
    except (OperationalError, InterfaceError):
        raise  # the database is away, or the work stood in another's way: begun anew by the sweep
    except Exception:
        _log.exception("job %s of %s failed", job.pk, job.kind)
        return JobState.FAILED, _BROKEN
    return (JobState.CANCELLED if run.was_cancelled else JobState.DONE), run.message


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Rows come and go by the thousand without cycles; to look for some every 700 objects is a quarter of the work."""
    usual = gc.get_threshold()
    gc.set_threshold(100 * usual[0], *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@transaction.atomic
def _finish(run: JobRun, state: JobState, message: str, *, at: datetime) -> None:
    job = Job.objects.select_for_update().get(pk=run.pk)
    job.result_url = run.result_url
    _end(job, state, message, at=at)


def _end(job: Job, state: JobState, message: str, *, at: datetime) -> None:
    job.state, job.message, job.finished_at = state, message[:300], at
    job.save(update_fields=["state", "message", "finished_at", "result_url"])
