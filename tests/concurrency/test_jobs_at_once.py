"""Long work on real connections, with a real broker: never done twice at once, never lost, seen while under way."""

import re
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.trail import acting
from organizations.models import Department, Job, JobState, Staff
from organizations.permissions import Permission, Role
from organizations.queries import county as the_county
from organizations.services import JobRun, cancel_job, carry_out, start_job
from organizations.services.jobs import JOB_KINDS, JobKind
from tests.concurrency.together import together
from tests.support.factories import make_staff
from tests.support.jobs import KIND, drill, make_job
from tests.support.workers import end, end_children, own_broker, real_queue, running, wait_until

__all__ = ["own_broker", "real_queue"]
pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timedelta(hours=1)
ROWS = 40


@pytest.fixture
def officer() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))


def waiting(by: Staff, kind: str = KIND, **more: Any) -> Job:
    return make_job(by, at=timezone.now(), kind=kind, **more)


def departments() -> int:
    return Department.objects.filter(code__startswith="drill-").count()


def state(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_two_workers_with_the_same_job_do_it_once(officer: Staff) -> None:
    began, may_end = threading.Event(), threading.Event()
    runs: list[int] = []

    def work(run: JobRun) -> None:
        runs.append(run.attempt)
        began.set()
        assert may_end.wait(timeout=30)

    def second() -> bool:
        assert began.wait(timeout=30)
        try:
            return carry_out(job.pk, clock=timezone.now)
        finally:
            may_end.set()

    with drill(work):
        job = waiting(officer)
        assert together(lambda: carry_out(job.pk, clock=timezone.now), second) == [True, False]
    assert (runs, state(job).state) == ([1], JobState.DONE)


def test_progress_is_seen_before_the_work_is_committed_and_cancelling_reaches_it(officer: Staff) -> None:
    half, may_go_on = threading.Event(), threading.Event()
    seen: list[Any] = []

    def work(run: JobRun) -> None:
        run.begin(2)
        with transaction.atomic():
            Department.objects.create(code="drill-1", name="演练科", area=the_county())
            run.done()
            run.fail(row="第2行", message="办不成")
            run.tell()
            half.set()
            assert may_go_on.wait(timeout=30)
            run._asked_at = 0.0  # as if a second had passed
            seen.append(run.is_cancelled())

    def watch() -> None:
        assert half.wait(timeout=30)
        job = Job.objects.get()
        seen.append((job.total, job.done, job.failed, job.faults.get().row, departments()))
        cancel_job(job, by=officer, at=timezone.now())
        may_go_on.set()

    with drill(work):
        job = waiting(officer)
        together(lambda: carry_out(job.pk, clock=timezone.now), watch)
    assert seen == [(2, 1, 1, "第2行", 0), True]
    assert (state(job).state, departments()) == (JobState.CANCELLED, 1)


def test_the_same_token_sent_twice_at_once_is_one_job(officer: Staff) -> None:
    runs: list[int] = []

    def start() -> Job:
        return start_job(KIND, title="演练", parameters={}, by=officer, at=timezone.now(), token="roll-2026-10")

    with drill(lambda run: runs.append(run.pk)):
        first, second = together(start, start)
    assert (first, runs) == (second, [first.pk])


def test_a_job_that_is_started_goes_through_the_queue(
    officer: Staff, real_queue: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started here, taken by another process by what lies in the queue alone."""
    monkeypatch.setitem(
        JOB_KINDS, "tests.departments", JobKind("tests.departments", nothing, Permission.ACCEPT, cancellable=True)
    )
    facts: dict[str, Any] = {
        "title": "演练",
        "parameters": {"total": 3, "pause": 0},
        "by": officer,
        "at": timezone.now(),
    }
    with running("worker", "--pool", "solo", broker=real_queue, folder=tmp_path):
        job = start_job("tests.departments", **facts)
        wait_until(lambda: not state(job).is_open, "the job was not done")
    assert (state(job).state, state(job).done, departments()) == (JobState.DONE, 3, 3)


def test_a_killed_workers_job_is_taken_up_again_and_nothing_is_done_twice(
    officer: Staff, own_broker: str, tmp_path: Path
) -> None:
    job = waiting(officer, "tests.departments", parameters={"total": ROWS, "pause": 0.05})
    forget(job)
    beat = running("beat", "--pidfile", "", "--max-interval", "1", broker=own_broker, folder=tmp_path)
    options = ("worker", "--concurrency", "1", "--loglevel", "INFO")
    with beat:
        with running(*options, broker=own_broker, folder=tmp_path) as worker:
            wait_until(lambda: departments() >= 5, "the sweep did not send the job")
            end_children(worker)
            wait_until(lambda: state(job).attempts == 2, "the queue did not give the job out again")
            before = departments()
            wait_until(lambda: departments() >= before + 5, "the work did not go on")
            end(worker)
        assert 0 < departments() < ROWS
        assert state(job).state == JobState.RUNNING
        forget(job)
        with running(*options, broker=own_broker, folder=tmp_path):
            wait_until(lambda: not state(job).is_open, "nobody took the job up again")
    job = state(job)
    assert (job.state, job.attempts, job.done, job.failed) == (JobState.DONE, 3, ROWS, 0)
    made: Any = apps.get_model("organizations", "DepartmentHistory").objects.filter(code__startswith="drill-")
    assert (departments(), made.count()) == (ROWS, ROWS)
    assert {row.pgh_context["actor"] for row in made} == {str(officer.pk)}
    assert {row.name[:3] for row in made} == {"第1次", "第2次", "第3次"}


def test_the_clock_itself_starts_every_task_of_its_schedule(own_broker: str, tmp_path: Path) -> None:
    """Beat and worker as the county runs them; only the hours are made seconds."""
    log = tmp_path / "worker.log"
    with (
        running("worker", "--pool", "solo", "--loglevel", "INFO", broker=own_broker, folder=tmp_path),
        running("beat", "--pidfile", "", "--max-interval", "1", broker=own_broker, folder=tmp_path),
    ):
        tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
        wait_until(lambda: tasks <= done_in(log), "some task of the schedule was never done")
    assert "raised unexpected" not in log.read_text()


def done_in(log: Path) -> set[str]:
    """Tasks that a worker's log says it did."""
    return set(re.findall(r"Task ([\w.]+)\[\S+\] succeeded", log.read_text()))


def nothing(run: JobRun) -> None:
    """The work itself is in the worker's own process."""


def forget(job: Job) -> None:
    """Let it be long since anybody heard of a job."""
    with acting(actor="system:test"):
        Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
