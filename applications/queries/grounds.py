"""依据: what a proposal or decision rests on, the assessment and what the case's matter finds beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from applications.models import Case, Decision, Proposal
from applications.models.terms import RECOGNITION_VALID
from applications.queries.reviewing import award_under_review, review_beside
from applications.queries.steps import term_days
from applications.queries.suggesting import suggested
from applications.rules.matters import Facts, Result, with_further
from applications.rules.suggestion import Suggestion
from benefits.queries import standing_against
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


def further_grounds(case: Case, result: Result, facts: Facts, *, on: date) -> dict[str, Any]:
    """What the case's matter finds beside an assessment of the family on a day; empty where it asks for nothing.

    :raises MissingParameters: a county figure that it needs has no value in force.
    """
    if case.matter.further is None:
        return {}
    if case.matter.is_review:
        return dict(case.matter.further(result, facts, review_beside(case, on=on)))
    household = case.household
    beside: dict[str, Any] = {
        "valid_months": term_days(case, RECOGNITION_VALID, on=on),
        "enrolled": standing_against(household, scheme=case.scheme, on=on),
    }
    if case.scheme == Scheme.RIGID_EXPENSE_HOUSEHOLD:
        beside["parameters"] = rigid_terms(household.area, residence=household.residence, on=on).as_dict()
    return dict(case.matter.further(result, facts, beside))


def assess_case(case: Case, *, on: date) -> tuple[dict[str, Any], Assessed]:
    """Facts and assessment of a case's family on a day (试算); of a review beside the award in force. Nothing is kept.

    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    award = award_under_review(case, on=on)
    return assess_with_facts(case.household, on=on, year=case.intake.accounting_year, award=award)


def suggestion_for(case: Case, *, on: date) -> Suggestion:
    """What the rules come to for a case on a day (建议); nothing is kept.

    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    facts, found = assess_case(case, on=on)
    result = found.as_dict()
    return suggested(case, with_further(result, further_grounds(case, result, facts, on=on)), facts)
