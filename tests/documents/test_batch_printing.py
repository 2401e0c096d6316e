"""Notices printed in one go: which, in what order, with a register for each village; kept for some days only."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from documents import services
from documents.models import Document, DocumentKind
from documents.queries import PrintFilter
from documents.services import NotPrintable, printing_job, start_printing
from foundation.errors import NotPermitted
from organizations.models import AccessRecord, Job, JobFile, JobState, Staff
from organizations.permissions import Role
from organizations.services import carry_out
from organizations.tasks import drop_job_files
from tests.documents.samples import SAMPLES
from tests.support.factories import area, make_staff

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = MORNING.date()
LINXI, HUAYANG = "341824101", "341824100"
FIRST_VILLAGE, SECOND_VILLAGE, ELSEWHERE = "341824101200", "341824101201", "341824100201"


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=date(2026, 1, 1))


def issue(
    name: str, *, by: Staff, village: str = FIRST_VILLAGE, kind: str = "refusal_notice", on: date = DAY
) -> Document:
    record: Any = replace(SAMPLES[DocumentKind(kind)], applicant=name)  # type: ignore[type-var]
    body = village[:9]
    return services.issue_document(
        kind=record.kind, issuing_area=area(body), area=area(village), record=record, by=by, on=on
    )


def printed(by: Staff, wanted: PrintFilter | None = None, **more: Any) -> Job:
    terms: dict[str, Any] = {"both_sides": False, "token": "t", "by": by, "at": MORNING}
    started = start_printing(wanted or PrintFilter(), **terms | more)
    carry_out(started.pk, clock=lambda: MORNING)
    return Job.objects.get(pk=started.pk)


def pages_of(job: Job) -> list[str]:
    with job.kept.file.storage.open(str(job.kept.file.name)) as file:
        return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file.read())).pages]


def outline_of(job: Job) -> list[str]:
    with job.kept.file.storage.open(str(job.kept.file.name)) as file:
        return [str(item.title) for item in PdfReader(io.BytesIO(file.read())).outline if not isinstance(item, list)]


def test_papers_lie_by_village_and_name_each_village_with_its_register(clerk: Staff) -> None:
    last = issue("汪秋菊", by=clerk, village=SECOND_VILLAGE)
    second = issue("程国富", by=clerk)
    first = issue("胡德旺", by=clerk)  # 程 (U+7A0B) comes before 胡 (U+80E1)
    job = printed(clerk)
    assert (job.state, job.total, job.done, job.failed) == (JobState.DONE, 3, 3, 0)
    names = [area(code).name for code in (FIRST_VILLAGE, SECOND_VILLAGE)]
    assert outline_of(job) == [
        f"临溪镇{names[0]}",
        f"程国富　{second.number}",
        f"胡德旺　{first.number}",
        f"临溪镇{names[1]}",
        f"汪秋菊　{last.number}",
    ]
    register = pages_of(job)[0]
    for words in ("送达登记表", "共2份", "程国富", "胡德旺", second.number, "签收人签名", "2026年11月23日"):
        assert words in register, words
    assert "汪秋菊" not in register
    assert job.message == "3份通知书已合成一个文件。送达后请登记送达。"
    read = AccessRecord.objects.filter(subject_type="document")
    assert set(read.values_list("subject_id", flat=True)) == {first.pk, second.pk, last.pk}
    assert set(read.values_list("reason", "staff")) == {("成批打印通知书", clerk.pk)}


def test_on_both_sides_every_notice_begins_a_sheet(clerk: Staff) -> None:
    issue("程国富", by=clerk)
    issue("胡德旺", by=clerk)
    single = pages_of(printed(clerk))
    double = pages_of(printed(clerk, both_sides=True, token="u"))
    assert len(double) % 2 == 0
    begins = [number for number, text in enumerate(double) if text.startswith(("送达登记表", "绩溪县"))]
    assert [text for text in double if text] == single
    assert len(begins) >= 3 and all(number % 2 == 0 for number in begins), [text[:12] for text in double]


def test_only_what_waits_to_be_handed_over_is_printed(clerk: Staff) -> None:
    waiting = issue("程国富", by=clerk)
    delivered = issue("胡德旺", by=clerk)
    services.record_delivery(
        delivered, delivered_on=DAY, way="direct", received_by="胡德旺", note="", late_reason="", by=clerk, on=DAY
    )
    voided = issue("汪秋菊", by=clerk)
    services.void_document(voided, reason="写错", by=clerk, on=DAY)
    job = printed(clerk)
    assert (job.total, outline_of(job)[1:]) == (1, [f"程国富　{waiting.number}"])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (PrintFilter(), {"甲", "乙", "丙"}),
        (PrintFilter(kind="acceptance_notice"), {"丙"}),
        (PrintFilter(village=SECOND_VILLAGE), {"乙"}),
        (PrintFilter(township=LINXI, issued_from=DAY), {"甲", "丙"}),
        (PrintFilter(issued_to=DAY - timedelta(days=1)), {"乙"}),
    ],
)
def test_what_is_printed_is_cut_by_kind_day_and_place(clerk: Staff, wanted: PrintFilter, expected: set[str]) -> None:
    issue("甲", by=clerk)
    issue("乙", by=clerk, village=SECOND_VILLAGE, on=DAY - timedelta(days=1))
    issue("丙", by=clerk, kind="acceptance_notice")
    assert {title[0] for title in outline_of(printed(clerk, wanted)) if "号" in title} == expected


def test_what_is_issued_after_the_start_is_not_printed(clerk: Staff) -> None:
    issue("甲", by=clerk)
    started = start_printing(PrintFilter(), both_sides=False, token="t", by=clerk, at=MORNING)
    issue("乙", by=clerk)
    carry_out(started.pk, clock=lambda: MORNING)
    assert Job.objects.get().total == 1


def test_a_paper_whose_file_is_damaged_is_told_and_the_others_are_printed(clerk: Staff) -> None:
    issue("甲", by=clerk)
    damaged = issue("乙", by=clerk)
    storage, name = damaged.pdf.storage, str(damaged.pdf.name)
    path = Path(storage.path(name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"broken")
    job = printed(clerk)
    assert (job.state, job.done, job.failed) == (JobState.DONE, 1, 1)
    assert job.faults.get().row == damaged.number
    assert "另有1份打不开" in job.message


def test_nothing_to_print_and_too_much_are_refused(clerk: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotPrintable, match="没有要打印的"):
        printed(clerk)
    issue("甲", by=clerk)
    issue("乙", by=clerk)
    monkeypatch.setattr(printing_job, "MOST_AT_ONCE", 1)
    with pytest.raises(NotPrintable, match="共2份，一次最多打印1份"):
        printed(clerk)


def test_another_townships_papers_are_not_there(clerk: Staff) -> None:
    issue("甲", by=clerk, village=ELSEWHERE)
    with pytest.raises(NotPrintable):
        printed(clerk)
    with pytest.raises(NotPermitted):
        printed(make_staff(Role.VILLAGE_ASSISTANT, FIRST_VILLAGE))
    assert printed(make_staff(Role.COUNTY_OFFICER, "341824"), token="v").total == 1


def browser_of(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_the_page_shows_what_will_be_printed_and_starts_it_once(
    clerk: Staff, django_assert_max_num_queries: Any
) -> None:
    numbers = [issue(name, by=clerk).number for name in ("甲", "乙")]
    other = issue("丙", by=clerk, village=SECOND_VILLAGE).number
    browser, address = browser_of(clerk), reverse("documents:batch")
    browser.get(address)
    with django_assert_max_num_queries(16):
        page = browser.get(address, {"village": FIRST_VILLAGE}).content.decode()
    assert all(number in page for number in numbers) and other not in page
    for words in ("打印这2份", "2 份", "双面打印"):
        assert words in page, words
    sent = {"token": "once", "both_sides": "on"}
    for _ in range(2):
        answer: Any = browser.post(f"{address}?village={FIRST_VILLAGE}", sent)
        assert answer.url == reverse("organizations:job", args=[Job.objects.get().pk])
    job = Job.objects.get()
    assert (job.parameters["village"], job.parameters["both_sides"]) == (FIRST_VILLAGE, True)


def test_a_filter_that_makes_no_sense_comes_back_with_its_fault(clerk: Staff) -> None:
    asked = {"issued_from": "2026-11-20", "issued_to": "2026-11-01"}
    answer = browser_of(clerk).get(reverse("documents:batch"), asked)
    assert answer.status_code == 422
    assert "不能早于制发日期起。" in answer.content.decode()
    assert 'value="2026-11-20"' in answer.content.decode()


def test_the_file_is_taken_away_by_its_starter_on_record_until_its_days_are_over(clerk: Staff) -> None:
    issue("甲", by=clerk)
    job = printed(clerk)
    assert job.kept.kept_until == date(2026, 11, 30)
    browser, address = browser_of(clerk), reverse("organizations:job_file", args=[job.pk])
    with time_machine.travel(MORNING, tick=False):
        answer = browser_of(clerk).get(address)
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"].startswith("attachment")
        assert AccessRecord.objects.filter(subject_type="job", subject_id=job.pk).count() == 1
        page = browser_of(clerk).get(reverse("organizations:job", args=[job.pk])).content.decode()
        assert address in page and "保留到2026年11月30日" in page
        colleague = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=date(2026, 1, 1))
        assert browser_of(colleague).get(address).status_code == 404
    path = job.kept.file.storage.path(str(job.kept.file.name))
    with open(path, "rb") as sealed:
        assert not sealed.read(5).startswith(b"%PDF")
    with time_machine.travel(MORNING + timedelta(days=8), tick=False):
        browser = browser_of(clerk)
        assert "已经删除" in browser.get(address, follow=True).content.decode()
        assert drop_job_files() == 1
        assert drop_job_files() == 0
        assert "已经删除" in browser.get(address, follow=True).content.decode()
    kept = JobFile.objects.get()
    assert not kept.file and not kept.file.storage.exists(path)


def test_taken_up_again_it_keeps_one_file(clerk: Staff) -> None:
    issue("甲", by=clerk)
    job = printed(clerk)
    former = str(job.kept.file.name)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, finished_at=None)
    carry_out(job.pk, clock=lambda: MORNING)
    kept = JobFile.objects.get()
    assert str(kept.file.name) != former
    assert kept.file.storage.exists(str(kept.file.name)) and not kept.file.storage.exists(former)
