"""What a step still lacks before it is left, from the file of the case (案卷): items that the data ask for (步骤材料),
and conditions of the law."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from applications.models import SelfCareAssessment, StepItem
from applications.models.intakes import PaperKind
from applications.models.terms import REFUSAL_CONTEST
from applications.queries.consents import silent_in_words, silent_of, unchecked_of
from applications.queries.draws import waits_for_check
from applications.queries.steps import due_after, required_papers, step_items
from applications.queries.telling import must_tell, whom
from applications.rules.process import RECHECKS, CaseState, EventKind
from households.models import Member
from verification.models import MeansCheckResult, MeansCheckState

if TYPE_CHECKING:
    from applications.queries.file import CaseFile


@dataclass(frozen=True)
class Lack:
    """Something that a step lacks before it is left, with where it is mended on the case page."""

    text: str
    anchor: str


def for_present_step(file: "CaseFile") -> list[Lack]:
    """What the present state still lacks before it is left; the page's check list."""
    match file.case.case_state:
        case CaseState.SUBMITTED | CaseState.SUPPLEMENTING:
            return for_acceptance(file)
        case CaseState.INVESTIGATING | CaseState.APPRAISING:
            return for_proposal(file)
        case CaseState.PUBLICISED:
            return for_confirming(file)
        case CaseState.PROPOSED:
            # What goes up on the wall first lacks nothing of an earlier publicity.
            return [] if file.needs_publicity else [*for_confirming(file), *_days_to_contest(file)]
        case CaseState.CONFIRMING:
            return for_decision(file)
        case _:
            return []


def for_acceptance(file: "CaseFile") -> list[Lack]:
    """What is missing before the case can be accepted (F57 §§4, 6, 9–11)."""
    items = step_items(file.case, file.case.state, on=file.on)
    if not items:
        return [Lack("还没有设置受理需要的材料，请联系县民政局", "papers")]
    return _missing(file, items)


def _missing(file: "CaseFile", items: Sequence[str]) -> list[Lack]:
    """What the data ask for (步骤材料) and the file has not."""
    papers = [PaperKind(item) for item in items if item in PaperKind.values]
    missing = _missing_papers(file) if papers else []
    lacks = [Lack(f"缺签字扫描件：{kind.label}", "papers") for kind in papers if kind in missing]
    for item in items:
        if item in _LOOKED_FOR:
            lacks.extend(_LOOKED_FOR[item](file))
    return lacks


def _of_consent(file: "CaseFile") -> list[Lack]:
    if missing := silent_in_words(silent_of(file)):
        return [Lack(missing, "papers")]
    if file.consent is None:
        return [Lack("核查授权还没有全体成员签署（未成年人等由监护人代签）", "papers")]
    return []


def _of_supplement(file: "CaseFile") -> list[Lack]:
    waiting = [item.name for item in file.supplement_items if item.received_on is None]
    return [Lack(f"补正材料未收到：{name}", "supplement") for name in waiting]


def _missing_papers(file: "CaseFile") -> list[PaperKind]:
    there = {paper.kind for paper in file.papers if paper.attachment.voided_at is None}
    wanted = required_papers(file.case.intake, has_relatives=bool(file.relatives))
    return [kind for kind in wanted if kind not in there]


def for_proposal(file: "CaseFile") -> list[Lack]:
    """What is missing before a proposal can be drafted (F57 §§16–19)."""
    lacks = _missing(file, step_items(file.case, file.case.state, on=file.on))
    if file.objections:
        lacks.append(Lack("公示异议还没有写明处理结果", "publicity"))
    if not _rechecked_since_return(file):
        lacks.append(Lack("退回补查后，还没有登记补查情况（入户、核对、评议或补查说明）", "visit"))
    return lacks


def _is_gone(file: "CaseFile") -> bool:
    """Whether nobody is left of a family whose award is reviewed: there is nobody to visit or to check."""
    return file.case.matter.is_review and file.case.household.ended_on is not None


