"""Forms that the file of a case keeps: 入户调查表, 民主评议记录表, 审核确认表."""

from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from applications.models import Appraisal, Case, Decision, HomeVisit, Proposal, SelfCareAssessment
from applications.models.investigation import AppraisalResult
from applications.papers.bodies import confirming_body, matter_of, township_body
from applications.papers.family import load_family
from applications.papers.outcome import decision_part, finding_rows, proposal_part, recognised_part, sum_part
from applications.queries import current_proposal, grounds_of, latest_means_check
from applications.rules.process import EventKind
from benefits.services import first_month
from documents import records
from foundation.dates import chinese_date
from households.models import Member
from households.models.people import SELF_CARE_LABELS
from organizations.queries import township_of


def visit_form(case: Case, visit: HomeVisit | None = None) -> records.VisitForm:
    """入户调查表, blank to be filled in on the spot, or with what a visit found; F57 §16."""
    family = load_family(case.household, year=case.intake.accounting_year)
    return records.VisitForm(
        case_number=case.number,
        matter=matter_of(case),
        township=township_of(case.area).name,
        village=case.area.short_name,
        address=case.household.address,
        applicant=case.applicant.person.name,
        phone=case.household.phone.reveal(),
        hardship_causes=case.household.hardship_causes,
        persons=family.person_rows(),
        year=family.year,
        incomes=family.income_rows(),
        property=family.property_part(),
        visit=_visit_part(visit) if visit else None,
    )


def appraisal_record(case: Case, appraisal: Appraisal | None = None) -> records.AppraisalRecord:
    """民主评议记录表, blank for the meeting that was called, or with what it found; F57 §19."""
    called = case.events.filter(kind=EventKind.APPRAISAL_CALLED).order_by("-pk").first()
    return records.AppraisalRecord(
        case_number=case.number,
        matter=matter_of(case),
        township=township_of(case.area).name,
        village=case.area.short_name,
        address=case.household.address,
        applicant=case.applicant.person.name,
        person_count=case.household.members.filter(left_on=None).count(),
        dispute=appraisal.dispute if appraisal else called.note if called else "",
        appraisal=_appraisal_part(appraisal) if appraisal else None,
    )


def selfcare_form(member: Member, assessment: SelfCareAssessment | None = None) -> records.SelfCareForm:
    """生活自理能力评估表, blank to be filled in on the spot, or with what an assessment found; F43 §§20–22."""
    household, person = member.household, member.person
    return records.SelfCareForm(
        name=person.name,
        sex=person.get_sex_display(),
        birth_date=person.birth_date,
        id_number=person.id_number.reveal(),
        disability="、".join(str(row) for row in person.disabilities.filter(ended_on=None)),
        township=township_of(household.area).name,
        village=household.area.short_name,
        address=household.address,
        indicators=tuple(SELF_CARE_LABELS.values()),
        case_number=assessment.case.number if assessment and assessment.case else "",
        result=_self_care_part(assessment) if assessment else None,
    )


def _self_care_part(assessment: SelfCareAssessment) -> records.SelfCarePart:
    prefetch_related_objects([assessment], "assessors__staff")
    return records.SelfCarePart(
        assessed_on=assessment.assessed_on,
        place=assessment.place,
        not_managed=tuple(assessment.not_managed_labels),
        level=assessment.get_level_display(),
        support_mode=assessment.get_support_mode_display(),
        mode_said_by=assessment.mode_said_by,
        note=assessment.note,
        township_assessors=tuple(assessment.township_assessors),
        county_assessors=tuple(assessment.county_assessors),
    )


def approval_form(
    case: Case, *, on: date, decision: Decision | None = None, proposal: Proposal | None = None
) -> records.ApprovalForm:
    """审核确认表, of a decision, or of a proposal that is still to be decided.

    :raises ValueError: neither a decision nor a proposal is there to print.
    """
    proposal = decision.proposal if decision else proposal or current_proposal(case)
    if proposal is None or case.accepted_on is None:
        raise ValueError("没有初审意见，不能打印审核确认表")
    assessment = (decision or proposal).assessment
    household, means = case.household, assessment.result["household"]
    family = load_family(household, year=case.intake.accounting_year)
    return records.ApprovalForm(
        **file_parts(case, decision=decision, proposal=proposal),
        accepted_on=case.accepted_on,
        applicant=family.member_row(case.applicant_id),
        persons=family.person_rows(means["counted"]),
        incomes=family.income_rows(),
        expenses=family.expense_rows(),
        property=family.property_part(),
        property_ok=means["property_ok"],
        sum=sum_part(assessment, year=family.year),
        findings=finding_rows(case, grounds_of(decision or proposal)),
        status=case.matter.status,
        recognised=recognised_part(decision) if decision and decision.valid_months else None,
        supporters=family.supporter_rows(on=on),
    )


