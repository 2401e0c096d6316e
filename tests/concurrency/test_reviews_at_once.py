"""The night's work on reviews as the county runs it: a real beat, a real worker, a broker of the test's own."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from dynamic_review.models import ReviewDue
from foundation.trail import acting
from tests.dynamic_review.builders import awarded
from tests.support.crews import county_data, crew
from tests.support.workers import own_broker, running, wait_until

__all__ = ["own_broker"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_clock_plans_what_is_due_without_anybody_asking(own_broker: str, tmp_path: Path) -> None:
    with acting(actor="system:test"):
        county_data()
        confirmed = timezone.localdate() - timedelta(days=30)
        award = awarded(crew(), category="C", on=confirmed)
    with (
        running("worker", "--pool", "solo", "--loglevel", "INFO", broker=own_broker, folder=tmp_path),
        running("beat", "--pidfile", "", "--max-interval", "1", broker=own_broker, folder=tmp_path),
    ):
        wait_until(lambda: ReviewDue.objects.filter(award=award).exists(), "the clock planned nothing")
        log = tmp_path / "worker.log"
        wait_until(
            lambda: log.read_text().count("dynamic_review.tasks.plan_reviews") >= 6, "the night did not come again"
        )
    due = ReviewDue.objects.get()
    assert (due.reviewed_on, due.cycle_months, due.closed_on) == (confirmed, 6, None)
    assert "raised unexpected" not in log.read_text()