def _of_home_visit(file: "CaseFile") -> list[Lack]:
    if _is_gone(file) or any(not visit.is_by_county for visit in file.visits):
        return []
    return [Lack("还没有登记入户调查（至少两人）", "visit")]


def _of_appraisal(file: "CaseFile") -> list[Lack]:
    if file.case.state != CaseState.APPRAISING or _appraised_since_called(file):
        return []
    return [Lack("还没有登记民主评议结果", "appraisal")]


def _of_self_care(file: "CaseFile") -> list[Lack]:
    """Who would be recognised or is proposed, and is not assessed yet (F43 §20)."""
    drafted = [row.member for row in file.proposal.persons.all()] if file.proposal else []
    wanted = {member.pk: member for member in [*file.proposable, *drafted]}.values()
    missing = not_assessed(wanted, file.self_care)
    return [Lack(f"还没有做生活自理能力评估：{'、'.join(missing)}", "self-care")] if missing else []


def not_assessed(members: Iterable[Member], assessments: Sequence[SelfCareAssessment]) -> list[str]:
    """Names of members without an assessment, or whose recorded abilities are no longer those that it found.

    :param assessments: the newest first.
    """
    found = {row.member_id: row for row in reversed(assessments)}
    return [
        member.person.name
        for member in members
        if member.pk not in found
        or set(found[member.pk].not_managed) != set(member.person.unable_self_care)
        or found[member.pk].support_mode != member.person.support_mode
    ]


def _of_support_choice(file: "CaseFile") -> list[Lack]:
    """A minor who would be recognised has either 特困 or the support of orphans; which, is not said yet (F43 §9)."""
    chosen = {row.member_id for row in file.support_choices}
    minors = {member.pk for member in file.minors}
    missing = [row.person.name for row in file.proposable if row.pk in minors and row.pk not in chosen]
    text = "还没有登记保障选择（特困或者孤儿、事实无人抚养儿童）"
    return [Lack(f"{text}：{'、'.join(missing)}", "support-choice")] if missing else []


def _of_means_check(file: "CaseFile") -> list[Lack]:
    check = file.means_check
    if check is None:
        is_spared = _is_gone(file) or file.only_spending_verified
        return [] if is_spared else [Lack("还没有提请信息核对", "means-check")]
    if check.state == MeansCheckState.REQUESTED:
        return [Lack("信息核对结果还没有返回", "means-check")]
    if check.result == MeansCheckResult.FAILED:
        return [Lack("上次信息核对未能完成，请重新提请（未查到不等于没有）", "means-check")]
    lacks = []
    if check.result == MeansCheckResult.ALERT and check.told_family_on is None:
        lacks.append(Lack("核对有不一致，请先告知申请人并记录其说明", "means-check"))
    if names := "、".join(row.name for row in unchecked_of(file)):
        way = "退回补查，" if file.case.state == CaseState.CONFIRMING else ""
        text = f"信息核对没有包括后来查明的法定义务人{names}，请{way}补签核查授权书后重新提请核对"
        lacks.append(Lack(text, "means-check"))
    return lacks


def _of_verification(file: "CaseFile") -> list[Lack]:
    if file.visits or _last(file, EventKind.VERIFIED):
        return []
    return [Lack("还没有登记核实情况（入户调查，或者书面核实）", "visit")]


def _of_means_check_of_cause(file: "CaseFile") -> list[Lack]:
    return _of_means_check(file) if file.case.termination.rule.asks_means_check else []


def _last(file: "CaseFile", *kinds: EventKind) -> int:
    """Key of the newest event of some kinds, 0 where there was none."""
    return next((event.pk for event in file.events if event.kind in kinds), 0)


def _appraised_since_called(file: "CaseFile") -> bool:
    return _last(file, EventKind.APPRAISED) > _last(file, EventKind.APPRAISAL_CALLED)


def _rechecked_since_return(file: "CaseFile") -> bool:
    returned = _last(file, EventKind.RETURNED)
    return not returned or _last(file, *RECHECKS) > returned


