"""Further parameters (另行参数): dated county figures for rules outside the assessment and its contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eligibility.rules.choices import AidCause, AidGrade, AidYear, Choice, ExpenseKind, HardshipType
from eligibility.rules.shapes import Count, Flag, Key, ObjectOf, OneOf, Rate

RIGID_RATE = "rigid_household_rate"
RIGID_KINDS = "rigid_household_kinds"
ROLL_CUT_OFF_DAY = "roll_cut_off_day"
"""发放册截止日: day of the month before a roll's month; confirmations after it are paid with the next roll."""
RECOUPMENT_SHARE = "recoupment_share"
"""The most of a month's sum that is kept back to recoup (追回) what was overpaid."""
REVIEW_CYCLE_MONTHS = "review_cycle_months"
REVIEW_NOTICE_DAYS = "review_notice_days"
REVIEW_VISITS_A_DAY = "review_visits_a_day"
NO_CLEAR_CHANGE_RATE = "no_clear_change_rate"
"""Below which a change of the per-capita income, in shares of the standard, is no clear one; handbook 3.2."""
EMERGENCY_EXTENSION_MONTHS = "emergency_extension_months"
PHASE_OUT_PAY_MODE = "phase_out_pay_mode"
PHASE_OUT_REQUIRES_EMPLOYMENT = "phase_out_requires_employment"
PHASE_OUTS_PER_COVERAGE = "phase_outs_per_coverage"
PHASE_OUT_LIST_DAYS = "phase_out_list_days"
OMITTED_PAYMENT_DAYS = "omitted_payment_days"
"""Days after the bank's last return from which on payments that it does not speak of may be taken as failed."""
SUSPENSION_DAYS = "suspension_days"
"""How long an award may stay suspended (暂缓发放) before it is somebody's task."""
JOB_REFUSALS = "job_refusals"
"""Refused offers of work in a row after which the person's own part is looked into; F57 §34."""

TOWNSHIP_TEMP_LIMIT = "township_temp_limit"
"""乡镇审批限额: multiples of S up to which a township decides temporary aid; 0 for none; 国务院令第649号第四十八条."""
VILLAGE_TEMP_LIMIT = "village_temp_limit"
"""村级委托限额: multiples of S up to which an entrusted village decides; 0 for none; 绩办〔2021〕27号 item 17."""
PETTY_ADVANCE_LIMIT = "petty_advance_limit"
"""小额先行救助限额: multiples of S that a township pays from its reserve before the papers; handbook 10.4."""
PETTY_ADVANCE_HOURS = "petty_advance_hours"
"""Clock hours from the first report (首次报告) within which urgent aid reaches the family."""
PETTY_ADVANCE_ENTRY_HOURS = "petty_advance_entry_hours"
"""补记: clock hours after the family had the money within which a payment is entered without saying why it is late."""
AID_SUPPLEMENT_DAYS = "aid_supplement_days"
"""Working days within which the papers follow (事后补充); from the day the emergency is over, or of the payment."""
AID_SUPPLEMENT_BLOCKS = "aid_supplement_blocks"
"""Whether a township with overdue supplements pays no further advance."""
URGENT_PUBLICITY_DAYS = "urgent_publicity_days"
"""Working days within which decided urgent aid is made public afterwards (事后公示); 0 where it need not be."""
AID_YEAR = "temporary_aid_year"
AID_SAME_CAUSE_A_YEAR = "temporary_aid_same_cause_a_year"
AID_TIMES_A_YEAR = "temporary_aid_times_a_year"
"""频次: how often in a year for the same cause, and in all; beyond it 一事一议; handbook 10.3."""
RESERVE_WARNING_RATE = "reserve_warning_rate"
"""备用金预警线: share of the year's opening balance below which a replenishment is asked for; handbook 10.5."""
URGENT_TABLE = "temporary_aid_urgent_table"
EXPENDITURE_TABLE = "temporary_aid_expenditure_table"
"""临时救助金额表: multiples of S by cause and grade; what the form proposes."""
AID_EDUCATION_MOST = "temporary_aid_education_most"
"""因学上限: the most multiple of S for 教育支出, below the general one of 支出型; handbook 10.2, 郎溪 2024."""


class PhaseOutPayMode(Choice):
    """渐退期内待遇: what is paid during phase-out; handbook 1.9."""

    KEEP = "keep", "维持原额"
    TAPER = "taper", "逐月递减"


_KINDS = ObjectOf(
    {kind.value: Key(Flag(), kind.label) for kind in ExpenseKind}, title="计入的刚性支出", name="rigid_household_kinds"
)
_CYCLES = ObjectOf(
    {
        "a": Key(Count(least=1, most=36), "低保A类"),
        "b": Key(Count(least=1, most=36), "低保B类"),
        "c": Key(Count(least=1, most=36), "低保C类"),
        "tekun": Key(Count(least=1, most=36), "特困"),
    },
    title="核查周期（月）",
    name="review_cycle_months",
)
_GRADES = {grade.value: Key(Rate(), grade.label, required=True) for grade in AidGrade}


def _table(kind: HardshipType, name: str) -> ObjectOf:
    causes = [cause for cause in AidCause if cause.hardship is kind]
    keys = {
        cause.value: Key(ObjectOf(_GRADES, title=cause.label, name=f"{name}_{cause.value}"), cause.label, required=True)
        for cause in causes
    }
    return ObjectOf(keys, title=f"{kind.label}临时救助金额表（倍数）", name=name)


