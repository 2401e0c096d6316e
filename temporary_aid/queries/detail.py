"""The page of one aid: how it stands, what happened, what it rests on."""

from datetime import datetime

from foundation.pages import Happening
from temporary_aid.models import AidEventKind, CollectiveDecision, TemporaryAid
from temporary_aid.queries.listing import WITHOUT_HELP
from temporary_aid.rules.clock import Clock

_GOOD = frozenset({AidEventKind.ADVANCED, AidEventKind.APPROVED, AidEventKind.PAID, AidEventKind.SUPPLEMENT_ACCEPTED})
_LATE = frozenset(
    {
        AidEventKind.REFUSED,
        AidEventKind.RETURNED,
        AidEventKind.ADVANCE_DECLINED,
        AidEventKind.SUPPLEMENT_RETURNED,
        AidEventKind.COLLECTIVE_ASK_WITHDRAWN,
        AidEventKind.COLLECTIVE_DECISION_VOIDED,
        AidEventKind.RECOUPMENT_OPENED,
        AidEventKind.STAGE_CANCELLED,
        AidEventKind.OVERDUE_EXPLAINED,
    }
)
_PLAIN = frozenset({AidEventKind.DOCUMENT_ISSUED, AidEventKind.MEANS_CHECKED})
SOON_HOURS = 4
"""The clock's lamp turns yellow so many hours before the help is due."""


def clock_of(aid: TemporaryAid, *, at: datetime) -> Clock | None:
    """How the clock of urgent aid stands: while nothing arrived, until then; afterwards at the moment it arrived."""
    if aid.help_due_at is None:
        return None
    if aid.first_paid_at is not None:
        return Clock(aid.help_due_at, aid.first_paid_at)
    return Clock(aid.help_due_at, at) if aid.state in WITHOUT_HELP else None


def clock_mark(aid: TemporaryAid, *, at: datetime) -> tuple[str, str] | None:
    """The clock as words and tone (救助时限三色): green, yellow within :data:`SOON_HOURS`, red past it.

    支出型 has no clock: of it only the hours are told.
    """
    clock, hours = clock_of(aid, at=at), aid.hours_to_help
    if hours is None:
        return running_mark(clock) if clock is not None else None
    tone = "" if clock is None else "late" if clock.is_late else "good"
    return f"{hours}小时到手", tone


def running_mark(clock: Clock) -> tuple[str, str]:
    """A clock that runs, as words and tone."""
    if clock.is_late:
        return clock.in_words, "late"
    is_soon = (clock.due - clock.at).total_seconds() <= SOON_HOURS * 3600
    return clock.in_words, "due" if is_soon else "good"


def happenings_of(aid: TemporaryAid) -> list[Happening]:
    """经过, the latest first, in one query."""
    return [
        Happening(
            title=event.get_kind_display(),
            at=event.at,
            by=event.by.name if event.by else "系统",
            note=event.note,
            tone=_tone(event.kind),
        )
        for event in aid.events.select_related("by")
    ]


def _tone(kind: str) -> str:
    for tone, kinds in (("good", _GOOD), ("late", _LATE), ("plain", _PLAIN)):
        if kind in kinds:
            return tone
    return ""


def standing_decision_of(aid: TemporaryAid) -> CollectiveDecision | None:
    """The collective decision (一事一议) that stands, if any."""
    return aid.collective_decisions.filter(voided_at=None).first()
