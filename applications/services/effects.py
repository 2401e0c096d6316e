"""起始月: from which month a review reckons the award anew, as it is proposed and as it still may be decided."""

from datetime import date

from applications.models import Case, Proposal
from applications.queries import earliest_month, effect_month, first_whole_month, following_month
from applications.rules.reviews import PAID_ON
from applications.services.outcomes import NotProposable, ProposalData
from applications.services.steps import NotNow
from foundation.dates import chinese_month


def check_month(case: Case, data: ProposalData, *, on: date) -> date | None:
    """The month from which a proposal takes effect; None for the month after the decision.

    :raises NotProposable: a month that cannot be, or a later one than the rules say without a reason.
    """
    if not case.matter.is_review or data.review_result not in PAID_ON:
        return None
    latest, said = following_month(case, on=on), effect_month(case, on=on)
    month = data.from_month or said
    first = min(said, earliest_month(case, on=on))
    if month.day != 1 or not first <= month <= latest:
        raise NotProposable(f"起始月须在{chinese_month(first)}至{chinese_month(latest)}之间。", field="from_month")
    if month > said and not data.from_month_reason.strip():
        raise NotProposable(f"按规定从{chinese_month(said)}起重新核定，推后的请写明理由。", field="from_month_reason")
    return month if month < latest else None


def check_month_holds(case: Case, proposal: Proposal) -> None:
    """
    :raises NotNow: somebody joined or left since, so that the proposal knows another family than that of its months.
    """
    month = proposal.from_month
    if month is not None and month < first_whole_month(case):
        raise NotNow(f"提出意见以后家庭成员又有变动，不能再从{chinese_month(month)}起核定；请退回补查，重新提出。")
