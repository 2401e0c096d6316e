"""What else the same facts open and at which door: at the window (可一并办理), after a refusal; tasks 4–7, 10, 17."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

SEVERE = frozenset({1, 2})
_TITLES = {
    "dibao": "最低生活保障",
    "tekun": "特困人员救助供养",
    "marginal": "最低生活保障边缘家庭认定",
}
_SCHOOLS = {
    "preschool": "学前教育资助",
    "compulsory": "义务教育生活补助",
    "senior_high": "普通高中免学杂费、国家助学金",
    "vocational": "中等职业教育免学费、国家助学金",
    "undergraduate": "国家助学金、助学贷款",
}


_AT_THE_WINDOW = "乡镇社会救助窗口"


@dataclass(frozen=True)
class Door:
    """One more thing to claim; ``scheme`` where this very intake can take it up."""

    title: str
    where: str
    scheme: str = ""


def other_doors(
    result: Mapping[str, Any],
    *,
    schooling: Collection[str],
    disability_levels: frozenset[int],
    has_serious_illness: bool,
    asked_for: Collection[str],
    openable: Collection[str],
    is_recognised: bool = False,
) -> list[Door]:
    """What the family may claim beside what it asks for.

    :param result: an assessment's result, after the contract's output.
    :param asked_for: schemes of the draft.
    :param openable: schemes of which applications can be opened now.
    :param is_recognised: whether the family is recognised already, as 低保边缘 or 刚性支出困难.
    """
    is_poor = is_recognised or result["dibao"]["outcome"] == "eligible" or result["marginal"]["outcome"] == "eligible"
    doors = _schemes(result, asked_for, openable)
    if is_poor:
        doors += [Door(f"教育：{title}", "转办县教体局") for level, title in _SCHOOLS.items() if level in schooling]
    if is_poor and has_serious_illness:
        doors.append(Door("医疗：参保资助、医疗费用救助", "转办县医保局"))
    if disability_levels & SEVERE:
        doors.append(Door("残疾：重度残疾人护理补贴", "乡镇残联窗口"))
    if is_poor and disability_levels:
        doors.append(Door("残疾：困难残疾人生活补贴", "乡镇残联窗口"))
    return doors


def doors_after_refusal(result: Mapping[str, Any], facts: Mapping[str, Any], *, refused: str) -> list[str]:
    """What a family may claim whose application was refused, as its notice says it; F57 §21, F2020 §23.

    :param facts: what the assessment rests on, after the contract's input.
    :param refused: the scheme that was refused.
    """
    doors = other_doors(result, **_circumstances(facts), asked_for=(refused,), openable=_TITLES)
    if _hangs_on_supporters(result) and refused != "tekun":
        doors.append(Door("特困人员救助供养", "须先查明法定义务人"))
    aid = "遭遇火灾、交通事故、突发重大疾病等急难的，临时救助（急难型）"
    doors.append(Door(aid if refused == "temporary_aid" else "遭遇突发困难的，临时救助", _AT_THE_WINDOW))
    return [f"{door.title}（{_AT_THE_WINDOW if door.scheme else door.where}）" for door in doors]


_OPENED: dict[str, tuple[Door, ...]] = {
    "marginal": (
        Door("医疗：参保资助、医疗费用救助", "县医保局"),
        Door("教育：学生资助", "县教体局"),
        Door("住房：公租房、危房改造", "县住建局"),
        Door("就业：就业援助", "县人社局"),
        Door("残疾：困难残疾人生活补贴", "乡镇残联窗口"),
        Door("临时救助", _AT_THE_WINDOW),
    ),
    "rigid_expense_household": (
        Door("医疗：医疗费用救助", "县医保局"),
        Door("教育：学生资助", "县教体局"),
        Door("住房：住房救助", "县住建局"),
        Door("就业：就业援助", "县人社局"),
        Door("临时救助", _AT_THE_WINDOW),
    ),
}
"""What a recognised family may ask of other departments, each by its own conditions; handbook tasks 4–7, 10, 20."""


def doors_opened(scheme: str) -> tuple[str, ...]:
    """What a recognition opens and at which door, as its notice says it.

    :param scheme: of the recognition; another opens nothing.
    """
    return tuple(f"{door.title}（{door.where}）" for door in _OPENED.get(scheme, ()))


def _circumstances(facts: Mapping[str, Any]) -> dict[str, Any]:
    members = facts["members"]
    return {
        "schooling": {member.get("schooling", "none") for member in members},
        "disability_levels": frozenset(member["disability"]["level"] for member in members if member.get("disability")),
        "has_serious_illness": any(member.get("serious_illness") for member in members),
    }


def _hangs_on_supporters(result: Mapping[str, Any]) -> bool:
    outcomes = {row["outcome"] for row in result["tekun"]}
    return "unknown" in outcomes and "eligible" not in outcomes


def _schemes(result: Mapping[str, Any], asked_for: Collection[str], openable: Collection[str]) -> list[Door]:
    eligible = {"dibao": result["dibao"]["outcome"] == "eligible"}
    eligible["tekun"] = any(row["outcome"] == "eligible" for row in result["tekun"])
    # Beside a single person's 低保 the rest of the family is 低保边缘 (F57 §8).
    eligible["marginal"] = result["marginal"]["outcome"] == "eligible"
    return [
        Door(
            _TITLES[scheme],
            "加入本次申请" if scheme in openable else "请联系县民政局",
            scheme if scheme in openable else "",
        )
        for scheme, is_eligible in eligible.items()
        if is_eligible and scheme not in asked_for
    ]
