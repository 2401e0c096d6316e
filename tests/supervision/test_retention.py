"""保存期限: dated, with their source, changed by the county from a day on."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from organizations.models import Staff
from organizations.permissions import Role
from supervision import services
from supervision.models import RecordKind, RetentionPeriod
from supervision.queries.retention import periods_in_force
from tests.support.crews import Crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def administrator(people: Crew) -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=date(2026, 1, 1))


def change(kind: str, by: Staff, **more: Any) -> RetentionPeriod:
    given = {
        "active_years": 3,
        "keep_years": 30,
        "from_day": TODAY,
        "source": "绩民〔2026〕21号",
        "is_local_practice": True,
    }
    period = periods_in_force(on=TODAY).get(record_kind=kind)
    return services.change_period(period, **given | more, by=by, on=TODAY)


def test_every_kind_of_record_has_a_period_with_its_source(people: Crew) -> None:
    periods = {period.record_kind: period for period in periods_in_force(on=TODAY)}
    assert set(periods) == set(RecordKind.values) and all(period.source for period in periods.values())


def test_loading_again_keeps_what_the_county_changed(administrator: Staff) -> None:
    change("unaided_family", administrator)
    count = RetentionPeriod.objects.count()
    call_command("load_retention", verbosity=0)
    assert RetentionPeriod.objects.count() == count
    assert periods_in_force(on=TODAY).get(record_kind="unaided_family").active_years == 3


@pytest.mark.parametrize(
    ("kind", "more", "sentence"),
    [
        ("unaided_family", {"active_years": None}, "至少1年"),
        ("access_record", {}, "不单独归档"),
        ("aided_family", {"keep_years": 2}, "不能短于"),
        ("aided_family", {"source": " "}, "依据"),
        ("aided_family", {"from_day": date(2026, 11, 22)}, "今天"),
    ],
)
def test_a_period_that_does_not_fit_is_refused(
    administrator: Staff, kind: str, more: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(services.NotAPeriod, match=sentence):
        change(kind, administrator, **more)


def test_the_database_keeps_one_period_a_kind_at_a_time_and_readings_a_year(people: Crew) -> None:
    period = RetentionPeriod.objects.get(record_kind="access_record")
    with pytest.raises(IntegrityError, match="retention_of_access"), transaction.atomic():
        RetentionPeriod.objects.filter(pk=period.pk).update(keep_years=0)
    period.pk, period.valid = None, DateRange(TODAY, None)
    with pytest.raises(IntegrityError, match="retention_once_at_a_time"), transaction.atomic():
        period.save(force_insert=True)
