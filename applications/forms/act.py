"""What an act on a case is (办理事项), who may do it, and why it cannot be done now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from applications import services
from applications.forms.base import ActForm
from applications.models import Case, Proposal
from applications.permissions import (
    Permission,
    can_act,
    check_can_act,
    check_can_confirm,
    check_can_sign,
    confirming_permission,
)
from applications.queries import CaseFile
from applications.queries.consents import silent_in_words, silent_of, unchecked_of
from applications.queries.draws import waits_for_check
from applications.queries.telling import intended, must_tell, whom
from applications.rules.matters import Words
from applications.rules.process import BEFORE_ACCEPTANCE, OPEN_STATES, CaseState, EventKind
from applications.services.ending import previous_state, taken_back_to
from benefits.services import first_month
from foundation.dates import chinese_month
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.models.delegations import Scheme
from verification.models import MeansCheckResult

_S = CaseState
ACCEPTED = OPEN_STATES - BEFORE_ACCEPTANCE
ALL = frozenset(CaseState)
CHECKING = frozenset({_S.ACCEPTED, _S.INVESTIGATING, _S.APPRAISING})
DRAFTING = frozenset({_S.INVESTIGATING, _S.APPRAISING})

TEKUN_APPLICATION = frozenset({"tekun.application"})

Check = Callable[[Staff, Case, date], None]


def always(file: CaseFile) -> str:
    return ""


def never(file: CaseFile) -> bool:
    return False


@dataclass(frozen=True)
class Act:
    """One act on a case.

    :param check: raises NotPermitted with its sentence.
    :param states: states in which it is offered.
    :param not_now: why it cannot be done now although the state allows it; empty when it can.
    :param mends: whether it would give the step something that it lacks.
    :param of: keys of the matters to which it belongs; empty for all.
    :param not_of: keys of the matters that have no such step.
    :param effects: what it does in matters where that is something else, by key of the matter.
    :param forms: forms of matters that ask something of their own, by key of the matter.
    :param says: what the act is called in a matter's own words, where those name it.
    :param place: ``head`` or ``more`` of the page's head, else the anchor of the panel that it belongs to.
    """

    name: str
    label: str
    form: type[ActForm]
    check: Check
    states: frozenset[CaseState]
    effect: str | Callable[[CaseFile], str]
    not_now: Callable[[CaseFile], str] = always
    mends: Callable[[CaseFile], bool] = never
    place: str = "head"
    kind: str = ""
    of: frozenset[str] = frozenset()
    not_of: frozenset[str] = frozenset()
    effects: Mapping[str, "str | Callable[[CaseFile], str]"] = field(default_factory=dict)
    forms: Mapping[str, type[ActForm]] = field(default_factory=dict)
    says: Callable[[Words], str] | None = None

    def told_of(self, case: Case) -> "Act":
        """The act as it is called in a case of this matter."""
        return replace(self, label=self.says(case.matter.words)) if self.says is not None else self

    def form_for(self, case: Case) -> type[ActForm]:
        """What the act asks in a case of this matter."""
        return self.forms.get(case.matter.key, self.form)

    def effect_on(self, file: CaseFile) -> str:
        """What the act does, as the page says it before asking."""
        effect = self.effects.get(file.case.matter.key, self.effect)
        return effect if isinstance(effect, str) else effect(file)

    def refusal(self, file: CaseFile) -> str:
        """Why the act cannot be done now; empty when it can."""
        key = file.case.matter.key
        if (self.of and key not in self.of) or key in self.not_of:
            return f"{file.case}没有“{self.label}”这一步。"
        if file.case.case_state not in self.states:
            return f"这个办件现在是“{file.case.case_state.label}”，不能办理“{self.label}”。"
        return self.not_now(file)


def needs(*permissions: Permission) -> Check:
    def check(staff: Staff, case: Case, on: date) -> None:
        if not any(can_act(staff, permission, area=case.area) for permission in permissions):
            check_can_act(staff, permissions[-1], area=case.area)

    return check


def confirms(staff: Staff, case: Case, on: date) -> None:
    check_can_confirm(staff, case)


def signs(staff: Staff, case: Case, on: date) -> None:
    check_can_sign(staff, case, on=on)


def terminate_check(staff: Staff, case: Case, on: date) -> None:
    if not can_act(staff, confirming_permission(case), area=case.area):
        check_can_act(staff, Permission.ACCEPT, area=case.area)


def withdraw_check(staff: Staff, case: Case, on: date) -> None:
    check_can_act(staff, Permission.OPEN_INTAKE if case.state == CaseState.DRAFT else Permission.ACCEPT, area=case.area)


def take_back_check(staff: Staff, case: Case, on: date) -> None:
    if not services.may_take_back(case, staff) and previous_state(case) is not None:
        raise NotPermitted("只有办理上一步的人，在别人接着办理之前，才能撤销。")


def reissues(staff: Staff, case: Case, on: date) -> None:
    check_can_act(staff, Permission.ISSUE_DOCUMENT, area=case.area)
    if not case.is_open:
        # Only decided cases have papers that are not every clerk's.
        services.reissuable_by(staff, case, (link.document for link in case.documents.select_related("document")))


OPEN_INTAKE = needs(Permission.OPEN_INTAKE)
ACCEPT = needs(Permission.ACCEPT)
INVESTIGATE = needs(Permission.INVESTIGATE)
PROPOSE = needs(Permission.PROPOSE)
PUBLICISE = needs(Permission.PUBLICISE)


# --- Why not now -----------------------------------------------------------------------------------------------


def notice_given(file: CaseFile) -> str:
    return "已经一次性告知过补正材料，不能再次要求补正。" if file.notice else ""


def waits_for_paper(file: CaseFile) -> bool:
    return any(item.received_on is None for item in file.supplement_items)


def check_open(file: CaseFile) -> str:
    if file.check_is_open:
        return "信息核对已经提请，请等结果返回。"
    if missing := silent_in_words(silent_of(file)):
        return f"{missing}；不能提请信息核对。"
    return "" if file.consent else "核查授权还没有全体成员签署，不能提请信息核对。"


def check_lacking(file: CaseFile) -> bool:
    failed = file.means_check is None or file.means_check.result == MeansCheckResult.FAILED
    return failed or bool(unchecked_of(file))


def nothing_to_tell(file: CaseFile) -> str:
    check = file.means_check
    if check is None or check.result != MeansCheckResult.ALERT:
        return "核对没有不一致，不需要告知。"
    return "已经告知过申请人。" if check.told_family_on else ""


def no_visit(file: CaseFile) -> bool:
    return file.case.case_state in DRAFTING and not any(not visit.is_by_county for visit in file.visits)


def no_county_visit(file: CaseFile) -> bool:
    needed = file.case.county_visit_required or bool(file.complaints)
    return waits_for_check(file) or (needed and not any(visit.is_by_county for visit in file.visits))


def no_minor(file: CaseFile) -> str:
    return "" if file.minors else "这个家庭没有未成年人，不需要登记保障选择。"


def nothing_drafted(file: CaseFile) -> str:
    return "" if file.case.awaits_signature else "还没有拟好的初审意见。"


def refusal_not_proposed(file: CaseFile) -> str:
    if file.proposal is not None and must_tell(file.case, file.proposal):
        return ""
    return "这份复核意见不需要先告知家庭。" if file.case.matter.is_review else "初审意见不是拟不予确认。"


def told_already(file: CaseFile) -> str:
    told = file.proposal is not None and file.proposal.told_family_on is not None
    return refusal_not_proposed(file) or (f"已经告知过{whom(file.case)}。" if told else "")


def not_told(file: CaseFile) -> str:
    told = file.proposal is not None and file.proposal.told_family_on is not None
    if refusal := refusal_not_proposed(file):
        return refusal
    assert file.proposal is not None  # noqa: S101 -- there is one that goes against the family
    return "" if told else f"请先告知{whom(file.case)}{intended(file.case, file.proposal)}及理由。"


def goes_up(file: CaseFile) -> str:
    if file.needs_publicity:
        return "这份初审意见须先公示。"
    return not_told(file) if file.proposal and must_tell(file.case, file.proposal) else ""


def no_publicity_needed(file: CaseFile) -> str:
    if file.needs_publicity:
        return ""
    return "这份初审意见不需要公示，请直接报审核确认。"


def not_posted(file: CaseFile) -> str:
    return "" if file.publicity else "这个办件现在没有公示。"


def not_returned(file: CaseFile) -> str:
    returned = any(event.kind == EventKind.RETURNED for event in file.events)
    return "" if returned else "这个办件没有退回过，不需要登记补查情况。"


def objection_over(file: CaseFile) -> str:
    if file.publicity is None:
        return "这个办件现在没有公示；公示期满以后的反映请登记为投诉举报。"
    return ""


def no_photo(file: CaseFile) -> bool:
    return file.publicity is not None and not file.publicity.photos.all()


def no_objection(file: CaseFile) -> str:
    return "" if file.objections else "没有待处理的异议。"


def not_eligible_proposed(file: CaseFile) -> str:
    if file.proposal is not None and not file.proposal.is_eligible:
        words = file.case.matter.words
        return f"初审意见是{words.disagree}，不能{words.approved}；有不同意见请退回补查。"
    return ""


def eligible_proposed(file: CaseFile) -> str:
    if file.proposal is not None and file.proposal.is_eligible:
        words = file.case.matter.words
        return f"初审意见是{words.agree}，不能直接{words.refused}；有不同意见请退回补查。"
    return ""


def extended(file: CaseFile) -> str:
    if file.case.due_on is None:
        return "这个险种没有规定总时限，不能延长。"
    return "这个办件已经延长过一次。" if hasattr(file.case, "extension") else ""


def announced(file: CaseFile) -> str:
    if not file.case.matter.is_announced:
        return f"{file.case.matter.title}不作村内公布。"
    return "这个办件已经公布过。" if file.announcement else ""


def all_delivered(file: CaseFile) -> str:
    return "" if file.undelivered else "没有待送达的文书。"


def papers_lacking(file: CaseFile) -> bool:
    return file.case.case_state in BEFORE_ACCEPTANCE and any(lack.text.startswith("缺签字") for lack in file.lacks)


def not_taken_back(file: CaseFile) -> str:
    last = next((event for event in file.events if event.to_state), None)
    return "" if taken_back_to(file.case, last) else "上一步不能撤销。"


def anew_effect(file: CaseFile) -> str:
    """What publicity anew (重新公示) does to the sheet that hangs; empty the first time."""
    anew = any(row.objections.all() for row in file.publicities if not row.taken_back)
    return "公示有异议后重新公示：原公示单自今天起结束，新的公示单重新计满规定天数。" if anew else ""


def publicity_effect(file: CaseFile) -> str:
    what = "公示姓名和家庭人数，不公示原因" if file.case.matter.status else "公示姓名、人数和金额，不公示类别"
    return f"{anew_effect(file)}制发公示单并从张贴次日起公示；{what}、病残情况、证号和账号。"


def objection_effect(file: CaseFile) -> str:
    after = "重新初审后还要重新公示" if file.case.matter.publicised_anew else "期间还可以登记别的异议"
    return f"就异议重新调查或者组织民主评议；公示单仍贴到期满，{after}。"


def appraisal_effect(file: CaseFile) -> str:
    only_disputed = file.case.scheme in (Scheme.DIBAO, Scheme.TEMPORARY_AID)
    when = "只在有争议时进行" if only_disputed else "可以视情组织"
    return f"民主评议{when}；评议结果登记后再提出初审意见。"


def approval_effect(file: CaseFile) -> str:
    proposal = file.proposal
    if proposal is not None and proposal.valid_months:
        return (
            f"自决定之日起认定为{file.case.matter.status}，有效期{proposal.valid_months}个月，不发放保障金；"
            "系统会再试算一次，有变化不会确认。确认后制发审批表和认定通知书，不能更改。"
        )
    if proposal is not None and proposal.aid_amount is not None:
        return (
            f"给予一次性救助{proposal.aid_amount:,.2f}元；系统会再试算一次，有变化不会确认。"
            "同意后登记救助、安排发放，不能更改。"
        )
    if proposal is None or proposal.monthly_amount is None:
        return "确认后不能更改。"
    month = first_month(file.on)
    if file.case.matter.per_person:
        return _approval_of_persons(proposal, month)
    persons = "、".join(row.member.person.name for row in proposal.persons.all())
    return (
        f"从{chinese_month(month)}起每月发放{proposal.monthly_amount:,.2f}元，保障{persons}；"
        "系统会再试算一次，有变化不会确认。确认后制发审核确认表和确认通知书，不能更改。"
    )


def _approval_of_persons(proposal: Proposal, month: date) -> str:
    persons = "、".join(f"{row.member.person.name}{row.monthly_amount:,.2f}元" for row in proposal.persons.all())
    return (
        f"从{month.year}年{month.month}月起每月发放供养金：{persons}，合计{proposal.monthly_amount:,.2f}元，每人一份待遇；"
        "系统会再试算一次，有变化不会确认。确认后制发审批表和确认通知书，不能更改。"
    )
