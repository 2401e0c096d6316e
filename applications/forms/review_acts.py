"""Acts of a review (复核) that are its own, and what common ones do in it."""

from collections.abc import Callable, Mapping

from applications.forms import reviews
from applications.forms.act import ACCEPT, Act, confirms
from applications.queries import CaseFile
from applications.queries.telling import intended
from applications.rules.process import OPEN_STATES, CaseState
from applications.rules.reviews import ReviewResult
from benefits.services import first_month
from eligibility.queries import further_value
from eligibility.rules.further_parameters import PHASE_OUT_PAY_MODE, PhaseOutPayMode
from foundation.dates import chinese_month

REVIEWS = frozenset({"dibao.review", "tekun.review"})
_R = ReviewResult


def _both(words: str) -> dict[str, str]:
    return dict.fromkeys(REVIEWS, words)


EFFECTS: Mapping[str, Mapping[str, str | Callable[[CaseFile], str]]] = {
    "start-investigation": _both("开始复核调查；随后提请信息核对、安排至少两人入户。"),
    "draft-proposal": _both("系统拿现行待遇和今天的家庭情况比对，给出建议，由您填写复核意见；保存后交签发。"),
    "sign-proposal": _both("签发后复核意见生效；拟减发、渐退、停发的先告知家庭，其他的直接报审核确认。复核不公示。"),
    "send-to-confirm": _both("复核不公示，直接报审核确认。"),
}
"""By act, what it does in a review."""


def _decided(file: CaseFile) -> str:
    proposal = file.proposal
    if proposal is None or proposal.result is None:
        return "确认后不能更改。"
    said = _effect_of(file, chinese_month(proposal.from_month or first_month(file.on)))
    what = intended(file.case, proposal).removeprefix("拟")
    return f"{what}：{said}系统会再试算一次，有变化不会确认。确认后制发动态核查表和通知书，不能更改。"


def _tapers(file: CaseFile) -> bool:
    """Whether the county lets sums fall step by step during phase-out (逐月递减)."""
    place = file.case.household
    mode = further_value(PHASE_OUT_PAY_MODE, area=place.area, on=file.on, residence=place.residence)
    return bool(mode == PhaseOutPayMode.TAPER)


def _effect_of(file: CaseFile, month: str) -> str:
    proposal, case = file.proposal, file.case
    assert proposal is not None  # noqa: S101 -- asked for only where one stands
    amount = f"{proposal.monthly_amount:,.2f}元" if proposal.monthly_amount is not None else ""
    match proposal.result:
        case _R.STOP if case.matter.person:
            return "同时发起终止救助供养的办件，经公示后再决定；决定以前待遇照旧。"
        case _R.STOP:
            return f"待遇发到{chinese_month(file.on)}，从{month}起停发。"
        case _R.PHASE_OUT:
            paid = f"首月{amount}，逐月递减" if _tapers(file) else f"期内每月{amount}"
            return f"从{month}起渐退{proposal.phase_out_months}个月，{paid}，期满自动停发。"
        case _R.CHANGE_SCHEME:
            return "低保照发；特困供养确认时，相关人员从低保减出，其余人按这里确定的金额发放，不断档、不重发。"
        case _R.CONTINUE:
            return f"每月{amount}不变。"
        case _:
            split = "；其间或次月执行别的标准的，从那月起按那时的标准分段核定" if proposal.from_month else ""
            return f"从{month}起每月{amount}{split}。"


ACTS: tuple[Act, ...] = (
    Act(
        "decide-review",
        "确认复核结果",
        reviews.DecideReviewForm,
        confirms,
        frozenset({CaseState.CONFIRMING}),
        _decided,
        of=REVIEWS,
    ),
    Act(
        "call-off-review",
        "撤销复核程序",
        reviews.CallOffReviewForm,
        ACCEPT,
        OPEN_STATES,
        "办件就此结束，不能恢复；待遇照旧，到期仍须核查。",
        place="more",
        kind="danger",
        of=REVIEWS,
    ),
)
