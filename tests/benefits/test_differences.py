"""与上月比对: every change named with its event, and both months' sums held together by them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from benefits import services
from benefits.queries.differences import Comparison, compare_months
from benefits.rules.differences import Change, Circumstances, Due, judge, totals
from benefits.services import CoveredPerson
from benefits.views.loading import source_links
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.paying import change
from tests.benefits.rolled import DECEMBER, JANUARY, Rolled, rolled, rows_of
from tests.households.builders import head
from tests.households.web import as_staff, text_of
from tests.support.crews import HUAYANG
from tests.support.factories import make_staff
from tests.support.stories import new_story

LATER = date(2026, 12, 15)
COMPARE = "/awards/rolls/compare/"


def due(base: str, **more: Any) -> Due:
    return Due(Decimal(base), **{name: value if name == "is_held" else Decimal(value) for name, value in more.items()})


@pytest.mark.parametrize(
    ("before", "now", "known", "change"),
    [
        (None, due("515"), {}, Change.NEW),
        (None, due("515"), {"was_paid_ever": True}, Change.RESUMED),
        (None, due("515"), {"was_elsewhere": True, "was_paid_ever": True}, Change.MOVED_IN),
        (due("515"), None, {}, Change.STOPPED),
        (due("515"), None, {"is_suspended": True}, Change.SUSPENDED),
        (due("515"), None, {"somebody_died": True}, Change.DIED),
        (due("515"), None, {"is_elsewhere": True, "somebody_died": True}, Change.MOVED_OUT),
        (due("515"), due("615"), {}, Change.RAISED),
        (due("515"), due("515", topup="1"), {}, Change.RAISED),
        (due("515"), due("415"), {}, Change.CUT),
        (due("515"), due("415"), {"somebody_died": True}, Change.DIED),
        (due("515"), due("515", back_payment="515"), {}, Change.EXTRA),
        (due("515", recoupment="100"), due("515"), {}, Change.EXTRA),
        (due("515"), due("515", is_held=True), {}, Change.HELD),
        (due("515"), due("515"), {}, Change.SAME),
    ],
)
def test_what_became_of_a_payee(before: Due | None, now: Due | None, known: dict[str, bool], change: Change) -> None:
    assert judge(before, now, Circumstances(**known)) == change


def test_totals_count_payees_and_yuan_by_kind_in_the_order_of_the_report() -> None:
    rows = [(Change.CUT, Decimal("-100")), (Change.NEW, Decimal("515")), (Change.CUT, Decimal("-0.50"))]
    assert [(row.change, row.payees, row.difference) for row in totals(rows)] == [
        (Change.NEW, 1, Decimal("515")),
        (Change.CUT, 2, Decimal("-100.50")),
    ]


@pytest.fixture
def paid(county: None) -> Rolled:
    """December paid to four; until January one is raised, one cut, one stopped, one came, one has no account."""
    made = rolled(names=("胡德旺", "汪美玲", "唐玉兰", "邵国平"), accounts=3)
    made.desk.pay(DECEMBER)
    by = made.desk.approver
    for place, amount, kind in ((0, "615.00", "raise"), (1, "400.00", "cut")):
        family, award = made.families[place], made.awards[place]
        covered = [CoveredPerson(head(family).person)]
        change(award, amount, covered, from_month=JANUARY, on=LATER, by=by, kind=kind)
    services.end_award(
        made.awards[2], last_month=DECEMBER, reason="收入超过标准", source="JX1", decided_by=by, decided_on=LATER
    )
    made.add("程晓彤", "6217000010012345716", decided_on=date(2026, 12, 10))
    made.desk.prepare(JANUARY, on=date(2026, 12, 26))
    return made


def compared(paid: Rolled, **more: Any) -> Comparison:
    return compare_months(paid.desk.officer, month=JANUARY, scheme="dibao", **more)


@pytest.mark.django_db
def test_every_change_is_listed_with_its_event_and_the_sums_hold(paid: Rolled) -> None:
    found = compared(paid)
    rows = {row.head_name: (row.change, row.difference, row.event.words, row.event.source) for row in found.rows}
    assert rows == {
        "程晓彤": (Change.NEW, Decimal("515.00"), "确认：审核确认", ""),
        "胡德旺": (Change.RAISED, Decimal("100.00"), "增发：复核调整", ""),
        "汪美玲": (Change.CUT, Decimal("-115.00"), "减发：复核调整", ""),
        "唐玉兰": (Change.STOPPED, Decimal("-515.00"), "停发：收入超过标准", "JX1"),
        "邵国平": (Change.HELD, Decimal("0.00"), "没有在用的发放账户", ""),
    }
    # 4 × 515 = 2060; 615 + 400 + 515 + 515 = 2045.
    assert (found.before_amount, found.amount) == (Decimal("2060.00"), Decimal("2045.00"))
    assert found.before_amount + sum(row.difference for row in found.totals) == found.amount
    assert (found.before_families, found.families, found.held) == (4, 4, 1)


@pytest.mark.django_db
def test_the_page_shows_both_sums_and_is_cut_to_a_change(paid: Rolled) -> None:
    browser = as_staff(paid.desk.officer)
    shown = text_of(browser.get(COMPARE, {"month": "2027-01", "scheme": "dibao"}))
    assert "2,060.00" in shown and "2,045.00" in shown and "收入超过标准" in shown
    stopped = text_of(browser.get(COMPARE, {"month": "2027-01", "scheme": "dibao", "change": "stopped"}))
    assert "唐玉兰" in stopped and "汪美玲" not in stopped
    held = text_of(browser.get(COMPARE, {"month": "2027-01", "scheme": "dibao", "change": "held"}))
    assert "邵国平" in held and "唐玉兰" not in held
    printed = text_of(browser.get(COMPARE, {"month": "2027-01", "scheme": "dibao", "print": "1"}))
    assert "唐玉兰" in printed and "data-print" in printed
    assert browser.get(COMPARE, {"month": "最近"}).status_code == 422


@pytest.mark.django_db
def test_without_filters_it_is_of_the_latest_month(paid: Rolled) -> None:
    assert "2027年1月发放" in text_of(as_staff(paid.desk.officer).get(COMPARE))


@pytest.mark.django_db
def test_the_export_has_the_sums_and_the_changes(paid: Rolled) -> None:
    answer = as_staff(paid.desk.officer).post(f"{COMPARE}export/?month=2027-01&scheme=dibao&change=cut")
    # A title, last month, five kinds, this month and an empty line above.
    (row,) = rows_of(answer.content, skip=9)
    assert (row["户主"], float(row["增减（元）"]), row["原因"]) == ("汪美玲", -115.0, "减发：复核调整")


@pytest.mark.django_db
def test_another_township_compares_its_own(paid: Rolled) -> None:
    stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    assert compare_months(stranger, month=JANUARY, scheme="dibao").rows == ()
    refused = as_staff(stranger).get(COMPARE, {"month": "2027-01", "scheme": "dibao", "township": "341824101"})
    assert refused.status_code == 422 and "唐玉兰" not in text_of(refused)


@pytest.mark.django_db
def test_it_costs_the_same_queries_for_any_number_of_payees(
    paid: Rolled, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        compared(paid)


@pytest.mark.django_db
def test_a_death_is_the_event_behind_what_is_no_longer_paid(county: None) -> None:
    made = rolled(names=("胡德旺",), accounts=1)
    made.desk.pay(DECEMBER)
    person = head(made.families[0]).person
    person.died_on = date(2026, 12, 9)
    person.save()
    made.add("程晓彤", decided_on=date(2026, 12, 10))
    made.desk.prepare(JANUARY, on=date(2026, 12, 26))
    gone = next(row for row in compared(made).rows if row.head_name == "胡德旺")
    assert (gone.change, gone.event.words) == (Change.DIED, "胡德旺2026年12月9日去世")


@pytest.mark.django_db
def test_a_change_leads_to_the_case_that_it_was_decided_in(county: None) -> None:
    story = new_story().sign_papers().submit()
    case = story.case
    links = source_links({case.number, "没有"}, staff=Staff.objects.get(pk=story.people.officer.pk))
    assert links == {case.number: reverse("applications:detail", args=[case.pk])}
    stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    assert source_links({case.number}, staff=stranger) == {}
