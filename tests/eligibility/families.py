"""Families as the assessment's JSON, and their assessment with the sample parameters (S = 700.00 a month)."""

import copy
import json
from pathlib import Path
from typing import Any

from eligibility.rules import assess, read_household

ON = "2026-11-23"
SAMPLE: dict[str, Any] = json.loads(Path(__file__).with_name("parameters.sample.json").read_text(encoding="utf-8"))
SEVERE = {"kind": "physical", "level": 2}
MILD = {"kind": "physical", "level": 4}
Json = dict[str, Any]


def member(ref: str = "a", relation: str = "head", born: str = "1980-01-01", **facts: Any) -> Json:
    """Without more: 46 years old, healthy, no income."""
    return {"id": ref, "relation": relation, "birth_date": born, **facts}


def spouse(ref: str = "b", **facts: Any) -> Json:
    return member(ref, "spouse", **facts)


def child(ref: str = "c", born: str = "2015-05-05", **facts: Any) -> Json:
    return member(ref, "child", born, **facts)


def wage(yearly: str) -> list[Json]:
    return [{"kind": "wage", "yearly": yearly}]


def pension(yearly: str) -> list[Json]:
    return [{"kind": "pension", "yearly": yearly}]


def family(*members: Json, parameters: Json | None = None, **keys: Any) -> Json:
    """An input with the sample parameters, some of them replaced."""
    return {
        "on": ON,
        "residence": "rural",
        "parameters": copy.deepcopy(SAMPLE) | (parameters or {}),
        "members": list(members or (member(),)),
        **keys,
    }


def assessed(*members: Json, parameters: Json | None = None, **keys: Any) -> Json:
    """The contract's output."""
    reading = read_household(family(*members, parameters=parameters, **keys))
    return assess(reading.facts, reading.parameters.whole).as_dict()


def review(*members: Json, persons: list[str], amount: str = "500.00", **keys: Any) -> Json:
    """The 低保 answer of a review."""
    result = assessed(*members, event="review", current_persons=persons, current_monthly_amount=amount, **keys)
    return result["dibao"]


def dibao(*members: Json, **keys: Any) -> Json:
    return assessed(*members, **keys)["dibao"]


def tekun_of(result: Json, ref: str) -> Json:
    return next(row for row in result["tekun"] if row["member"] == ref)
