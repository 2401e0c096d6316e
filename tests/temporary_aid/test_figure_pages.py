"""The page of figures: every number leads to exactly the aids behind it; a township sees its own; the export."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import tablib
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from temporary_aid.models import AidStage, TemporaryAid
from temporary_aid.views.figures import Row
from tests.support.aid import HUAYANG
from tests.support.factories import make_staff
from tests.temporary_aid.reached import pay_everybody

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def staff() -> Iterator[Staff]:
    seen = pay_everybody()
    with time_machine.travel(datetime(2026, 11, 20, 2, tzinfo=UTC), tick=True):
        yield seen


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend=BACKEND)
    return client


def sheet(content: bytes) -> list[tuple[object, ...]]:
    """The rows of a workbook."""
    return list(tablib.Dataset().load(content, format="xlsx", headers=False))


def rows_of(client: Client, **query: str) -> list[Row]:
    response = client.get(reverse("temporary_aid:figures"), query)
    assert response.status_code == 200
    return [*response.context["by_township"], *response.context["by_month"]]


def listed(client: Client, address: str) -> set[int]:
    """The aids of the list that an address shows, on all its pages."""
    response = client.get(f"{address}&size=100")
    assert response.status_code == 200, address
    return {aid.pk for aid, _ in response.context["rows"]}


def behind(address: str) -> tuple[set[int], set[int]]:
    """The aids paid, and first reached, in what an address says, looked up row by row."""
    said = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    period = next(said[name] for name in said if name.endswith(("_month", "_year")))

    def fits(aid: TemporaryAid) -> bool:
        return aid.kind in (said.get("kind"), aid.kind if "kind" not in said else "") and aid.area.code.startswith(
            said.get("township", "")
        )

    def within(at: datetime | None) -> bool:
        return at is not None and f"{timezone.localtime(at):%Y-%m}".startswith(period)

    paid = {row.aid_id for row in AidStage.objects.select_related("aid__area") if within(row.paid_at) and fits(row.aid)}
    reached = {row.pk for row in TemporaryAid.objects.select_related("area") if within(row.first_paid_at) and fits(row)}
    return paid, reached


def test_every_number_leads_to_exactly_the_aids_behind_it(staff: Staff) -> None:
    client = browser(staff)
    rows = [row for row in rows_of(client) if row.figure.times or row.figure.reached]
    # Both townships by type and together, both months likewise, and the sums below either table.
    assert len(rows) == 3 + 2 + 3 + 2 + 3 + 3
    for row in rows:
        paid, reached = behind(row.paid)[0], behind(row.reached)[1]
        assert listed(client, row.paid) == paid, row
        assert listed(client, row.reached) == reached, row
        assert len(listed(client, row.times)) == row.figure.times, row
        assert len(listed(client, row.families)) == row.figure.families, row
        assert listed(client, row.times) | listed(client, row.families) <= paid
        assert len(reached) == row.figure.reached
        on_time, late = listed(client, row.in_time), listed(client, row.late)
        assert (len(on_time), len(late)) == (row.figure.in_time, row.figure.late)
        assert on_time | late == {pk for pk in reached if TemporaryAid.objects.get(pk=pk).kind == "urgent"}


def test_the_page_says_what_it_counts_and_costs_the_same_whatever_it_shows(
    staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(staff)
    client.get(reverse("temporary_aid:figures"))
    with django_assert_max_num_queries(25):
        page = client.get(reverse("temporary_aid:figures")).content.decode()
    assert "2026年临时救助统计" in page
    assert "首次报告起24小时" in page
    assert "没有发放的：长安镇" in page
    assert re.search(r"4（80\.0%）", page)
    month = client.get(reverse("temporary_aid:figures"), {"month": "10", "kind": "urgent"}).content.decode()
    assert "2026年10月临时救助统计" in month
    assert "按月份" not in month
    assert "没有发放临时救助" in client.get(reverse("temporary_aid:figures"), {"month": "3"}).content.decode()


def test_a_filter_that_cannot_be_read_shows_and_exports_nothing(staff: Staff) -> None:
    client = browser(staff)
    for query in ({"year": "1999"}, {"month": "13"}, {"kind": "x"}, {"township": "341824"}):
        response = client.get(reverse("temporary_aid:figures"), query)
        assert response.status_code == 422
        assert "按乡镇" not in response.content.decode()
    assert client.post(reverse("temporary_aid:export_figures") + "?kind=x").status_code == 400


def test_a_township_sees_and_exports_its_own(staff: Staff) -> None:
    client = browser(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=date(2026, 1, 1)))
    assert {row.label for row in rows_of(client)} == {"华阳镇", "9月", "10月", "合计"}
    response = client.post(reverse("temporary_aid:export_figures") + "?year=2026")
    rows = sheet(response.content)
    assert rows[0][0] == "2026年临时救助统计"
    assert {row[0] for row in rows[2:]} == {"华阳镇", "合计"}
    # 1,200.00 in money and 400.00 in goods of one family; 3,000.00 of another, twenty days after its report.
    whole = rows[-1]
    assert (whole[0], whole[1], whole[2]) == ("合计", "合计", "合计")
    assert [float(value) for value in whole[6:11]] == [4200, 400, 4600, 0, 2300]
    # 4,600.00 of 2 families at a base of 780.00 yuan.
    assert float(whole[11]) == 2.95
    assert (float(whole[13]), int(whole[15]), int(whole[16])) == (242.5, 1, 1)
    assert AccessRecord.objects.filter(kind="export", reason="导出2026年临时救助统计").exists()
