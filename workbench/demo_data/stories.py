"""How far the invented families' cases have come: steps as data, in working days, every state at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from organizations.models.delegations import Scheme
from organizations.rules.working_days import WorkingCalendar
from workbench.demo_data.plans import FamilyPlan

PUBLICITY = 7
"""Days on the wall; only to find a day after them: the county's own number is read by the services."""


class Act(Enum):
    """What somebody does to a case; each is one service."""

    OPEN = auto()
    DECLARE_RELATIVE = auto()
    SUBMIT = auto()
    ASK_SUPPLEMENT = auto()
    RECEIVE_ONE = auto()
    ACCEPT = auto()
    START = auto()
    START_LATE = auto()
    ASK_CHECK = auto()
    ANSWER_CLEAN = auto()
    ANSWER_ALERT = auto()
    ANSWER_FAILED = auto()
    TELL_FAMILY = auto()
    VISIT = auto()
    CALL_BY_VIDEO = auto()
    CALL_BY_TELEPHONE = auto()
    DRAFT = auto()
    SIGN = auto()
    TELL_NOT_ELIGIBLE = auto()
    SEND_UP = auto()
    PUBLICISE = auto()
    CLOSE_PUBLICITY = auto()
    OBJECT = auto()
    REINVESTIGATE = auto()
    RESOLVE = auto()
    CALL_APPRAISAL = auto()
    APPRAISE = auto()
    COMPLAIN = auto()
    COUNTY_VISIT = auto()
    APPROVE = auto()
    REFUSE = auto()
    SEND_BACK = auto()
    RESUME = auto()
    EXTEND = auto()
    DELIVER = auto()
    ANNOUNCE = auto()
    WITHDRAW = auto()
    TERMINATE = auto()
    DRAFT_BRIEF = auto()
    ARRANGE_CARE = auto()
    ADMIT = auto()
    CARE_VISIT = auto()
    FIND_PROBLEM = auto()
    REPORT_CHANGE = auto()
    REASSESS = auto()
    OPEN_TERMINATION = auto()
    VERIFY = auto()


@dataclass(frozen=True)
class Step:
    """An act, so many working days after the one before."""

    act: Act
    gap: int = 0


Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Story:
    """Steps of a case, the last so many working days ago; of several schemes, those of their cases side by side."""

    steps: Steps
    ago: int = 1
    schemes: tuple[str, ...] = (Scheme.DIBAO,)


def _steps(*acts: Act | tuple[Act, int]) -> Steps:
    return tuple(Step(item) if isinstance(item, Act) else Step(*item) for item in acts)


_SUBMITTED = _steps(Act.OPEN, Act.SUBMIT)
_SUPPLEMENTING = _SUBMITTED + _steps((Act.ASK_SUPPLEMENT, 1), (Act.RECEIVE_ONE, 3))
_ACCEPTED = _SUBMITTED + _steps((Act.ACCEPT, 1))
_CHECKING = _ACCEPTED + _steps((Act.START, 1), Act.ASK_CHECK)
_CHECKED = _CHECKING + _steps((Act.ANSWER_CLEAN, 2))
_ALERTED = _CHECKING + _steps((Act.ANSWER_ALERT, 2), (Act.TELL_FAMILY, 1))
_FAILED = _CHECKING + _steps((Act.ANSWER_FAILED, 2))
_LATE = _ACCEPTED + _steps((Act.START_LATE, 6), Act.ASK_CHECK, (Act.ANSWER_CLEAN, 2))
_VISITED = _CHECKED + _steps((Act.VISIT, 1))
_DRAFTED = _VISITED + _steps((Act.DRAFT, 1))
_PROPOSED = _DRAFTED + _steps((Act.SIGN, 1))
_PUBLICISED = _PROPOSED + _steps((Act.PUBLICISE, 1))
_CONFIRMING = _PUBLICISED + _steps(Act.CLOSE_PUBLICITY)
_APPROVED = _CONFIRMING + _steps((Act.APPROVE, 2), (Act.DELIVER, 1), Act.ANNOUNCE)
_RECOGNISED = _CONFIRMING + _steps((Act.APPROVE, 2), (Act.DELIVER, 1))
_OBJECTED = _PUBLICISED + _steps((Act.OBJECT, 2))
_AGAIN = _steps((Act.DRAFT, 1), (Act.SIGN, 1), (Act.SEND_UP, 1), (Act.APPROVE, 2), Act.DELIVER)
_TOLD = _PROPOSED + _steps(Act.TELL_NOT_ELIGIBLE)
_REFUSED = _TOLD + _steps((Act.SEND_UP, 4), (Act.REFUSE, 2), (Act.DELIVER, 1))
_RETURNED = _CONFIRMING + _steps((Act.SEND_BACK, 1))
_RELATIVE = (
    _steps(Act.OPEN, Act.DECLARE_RELATIVE, Act.SUBMIT)
    + _CONFIRMING[2:]
    + _steps((Act.COUNTY_VISIT, 1), (Act.APPROVE, 1))
)

