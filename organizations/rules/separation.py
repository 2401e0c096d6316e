"""Roles that one person does not hold in one area at once: who handles does not approve (经办与审核分开)."""

from organizations.rules.roles import Role

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
