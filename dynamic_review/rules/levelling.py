"""Levelled calendar (复核排期): visits spread over the months, only ever earlier than their last day, by village.

Pure: days, numbers and keys in, days out. A month is filled from the last one back, so that a family is visited as
late as the level allows; what a month cannot take goes to an earlier one, never to a later one.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

_STEPS = 20
"""The level is looked for in steps of a twentieth of what the days can take."""
_FEW_DAYS = 10
"""With fewer working days left in the month, it is planned together with the next one."""


class Visit(NamedTuple):
    """A family to be visited: no earlier than half of its cycle where the days allow, never later than ``limit``."""

    key: int
    village: str
    not_before: date
    limit: date


@dataclass(frozen=True)
class Month:
    """A month of the plan with its working days; the first one begins today and may take in the next."""

    first: date
    last: date
    days: tuple[date, ...]


@dataclass(frozen=True)
class Plan:
    """A day for every visit, and the first days of the months that hold more than their days can take."""

    days: Mapping[int, date]
    crowded: tuple[date, ...] = ()


@dataclass
class _Load:
    """What the days of a plan can take, and what is on them already."""

    months: Sequence[Month]
    a_day: int
    taken: Mapping[date, int]
    waiting: list[int] = field(default_factory=list)

    def room(self, index: int, share: float = 1.0) -> int:
        """Visits that a month can still take at a share of its working days."""
        days = self.months[index].days
        used = sum(self.taken.get(day, 0) for day in days) + self.waiting[index]
        return max(0, ceil(share * self.a_day * len(days)) - used)


def months_from(today: date, until: date, *, is_working: Callable[[date], bool]) -> list[Month]:
    """The months from today to a day, each with its working days."""
    months: list[Month] = []
    first = today
    while first <= until or not months:
        last = _last_of_month(first)
        days = _working(first, last, is_working)
        if not months and len(days) < _FEW_DAYS:
            last = _last_of_month(last + timedelta(days=1))
            days = _working(first, last, is_working)
        months.append(Month(first, last, days))
        first = last + timedelta(days=1)
    return months


def level(
    visits: Iterable[Visit],
    *,
    months: Sequence[Month],
    a_day: int,
    taken: Mapping[date, int] | None = None,
    overdue: int = 0,
) -> Plan:
    """Give every visit a working day: at the lowest level that meets every last day.

    :param a_day: visits that the township makes on a working day.
    :param taken: visits that stand on days already and stay there.
    :param overdue: visits whose last day has passed; they come first and are not planned here.
    """
    load = _Load(months, a_day, taken or {})
    load.waiting = _first_come(overdue, load)
    windows = _windows(visits, months)
    share = _lowest_share(windows.values(), load)
    if share is None:  # half of the cycle is a wish, the last day is law
        windows = {visit: (0, latest) for visit, (_, latest) in windows.items()}
        share = _lowest_share(windows.values(), load)
    by_month = _by_month(windows, load, share=share or 1.0)
    days: dict[int, date] = {}
    crowded = []
    for index, chosen in by_month.items():
        if len(chosen) > load.room(index):
            crowded.append(months[index].first)
        days |= _by_day(chosen, months[index], load, is_first=index == 0)
    return Plan(days, tuple(sorted(crowded)))


def late_ones(limits: Iterable[date], *, a_day: int, working_days_until: Callable[[date], int]) -> int:
    """How many of the visits cannot be made in time, the most urgent always first (预计逾期)."""
    return sum(place > a_day * working_days_until(limit) for place, limit in enumerate(sorted(limits), start=1))


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _working(first: date, last: date, is_working: Callable[[date], bool]) -> tuple[date, ...]:
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return tuple(day for day in days if is_working(day))


def _first_come(overdue: int, load: _Load) -> list[int]:
    """What overdue visits take of every month, from the first on."""
    load.waiting = [0] * len(load.months)
    taken = []
    for index in range(len(load.months)):
        here = min(overdue, load.room(index))
        taken.append(here)
        overdue -= here
    return taken


def _windows(visits: Iterable[Visit], months: Sequence[Month]) -> dict[Visit, tuple[int, int]]:
    known: dict[tuple[date, date], tuple[int, int]] = {}
    windows = {}
    for visit in visits:
        days = (visit.not_before, visit.limit)
        if days not in known:  # a township has thousands of visits, and a few hundred days
            known[days] = _window(*days, months)
        windows[visit] = known[days]
    return windows


def _window(not_before: date, limit: date, months: Sequence[Month]) -> tuple[int, int]:
    """The first and the last month in which any day will do; the first month looks at the days themselves."""
    latest = max((index for index, month in enumerate(months) if month.last <= limit), default=0)
    earliest = min((index for index, month in enumerate(months) if month.first >= not_before), default=latest)
    return min(earliest, latest), latest


def _lowest_share(windows: Iterable[tuple[int, int]], load: _Load) -> float | None:
    counted = Counter(windows)
    for step in range(1, _STEPS + 1):
        if _fits(counted, load, share=step / _STEPS):
            return step / _STEPS
    return None


def _fits(counted: Mapping[tuple[int, int], int], load: _Load, *, share: float) -> bool:
    open_: Counter[int] = Counter()
    for index in reversed(range(len(load.months))):
        for (earliest, latest), number in counted.items():
            if latest == index:
                open_[earliest] += number
        room = load.room(index, share)
        if open_[index] > room:
            return False
        for earliest in sorted(open_, reverse=True):
            placed = min(room, open_[earliest])
            open_[earliest] -= placed
            room -= placed
    return True


def _by_month(windows: Mapping[Visit, tuple[int, int]], load: _Load, *, share: float) -> dict[int, list[Visit]]:
    """Visits by month: the last month first, those that may not go earlier before the others, villages together."""
    arriving: dict[int, list[Visit]] = defaultdict(list)
    for visit, (_, latest) in windows.items():
        arriving[latest].append(visit)
    chosen: dict[int, list[Visit]] = defaultdict(list)
    pool: list[Visit] = []
    for index in reversed(range(len(load.months))):
        pool += arriving[index]
        sizes = Counter(visit.village for visit in pool)
        pool.sort(key=lambda visit: (-windows[visit][0], -sizes[visit.village], visit.village, visit.limit, visit.key))
        fixed = sum(windows[visit][0] == index for visit in pool) if index else 0
        here = max(load.room(index, share), fixed)
        chosen[index], pool = pool[:here], pool[here:]
    for visit in pool:  # more than the days can take: each stays in the last month that is in time
        chosen[windows[visit][1]].append(visit)
    return {index: visits for index, visits in chosen.items() if visits}


def _by_day(visits: list[Visit], month: Month, load: _Load, *, is_first: bool) -> dict[int, date]:
    """Days of a month's visits, a village's on days that follow one another."""
    by_village = sorted(visits, key=lambda visit: (visit.village, visit.limit, visit.key))
    slots = _slots(len(visits), month, load)
    if not is_first:
        return {visit.key: day for visit, day in zip(by_village, slots, strict=True)}
    urgent: dict[str, date] = {}
    for visit in visits:
        urgent[visit.village] = min(urgent.get(visit.village, visit.limit), visit.limit)
    by_village.sort(key=lambda visit: (urgent[visit.village], visit.village, visit.limit, visit.key))
    if any(day > visit.limit for visit, day in zip(by_village, slots, strict=True)):
        by_village.sort(key=lambda visit: (visit.limit, visit.village, visit.key))
    return {
        visit.key: day if day <= visit.limit else _last_day(visit.limit, month)
        for visit, day in zip(by_village, slots, strict=True)
    }


def _slots(number: int, month: Month, load: _Load) -> list[date]:
    """So many places on the month's working days in order; more a day than can be taken only where it must be."""
    if not month.days:
        return [month.first] * number
    a_day = load.a_day
    while True:
        places = [day for day in month.days for _ in range(max(0, a_day - load.taken.get(day, 0)))]
        if len(places) >= number:
            return places[:number]
        a_day += 1


def _last_day(limit: date, month: Month) -> date:
    return max((day for day in month.days if day <= limit), default=limit)
