"""多发核对: what was paid and is not owed stands on a list until it comes back, and nothing else does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from benefits import services
from benefits.models import RollLine
from benefits.queries.overpaid_awards import Overpaid, awards_to_recoup, overpaid_awards, overpaid_totals
from benefits.queries.overpayments import overpaid_months_of
from benefits.rules.months import months_after
from benefits.services import CoveredPerson
from benefits.services.recouping import approve_recoupment, propose_recoupment, record_return
from households import services as households
from organizations.permissions import Role
from tests.benefits.paying import change, instant
from tests.benefits.rolled import Rolled, rolled, rows_of
from tests.households.builders import head
from tests.households.web import as_staff, text_of
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY = (months_after(date(2026, 11, 1), n) for n in range(3))
D = Decimal


@pytest.fixture
def made(county: None) -> Rolled:
    """Three families, each one person, paid 515 for November and December."""
    made = rolled(decided_on=date(2026, 10, 20))
    made.desk.pay(NOVEMBER, DECEMBER)
    return made


def dies(made: Rolled, place: int, day: date, *, told: date) -> None:
    person = head(made.families[place])
    households.record_death(person, died_on=day, by=made.desk.clerk, at=instant(told))


def cut(made: Rolled, place: int, *, from_month: date, on: date) -> None:
    persons = [CoveredPerson(head(made.families[place]).person)]
    change(made.awards[place], "115.00", persons, from_month=from_month, on=on, by=made.desk.approver, kind="cut")


def test_it_finds_what_came_to_light_after_the_month_was_paid(made: Rolled) -> None:
    assert overpaid_totals() == {}
    dies(made, 0, date(2026, 11, 20), told=date(2026, 12, 21))
    cut(made, 1, from_month=NOVEMBER, on=date(2026, 12, 21))
    cut(made, 2, from_month=JANUARY, on=date(2026, 12, 21))
    assert overpaid_totals() == {
        made.awards[0].pk: Overpaid(1, DECEMBER, DECEMBER, D(515)),
        made.awards[1].pk: Overpaid(2, NOVEMBER, DECEMBER, D(800)),
    }


def test_it_finds_the_same_as_reckoning_every_month_of_every_award(made: Rolled) -> None:
    """A suspension and an end, decided after the month was paid, a death mended to an earlier day, a failed payment."""
    desk, (first, second, third) = made.desk, made.awards
    services.suspend_award(first, from_month=DECEMBER, reason="失联", by=desk.approver, on=date(2026, 12, 2))
    services.end_award(
        second, last_month=DECEMBER, reason="停发", decided_by=desk.approver, decided_on=date(2026, 12, 3)
    )
    dies(made, 2, date(2026, 12, 20), told=date(2026, 12, 21))
    gone = made.families[2].members.get()
    households.mend_death(gone, died_on=date(2026, 10, 3), reason="火化证", by=desk.clerk, at=instant(date(2027, 1, 2)))
    RollLine.objects.filter(award=third, month=DECEMBER).update(state="failed", failure="销户")
    whole = {
        award: sum(row.above for row in months)
        for award, months in overpaid_months_of(row.pk for row in made.awards).items()
        if months
    }
    assert {award: row.amount for award, row in overpaid_totals().items()} == whole == {first.pk: 515, third.pk: 515}


def test_it_leaves_the_list_once_it_has_come_back(made: Rolled) -> None:
    desk, award = made.desk, made.awards[1]
    cut(made, 1, from_month=NOVEMBER, on=date(2026, 12, 21))
    assert list(awards_to_recoup(desk.officer)) == [award]
    day = date(2026, 12, 22)
    order = propose_recoupment(award, reason="隐瞒收入", by=desk.officer, on=day)
    assert not awards_to_recoup(desk.officer).exists()
    assert overpaid_awards(desk.officer, standing="proposed").get() == award
    approve_recoupment(order, by=desk.approver, on=day)
    record_return(order, amount=D(800), way="现金", returned_on=day, by=desk.officer, on=day)
    assert not overpaid_awards(desk.officer).exists()


def test_the_page_lists_filters_and_exports_in_a_fixed_number_of_queries(
    made: Rolled, django_assert_max_num_queries: Any
) -> None:
    officer = as_staff(made.desk.officer)
    url = reverse("benefits:overpaid")
    dies(made, 0, date(2026, 11, 20), told=date(2026, 12, 21))
    officer.get(url)
    with django_assert_max_num_queries(60) as one:
        page = text_of(officer.get(url))
    assert "胡德旺" in page and "515.00" in page and "录入追回" in page
    cut(made, 1, from_month=NOVEMBER, on=date(2026, 12, 21))
    cut(made, 2, from_month=DECEMBER, on=date(2026, 12, 21))
    with django_assert_max_num_queries(len(one)):
        assert "2026年11月至2026年12月，2个月" in text_of(officer.get(url))
    assert "胡德旺" not in text_of(officer.get(url, {"scheme": "tekun"}))
    rows = rows_of(officer.post(reverse("benefits:export_overpaid") + "?standing=none").content)
    assert [(row["户主"], row["多发月数"], float(row["多发（元）"])) for row in rows] == [
        ("胡德旺", 1, 515.0),
        ("汪美玲", 2, 800.0),
        ("唐玉兰", 1, 400.0),
    ]


def test_a_township_sees_its_own(made: Rolled) -> None:
    dies(made, 0, date(2026, 11, 20), told=date(2026, 12, 21))
    assert overpaid_awards(made.desk.clerk).count() == 1
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=date(2026, 1, 1))
    assert not overpaid_awards(neighbour).exists()
