"""特困人员救助供养: one award a person, of basic living and care; F43 §§4, 17, 22."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision, Proposal
from applications.models.decisions import Basis
from applications.queries import covered_members, decided_without
from applications.queries.choices import is_minor
from applications.services.outcomes.base import (
    Effect,
    NothingMore,
    NotProposable,
    ProposalData,
    ProposedPerson,
    check_amount,
    check_persons,
)
from benefits.models import Award, CareLevel, VersionKind
from benefits.queries import current_awards_of
from benefits.services import (
    AwardChange,
    Care,
    CoveredPerson,
    change_award,
    end_award,
    first_month,
    grant_award,
    supersede,
)
from households.models.people import SupportMode
from households.services import mark_tekun_since_minor
from organizations.models import Staff
from organizations.models.delegations import Scheme


class TekunOutcome(NothingMore):
    """特困, application."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        if data.basis != Basis.PERSON or data.category:
            raise NotProposable("特困人员逐人认定，不分类别。", field="persons")
        check_persons(case, data)
        _check_not_recognised(case, data)
        for person in data.persons:
            check_support(person)
        total = sum((person.monthly_amount or Decimal(0) for person in data.persons), Decimal(0))
        if data.monthly_amount != total:
            raise NotProposable(f"月供养金合计须等于各人之和{total:,.2f}元。", field="monthly_amount")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """Whom the proposal covers stands among those whom the assessment tested: the counted members."""
        tested = {row["member"] for row in result["tekun"]}
        for person in data.persons:
            if person.member.reference not in tested:
                raise NotProposable(f"{person.member.person.name}不计入共同生活的家庭成员，不能认定。", field="persons")

    def in_words(self, data: ProposalData) -> str:
        return f"拟同意，{len(data.persons)}人，合计每月{data.monthly_amount:,.2f}元"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        left_dibao = _leave_dibao(case, proposal, by=by, on=on)
        awards = []
        for row in proposal.persons.select_related("member__person"):
            assert row.monthly_amount is not None  # noqa: S101 -- checked when it was drafted
            award = grant_award(
                scheme=case.scheme,
                household=case.household,
                area=case.area,
                monthly_amount=row.monthly_amount,
                persons=[CoveredPerson(row.member.person)],
                category="",
                basis=Basis.PERSON,
                reason=f"{case.get_scheme_display()}申请确认（{case.number}）",
                decided_by=by,
                decided_on=on,
                source=case.number,
                assessment=proposal.assessment,
                care=Care(row.care_monthly_amount, row.care_level, row.support_mode),
            )
            awards.append(award.pk)
            if is_minor(row.member, on=on):
                # It goes on until 18, or the end of school, whatever the age for a new recognition is (F43 §24).
                mark_tekun_since_minor(row.member.person)
        ended = (Scheme.RIGID_EXPENSE_HOUSEHOLD,)
        supersede(case.household, schemes=ended, reason="纳入特困人员救助供养", by=by, on=first_month(on))
        note = f"{len(awards)}人，合计每月{proposal.monthly_amount:,.2f}元，{first_month(on):%Y年%-m月}起{left_dibao}"
        return Effect(note, {"awards": awards})


def _leave_dibao(case: Case, proposal: Proposal, *, by: Staff, on: date) -> str:
    """Take who becomes 特困 out of the family's 低保 from the month in which 特困 begins: no gap, and nothing twice.

    Where it covers nobody else it ends with the month before. Where it does, a review decided before what the others
    are paid (转办); without one that is a lack before.

    :returns: what became of it, for the trail.
    """
    recognised = list(proposal.persons.values_list("member", "member__person"))
    people = {person for _, person in recognised}
    for award in current_awards_of(case.household).filter(scheme=Scheme.DIBAO):
        covered = set(award.persons.filter(covered__upper_inf=True).values_list("person", flat=True))
        if covered and covered <= people:
            reason = f"全部保障对象转为特困供养（{case.number}）"
            end_award(
                award, last_month=on.replace(day=1), reason=reason, source=case.number, decided_by=by, decided_on=on
            )
            return f"；低保{award.number}发到{on:%Y年%-m月}止"
        rest = decided_without(award, [member for member, _ in recognised]) if covered & people else None
        if rest is not None:
            return _keep_the_rest(award, rest, case=case, by=by, on=on)
    return ""


def _keep_the_rest(award: Award, rest: Decision, *, case: Case, by: Staff, on: date) -> str:
    """What the review decided of those who stay in 低保 begins when the others' 特困 does."""
    assert rest.monthly_amount is not None  # noqa: S101 -- a rest without a sum is none
    rows = rest.proposal.persons.select_related("member__person")
    change = AwardChange(
        kind=VersionKind.ADJUST,
        monthly_amount=rest.monthly_amount,
        persons=[CoveredPerson(row.member.person, row.topup_monthly_amount, row.topup_class) for row in rows],
        category=rest.category,
        basis=rest.basis,
        assessment=rest.assessment,
    )
    reason, month = f"部分成员转为特困供养（{case.number}）", first_month(on)
    change_award(award, change=change, from_month=month, reason=reason, source=rest.case.number, by=by, on=on)
    return f"；低保{award.number}从{month:%Y年%-m月}起{len(rows)}人，每月{rest.monthly_amount:,.2f}元"


def _check_not_recognised(case: Case, data: ProposalData) -> None:
    """
    :raises NotProposable: somebody has an award of 特困 already.
    """
    covered = covered_members(case.household, scheme=case.scheme)
    if names := [person.member.person.name for person in data.persons if person.member.pk in covered]:
        raise NotProposable(f"{'、'.join(names)}已是特困人员，不能再次认定；情况有变化请走复核。", field="persons")


def check_support(person: ProposedPerson) -> None:
    """
    :raises NotProposable: sum, care, level and mode of one person do not fit together.
    """
    name = person.member.person.name
    field = f"amount_{person.member.pk}"
    check_amount(person.monthly_amount, title=f"{name}的月供养金", name=field)
    if person.care_level not in CareLevel.values or person.support_mode not in SupportMode.values:
        raise NotProposable(f"请选择{name}的自理能力和供养方式。", field="persons")
    if person.monthly_amount is not None and not 0 <= person.care_monthly_amount <= person.monthly_amount:
        raise NotProposable(f"{name}的照料护理须在0元和月供养金之间。", field=field)
    if person.topup_monthly_amount or person.topup_class:
        raise NotProposable("特困人员不享受分类施保增发。", field="persons")
