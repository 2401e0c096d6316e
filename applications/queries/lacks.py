"""What a step still lacks before it is left: items that the data ask for, and conditions of the law."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from applications.models import Case, StepItem
from applications.models.intakes import PaperKind
from applications.models.terms import REFUSAL_CONTEST
from applications.queries.steps import (
    current_proposal,
    due_after,
    latest_means_check,
    missing_papers,
    open_publicity,
    step_items,
)
from applications.rules.process import RECHECKS, CaseState, EventKind
from households.queries import valid_consent
from verification.models import MeansCheckResult, MeansCheckState


@dataclass(frozen=True)
class Lack:
    """Something that a step lacks before it is left, with where it is mended on the case page."""

    text: str
    anchor: str


def lacks_before_acceptance(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be accepted (F57 §§4, 6, 9–11)."""
    items = step_items(case, case.state, on=on)
    if not items:
        return [Lack("还没有设置受理需要的材料，请联系县民政局", "papers")]
    return _missing(case, items, on=on)


def lacks_before_proposal(case: Case, *, on: date) -> list[Lack]:
    """What is missing before a proposal can be drafted (F57 §§16–19)."""
    lacks = _missing(case, step_items(case, case.state, on=on), on=on)
    if _objection_unresolved(case):
        lacks.append(Lack("公示异议还没有写明处理结果", "publicity"))
    if not _rechecked_since_return(case):
        lacks.append(Lack("退回补查后，还没有登记补查情况（入户、核对、评议或补查说明）", "visit"))
    return lacks


def lacks_before_confirming(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be sent up for confirmation: the seven days are over, a photo proves them."""
    publicity = open_publicity(case)
    if publicity is None:
        return []
    lacks = []
    if on <= publicity.last_day:
        lacks.append(Lack(f"公示到{publicity.last_day:%Y年%-m月%-d日}止，次日起才能报审核确认", "publicity"))
    return lacks + _missing(case, step_items(case, CaseState.PUBLICISED, on=on), on=on)


def lacks_before_decision(case: Case, *, on: date) -> list[Lack]:
    """What is missing before the case can be decided (F57 §§11, 17–18, 20)."""
    return _missing(case, step_items(case, CaseState.CONFIRMING, on=on), on=on)


def lacks(case: Case, *, on: date) -> list[Lack]:
    """What the present state still lacks before it is left; the page's check list."""
    match case.case_state:
        case CaseState.SUBMITTED | CaseState.SUPPLEMENTING:
            return lacks_before_acceptance(case, on=on)
        case CaseState.INVESTIGATING | CaseState.APPRAISING:
            return lacks_before_proposal(case, on=on)
        case CaseState.PUBLICISED:
            return lacks_before_confirming(case, on=on)
        case CaseState.PROPOSED:
            return [*lacks_before_confirming(case, on=on), *_days_to_contest(case, on=on)]
        case CaseState.CONFIRMING:
            return lacks_before_decision(case, on=on)
        case _:
            return []


def _days_to_contest(case: Case, *, on: date) -> list[Lack]:
    """A family told that it is not eligible has its days to contest (F57 §18)."""
    proposal = current_proposal(case)
    if proposal is None or proposal.is_eligible or proposal.told_family_on is None:
        return []
    due = due_after(case, REFUSAL_CONTEST, start=proposal.told_family_on)
    if due is None or on > due.on:
        return []
    return [Lack(f"申请人可以在{due.on:%Y年%-m月%-d日}前举证异议，次日起才能报审核确认", "proposal")]


def county_visit_needed(case: Case) -> bool:
    """Near relatives registered, or a complaint before the decision: county staff visit first (F57 §20)."""
    return case.county_visit_required or case.complaints.exists()


def _missing(case: Case, items: list[StepItem], *, on: date) -> list[Lack]:
    papers = [PaperKind(item) for item in items if item in PaperKind.values]
    missing = missing_papers(case.intake) if papers else []
    lacks = [Lack(f"缺签字扫描件：{kind.label}", "papers") for kind in papers if kind in missing]
    for item in items:
        if item in _LOOKED_FOR:
            lacks.extend(_LOOKED_FOR[item](case, on))
    return lacks


def _of_consent(case: Case, on: date) -> list[Lack]:
    if valid_consent(case.household, on=on) is None:
        return [Lack("核查授权还没有全体成员签署（未成年人等由监护人代签）", "papers")]
    return []


def _of_supplement(case: Case, on: date) -> list[Lack]:
    notice = getattr(case, "supplement_notice", None)
    if notice is None:
        return []
    waiting = notice.items.filter(received_on=None).values_list("name", flat=True)
    return [Lack(f"补正材料未收到：{name}", "supplement") for name in waiting]


def _of_means_check(case: Case, on: date) -> list[Lack]:
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


def _of_home_visit(case: Case, on: date) -> list[Lack]:
    if case.visits.filter(is_by_county=False).exists():
        return []
    return [Lack("还没有登记入户调查（至少两人）", "visit")]


def _of_appraisal(case: Case, on: date) -> list[Lack]:
    if case.state != CaseState.APPRAISING or _appraised_since_called(case):
        return []
    return [Lack("还没有登记民主评议结果", "appraisal")]


def _of_publicity_photo(case: Case, on: date) -> list[Lack]:
    publicity = open_publicity(case)
    if publicity is None or publicity.photos.filter(attachment__voided_at=None).exists():
        return []
    return [Lack("还没有上传公示照片", "publicity")]


def _of_county_visit(case: Case, on: date) -> list[Lack]:
    """A visit by county staff is asked for, and none came after the last complaint."""
    if not county_visit_needed(case):
        return []
    visits = case.visits.filter(is_by_county=True)
    complaint = case.complaints.order_by("-received_on").first()
    if (visits.filter(visited_on__gte=complaint.received_on) if complaint else visits).exists():
        return []
    return [Lack("备案或有投诉举报的办件，须由县民政局工作人员入户调查后才能确认", "visit")]


_LOOKED_FOR: dict[str, Callable[[Case, date], list[Lack]]] = {
    StepItem.CONSENT: _of_consent,
    StepItem.SUPPLEMENT: _of_supplement,
    StepItem.MEANS_CHECK: _of_means_check,
    StepItem.HOME_VISIT: _of_home_visit,
    StepItem.APPRAISAL: _of_appraisal,
    StepItem.PUBLICITY_PHOTO: _of_publicity_photo,
    StepItem.COUNTY_VISIT: _of_county_visit,
}


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
