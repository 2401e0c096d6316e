"""What follows from 自理能力: which term a visit keeps, and what a re-assessment changes."""

from collections.abc import Mapping

from eligibility.rules import level_of

VISIT_STEPS: Mapping[str, str] = {
    "self_reliant": "care_visit_self_reliant",
    "semi_disabled": "care_visit_semi_disabled",
    "disabled": "care_visit_disabled",
}
"""Key of the term (办理时限) of each level."""


def care_level(unmanaged: int) -> str:
    """自理能力 by how many of the six indicators are not managed; F43 §22."""
    return level_of(unmanaged).value
