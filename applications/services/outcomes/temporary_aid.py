"""临时救助（支出型）: one sum for the family; what is paid, when and in what form is the record's of the room above."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Case, Proposal
from applications.models.decisions import Basis
from applications.services.aid import tell_of_approval
from applications.services.outcomes.base import Effect, NothingMore, NotProposable, ProposalData
from foundation.money import half_up_to_fen, in_figures
from organizations.models import Staff


class TemporaryAidOutcome(NothingMore):
    """临时救助, application."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        if data.basis != Basis.AID or data.category or data.persons or data.monthly_amount is not None:
            raise NotProposable("临时救助按家庭一次性救助，不填类别、保障对象和月保障金。", field="aid_amount")
        if data.valid_months is not None:
            raise NotProposable("临时救助不填有效期。", field="aid_amount")
        if data.aid_amount is None or data.aid_amount < 0:
            raise NotProposable("拟救助的，请填救助金额，不能是负数；只转介服务的填0。", field="aid_amount")
        if data.aid_amount != half_up_to_fen(data.aid_amount):
            raise NotProposable("救助金额最多两位小数。", field="aid_amount")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """The family as a whole is helped, so that somebody of it must count."""
        if not result["aid"]["persons"]:
            raise NotProposable("没有计入的共同生活家庭成员，不能按家庭给予支出型临时救助。", field="is_eligible")

    def in_words(self, data: ProposalData) -> str:
        assert data.aid_amount is not None  # noqa: S101 -- checked with the values
        return f"拟救助，一次性{in_figures(data.aid_amount)}元"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        assert proposal.aid_amount is not None  # noqa: S101 -- held by proposal_eligible_has_amount
        said = tell_of_approval(case, proposal, by=by, on=on)
        note = f"一次性救助{in_figures(proposal.aid_amount)}元"
        return Effect("；".join(filter(None, (note, said))), {"aid_amount": str(proposal.aid_amount)})
