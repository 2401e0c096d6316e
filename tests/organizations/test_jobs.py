"""Long work: who may start it, how far it is, what failed, how it ends, and who is on the trail for it."""

import gc
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import OperationalError
from django.utils import timezone

from foundation.errors import NotPermitted, ServiceError
from organizations.models import Department, Job, JobState, Staff
from organizations.permissions import Permission, Role
from organizations.queries import county as the_county
from organizations.queries.jobs import faults_of, jobs_on_hand
from organizations.services import JobRefused, JobRun, cancel_job, carry_out, start_job, sweep_jobs
from organizations.services import jobs as service
from tests.support.factories import area, make_staff
from tests.support.jobs import KIND, drill, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
MORNING = datetime(2026, 9, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = MORNING + timedelta(hours=1)
LINXI, HUAYANG = "341824101", "341824100"


@pytest.fixture
def officer() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI)


def start(by: Staff, **more: Any) -> Job:
    return start_job(KIND, **{"title": "演练", "parameters": {}, "by": by, "at": MORNING} | more)


def do(job: Job) -> Job:
    carry_out(job.pk, clock=lambda: LATER)
    job.refresh_from_db()
    return job


def test_work_tells_how_far_it_is_and_what_failed_and_ends_with_its_result(officer: Staff) -> None:
    def work(job: JobRun) -> None:
        job.begin(3)
        job.done(2)
        job.fail(row="第3行", column="金额", message="金额是空的，请补填。")
        job.result(url="/somewhere/", message=f"{job.parameters['month']}办了2行")

    with drill(work) as kind:
        job = do(start_job(kind, title="演练", parameters={"month": "2026-10"}, by=officer, at=MORNING))
    assert (job.state, job.total, job.done, job.failed) == (JobState.DONE, 3, 2, 1)
    assert (job.result_url, job.message) == ("/somewhere/", "2026-10办了2行")
    assert (job.begun_at, job.finished_at, job.attempts) == (LATER, LATER, 1)
    assert [(one.row, one.column, one.message) for one in faults_of(job)] == [("第3行", "金额", "金额是空的，请补填。")]


def test_while_it_works_the_collector_looks_for_cycles_more_seldom(officer: Staff) -> None:
    usual = gc.get_threshold()
    seen: list[int] = []
    with drill(lambda run: seen.append(gc.get_threshold()[0])):
        do(make_job(officer, at=MORNING))
    assert seen == [100 * usual[0]]
    assert gc.get_threshold() == usual


def test_the_day_of_the_work_is_the_day_it_was_started_however_late_it_runs(officer: Staff) -> None:
    told: list[Any] = []
    late = datetime(2026, 9, 30, 23, 59, tzinfo=ZoneInfo("Asia/Shanghai"))
    with drill(lambda job: told.append((job.on, job.at, job.by))):
        job = start(officer, at=late)
        carry_out(job.pk, clock=lambda: late + timedelta(hours=2))
    assert told == [(late.date(), late, officer)]


def test_it_is_sent_to_a_worker_when_the_transaction_is_through(
    officer: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    with drill(lambda job: job.result(message="办好了")):
        with django_capture_on_commit_callbacks(execute=True):
            job = start(officer)
            assert Job.objects.get().state == JobState.WAITING
        job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "办好了")


def test_the_same_token_is_the_same_job_and_not_somebody_elses(officer: Staff) -> None:
    other = make_staff(Role.TOWNSHIP_OFFICER, LINXI)
    with drill(lambda job: None):
        assert start(officer, token="roll-2026-10") == start(officer, token="roll-2026-10")
        with pytest.raises(JobRefused, match="已由别人发起"):
            start(other, token="roll-2026-10")
    assert Job.objects.count() == 1


def test_the_permission_is_asked_at_the_start_there_where_the_work_is(officer: Staff) -> None:
    with drill(lambda job: None, permission=Permission.ACCEPT):
        start(officer, area=area(LINXI))
        with pytest.raises(NotPermitted):
            start(officer, area=area(HUAYANG))
        with pytest.raises(NotPermitted):
            start(make_staff(Role.AUDITOR, "341824"))
    assert Job.objects.count() == 1


def test_and_again_when_it_runs(officer: Staff) -> None:
    done: list[int] = []
    with drill(lambda job: done.append(1)):
        job = start(officer)
        officer.posts.update(ends_on=timezone.localdate() - timedelta(days=1))
        do(job)
    assert (done, job.state) == ([], JobState.FAILED)
    assert job.message == "您没有“受理”的权限。"


def test_no_persons_number_is_kept_with_it(officer: Staff) -> None:
    with drill(lambda job: None), pytest.raises(ValueError, match="person's number"):
        start(officer, parameters={"family": {"phone": "13905632207"}})


def test_the_trail_names_who_started_it_and_what_for(officer: Staff) -> None:
    def work(job: JobRun) -> None:
        Department.objects.update_or_create(code="drill", defaults={"name": "演练科", "area": the_county()})

    with drill(work):
        do(start(officer, title="改名"))
    history: Any = apps.get_model("organizations", "DepartmentHistory").objects.get(code="drill")
    assert (history.pgh_context["actor"], history.pgh_context["reason"]) == (str(officer.pk), "改名")
    states: Any = apps.get_model("organizations", "JobHistory").objects.order_by("pk")
    assert [row.state for row in states] == ["waiting", "running", "done"]


