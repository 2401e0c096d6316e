"""Papers of 终止救助供养: sheet, form, and the notices that say why, from when, and what else may be claimed."""

from collections.abc import Sequence
from datetime import date

from applications.models import Case, Decision, Proposal
from applications.papers.bodies import (
    committee_of,
    confirming_body,
    confirming_contact,
    county_government,
    matter_of,
    township_body,
)
from applications.papers.forms import means_check_line, publicity_part, visit_lines
from applications.papers.outcome import decision_part, finding_rows, proposal_part
from applications.queries import grounds_of
from applications.rules.doors import doors_after_refusal
from applications.rules.process import EventKind
from applications.rules.terminations import CLAUSE_OF_PROCEDURE, Cause
from benefits.models import Award
from benefits.queries import unpaid_after_death
from benefits.services import first_month
from documents import records
from foundation.dates import chinese_date
from organizations.queries import township_of

_DIBAO = "最低生活保障（"
_DIBAO_IF_POOR = f"家庭人均收入低于低保标准、财产符合规定的，{_DIBAO}乡镇社会救助窗口）"


def support_end_sheet(
    proposals: Sequence[Proposal], *, first_day: date, last_day: date, place: str, telephone: str
) -> records.SupportEndSheet:
    """拟终止公示 of one village: names, and never why (F43 §26)."""
    case = proposals[0].case
    return records.SupportEndSheet(
        body=township_body(case.area),
        confirming_body=confirming_body(case),
        village=case.area.short_name,
        matter=matter_of(case),
        names=tuple(proposal.case.applicant.person.name for proposal in proposals),
        first_day=first_day,
        last_day=last_day,
        place=place,
        telephone=telephone,
    )


def support_end_form(case: Case, *, decision: Decision) -> records.SupportEndForm:
    """终止审批表 of a decided termination."""
    award, found = _award(case), case.termination
    version = award.versions.order_by("-serial").first()
    assert version is not None  # noqa: S101 -- an award is granted with its first version
    person = case.applicant.person
    return records.SupportEndForm(
        matter=matter_of(case),
        case_number=case.number,
        opened_on=case.intake.opened_on,
        township=township_of(case.area).name,
        village=case.area.short_name,
        address=case.household.address,
        person=person.name,
        id_number=person.id_number.reveal(),
        birth_date=person.birth_date,
        award_number=award.number,
        first_month=award.starts_month,
        monthly_amount=version.monthly_amount,
        support_mode=version.get_support_mode_display(),
        cause=found.rule.label,
        clause=found.rule.clause,
        happened_on=found.happened_on,
        facts=found.facts,
        evidence=found.evidence.file_name,
        verified=(*visit_lines(case), *_verified(case)),
        means_check=means_check_line(case),
        assessed_on=decision.assessment.on,
        findings=_findings(case, decision),
        township_body=township_body(case.area),
        confirming_body=confirming_body(case),
        proposal=proposal_part(decision.proposal),
        publicity=publicity_part(case),
        decision=decision_part(decision),
        ends_from=first_month(decision.decided_on) if decision.is_eligible else None,
        unpaid_from=unpaid_from(case) if decision.is_eligible else None,
    )


def support_end_notice(case: Case, *, decision: Decision) -> records.SupportEndNotice:
    """终止通知书 to the person, or to the relatives of who has died."""
    contact, telephone = confirming_contact(case)
    found, person = case.termination, case.applicant.person
    return records.SupportEndNotice(
        body=confirming_body(case),
        applicant=f"{person.name}的亲属" if found.cause == Cause.DIED else person.name,
        person=person.name,
        village=case.area.short_name,
        matter=matter_of(case),
        case_number=case.number,
        decided_on=decision.decided_on,
        cause=found.rule.label,
        clause=found.rule.clause,
        procedure=CLAUSE_OF_PROCEDURE,
        happened_on=found.happened_on,
        day_title=found.rule.day,
        facts=found.facts,
        findings=tuple(row for row in _findings(case, decision) if not row.passed) if found.rule.is_assessed else (),
        last_month=decision.decided_on.replace(day=1),
        ends_from=first_month(decision.decided_on),
        unpaid_from=unpaid_from(case),
        may_claim=tuple(doors_after_end(case, decision)),
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
    )


def support_kept_notice(case: Case, *, decision: Decision) -> records.SupportKeptNotice:
    """继续供养告知书: what was looked into did not end the support."""
    contact, telephone = confirming_contact(case)
    return records.SupportKeptNotice(
        body=confirming_body(case),
        applicant=case.applicant.person.name,
        village=case.area.short_name,
        matter=matter_of(case),
        case_number=case.number,
        decided_on=decision.decided_on,
        cause=case.termination.rule.label,
        facts_found=decision.facts_found,
        reasons=tuple(decision.reasons.splitlines()),
        clause=decision.clause,
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
    )


def support_end_village(case: Case, *, decision: Decision) -> records.SupportEndVillage:
    """终止告知书 to the village or community committee."""
    contact, telephone = confirming_contact(case)
    return records.SupportEndVillage(
        body=confirming_body(case),
        applicant=committee_of(case.area),
        person=case.applicant.person.name,
        village=case.area.short_name,
        matter=matter_of(case),
        case_number=case.number,
        decided_on=decision.decided_on,
        cause=case.termination.rule.label,
        clause=case.termination.rule.clause,
        procedure=CLAUSE_OF_PROCEDURE,
        ends_from=first_month(decision.decided_on),
        contact=contact,
        telephone=telephone,
    )


def doors_after_end(case: Case, outcome: Proposal | Decision) -> list[str]:
    """What may be claimed after the support has ended (转入其他救助; F43 §27); nothing where nobody is left."""
    if case.household.ended_on is not None or case.applicant.person.died_on is not None:
        return []
    doors = doors_after_refusal(outcome.assessment.result, outcome.assessment.facts, refused=case.scheme)
    # Who is supported now counts in no family of 低保, so the assessment cannot open that door by itself.
    return doors if any(door.startswith(_DIBAO) for door in doors) else [_DIBAO_IF_POOR, *doors]


def unpaid_from(case: Case) -> date | None:
    """The first month that may not be paid after the person's death, however late it is decided (F2022 一(三))."""
    return unpaid_after_death(_award(case), case.applicant.person)


def _award(case: Case) -> Award:
    assert case.award is not None  # noqa: S101 -- held by case_award_is_of_termination
    return case.award


def _findings(case: Case, decision: Decision) -> tuple[records.FindingRow, ...]:
    return finding_rows(case, grounds_of(decision), subject=case.applicant.reference)


def _verified(case: Case) -> tuple[str, ...]:
    events = case.events.filter(kind=EventKind.VERIFIED).select_related("by").order_by("pk")
    return tuple(f"{chinese_date(event.on)}书面核实（{event.by}）：{event.note}" for event in events)
