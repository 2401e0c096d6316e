"""复核: why an award is looked into, what a review may come to, and the band of no clear change; F57 §§31–33. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from eligibility.rules import COUNTED_INCOME

_MONTHS = 12
_COUNTED = frozenset(kind.value for kind in COUNTED_INCOME)


class ReviewCause(StrEnum):
    """复核事由: what brought a review on."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "ReviewCause":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    SCHEDULED = "scheduled", "定期核查"
    DEATH = "death", "成员死亡"
    LEFT = "left", "成员离开"
    JOINED = "joined", "成员增加"
    REPORTED = "reported", "家庭报告变化"
    MEANS_CHECK = "means_check", "信息核对有新结果"
    COMPLAINT = "complaint", "投诉举报"
    AGE = "age", "年龄到点"
    CERTIFICATE = "certificate", "证件到期"
    SCHOOLING = "schooling", "学业结束"
    JOB_REFUSALS = "job_refusals", "连续三次拒绝介绍就业"
    PHASE_OUT = "phase_out", "渐退期内复查"
    UPLIFT = "uplift", "提高标准"


class ReviewResult(StrEnum):
    """复核结果: what a review comes to."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "ReviewResult":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    CONTINUE = "continue", "维持"
    RAISE = "raise", "增发"
    CUT = "cut", "减发"
    PHASE_OUT = "phase_out", "渐退"
    STOP = "stop", "停发"
    CHANGE_SCHEME = "change_scheme", "转办特困供养"


class SuspensionAnswer(StrEnum):
    """暂缓发放怎么办: what becomes of a suspension when a review finds that the award goes on."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "SuspensionAnswer":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    PAY = "pay", "恢复发放，暂缓的月份补发"
    FORGO = "forgo", "恢复发放，暂缓的月份不补发"
    STAY = "stay", "继续暂缓（在意见里写明原因）"


PAID_ON = frozenset({ReviewResult.CONTINUE, ReviewResult.RAISE, ReviewResult.CUT})
"""Results that say a sum to be paid on."""
TOLD_FIRST = frozenset({ReviewResult.CUT, ReviewResult.PHASE_OUT, ReviewResult.STOP})
"""Results of which the family is told with reasons before they are decided (F57 §32)."""
RESULTS_OF = {
    "dibao": tuple(ReviewResult),
    "tekun": (ReviewResult.CONTINUE, ReviewResult.RAISE, ReviewResult.CUT, ReviewResult.STOP),
}
"""Results by scheme; of 特困 a stop leads to its termination, which is publicised (F43 §26)."""

CLAUSES: dict[ReviewResult, str] = {
    ReviewResult.CONTINUE: "民发〔2021〕57号第三十一条",
    ReviewResult.RAISE: "民发〔2021〕57号第三十二条",
    ReviewResult.CUT: "民发〔2021〕57号第三十二条",
    ReviewResult.PHASE_OUT: "民发〔2021〕57号第三十三条",
    ReviewResult.STOP: "民发〔2021〕57号第三十二条",
    ReviewResult.CHANGE_SCHEME: "民发〔2021〕43号第四条",
}
"""The clause each result of 低保 rests on."""
CLAUSE_OF_TEKUN = "民发〔2021〕43号第二十三条、第二十四条"


@dataclass(frozen=True)
class Band:
    """The comparison of 人均收入变动 with the county's rate of S (handbook 3.2).

    :param applies: whether persons, category, basis and S are the same, so that there is something to compare.
    :param yearly_change: the change of the income a year of all heads, yuan, without its sign; exact.
    :param heads: how many they are.
    :param limit: rate × S, yuan a month per head; a change of as much is clear.
    """

    applies: bool
    yearly_change: Decimal = Decimal(0)
    heads: int = 1
    limit: Decimal = Decimal(0)

    @property
    def is_inside(self) -> bool:
        """Whether the change is not a clear one (无明显变化)."""
        return self.applies and self.yearly_change < self.limit * _MONTHS * self.heads

    @property
    def change(self) -> Decimal:
        """The change a month per head, cut to the fen, so that what is shown never contradicts the comparison."""
        return (self.yearly_change / _MONTHS / self.heads).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def means_of(result: Mapping[str, Any], facts: Mapping[str, Any], *, basis: str) -> dict[str, Any]:
    """Income a year on which an award of a basis rests, and of how many heads; as JSON.

    Of a single person's award it is the persons' own income (handbook 1.6), else the family's less its deductions.
    """
    if basis == "single_person":
        persons: Sequence[str] = result["dibao"]["persons"]
        own = sum((_own_income(member) for member in facts["members"] if member["id"] in persons), Decimal(0))
        return {"yearly": f"{own:f}", "heads": len(persons)}
    household = result["household"]
    names = ("yearly_income", "rigid_deduction", "employment_deduction")
    income, rigid, employment = (Decimal(household[name]) for name in names)
    return {"yearly": f"{max(Decimal(0), income - rigid - employment):f}", "heads": len(household["remaining"])}


def _own_income(member: Mapping[str, Any]) -> Decimal:
    counted = [row for row in member.get("incomes", ()) if row["kind"] in _COUNTED]
    return sum((Decimal(row["yearly"]) for row in counted), Decimal(0))


def band_of(
    result: Mapping[str, Any], facts: Mapping[str, Any], *, award: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Band:
    """How far the income per head is from that of the assessment that the award in force rests on.

    :param award: ``persons``, ``basis`` and ``category`` in force.
    :param before: ``standard``, ``yearly`` and ``heads`` of that assessment, and the county's ``rate``; None where
        none is kept.
    """
    dibao = result["dibao"]
    standard = Decimal(result["parameters"]["dibao_monthly_standard"])
    if (
        before is None
        or Decimal(before["standard"]) != standard
        or set(award["persons"]) != set(dibao["persons"])
        or (award["basis"], award["category"]) != (dibao["basis"], dibao["category"])
    ):
        return Band(applies=False)
    now = means_of(result, facts, basis=dibao["basis"])
    if not now["heads"] or now["heads"] != before["heads"]:
        return Band(applies=False)
    change = abs(Decimal(now["yearly"]) - Decimal(before["yearly"]))
    return Band(applies=True, yearly_change=change, heads=now["heads"], limit=Decimal(before["rate"]) * standard)


def result_of_amount(amount: Decimal, current: Decimal) -> ReviewResult:
    """What a sum to be paid on is, beside the one paid now."""
    if amount == current:
        return ReviewResult.CONTINUE
    return ReviewResult.RAISE if amount > current else ReviewResult.CUT