def file_parts(case: Case, *, decision: Decision | None, proposal: Proposal) -> dict[str, Any]:
    """What the forms of every scheme say of a case: where the family lives, what was done, proposed and decided."""
    household = case.household
    return {
        "case_number": case.number,
        "matter": matter_of(case),
        "township": township_of(case.area).name,
        "village": case.area.short_name,
        "address": household.address,
        "phone": household.phone.reveal(),
        "residence": household.get_residence_display(),
        "registration": household.get_registration_kind_display(),
        "hardship_causes": household.hardship_causes,
        "means_check": means_check_line(case),
        "visits": visit_lines(case),
        "appraisal": _appraisal(case),
        "township_body": township_body(case.area),
        "confirming_body": confirming_body(case),
        "proposal": proposal_part(proposal),
        "publicity": publicity_part(case),
        "decision": decision_part(decision) if decision else None,
        "first_month": first_month(decision.decided_on) if decision and decision.monthly_amount else None,
    }


def _visit_part(visit: HomeVisit) -> records.VisitPart:
    return records.VisitPart(
        visited_on=visit.visited_on,
        place=visit.place,
        way=visit.get_way_display(),
        visitors=tuple(row.staff.name for row in visit.visitors.select_related("staff")),
        living_conditions=visit.living_conditions,
        facts_found=visit.facts_found,
        neighbor_inquiry=visit.neighbor_inquiry,
        opinion=visit.opinion,
        family_signed_by=visit.family_signed_by,
        agrees_with_declaration=visit.agrees_with_declaration,
        photos=visit.attachments.count(),
        is_by_county=visit.is_by_county,
    )


def _appraisal_part(held: Appraisal) -> records.AppraisalPart:
    return records.AppraisalPart(
        held_on=held.held_on,
        place=held.place,
        host=held.host,
        participants=tuple(
            records.ParticipantRow(person.name, person.role_label, person.opinion_label) for person in held.attendance
        ),
        representatives=held.representatives,
        votes_for=held.votes_for,
        votes_against=held.votes_against,
        abstained=held.abstained,
        agreed=held.result == AppraisalResult.AGREED,
        recorded_by=held.recorded_by.name,
    )


def means_check_line(case: Case) -> str:
    """信息核对 in one line."""
    link = latest_means_check(case)
    if link is None:
        return ""
    check = link.means_check
    if check.answered_on is None:
        return f"批次{check.batch_number}，尚未返回结果。"
    text = f"批次{check.batch_number}，{chinese_date(check.answered_on)}返回：{check.get_result_display()}。"
    return text + (f"{check.note}" if check.note else "")


def visit_lines(case: Case) -> tuple[str, ...]:
    """入户调查, a line for each visit."""
    visits = case.visits.prefetch_related("visitors__staff").order_by("visited_on", "pk")
    return tuple(_visit_line(visit) for visit in visits)


def _visit_line(visit: HomeVisit) -> str:
    who = "、".join(row.staff.name for row in visit.visitors.all())
    county = "（县民政局入户）" if visit.is_by_county else ""
    agrees = "与申报一致" if visit.agrees_with_declaration else "与申报不一致"
    opinion = visit.opinion.rstrip("。")
    return f"{chinese_date(visit.visited_on)}{visit.get_way_display()}{county}，{who}：{agrees}" + (
        f"；{opinion}。" if opinion else "。"
    )


def _appraisal(case: Case) -> str:
    held = case.appraisals.order_by("-held_on", "-pk").first()
    if held is None:
        return ""
    return (
        f"{chinese_date(held.held_on)}在{held.place}评议，赞成{held.votes_for}票，反对{held.votes_against}票，"
        f"结论：{held.get_result_display()}。"
    )


def publicity_part(case: Case) -> records.PublicityPart | None:
    """公示 as it went: the last one that was not taken back, and what was objected in any."""
    rounds = list(case.publicities.filter(taken_back=False).prefetch_related("objections").order_by("pk"))
    if not rounds:
        return None
    posted = rounds[-1]
    return records.PublicityPart(
        first_day=posted.first_day,
        last_day=posted.last_day,
        place=posted.place,
        objections=tuple(
            f"{chinese_date(item.raised_on)}“{item.content}”"
            + (f"，处理结果：{item.resolution}" if item.resolution else "")
            for row in rounds
            for item in row.objections.all()
        ),
    )
