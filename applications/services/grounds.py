"""依据: the assessment that a proposal or decision rests on, made and kept now."""

from datetime import date

from applications.models import Case
from applications.queries import Grounds, assessed_on, award_under_review, further_grounds
from eligibility.services import store_assessment
from organizations.models import Staff


def store_grounds(case: Case, *, by: Staff, on: date) -> Grounds:
    """Assess the family of a locked case (试算存档), of a review beside the award in force; kept with what is found.

    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    award = award_under_review(case, on=on)
    assessment = store_assessment(
        case.household, on=assessed_on(case, on=on), year=case.intake.accounting_year, by=by, award=award
    )
    return Grounds(assessment, further_grounds(case, assessment.result, assessment.facts, on=on))
