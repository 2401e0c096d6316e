"""调查核对: starting it, the means check, home visits, appraisal, extension of the term."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import (
    Appraisal,
    Case,
    CaseEvent,
    CaseMeansCheck,
    DeadlineExtension,
    HomeVisit,
    HomeVisitor,
    VisitAttachment,
)
from applications.models.investigation import AppraisalResult, Participant, ParticipantOpinion, VisitWay
from applications.models.terms import MEANS_CHECK_START, OVERALL_EXTENDED
from applications.permissions import Permission, can_act, check_can_act
from applications.queries import due_after, latest_means_check, telling_due
from applications.queries.consents import silent_in, silent_in_words
from applications.rules.process import EXTENSION_CAUSES, FINAL_STATES, CaseState, EventKind
from applications.services.deadlines import set_deadlines
from applications.services.issuing import issue
from applications.services.steps import (
    NotNow,
    advance,
    check_not_related,
    hand_back_draft,
    keep_overdue_reason,
    lock_case,
    require_state,
    write_event,
)
from documents.models import DocumentKind
from foundation.errors import ServiceError
from households.models import Attachment
from households.queries import supporters_of, valid_consent
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import county
from verification import services as verification
from verification.models import MeansCheck, MeansCheckState

LEAST_VISITORS = 2
"""At least two investigators a group; F57 §16, not the county's to change."""


class VisitNotValid(ServiceError):
    """The visit does not meet F57 §16."""


