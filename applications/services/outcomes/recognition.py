"""认定身份: a family recognised for some months as 低保边缘 or 刚性支出困难; it is paid nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Case, Proposal
from applications.models.decisions import Basis
from applications.rules.suggestion import member_id
from applications.services.outcomes.base import Effect, NothingMore, NotProposable, ProposalData, check_persons
from benefits.services import recognise, supersede
from organizations.models import Staff
from organizations.models.delegations import Scheme


class RecognitionOutcome(NothingMore):
    """低保边缘, 刚性支出困难; application.

    :param whom: the list of the assessment's household that is recognised as the family.
    """

    def __init__(self, whom: str) -> None:
        self._whom = whom

    def check_values(self, case: Case, data: ProposalData) -> None:
        if data.basis != Basis.RECOGNITION or data.category or data.monthly_amount is not None:
            raise NotProposable("认定身份没有类别和金额。", field="valid_months")
        if not data.valid_months or data.valid_months < 1:
            raise NotProposable("请填认定的有效期（月）。", field="valid_months")
        check_persons(case, data)
        if any(person.topup_monthly_amount or person.monthly_amount for person in data.persons):
            raise NotProposable("认定身份不发放保障金。", field="persons")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """The family as a whole, no longer than the county's term, and beside nothing that excludes it."""
        found = result["recognition"]
        if found["enrolled"]:
            standing = "、".join(found["enrolled"])
            raise NotProposable(f"这个家庭已纳入{standing}，不能再作这项认定。", field="is_eligible")
        if not found["valid_months"]:
            raise NotProposable("县里还没有设置认定的有效期，请联系县民政局。", field="valid_months")
        if data.valid_months is not None and data.valid_months > found["valid_months"]:
            raise NotProposable(f"有效期最长{found['valid_months']}个月。", field="valid_months")
        family = {member_id(key) for key in result["household"][self._whom]}
        if {person.member.pk for person in data.persons} != family:
            raise NotProposable("认定的是整个家庭，须是全部共同生活的家庭成员。", field="persons")

    def in_words(self, data: ProposalData) -> str:
        return f"拟认定，{len(data.persons)}人，有效期{data.valid_months}个月"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        assert proposal.valid_months is not None  # noqa: S101 -- held by proposal_eligible_has_amount
        made = recognise(
            scheme=case.scheme,
            household=case.household,
            area=case.area,
            persons=[row.member.person for row in proposal.persons.select_related("member__person")],
            months=proposal.valid_months,
            decided_by=by,
            decided_on=on,
        )
        if case.scheme == Scheme.MARGINAL:
            later = (Scheme.RIGID_EXPENSE_HOUSEHOLD,)
            supersede(case.household, schemes=later, reason="改认定为低保边缘家庭", by=by, on=made.valid.lower)
        note = f"{made.number}，{made.valid.lower:%Y年%-m月%-d日}至{made.last_day:%Y年%-m月%-d日}"
        return Effect(note, {"recognition": made.pk})
