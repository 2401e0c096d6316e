"""生活自理能力评估: the township and the county assess together, the person says how they want to be cared for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import Case, SelfCareAssessment, SelfCareAssessor
from applications.models.terms import StepItem
from applications.permissions import Permission, can_act, check_can_act
from applications.queries.lacking import not_assessed
from applications.queries.steps import step_items
from applications.queries.suggesting import covered_members
from applications.rules.process import CaseState, EventKind
from applications.services.issuing import issue
from applications.services.outcomes import NotProposable
from applications.services.steps import check_not_related, hand_back_draft, lock_case, require_state, write_event
from documents.models import Document, DocumentKind
from documents.services import issue_document
from eligibility.rules import level_of
from foundation.errors import ServiceError
from households.models import Attachment, Household, Member
from households.models.people import SELF_CARE_INDICATORS, SupportMode
from households.services import record_self_care as write_self_care
from organizations.models import Staff
from organizations.queries import township_of

LEAST_ASSESSORS = 2


class SelfCareNotValid(ServiceError):
    """The assessment does not meet F43 §§20–22."""


@dataclass(frozen=True)
class SelfCareReport:
    """What an assessment found (评估结果).

    :param not_managed: which of the six indicators (F43 §21) the person does not manage alone.
    :param support_mode: 集中 or 分散, as the person chose; ``mode_said_by`` is who said so.
    """

    assessed_on: date
    place: str
    not_managed: Collection[str]
    support_mode: str
    mode_said_by: str
    note: str = ""


@transaction.atomic
def assess_self_care(
    member: Member,
    *,
    report: SelfCareReport,
    assessors: Sequence[Staff],
    by: Staff,
    on: date,
    case: Case,
    scan: Attachment | None = None,
) -> SelfCareAssessment:
    """Record a self-care assessment (生活自理能力评估; F43 §§20–22), write it to the person and issue its form.

    :raises SelfCareNotValid: not by township and county together, days out of order, or something is not filled in.
    :raises NotNow: the case is not being investigated.
    """
    # Acts on the family lock its row first, and so does this one, which changes a person of it.
    household = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=member.household_id)
    check_can_act(by, Permission.INVESTIGATE, area=household.area)
    case = lock_case(case)
    require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    _check_report(report, household, scan=scan, on=on)
    if case.accepted_on is not None and report.assessed_on < case.accepted_on:
        raise SelfCareNotValid("评估日期不能早于受理日期。", field="assessed_on")
    _check_member(member, household, case=case)
    _check_assessors(assessors, household, case=case, on=report.assessed_on)
    write_self_care(member, not_managed=_in_order(report), support_mode=report.support_mode, by=by)
    of_county = {person.pk: can_act(person, Permission.COUNTY_VISIT, area=household.area) for person in assessors}
    sides = [(person, of_county[person.pk]) for person in assessors]
    assessment = _write(member, report=report, sides=sides, by=by, case=case, scan=scan)
    _note(assessment, case=case, by=by)
    document = issue(case, DocumentKind.SELFCARE_FORM, papers.selfcare_form(member, assessment), by=by, on=on)
    return _keep(assessment, document)


@transaction.atomic
def reassess_self_care(
    member: Member, *, report: SelfCareReport, township_assessor: Staff, county_assessor: Staff, by: Staff, on: date
) -> SelfCareAssessment:
    """Record an assessment made anew of somebody supported already (复核评估; F43 §23), and issue its form.

    Whether the two may assess and the person may record it is the caller's duty, as is what follows: nothing is
    written to the person here.

    :raises SelfCareNotValid: something is not filled in, or a day to come.
    """
    area = member.household.area
    _check_report(report, member.household, scan=None, on=on)
    sides = [(township_assessor, False), (county_assessor, True)]
    assessment = _write(member, report=report, sides=sides, by=by)
    document = issue_document(
        kind=DocumentKind.SELFCARE_FORM,
        issuing_area=township_of(area),
        area=area,
        record=papers.selfcare_form(member, assessment),
        by=by,
        on=on,
    )
    return _keep(assessment, document)


def _in_order(report: SelfCareReport) -> list[str]:
    return [name for name in SELF_CARE_INDICATORS if name in report.not_managed]


def _write(
    member: Member,
    *,
    report: SelfCareReport,
    sides: Sequence[tuple[Staff, bool]],
    by: Staff,
    case: Case | None = None,
    scan: Attachment | None = None,
) -> SelfCareAssessment:
    """
    :param sides: who assessed, and whether for the county.
    """
    not_managed = _in_order(report)
    assessment = SelfCareAssessment.objects.create(
        case=case,
        member=member,
        assessed_on=report.assessed_on,
        place=report.place.strip(),
        not_managed=not_managed,
        level=level_of(len(not_managed)).value,
        support_mode=report.support_mode,
        mode_said_by=report.mode_said_by.strip(),
        note=report.note.strip(),
        scan=scan,
        recorded_by=by,
    )
    SelfCareAssessor.objects.bulk_create(
        [SelfCareAssessor(assessment=assessment, staff=person, is_of_county=of_county) for person, of_county in sides]
    )
    return assessment


def _note(assessment: SelfCareAssessment, *, case: Case, by: Staff) -> None:
    hand_back_draft(case)
    assessors = [row.staff for row in assessment.assessors.select_related("staff")]
    names = "、".join(person.name for person in assessors)
    write_event(
        case,
        EventKind.SELF_CARE_ASSESSED,
        by=by,
        on=assessment.assessed_on,
        note=f"{assessment.member.person.name}：{assessment.get_level_display()}，"
        f"{assessment.get_support_mode_display()}；评估人{names}",
        data={"assessors": [person.pk for person in assessors], "member": assessment.member_id},
    )


def _keep(assessment: SelfCareAssessment, document: Document) -> SelfCareAssessment:
    assessment.document = document
    assessment.save(update_fields=["document"])
    return assessment


def _check_report(report: SelfCareReport, household: Household, *, scan: Attachment | None, on: date) -> None:
    if report.assessed_on > on:
        raise SelfCareNotValid("评估日期不能晚于今天。", field="assessed_on")
    for name, what in (("place", "评估地点"), ("mode_said_by", "供养方式由谁表示")):
        if not getattr(report, name).strip():
            raise SelfCareNotValid(f"请写明{what}。", field=name)
    if report.support_mode not in SupportMode.values:
        raise SelfCareNotValid("请选择供养方式。", field="support_mode")
    if set(report.not_managed) - set(SELF_CARE_INDICATORS):
        raise SelfCareNotValid("自理能力只评估规定的六项指标。", field="member")
    if scan is not None and scan.household_id != household.pk:
        raise SelfCareNotValid("附件不是这个家庭的。", field="scan")


def _check_member(member: Member, household: Household, *, case: Case) -> None:
    if member.left_on is not None or case.household_id != household.pk:
        raise SelfCareNotValid(f"{member.person}不在这个家庭里，请刷新后再办。", field="member")
    if case.matter.is_review:
        if member.pk != case.applicant_id:
            raise SelfCareNotValid("复核只评估这份待遇的供养对象本人。", field="member")
    elif member.pk in covered_members(household, scheme=case.scheme):
        raise SelfCareNotValid(
            f"{member.person}已是特困人员，不用在这次申请里评估；自理能力有变化的，请发起复核，或者在照料服务里登记自理能力变化。",
            field="member",
        )


def _check_assessors(assessors: Sequence[Staff], household: Household, *, case: Case, on: date) -> None:
    """Two people at least, of the township and of the county; no registered near relative (F43 §20; F57 §11)."""
    if len({person.pk for person in assessors}) < LEAST_ASSESSORS:
        raise SelfCareNotValid(f"评估至少要有{LEAST_ASSESSORS}人。", field="assessors")
    of_county, of_township = 0, 0
    for person in assessors:
        check_not_related(case, person)
        is_county = can_act(person, Permission.COUNTY_VISIT, area=household.area)
        is_township = can_act(person, Permission.INVESTIGATE, area=household.area)
        if not person.is_active_on(on) or not (is_county or is_township):
            raise SelfCareNotValid(
                f"{person.name}不能参加这次评估（不在本辖区、没有这项职责或账号已停用）。", field="assessors"
            )
        of_county, of_township = of_county + is_county, of_township + is_township
    if not of_county or not of_township:
        raise SelfCareNotValid(
            "评估由县民政局和乡镇共同进行：双方都要有人参加（民发〔2021〕43号第二十条）。", field="assessors"
        )


def check_assessed(case: Case, members: Sequence[Member], *, on: date) -> None:
    """Whom a proposal covers is assessed as they are now, where the step asks for it (步骤材料; F43 §20).

    :raises NotProposable: somebody is not.
    """
    if StepItem.SELF_CARE not in step_items(case, case.state, on=on):
        return
    if missing := not_assessed(members, list(case.self_care_assessments.all())):
        raise NotProposable(f"还没有做生活自理能力评估：{'、'.join(missing)}。", field="persons")
