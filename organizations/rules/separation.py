"""Who handles does not approve (经办与审核分开): roles held apart, and two people who count as one (代理)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from organizations.rules.roles import ROLE_PERMISSIONS, Role

_APART = (
    (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER),
    (Role.COUNTY_OFFICER, Role.COUNTY_APPROVER),
)
"""Handbook 0.5: 调查人≠确认人. The case itself holds to it whatever the posts are; the posts should not tempt."""


def held_apart_from(role: str) -> Role | None:
    """The role that is not held beside this one in the same area; None where any may be."""
    for handles, approves in _APART:
        if role == handles:
            return approves
        if role == approves:
            return handles
    return None


@dataclass(frozen=True)
class Deputising:
    """A deputy's post (代理): who stands for whom, in which role and area, on which days."""

    deputy: int
    principal: int
    principal_name: str
    role: Role
    area_code: str
    first_day: date
    last_day: date

    def covers(self, area_code: str, *, since: date) -> bool:
        """Whether it held in the area on some day since."""
        return area_code.startswith(self.area_code) and self.last_day >= since


def standing_as_one(accounts: frozenset[int], pairs: Iterable[Deputising]) -> frozenset[int]:
    """The accounts with everybody who stood for one of them or for whom one stood (代理与被代理算一人)."""
    found, pairs = accounts, list(pairs)
    while True:
        more = found | {
            one for pair in pairs if found & {pair.deputy, pair.principal} for one in (pair.deputy, pair.principal)
        }
        if more == found:
            return found
        found = more


def name_in_office(
    account: int, name: str, pairs: Iterable[Deputising], *, on: date, area_code: str, by_right_of: frozenset[str]
) -> str:
    """How a record names who did something: 程晓燕（代理汪晓梅） where it was done in a deputy's post.

    :param by_right_of: permissions any of which the act takes; empty where every post allows it.
    """
    for pair in pairs:
        is_in_force = pair.first_day <= on <= pair.last_day and area_code.startswith(pair.area_code)
        allows = not by_right_of or bool(ROLE_PERMISSIONS[pair.role] & by_right_of)
        if pair.deputy == account and is_in_force and allows:
            return f"{name}（代理{pair.principal_name}）"
    return name
