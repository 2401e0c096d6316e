"""自理能力变化: report, assess together, decide; F43 §§22–23."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from benefits.models import Award, AwardVersion
from benefits.services import Care, change_care, first_month
from care.models import CareDecision, SelfCareReassessment, SelfCareReport
from care.permissions import Permission, can_act, check_can_act
from care.queries import changes, current_version, latest_assessment, person_of, reassessment_due
from care.rules.levels import care_level
from care.services.checks import NotAllowed, check_told, lock
from eligibility.queries import MissingParameters, care_amount_in_force
from foundation.errors import NotPermitted, ServiceError
from households.models.people import SELF_CARE_INDICATORS, SupportMode
from households.services import write_self_care
from organizations.models import Staff


@dataclass(frozen=True)
class AssessmentData:
    """What township and county found together."""

    unable: Sequence[str]
    support_mode: str
    assessed_on: date
    township_assessor: Staff
    county_assessor: Staff
    opinion: str


@dataclass(frozen=True)
class CareChange:
    """What agreeing to an assessment would make of the award, yuan a month."""

    version: AwardVersion
    care: Care
    monthly_amount: Decimal
    from_month: date


@transaction.atomic
def report_change(
    award: Award, *, reported_on: date, reported_by: str, change: str, by: Staff, on: date
) -> SelfCareReport:
    """Record that somebody reported a change (登记自理能力变化); township and county assess in time.

    :raises NotAllowed: a day to come, nothing said, one is open already, or no term is in force.
    """
    award = lock(award, by=by, permission=Permission.RECORD_CARE_VISIT)
    if reported_on > on:
        raise NotAllowed("报告日期不能晚于今天。", field="reported_on")
    if award.self_care_reports.filter(settled_on=None).exists():
        raise NotAllowed("这个人已有一次复核评估没有办结。")
    due = reassessment_due(reported_on)
    if due is None:
        raise NotAllowed("没有复核评估的办理时限，请县里先在“办理时限”中设定。", field="reported_on")
    return SelfCareReport.objects.create(
        award=award,
        reported_on=reported_on,
        reported_by=check_told(reported_by, "请填报告人。", field="reported_by"),
        change=check_told(change, "请写明变化的情况。", field="change"),
        recorded_by=by,
        due_on=due.on,
        due_is_provisional=due.provisional,
    )


@transaction.atomic
def assess_self_care(report: SelfCareReport, *, data: AssessmentData, by: Staff, on: date) -> SelfCareReassessment:
    """Record the assessment that township and county made together (复核评估), also after its day.

    Without another level or mode the report is settled; otherwise the county decides (:func:`decide_care`).

    :raises NotPermitted: neither assessor records it.
    :raises NotAllowed: settled, waiting for a decision, or the assessors, the day or the opinion do not fit.
    """
    report, award = _lock(report)
    area = award.area
    if by.pk not in (data.township_assessor.pk, data.county_assessor.pk):
        raise NotPermitted("复核评估由乡镇或县里的评估人登记。")
    if not can_act(data.township_assessor, Permission.MANAGE_CARE, area=area):
        raise NotAllowed("请选择这个乡镇的经办人。", field="township_assessor")
    if not can_act(data.county_assessor, Permission.COUNTY_VISIT, area=area):
        raise NotAllowed("请选择县民政局的经办人。", field="county_assessor")
    if (waiting := latest_assessment(report)) and not hasattr(waiting, "decision"):
        raise NotAllowed("已经评估，正在等县里决定。")
    _check(data, report=report, on=on)
    unable = [indicator for indicator in SELF_CARE_INDICATORS if indicator in data.unable]
    assessment = SelfCareReassessment.objects.create(
        report=report,
        unable_self_care=unable,
        care_level=care_level(len(unable)),
        support_mode=data.support_mode,
        assessed_on=data.assessed_on,
        township_assessor=data.township_assessor,
        county_assessor=data.county_assessor,
        opinion=data.opinion.strip(),
        recorded_by=by,
    )
    write_self_care(person_of(award), unable=unable, support_mode=data.support_mode)
    if not changes(assessment, award.versions.latest("serial")):
        report.settled_on = on
        report.save(update_fields=["settled_on"])
    return assessment


def care_change(assessment: SelfCareReassessment, *, on: date) -> CareChange:
    """What agreeing on a day makes of the award: the care standard in force in the month after, the rest unchanged.

    :raises NotAllowed: no standard is in force in that month.
    """
    award, month = assessment.report.award, first_month(on)
    version = current_version(award, on=month)
    mode, level = assessment.support_mode, assessment.care_level
    try:
        amount = care_amount_in_force(award.area, residence=award.household.residence, mode=mode, level=level, on=month)
    except MissingParameters as error:
        raise NotAllowed(str(error)) from error
    basic = version.monthly_amount - version.care_monthly_amount
    return CareChange(version, Care(amount, level, mode), basic + amount, month)


@transaction.atomic
def decide_care(assessment: SelfCareReassessment, *, reason: str = "", by: Staff, on: date) -> CareDecision:
    """Agree to an assessment (照料护理档次调整): another version of the award from the month after the decision.

    :raises NotPermitted: the person reported, assessed or recorded it, or does not confirm for the county.
    :raises NotAllowed: decided already, or no standard is in force.
    """
    report, award = _lock(assessment.report)
    _check_decides(assessment, report, award, by=by)
    assessment.report = report
    change = care_change(assessment, on=on)
    version = change_care(
        award,
        care=change.care,
        monthly_amount=change.monthly_amount,
        from_month=change.from_month,
        reason=f"自理能力复核评估：{assessment.get_care_level_display()}、{assessment.get_support_mode_display()}",
        by=by,
        on=on,
    )
    decision = CareDecision.objects.create(
        assessment=assessment, version=version, reason=reason.strip(), decided_by=by, decided_on=on
    )
    report.settled_on = on
    report.save(update_fields=["settled_on"])
    return decision


@transaction.atomic
def send_back(assessment: SelfCareReassessment, *, reason: str, by: Staff, on: date) -> CareDecision:
    """Have an assessment made again (退回重新评估); the award stays as it is.

    :raises NotPermitted: the person reported, assessed or recorded it, or does not confirm for the county.
    :raises NotAllowed: decided already, or no reason.
    """
    report, award = _lock(assessment.report)
    _check_decides(assessment, report, award, by=by)
    reason = check_told(reason, "退回的，请写明原因。", field="reason")
    return CareDecision.objects.create(assessment=assessment, reason=reason, decided_by=by, decided_on=on)


@transaction.atomic
def recompute_provisional() -> int:
    """Work out anew the open deadlines that were reckoned by weekdays alone (暂按周一至周五计算).

    :returns: how many reports were looked at.
    """
    reports = list(SelfCareReport.objects.select_for_update().filter(due_is_provisional=True, settled_on=None))
    for report in reports:
        due = reassessment_due(report.reported_on)
        if due is not None:
            report.due_on, report.due_is_provisional = due.on, due.provisional
            report.save(update_fields=["due_on", "due_is_provisional"])
    return len(reports)


def _lock(report: SelfCareReport) -> tuple[SelfCareReport, Award]:
    rows = SelfCareReport.objects.select_for_update(of=("self",)).select_related("award__area", "award__household")
    report = rows.get(pk=report.pk)
    if report.settled_on is not None:
        raise NotAllowed("这次复核评估已经办结。")
    return report, report.award


def _check(data: AssessmentData, *, report: SelfCareReport, on: date) -> None:
    if not report.reported_on <= data.assessed_on <= on:
        raise NotAllowed("评估日期须在报告之后，并且不晚于今天。", field="assessed_on")
    if set(data.unable) - set(SELF_CARE_INDICATORS):
        raise NotAllowed("请在六项里选择不能自理的。", field="unable")
    if data.support_mode not in SupportMode.values:
        raise NotAllowed("请选择供养方式。", field="support_mode")
    check_told(data.opinion, "请写明评估意见。", field="opinion")


def _check_decides(assessment: SelfCareReassessment, report: SelfCareReport, award: Award, *, by: Staff) -> None:
    check_can_act(by, Permission.CONFIRM, area=award.area)
    own = {assessment.township_assessor_id, assessment.county_assessor_id, assessment.recorded_by_id}
    if by.pk in own | {report.recorded_by_id}:
        raise NotPermitted("您登记或参加了这次复核评估，不能再由您决定。")
    if CareDecision.objects.filter(assessment=assessment).exists():
        raise ServiceError("这次评估已经有决定。")
    if latest_assessment(report) != assessment:
        raise NotAllowed("已有新的评估，请看最新的一次。")
