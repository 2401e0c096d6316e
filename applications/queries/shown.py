"""An assessment as the case page shows it: what decides the case's scheme first, all else grouped by scheme."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from applications.rules.matters import MATTERS, Matter
from eligibility.queries import FindingRow, member_names
from households.models import Household

_SUMS = (
    *("amount.", "means.", "tekun.self_care", "tekun.amount", "dibao.change"),
    *("temporary_aid.minimum", "temporary_aid.maximum"),
)
"""Findings that reckon something and pass no judgement."""
_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("共同生活的家庭成员", ("counting.",)),
    ("收入和支出", ("means.",)),
    ("财产", ("property.",)),
    ("最低生活保障", ("dibao.", "single_person.")),
    ("增发和金额", ("amount.",)),
    ("类别", ("category.",)),
    ("特困人员救助供养", ("tekun.", "obligor.")),
    ("低保边缘家庭", ("marginal.",)),
    ("刚性支出困难家庭", ("rigid_expense.",)),
    ("临时救助", ("temporary_aid.",)),
    ("复核", ("review.",)),
)


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one scheme or subject under a heading."""

    title: str
    rows: Sequence[FindingRow]


class ShownAssessment:
    """An assessment as the page shows it; ``problem`` says why there is none."""

    def __init__(
        self,
        *,
        on: date,
        is_fresh: bool,
        result: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
        rows: Sequence[FindingRow] = (),
        household: Household | None = None,
        matter: Matter = MATTERS["dibao.application"],
        problem: str = "",
    ) -> None:
        self.on = on
        self.is_fresh = is_fresh
        self.result = result or {}
        self.facts = facts or {}
        self.rows = list(dict.fromkeys(rows))
        self._household = household
        self._matter = matter
        self.problem = problem

    @cached_property
    def names(self) -> dict[str, str]:
        """Names by member reference (m12)."""
        return member_names(self.result, self._household) if self._household else {}

    @cached_property
    def deciding(self) -> list[FindingRow]:
        """Comparisons that decide the scheme."""
        return [row for row in self.rows if self._decides(row)]

    @property
    def failed(self) -> list[FindingRow]:
        """Conditions of the scheme that are not met."""
        found = [row for row in self.deciding if not row.passed and not row.rule.startswith(_SUMS)]
        if self.result.get("aid", {}).get("enrolled"):
            # Of who has 低保 or 特困 only the spending is verified: means and property count as met (临时救助).
            return [row for row in found if not row.rule.startswith("property.")]
        return found

    @property
    def others(self) -> list[FindingRow]:
        """Comparisons beside: who counts, who gets a top-up, the category, other schemes."""
        return [row for row in self.rows if not self._decides(row)]

    @property
    def other_groups(self) -> list[FindingGroup]:
        """The comparisons beside by scheme or subject, in the order of the reckoning."""
        return list(_grouped(self.others))

    def _decides(self, row: FindingRow) -> bool:
        return row.rule.startswith(self._matter.deciding) or row.rule in self._matter.granted


def _grouped(rows: Sequence[FindingRow]) -> Iterable[FindingGroup]:
    for title, prefixes in _GROUPS:
        if found := [row for row in rows if row.rule.startswith(prefixes)]:
            yield FindingGroup(title, found)