@transaction.atomic
def start_investigation(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Start the means investigation (启动经济状况调查; F57 §15): accepted → investigating."""
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.ACCEPTED)
    check_not_related(case, by)
    advance(case, "start_investigation", event=EventKind.INVESTIGATION_STARTED, by=by, on=on, late_reason=late_reason)
    return case


@transaction.atomic
def ask_means_check(case: Case, *, by: Staff, on: date) -> MeansCheck:
    """Ask the county for a means check of the family (提请信息核对; F57 §17).

    Where one is under way for another case of the family, the case rests on that one too; for 特困 only where the
    legal supporters who signed are in it.

    :raises NotNow: a check is under way, or for 特困 a legal supporter has not answered (F43 §10).
    :raises ConsentMissing: not every member signed.
    """
    case = lock_case(case)
    require_state(case, CaseState.ACCEPTED, CaseState.INVESTIGATING, CaseState.APPRAISING)
    link = latest_means_check(case)
    if link is not None and link.means_check.state == MeansCheckState.REQUESTED:
        raise NotNow("信息核对已经提请，请等结果返回。")
    if missing := silent_in_words(silent_in(case, on=on)):
        raise NotNow(f"{missing}。")
    asked = list(supporters_of(case.household)) if case.scheme == Scheme.TEKUN else []
    check, note = _check_under_way(case, by=by), "与本户另一办件共用一次核对"
    if check is not None and asked and check.consent != valid_consent(case.household, on=on, supporters=asked):
        raise NotNow("正在进行的信息核对没有包括法定义务人，请等它的结果返回后，再为这个办件提请核对。")
    if check is None:
        due = due_after(case, MEANS_CHECK_START, start=on)
        if due is None:
            raise NotNow("还没有设置启动核对的时限，请联系县民政局。")
        check = verification.request_means_check(case.household, by=by, on=on, due=due, supporters=asked)
        note = ""
    CaseMeansCheck.objects.create(case=case, means_check=check)
    hand_back_draft(case)
    write_event(
        case, EventKind.MEANS_CHECK_REQUESTED, by=by, on=on, note="，".join(filter(None, [check.batch_number, note]))
    )
    return check


def _check_under_way(case: Case, *, by: Staff) -> MeansCheck | None:
    """A check of the family that another of its open cases asked for and that is not answered yet."""
    check_can_act(by, Permission.REQUEST_MEANS_CHECK, area=case.area)
    asked = CaseMeansCheck.objects.filter(
        case__household=case.household, means_check__state=MeansCheckState.REQUESTED
    ).select_related("means_check__consent")
    return next((link.means_check for link in asked), None)


def note_means_check_answer(check: MeansCheck, *, by: Staff, on: date, late_reason: str = "") -> None:
    """Write on every open case that rests on a check that its result is there.

    :raises OverdueReasonMissing: it comes after its day (F57 §17) without a reason.
    """
    for case in _open_cases_on(check):
        if on > check.due_on:
            keep_overdue_reason(case, due_on=check.due_on, reason=late_reason, by=by, on=on)
        write_event(case, EventKind.MEANS_CHECK_ANSWERED, by=by, on=on, note=check.get_result_display())


def note_family_told(check: MeansCheck, *, by: Staff, on: date, late_reason: str = "") -> None:
    """Write on every open case that rests on a check that its family is told of the differences (F57 §18).

    :raises OverdueReasonMissing: told after its days without a reason.
    """
    for case in _open_cases_on(check):
        due = telling_due(case, check)
        if due is not None and on > due.on:
            keep_overdue_reason(case, due_on=due.on, reason=late_reason, by=by, on=on)
        hand_back_draft(case)
        write_event(case, EventKind.FAMILY_TOLD, by=by, on=on)


def _open_cases_on(check: MeansCheck) -> list[Case]:
    links = CaseMeansCheck.objects.filter(means_check=check).order_by("case").select_related("case")
    return [lock_case(link.case) for link in links if link.case.state not in FINAL_STATES]


@transaction.atomic
def tell_family(case: Case, *, statement: str, by: Staff, on: date, late_reason: str = "") -> MeansCheck:
    """Tell the family of differences that the check found and keep what it says (F57 §18).

    :raises OverdueReasonMissing: told after its days without a reason.
    """
    case = lock_case(case)
    link = latest_means_check(case)
    if link is None:
        raise NotNow("这个办件还没有信息核对。")
    return verification.tell_family(link.means_check, statement=statement, by=by, on=on, late_reason=late_reason)


@dataclass(frozen=True)
class VisitReport:
    """What a visit found (入户调查表)."""

    visited_on: date
    place: str
    living_conditions: str
    facts_found: str
    family_signed_by: str
    way: str = VisitWay.HOME
    neighbor_inquiry: str = ""
    opinion: str = ""
    agrees_with_declaration: bool = True
    way_reason: str = ""


@transaction.atomic
def record_visit(
    case: Case,
    *,
    report: VisitReport,
    visitors: Sequence[Staff],
    attachments: Sequence[Attachment],
    by: Staff,
    on: date,
    by_county: bool = False,
) -> HomeVisit:
    """Record a home visit by at least two people (入户调查; F57 §16).

    A village assistant may be the second visitor; a county visit (F57 §20) is made by county staff only. The record
    is issued as a numbered 入户调查表 of the township, or of the county that visited.

    :raises VisitNotValid: fewer than two visitors, one without the right, no photo or form, dates out of order.
    """
    case = lock_case(case)
    permission = Permission.COUNTY_VISIT if by_county else Permission.INVESTIGATE
    check_can_act(by, permission, area=case.area)
    if by_county:
        if case.accepted_on is None or not case.is_open:
            raise NotNow("受理之后、决定之前才能登记县级入户。")
    else:
        require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    _check_visit(case, report, visitors, attachments, on=on, by_county=by_county)
    visit = HomeVisit.objects.create(
        case=case,
        is_by_county=by_county,
        recorded_by=by,
        **{name: getattr(report, name) for name in VisitReport.__dataclass_fields__},
    )
    HomeVisitor.objects.bulk_create([HomeVisitor(visit=visit, staff=person) for person in visitors])
    VisitAttachment.objects.bulk_create([VisitAttachment(visit=visit, attachment=item) for item in attachments])
    hand_back_draft(case)
    kind = EventKind.COUNTY_VISITED if by_county else EventKind.VISITED
    names = "、".join(person.name for person in visitors)
    write_event(case, kind, by=by, on=report.visited_on, note=names, data={"visitors": [p.pk for p in visitors]})
    form = papers.visit_form(case, visit)
    visit.document = issue(case, DocumentKind.VISIT_FORM, form, by=by, on=on, issuing=county() if by_county else None)
    visit.save(update_fields=["document"])
    return visit


def _check_visit(
    case: Case,
    report: VisitReport,
    visitors: Sequence[Staff],
    attachments: Sequence[Attachment],
    *,
    on: date,
    by_county: bool,
) -> None:
    if len({person.pk for person in visitors}) < LEAST_VISITORS:
        raise VisitNotValid(f"入户调查至少要有{LEAST_VISITORS}名调查人（民发〔2021〕57号第十六条）。", field="visitors")
    for person in visitors:
        _check_visitor(case, person, on=report.visited_on, by_county=by_county)
    if not by_county and not any(can_act(p, Permission.INVESTIGATE, area=case.area) for p in visitors):
        raise VisitNotValid("至少一名调查人须是乡镇经办人。", field="visitors")
    _check_report(report)
    if report.visited_on > on:
        raise VisitNotValid("调查日期不能晚于今天。", field="visited_on")
    if case.accepted_on is None or report.visited_on < case.accepted_on:
        raise VisitNotValid("调查日期不能早于受理日期。", field="visited_on")
    if not attachments:
        raise VisitNotValid("请上传现场照片或签字的入户调查表。", field="attachments")
    if any(item.household_id != case.household_id for item in attachments):
        raise VisitNotValid("附件不是这个家庭的。", field="attachments")


def _check_report(report: VisitReport) -> None:
    for name, what in (("place", "地点"), ("living_conditions", "吃穿住用情况"), ("facts_found", "查明情况")):
        if not getattr(report, name).strip():
            raise VisitNotValid(f"请写明{what}。", field=name)
    if report.way != VisitWay.HOME and not report.way_reason.strip():
        raise VisitNotValid(
            "电话、视频调查只用于突发事件，请写明是什么突发事件、为什么不能入户（民发〔2021〕57号第十六条）。",
            field="way_reason",
        )


def _check_visitor(case: Case, person: Staff, *, on: date, by_county: bool) -> None:
    check_not_related(case, person)
    allowed = (Permission.COUNTY_VISIT,) if by_county else (Permission.INVESTIGATE, Permission.OPEN_INTAKE)
    if not person.is_active_on(on) or not any(can_act(person, act, area=case.area) for act in allowed):
        raise VisitNotValid(f"{person.name}不能参加这次入户调查（不在本辖区或账号已停用）。", field="visitors")


@transaction.atomic
def record_recheck(case: Case, *, found: str, by: Staff, on: date) -> CaseEvent:
    """Write down what looking into a returned case again has found (登记补查情况).

    Of a termination also what was verified in writing, without a visit (登记核实情况; F43 §25).
    """
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.INVESTIGATING, CaseState.APPRAISING)
    if not case.matter.ends_award and not case.events.filter(kind=EventKind.RETURNED).exists():
        raise NotNow("这个办件没有退回过，不需要登记补查情况。")
    if not found.strip():
        raise NotNow("请写明补查了什么、查明的情况。", field="found")
    hand_back_draft(case)
    kind = EventKind.VERIFIED if case.matter.ends_award else EventKind.RECHECKED
    return write_event(case, kind, by=by, on=on, note=found.strip())


@transaction.atomic
def call_appraisal(case: Case, *, reason: str, by: Staff, on: date, late_reason: str = "") -> Case:
    """Call a democratic appraisal (民主评议), only where disputed: investigating or objected → appraising."""
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.INVESTIGATING, CaseState.OBJECTED)
    if not reason.strip():
        raise NotNow("民主评议只在有争议时进行，请写明争议事由。", field="reason")
    case.awaits_signature = False
    advance(
        case, "call_appraisal", event=EventKind.APPRAISAL_CALLED, by=by, on=on, late_reason=late_reason, note=reason
    )
    return case


@transaction.atomic
def record_appraisal(
    case: Case,
    *,
    held_on: date,
    place: str,
    host: str,
    dispute: str,
    participants: Sequence[Participant],
    votes_for: int,
    votes_against: int,
    by: Staff,
    on: date,
) -> Appraisal:
    """Record the outcome of an appraisal (评议结果) and issue it as the township's numbered 民主评议记录表.

    :raises NotNow: votes that do not agree with who took part and what they said, or held in the future.
    """
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.APPRAISING)
    if held_on > on:
        raise NotNow("评议日期不能晚于今天。", field="held_on")
    if case.accepted_on is None or held_on < case.accepted_on:
        raise NotNow("评议日期不能早于受理日期。", field="held_on")
    _check_votes(participants, votes_for, votes_against)
    hand_back_draft(case)
    result = AppraisalResult.AGREED if votes_for > votes_against else AppraisalResult.DISAGREED
    appraisal = Appraisal.objects.create(
        case=case,
        held_on=held_on,
        place=place,
        host=host,
        dispute=dispute,
        participants=[person.as_json() for person in participants],
        votes_for=votes_for,
        votes_against=votes_against,
        result=result,
        recorded_by=by,
    )
    note = f"{AppraisalResult(result).label}（赞成{votes_for}票，反对{votes_against}票）"
    write_event(case, EventKind.APPRAISED, by=by, on=held_on, note=note)
    record = papers.appraisal_record(case, appraisal)
    appraisal.document = issue(case, DocumentKind.APPRAISAL_RECORD, record, by=by, on=on)
    appraisal.save(update_fields=["document"])
    return appraisal


def _check_votes(participants: Sequence[Participant], votes_for: int, votes_against: int) -> None:
    if not participants or not all(person.name.strip() for person in participants):
        raise NotNow("请填参评人，每位都要有姓名。")
    if votes_for + votes_against > len(participants):
        raise NotNow("票数之和不能多于参评人数。", field="votes_for")
    said = Counter(person.opinion for person in participants)
    secret = said[""]
    for opinion, votes, name in (
        (ParticipantOpinion.FOR, votes_for, "votes_for"),
        (ParticipantOpinion.AGAINST, votes_against, "votes_against"),
    ):
        if not said[opinion] <= votes <= said[opinion] + secret:
            told = f"参评人里填“{opinion.label}”的有{said[opinion]}人，不记名的有{secret}人"
            raise NotNow(f"{told}，和{opinion.label}{votes}票对不上，请核对。", field=name)


@transaction.atomic
def extend_deadline(case: Case, *, cause: str, reason: str, by: Staff, on: date) -> DeadlineExtension:
    """Extend the whole term for a listed cause, with approval (延长时限; F57 §22, F2022 四(一)).

    :raises NotNow: not accepted, decided, or extended before.
    """
    case = lock_case(case)
    check_can_act(by, Permission.EXTEND_DEADLINE, area=case.area)
    if case.accepted_on is None or not case.is_open:
        raise NotNow("受理之后、决定之前才能延长时限。")
    if cause not in EXTENSION_CAUSES:
        raise NotNow("请选择规定的延长情形。", field="cause")
    if DeadlineExtension.objects.filter(case=case).exists():
        raise NotNow("这个办件已经延长过一次。")
    due = due_after(case, OVERALL_EXTENDED, start=case.accepted_on)
    if due is None:
        raise NotNow("还没有设置延长后的时限。")
    extension = DeadlineExtension.objects.create(case=case, cause=cause, reason=reason, approved_by=by, approved_on=on)
    case.extension = extension
    set_deadlines(case)
    case.version += 1
    case.save()
    write_event(case, EventKind.EXTENDED, by=by, on=on, note=f"{EXTENSION_CAUSES[cause]}：{reason}")
    return extension
