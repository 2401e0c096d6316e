"""Figures of aid, compared with a plain computation over rows that the test wrote down itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from eligibility.rules.choices import HardshipType
from organizations.models import Area, Staff
from organizations.permissions import Role
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.figures import NONE_YET, AidFigures, Figure, Period, aid_figures, first_year
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment
from tests.support.aid import HUAYANG, LINXI, SHANGHAI
from tests.support.factories import area, make_staff
from tests.temporary_aid.reached import pay_everybody

pytestmark = pytest.mark.django_db
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
YEAR = Period(2026)
BASE = Decimal("780.00")
"""S in 2026: ``temporary_aid_base_monthly``, yuan."""


@dataclass(frozen=True)
class Paid:
    """One payment as written down by hand."""

    township: str
    kind: str
    month: date
    root: str
    family: str
    people: int
    money: str = "0.00"
    goods: str = "0.00"


@dataclass(frozen=True)
class Reached:
    """How many hours after its report an aid came, and whether within twenty-four."""

    township: str
    kind: str
    month: date
    hours: str
    in_time: bool | None


PAYMENTS = [
    Paid(LINXI, "urgent", SEPTEMBER, "A", "胡", 3, "1560.00"),
    Paid(LINXI, "urgent", SEPTEMBER, "B", "b", 3, "1560.00"),
    Paid(LINXI, "urgent", SEPTEMBER, "C", "c", 5, "1600.05"),
    Paid(LINXI, "urgent", SEPTEMBER, "D", "d", 1, "1000.00"),
    Paid(LINXI, "urgent", OCTOBER, "D", "d", 1, "560.00"),
    Paid(LINXI, "urgent", OCTOBER, "B", "b", 3, "1560.00"),  # the follow-up of B: counts once with it
    Paid(HUAYANG, "urgent", SEPTEMBER, "E", "e", 2, "1200.00", "400.00"),
    Paid(HUAYANG, "expenditure", OCTOBER, "F", "f", 4, "3000.00"),
]
HOURS = [
    Reached(LINXI, "urgent", SEPTEMBER, "10.0", True),
    Reached(LINXI, "urgent", SEPTEMBER, "24.0", True),
    Reached(LINXI, "urgent", SEPTEMBER, "30.5", False),
    Reached(LINXI, "urgent", SEPTEMBER, "2.0", True),
    Reached(LINXI, "urgent", OCTOBER, "3.0", True),
    Reached(HUAYANG, "urgent", SEPTEMBER, "5.0", True),
    Reached(HUAYANG, "expenditure", OCTOBER, "480.0", None),
]


@pytest.fixture
def county_staff() -> Staff:
    """The payments above, as they are made, and who sees the whole county."""
    return pay_everybody()


def plain(township: str = "", kind: str = "", month: date | None = None) -> Figure:
    """The figure of the same cut, worked out over the lists above."""
    paid = [row for row in PAYMENTS if _fits(row, township, kind, month)]
    reached = [row for row in HOURS if _fits(row, township, kind, month)]
    urgent_rows = [row for row in reached if row.in_time is not None]
    hours = sorted(Decimal(row.hours) for row in reached)
    families = len({row.family for row in paid})
    amount = sum((Decimal(row.money) + Decimal(row.goods) for row in paid), Decimal("0.00"))
    return Figure(
        times=len({row.root for row in paid}),
        families=families,
        people=sum({row.root: row.people for row in paid}.values()),
        money=sum((Decimal(row.money) for row in paid), Decimal("0.00")),
        goods=sum((Decimal(row.goods) for row in paid), Decimal("0.00")),
        base_multiple=(amount / BASE / families).quantize(Decimal("0.01"), "ROUND_HALF_UP") if families else None,
        reached=len(reached),
        urgent=len(urgent_rows),
        in_time=sum(row.in_time is True for row in urgent_rows),
        median_hours=quantile(hours, Decimal("0.5")),
        p90_hours=quantile(hours, Decimal("0.9")),
    )


def _fits(row: Paid | Reached, township: str, kind: str, month: date | None) -> bool:
    return township in ("", row.township) and kind in ("", row.kind) and month in (None, row.month)


def quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """Between the two nearest values in proportion (linear interpolation)."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return (ordered[below] + (place - below) * (ordered[above] - ordered[below])).quantize(
        Decimal("0.1"), "ROUND_HALF_UP"
    )