_BRIEFLY = _VISITED + _steps((Act.DRAFT_BRIEF, 1)) + _RECOGNISED[len(_DRAFTED) :]
_SUPPORTED_MONTH = 24
"""Working days from a decision until the award's first month has surely begun."""
_CARED_FOR = _APPROVED + _steps((Act.ARRANGE_CARE, _SUPPORTED_MONTH))
_ENDING = _APPROVED + _steps(
    (Act.OPEN_TERMINATION, _SUPPORTED_MONTH), (Act.START, 1), (Act.VERIFY, 1), Act.DRAFT, (Act.SIGN, 1), Act.PUBLICISE
)
_ENDED = _ENDING + _steps(Act.CLOSE_PUBLICITY, (Act.APPROVE, 1), Act.DELIVER)

SPENT = Story(_steps(Act.OPEN, Act.SUBMIT) + _CONFIRMING[2:] + _steps((Act.APPROVE, 1)), ago=2)
"""What becomes of a hospital bill (支出型临时救助) until it may be paid."""

_BY_FAMILY: dict[str, Story] = {
    "near_relative": Story(_RELATIVE, ago=2),
    "with_agent": Story(_APPROVED, ago=30),
    "high_property": Story(_REFUSED, ago=2),
    "exactly_the_standard": Story(_TOLD, ago=1),
    "marginal": Story(_RECOGNISED, ago=5, schemes=(Scheme.MARGINAL,)),
    "a_yuan_below": Story(_RETURNED + _steps((Act.RESUME, 1)), ago=2),
    "unregistered": Story(_SUPPLEMENTING, ago=1),
    "psychiatric_papers_lost": Story(_SUPPLEMENTING + _steps((Act.ACCEPT, 1), (Act.START, 1), Act.ASK_CHECK), ago=2),
    "rare_character": Story(_APPROVED, ago=28),
    "residence_permit": Story(_APPROVED, ago=1),
    "separated_registration": Story(_CONFIRMING + _steps((Act.EXTEND, 1)), ago=3),
    "supporters_able": Story(_CHECKING + _steps((Act.ANSWER_ALERT, 2), (Act.TELL_FAMILY, 1), (Act.VISIT, 1)), ago=1),
    "spouse_elsewhere": Story(_PUBLICISED + _steps((Act.COMPLAIN, 2)), ago=1),
    "newborn": Story(_APPROVED, ago=7),
    "university_student": Story(_APPROVED, ago=2),
    "severe_disability": Story(_APPROVED, ago=50),
    "grandparents": Story(_APPROVED, ago=42),
    "guardian_payee": Story(_CONFIRMING, ago=1),
    "four_generations": Story(_OBJECTED + _steps((Act.REINVESTIGATE, 1), (Act.RESOLVE, 1)) + _AGAIN, ago=2),
    "monk": Story(_OBJECTED, ago=1),
    "prisoner": Story(_OBJECTED + _steps((Act.CALL_APPRAISAL, 1)), ago=1),
    "brothers": Story(
        _OBJECTED + _steps((Act.CALL_APPRAISAL, 1), (Act.APPRAISE, 2), Act.RESOLVE, (Act.DRAFT, 1)), ago=1
    ),
    "work_injured": Story(_RETURNED, ago=1),
    "serious_illness": Story(_RECOGNISED, ago=3, schemes=(Scheme.RIGID_EXPENSE_HOUSEHOLD,)),
    "flexible_work": Story(_PROPOSED, ago=1),
    "child_disabled": Story(_DRAFTED, ago=1),
    "multiple_disability": Story(_CONFIRMING, ago=2),
    "veteran": Story(_PUBLICISED, ago=4),
    "single_parent": Story(_VISITED, ago=2),
    "disabled_applies_alone": Story(_CONFIRMING, ago=3),
    "steady_and_ill": Story(_APPROVED, ago=20),
    "marginal_with_severe_disability": Story(_APPROVED, ago=12),
    "bereaved": Story(_LATE + _steps((Act.VISIT, 1)), ago=1),
    "married_out": Story(_FAILED + _steps((Act.ASK_CHECK, 1)), ago=1),
    "split_off": Story(_FAILED, ago=1),
    "non_local": Story(_SUPPLEMENTING, ago=2),
    "tekun_since_minor": Story(_CHECKED + _steps((Act.CALL_BY_VIDEO, 1)), ago=1),
    "tekun_at_home": Story(_PUBLICISED, ago=3, schemes=(Scheme.TEKUN,)),
    "tekun_in_institution": Story(_APPROVED + _steps((Act.ADMIT, _SUPPORTED_MONTH)), ago=4, schemes=(Scheme.TEKUN,)),
    "tekun_father": Story(_CONFIRMING, ago=2, schemes=(Scheme.DIBAO, Scheme.TEKUN)),
    "cared_for": Story(_CARED_FOR + _steps((Act.CARE_VISIT, 3), (Act.CARE_VISIT, 4)), ago=2, schemes=(Scheme.TEKUN,)),
    "visit_overdue": Story(_CARED_FOR + _steps((Act.FIND_PROBLEM, 2)), ago=9, schemes=(Scheme.TEKUN,)),
    "manages_less": Story(
        _CARED_FOR + _steps((Act.CARE_VISIT, 4), (Act.REPORT_CHANGE, 1), (Act.REASSESS, 2)),
        ago=1,
        schemes=(Scheme.TEKUN,),
    ),
    "ending_support": Story(_ENDING, ago=2, schemes=(Scheme.TEKUN,)),
    "support_ended": Story(_ENDED, ago=2, schemes=(Scheme.TEKUN,)),
    "recognition_ending": Story(_BRIEFLY, ago=50, schemes=(Scheme.MARGINAL,)),
    "supporters_unable": Story(_CHECKED + _steps((Act.CALL_BY_TELEPHONE, 1), (Act.DRAFT, 1)), ago=1),
}
"""What happens to the families of particular circumstances; those without an entry have applied for nothing yet."""

