"""The life of one award for its page: what happened from which month and why, as rows and as a line of money."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from benefits.models import Award, AwardVersion, AwardVersionPerson, LineState, RollLine, RollState, VersionKind
from benefits.queries.entitlements import owed_of
from benefits.rules.months import first_month, months_after
from foundation.charts import Level
from households.models import Person
from organizations.models import Staff

_FIXED = (RollState.FROZEN, RollState.SENT, RollState.SETTLED)
_TONES = {
    VersionKind.GRANT: "good",
    VersionKind.RAISE: "good",
    VersionKind.RESTORE: "good",
    VersionKind.UPLIFT: "good",
    VersionKind.CUT: "due",
    VersionKind.PHASE_OUT: "due",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened to an award: from which month, what, why, on what paper, by whom and when decided.

    :param amount: yuan a month from then on, where it was decided.
    """

    month: date
    kind: str
    tone: str
    reason: str
    source: str
    by: Staff | None
    on: date
    amount: Decimal | None = None
    persons: int | None = None
    note: str = ""


@dataclass
class PersonStory:
    """A person's time in an award: from when to when covered, and their part by month; yuan."""

    person: Person
    since: date | None = None
    last_month: date | None = None
    parts: list[tuple[date, AwardVersionPerson]] = field(default_factory=list)


@dataclass(frozen=True)
class AwardStory:
    """Everything that an award's page tells of its life."""

    events: tuple[Event, ...]
    people: tuple[PersonStory, ...]
    levels: tuple[Level, ...]
    paid: QuerySet[RollLine]


def story_of(award: Award, *, on: date) -> AwardStory:
    """An award's life in a fixed number of queries, whatever its length.

    :param award: with ``end`` and ``places`` at hand or to be read.
    """
    people = AwardVersionPerson.objects.select_related("person__merged_into")
    found = award.versions.select_related("decided_by").prefetch_related(Prefetch("persons", queryset=people))
    versions = list(found.order_by("serial"))
    # Of one month and day the decision stands before the sums that it led to.
    events = [*_of_phase_outs(award), *_of_versions(versions), *_of_suspensions(award), *_of_places(award)]
    events += _of_end(award)
    paid = RollLine.objects.filter(award=award, roll__state__in=_FIXED).exclude(state=LineState.HELD)
    return AwardStory(
        events=tuple(sorted(events, key=lambda event: (event.month, event.on))),
        people=tuple(_people(award, versions)),
        levels=tuple(_levels(award, versions, events, on=on)),
        paid=paid.select_related("roll").order_by("-month", "-pk"),
    )


def _of_versions(versions: Iterable[AwardVersion]) -> Iterable[Event]:
    for row in versions:
        yield Event(
            month=row.from_month,
            kind=row.get_kind_display(),
            tone=_TONES.get(VersionKind(row.kind), ""),
            reason=row.reason,
            source=row.source,
            by=row.decided_by,
            on=row.decided_on,
            amount=row.monthly_amount,
            persons=row.person_count,
        )


def _of_suspensions(award: Award) -> Iterable[Event]:
    for row in award.suspensions.select_related("decided_by", "ended_by"):
        yield Event(row.from_month, "暂缓发放", "late", row.reason, row.source, row.decided_by, row.decided_on)
        if row.ended_on is not None and row.to_month is not None:
            note = "补发暂缓的月份" if row.pays_withheld else "暂缓的月份不补发"
            resumed, act = first_month(row.to_month), "恢复发放"
            if resumed == row.from_month:
                act, note = "撤销暂缓", ""
            yield Event(resumed, act, "good", row.end_reason, "", row.ended_by, row.ended_on, note=note)


def _of_phase_outs(award: Award) -> Iterable[Event]:
    for row in award.phase_outs.select_related("decided_by", "revoked_by"):
        note = f"{row.months}个月，最后发放月{row.last_month:%Y年%-m月}"
        if row.suggested_months is not None:
            note += f"；建议{row.suggested_months}个月" + (f"：{row.suggestion}" if row.suggestion else "")
        yield Event(
            row.first_month, "渐退决定", "due", row.reason, row.source, row.decided_by, row.decided_on, note=note
        )
        if row.revoked_on is not None:
            month = max(first_month(row.revoked_on), row.first_month)
            yield Event(month, "撤销渐退", "good", row.revoke_reason, "", row.revoked_by, row.revoked_on)


def _of_places(award: Award) -> Iterable[Event]:
    before = None
    for row in award.places.select_related("area__parent", "recorded_by").order_by("pk"):
        place = f"{row.area.parent} {row.area.short_name}"
        if before is not None:
            reason = f"{before}迁至{place}"
            yield Event(row.from_month, "迁移", "", reason, "", row.recorded_by, row.recorded_on)
        before = place


def _of_end(award: Award) -> list[Event]:
    end = getattr(award, "end", None)
    if end is None:
        return []
    after = first_month(end.last_month)
    return [Event(after, "停发", "late", end.reason, end.source, end.decided_by, end.decided_on, Decimal("0.00"))]


def _people(award: Award, versions: Iterable[AwardVersion]) -> Iterable[PersonStory]:
    stories: dict[int, PersonStory] = {}
    for row in award.persons.select_related("person").order_by("pk"):
        story = stories.setdefault(row.person_id, PersonStory(row.person))
        if row.covered.isempty:
            continue
        if story.since is None:
            story.since = row.covered.lower
        story.last_month = None if row.covered.upper is None else months_after(row.covered.upper, -1)
    for version in versions:
        for part in version.persons.all():
            person = part.person.merged_into or part.person
            stories.setdefault(person.pk, PersonStory(person)).parts.append((version.from_month, part))
    return stories.values()


def _levels(award: Award, versions: Iterable[AwardVersion], events: Iterable[Event], *, on: date) -> Iterable[Level]:
    """What the award is owed from each month on in which something changes; up to what is decided for later months."""
    months = {award.starts_month, *(event.month for event in events)}
    for version in versions:
        months |= {
            first_month(died_on)
            for part in version.persons.all()
            if (died_on := (part.person.merged_into or part.person).died_on) is not None
        }
    if award.ends_month is not None:
        months.add(first_month(award.ends_month))
    wanted = sorted(month for month in months if month >= award.starts_month)
    figures = owed_of(award, wanted)
    return [Level(month, figures[month].amount) for month in wanted]
