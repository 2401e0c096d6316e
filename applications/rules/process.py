"""The process (办件流程) as data: states, who owns each, what happened, what may follow. Pure."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum


class CaseState(StrEnum):
    """States of a case (办件状态)."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "CaseState":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已登记"
    SUPPLEMENTING = "supplementing", "待补正"
    ACCEPTED = "accepted", "已受理"
    INVESTIGATING = "investigating", "调查核对中"
    APPRAISING = "appraising", "民主评议"
    PROPOSED = "proposed", "已初审"
    PUBLICISED = "publicised", "公示中"
    OBJECTED = "objected", "有异议"
    CONFIRMING = "confirming", "待审核确认"
    RETURNED = "returned", "退回补查"
    APPROVED = "approved", "确认同意"
    REFUSED = "refused", "不予确认"
    WITHDRAWN = "withdrawn", "已撤回"
    TERMINATED = "terminated", "已终止"


class Authority(StrEnum):
    """Who confirms: the county, or the township where the power is delegated."""

    COUNTY = "county"
    TOWNSHIP = "township"


ENTRUSTED_TOWNSHIP = "乡镇（委托）"
"""The township where the law entrusts it with what is small (临时救助; F649 §48) instead of delegating (下放)."""


class Owner(StrEnum):
    """On whose task list a state lies."""

    REGISTRAR = "registrar"
    """The clerk or village assistant who fills in the intake."""
    OFFICER = "officer"
    """乡镇经办人."""
    SIGNER = "signer"
    """Who signs the proposal: the lead; in a delegated township the clerk."""
    CONFIRMER = "confirmer"
    """County approver, or the lead of a delegated township."""
    NOBODY = "nobody"


