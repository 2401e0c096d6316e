"""The pages of long work: how far it is, how long it takes, what failed; its starter's only."""

import io
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tablib
import time_machine
from django.test import Client
from django.urls import reverse

from foundation.trail import acting
from organizations.models import Job, JobFault, JobState, Staff
from organizations.models.records import AccessRecord
from organizations.permissions import Role
from organizations.rules.jobs import Pace, in_words, pace
from tests.support.factories import make_staff
from tests.support.jobs import drill, make_job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
MORNING = datetime(2026, 9, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def officer() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=date(2026, 1, 1))


def browser_of(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def under_way(by: Staff, **more: Any) -> Job:
    facts = {"state": JobState.RUNNING, "attempts": 1, "begun_at": MORNING, "total": 400, "done": 99, "failed": 1}
    return make_job(by, at=MORNING, title="生成发放册", **facts | more)


def fault(job: Job, row: str, attempt: int = 1) -> None:
    with acting(actor="system:test"):
        JobFault.objects.create(job=job, attempt=attempt, row=row, message="账号缺一位")


@pytest.mark.parametrize(
    ("total", "done", "seconds", "expected"),
    [
        (400, 100, 60, Pace(25, 100, 180)),
        (400, 399, 60, Pace(99, 399, 1)),
        (400, 0, 60, Pace(0, None, None)),
        (0, 50, 30, Pace(0, 100, None)),
        (3, 3, 2, Pace(100, 90, 0)),
        (3, 1, 0, Pace(33, None, None)),
    ],
)
def test_rate_and_time_left_follow_from_what_is_done(total: int, done: int, seconds: float, expected: Pace) -> None:
    assert pace(total=total, done=done, seconds=seconds) == expected


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (8, "8秒"),
        (31, "40秒"),
        (50, "50秒"),
        (51, "1分钟"),
        (60, "1分钟"),
        (61, "2分钟"),
        (4800, "1小时20分钟"),
        (3600, "1小时"),
    ],
)
def test_time_left_is_told_as_people_say_it(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_the_page_tells_how_far_it_is_and_moves_by_itself(officer: Staff) -> None:
    job = under_way(officer)
    fault(job, "第12行")
    with drill(lambda job: None), time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        browser = browser_of(officer)
        page = browser.get(reverse("organizations:job", args=[job.pk])).content.decode()
        piece = browser.get(reverse("organizations:job", args=[job.pk]), headers={"HX-Request": "true"})
    for shown in ("正在办理", "25%", "每分钟 100", "约3分钟", "第12行", "账号缺一位", "停止办理", "刷新</a>"):
        assert shown in page, shown
    assert 'hx-trigger="every 2s"' in piece.content.decode()
    assert "<html" not in piece.content.decode()


def test_the_piece_stops_asking_when_it_is_over_and_leads_to_the_result(officer: Staff) -> None:
    over = {"state": JobState.DONE, "finished_at": MORNING + timedelta(minutes=4), "result_url": "/somewhere/"}
    job = under_way(officer, done=399, **over)
    page = browser_of(officer).get(reverse("organizations:job", args=[job.pk])).content.decode()
    assert "hx-get" not in page
    assert "停止办理" not in page
    for shown in ("已完成，有未成的", 'href="/somewhere/"', "2026年9月25日 10:04"):
        assert shown in page, shown


def test_the_rows_that_failed_are_taken_out_as_excel_on_record(officer: Staff) -> None:
    job = under_way(officer, state=JobState.DONE, finished_at=MORNING, attempts=2)
    fault(job, "第一次的", attempt=1)
    fault(job, "第7行", attempt=2)
    fault(job, "第9行", attempt=2)
    answer = browser_of(officer).post(reverse("organizations:export_job_faults", args=[job.pk]))
    rows = tablib.Dataset().load(io.BytesIO(answer.content), format="xlsx")
    assert (rows.headers, list(rows)) == (
        ["行", "列", "原因"],
        [("第7行", None, "账号缺一位"), ("第9行", None, "账号缺一位")],
    )
    assert AccessRecord.objects.get().row_count == 2


def test_cancelling_from_the_page(officer: Staff) -> None:
    job = under_way(officer)
    with drill(lambda job: None):
        answer = browser_of(officer).post(reverse("organizations:cancel_job", args=[job.pk]), follow=True)
    assert "正在取消，办完手上的一批就停。" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLING
    with drill(lambda job: None, cancellable=False):
        answer = browser_of(officer).post(reverse("organizations:cancel_job", args=[job.pk]), follow=True)
    assert "不能中途取消" in answer.content.decode()


def test_the_list_and_the_home_page_show_ones_own(officer: Staff, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        under_way(officer)
    make_job(make_staff(Role.TOWNSHIP_OFFICER, "341824101"), at=MORNING, title="别人的办理")
    browser = browser_of(officer)
    browser.get(reverse("organizations:jobs"))
    with django_assert_max_num_queries(14):
        page = browser.get(reverse("organizations:jobs")).content.decode()
    home = browser.get(reverse("workbench:home")).content.decode()
    assert (page.count("生成发放册"), home.count("生成发放册")) == (4, 4)
    assert "100 / 400" in home
    assert "别人的办理" not in page + home


def test_another_persons_work_does_not_exist(officer: Staff) -> None:
    job = under_way(make_staff(Role.TOWNSHIP_OFFICER, "341824101"))
    for name, method in (("job", "get"), ("cancel_job", "post"), ("export_job_faults", "post")):
        answer = getattr(browser_of(officer), method)(reverse(f"organizations:{name}", args=[job.pk]))
        assert answer.status_code == 404, name
