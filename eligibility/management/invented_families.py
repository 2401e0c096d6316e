"""Invented families of the kinds in which cliffs stand, for ``manage.py cliffs --generated``."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

Json = dict[str, Any]

_SEED = 20260101
_YEAR = 365.25
_DISABILITIES = [
    {"kind": "physical", "level": 2},
    {"kind": "physical", "level": 4},
    {"kind": "psychiatric", "level": 2},
    {"kind": "visual", "level": 1},
    {"kind": "intellectual", "level": 3},
]
_AGES = {"head": (30, 80), "spouse": (30, 80), "child": (3, 40), "parent": (62, 92), "sibling": (25, 70)}
_SHAPES = [
    ["head"],
    ["head", "spouse"],
    ["head", "child"],
    ["head", "spouse", "child"],
    ["head", "spouse", "child", "parent"],
    ["head", "parent"],
    ["head", "sibling"],
]


def invented_families(number: int, *, on: date, residence: str, parameters: Json) -> Iterator[Json]:
    """So many families as the assessment's input (试算输入), always the same ones."""
    chance = random.Random(_SEED)  # noqa: S311 -- invented families, not secrets
    for _ in range(number):
        shape = chance.choice(_SHAPES)
        members = [_member(chance, f"m{place}", relation, on) for place, relation in enumerate(shape, start=1)]
        yield {
            "on": on.isoformat(),
            "residence": residence,
            "parameters": parameters,
            "members": members,
            "income_stable": chance.random() < 0.5,
            "expenses": list(_expenses(chance, members)),
        }


def _member(chance: random.Random, ref: str, relation: str, on: date) -> Json:
    youngest, oldest = _AGES[relation]
    born = on - timedelta(days=int(chance.uniform(youngest, oldest) * _YEAR))
    facts: Json = {"id": ref, "relation": relation, "birth_date": born.isoformat()}
    if chance.random() < 0.4:
        facts["disability"] = chance.choice(_DISABILITIES)
    if chance.random() < 0.1:
        facts["serious_illness"] = True
    if chance.random() < 0.7:
        facts["supporters"] = []
    kind = chance.choice(["wage", "wage", "business", "pension", "other_transfer"])
    facts["incomes"] = [{"kind": kind, "yearly": str(chance.randrange(0, 20_000, 100))}]
    return facts


def _expenses(chance: random.Random, members: list[Json]) -> Iterator[Json]:
    for member in members:
        if chance.random() < 0.3:
            kind = chance.choice(["employment", "medical"])
            yield {"kind": kind, "yearly": str(chance.randrange(500, 6_000, 100)), "member": member["id"]}
