"""Years that can only be mistyped: refused beside their field, and held off by the database, so that lists go on."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from temporary_aid.models import HardshipReport
from temporary_aid.services.reports import enter_report
from tests.support.aid import SHANGHAI
from tests.support.cases import Desk, errors_of
from tests.support.crews import Crew
from tests.temporary_aid import advances, builders
from tests.temporary_aid.advances import SOON, report_data
from tests.temporary_aid.test_advance_views import SUNDAY, address, quick_form, words

pytestmark = pytest.mark.django_db


def test_a_report_of_a_year_ago_to_the_second_is_entered(people: Crew) -> None:
    """SOON is 13 September 2026, half past eight."""
    year_ago = datetime(2025, 9, 13, 8, 30, tzinfo=SHANGHAI)
    assert enter_report(report_data(reported_at=year_ago), by=people.assistant, at=SOON).reported_at == year_ago


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "2019-12-31T23:59", "2025-09-12T23:30"])
def test_a_mistyped_year_stands_beside_its_field_and_the_list_goes_on(people: Crew, typed: str) -> None:
    desk = Desk(people.officer, on=SUNDAY)
    sent = {
        "area": people.assistant.posts.get().area_id,
        "source": "self",
        "reported_at": typed,
        "reporter_name": "王女士",
        "person_name": "许金宝",
        "situation": "失火",
    }
    page = desk.post(address("add_report"), sent)
    assert (page.status_code, list(errors_of(page))) == (422, ["reported_at"])
    assert "请核对年份" in words(page)
    assert desk.fetch(address("reports")).status_code == 200
    sent = quick_form(Desk(people.assistant, on=SUNDAY), reported_at=typed)
    assert list(errors_of(Desk(people.assistant, on=SUNDAY).post(address("quick"), sent))) == ["reported_at"]
    assert not HardshipReport.objects.exists()


def _keep(row: Model, **values: Any) -> None:
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**values)


def test_the_database_holds_nothing_out_of_mind(people: Crew) -> None:
    """2020 begins on its instant, 00:00 of UTC; of the day on which it befell 2000 does."""
    advances.fund(people)
    report = enter_report(report_data(), by=people.assistant, at=SOON)
    aid = advances.advanced(people)
    first, before = datetime(2020, 1, 1, tzinfo=UTC), datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC)
    rows: list[tuple[Model, str, Any, Any]] = [
        (report, "reported_at", first, before),
        (aid, "first_reported_at", first, before),
        (aid, "occurred_on", date(2000, 1, 1), date(1999, 12, 31)),
    ]
    for row, name, holds, breaks in rows:
        _keep(row, **{name: holds})
        with pytest.raises(IntegrityError, match="not_out_of_mind"):
            _keep(row, **{name: breaks})


def test_the_database_holds_no_payment_out_of_mind(people: Crew) -> None:
    stage = builders.approved(people).stages.get()
    paid = {"state": "paid", "paid_by": people.officer, "second_hand": "胡玉兰", "received_by": "许金宝"}
    paid |= {"source": "county", "method": "cash", "voucher": "现付1"}
    with pytest.raises(IntegrityError, match="aid_stage_not_out_of_mind"):
        _keep(stage, **paid, paid_at=datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC))
    _keep(stage, **paid, paid_at=datetime(2020, 1, 1, tzinfo=UTC))
