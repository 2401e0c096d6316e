"""The hardships that befall the simulated families, and when who does what about them; plain data, drawn by a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tests.simulation.world import FIRST, LAST, Family

CAUSES = ("fire", "traffic", "accident", "sudden_illness", "other_urgent")
GRADES = ("light", "moderate", "severe")
MEETING_CAUSE = "sudden_illness"
STAGES = 3


@dataclass(frozen=True)
class Hardship:
    """One hardship: what, how bad, when it was first reported, and how the township means to answer.

    :param way: ``advance`` 小额先行救助, ``simplified`` decided by the township's lead, ``meeting`` after 一事一议.
    :param minutes: from the first report until somebody acts on it; more than a day now and then.
    :param stages: in how many stages it is paid (分阶段救助); the later ones every thirty days after a visit.
    :param cut_after: after which stage the rest is given up, since the need is gone; 0 for never.
    :param wrong: whether the papers show that it was not owed, so that it is asked back.
    """

    number: int
    family: int
    reported: datetime
    cause: str
    grade: str
    way: str
    minutes: int
    stages: int = 1
    cut_after: int = 0
    wrong: bool = False
    papers_after: int = 7


@dataclass(frozen=True)
class AidEvent:
    """What is done about a hardship at an instant of local time.

    ``help`` first, then ``papers`` (the supplement), ``recoup`` and ``repay`` (``part`` 1 and 2), or ``stage``
    (``part`` 2 and 3) and ``cut``, and ``end``.
    """

    at: datetime
    kind: str
    hardship: Hardship
    part: int = 0


def draw_hardships(seed: int, families: Sequence[Family]) -> list[AidEvent]:
    """The same hardships for the same seed, with everything that is done about them, in order."""
    dice = random.Random(seed)
    begins, days = datetime.combine(FIRST, time()), (LAST - FIRST).days - 150
    events: list[AidEvent] = []
    number = 0
    for family in families:
        for _ in range(dice.choices((0, 1, 2, 4, 6), weights=(20, 30, 20, 15, 15))[0]):
            number += 1
            reported = begins + timedelta(dice.randrange(days), minutes=dice.randrange(24 * 60))
            events += _course(_hardship(number, family.number, reported, dice), dice)
    return sorted(events, key=lambda event: (event.at, event.hardship.number, event.part))


def _hardship(number: int, family: int, reported: datetime, dice: random.Random) -> Hardship:
    way = dice.choices(("advance", "simplified", "meeting"), weights=(60, 30, 10))[0]
    # Exactly a day is in time, a minute more is late.
    minutes = dice.choice((20, 95, 240, 600, 1439, 1440, 1441, 2000))
    is_staged = way == "meeting" or (way == "simplified" and dice.random() < 0.4)
    return Hardship(
        number=number,
        family=family,
        reported=reported,
        cause=MEETING_CAUSE if way == "meeting" else dice.choice(CAUSES),
        grade="severe" if way == "meeting" else dice.choice(GRADES),
        way=way,
        minutes=minutes,
        stages=STAGES if is_staged else 1,
        cut_after=dice.choice((1, 2)) if is_staged and dice.random() < 0.3 else 0,
        wrong=way == "advance" and dice.random() < 0.15,
        papers_after=dice.choice((2, 7, 12, 30)),
    )


def _course(hardship: Hardship, dice: random.Random) -> list[AidEvent]:
    helped = hardship.reported + timedelta(minutes=hardship.minutes)
    events = [AidEvent(helped, "help", hardship)]

    def later(days: int, kind: str, part: int = 0) -> datetime:
        at = datetime.combine(helped.date() + timedelta(days), time(15))
        events.append(AidEvent(at, kind, hardship, part))
        return at

    last = hardship.papers_after
    if hardship.way == "advance":
        later(last, "papers")
        if hardship.wrong:
            later(last + 1, "recoup")
            later(last + 10, "repay", 1)
            later(last + dice.choice((20, 45)), "repay", 2)
            return events
    for part in range(2, hardship.stages + 1):
        last = 30 * (part - 1)
        if hardship.cut_after and part == hardship.cut_after + 1:
            later(last, "cut")
            break
        later(last, "stage", part)
    later(last + 5, "end")
    return events
