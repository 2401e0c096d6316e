"""自理能力变化: report, assess together, decide; F43 §§22–23."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from applications.services import SelfCareReport as SelfCareFound
from applications.services import reassess_self_care
from benefits.models import Award, AwardState, AwardVersion
from benefits.services import Care, change_care, first_month
from care import papers
from care.models import CareDecision, SelfCareReassessment, SelfCareReport
from care.permissions import Permission, can_act, check_can_act, related_to
from care.queries import changes, current_version, latest_assessment, member_of, person_of, reassessment_due
from care.services.checks import NotAllowed, check_told, lock
from documents.models import DocumentKind
from documents.services import issue_document
from eligibility.queries import MissingParameters, care_amount_in_force
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from households.models import Household, Person
from households.models.people import SELF_CARE_INDICATORS
from households.services import write_reassessment
from organizations.models import Staff
from organizations.queries import county, deputising
from organizations.rules.separation import standing_as_one

_STALE = "您打开这一页之后，复核评估或者同意以后的金额、起始月份有了变化。请核对最新情况后再决定。"
_RECUSED = "您与这个家庭有近亲属备案关系（或同名），须回避，请交由其他人员办理。"


@dataclass(frozen=True)
class AssessmentData:
    """What township and county found together.

    :param mode_said_by: who chose the mode: the person, or the guardian (F43 §22).
    """

    unable: Sequence[str]
    support_mode: str
    mode_said_by: str
    assessed_on: date
    place: str
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

    :raises NotAllowed: the person died, a day to come, nothing said, one is open already, or no term is in force.
    """
    award = lock(award, by=by, permission=Permission.RECORD_CARE_VISIT)
    _check_alive(person_of(award))
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
    """Record the assessment that township and county made together (复核评估), also after its day; its form is issued.

    Without another level or mode the report is settled and the findings are written to the person; otherwise the
    county decides (:func:`decide_care`), and until then nothing is written.

    :raises NotPermitted: neither assessor records it, or the one who does is a registered near relative (F57 §11).
    :raises NotAllowed: settled, the person died, the award stopped, waiting for a decision, or the assessors, the day
        or the opinion do not fit.
    :raises SelfCareNotValid: something else of the form is not filled in.
    """
    report, award = _lock(report)
    area = award.area
    if by.pk not in (data.township_assessor.pk, data.county_assessor.pk):
        raise NotPermitted("复核评估由乡镇或县里的评估人登记。")
    _check_recused(data, award, by=by)
    if not can_act(data.township_assessor, Permission.MANAGE_CARE, area=area):
        raise NotAllowed("请选择这个乡镇的经办人。", field="township_assessor")
    if not can_act(data.county_assessor, Permission.COUNTY_VISIT, area=area):
        raise NotAllowed("请选择县民政局的经办人。", field="county_assessor")
    if data.township_assessor.pk == data.county_assessor.pk:
        raise NotAllowed("评估由县民政局和乡镇共同进行，请选择两个人。", field="county_assessor")
    if (waiting := latest_assessment(report)) and not hasattr(waiting, "decision"):
        raise NotAllowed("已经评估，正在等县里决定。")
    _check(data, report=report, on=on)
    said = SelfCareFound(
        assessed_on=data.assessed_on,
        place=data.place,
        not_managed=data.unable,
        support_mode=data.support_mode,
        mode_said_by=data.mode_said_by,
        note=data.opinion,
    )
    record = reassess_self_care(
        member_of(award),
        report=said,
        township_assessor=data.township_assessor,
        county_assessor=data.county_assessor,
        by=by,
        on=on,
    )
    assessment = SelfCareReassessment.objects.create(report=report, record=record)
    if not changes(assessment, award.versions.latest("serial")):
        _settle(assessment, report, on=on)
    return assessment


def care_change(assessment: SelfCareReassessment, *, on: date) -> CareChange:
    """What agreeing on a day makes of the award: the care standard in force in the month after, the rest unchanged.

    :raises NotAllowed: no standard is in force in that month.
    """
    award, month = assessment.report.award, first_month(on)
    version = current_version(award, on=month)
    mode, level = assessment.record.support_mode, assessment.record.level
    try:
        amount = care_amount_in_force(award.area, residence=award.household.residence, mode=mode, level=level, on=month)
    except MissingParameters as error:
        raise NotAllowed(str(error)) from error
    basic = version.monthly_amount - version.care_monthly_amount
    return CareChange(version, Care(amount, level, mode), basic + amount, month)


@transaction.atomic
def decide_care(
    assessment: SelfCareReassessment,
    *,
    reason: str = "",
    by: Staff,
    on: date,
    shown: tuple[Decimal | None, date | None] | None = None,
) -> CareDecision:
    """Agree to an assessment (照料护理档次调整): another version of the award from the month after the decision.

    What was found is written to the person with it, and the notice (照料护理档次调整告知书) is issued.

    :param shown: the amount, yuan a month, and the first month that the decider saw on the page.
    :raises NotPermitted: the person reported, assessed or recorded one of the report's assessments, is a registered
        near relative, or does not confirm for the county.
    :raises NotAllowed: decided already, the person died, the award stopped, or no standard is in force.
    :raises StaleVersion: there is a later assessment, or agreeing would make something else than was shown.
    """
    report, award = _lock(assessment.report)
    _check_decides(assessment, report, award, by=by)
    assessment.report = report
    change, found = care_change(assessment, on=on), assessment.record
    if shown is not None and shown != (change.monthly_amount, change.from_month):
        raise StaleVersion(_STALE)
    version = change_care(
        award,
        care=change.care,
        monthly_amount=change.monthly_amount,
        from_month=change.from_month,
        reason=f"自理能力复核评估：{found.get_level_display()}、{found.get_support_mode_display()}",
        by=by,
        on=on,
    )
    notice = issue_document(
        kind=DocumentKind.CARE_CHANGE_NOTICE,
        issuing_area=county(),
        area=award.area,
        record=papers.care_change_notice(assessment, before=change.version, after=version, on=on),
        by=by,
        on=on,
    )
    decision = CareDecision.objects.create(
        assessment=assessment, version=version, notice=notice, reason=reason.strip(), decided_by=by, decided_on=on
    )
    _settle(assessment, report, on=on)
    return decision


