"""What the cases on one sheet have in common (公示单、公布单), and the days that a publicity takes."""

from dataclasses import dataclass
from datetime import date, timedelta

from applications.models import Case, Decision, Proposal, StepTerm
from applications.models.terms import PUBLICITY_DAYS, PUBLICITY_START, REFUSAL_PUBLICITY, TermUnit
from benefits.services import first_month
from organizations.queries import working_calendar
from organizations.rules.working_days import WorkingCalendar


class Terms:
    """All terms (时限), read once for many cases."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str, str], list[StepTerm]] = {}
        for row in StepTerm.objects.all():
            self._rows.setdefault((row.scheme, row.kind, row.authority, row.step), []).append(row)

    def of(self, case: Case, step: str, *, on: date) -> StepTerm | None:
        """The term of a step in force on a day, after the case's scheme, kind and authority."""
        rows = self._rows.get((case.scheme, case.kind, case.authority, step), [])
        return next((row for row in rows if on in row.valid), None)

    def days(self, case: Case, step: str, *, on: date) -> int:
        """Days of a step's term, 0 where it has none."""
        found = self.of(case, step, on=on)
        return found.days if found else 0


@dataclass(frozen=True)
class PublicityKey:
    """Cases with the same key stand on one 公示单."""

    area_id: int
    scheme: str
    kind: str
    is_eligible: bool
    first_day: date
    last_day: date


@dataclass(frozen=True)
class AnnouncementKey:
    """Cases with the same key stand on one 公布单."""

    area_id: int
    scheme: str
    kind: str
    first_month: date


def publicity_key(
    case: Case,
    proposal: Proposal,
    *,
    posted_on: date,
    terms: Terms | None = None,
    calendar: WorkingCalendar | None = None,
) -> PublicityKey | None:
    """On which sheet a proposal goes up: posted on d it hangs from d+1 to d+7 by default (handbook 0.4).

    :param terms: where they are read already.
    :returns: None where the county has not set how long publicity lasts.
    """
    terms = terms or Terms()
    length = terms.of(case, PUBLICITY_DAYS if proposal.is_eligible else REFUSAL_PUBLICITY, on=posted_on)
    if length is None or length.days == 0:
        return None
    first = posted_on + timedelta(days=terms.days(case, PUBLICITY_START, on=posted_on))
    if length.unit == TermUnit.WORKING_DAYS:
        last = (calendar or working_calendar()).add(first - timedelta(days=1), length.days).on
    else:
        last = first + timedelta(days=length.days - 1)
    return PublicityKey(case.area_id, case.scheme, case.kind, proposal.is_eligible, first, last)


def announcement_key(case: Case, decision: Decision) -> AnnouncementKey:
    """On which sheet an approval is announced."""
    return AnnouncementKey(case.area_id, case.scheme, case.kind, first_month(decision.decided_on))
