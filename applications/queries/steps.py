"""What stands and what a step still lacks: visibility, terms, papers, proposal, publicity."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Q, QuerySet

from applications.models import Case, CaseMeansCheck, HomeVisit, Intake, Proposal, Publicity, StepTerm
from applications.models.cases import CaseKind
from applications.models.intakes import PaperKind
from applications.models.terms import REFUSAL_PUBLICITY, TermUnit
from applications.permissions import Permission, related_names
from applications.rules.process import RECHECKS, CaseState, EventKind
from foundation.crypto import normal_form
from households.queries import valid_consent
from organizations.models import Staff
from organizations.queries import staff_with, working_calendar
from organizations.rules.working_days import Deadline
from verification.models import MeansCheckResult, MeansCheckState


def visible_to(staff: Staff) -> QuerySet[Case]:
    """Cases that the person may see; the start of every read of cases."""
    return Case.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_CASE))


def intakes_visible_to(staff: Staff) -> QuerySet[Intake]:
    """Intakes that the person may see."""
    return Intake.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_CASE))


def term(case: Case, step: str, *, on: date) -> StepTerm | None:
    """The term of a step in force on a day, after the case's scheme, kind and authority."""
    return StepTerm.objects.filter(
        scheme=case.scheme, kind=case.kind, authority=case.authority, step=step, valid__contains=on
    ).first()


def terms_exist(scheme: str, *, on: date) -> bool:
    """Whether applications under a scheme have terms on a day; without them none can be opened."""
    return StepTerm.objects.filter(scheme=scheme, kind=CaseKind.APPLICATION, valid__contains=on).exists()


def due_after(case: Case, step: str, *, start: date) -> Deadline | None:
    """The day until which a step that starts on a day is due; None where it has no term."""
    found = term(case, step, on=start)
    if found is None:
        return None
    if found.unit == TermUnit.CALENDAR_DAYS:
        return Deadline(on=start + timedelta(days=found.days))
    return working_calendar().add(start, found.days)


def term_days(case: Case, step: str, *, on: date) -> int:
    """Days of a step's term, 0 where it has none."""
    found = term(case, step, on=on)
    return found.days if found else 0


def required_papers(intake: Intake, *, has_relatives: bool | None = None) -> list[PaperKind]:
    """Papers whose signed scans an intake needs before acceptance (F57 §§4, 9–11).

    :param has_relatives: whether near relatives are registered, where that is known already.
    """
    papers = [PaperKind.APPLICATION_FORM, PaperKind.AUTHORIZATION_LETTER, PaperKind.COMMITMENT_LETTER]
    if intake.agent_id is not None:
        papers.append(PaperKind.AGENT_LETTER)
    if intake.relatives.exists() if has_relatives is None else has_relatives:
        papers.append(PaperKind.RELATIVE_RECORD)
    return papers


def missing_papers(intake: Intake) -> list[PaperKind]:
    """Required papers whose signed scan is not there yet."""
    scans = intake.papers.filter(voided_at=None, attachment__voided_at=None)
    there = set(scans.values_list("kind", flat=True))
    return [kind for kind in required_papers(intake) if kind not in there]


def current_proposal(case: Case) -> Proposal | None:
    """The proposal that stands, drafted or signed."""
    return case.proposals.filter(replaced_on=None).select_related("drafted_by", "signed_by", "assessment").first()


def open_publicity(case: Case) -> Publicity | None:
    """The publicity under way; an objection does not take the sheet off the wall."""
    return case.publicities.filter(closed_on=None).first()


def latest_means_check(case: Case) -> CaseMeansCheck | None:
    """The means check that the case rests on: the last one not withdrawn."""
    return (
        case.means_checks.exclude(means_check__state=MeansCheckState.WITHDRAWN)
        .select_related("means_check")
        .order_by("-pk")
        .first()
    )


def needs_publicity(case: Case, proposal: Proposal, *, on: date) -> bool:
    """Whether a signed proposal goes up on the wall.

    Once; after an objection 低保 is not publicised again (F57 §19); after a return only what was not publicised so.
    """
    if not proposal.is_eligible and term_days(case, REFUSAL_PUBLICITY, on=on) == 0:
        return False
    last = case.publicities.filter(taken_back=False).select_related("proposal").order_by("-pk").first()
    if last is None:
        return True
    if last.objections.exists():
        return False
    return _as_publicised(last.proposal) != _as_publicised(proposal)


def _as_publicised(proposal: Proposal) -> tuple[bool, Decimal | None, int]:
    return proposal.is_eligible, proposal.monthly_amount, proposal.persons.count()


@dataclass(frozen=True)
class Lack:
    """Something that a step lacks before it is left, with where it is mended on the case page."""

    text: str
    anchor: str


