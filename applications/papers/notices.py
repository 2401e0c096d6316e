"""Notices to the family and sheets for the village."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision, Proposal, SupplementNotice
from applications.models.decisions import Basis
from applications.papers.bodies import (
    confirming_body,
    confirming_contact,
    county_government,
    deciding_bodies,
    matter_of,
    township_body,
    township_telephone,
    window_of,
)
from applications.papers.family import load_family
from applications.papers.outcome import covered_rows, recognised_part, sum_part
from applications.papers.promise import promise_of
from applications.papers.tekun import tested_in_words
from applications.papers.terminations import support_end_sheet
from applications.rules.doors import doors_after_refusal
from applications.rules.process import EventKind
from benefits.services import first_month
from documents import records
from eligibility.models import Assessment
from eligibility.rules import REVIEW_MONTHS, Category
from organizations.models.delegations import Scheme

_ACCOUNT_TAIL = 4
_TEKUN_REVIEW_MONTHS = 12
"""特困人员每年核查一次; handbook 3.2."""


def acceptance_notice(case: Case, *, on: date) -> records.AcceptanceNotice:
    """受理通知书 of a case accepted on a day."""
    promise = promise_of(case, accepted_on=on) if case.due_on is None else None
    return records.AcceptanceNotice(
        **_to_family(case),
        body=township_body(case.area),
        submitted_on=_submitted_on(case),
        accepted_on=on,
        due_on=promise.on if promise else case.due_on or on,
        due_is_provisional=promise.is_provisional if promise else case.due_is_provisional,
        stages=promise.stages if promise else (),
        confirming_body=deciding_bodies(case),
        contact=window_of(case.area),
        telephone=township_telephone(case.area),
    )


def supplement_notice(case: Case) -> records.SupplementNotice:
    """一次性补正告知书: the one list of what is missing."""
    notice = SupplementNotice.objects.prefetch_related("items").get(case=case)
    return records.SupplementNotice(
        **_to_family(case),
        body=township_body(case.area),
        submitted_on=_submitted_on(case),
        items=tuple(records.MissingRow(item.name, item.note) for item in notice.items.all()),
        issued_on=notice.issued_on,
        due_on=notice.due_on,
        due_is_provisional=notice.due_is_provisional,
        place=window_of(case.area),
        contact=window_of(case.area),
        telephone=township_telephone(case.area),
    )


def publicity_sheet(
    proposals: Sequence[Proposal], *, first_day: date, last_day: date, place: str, telephone: str
) -> records.Record:
    """公示 of one village: name, number in family, amount; never category, illness, ID number or account.

    F57 §§19, 24. Of support that is to end the name only (F43 §26).

    :param proposals: what is publicised, all of one village, scheme and outcome.
    """
    case = proposals[0].case
    if case.matter.ends_award:
        return support_end_sheet(proposals, first_day=first_day, last_day=last_day, place=place, telephone=telephone)
    return records.PublicitySheet(
        body=township_body(case.area),
        village=case.area.short_name,
        matter=matter_of(case),
        is_per_person=case.matter.per_person,
        rows=tuple(_public_row(proposal) for proposal in proposals),
        first_day=first_day,
        last_day=last_day,
        place=place,
        telephone=telephone,
        is_refusal=not proposals[0].is_eligible,
        status=case.matter.status,
        is_once=case.matter.is_paid_once,
    )


def announcement_sheet(decisions: Sequence[Decision], *, place: str) -> records.AnnouncementSheet:
    """公布 of approvals in one village; F57 §24.

    :param decisions: what is announced, all of one village and scheme and paid from the same month.
    """
    case = decisions[0].case
    return records.AnnouncementSheet(
        body=township_body(case.area),
        village=case.area.short_name,
        matter=matter_of(case),
        is_per_person=case.matter.per_person,
        rows=tuple(_public_row(decision) for decision in decisions),
        first_month=first_month(decisions[0].decided_on),
        place=place,
        telephone=township_telephone(case.area),
    )


def approval_notice(case: Case, decision: Decision, award_first_month: date) -> records.ApprovalNotice:
    """确认通知书: whom, how much, from when, duties and remedies."""
    assert decision.monthly_amount is not None  # noqa: S101 -- held by decision_approval_has_amount
    contact, telephone = confirming_contact(case)
    persons = covered_rows(decision.proposal)
    account = load_family(case.household, year=case.intake.accounting_year).account_part(last=_ACCOUNT_TAIL)
    return records.ApprovalNotice(
        **_to_family(case),
        body=confirming_body(case),
        accepted_on=_accepted_on(case),
        decided_on=decision.decided_on,
        basis=decision.get_basis_display(),
        category=decision.get_category_display(),
        review_months=REVIEW_MONTHS[Category(decision.category)] if decision.category else _TEKUN_REVIEW_MONTHS,
        persons=persons,
        monthly_amount=decision.monthly_amount,
        topup_monthly_amount=sum((row.topup_monthly_amount for row in persons), start=decision.monthly_amount * 0),
        first_month=award_first_month,
        is_single_person=decision.basis == Basis.SINGLE_PERSON,
        others_may_claim=_for_the_others(decision),
        account=account,
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
    )


def _for_the_others(decision: Decision) -> str:
    """What the rest of the family may ask for beside a single person's award: recognition as 低保边缘 (F57 §8)."""
    is_marginal = decision.assessment.result["marginal"]["outcome"] == "eligible"
    return "最低生活保障边缘家庭认定" if decision.basis == Basis.SINGLE_PERSON and is_marginal else ""


