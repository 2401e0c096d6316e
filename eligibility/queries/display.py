"""Findings as pages and papers show them: names in place of member references, figures as people write them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eligibility.rules.titles import RULE_TITLES

if TYPE_CHECKING:
    from households.models import Household, Member


@dataclass(frozen=True)
class FindingRow:
    """A finding as the table shows it: names in place of member references, figures as people write them."""

    rule: str
    title: str
    clause: str
    subject: str
    value: str
    comparison: str
    threshold: str
    passed: bool
    text: str


def findings_for_display(
    result: Mapping[str, Any], household: "Household", *, members: Iterable["Member"] = ()
) -> list[FindingRow]:
    """The findings of an assessment's result with names put in for the member references (m12).

    :param members: members with their persons that are read already.
    """
    names = member_names(result, household, members=members)
    return [finding_row(finding, names) for finding in result.get("findings", ())]


def member_names(
    result: Mapping[str, Any], household: "Household", *, members: Iterable["Member"] = ()
) -> dict[str, str]:
    """Names by reference of everybody whom a result's findings are about or name; in one query who is not known yet."""
    mentioned = {finding["subject"] for finding in result.get("findings", ())} | set(result["household"]["counted"])
    for finding in result.get("findings", ()):
        mentioned.update(_REFERENCE.findall(finding["text"]))
    known = {member.reference: member.person.name for member in members}
    keys = [int(reference[1:]) for reference in mentioned - known.keys() if _MEMBER.fullmatch(reference)]
    if keys:
        others = household.members.filter(pk__in=keys).select_related("person")
        known |= {member.reference: member.person.name for member in others}
    return known


_MEMBER = re.compile(r"m\d+")
# Of somebody typed and not recorded yet the key is below zero.
_REFERENCE = re.compile(r"成员“(m-?\d+)”")
_FIGURE = re.compile(r"-?\d+\.\d\d")
_SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "=": "＝"}
_WORDS = {True: "是", False: "否"}


def finding_row(finding: Mapping[str, Any], names: Mapping[str, str]) -> FindingRow:
    """One finding with names put in."""
    value, threshold = _shown(finding["value"]), _shown(finding["threshold"])
    return FindingRow(
        rule=finding["rule"],
        title=RULE_TITLES.get(finding["rule"], finding["rule"]),
        clause=finding["clause"],
        subject=names.get(finding["subject"], "本户"),
        value=value,
        comparison=_SIGNS.get(finding["comparison"], "") if value and threshold else "",
        threshold=threshold,
        passed=finding["passed"],
        text=_REFERENCE.sub(lambda match: names.get(match[1], match[0]), finding["text"]),
    )


def _shown(value: Any) -> str:
    """A figure as people write it; words of the contract are left to the sentence."""
    if isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str) and _FIGURE.fullmatch(value):
        sign, plain = ("-", value[1:]) if value.startswith("-") else ("", value)
        whole, _, rest = plain.partition(".")
        return f"{sign}{int(whole):,}.{rest}"
    return ""
