"""What follows from 自理能力: which term a visit keeps."""

from collections.abc import Mapping

VISIT_STEPS: Mapping[str, str] = {
    "self_reliant": "care_visit_self_reliant",
    "semi_disabled": "care_visit_semi_disabled",
    "disabled": "care_visit_disabled",
}
"""Key of the term (办理时限) of each level."""