def recognition_notice(case: Case, decision: Decision) -> records.ApprovalNotice:
    """认定通知书: who, as what, from when to when, what it opens, the duty to report, remedies."""
    contact, telephone = confirming_contact(case)
    return records.ApprovalNotice(
        **_to_family(case),
        body=confirming_body(case),
        accepted_on=_accepted_on(case),
        decided_on=decision.decided_on,
        basis="",
        category="",
        review_months=0,
        persons=covered_rows(decision.proposal),
        monthly_amount=None,
        topup_monthly_amount=Decimal("0.00"),
        first_month=None,
        account=None,
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
        recognised=recognised_part(decision),
    )


def refusal_notice(case: Case, decision: Decision) -> records.RefusalNotice:
    """不予确认通知书: facts, sum, clause, what else may be claimed, remedies; F57 §21."""
    contact, telephone = confirming_contact(case)
    assessment = decision.assessment
    return records.RefusalNotice(
        **_to_family(case),
        body=confirming_body(case),
        accepted_on=_accepted_on(case),
        decided_on=decision.decided_on,
        sum=_sum_of(case, assessment),
        tested=tested_in_words(case, assessment) if case.matter.per_person else (),
        facts_found=decision.facts_found,
        reasons=tuple(decision.reasons.splitlines()),
        clause=decision.clause,
        may_claim=tuple(doors_after_refusal(assessment.result, assessment.facts, refused=case.scheme)),
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
        status=case.matter.status,
        is_once=case.matter.is_paid_once,
    )


def termination_notice(case: Case, *, cause: str, reason: str, clause: str, on: date) -> records.TerminationNotice:
    """终止办理告知书: why the procedure ends without a decision (F57 §29)."""
    facts = _to_family(case)
    # Where the family named another head, that one applied on and is written to.
    has_died = case.applicant.person.died_on is not None
    return records.TerminationNotice(
        **facts | {"applicant": f"{facts['applicant']}的家属" if has_died else facts["applicant"]},
        body=township_body(case.area),
        submitted_on=_submitted_on(case),
        terminated_on=on,
        applicant_died=cause == "died",
        reason=reason,
        clause=clause,
        contact=window_of(case.area),
        telephone=township_telephone(case.area),
        reconsideration_body=county_government(),
    )


def _sum_of(case: Case, assessment: Assessment) -> records.SumPart | None:
    """The sum of the adjusted income: not of 特困, person by person, nor of 刚性支出, set against the whole income.

    Nor of 临时救助, set against another figure than the 低保 standard: its reasons say both sides.
    """
    if case.matter.per_person or case.matter.is_paid_once or case.scheme == Scheme.RIGID_EXPENSE_HOUSEHOLD:
        return None
    return sum_part(assessment, year=case.intake.accounting_year)


def _to_family(case: Case) -> dict[str, Any]:
    return {
        "applicant": case.applicant.person.name,
        "village": case.area.short_name,
        "matter": matter_of(case),
        "case_number": case.number,
    }


def _submitted_on(case: Case) -> date:
    event = case.events.filter(kind=EventKind.SUBMITTED.value).order_by("-pk").first()
    return event.on if event else case.intake.opened_on


def _accepted_on(case: Case) -> date:
    assert case.accepted_on is not None  # noqa: S101 -- held by case_accepted_before_later_steps
    return case.accepted_on


def _public_row(outcome: Proposal | Decision) -> records.PublicRow:
    return records.PublicRow(
        name=outcome.case.applicant.person.name,
        person_count=_public_count(outcome),
        monthly_amount=outcome.publicised_amount,
    )


def _public_count(outcome: Proposal | Decision) -> int:
    """Family members; of a scheme person by person, those who are recognised, or who were looked at for a refusal."""
    if not outcome.case.matter.per_person or not outcome.is_eligible:
        return _family_size(outcome.assessment)
    proposal = outcome.proposal if isinstance(outcome, Decision) else outcome
    return len(proposal.persons.all())


def _family_size(assessment: Assessment) -> int:
    return len(assessment.result["household"]["counted"])
