"""Working-day arithmetic (工作日), handbook 0.4: the day after the start is day one; due at the end of day n."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


@dataclass(frozen=True)
class Deadline:
    """A due day; ``provisional`` where a year's holidays are not entered yet (暂按周一至周五计算)."""

    on: date
    provisional: bool = False

    def days_late(self, today: date) -> int:
        """Calendar days past the due day; 0 on the day itself."""
        return max(0, (today - self.on).days)


@dataclass(frozen=True)
class WorkingCalendar:
    """Days that depart from Monday–Friday, and the years whose official notice is entered."""

    exceptions: Mapping[date, bool]
    years: Collection[int]

    def is_working(self, day: date) -> bool:
        """Whether people work on the day; Monday–Friday where the year is not entered."""
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def add(self, start: date, days: int) -> Deadline:
        """The day on which ``days`` working days after ``start`` are over."""
        day, left, provisional = start, days, False
        while left > 0:
            day += timedelta(days=1)
            provisional = provisional or day.year not in self.years
            left -= self.is_working(day)
        return Deadline(on=day, provisional=provisional)

    def between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working(start + timedelta(days=step)) for step in range(1, (end - start).days + 1))