FURTHER = ObjectOf(
    {
        RIGID_RATE: Key(Rate(), "刚性支出困难家庭：支出占总收入须超过的比例"),
        RIGID_KINDS: Key(_KINDS, "刚性支出困难家庭：计入的支出"),
        ROLL_CUT_OFF_DAY: Key(Count(least=1, most=31), "发放册：上月几日以前确认的计入当月"),
        RECOUPMENT_SHARE: Key(Rate(), "追回：每月最多抵扣当月待遇的比例"),
        REVIEW_CYCLE_MONTHS: Key(_CYCLES, "动态核查：核查周期（月）"),
        REVIEW_NOTICE_DAYS: Key(Count(most=180), "动态核查：提前几天生成任务"),
        REVIEW_VISITS_A_DAY: Key(Count(least=1, most=100), "动态核查：每个乡镇每个工作日可入户的户数"),
        NO_CLEAR_CHANGE_RATE: Key(Rate(), "动态核查：人均收入变动低于低保标准的这一比例，视为无明显变化"),
        EMERGENCY_EXTENSION_MONTHS: Key(Count(least=1, most=12), "动态核查：突发公共事件最多延长几个月"),
        PHASE_OUT_PAY_MODE: Key(OneOf(PhaseOutPayMode), "渐退：期内待遇"),
        PHASE_OUT_REQUIRES_EMPLOYMENT: Key(Flag(), "渐退：只限就业后收入增加的家庭"),
        PHASE_OUTS_PER_COVERAGE: Key(Count(most=10), "渐退：同一在保期最多几次"),
        PHASE_OUT_LIST_DAYS: Key(Count(most=180), "渐退：到期前几天列入县级清单"),
        OMITTED_PAYMENT_DAYS: Key(Count(most=90), "回盘缺项：最后一次回盘满几天，可以认定为发放失败"),
        SUSPENSION_DAYS: Key(Count(most=365), "暂缓发放：满几天没有恢复或者停发的，列入待办"),
        JOB_REFUSALS: Key(Count(least=1, most=10), "就业：连续几次无正当理由拒绝介绍的，核查本人部分"),
        URGENT_TABLE: Key(_table(HardshipType.URGENT, URGENT_TABLE), "临时救助：急难型金额表（基数的倍数）"),
        EXPENDITURE_TABLE: Key(
            _table(HardshipType.EXPENDITURE, EXPENDITURE_TABLE), "临时救助：支出型金额表（基数的倍数）"
        ),
        AID_EDUCATION_MOST: Key(Rate(), "临时救助：教育支出的上限（基数的倍数）"),
        TOWNSHIP_TEMP_LIMIT: Key(Rate(), "临时救助：乡镇审批限额（基数的倍数，0为不下放）"),
        VILLAGE_TEMP_LIMIT: Key(Rate(), "临时救助：村级委托限额（基数的倍数，0为不委托）"),
        PETTY_ADVANCE_LIMIT: Key(Rate(), "小额先行救助：限额（基数的倍数）"),
        PETTY_ADVANCE_HOURS: Key(Count(least=1, most=240), "急难型：自首次报告起几小时内救助"),
        PETTY_ADVANCE_ENTRY_HOURS: Key(Count(least=1, most=720), "小额先行救助：发放后几小时内补记不用说明原因"),
        AID_SUPPLEMENT_DAYS: Key(Count(least=1, most=60), "先行救助、简化程序：几个工作日内补齐手续"),
        AID_SUPPLEMENT_BLOCKS: Key(Flag(), "小额先行救助：补充手续逾期的，暂停该乡镇新的先行救助"),
        URGENT_PUBLICITY_DAYS: Key(Count(most=60), "急难型：决定后几个工作日内事后公示（0为不公示）"),
        AID_YEAR: Key(OneOf(AidYear), "临时救助：“一年内”的算法"),
        AID_SAME_CAUSE_A_YEAR: Key(Count(least=1, most=12), "临时救助：同一事由一年内几次"),
        AID_TIMES_A_YEAR: Key(Count(least=1, most=12), "临时救助：不同事由一年内共几次"),
        RESERVE_WARNING_RATE: Key(Rate(), "备用金：预警线（期初余额的比例）"),
    },
    title="另行参数",
    name="further_parameters",
)


@dataclass(frozen=True)
class RigidTerms:
    """What the county sets for 刚性支出困难家庭: the share of income to be exceeded, and which spending counts."""

    rate: Decimal
    kinds: frozenset[ExpenseKind]

    def as_dict(self) -> dict[str, Any]:
        """As the store holds it."""
        return {RIGID_RATE: f"{self.rate:f}", RIGID_KINDS: {kind.value: kind in self.kinds for kind in ExpenseKind}}


def read_rigid_terms(values: Mapping[str, Any]) -> RigidTerms | None:
    """The terms out of the county's stored values by key; None where one is not stated."""
    if not {RIGID_RATE, RIGID_KINDS} <= values.keys():
        return None
    counts = values[RIGID_KINDS]
    return RigidTerms(Decimal(values[RIGID_RATE]), frozenset(kind for kind in ExpenseKind if counts.get(kind.value)))


def read_further(key: str, value: Any) -> Any:
    """One further value as the rules use it: a number, a rate, a choice, or a mapping of them."""
    return FURTHER.keys[key].shape.read(value, key, [])
