"""最低生活保障: one award for the family, or for single persons of it; F57 §§8, 21, 23."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Proposal
from applications.models.decisions import OF_FAMILY, Basis, Category
from applications.queries import covered_members
from applications.rules.suggestion import member_id
from applications.services.outcomes.base import (
    Effect,
    NothingMore,
    NotProposable,
    ProposalData,
    check_amount,
    check_persons,
)
from benefits.services import CoveredPerson, first_month, grant_award, supersede
from organizations.models import Staff
from organizations.models.delegations import Scheme

_ENDED_BY = {
    Basis.HOUSEHOLD: (Scheme.MARGINAL, Scheme.RIGID_EXPENSE_HOUSEHOLD),
    Basis.SINGLE_PERSON: (Scheme.RIGID_EXPENSE_HOUSEHOLD,),
}
"""What a family is recognised as no longer once the award is paid: 低保边缘 stands beside a single person's award."""


class DibaoOutcome(NothingMore):
    """低保, application."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        if data.basis not in OF_FAMILY or data.category not in Category.values:
            raise NotProposable("拟同意的，请选择纳入方式和类别。", field="category")
        check_amount(data.monthly_amount, title="月保障金")
        check_persons(case, data)
        if any(person.topup_monthly_amount < 0 for person in data.persons):
            raise NotProposable("增发不能是负数。", field="persons")
        topups = sum((person.topup_monthly_amount for person in data.persons), Decimal(0))
        if data.monthly_amount is not None and topups > data.monthly_amount:
            raise NotProposable("增发之和不能超过月保障金。", field="monthly_amount")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """The whole family is covered, not some members of it; a single person only by the single-person rule."""
        if data.basis != Basis.HOUSEHOLD:
            return
        supported = covered_members(case.household, scheme=Scheme.TEKUN)
        remaining = {member_id(key) for key in result["household"]["remaining"]}
        proposed = {person.member.pk for person in data.persons}
        if twice := [name for key, name in supported.items() if key in proposed]:
            names = "、".join(twice)
            raise NotProposable(
                f"{names}已在特困供养待遇里，不能再列入低保；请取消勾选，按其余的人填月保障金，并写明理由。",
                field="persons",
            )
        if proposed != remaining - supported.keys():
            raise NotProposable(
                "整户纳入的，保障对象须是全部共同生活的家庭成员，不能只选其中几人（参照单人户纳入的除外）。",
                field="persons",
            )

    def in_words(self, data: ProposalData) -> str:
        return f"拟同意，{len(data.persons)}人，{Category(data.category).label}，每月{data.monthly_amount:,.2f}元"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        assert proposal.monthly_amount is not None  # noqa: S101 -- held by proposal_eligible_has_amount
        award = grant_award(
            scheme=case.scheme,
            household=case.household,
            area=case.area,
            monthly_amount=proposal.monthly_amount,
            persons=[
                CoveredPerson(row.member.person, row.topup_monthly_amount, row.topup_class)
                for row in proposal.persons.select_related("member__person")
            ],
            category=proposal.category,
            basis=proposal.basis,
            reason=f"{case.get_scheme_display()}申请确认（{case.number}）",
            decided_by=by,
            decided_on=on,
            source=case.number,
            assessment=proposal.assessment,
        )
        ended = tuple(_ENDED_BY[Basis(proposal.basis)])
        supersede(case.household, schemes=ended, reason="纳入最低生活保障", by=by, on=first_month(on))
        note = f"每月{proposal.monthly_amount:,.2f}元，{award.starts_month:%Y年%-m月}起"
        return Effect(note, {"award": award.pk})
