"""最低生活保障, review: each result (复核结果) and what it does to the award; F57 §§31–33."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision, Proposal
from applications.queries import laid_by, version_in_force
from applications.rules.reviews import PAID_ON, RESULTS_OF, ReviewResult, result_of_amount
from applications.services.outcomes.base import Effect, NotProposable, ProposalData
from applications.services.outcomes.dibao import DibaoOutcome
from applications.signals import review_decided
from benefits.models import Award, AwardState, AwardVersion, PhaseOut, VersionKind
from benefits.services import (
    AwardChange,
    CoveredPerson,
    change_award,
    end_award,
    first_month,
    revoke_phase_out,
    settle_checks,
    start_phase_out,
)
from foundation.dates import chinese_month
from organizations.models import Staff

_R = ReviewResult


def after_review(case: Case, decision: Decision, *, by: Staff, on: date) -> None:
    """What every decided review does: the award's open checks were looked into, and the rooms above are told."""
    assert case.award is not None and decision.result is not None  # noqa: S101 -- held by the database
    settle_checks(case.award, finding=f"复核{case.number}：{decision.result.label}", by=by, on=on)
    review_decided.send(Case, case=case, result=decision.result, on=on)


def laid_in_words(case: Case) -> str:
    """What a decided review pays from which month on; more than one sum where a standard changes between (分段)."""
    return "，".join(f"从{chinese_month(row.from_month)}起每月{row.monthly_amount:,.2f}元" for row in laid_by(case))


def check_result_named(data: ProposalData, *, scheme: str) -> ReviewResult:
    """
    :raises NotProposable: none of the scheme's results is chosen, or months without a phase-out.
    """
    if data.review_result not in RESULTS_OF[scheme]:
        raise NotProposable("请选择复核结果。", field="review_result")
    result = ReviewResult(data.review_result)
    if (result == _R.PHASE_OUT) != (data.phase_out_months is not None):
        raise NotProposable("渐退的须填渐退月数，其他结果不填。", field="phase_out_months")
    if result == _R.STOP and (data.basis or data.category or data.persons or data.monthly_amount is not None):
        raise NotProposable("停发的，不填纳入方式、类别、保障对象和金额。", field="review_result")
    return result


def check_amount_fits(result: ReviewResult, amount: Decimal | None, *, current: Decimal) -> None:
    """
    :raises NotProposable: what is paid on is not more (增发), less (减发) or the same (维持), as the result says.
    """
    if result not in PAID_ON or amount is None or result_of_amount(amount, current) == result:
        return
    fits = result_of_amount(amount, current).label
    raise NotProposable(
        f"现在每月{current:,.2f}元，改为{amount:,.2f}元是“{fits}”，与所选结果“{result.label}”不符。",
        field="monthly_amount",
    )