def test_a_refusal_ends_it_in_words_and_a_fault_says_nothing_of_its_inside(officer: Staff) -> None:
    def refuse(job: JobRun) -> None:
        raise ServiceError("2026年10月的发放册已定册，不能再生成。")

    with drill(refuse):
        job = do(start(officer))
    assert (job.state, job.message) == (JobState.FAILED, "2026年10月的发放册已定册，不能再生成。")

    with drill(lambda job: job.done(1 // 0)):
        job = do(start(officer))
    assert (job.state, job.failed) == (JobState.FAILED, 0)
    assert job.message.startswith("系统出错，没有办完。")
    assert "zero" not in job.message


def test_a_database_that_went_away_leaves_it_under_way_for_the_sweep(officer: Staff) -> None:
    tries: list[int] = []

    def work(job: JobRun) -> None:
        tries.append(job.attempt)
        if len(tries) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        job.done()

    with drill(work):
        job = start(officer)
        with pytest.raises(OperationalError):
            do(job)
        job.refresh_from_db()
        assert job.state == JobState.RUNNING
        assert sweep_jobs(at=LATER + timedelta(minutes=1)) == 0
        assert sweep_jobs(at=LATER + timedelta(minutes=3)) == 1
    job.refresh_from_db()
    assert (tries, job.state, job.attempts) == ([1, 2], JobState.DONE, 2)


def test_only_the_faults_of_the_last_attempt_are_shown(officer: Staff) -> None:
    def work(job: JobRun) -> None:
        job.fail(row=f"第{job.attempt}次", message="办不成")
        job.tell()
        if job.attempt == 1:
            raise OperationalError("gone")

    with drill(work):
        job = start(officer)
        with pytest.raises(OperationalError):
            do(job)
        do(job)
    assert ([fault.row for fault in faults_of(job)], job.failed) == (["第2次"], 1)


def test_it_is_not_tried_for_ever(officer: Staff) -> None:
    job = make_job(officer, at=MORNING, state=JobState.RUNNING, attempts=service.MOST_ATTEMPTS)
    with drill(lambda job: pytest.fail("tried once more")):
        do(job)
    assert (job.state, job.finished_at) == (JobState.FAILED, LATER)
    assert job.message.startswith("办理中断了5次")


def test_what_waits_is_cancelled_at_once_and_never_done(officer: Staff) -> None:
    with drill(lambda job: pytest.fail("it was cancelled")):
        job = cancel_job(start(officer), by=officer, at=LATER)
        assert (job.state, job.finished_at) == (JobState.CANCELLED, LATER)
        assert not carry_out(job.pk, clock=lambda: LATER)
        with pytest.raises(JobRefused, match="已经结束"):
            cancel_job(job, by=officer, at=LATER)


def test_what_is_under_way_stops_after_the_piece_it_is_at(officer: Staff) -> None:
    def work(run: JobRun) -> None:
        run.begin(10)
        for number in range(10):
            if run.is_cancelled():
                return
            if number == 0:
                assert cancel_job(Job.objects.get(pk=run.pk), by=officer, at=LATER).state == JobState.CANCELLING
            run._asked_at = 0.0  # as if a second had passed
            run.done()

    with drill(work):
        job = do(start(officer))
    assert (job.state, job.done, job.total) == (JobState.CANCELLED, 1, 10)


def test_only_the_starter_cancels_and_only_work_that_can_be_stopped(officer: Staff) -> None:
    with drill(lambda job: None, cancellable=False):
        job = start(officer)
        with pytest.raises(JobRefused, match="不能中途取消"):
            cancel_job(job, by=officer, at=LATER)
        with pytest.raises(NotPermitted):
            cancel_job(job, by=make_staff(Role.TOWNSHIP_OFFICER, LINXI), at=LATER)


def test_while_the_queue_does_not_answer_it_is_told_and_the_sweep_begins_it(
    officer: Staff, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    redis, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    with drill(lambda job: job.done()):
        with django_capture_on_commit_callbacks(execute=True):
            job = start(officer)
        job.refresh_from_db()
        assert (job.state, job.message) == (JobState.WAITING, service._NO_BROKER)
        settings.REDIS_URL = redis
        sweep_jobs(at=MORNING + timedelta(minutes=3))
        job.refresh_from_db()
    assert (job.state, job.message) == (JobState.DONE, "")


def test_a_result_elsewhere_is_refused(officer: Staff) -> None:
    with drill(lambda job: job.result(url="https://elsewhere.example/")):
        assert do(start(officer)).state == JobState.FAILED


def test_the_home_page_is_told_of_what_is_under_way_and_what_ended_within_a_day(officer: Staff) -> None:
    over = {"state": JobState.DONE, "finished_at": MORNING}
    make_job(
        officer, at=MORNING - timedelta(days=3), title="早完了", **over | {"finished_at": MORNING - timedelta(days=2)}
    )
    make_job(officer, at=MORNING, title="刚办完", **over)
    make_job(officer, at=MORNING, title="在办")
    make_job(make_staff(Role.TOWNSHIP_OFFICER, LINXI), at=MORNING, title="别人的")
    assert [job.title for job in jobs_on_hand(officer, at=LATER)] == ["在办", "刚办完"]
