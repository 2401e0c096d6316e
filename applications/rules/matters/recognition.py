"""认定身份: what 低保边缘 and 刚性支出困难 have in common as matters; no amount, no category, months of validity."""

from collections.abc import Mapping
from typing import Any

from applications.rules.matters.base import Facts, Result
from applications.rules.suggestion import SuggestedPerson, Suggestion, member_id

NOBODY = Suggestion(is_eligible=False, basis="", category="", monthly_amount=None, persons=())


def suggest(result: Result, _facts: Facts) -> Suggestion:
    """The family as a whole is recognised, or is not."""
    found = result["recognition"]
    if not found["is_eligible"]:
        return NOBODY
    return Suggestion(
        is_eligible=True,
        basis="recognition",
        category="",
        monthly_amount=None,
        persons=tuple(SuggestedPerson(member_id(key)) for key in found["persons"]),
        valid_months=found["valid_months"],
    )


def compared(result: Result) -> Mapping[str, Any]:
    """The answer, who is covered, and for how long."""
    return {key: result["recognition"][key] for key in ("is_eligible", "persons", "valid_months")}