def lacks_before_acceptance(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be accepted."""
    lacks = [Lack(f"缺签字扫描件：{kind.label}", "papers") for kind in missing_papers(case.intake)]
    if valid_consent(case.household, on=on) is None:
        lacks.append(Lack("核查授权还没有全体成员签署（未成年人等由监护人代签）", "papers"))
    notice = getattr(case, "supplement_notice", None)
    if notice is not None:
        waiting = notice.items.filter(received_on=None).values_list("name", flat=True)
        lacks.extend(Lack(f"补正材料未收到：{name}", "supplement") for name in waiting)
    return lacks


def lacks_before_proposal(case: Case, *, on: date) -> list[Lack]:
    """What is missing before a proposal can be drafted (F57 §§16–18)."""
    lacks = _lacks_of_means_check(case)
    if not case.visits.filter(is_by_county=False).exists():
        lacks.append(Lack("还没有登记入户调查（至少两人）", "visit"))
    if _objection_unresolved(case):
        lacks.append(Lack("公示异议还没有写明处理结果", "publicity"))
    if case.state == CaseState.APPRAISING and not _appraised_since_called(case):
        lacks.append(Lack("还没有登记民主评议结果", "appraisal"))
    if not _rechecked_since_return(case):
        lacks.append(Lack("退回补查后，还没有登记补查情况（入户、核对、评议或补查说明）", "visit"))
    return lacks


def _lacks_of_means_check(case: Case) -> list[Lack]:
    link = latest_means_check(case)
    if link is None:
        return [Lack("还没有提请信息核对", "means-check")]
    check = link.means_check
    if check.state == MeansCheckState.REQUESTED:
        return [Lack("信息核对结果还没有返回", "means-check")]
    if check.result == MeansCheckResult.FAILED:
        return [Lack("上次信息核对未能完成，请重新提请（未查到不等于没有）", "means-check")]
    if check.result == MeansCheckResult.ALERT and check.told_family_on is None:
        return [Lack("核对有不一致，请先告知申请人并记录其说明", "means-check")]
    return []


def _objection_unresolved(case: Case) -> bool:
    return case.publicities.filter(objections__resolved_on=None, objections__isnull=False).exists()


def _appraised_since_called(case: Case) -> bool:
    called = case.events.filter(kind=EventKind.APPRAISAL_CALLED).order_by("-pk").first()
    appraised = case.events.filter(kind=EventKind.APPRAISED)
    return appraised.filter(pk__gt=called.pk).exists() if called else appraised.exists()


def _rechecked_since_return(case: Case) -> bool:
    returned = case.events.filter(kind=EventKind.RETURNED).order_by("-pk").first()
    if returned is None:
        return True
    return case.events.filter(pk__gt=returned.pk, kind__in=[kind.value for kind in RECHECKS]).exists()


def lacks_before_confirming(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be sent up for confirmation: the seven days are over, a photo proves them."""
    publicity = open_publicity(case)
    if publicity is None:
        return []
    lacks = []
    if on <= publicity.last_day:
        lacks.append(Lack(f"公示到{publicity.last_day:%Y年%-m月%-d日}止，次日起才能报审核确认", "publicity"))
    if not publicity.photos.filter(attachment__voided_at=None).exists():
        lacks.append(Lack("还没有上传公示照片", "publicity"))
    return lacks


def lacks_before_decision(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be decided (F57 §§11, 17–18, 20)."""
    lacks = _lacks_of_means_check(case)
    if _county_visit_lacking(case):
        lacks.append(Lack("备案或有投诉举报的办件，须由县民政局工作人员入户调查后才能确认", "visit"))
    if case.county_visit_required and PaperKind.RELATIVE_RECORD in missing_papers(case.intake):
        lacks.append(Lack("缺签字扫描件：近亲属备案表", "papers"))
    return lacks


def _county_visit_lacking(case: Case) -> bool:
    """A visit by county staff is asked for, and none came after the last complaint."""
    if not county_visit_needed(case):
        return False
    visits = case.visits.filter(is_by_county=True)
    complaint = case.complaints.order_by("-received_on").first()
    return not (visits.filter(visited_on__gte=complaint.received_on) if complaint else visits).exists()


def county_visit_needed(case: Case) -> bool:
    """Near relatives registered, or a complaint before the decision: county staff visit first (F57 §20)."""
    return case.county_visit_required or case.complaints.exists()


def lacks(case: Case, *, on: date) -> list[Lack]:
    """What the present state still lacks before it is left; the page's check list."""
    match case.case_state:
        case CaseState.SUBMITTED | CaseState.SUPPLEMENTING:
            return lacks_before_acceptance(case, on=on)
        case CaseState.INVESTIGATING | CaseState.APPRAISING:
            return lacks_before_proposal(case, on=on)
        case CaseState.PUBLICISED | CaseState.PROPOSED:
            return lacks_before_confirming(case, on=on)
        case CaseState.CONFIRMING:
            return lacks_before_decision(case, on=on)
        case _:
            return []


def visits_of(case: Case) -> QuerySet[HomeVisit]:
    """Home visits of a case with visitors and attachments."""
    return case.visits.select_related("recorded_by").prefetch_related("visitors__staff", "attachments__attachment")


def possible_visitors(case: Case, *, by_county: bool, on: date) -> QuerySet[Staff]:
    """Who may take part in a home visit of the case (F57 §16): nobody who is a registered near relative."""
    allowed = (Permission.COUNTY_VISIT,) if by_county else (Permission.INVESTIGATE, Permission.OPEN_INTAKE)
    lawful = [staff_with(permission, area=case.area, on=on).order_by().values("pk") for permission in allowed]
    people = Staff.objects.filter(Q(pk__in=lawful[0]) | Q(pk__in=lawful[-1]))
    related = related_names(case)
    if related:
        people = people.exclude(
            pk__in=[pk for pk, name in people.values_list("pk", "name") if normal_form(name) in related]
        )
    return people.select_related("area").order_by("area__code", "staff_number")