class DibaoReviewOutcome:
    """低保, review."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        result = check_result_named(data, scheme="dibao")
        nothing = not (data.basis or data.category or data.persons or data.monthly_amount is not None)
        if result == _R.STOP or (result == _R.CHANGE_SCHEME and nothing):
            return
        DibaoOutcome().check_values(case, data)

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """The values fit the award in force and the county's months; the whole family is covered."""
        chosen, found = ReviewResult(data.review_result), result["review"]
        check_amount_fits(chosen, data.monthly_amount, current=Decimal(found["current_monthly_amount"]))
        if chosen == _R.PHASE_OUT:
            self._check_months(data, result)
        if data.persons:
            DibaoOutcome().check_result(case, data, result)

    def _check_months(self, data: ProposalData, result: Mapping[str, Any]) -> None:
        terms, running = result["parameters"], result["review"]["running_months"]
        least, most = terms["phase_out_min_months"], terms["phase_out_max_months"]
        months = data.phase_out_months or 0
        if running is not None and months != running:
            raise NotProposable(f"这份待遇已在渐退期（{running}个月），月数不能改。", field="phase_out_months")
        if not least <= months <= most:
            raise NotProposable(f"渐退月数为{least}至{most}个月。", field="phase_out_months")
        if result["household"]["property_ok"] is False:
            raise NotProposable("家庭财产不符合规定的，不能渐退。", field="review_result")

    def in_words(self, data: ProposalData) -> str:
        result = ReviewResult(data.review_result)
        amount = f"，每月{data.monthly_amount:,.2f}元" if data.monthly_amount is not None else ""
        months = f"，{data.phase_out_months}个月" if data.phase_out_months else ""
        return f"拟{result.label}{amount}{months}"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        award, result = case.award, proposal.result
        assert award is not None and result is not None  # noqa: S101 -- held by the database
        reason = f"复核{result.label}（{case.number}）"
        data = {"award": award.pk, "result": result.value}
        if result == _R.STOP:
            end_award(
                award, last_month=on.replace(day=1), reason=reason, source=case.number, decided_by=by, decided_on=on
            )
            return Effect(f"{award.number}发到{on:%Y年%-m月}止", data)
        if result == _R.CHANGE_SCHEME:
            return Effect(f"{award.number}照旧，特困供养确认后从低保减出，不断档", data)
        if result == _R.PHASE_OUT:
            return self._phase_out(case, award, proposal, by=by, on=on)
        _go_on(award, case, by=by, on=on)
        version = _changed(award, proposal, kind=KINDS[result], reason=reason, case=case, by=by, on=on)
        if version is None:
            return Effect(f"{award.number}不变，每月{proposal.monthly_amount:,.2f}元", data)
        return Effect(f"{award.number}{laid_in_words(case)}", data)

    def _phase_out(self, case: Case, award: Award, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        data = {"award": award.pk, "result": _R.PHASE_OUT.value}
        assert proposal.phase_out_months is not None  # noqa: S101 -- held by proposal_eligible_has_amount
        if _running(award) is not None:
            return Effect(f"{award.number}按原渐退决定办理", data)
        reason = f"复核渐退（{case.number}）"
        kind = VersionKind.PHASE_OUT
        _changed(award, proposal, kind=kind, reason=reason, case=case, by=by, on=on)
        row = start_phase_out(
            award,
            months=proposal.phase_out_months,
            suggested_months=proposal.further["review"].get("phase_out_months"),
            suggestion=proposal.further["review"].get("phase_out_reason", ""),
            reason=proposal.opinion[:200],
            source=case.number,
            by=by,
            on=on,
        )
        return Effect(f"{award.number}渐退{row.months}个月，发到{row.last_month:%Y年%-m月}止", data)

    def follow_up(self, case: Case, decision: Decision, *, by: Staff, on: date) -> None:
        after_review(case, decision, by=by, on=on)


KINDS = {_R.CONTINUE: VersionKind.ADJUST, _R.RAISE: VersionKind.RAISE, _R.CUT: VersionKind.CUT}
"""What the award's version is called after each result that pays on."""


def _go_on(award: Award, case: Case, *, by: Staff, on: date) -> None:
    """An award that was being phased out goes on as it is decided (期内复查; handbook 1.9)."""
    running = _running(award)
    if running is not None:
        revoke_phase_out(running, reason=f"复核恢复（{case.number}）", by=by, on=on)


def _running(award: Award) -> PhaseOut | None:
    """The phase-out that ends the award by itself, also where it is suspended meanwhile."""
    if award.ends_month is None or award.state not in (AwardState.PHASE_OUT, AwardState.SUSPENDED):
        return None
    return award.phase_outs.filter(revoked_on=None, last_month=award.ends_month).first()


def _changed(
    award: Award, proposal: Proposal, *, kind: str, reason: str, case: Case, by: Staff, on: date
) -> AwardVersion | None:
    """The award's new version, None where nothing of it is otherwise."""
    rows = list(proposal.persons.select_related("member__person"))
    month = proposal.from_month or first_month(on)
    now = version_in_force(award, on=on, month=month)
    before = {(row.person_id, row.topup_monthly_amount, row.topup_class) for row in now.persons.all()}
    after = {(row.member.person_id, row.topup_monthly_amount, row.topup_class) for row in rows}
    is_same = (now.monthly_amount, now.category, now.basis) == (
        proposal.monthly_amount,
        proposal.category,
        proposal.basis,
    )
    if is_same and before == after:
        return None
    assert proposal.monthly_amount is not None  # noqa: S101 -- held by proposal_eligible_has_amount
    change = AwardChange(
        kind=kind,
        monthly_amount=proposal.monthly_amount,
        persons=[CoveredPerson(row.member.person, row.topup_monthly_amount, row.topup_class) for row in rows],
        category=proposal.category,
        basis=proposal.basis,
        assessment=proposal.assessment,
    )
    return change_award(award, change=change, from_month=month, reason=reason, source=case.number, by=by, on=on)
