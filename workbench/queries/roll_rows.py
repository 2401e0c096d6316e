"""Tasks of the monthly payment (待遇发放), as a page of tasks shows them: which roll or family, where it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from benefits.models import MonthlyRoll, RollLine
from benefits.queries.missing_rolls import month_to_prepare
from organizations.models import Area
from workbench.rules.task_kinds import ROLL_KINDS, TaskKind

_OF_ROLLS = (
    TaskKind.CHECK_ROLL,
    TaskKind.SEND_ROLL,
    TaskKind.ANSWER_ROLL,
    TaskKind.REISSUE_PAYMENTS,
    TaskKind.OMITTED,
)
_ACTS = {
    TaskKind.SEND_ROLL: "发放册送银行",
    TaskKind.ANSWER_ROLL: "上传并登记银行回盘",
    TaskKind.REISSUE_PAYMENTS: "重发失败的付款",
    TaskKind.OMITTED: "审核回盘里没有的付款",
}
_CHECKS = {
    "prepared": "核对发放册（乡镇）",
    "township_checked": "审核发放册（县民政局）",
    "county_checked": "复核发放册并定册（财政）",
}


@dataclass(frozen=True)
class RollTask:
    """One line: the roll with how many it pays, or the family whose account is to be mended."""

    act: str
    whom: str
    persons: int
    area: Area
    matter: str
    url: str


def roll_tasks(rows: Iterable[tuple[TaskKind, int]], *, on: date) -> Mapping[tuple[TaskKind, int], RollTask]:
    """The lines of a page that are of the monthly payment, few queries whatever its length."""
    wanted = [(kind, ref) for kind, ref in rows if kind in ROLL_KINDS]
    if not wanted:
        return {}
    rolls = MonthlyRoll.objects.select_related("area__parent").in_bulk(_refs(wanted, *_OF_ROLLS))
    lines = RollLine.objects.select_related("roll", "area__parent").in_bulk(_refs(wanted, TaskKind.MEND_ACCOUNT))
    areas = Area.objects.in_bulk(_refs(wanted, TaskKind.MAKE_ROLLS))
    found: dict[tuple[TaskKind, int], RollTask] = {}
    for kind, ref in wanted:
        if kind == TaskKind.MAKE_ROLLS:
            found[kind, ref] = _to_make(areas[ref], month_to_prepare(on=on))
        elif kind == TaskKind.MEND_ACCOUNT:
            found[kind, ref] = _to_mend(lines[ref])
        else:
            found[kind, ref] = _of_roll(kind, rolls[ref])
    return found


def _to_make(area: Area, month: date) -> RollTask:
    act = f"生成{month.year}年{month.month}月发放册"
    return RollTask(act, "各乡镇", 0, area, "发放册", reverse("benefits:rolls"))


def _to_mend(line: RollLine) -> RollTask:
    act = "更正发放账户（银行退回）" if line.failure else "登记发放账户"
    url = reverse("benefits:roll_line", args=[line.pk])
    return RollTask(act, line.head_name, line.person_count, line.area, line.roll.number, url)


def _of_roll(kind: TaskKind, roll: MonthlyRoll) -> RollTask:
    act = _CHECKS[roll.state] if kind == TaskKind.CHECK_ROLL else _ACTS[kind]
    page = "benefits:failed" if kind == TaskKind.REISSUE_PAYMENTS else "benefits:roll"
    url = reverse(page) if kind == TaskKind.REISSUE_PAYMENTS else reverse(page, args=[roll.pk])
    whom = f"{roll.get_scheme_display()}{roll.line_count}户"
    return RollTask(act, whom, roll.person_count, roll.area, roll.number, url)


def _refs(rows: Iterable[tuple[TaskKind, int]], *wanted: TaskKind) -> list[int]:
    return [ref for kind, ref in rows if kind in wanted]
