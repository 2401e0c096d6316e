"""Versions of awards and the assessments that they rest on, as the rules of an uplift take them."""

import copy
from datetime import date
from decimal import Decimal
from typing import Any

from dynamic_review.rules.uplift import Ground, Reckoned, Standing, reckon
from eligibility.rules import Parameters, assess, read_household, read_parameters
from tests.eligibility.families import SAMPLE, family

Json = dict[str, Any]
MONTH = date(2027, 1, 1)


def parameters(standard: str = "705.00", **more: Any) -> Parameters:
    """The sample with S, and whatever else is told."""
    return read_parameters(copy.deepcopy(SAMPLE) | {"dibao_monthly_standard": standard} | more).whole


def care(**home_based: str) -> Json:
    """The sample's care standards, some of those at home (分散) replaced."""
    standards = copy.deepcopy(SAMPLE["tekun_care_monthly"])
    return {"tekun_care_monthly": standards | {"home_based": standards["home_based"] | home_based}}


def ground(*members: Json, at: Parameters, **keys: Any) -> Ground:
    facts = read_household(family(*members, **keys)).facts
    return Ground(facts=facts, parameters=at, result=assess(facts, at).as_dict(with_findings=False))


def standing_on(found: Ground, **otherwise: Any) -> Standing:
    """A 低保 version decided as its assessment came out, but for what is told otherwise."""
    dibao = found.result["dibao"]
    decided = {
        "scheme": "dibao",
        "monthly_amount": Decimal(dibao["monthly_amount"]),
        "persons": tuple(dibao["persons"]),
        "basis": dibao["basis"],
    }
    return Standing(**decided | otherwise)


def reckoned(*members: Json, before: Parameters, after: Parameters, on: date = MONTH, **keys: Any) -> Reckoned:
    """A version decided as its assessment came out, reckoned on other parameters."""
    found = ground(*members, at=before, **keys)
    return reckon(standing_on(found), found, before=(), after=after, on=on)