def shown(found: AidFigures, code: str = "", kind: str = "", month: date | None = None) -> Figure:
    town: Area | None = area(code) if code else None
    hardship = next((row for row in HardshipType if row.value == kind), None)
    return found.of(township=town, kind=hardship, month=month)


def test_every_figure_is_what_a_plain_computation_gives(county_staff: Staff) -> None:
    found = aid_figures(county_staff, YEAR)
    for code in ("", LINXI, HUAYANG):
        for kind in ("", "urgent", "expenditure"):
            assert shown(found, code, kind) == plain(code, kind), (code, kind)
    for month in (SEPTEMBER, OCTOBER):
        for kind in ("", "urgent", "expenditure"):
            assert shown(found, "", kind, month) == plain("", kind, month), (month, kind)
        for code in (LINXI, HUAYANG):
            for kind in ("urgent", "expenditure"):
                assert shown(found, code, kind, month) == plain(code, kind, month), (code, month, kind)
    assert shown(found, "", "", date(2026, 11, 1)) == NONE_YET


def test_the_figures_that_are_quoted_are_right_by_hand(county_staff: Staff) -> None:
    figure = shown(aid_figures(county_staff, YEAR), LINXI, "urgent")
    # 1560.00 + 1560.00 + 1600.05 + 1000.00 + 560.00 + 1560.00 of four families.
    assert figure.amount == Decimal("7840.05")
    assert figure.average == Decimal("1960.01")
    # 2, 3, 10, 24, 30.5 hours: the middle one; nine tenths of the way lies 0.6 between the last two.
    assert (figure.median_hours, figure.p90_hours) == (Decimal("10.0"), Decimal("27.9"))
    # Four of five within 24 hours.
    assert (figure.in_time, figure.urgent, figure.share_in_time) == (4, 5, Decimal("80.0"))
    assert (figure.times, figure.people) == (4, 12)


def test_a_month_stands_for_itself_and_a_year_before_for_nothing(county_staff: Staff) -> None:
    october = aid_figures(county_staff, Period(2026, 10))
    assert shown(october) == plain(month=OCTOBER)
    assert october.months == [OCTOBER]
    assert shown(aid_figures(county_staff, Period(2025))) == NONE_YET
    assert shown(aid_figures(county_staff, Period(2026, 12))) == NONE_YET
    assert first_year(county_staff) == 2026


def test_type_and_township_cut_every_figure(county_staff: Staff) -> None:
    cut = aid_figures(county_staff, YEAR, kind="urgent", township=HUAYANG)
    assert shown(cut) == plain(HUAYANG, "urgent")
    assert [row.code for row in cut.townships] == [HUAYANG]


def test_a_township_sees_its_own_figures_only(
    county_staff: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clerk = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=date(2026, 1, 1))
    found = aid_figures(clerk, YEAR)
    assert shown(found) == plain(HUAYANG)
    assert [row.code for row in found.townships] == [HUAYANG]
    clerk.may("anything")
    with django_assert_max_num_queries(5):
        list(aid_figures(clerk, YEAR).townships)


def test_what_came_back_stands_beside_the_money_in_the_months_that_were_paid_first(county_staff: Staff) -> None:
    # D: 1,000.00 in September and 560.00 in October; 1,200.00 of it come back, of which 200.00 are October's.
    staged = TemporaryAid.objects.get(stages__amount=Decimal("1000.00"))
    assert staged.decided_by is not None
    assert staged.proposed_by is not None
    lead, clerk = staged.decided_by, staged.proposed_by
    at = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
    owed = order_recoupment(staged, due_amount=Decimal("1200.00"), reason="保险已赔付", by=lead, at=at)
    data = RepaymentData(amount=Decimal("1200.00"), repaid_on=at.date(), voucher="退1", to_reserve=False)
    record_repayment(owed, data=data, by=clerk, at=at)
    found = aid_figures(county_staff, YEAR)
    whole = shown(found, LINXI, "urgent")
    assert (whole.amount, whole.returned) == (Decimal("7840.05"), Decimal("1200.00"))
    assert shown(found, "", "", SEPTEMBER).returned == Decimal("1000.00")
    assert shown(found, "", "", OCTOBER).returned == Decimal("200.00")
    assert shown(aid_figures(county_staff, Period(2026, 10))).returned == Decimal("200.00")
    assert shown(found, HUAYANG).returned == Decimal("0.00")
