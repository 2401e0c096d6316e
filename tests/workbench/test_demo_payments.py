"""The demo's months: paid by rolls that four people made and signed, a few payments failed, reviews due and late."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from benefits.models import Award, AwardState, FundPlan, MonthlyRoll, PhaseOut, RollFunding, RollLine
from dynamic_review.models import ReviewDue
from eligibility.models import Assessment
from organizations.queries import townships
from tests.support.crews import county_data
from workbench import demo_data
from workbench.demo_data.longstanding_families import LATE
from workbench.management.commands.load_demo import villages

ON = date(2026, 11, 23)
pytestmark = pytest.mark.django_db


def loaded() -> list[Any]:
    """Families of long standing and all that is paid to them, without the others' cases."""
    county_data()
    offices = demo_data.open_offices(on=ON)
    families: list[Any] = []
    for plan in demo_data.plan_longstanding(villages(), on=ON):
        day = demo_data.decided_on(plan.village_code, on=ON) - timedelta(days=30)
        families += demo_data.make_families([plan], offices, on=day, year=day.year)
    demo_data.make_payments(families, offices, on=ON)
    return families


def test_families_of_long_standing_are_the_same_every_time_and_share_no_number_with_the_others(county: None) -> None:
    plans = demo_data.plan_longstanding(villages(), on=ON)
    assert demo_data.plan_longstanding(villages(), on=ON) == plans
    both = [*plans, *demo_data.plan_families(villages(), on=ON)]
    numbers = [person.id_number for plan in both for person in plan.people if person.id_number]
    assert len(set(numbers)) == len(numbers)
    assert len({plan.account for plan in both}) == len({plan.key for plan in both}) == len(both)
    assert {number[:6] for number in numbers} == {"341899"}


def test_months_are_paid_and_every_step_is_shown(county: None) -> None:
    loaded()
    this_month, next_month = date(2026, 11, 1), date(2026, 12, 1)
    rolls = MonthlyRoll.objects.filter(scheme="dibao")

    paid = rolls.filter(month__lte=this_month)
    assert set(paid.values_list("state", flat=True)) == {"settled"}
    months = Counter(paid.values_list("area__code", flat=True))
    assert months.pop(LATE) == 13
    assert months == dict.fromkeys(months, 3) and len(months) == townships().count() - 1

    coming = rolls.filter(month=next_month).order_by("area__code")
    assert list(coming.values_list("state", flat=True)) == ["prepared", "township_checked", "county_checked", "frozen"]

    failed = RollLine.objects.filter(state="failed")
    assert sorted(failed.values_list("roll__area__code", "roll__month")) == [
        ("341824101", this_month),
        ("341824102", this_month),
    ]
    assert set(failed.values_list("failure", flat=True)) == {"账号已注销"}
    hands = paid.values_list("prepared_by", "township_checked_by", "county_checked_by", "finance_checked_by")
    assert all(len(set(four)) == 4 for four in hands)

    # Nothing but the month itself: awards begin in the first month that is paid.
    assert not RollLine.objects.exclude(back_payment_amount=0, recoupment_amount=0).exists()
    awarded = Assessment.objects.filter(household__awards__isnull=False)
    assert {row.result["dibao"]["outcome"] for row in awarded} == {"eligible"}
    assert set(FundPlan.objects.values_list("year", flat=True)) == {2025, 2026}
    assert RollFunding.objects.filter(roll__in=paid).exists()

    states = Counter(Award.objects.values_list("state", flat=True))
    assert (states[AwardState.SUSPENDED], states[AwardState.PHASE_OUT]) == (1, 1)
    assert PhaseOut.objects.get().last_month == date(2027, 2, 1)
    late = ReviewDue.objects.filter(closed_on=None, legal_due_on__lt=ON)
    assert set(late.values_list("award__area__parent__code", flat=True)) == {LATE}
    planned = ReviewDue.objects.filter(closed_on=None, legal_due_on__gte=ON)
    assert planned.count() >= 15 and not planned.filter(planned_on__lt=ON).exists()
