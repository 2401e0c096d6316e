"""The way of a case as the page shows it: steps with dates, who had a hand in it, what happened."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.timezone import localdate

from applications.models import CaseEvent
from applications.queries.file import CaseFile
from applications.queries.listing import due_day, lamp_of
from applications.queries.offices import name_of_actor
from applications.queries.steps import visible_to
from applications.rules.process import STEPS, CaseState, EventKind
from foundation.dates import short_chinese_date
from foundation.pages import Happening, Lamp, Step
from households.signals import Entry
from organizations.models import Staff
from organizations.queries import actors_in_words

_STOPPED = frozenset({CaseState.WITHDRAWN, CaseState.TERMINATED})
_GOOD = frozenset({EventKind.ACCEPTED, EventKind.APPROVED, EventKind.ANNOUNCED})
_LATE = frozenset(
    {EventKind.REFUSED, EventKind.RETURNED, EventKind.OBJECTED, EventKind.OVERDUE_EXPLAINED, EventKind.DOCUMENT_VOIDED}
)
_PLAIN = frozenset({EventKind.DOCUMENT_ISSUED, EventKind.DELIVERED, EventKind.PHOTO_ADDED})


def lamp(file: CaseFile) -> Lamp | None:
    """The lamp of the case today."""
    return lamp_of(file.case, calendar=file.calendar, on=file.on)


def is_overdue(file: CaseFile) -> bool:
    """Whether leaving the step today takes a reason."""
    due = due_day(file.case)
    return due is not None and file.on > due


def steps(file: CaseFile) -> list[Step]:
    """The step bar: done steps with their day, the present one with its deadline."""
    state = file.case.case_state
    matter = file.case.matter
    # What never goes up on the wall has no such step.
    way = [step for step in STEPS if matter.is_publicised or step[0] != "公示"]
    reached = {CaseState(event.to_state) for event in file.events if event.to_state}
    current = next(position for position, (_, states) in enumerate(way) if state in states)
    shown = []
    for position, (label, states) in enumerate(way):
        if position == 0 and matter.of_award:
            # Nobody applies for it: it is opened and accepted at once.
            shown.append(Step("发起", short_chinese_date(file.case.accepted_on), "done"))
        elif position < current:
            was_there = bool(states & reached)
            shown.append(Step(label, _done_note(file, label) if was_there else "", "done" if was_there else ""))
        elif position > current:
            shown.append(Step(label))
        else:
            shown.append(_present_step(file, label))
    return shown


def _present_step(file: CaseFile, label: str) -> Step:
    case = file.case
    if case.case_state in _STOPPED:
        return Step(case.case_state.label, short_chinese_date(case.state_since), "stopped")
    if not case.is_open:
        return Step(
            case.state_in_words,
            short_chinese_date(case.decided_on),
            "done" if case.state == "approved" else "stopped",
        )
    note = (
        f"{short_chinese_date(case.state_due_on)}前"
        if case.state_due_on
        else f"{short_chinese_date(case.state_since)}起"
    )
    return Step(label, note, "now")


def _done_note(file: CaseFile, label: str) -> str:
    match label:
        case "受理":
            return short_chinese_date(file.case.accepted_on)
        case "调查核对":
            return short_chinese_date(_investigated_on(file))
        case "初审":
            return short_chinese_date(file.proposal.signed_on if file.proposal else None)
        case "公示":
            shown = next((row for row in file.publicities if not row.taken_back), None)
            return f"{short_chinese_date(shown.first_day)}—{short_chinese_date(shown.last_day)}" if shown else ""
        case _:
            return short_chinese_date(file.case.decided_on)


def _investigated_on(file: CaseFile) -> date | None:
    days = [visit.visited_on for visit in file.visits]
    if file.means_check is not None and file.means_check.answered_on:
        days.append(file.means_check.answered_on)
    days += [event.on for event in file.events if event.kind == EventKind.VERIFIED]
    return max(days, default=None)


@dataclass(frozen=True)
class Hand:
    """Who did a part of the case (谁办过)."""

    part: str
    names: str


_PARTS = (
    ("登记录入", (EventKind.OPENED, EventKind.SUBMITTED)),
    ("发起终止", (EventKind.TERMINATION_OPENED,)),
    ("发起复核", (EventKind.REVIEW_OPENED,)),
    ("核实", (EventKind.VERIFIED,)),
    ("受理", (EventKind.ACCEPTED,)),
    ("提请核对", (EventKind.MEANS_CHECK_REQUESTED,)),
    ("回填核对", (EventKind.MEANS_CHECK_ANSWERED,)),
    ("拟初审", (EventKind.DRAFTED,)),
    ("签发初审", (EventKind.PROPOSED,)),
    ("公示", (EventKind.PUBLICISED,)),
    ("审核确认", (EventKind.APPROVED, EventKind.REFUSED)),
)


def hands(file: CaseFile) -> list[Hand]:
    """Who had a hand in the case, in the order of the process, with near relatives on record."""
    found = [
        Hand(part, _names(_name(event, file) for event in reversed(file.events) if event.by and event.kind in kinds))
        for part, kinds in _PARTS
    ]
    visitors = _names(row.staff.name for visit in reversed(file.visits) for row in visit.visitors.all())
    found.insert(6, Hand("入户调查", visitors))
    assessors = _names(row.staff.name for found in reversed(file.self_care) for row in found.assessors.all())
    found.insert(7, Hand("自理能力评估", assessors))
    relatives = "、".join(f"{row.relative_name}（{row.member.person.name}的{row.relation}）" for row in file.relatives)
    return [hand for hand in found if hand.names] + [Hand("近亲属备案", relatives or "无")]


def _name(event: CaseEvent, file: CaseFile) -> str:
    return name_of_actor(event, file.deputies, area_code=file.case.area.code)


def _names(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))


def happenings(events: Iterable[CaseEvent], file: CaseFile) -> list[Happening]:
    """Events of a file as timeline entries: the moment where it was entered the same day, else the day."""
    return [
        Happening(
            title=_title(event),
            at=event.at if localdate(event.at) == event.on else event.on,
            by=_name(event, file),
            note="" if event.kind == EventKind.TOLD_NOT_ELIGIBLE else event.note,
            tone=_tone(EventKind(event.kind)),
        )
        for event in events
    ]


def record_entries(households: Collection[int], *, staff: Staff) -> list[Entry]:
    """What happened to families' cases that the person may see, for the families' record (档案变动)."""
    cases = visible_to(staff).filter(household__in=households)
    events = list(CaseEvent.objects.filter(case__in=cases).select_related("case", "by"))
    actors = actors_in_words((_actor(event), localdate(event.at)) for event in events)
    return [
        Entry(
            at=event.at,
            title=f"{event.case.get_scheme_display()}{event.case.get_kind_display()}：{_title(event)}",
            by=actors[_actor(event), localdate(event.at)],
            why=event.note,
            case=event.case.number,
            url=reverse("applications:detail", args=[event.case_id]),
        )
        for event in events
    ]


def _actor(event: CaseEvent) -> str:
    return str(event.by_id) if event.by_id else "system:"


def _title(event: CaseEvent) -> str:
    """What happened; a decision as its matter calls it, and is read with the case's events without asking again."""
    if event.kind == EventKind.TOLD_NOT_ELIGIBLE and event.note:
        return f"告知{event.note}"
    if event.kind in (EventKind.APPROVED, EventKind.REFUSED):
        return event.case.state_in_words
    return str(event.get_kind_display())


def _tone(kind: EventKind) -> str:
    if kind in _GOOD:
        return "good"
    if kind in _LATE:
        return "late"
    return "plain" if kind in _PLAIN else ""
