"""What a step of a case still lacks, read afresh: what the services ask before they act."""

from datetime import date

from applications.models import Case
from applications.queries import lacking
from applications.queries.file import CaseFile
from applications.queries.lacking import Lack


def lacks(case: Case, *, on: date) -> list[Lack]:
    """What the present state still lacks before it is left, read afresh."""
    return lacking.for_present_step(CaseFile(case, on=on))


def lacks_before_acceptance(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be accepted."""
    return lacking.for_acceptance(CaseFile(case, on=on))


def lacks_before_proposal(case: Case, *, on: date) -> list[Lack]:
    """What is missing before a proposal can be drafted or signed."""
    return lacking.for_proposal(CaseFile(case, on=on))


def lacks_before_confirming(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be sent up for confirmation."""
    return lacking.for_confirming(CaseFile(case, on=on))


def lacks_before_decision(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be decided."""
    return lacking.for_decision(CaseFile(case, on=on))
