"""How a case ends without a decision; a termination (终止救助供养): acts of its own, and what common ones do in it."""

from collections.abc import Callable, Mapping

from applications.forms import deciding, terminations
from applications.forms.act import (
    ACCEPT,
    DRAFTING,
    INVESTIGATE,
    Act,
    anew_effect,
    confirms,
    eligible_proposed,
    not_eligible_proposed,
    terminate_check,
    withdraw_check,
)
from applications.forms.review_acts import EFFECTS as IN_REVIEWS
from applications.forms.review_acts import REVIEWS
from applications.queries import CaseFile
from applications.rules.process import OPEN_STATES, CaseState, EventKind
from benefits.services import first_month

KEY = "tekun.termination"
ENDING = frozenset({KEY})
OF_AWARDS = ENDING | REVIEWS
"""Matters of an award that runs: nobody applied for them."""


def _publicises(file: CaseFile) -> str:
    posted = "制发公示单并从张贴次日起在村（社区）或者供养服务机构公示7天；只公示姓名，不公示原因。"
    return f"{anew_effect(file)}{posted}"


_IN_TERMINATIONS: Mapping[str, Mapping[str, str | Callable[[CaseFile], str]]] = {
    "start-investigation": {KEY: "开始调查核实；入户或者书面核实，收入财产情形的还要提请信息核对。"},
    "sign-proposal": {KEY: "签发后意见生效，拟终止供养的进入公示，拟继续供养的直接报审核确认。"},
    "draft-proposal": {KEY: "系统按终止情形和今天的资料给出建议，由您写明拟终止还是拟继续供养；保存后交签发。"},
    "publicise": {KEY: _publicises},
    "raise-objection": {KEY: "组织调查核实，从收到异议起15个工作日内决定；仍拟终止的须重新公示。"},
    "close-publicity": {KEY: "公示期间没有异议，报审核确认机关决定。"},
}
EFFECTS: Mapping[str, Mapping[str, str | Callable[[CaseFile], str]]] = {
    name: {**_IN_TERMINATIONS.get(name, {}), **IN_REVIEWS.get(name, {})} for name in {*_IN_TERMINATIONS, *IN_REVIEWS}
}
"""By act, what it does in a termination or a review."""


def _ends(file: CaseFile) -> str:
    month = first_month(file.on)
    name = file.case.applicant.person.name
    said = f"从{month.year}年{month.month}月起终止{name}的救助供养（民发〔2021〕43号第二十六条）"
    if unpaid := file.unpaid_from:
        said += f"；因死亡，从{unpaid.year}年{unpaid.month}月起不得计发，已经发放的另行核算"
    return f"{said}。系统会再试算一次，有变化不会决定。决定后制发终止审批表和给本人、村（居）委会的通知，不能更改。"


def _verified(file: CaseFile) -> bool:
    return bool(file.visits) or any(event.kind == EventKind.VERIFIED for event in file.events)


INVESTIGATING_ACTS: tuple[Act, ...] = (
    Act(
        "record-verification",
        "登记核实情况",
        terminations.RecordVerificationForm,
        INVESTIGATE,
        DRAFTING,
        "写明凭什么材料、向谁核实，查明了什么；需要上门的，登记入户调查。",
        mends=lambda file: not _verified(file),
        place="visit",
        of=ENDING,
    ),
)
DECIDING_ACTS: tuple[Act, ...] = (
    Act(
        "end-support",
        "决定终止",
        terminations.EndSupportForm,
        confirms,
        frozenset({CaseState.CONFIRMING}),
        _ends,
        not_eligible_proposed,
        of=ENDING,
    ),
    Act(
        "keep-support",
        "决定继续供养",
        terminations.KeepSupportForm,
        confirms,
        frozenset({CaseState.CONFIRMING}),
        "待遇不变；制发终止审批表和继续供养告知书，决定后不能更改。",
        eligible_proposed,
        of=ENDING,
    ),
)
LAST_ACTS: tuple[Act, ...] = (
    Act(
        "withdraw",
        "家庭撤回申请",
        deciding.WithdrawForm,
        withdraw_check,
        OPEN_STATES,
        "办件就此结束，不能恢复；家庭可以重新申请。",
        place="more",
        kind="danger",
        not_of=OF_AWARDS,
    ),
    Act(
        "terminate",
        "终止办理",
        deciding.TerminateForm,
        terminate_check,
        OPEN_STATES,
        "办件就此结束，不能恢复。",
        place="more",
        kind="danger",
        not_of=OF_AWARDS,
    ),
    Act(
        "call-off",
        "撤销终止程序",
        terminations.CallOffForm,
        ACCEPT,
        OPEN_STATES,
        "办件就此结束，不能恢复；待遇照旧。以后仍须终止的，可以重新发起。",
        place="more",
        kind="danger",
        of=ENDING,
    ),
)
