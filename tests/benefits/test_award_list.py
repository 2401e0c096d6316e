"""待遇名单: who is paid what; stopped families are listed only when asked for."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from benefits import services
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.benefits.rolled import DECEMBER, NAMES, Rolled, rolled, rows_of
from tests.households.web import as_staff, text_of
from tests.support.crews import HUAYANG
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
LIST = "/awards/"
DAY = datetime(2026, 12, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def paid(county: None) -> Rolled:
    made = rolled()
    by = made.desk.approver
    services.end_award(made.awards[2], last_month=DECEMBER, reason="收入超过标准", decided_by=by, decided_on=DAY.date())
    return made


def names(browser: Any, **query: str) -> set[str]:
    shown = text_of(browser.get(LIST, query))
    return {name for name in NAMES if name in shown}


def test_the_list_is_cut_by_what_is_asked(paid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        browser = as_staff(paid.desk.officer)
        running = {"胡德旺", "汪美玲"}
        assert names(browser) == running
        for query, found in (
            ({"state": "stopped"}, {"唐玉兰"}),
            ({"q": "美玲"}, {"汪美玲"}),
            ({"q": "hdw"}, {"胡德旺"}),
            ({"q": paid.awards[0].number}, {"胡德旺"}),
            ({"scheme": "tekun"}, set()),
            ({"category": "B"}, running),
            ({"category": "A"}, set()),
            ({"least": "515"}, running),
            ({"least": "515.01"}, set()),
            ({"most": "0.05万"}, set()),
            ({"township": "341824101"}, running),
            ({"township": "341824100"}, set()),
        ):
            assert names(browser, **query) == found, query
        totals = text_of(browser.get(LIST))
        assert "2份，2人，每月1,030.00元" in totals
        assert browser.get(LIST, {"least": "很多"}).status_code == 422


def test_a_number_of_a_person_is_not_looked_up_in_the_address(paid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        page = as_staff(paid.desk.officer).get(LIST, {"q": "13905632207"})
    assert page.status_code == 400


def test_the_export_is_what_is_listed(paid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        answer = as_staff(paid.desk.officer).post(f"{LIST}export/?q=美玲")
    (row,) = rows_of(answer.content)
    assert (row["户主"], row["类别"], float(row["月金额（元）"])) == ("汪美玲", "B类", 515.0)
    assert AccessRecord.objects.get(kind="export").reason == "导出待遇名单1份"


def test_another_township_lists_its_own(paid: Rolled) -> None:
    with time_machine.travel(DAY, tick=False):
        stranger = as_staff(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG))
        assert names(stranger) == set()


def test_the_list_costs_the_same_queries_at_any_length(
    paid: Rolled, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(DAY, tick=False):
        browser = as_staff(paid.desk.officer)
        browser.get(LIST)
        with django_assert_max_num_queries(32):
            browser.get(LIST)
