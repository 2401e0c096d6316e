"""依据: what a proposal or decision rests on, the assessment and what the case's matter finds beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from applications.models import Case, Decision, Proposal
from applications.models.terms import RECOGNITION_VALID
from applications.queries.effects import assessed_on, earliest_month, following_month, set_apart_month
from applications.queries.reviewing import award_under_review, review_beside
from applications.queries.steps import term_days
from applications.queries.suggesting import standing_covered, suggested
from applications.rules.matters import Facts, Result, with_further
from applications.rules.reviews import PAID_ON
from applications.rules.suggestion import Suggestion, member_id
from benefits.queries import owed, standing_against
from eligibility.models import Assessment
from eligibility.queries import rigid_terms
from eligibility.rules import Assessment as Assessed
from eligibility.services import assess_with_facts
from organizations.models.delegations import Scheme


@dataclass(frozen=True)
class Grounds:
    """An assessment with what the matter finds beside it (另行依据); ``further`` is what is kept of that."""

    assessment: Assessment
    further: Mapping[str, Any] = field(default_factory=dict)

    @property
    def result(self) -> Result:
        """The assessment's result with the further findings."""
        return with_further(self.assessment.result, self.further)

    @property
    def facts(self) -> Facts:
        facts: Facts = self.assessment.facts
        return facts


def grounds_of(outcome: Proposal | Decision) -> Grounds:
    """What a proposal or decision was made on, as it was kept."""
    return Grounds(outcome.assessment, outcome.further)


def further_grounds(case: Case, result: Result, facts: Facts, *, on: date, month: date | None = None) -> dict[str, Any]:
    """What the case's matter finds beside an assessment of the family on a day; empty where it asks for nothing.

    :param month: from which the decision takes effect; None for the month after the day.
    :raises MissingParameters: a county figure that it needs has no value in force.
    """
    if case.matter.further is None:
        return {}
    if case.matter.is_review:
        return dict(case.matter.further(result, facts, review_beside(case, on=on, month=month)))
    household = case.household
    if case.matter.is_paid_once:
        counted = [member_id(key) for key in result["household"]["counted"]]
        return dict(case.matter.further(result, facts, {"enrolled": standing_covered(household, counted)}))
    beside: dict[str, Any] = {
        "valid_months": term_days(case, RECOGNITION_VALID, on=on),
        "enrolled": standing_against(household, scheme=case.scheme, on=on),
    }
    if case.scheme == Scheme.RIGID_EXPENSE_HOUSEHOLD:
        beside["parameters"] = rigid_terms(household.area, residence=household.residence, on=on).as_dict()
    return dict(case.matter.further(result, facts, beside))


def assess_case(case: Case, *, on: date, month: date | None = None) -> tuple[dict[str, Any], Assessed]:
    """Facts and assessment of a case's family (试算); of a review beside the award in force. Nothing is kept.

    :param on: the day of the decision.
    :param month: from which it takes effect; None for the month after the day.
    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    award = award_under_review(case, on=on, month=month)
    day = assessed_on(case, on=on, month=month)
    return assess_with_facts(case.household, on=day, year=case.intake.accounting_year, award=award)


def effect_month(case: Case, *, on: date) -> date:
    """From which month a decision of a day takes effect unless the proposer says a later one.

    The month after the decision (handbook 3.2); of a review of a dated fact that lowers what is owed, the month after
    the fact, so that what was paid too much shows; of a family that an uplift set apart, the uplift's month. Of both
    the earlier, as long as the fact lowers what is owed.

    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    month, latest = earliest_month(case, on=on), following_month(case, on=on)
    if month >= latest or case.award is None:
        return latest
    since = set_apart_month(case, on=on)
    if since is None or month < since:
        found = suggestion_for(case, on=on, month=month)
        lowers = found.monthly_amount is not None and found.monthly_amount < owed(case.award, month).amount
        if found.review_result in PAID_ON and lowers:
            return month
    if since is None or since >= latest:
        return latest
    found = suggestion_for(case, on=on, month=since)
    return since if found.review_result in PAID_ON and found.monthly_amount is not None else latest


def suggestion_for(case: Case, *, on: date, month: date | None = None) -> Suggestion:
    """What the rules come to for a case on a day (建议); nothing is kept.

    :param month: from which the decision takes effect; None where the rules say that, too.
    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    month = month or effect_month(case, on=on)
    facts, found = assess_case(case, on=on, month=month)
    result = found.as_dict()
    return suggested(case, with_further(result, further_grounds(case, result, facts, on=on, month=month)), facts)