def for_confirming(file: "CaseFile") -> list[Lack]:
    """What is missing before the case can be sent up for confirmation: the seven days are over, a photo proves them."""
    publicity = file.publicity
    if publicity is None:
        return []
    lacks = []
    if publicity.document.voided_on is not None:
        lacks.append(Lack(f"公示单{publicity.document.number}已作废，不算公示，请重新公示", "publicity"))
    if file.on <= publicity.last_day:
        lacks.append(Lack(f"公示到{publicity.last_day:%Y年%-m月%-d日}止，次日起才能报审核确认", "publicity"))
    return lacks + _missing(file, step_items(file.case, CaseState.PUBLICISED, on=file.on))


def _of_publicity_photo(file: "CaseFile") -> list[Lack]:
    publicity = file.publicity
    if publicity is None or not all(photo.attachment.voided_at for photo in publicity.photos.all()):
        return []
    return [Lack("还没有上传公示照片", "publicity")]


def _days_to_contest(file: "CaseFile") -> list[Lack]:
    """A family told that it is not eligible has its days to contest (F57 §18)."""
    proposal = file.proposal
    if proposal is None or not must_tell(file.case, proposal) or proposal.told_family_on is None:
        return []
    due = due_after(file.case, REFUSAL_CONTEST, start=proposal.told_family_on)
    if due is None or file.on > due.on:
        return []
    return [Lack(f"{whom(file.case)}可以在{due.on:%Y年%-m月%-d日}前举证异议，次日起才能报审核确认", "proposal")]


def for_decision(file: "CaseFile") -> list[Lack]:
    """What is missing before the case can be decided (F57 §§11, 17–18, 20)."""
    lacks = _missing(file, step_items(file.case, CaseState.CONFIRMING, on=file.on))
    if names := file.to_be_taken_out:
        lacks.append(Lack(f"{'、'.join(names)}还在本户的低保待遇里，请先办理低保复核减出，再确认特困供养", "decision"))
    return lacks


def _of_county_visit(file: "CaseFile") -> list[Lack]:
    if not _county_visit_lacking(file):
        return []
    return [Lack("备案或有投诉举报的办件，须由县民政局工作人员入户调查后才能确认", "visit")]


def _of_random_check(file: "CaseFile") -> list[Lack]:
    """No case is decided before its batch is drawn from, and none that was drawn before its check (F43 §16)."""
    if file.draw_row is None:
        return [Lack("还没有参加县级随机抽查，抽取以后才能决定", "random-check")]
    if waits_for_check(file):
        return [Lack("随机抽查抽中，须县民政局至少两人入户核查、登记县级入户后才能决定", "visit")]
    return []


def _county_visit_lacking(file: "CaseFile") -> bool:
    """A visit by county staff is asked for (F57 §20), and none came after the last complaint."""
    if not file.case.county_visit_required and not file.complaints:
        return False
    visits = [visit.visited_on for visit in file.visits if visit.is_by_county]
    since = max((complaint.received_on for complaint in file.complaints), default=None)
    return not any(since is None or day >= since for day in visits)


_LOOKED_FOR: dict[str, Callable[["CaseFile"], list[Lack]]] = {
    StepItem.CONSENT: _of_consent,
    StepItem.SUPPLEMENT: _of_supplement,
    StepItem.MEANS_CHECK: _of_means_check,
    StepItem.HOME_VISIT: _of_home_visit,
    StepItem.APPRAISAL: _of_appraisal,
    StepItem.SELF_CARE: _of_self_care,
    StepItem.SUPPORT_CHOICE: _of_support_choice,
    StepItem.PUBLICITY_PHOTO: _of_publicity_photo,
    StepItem.COUNTY_VISIT: _of_county_visit,
    StepItem.RANDOM_CHECK: _of_random_check,
    StepItem.VERIFICATION: _of_verification,
    StepItem.MEANS_CHECK_OF_CAUSE: _of_means_check_of_cause,
}
