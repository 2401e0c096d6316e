"""Facts and parameters as the contract's JSON (试算输入), to be stored and read again."""

from typing import Any

from eligibility.rules.choices import Event
from eligibility.rules.document import HOUSEHOLD
from eligibility.rules.facts import AwardInForce, Facts
from eligibility.rules.parameters import Parameters


def parameters_document(parameters: Parameters) -> dict[str, Any]:
    """All parameters (标准和参数) by the contract's names."""
    return dict(parameters.document)


def facts_document(facts: Facts, *, parameters: Parameters) -> dict[str, Any]:
    """The whole input of an assessment: read again it gives equal facts and parameters."""
    shapes = HOUSEHOLD.keys
    plain = {
        name: shapes[name].shape.write(getattr(facts, name))
        for name in ("on", "residence", "income_stable", "members", "expenses", "property")
    }
    return {
        **plain,
        **({"area": facts.area} if facts.area else {}),
        **({"hardship": shapes["hardship"].shape.write(facts.hardship)} if facts.hardship else {}),
        **(_award_document(facts.award) if facts.award else {}),
        "parameters": parameters_document(parameters),
    }


def _award_document(award: AwardInForce) -> dict[str, Any]:
    return {
        "event": Event.REVIEW.value,
        "award_basis": award.basis.value,
        "current_persons": list(award.persons),
        "current_monthly_amount": HOUSEHOLD.keys["current_monthly_amount"].shape.write(award.monthly_amount),
    }
