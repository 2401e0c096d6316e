"""What each matter (事项) adds to the common process when a proposal is drafted and approved."""

from applications.models import Case
from applications.services.outcomes.base import Effect, NotProposable, Outcome, ProposalData, ProposedPerson
from applications.services.outcomes.dibao import DibaoOutcome
from applications.services.outcomes.dibao_review import DibaoReviewOutcome
from applications.services.outcomes.recognition import RecognitionOutcome
from applications.services.outcomes.tekun import TekunOutcome
from applications.services.outcomes.tekun_review import TekunReviewOutcome
from applications.services.outcomes.tekun_termination import TekunTerminationOutcome
from applications.services.outcomes.temporary_aid import TemporaryAidOutcome

OUTCOMES: dict[str, Outcome] = {
    "dibao.application": DibaoOutcome(),
    "dibao.review": DibaoReviewOutcome(),
    "tekun.application": TekunOutcome(),
    "tekun.review": TekunReviewOutcome(),
    "tekun.termination": TekunTerminationOutcome(),
    "marginal.application": RecognitionOutcome("remaining"),
    "rigid_expense_household.application": RecognitionOutcome("counted"),
    "temporary_aid.application": TemporaryAidOutcome(),
}
"""By the key of the matter."""


def outcome_of(case: Case) -> Outcome:
    """What the case's matter adds."""
    return OUTCOMES[case.matter.key]


__all__ = ["OUTCOMES", "Effect", "NotProposable", "Outcome", "ProposalData", "ProposedPerson", "outcome_of"]
