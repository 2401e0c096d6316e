"""先行告知: what a proposal means for the family in words, and whether it is told of it before it is decided."""

from applications.models import Case, Decision, Proposal
from applications.rules.reviews import ReviewResult


def must_tell(case: Case, proposal: Proposal) -> bool:
    """Whether the family is told first and has its days to contest: a refusal, less money or none (F57 §§18, 32).

    Of 特困 that is to end the person is heard in the termination's own procedure (F43 §§25–26).
    """
    if case.matter.ends_award:
        return False
    if case.matter.person and proposal.review_result == ReviewResult.STOP:
        return False
    return proposal.is_told_first


def intended(case: Case, outcome: Proposal | Decision) -> str:
    """What is proposed: 拟同意, 拟不予确认; of a review 拟减发, 拟停发."""
    if result := outcome.result:
        return f"拟{result_words(case, result)}"
    words = case.matter.words
    return words.agree if outcome.is_eligible else words.disagree


def result_words(case: Case, result: ReviewResult) -> str:
    """A review's result as pages and papers call it."""
    is_only_begun = case.matter.person and result == ReviewResult.STOP
    return "转入终止程序" if is_only_begun else result.label


def whom(case: Case) -> str:
    """Whom staff tell: the applicant, or the family whose award is looked into."""
    return "家庭" if case.matter.of_award else "申请人"
