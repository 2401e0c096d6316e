"""The levelled calendar: never later than the last day, months within what the days can take, villages together."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynamic_review.rules.levelling import Month, Plan, Visit, late_ones, level, months_from

TODAY = date(2026, 11, 2)
"""A Monday."""


def is_working(day: date) -> bool:
    return day.weekday() < 5


def planned(visits: list[Visit], *, a_day: int = 6, today: date = TODAY, **more: object) -> tuple[Plan, list[Month]]:
    until = max([today, *(visit.limit for visit in visits)])
    months = months_from(today, until, is_working=is_working)
    return level(visits, months=months, a_day=a_day, **more), months  # type: ignore[arg-type]


def loads(plan: Plan) -> Counter[str]:
    return Counter(f"{day:%Y-%m}" for day in plan.days.values())


def test_a_township_of_600_families_and_one_clerk_meets_every_day_at_an_even_load() -> None:
    """All confirmed on one day, due on one day a year later: the real township that missed its whole year."""
    limit = date(2027, 11, 1)
    visits = [Visit(key, f"{key % 12:02d}", date(2027, 5, 1), limit) for key in range(600)]
    plan, _ = planned(visits, a_day=6)
    assert plan.crowded == ()
    assert max(plan.days.values()) <= limit
    load = loads(plan)
    assert sum(load.values()) == 600
    assert set(load) == {"2027-05", "2027-06", "2027-07", "2027-08", "2027-09", "2027-10"}, "not before half the cycle"
    assert max(load.values()) <= 110  # six months for 600 families: 100 a month, the working days differ
    assert all(is_working(day) for day in plan.days.values())
    assert max(Counter(plan.days.values()).values()) <= 6


def test_a_village_is_visited_on_days_that_follow_one_another() -> None:
    limit = date(2027, 3, 31)
    visits = [Visit(key, f"{key % 4}", date(2027, 3, 1), limit) for key in range(40)]
    plan, months = planned(visits, a_day=5)
    days = defaultdict(set)
    for key, day in plan.days.items():
        days[f"{key % 4}"].add(day)
    working = [day for month in months for day in month.days]
    for visited in days.values():
        places = sorted(working.index(day) for day in visited)
        assert places == list(range(places[0], places[-1] + 1))
        assert len(places) == 2  # ten families of a village, five a day


def test_the_day_of_a_visit_due_within_the_first_month_is_looked_at_itself() -> None:
    visits = [Visit(1, "b", TODAY, date(2026, 11, 3)), *(Visit(key, "a", TODAY, date(2026, 11, 30)) for key in (2, 3))]
    plan, _ = planned(visits, a_day=1)
    assert plan.days[1] == TODAY


def test_half_a_cycle_is_waited_for_only_where_the_days_suffice() -> None:
    visits = [Visit(key, "a", date(2027, 1, 1), date(2027, 1, 31)) for key in range(30)]
    plan, _ = planned(visits, a_day=1)  # January has 21 working days
    assert plan.crowded == ()
    assert loads(plan)["2027-01"] <= 21
    assert sum(loads(plan).values()) == 30


def test_too_many_visits_stay_in_time_and_the_crowded_month_is_told() -> None:
    visits = [Visit(key, "a", TODAY, date(2026, 12, 31)) for key in range(100)]
    plan, _ = planned(visits, a_day=2)  # 21 + 23 working days, 88 visits
    assert max(plan.days.values()) <= date(2026, 12, 31)
    assert plan.crowded == (date(2026, 12, 1),)


def test_overdue_visits_come_first_and_take_their_days() -> None:
    visits = [Visit(key, "a", TODAY, date(2026, 12, 31)) for key in range(23)]
    plan, _ = planned(visits, a_day=1, overdue=21)  # November's 21 working days are gone
    assert loads(plan) == {"2026-12": 23}


def test_what_stands_on_a_day_already_leaves_less_room_there() -> None:
    taken = {day: 1 for day in months_from(TODAY, TODAY, is_working=is_working)[0].days}
    plan, _ = planned([Visit(1, "a", TODAY, date(2026, 11, 30))], a_day=1, taken=taken)
    assert plan.crowded == (TODAY,)
    plan, _ = planned([Visit(1, "a", TODAY, date(2026, 11, 30))], a_day=2, taken=taken)
    assert plan.crowded == ()


def test_with_few_working_days_left_the_month_is_planned_with_the_next() -> None:
    months = months_from(date(2026, 11, 30), date(2027, 1, 31), is_working=is_working)
    assert [(month.first, month.last) for month in months] == [
        (date(2026, 11, 30), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 31)),
    ]


def test_lateness_is_foreseen_with_the_most_urgent_first() -> None:
    limits = [date(2026, 11, 3)] * 3 + [date(2026, 11, 30)]
    until = {date(2026, 11, 3): 2, date(2026, 11, 30): 21}
    assert late_ones(limits, a_day=1, working_days_until=until.__getitem__) == 1
    assert late_ones(limits, a_day=2, working_days_until=until.__getitem__) == 0


VISITS = st.lists(
    st.builds(
        lambda key, village, start, length: Visit(
            key, village, TODAY + timedelta(days=start), TODAY + timedelta(days=start + length)
        ),
        key=st.integers(0, 10**6),
        village=st.sampled_from("abcde"),
        start=st.integers(0, 200),
        length=st.integers(0, 200),
    ),
    max_size=60,
    unique_by=lambda visit: visit.key,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS, a_day=st.integers(1, 6), offset=st.integers(0, 40))
def test_every_visit_has_a_day_from_today_to_its_last_day(visits: list[Visit], a_day: int, offset: int) -> None:
    today = TODAY + timedelta(days=offset)
    visits = [visit for visit in visits if visit.limit >= today]
    plan, _ = planned(visits, a_day=a_day, today=today)
    assert plan.days.keys() == {visit.key for visit in visits}
    assert all(today <= plan.days[visit.key] <= visit.limit for visit in visits)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS, a_day=st.integers(1, 6))
def test_a_month_takes_more_than_its_days_can_only_where_no_plan_could_help(visits: list[Visit], a_day: int) -> None:
    """Hall's condition, counted apart: a month is crowded only where too many must be done until some month."""
    plan, months = planned(visits, a_day=a_day)
    last = [max((i for i, m in enumerate(months) if m.last <= visit.limit), default=0) for visit in visits]
    can = [
        sum(place <= index for place in last) <= a_day * sum(len(month.days) for month in months[: index + 1])
        for index in range(len(months))
    ]
    assert (plan.crowded == ()) == all(can)
    for month in months:
        held = sum(month.first <= day <= month.last for day in plan.days.values())
        if month.first not in plan.crowded:
            assert held <= a_day * len(month.days)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(visits=VISITS, a_day=st.integers(1, 6))
def test_the_same_visits_are_planned_the_same_way(visits: list[Visit], a_day: int) -> None:
    assert planned(visits, a_day=a_day)[0] == planned(visits[::-1], a_day=a_day)[0]
