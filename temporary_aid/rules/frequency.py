"""频次: how often a family was helped within a year; handbook 10.3. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.rules.choices import AidCause, AidYear

LOCAL = "绩溪县上庄镇2023年临时救助标准；“一年内”的算法为本地做法；没有实际给付的不计次数"


@dataclass(frozen=True)
class PastAid:
    """An aid that was granted before: whose stages and follow-ups (跟进救助) count once with it.

    One of which nothing of value was given is none: a mere referral (转介) for 0 yuan, cancelled before it was paid, or
    come back whole.
    """

    number: str
    cause: AidCause
    decided_on: date
    township: str


@dataclass(frozen=True)
class FrequencyTerms:
    """一年内的次数: for the same cause and in all, and how a year is counted."""

    year: AidYear
    same_cause: int
    times: int


@dataclass(frozen=True)
class Frequency:
    """What was granted before within the year, and whether one more is beyond it."""

    same_cause: int
    all: int
    terms: FrequencyTerms
    since: date
    counted: tuple[PastAid, ...]
    alike: tuple[str, ...] = ()
    """Aids that may be the same person's who has no papers; not counted, for nobody knows."""

    @property
    def is_beyond(self) -> bool:
        """Whether one more needs 一事一议."""
        return self.same_cause >= self.terms.same_cause or self.all >= self.terms.times

    @property
    def in_words(self) -> str:
        """One sentence, for form, paper and refusal."""
        found = f"{self.since:%Y年%-m月%-d日}以来已获临时救助{self.all}次，其中同一事由{self.same_cause}次"
        limits = f"同一事由一年内{self.terms.same_cause}次、不同事由共{self.terms.times}次"
        alike = alike_in_words(self.alike)
        if self.is_beyond:
            return f"{found}；{limits}（{LOCAL}），再次救助须一事一议{alike}。"
        return f"{found}；{limits}（{LOCAL}），本次在次数以内{alike}。"

    def as_dict(self) -> dict[str, Any]:
        """As the aid keeps it."""
        kept = {
            "same_cause": self.same_cause,
            "all": self.all,
            "since": self.since.isoformat(),
            "same_cause_limit": self.terms.same_cause,
            "times_limit": self.terms.times,
            "numbers": [row.number for row in self.counted],
        }
        return kept | {"alike": list(self.alike)} if self.alike else kept


def alike_in_words(numbers: Iterable[str]) -> str:
    """What is said besides of aids that may be the same person's; nothing where there are none."""
    named = "、".join(numbers)
    if not named:
        return ""
    return f"；另有同村同名或同性别同出生日期的{named}未计入，没有身份证号的请核实是否同一人"


def year_begins(terms: FrequencyTerms, *, on: date) -> date:
    """The first day that still counts: 1 January, or of 往前12个月 the day after the same day a year before."""
    if terms.year is AidYear.CALENDAR:
        return date(on.year, 1, 1)
    if (on.month, on.day) == (2, 29):
        return date(on.year - 1, 3, 1)
    return date.fromordinal(date(on.year - 1, on.month, on.day).toordinal() + 1)


def frequency(past: Iterable[PastAid], *, cause: AidCause, terms: FrequencyTerms, on: date) -> Frequency:
    """Count what was granted within the year before a decision on a day.

    :param past: aids granted before, without the one that is decided, what it follows (跟进救助) and what follows that.
    """
    since = year_begins(terms, on=on)
    counted = tuple(row for row in past if since <= row.decided_on <= on)
    same = sum(row.cause is cause for row in counted)
    return Frequency(same_cause=same, all=len(counted), terms=terms, since=since, counted=counted)
