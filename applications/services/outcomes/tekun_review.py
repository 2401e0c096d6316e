"""特困人员救助供养, review: support goes on, with another care, or its termination begins; F43 §§23–26."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision, Proposal, VisitAttachment
from applications.models.cases import CaseKind
from applications.models.decisions import Basis
from applications.models.intakes import Channel
from applications.queries import grounds_of, version_in_force
from applications.rules.matters.tekun_review import cause_of
from applications.rules.reviews import ReviewResult
from applications.rules.terminations import CAUSES
from applications.services.opening import Opening, begin_termination, open_on_award
from applications.services.outcomes.base import Effect, NotProposable, ProposalData
from applications.services.outcomes.dibao_review import (
    after_review,
    check_amount_fits,
    check_result_named,
    laid_in_words,
)
from applications.services.outcomes.tekun import check_support
from benefits.models import VersionKind
from benefits.services import AwardChange, Care, CoveredPerson, change_award, first_month
from households.models import Attachment
from organizations.models import Staff

_R = ReviewResult
KINDS = {_R.CONTINUE: VersionKind.CARE, _R.RAISE: VersionKind.RAISE, _R.CUT: VersionKind.CUT}
"""What the award's version is called after each result that pays on."""


class TekunReviewOutcome:
    """特困, review."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        if check_result_named(data, scheme="tekun") == _R.STOP:
            return
        if data.basis != Basis.PERSON or data.category or len(data.persons) != 1:
            raise NotProposable("特困人员逐人复核，不分类别。", field="review_result")
        (person,) = data.persons
        if person.member.pk != case.applicant_id:
            raise NotProposable("只复核这份待遇的供养对象本人。", field="review_result")
        check_support(person)
        if data.monthly_amount != person.monthly_amount:
            raise NotProposable("月供养金须等于基本生活加照料护理。", field="monthly_amount")

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """The sum fits the result, the care was assessed, and an end rests on a condition that is denied."""
        chosen, found = ReviewResult(data.review_result), result["review"]
        if chosen == _R.STOP:
            _check_cause(case, result)
            return
        check_amount_fits(chosen, data.monthly_amount, current=Decimal(found["current_monthly_amount"]))
        (person,) = data.persons
        if person.care_level not in (found["current_care_level"], found["care_level"]):
            raise NotProposable(
                "自理能力档次有变化的，请先登记自理能力评估，由乡镇和县民政局共同评估（民发〔2021〕43号第二十条）。",
                field="care_level",
            )

    def in_words(self, data: ProposalData) -> str:
        result = ReviewResult(data.review_result)
        if result == _R.STOP:
            return "拟转入终止程序"
        return f"拟{result.label}，每月{data.monthly_amount:,.2f}元"

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        award, result = case.award, proposal.result
        assert award is not None and result is not None  # noqa: S101 -- held by the database
        data = {"award": award.pk, "result": result.value}
        if result == _R.STOP:
            return Effect(f"{award.number}照旧，转入终止程序，公示后再决定", data)
        row = proposal.persons.select_related("member__person").get()
        month = proposal.from_month or first_month(on)
        now = version_in_force(award, on=on, month=month)
        care = Care(row.care_monthly_amount, row.care_level, row.support_mode)
        same = (now.monthly_amount, now.care_monthly_amount, now.care_level, now.support_mode) == (
            row.monthly_amount,
            care.monthly_amount,
            care.level,
            care.support_mode,
        )
        if same:
            return Effect(f"{award.number}不变，每月{row.monthly_amount:,.2f}元", data)
        assert row.monthly_amount is not None  # noqa: S101 -- of 特困 each person's is known
        change = AwardChange(
            kind=KINDS[result],
            monthly_amount=row.monthly_amount,
            persons=[CoveredPerson(row.member.person)],
            category="",
            basis=Basis.PERSON,
            care=care,
            assessment=proposal.assessment,
        )
        reason = f"复核{result.label}（{case.number}）"
        change_award(award, change=change, from_month=month, reason=reason, source=case.number, by=by, on=on)
        return Effect(f"{award.number}{laid_in_words(case)}", data)

    def follow_up(self, case: Case, decision: Decision, *, by: Staff, on: date) -> None:
        """Every review's; of an end also the case of its termination, with what was found carried over."""
        after_review(case, decision, by=by, on=on)
        if decision.result == _R.STOP:
            _begin_termination(case, decision, on=on)


def _check_cause(case: Case, result: Mapping[str, Any]) -> None:
    """
    :raises NotProposable: no condition is denied, or nothing proves what was found.
    """
    if cause_of(result, case.applicant.reference) is None:
        raise NotProposable(
            "按现在的资料，没有查明哪一项条件不再具备，不能转入终止程序；死亡、服刑、自愿退出的，请直接“发起终止”。",
            field="review_result",
        )
    if _evidence(case) is None:
        raise NotProposable("转入终止程序须有证明材料，请先在入户调查里上传。", field="review_result")


def _evidence(case: Case) -> Attachment | None:
    rows = VisitAttachment.objects.filter(visit__case=case, attachment__voided_at=None).select_related("attachment")
    found = rows.order_by("-pk").first()
    return found.attachment if found else None


def _begin_termination(case: Case, decision: Decision, *, on: date) -> Case:
    """Open the termination (终止程序) of what a review found to have lost a condition; F43 §§25–26."""
    cause, evidence = cause_of(grounds_of(decision).result, case.applicant.reference), _evidence(case)
    assert case.award is not None and cause is not None and evidence is not None  # noqa: S101 -- checked before
    clerk = decision.proposal.drafted_by
    opening = Opening(
        kind=CaseKind.TERMINATION,
        applicant=case.applicant,
        channel=Channel.OFFICIAL,
        accounting_year=case.intake.accounting_year,
        reason=CAUSES[cause].label,
    )
    return begin_termination(
        open_on_award(case.award, opening, by=clerk, on=on),
        cause=cause.value,
        happened_on=on,
        facts=f"复核（{case.number}）查明：{decision.proposal.opinion}"[:500],
        evidence=evidence,
        by=clerk,
        on=on,
        after=case.number,
    )
