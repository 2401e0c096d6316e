"""依据: the assessment that a proposal or decision rests on, made and kept now."""

from datetime import date
from decimal import Decimal

from applications.models import Case
from applications.queries import Grounds, assessed_on, award_under_review, further_grounds
from applications.services.aid import cause_ceiling
from eligibility.rules import Hardship, HardshipType
from eligibility.services import store_assessment
from organizations.models import Staff


def store_grounds(
    case: Case, *, by: Staff, on: date, month: date | None = None, aid_amount: Decimal | None = None
) -> Grounds:
    """Assess the family of a locked case (试算存档), of a review beside the award in force; kept with what is found.

    :param month: from which the decision takes effect; None for the month after it.
    :param aid_amount: of 临时救助 what is proposed, yuan, so that how it stands to the guideline is kept with the rest.
    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some figure has no value in force.
    """
    award = award_under_review(case, on=on, month=month)
    day = assessed_on(case, on=on, month=month)
    hardship = None if aid_amount is None else _hardship(case, aid_amount, on=day)
    year = case.intake.accounting_year
    assessment = store_assessment(case.household, on=day, year=year, by=by, award=award, hardship=hardship)
    return Grounds(assessment, further_grounds(case, assessment.result, assessment.facts, on=on, month=month))


def _hardship(case: Case, amount: Decimal, *, on: date) -> Hardship:
    """What a case of 临时救助 proposes, with the county's own top for its cause."""
    return Hardship(type=HardshipType.EXPENDITURE, proposed_amount=amount, cause_most=cause_ceiling(case, on=on))
