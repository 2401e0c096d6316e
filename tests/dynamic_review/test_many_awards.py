"""Many awards at once: a lost worker's job is taken up again, queries stand to the chunks, memory stays flat."""

import tracemalloc
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from benefits.models import Award, AwardVersion, VersionKind
from dynamic_review import services
from dynamic_review.models import UpliftLine, UpliftResult, UpliftState, UpliftStep, WhatIfLine
from dynamic_review.queries.standings import award_cases, in_chunks
from dynamic_review.services import uplift_jobs, what_if_job
from organizations.models import JobState, Staff
from organizations.services import JobRun, carry_out
from tests.dynamic_review.uplifting import (
    NOW,
    OCTOBER,
    TODAY,
    D,
    alone,
    approved,
    approvers,
    done,
    entered,
    owed,
    previewed,
    three_people,
    through,
)
from tests.support.crews import Crew, county_data, crew
from tests.support.multiplied import multiply

pytestmark = [pytest.mark.django_db]
PER_CHUNK = 6
RISE = {"rural": {"dibao_monthly_standard": "790.00"}}


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


@pytest.fixture
def lose_the_worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The worker is lost after the first piece is committed, once."""
    said = JobRun.done

    def lost(run: JobRun, n: int = 1) -> None:
        monkeypatch.setattr(JobRun, "done", said)
        raise OperationalError("the worker is gone")

    return lambda: monkeypatch.setattr(JobRun, "done", lost)


def test_a_lost_workers_job_is_taken_up_and_each_award_is_raised_once(
    people: Crew, officer: Staff, monkeypatch: pytest.MonkeyPatch, lose_the_worker: Any
) -> None:
    awards = [alone(people, name=f"汪大{name}") for name in "年月日"]
    monkeypatch.setattr(uplift_jobs, "_PIECE", 1)
    uplift = approved(previewed(entered(officer)))
    job = services.start_applying(uplift, by=officer, at=NOW)
    lose_the_worker()
    with pytest.raises(OperationalError):
        carry_out(job.pk, clock=lambda: NOW)
    uplift.refresh_from_db()
    assert uplift.state == UpliftState.APPLYING
    assert AwardVersion.objects.filter(kind=VersionKind.UPLIFT).count() == 1
    done(job)
    assert AwardVersion.objects.filter(kind=VersionKind.UPLIFT).count() == 3
    assert UpliftResult.objects.filter(is_done=True, step=UpliftStep.APPLY).count() == 3
    assert [owed(award)[1] for award in awards] == 3 * [D("790.00")]


def test_a_lost_roll_back_goes_on_where_it_was(
    people: Crew, officer: Staff, monkeypatch: pytest.MonkeyPatch, lose_the_worker: Any
) -> None:
    awards = [alone(people, name=f"汪大{name}") for name in "年月"]
    monkeypatch.setattr(uplift_jobs, "_PIECE", 1)
    uplift = through(entered(officer))
    job = services.start_rolling_back(uplift, reason="文件作废", by=approvers()[0], at=NOW)
    lose_the_worker()
    with pytest.raises(OperationalError):
        carry_out(job.pk, clock=lambda: NOW)
    done(job)
    assert AwardVersion.objects.filter(kind=VersionKind.RESTORE).count() == 2
    assert [owed(award)[1] for award in awards] == 2 * [D("755.00")]


def test_a_lost_preview_and_a_lost_draft_write_each_row_once(
    people: Crew, officer: Staff, lose_the_worker: Any
) -> None:
    alone(people)
    three_people(people)
    uplift = entered(officer)
    more = {"rural": {"dibao_monthly_standard": "800.00"}}
    draft = services.save_draft(None, name="800元", note="", base_on=TODAY, changes=more, by=officer, on=TODAY)
    for job in (services.start_preview(uplift, by=officer, at=NOW), services.start_run(draft, by=officer, at=NOW)):
        lose_the_worker()
        with pytest.raises(OperationalError):
            carry_out(job.pk, clock=lambda: NOW)
        done(job)
    assert UpliftLine.objects.count() == 2
    assert WhatIfLine.objects.filter(award__isnull=False).count() == 2


def test_a_draft_that_is_cancelled_is_not_shown_as_reckoned(people: Crew, officer: Staff, monkeypatch: Any) -> None:
    alone(people)
    draft = services.save_draft(None, name="790元", note="", base_on=TODAY, changes=RISE, by=officer, on=TODAY)
    job = services.start_run(draft, by=officer, at=NOW)
    monkeypatch.setattr(JobRun, "is_cancelled", lambda run: True)
    monkeypatch.setattr(JobRun, "was_cancelled", True)
    carry_out(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert draft.runs.get().finished_at is None


def test_a_chunk_is_read_with_as_many_queries_whatever_its_size(people: Crew, officer: Staff) -> None:
    alone(people)
    counts = []
    for copies in (0, 20):
        if copies:
            multiply(copies)
        keys = list(Award.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as asked:
            cases = award_cases(keys, since=OCTOBER)
        assert len(cases) == copies + 1
        counts.append(len(asked))
    assert counts[0] == counts[1] <= PER_CHUNK


def test_a_piece_of_an_uplift_asks_for_its_own_lines_only(
    people: Crew, officer: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "年月日":
        alone(people, name=f"汪大{name}")
    monkeypatch.setattr(uplift_jobs, "_PIECE", 1)
    uplift = approved(previewed(entered(officer)))
    job = services.start_applying(uplift, by=officer, at=NOW)
    with CaptureQueriesContext(connection) as asked:
        done(job)
    undone = [query["sql"] for query in asked if "NOT (EXISTS" in query["sql"] and "upliftresult" in query["sql"]]
    of_all = [sql for sql in undone if '"dynamic_review_upliftline"."id" IN (' not in sql]
    assert (len(undone), len(of_all)) == (4, 1)  # each piece its own, and once how many there are


def test_memory_stays_flat_and_every_copy_is_reckoned(
    people: Crew, officer: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    three_people(people)
    alone(people)
    multiply(150)
    draft = services.save_draft(None, name="790元", note="", base_on=TODAY, changes=RISE, by=officer, on=TODAY)
    peaks = []
    for size in (20, 300):
        monkeypatch.setattr(what_if_job, "in_chunks", _only_first(size))
        job = services.start_run(draft, by=officer, at=NOW)
        tracemalloc.start()
        done(job)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    run = draft.runs.latest("serial")
    assert set(run.lines.values_list("before_amount", "after_amount").distinct()) == {
        (D("2143.00"), D("2265.00")),
        (D("755.00"), D("790.00")),
    }
    assert run.lines.count() == 300
    # Fifteen times as many awards, read ten at a time.
    assert peaks[1] < 2 * peaks[0]


def _only_first(size: int) -> Any:
    def first(keys: Any) -> Any:
        read = 0
        for chunk in in_chunks(keys, size=10):
            read += len(chunk)
            yield chunk
            if read >= size:
                return

    return first
