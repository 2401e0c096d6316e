"""Proposal, decision and the assessment behind them, as papers print them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from applications.models import Case, Decision, Proposal
from applications.models.decisions import Basis
from applications.queries import Grounds, suggested
from applications.queries.offices import decider_of, signers_of
from applications.queries.telling import result_words
from applications.rules.doors import doors_opened
from applications.rules.terminations import of_person
from benefits.rules.months import months_after
from documents import records
from eligibility.models import Assessment
from eligibility.queries import findings_for_display, member_names

_REFERENCE = re.compile(r"成员“(m\d+)”")
_SAID_ELSEWHERE = ("property.somebody_counted", "dibao.somebody_remains", "dibao.property")
"""Findings that the other lines of a form say already; the case page shows all."""


def named(text: str, names: Mapping[str, str]) -> str:
    """A sentence of the assessment with names in place of member references."""
    return _REFERENCE.sub(lambda match: names.get(match[1], match[0]), text)


def failed_sentences(case: Case, grounds: Grounds) -> list[str]:
    """The tests that a family did not pass, by how much and after which clause, with names; F57 §21."""
    names = member_names(grounds.result, grounds.assessment.household)
    matter, result, facts = case.matter, grounds.result, grounds.facts
    if matter.failed_tests_for is None:
        found = matter.failed_tests(result, facts)
    else:
        found = matter.failed_tests_for(result, facts, case.applicant.reference)
    return [named(text, names) for text in found]


def finding_rows(case: Case, grounds: Grounds, *, subject: str = "") -> tuple[records.FindingRow, ...]:
    """The findings that decide under the case's scheme, in the order made.

    :param subject: reference (m12) of the one member whom they are of; empty for the whole family.
    """
    is_eligible = suggested(case, grounds.result, grounds.facts).is_eligible
    result = of_person(grounds.result, subject) if subject else grounds.result
    return tuple(
        records.FindingRow(text=row.text.rstrip("。"), clause=row.clause, passed=row.passed)
        for row in findings_for_display(result, case.household)
        if row.rule.startswith(case.matter.printed)
        and row.rule not in _SAID_ELSEWHERE
        # Of the single-person tests, person by person, a form says those that settled the matter.
        and (row.passed == is_eligible or not row.rule.startswith("single_person."))
    )


def sum_part(assessment: Assessment, *, year: int) -> records.SumPart:
    """The sum of an assessment as a person works it out on paper."""
    means = assessment.result["household"]
    income, rigid, employment = (
        Decimal(means[key]) for key in ("yearly_income", "rigid_deduction", "employment_deduction")
    )
    per_capita, standard = means["per_capita_monthly"], assessment.parameters.get("dibao_monthly_standard")
    return records.SumPart(
        year=year,
        yearly_income=income,
        rigid_deduction=rigid,
        employment_deduction=employment,
        adjusted_yearly_income=max(income * 0, income - rigid - employment),
        person_count=len(means["remaining"]),
        per_capita_monthly=None if per_capita is None else Decimal(per_capita),
        monthly_standard=None if standard is None else Decimal(standard),
    )


def covered_rows(proposal: Proposal) -> tuple[records.CoveredRow, ...]:
    """Whom a proposal covers, with their top-up."""
    return tuple(
        records.CoveredRow(
            name=row.member.person.name,
            topup_class=f"{row.topup_class}类" if row.topup_class else "",
            topup_monthly_amount=row.topup_monthly_amount,
            monthly_amount=row.monthly_amount,
            care_monthly_amount=row.care_monthly_amount,
            care_level=row.get_care_level_display(),
            support_mode=row.get_support_mode_display(),
        )
        for row in proposal.persons.select_related("member__person")
    )


def recognised_part(decision: Decision) -> records.RecognitionPart:
    """As what a decision recognised the family, and from when to when."""
    case = decision.case
    made = case.household.recognitions.get(scheme=case.scheme, decided_on=decision.decided_on)
    return records.RecognitionPart(
        status=case.matter.status,
        first_day=made.first_day,
        # As it was decided; the family may lose it earlier.
        last_day=months_after(made.first_day, decision.valid_months or 0) - timedelta(days=1),
        opens=doors_opened(case.scheme),
    )


def proposal_part(proposal: Proposal) -> records.OutcomePart:
    """初审意见."""
    drafted_by, signed_by = signers_of(proposal)
    return records.OutcomePart(
        is_eligible=proposal.is_eligible,
        opinion=proposal.opinion,
        basis=proposal.get_basis_display() if proposal.basis else "",
        category=proposal.get_category_display() if proposal.category else "",
        monthly_amount=proposal.monthly_amount,
        valid_months=proposal.valid_months,
        is_single_person=proposal.basis == Basis.SINGLE_PERSON,
        persons=covered_rows(proposal),
        drafted_by=drafted_by,
        drafted_on=proposal.drafted_on,
        signed_by=signed_by,
        signed_on=proposal.signed_on,
        note=f"与系统建议不同的理由：{proposal.difference_reason}" if proposal.difference_reason else "",
        result=result_words(proposal.case, proposal.result) if proposal.result else "",
        phase_out_months=proposal.phase_out_months,
    )


def decision_part(decision: Decision) -> records.OutcomePart:
    """审核确认意见."""
    return records.OutcomePart(
        is_eligible=decision.is_eligible,
        opinion=decision.opinion,
        basis=decision.get_basis_display() if decision.basis else "",
        category=decision.get_category_display() if decision.category else "",
        monthly_amount=decision.monthly_amount,
        valid_months=decision.valid_months,
        is_single_person=decision.basis == Basis.SINGLE_PERSON,
        persons=covered_rows(decision.proposal) if decision.is_eligible else (),
        signed_by=decider_of(decision),
        signed_on=decision.decided_on,
        note="\n".join(
            filter(None, [decision.facts_found, decision.reasons, decision.clause and f"依据：{decision.clause}。"])
        ),
        result=result_words(decision.case, decision.result) if decision.result else "",
        phase_out_months=decision.phase_out_months,
    )