class EventKind(StrEnum):
    """What happened to a case (经过)."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "EventKind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    OPENED = "opened", "录入申请"
    SUBMITTED = "submitted", "登记申请"
    SUPPLEMENT_ASKED = "supplement_asked", "一次性告知补正"
    SUPPLEMENT_RECEIVED = "supplement_received", "收到补正材料"
    ACCEPTED = "accepted", "受理"
    INVESTIGATION_STARTED = "investigation_started", "启动经济状况调查"
    MEANS_CHECK_REQUESTED = "means_check_requested", "提请信息核对"
    MEANS_CHECK_ANSWERED = "means_check_answered", "核对结果返回"
    VISITED = "visited", "入户调查"
    COUNTY_VISITED = "county_visited", "县民政局入户"
    SELF_CARE_ASSESSED = "self_care_assessed", "生活自理能力评估"
    SUPPORT_CHOSEN = "support_chosen", "登记保障选择"
    APPRAISAL_CALLED = "appraisal_called", "提请民主评议"
    APPRAISED = "appraised", "民主评议"
    DRAFTED = "drafted", "拟初审意见"
    DRAFT_RETURNED = "draft_returned", "退改初审意见"
    PROPOSED = "proposed", "签发初审意见"
    TOLD_NOT_ELIGIBLE = "told_not_eligible", "告知拟不予确认"
    CONTESTED = "contested", "申请人举证异议"
    PUBLICISED = "publicised", "张贴公示"
    PHOTO_ADDED = "photo_added", "上传公示照片"
    PUBLICITY_CLOSED = "publicity_closed", "公示期满，报审核确认"
    OBJECTED = "objected", "收到异议"
    OBJECTION_RESOLVED = "objection_resolved", "异议处理完毕"
    REINVESTIGATED = "reinvestigated", "就异议重新调查"
    SENT_TO_CONFIRM = "sent_to_confirm", "报审核确认"
    SENT_TO_COUNTY = "sent_to_county", "转县民政局确认"
    DRAWN = "drawn", "县级随机抽查"
    RETURNED = "returned", "退回补查"
    RESUMED = "resumed", "继续调查"
    RECHECKED = "rechecked", "登记补查情况"
    TERMINATION_OPENED = "termination_opened", "发起终止"
    VERIFIED = "verified", "登记核实情况"
    REVIEW_OPENED = "review_opened", "发起复核"
    CALLED_OFF = "called_off", "撤销复核"
    APPROVED = "approved", "确认同意"
    REFUSED = "refused", "不予确认"
    ANNOUNCED = "announced", "村内公布"
    FAMILY_TOLD = "family_told", "告知核对不一致"
    WITHDRAWN = "withdrawn", "撤回申请"
    TERMINATED = "terminated", "终止办理"
    TAKEN_BACK = "taken_back", "撤销上一步"
    EXTENDED = "extended", "延长办理时限"
    OVERDUE_EXPLAINED = "overdue_explained", "说明超期原因"
    RELATIVE_REGISTERED = "relative_registered", "近亲属备案"
    COMPLAINT_RECEIVED = "complaint_received", "收到投诉举报"
    DOCUMENT_ISSUED = "document_issued", "制发文书"
    DELIVERED = "delivered", "文书送达"
    FAMILY_CHANGED = "family_changed", "家庭变动"
    DOCUMENT_VOIDED = "document_voided", "作废文书"


STATE_OWNERS: dict[CaseState, Owner] = {
    CaseState.DRAFT: Owner.REGISTRAR,
    CaseState.SUBMITTED: Owner.OFFICER,
    CaseState.SUPPLEMENTING: Owner.OFFICER,
    CaseState.ACCEPTED: Owner.OFFICER,
    CaseState.INVESTIGATING: Owner.OFFICER,
    CaseState.APPRAISING: Owner.OFFICER,
    CaseState.PROPOSED: Owner.OFFICER,
    CaseState.PUBLICISED: Owner.OFFICER,
    CaseState.OBJECTED: Owner.OFFICER,
    CaseState.CONFIRMING: Owner.CONFIRMER,
    CaseState.RETURNED: Owner.OFFICER,
    CaseState.APPROVED: Owner.NOBODY,
    CaseState.REFUSED: Owner.NOBODY,
    CaseState.WITHDRAWN: Owner.NOBODY,
    CaseState.TERMINATED: Owner.NOBODY,
}
"""Whose task list each state is on; a drafted proposal moves ``investigating`` to the signer."""

AFTER_OBJECTION = (CaseState.OBJECTED, CaseState.INVESTIGATING, CaseState.APPRAISING, CaseState.PROPOSED)
"""States in which a case may be while its objected publicity still hangs on the wall."""

FINAL_STATES = frozenset({CaseState.APPROVED, CaseState.REFUSED, CaseState.WITHDRAWN, CaseState.TERMINATED})
OPEN_STATES = frozenset(CaseState) - FINAL_STATES
BEFORE_ACCEPTANCE = frozenset({CaseState.DRAFT, CaseState.SUBMITTED, CaseState.SUPPLEMENTING})

NEXT_ACTS: dict[CaseState, str] = {
    CaseState.DRAFT: "登记申请",
    CaseState.SUBMITTED: "审查材料并受理",
    CaseState.SUPPLEMENTING: "等待补正材料",
    CaseState.ACCEPTED: "启动经济状况调查",
    CaseState.INVESTIGATING: "核对、入户并提出初审意见",
    CaseState.APPRAISING: "组织民主评议",
    CaseState.PROPOSED: "公示或告知申请人",
    CaseState.PUBLICISED: "公示期满，报审核确认",
    CaseState.OBJECTED: "处理异议",
    CaseState.CONFIRMING: "审核确认",
    CaseState.RETURNED: "补查",
    CaseState.APPROVED: "",
    CaseState.REFUSED: "",
    CaseState.WITHDRAWN: "",
    CaseState.TERMINATED: "",
}
"""What the owner of a state does next."""

FOUR_EYES_ACTS = frozenset(
    {
        EventKind.OPENED,
        EventKind.SUBMITTED,
        EventKind.ACCEPTED,
        EventKind.SUPPLEMENT_ASKED,
        EventKind.SUPPLEMENT_RECEIVED,
        EventKind.INVESTIGATION_STARTED,
        EventKind.MEANS_CHECK_REQUESTED,
        EventKind.MEANS_CHECK_ANSWERED,
        EventKind.FAMILY_TOLD,
        EventKind.VISITED,
        EventKind.COUNTY_VISITED,
        EventKind.SELF_CARE_ASSESSED,
        EventKind.SUPPORT_CHOSEN,
        EventKind.APPRAISAL_CALLED,
        EventKind.APPRAISED,
        EventKind.DRAFTED,
        EventKind.PROPOSED,
        EventKind.TOLD_NOT_ELIGIBLE,
        EventKind.CONTESTED,
        EventKind.REINVESTIGATED,
        EventKind.OBJECTION_RESOLVED,
        EventKind.RESUMED,
        EventKind.RECHECKED,
        EventKind.TERMINATION_OPENED,
        EventKind.REVIEW_OPENED,
        EventKind.VERIFIED,
    }
)
"""Who did one of these never confirms the case (调查人≠确认人)."""

OPEN_TO_RELATIVES = frozenset(
    {
        EventKind.OPENED,
        EventKind.SUBMITTED,
        EventKind.RELATIVE_REGISTERED,
        EventKind.COMPLAINT_RECEIVED,
        EventKind.PHOTO_ADDED,
        EventKind.OVERDUE_EXPLAINED,
        EventKind.WITHDRAWN,
        EventKind.DELIVERED,
        EventKind.SENT_TO_COUNTY,
        EventKind.DRAWN,
        EventKind.FAMILY_CHANGED,
    }
)
"""What a registered near relative of the family may still do: hand in, declare, pass on; all else is recused."""

RECHECKS = frozenset(
    {
        EventKind.VISITED,
        EventKind.MEANS_CHECK_ANSWERED,
        EventKind.APPRAISED,
        EventKind.RECHECKED,
        EventKind.VERIFIED,
    }
)
"""What shows that a returned case was looked into again (补查)."""

EXTENSION_CAUSES = {
    "objection": "公示有异议",
    "separated": "人户分离",
    "remote": "异地申办",
    "difficult": "家庭经济状况调查难度较大",
}
"""Listed causes for 45 working days; F57 §22, F2022 四(一)."""

TAKE_BACK: dict[CaseState, frozenset[CaseState]] = {
    CaseState.SUBMITTED: frozenset({CaseState.DRAFT}),
    CaseState.ACCEPTED: frozenset({CaseState.SUBMITTED, CaseState.SUPPLEMENTING}),
    CaseState.INVESTIGATING: frozenset({CaseState.ACCEPTED, CaseState.RETURNED}),
    CaseState.PROPOSED: frozenset({CaseState.INVESTIGATING, CaseState.APPRAISING}),
    CaseState.PUBLICISED: frozenset({CaseState.PROPOSED}),
    CaseState.CONFIRMING: frozenset({CaseState.PUBLICISED, CaseState.PROPOSED}),
    CaseState.RETURNED: frozenset({CaseState.CONFIRMING}),
}
"""Whence who made the last step may take it back, until somebody else acts (撤销上一步), and where to."""

STEPS: tuple[tuple[str, frozenset[CaseState]], ...] = (
    ("受理", frozenset({CaseState.DRAFT, CaseState.SUBMITTED, CaseState.SUPPLEMENTING})),
    ("调查核对", frozenset({CaseState.ACCEPTED, CaseState.INVESTIGATING, CaseState.APPRAISING, CaseState.RETURNED})),
    ("初审", frozenset({CaseState.PROPOSED})),
    ("公示", frozenset({CaseState.PUBLICISED, CaseState.OBJECTED})),
    ("审核确认", frozenset({CaseState.CONFIRMING})),
    ("决定", FINAL_STATES),
)
"""The step bar of the case page: what families and clerks call the way of a case."""


def proposal_clock(happened: Iterable[tuple[str, str, date]], *, accepted_on: date) -> tuple[bool, date] | None:
    """From when the proposal that is still to be signed is counted.

    :param happened: kind, state before and day of every event that changed the state, the oldest first.
    :returns: whether it is a new proposal after an objection, and the day; None once it is signed.
    """
    waits: tuple[bool, date] | None = (False, accepted_on)
    before_signing = waits
    for kind, from_state, day in happened:
        if kind == EventKind.OBJECTED:
            waits = (True, day)
        elif kind == EventKind.PROPOSED:
            before_signing, waits = waits, None
        elif kind == EventKind.TAKEN_BACK and from_state == CaseState.PROPOSED:
            waits = before_signing
    return waits
