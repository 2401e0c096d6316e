"""A township with figures of its own: its reports, tasks and villages go by them, in no more queries than before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from eligibility.models import Parameter
from temporary_aid import services
from temporary_aid.models import HardshipReport
from temporary_aid.queries import aid_terms
from temporary_aid.queries.advances import supplements_to_check
from temporary_aid.queries.reports import mark_of, with_clock
from temporary_aid.queries.tasks import aids_to_approve, dated_reports
from temporary_aid.queries.terms import terms_by_area
from temporary_aid.services import EntrustmentData
from temporary_aid.services.reports import TakeData, enter_report, take
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, LINXI, NIGHT, open_urgent
from tests.support.cases import Desk
from tests.support.crews import VILLAGES, Crew, crew
from tests.support.factories import area
from tests.temporary_aid.advances import fund, report_data, supplemented
from tests.temporary_aid.builders import MORNING, money, proposal, proposed
from tests.temporary_aid.test_deciding_pages import address, words

pytestmark = pytest.mark.django_db
ON = MORNING.date()


def of_township(key: str, value: object, code: str = LINXI) -> None:
    """A figure of a township's own beside the county's."""
    countys = Parameter.objects.filter(key=key).latest("pk")
    Parameter.objects.create(
        key=key,
        value=value,
        area=area(code),
        residence=countys.residence,
        valid=DateRange(date(2026, 1, 1), None),
        source=countys.source,
    )


@pytest.mark.parametrize("code", ["341824", LINXI, VILLAGES[LINXI], HUAYANG, VILLAGES[HUAYANG]])
def test_the_figures_of_many_areas_are_those_of_each(people: Crew, code: str) -> None:
    of_township("township_temp_limit", "1")
    of_township("petty_advance_hours", 12)
    of_township("village_temp_limit", "1", VILLAGES[HUAYANG])
    assert terms_by_area(on=ON).of(code) == aid_terms(area(code), on=ON)


def test_the_clock_of_a_report_runs_by_the_hours_of_its_township(people: Crew) -> None:
    of_township("petty_advance_hours", 12)
    here = enter_report(report_data(), by=people.assistant, at=NIGHT + timedelta(minutes=5))
    there = enter_report(
        report_data(area=area(VILLAGES[HUAYANG])), by=crew(HUAYANG).assistant, at=NIGHT + timedelta(minutes=5)
    )
    at = NIGHT + timedelta(hours=13)
    clocks = {row.pk: row for row in with_clock(HardshipReport.objects.all(), at=at)}
    assert {pk: row.due_at - NIGHT for pk, row in clocks.items()} == {
        here.pk: timedelta(hours=12),
        there.pk: timedelta(hours=24),
    }
    assert mark_of(clocks[here.pk], at=at) == ("已超1小时0分", "late")
    due = dict(dated_reports(HardshipReport.objects.all(), on=ON).values_list("pk", "due_on"))
    assert due == {here.pk: date(2026, 9, 13), there.pk: date(2026, 9, 13)}
    data = TakeData(missing_id_reason="lost", grade="light")
    taken = take(here, data=data, by=people.officer, at=MORNING)
    assert taken.help_due_at == NIGHT + timedelta(hours=12)


@pytest.mark.parametrize(("limit", "is_townships"), [("2", False), ("3", True)])
def test_who_is_asked_to_approve_follows_the_limit_of_the_township(
    people: Crew, limit: str, is_townships: bool
) -> None:
    """2340.00 proposed, 3 × 780; the county's own limit is 4 × 780."""
    of_township("township_temp_limit", limit)
    aid = proposed(people)
    assert list(aids_to_approve(people.lead, on=ON)) == ([aid] if is_townships else [])
    assert list(aids_to_approve(people.approver, on=ON)) == ([] if is_townships else [aid])
    by = people.lead if is_townships else people.approver
    assert services.approve_aid(aid, opinion="同意", by=by, at=MORNING).state == "approved"


@pytest.mark.parametrize(("limit", "is_townships"), [("2", False), ("3", True)])
def test_who_is_asked_to_check_papers_follows_it_too(people: Crew, limit: str, is_townships: bool) -> None:
    fund(people)
    of_township("township_temp_limit", limit)
    found = supplemented(people)
    assert list(supplements_to_check(people.lead, on=ON)) == ([found] if is_townships else [])
    assert list(supplements_to_check(people.approver, on=ON)) == ([] if is_townships else [found])


def test_a_list_of_several_townships_asks_no_more_than_one_of_one(
    people: Crew, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    of_township("township_temp_limit", "2")
    of_township("township_temp_limit", "2", HUAYANG)
    proposed(people)
    assert aids_to_approve(people.approver, on=ON)  # reads once where the person works
    with CaptureQueriesContext(connection) as one:
        assert len(aids_to_approve(people.approver, on=ON)) == 1
    other = crew(HUAYANG)
    for name in ("章小妹", "胡来"):
        aid = open_urgent(other.officer, township=HUAYANG, name=name)
        services.propose_aid(aid, proposal(), by=other.officer, at=MORNING)
    with django_assert_num_queries(len(one)):
        assert len(aids_to_approve(people.approver, on=ON)) == 3


def test_the_page_of_entrusted_villages_tells_the_limit_of_each(people: Crew) -> None:
    set_parameter("village_temp_limit", "2")
    of_township("village_temp_limit", "1")
    for code in (VILLAGES[LINXI], VILLAGES[HUAYANG]):
        data = EntrustmentData(NIGHT.date(), None, "绩民〔2026〕18号")
        services.entrust_village(area(code), data, by=people.approver, on=NIGHT.date())
    page = Desk(people.approver, on=ON).fetch(address("entrustments"))
    assert [(row.area.township_code, limit) for row, _, limit in page.context["rows"]] == [
        (HUAYANG, Decimal("1560.00")),
        (LINXI, Decimal("780.00")),
    ]
    assert "全县现在的村级委托限额为1,560.00元" in words(page)


def test_the_quick_entry_of_a_clerk_proposes_by_the_figures_of_the_township(people: Crew) -> None:
    of_township("petty_advance_limit", "1")
    page = Desk(people.officer, on=ON).fetch(address("quick"))
    assert "先行救助不超过780.00元" in words(page)
    assert money("780.00").amount == page.context["terms"].advance_limit
