"""What to bring to the window (要带的材料), by scheme and by what the family told; the list itself is data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from one_window.rules.self_test.answers import AT_SCHOOL, Mishap, Occupation, PersonTold, Told
from one_window.rules.self_test.verdicts import SchemeGuide, Verdict

_WITH_STUDENT_CARD = frozenset(AT_SCHOOL) - {Occupation.PRESCHOOL, Occupation.COMPULSORY}
"""Kindergarten and compulsory schooling need no proof."""
EVERY = "every"
"""In place of a scheme: whatever is applied for."""


@dataclass(frozen=True)
class Paper:
    """One line of the list: for which scheme, in which case, on what it rests."""

    scheme: str
    case: str
    name: str
    note: str
    source: str

    @property
    def is_local_practice(self) -> bool:
        return self.source.startswith("本地做法")


def _somebody(is_so: Callable[[PersonTold], bool]) -> Callable[[Told], bool]:
    return lambda told: any(is_so(person) for person in told.people)


CASES: dict[str, Callable[[Told], bool]] = {
    "always": lambda told: True,
    "disabled": _somebody(lambda person: person.disability_kind is not None),
    "ill": _somebody(lambda person: person.is_seriously_ill),
    "at_school": _somebody(lambda person: person.occupation in _WITH_STUDENT_CARD),
    "earning": _somebody(lambda person: bool(person.wage)),
    "business": _somebody(lambda person: bool(person.business)),
    "medical_spending": lambda told: bool(told.medical or told.disability),
    "education_spending": lambda told: bool(told.education),
    "vehicle": lambda told: told.vehicles > 0,
    "relatives": lambda told: bool(told.relatives),
    "fire": lambda told: told.mishap is Mishap.FIRE,
    "accident": lambda told: told.mishap is Mishap.ACCIDENT,
    "illness": lambda told: told.mishap is Mishap.ILLNESS,
    "spending": lambda told: told.mishap is Mishap.SPENDING,
    "mishap": lambda told: told.mishap is Mishap.OTHER,
}
"""When a paper is asked for; each word of the list stands here."""


def papers_to_bring(listed: Iterable[Paper], told: Told, answers: Iterable[SchemeGuide]) -> tuple[Paper, ...]:
    """Papers for whatever the family may be entitled to, or must ask about; each once.

    Where nothing looks likely the papers that every application needs are named all the same: anybody may apply.
    """
    schemes = {EVERY, *(answer.scheme for answer in answers if answer.verdict in (Verdict.LIKELY, Verdict.ASK))}
    wanted = (paper for paper in listed if paper.scheme in schemes and CASES[paper.case](told))
    return tuple({paper.name: paper for paper in wanted}.values())
