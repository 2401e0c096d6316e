"""特困人员救助供养, termination: the person's award ends with the month of the decision; F43 §26."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Case, Proposal
from applications.models.decisions import Basis
from applications.services.outcomes.base import Effect, NothingMore, NotProposable, ProposalData
from benefits.services import end_award, first_month
from households.services import mark_tekun_since_minor
from organizations.models import Staff


class TekunTerminationOutcome(NothingMore):
    """特困, termination."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        if data.basis != Basis.TERMINATION or data.category or data.persons or data.monthly_amount is not None:
            raise NotProposable("拟终止供养的，不填类别、保障对象和金额。", field="is_eligible")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """Nothing: a cause that is a fact of its own ends support whatever the assessment says."""

    def in_words(self, data: ProposalData) -> str:
        return "拟终止供养"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        assert case.award is not None  # noqa: S101 -- held by case_award_is_of_termination
        reason = f"终止救助供养：{case.termination.rule.label}（{case.number}）"
        end_award(
            case.award, last_month=on.replace(day=1), reason=reason, source=case.number, decided_by=by, decided_on=on
        )
        for covered in case.award.persons.select_related("person"):
            mark_tekun_since_minor(covered.person, is_so=False)
        return Effect(f"{case.award.number}从{first_month(on):%Y年%-m月}起终止", {"ended_award": case.award.pk})