_ORDINARY: tuple[Story | None, ...] = (
    Story(_steps(Act.OPEN), ago=1),
    Story(_SUBMITTED, ago=0),
    Story(_ACCEPTED, ago=1),
    Story(_CHECKING, ago=3),
    Story(_SUBMITTED, ago=4),
    Story(_ACCEPTED + _steps((Act.WITHDRAW, 2)), ago=3),
    Story(_CHECKED + _steps((Act.TERMINATE, 3)), ago=2),
    Story(_PUBLICISED, ago=3),
    Story(_ALERTED, ago=9),
    None,
)
"""Told in turn to the ordinary families."""


def story_of(plan: FamilyPlan, number: int) -> Story | None:
    """What happens to a family's case; None where it has applied for nothing."""
    if plan.key.startswith("ordinary"):
        return _ORDINARY[number % len(_ORDINARY)]
    return _BY_FAMILY.get(plan.key)


def days_of(story: Story, *, on: date, calendar: WorkingCalendar) -> tuple[date, ...]:
    """A working day for every step, so that the last lies ``story.ago`` working days before ``on``."""
    last = _back(on, story.ago, calendar)
    start = last
    while (days := _from(start, story.steps, calendar))[-1] > last:
        start -= timedelta(days=1)
    return days


def _from(start: date, steps: Sequence[Step], calendar: WorkingCalendar) -> tuple[date, ...]:
    day, posted = _working(start, calendar), start
    days = []
    for step in steps:
        if step.act is Act.CLOSE_PUBLICITY:
            day = _working(posted + timedelta(days=PUBLICITY + 1), calendar)
        elif step.gap:
            day = calendar.add(day, step.gap).on
        posted = day if step.act is Act.PUBLICISE else posted
        days.append(day)
    return tuple(days)


def _working(day: date, calendar: WorkingCalendar) -> date:
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


def _back(on: date, days: int, calendar: WorkingCalendar) -> date:
    day = on
    while days or not calendar.is_working(day):
        days -= calendar.is_working(day) and days > 0
        day -= timedelta(days=1)
    return day
