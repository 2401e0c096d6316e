"""Reckoning awards on other parameters (提标、政策测算), with every day's parameters read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from benefits.models import VersionKind
from dynamic_review.queries.standings import AwardCase, Segment
from dynamic_review.rules.uplift import (
    ZERO,
    Outcome,
    Reckoned,
    for_a_batch,
    months_owed,
    reckon,
    set_apart,
)
from eligibility.queries import ParameterBook
from eligibility.rules import Parameters


class Books:
    """The parameters of days, each day's read when it is first asked for."""

    def __init__(self) -> None:
        self._known: dict[date, ParameterBook] = {}

    def on(self, day: date) -> ParameterBook:
        """What is in force on a day."""
        if day not in self._known:
            self._known[day] = ParameterBook(on=day)
        return self._known[day]


@dataclass(frozen=True)
class NewTerms:
    """What one segment of an award becomes."""

    segment: Segment
    found: Reckoned
    parameters: Parameters

    @property
    def amount(self) -> Decimal:
        """Yuan a month."""
        return self.found.amount if self.found.amount is not None else self.segment.standing.monthly_amount


@dataclass(frozen=True)
class NewAward:
    """What an uplift makes of an award: each segment since the month, or why it is set apart."""

    case: AwardCase
    terms: Sequence[NewTerms]
    apart: Reckoned | None = None

    @property
    def outcome(self) -> Outcome:
        """Of what is paid last; where only past months change, of their sum."""
        if self.apart is not None:
            return Outcome.APART
        last = self.terms[-1].found.outcome
        changed = [terms.found.outcome for terms in self.terms if terms.found.outcome is not Outcome.SAME]
        return changed[0] if last is Outcome.SAME and changed else last

    def owed(self, *, until: date) -> tuple[int, Decimal]:
        """Months up to one whose sum changes, and what is to be paid for them in all (补发), in yuan."""
        months, amount = 0, ZERO
        ends = [terms.segment.from_month for terms in self.terms[1:]]
        for terms, end in zip(self.terms, [*ends, None], strict=True):
            last = until if end is None else min(until, _month_before(end))
            count = months_owed(since=terms.segment.from_month, until=last)
            difference = terms.amount - terms.segment.standing.monthly_amount
            if difference:
                months, amount = months + count, amount + count * difference
        return months, amount


def uplifted(case: AwardCase, *, books: Books) -> NewAward:
    """Reckon what an award stands on since a month, each segment on its own first day in that time."""
    if case.apart is not None:
        return NewAward(case, (), set_apart(case.apart))
    made = [_terms(case, segment, books) for segment in case.segments]
    apart = next((terms.found for terms in made if terms.found.apart is not None), None)
    return NewAward(case, made, apart)


def _terms(case: AwardCase, segment: Segment, books: Books) -> NewTerms:
    after = parameters_of(case, segment, books.on(segment.from_month))
    found = reckon(
        segment.standing, segment.ground, before=known_before(case, segment, books), after=after, on=segment.from_month
    )
    return NewTerms(segment, for_a_batch(found), after)


def known_before(case: AwardCase, segment: Segment, books: Books) -> tuple[Parameters, ...]:
    """Parameters that a reassessed level of care took its sum from: those of the month from which it holds."""
    version = segment.version
    if version.kind != VersionKind.CARE:
        return ()
    return (parameters_of(case, segment, books.on(version.from_month)),)


def parameters_of(case: AwardCase, segment: Segment, book: ParameterBook) -> Parameters:
    """The figures for where the award is kept, and for the family as it was assessed (城乡)."""
    residence = segment.ground.facts.residence.value if segment.ground else case.award.household.residence
    return book.of(case.award.area.code, residence=residence)


def _month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