@transaction.atomic
def send_back(assessment: SelfCareReassessment, *, reason: str, by: Staff, on: date) -> CareDecision:
    """Have an assessment made again (退回重新评估); the award and the person's facts stay as they are.

    :raises NotPermitted: as :func:`decide_care`.
    :raises NotAllowed: decided already, the person died, the award stopped, or no reason.
    :raises StaleVersion: there is a later assessment.
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


@transaction.atomic
def settle_without_decision(*, reason: str, on: date, award: Award | None = None, person: Person | None = None) -> None:
    """Settle the open report of an award that stopped, or of a person who died (不再评估): nothing is left to decide.

    :param on: the day of the death or of the decision to stop.
    """
    reports = SelfCareReport.objects.select_for_update(of=("self",)).filter(settled_on=None)
    reports = reports.filter(award=award) if award else reports.filter(award__persons__person=person)
    for report in reports:
        # A report made after the death, before it was known, is not settled before it was made.
        report.settled_on, report.settled_reason = max(on, report.reported_on), reason
        report.save(update_fields=["settled_on", "settled_reason"])


def _settle(assessment: SelfCareReassessment, report: SelfCareReport, *, on: date) -> None:
    """Write to the person what was found, and settle the report."""
    found, award = assessment.record, report.award
    write_reassessment(award.household, person_of(award), unable=found.not_managed, support_mode=found.support_mode)
    report.settled_on = on
    report.save(update_fields=["settled_on"])


def _lock(report: SelfCareReport) -> tuple[SelfCareReport, Award]:
    # First the family, then its award, as acts on the family and the end of an award lock them.
    household = Award.objects.values_list("household", flat=True).get(pk=report.award_id)
    Household.objects.select_for_update(no_key=True).get(pk=household)
    Award.objects.select_for_update(of=("self",)).get(pk=report.award_id)
    rows = SelfCareReport.objects.select_for_update(of=("self",)).select_related("award__area", "award__household")
    report = rows.get(pk=report.pk)
    if report.settled_on is not None:
        raise NotAllowed(report.settled_reason or "这次复核评估已经办结。")
    if report.award.state == AwardState.STOPPED:
        raise NotAllowed(f"待遇{report.award.number}已经停发，不再评估和调整照料护理。")
    _check_alive(person_of(report.award))
    return report, report.award


def _check_alive(person: Person) -> None:
    if person.died_on is not None:
        raise NotAllowed("这个人已登记死亡，不再评估和调整照料护理；请核查并停发待遇。")


def _check_recused(data: AssessmentData, award: Award, *, by: Staff) -> None:
    related = related_to(award)
    if related.include(by.pk, by.name):
        raise NotPermitted(_RECUSED)
    for field in ("township_assessor", "county_assessor"):
        assessor = getattr(data, field)
        if related.include(assessor.pk, assessor.name):
            raise NotAllowed(f"{assessor.name}与这个家庭有近亲属备案关系（或同名），须回避，请换人评估。", field=field)


def _check(data: AssessmentData, *, report: SelfCareReport, on: date) -> None:
    if not report.reported_on <= data.assessed_on <= on:
        raise NotAllowed("评估日期须在报告之后，并且不晚于今天。", field="assessed_on")
    if set(data.unable) - set(SELF_CARE_INDICATORS):
        raise NotAllowed("请在六项里选择不能自理的。", field="unable")
    check_told(data.opinion, "请写明评估意见。", field="opinion")


def _took_part(report: SelfCareReport, award: Award) -> frozenset[int]:
    """Who reported and assessed, with whoever stood for them or they for whom since (代理): one person."""
    assessed = report.assessments.values_list("record__assessors__staff", "record__recorded_by")
    hands = frozenset(pk for pk in {report.recorded_by_id}.union(*assessed) if pk)
    since = report.reported_on
    pairs = deputising(since=since, on=timezone.localdate())
    return standing_as_one(hands, [pair for pair in pairs if pair.covers(award.area.code, since=since)])


def _check_decides(assessment: SelfCareReassessment, report: SelfCareReport, award: Award, *, by: Staff) -> None:
    check_can_act(by, Permission.CONFIRM, area=award.area)
    if related_to(award).include(by.pk, by.name):
        raise NotPermitted(_RECUSED)
    if by.pk in _took_part(report, award):
        raise NotPermitted("您登记或参加了这次复核评估，不能再由您决定。")
    if latest_assessment(report) != assessment:
        raise StaleVersion(_STALE)
    if CareDecision.objects.filter(assessment=assessment).exists():
        raise ServiceError("这次评估已经有决定。")
