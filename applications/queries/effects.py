"""From which month a decision takes effect, and for which day its family is assessed."""

from datetime import date, timedelta

from django.db.models import Max

from applications.models import Case
from applications.models.cases import CaseKind
from applications.rules.reviews import RESULTS_OF
from benefits.models import AwardState
from benefits.services import first_month
from eligibility.queries import amounts_change
from households.models import Household
from organizations.models.delegations import Scheme

_OF_AMOUNTS = (CaseKind.APPLICATION, CaseKind.REVIEW)


def following_month(case: Case, *, on: date) -> date:
    """The month after a day's decision (决定的次月), not before the award begins."""
    month = first_month(on)
    return max(month, case.award.starts_month) if case.award is not None else month


def earliest_month(case: Case, *, on: date) -> date:
    """The first month for which a review of a day may reckon the award anew (local practice).

    Of a dated fact (离开、分户、死亡、婚姻变动、从某日起的收入) the month after it; where an uplift set the award
    apart, the uplift's month; of both the earlier. Never before the month after the last change of who is in the
    family, so that the family of the month is the one that is covered, never later than the month after the decision.
    During phase-out, whose sums do not follow the standard, the month after it.
    """
    latest, award = following_month(case, on=on), case.award
    if award is None or not _reaches_back(case):
        return latest
    wanted = [case.review.since_month] if case.review.since_month else []
    if case.scheme == Scheme.DIBAO:
        days = list(award.checks.filter(settled_on=None).values_list("happened_on", flat=True))
        days += [case.review.changed_on] if case.review.changed_on else []
        wanted += [first_month(day) for day in days]
    return min(latest, max(min(wanted), first_whole_month(case))) if wanted else latest


def set_apart_month(case: Case, *, on: date) -> date | None:
    """The month from which a review reckons what an uplift set apart, whatever it comes to; None where none did."""
    if not _reaches_back(case) or case.review.since_month is None:
        return None
    return min(following_month(case, on=on), max(case.review.since_month, first_whole_month(case)))


def _reaches_back(case: Case) -> bool:
    if not case.matter.is_review or case.award is None or case.household.ended_on is not None:
        return False
    return bool(case.award.state != AwardState.PHASE_OUT)


def first_whole_month(case: Case) -> date:
    """The first month of an award through which its family was as it is now."""
    assert case.award is not None  # noqa: S101 -- held by case_award_is_looked_into
    moved = case.household.members.aggregate(joined=Max("joined_on"), left=Max("left_on"))
    days = [day for day in moved.values() if day is not None]
    return max([case.award.starts_month, *(first_month(day) for day in days)])


def assessed_on(case: Case, *, on: date, month: date | None = None) -> date:
    """The day for which a case's family is assessed.

    Today; of a family that has ended, the last day that it stood. What is paid is reckoned by the standard of the
    month paid for (handbook 0.2): where that is another one than today's, or the month has passed, its first day.

    :param month: the first month paid by the decision; None for the month after it.
    """
    ended = case.household.ended_on
    if ended is not None:
        return min(on, ended - timedelta(days=1))
    if case.scheme not in RESULTS_OF or case.kind not in _OF_AMOUNTS:
        return on
    paid = month or following_month(case, on=on)
    if paid < following_month(case, on=on):
        return paid
    return day_of_amounts(case.household, scheme=case.scheme, on=on, month=paid)


def day_of_amounts(household: Household, *, scheme: str, on: date, month: date) -> date:
    """The day whose standards set what a family is paid from a month to come on: today, unless a new one begins."""
    area, residence = household.area, household.residence
    return month if amounts_change(area, residence=residence, scheme=scheme, after=on, until=month) else on
