"""Cleaned values of the self-test's forms as what the family told."""

from collections.abc import Mapping, Sequence
from typing import Any

from eligibility.rules import DisabilityKind, Residence
from one_window.rules.self_test.answers import (
    ZERO,
    Ability,
    Housing,
    Kin,
    Mishap,
    Occupation,
    PersonTold,
    RelativeTold,
    SelfCareAct,
    Told,
    chosen,
)

_INCOMES = ("wage", "business", "pension_monthly", "support", "other")
_AMOUNTS = ("medical", "disability", "education", "employment", "savings", "vehicle_value")
_COUNTS = ("vehicles", "houses", "businesses")


def person_told(cleaned: Mapping[str, Any], *, unmanaged: Sequence[str] = ()) -> PersonTold:
    """One person, of the questions on the person and on their incomes; the head is who has no kin."""
    kind = cleaned["disability_kind"]
    return PersonTold(
        kin=chosen(Kin, cleaned.get("kin", Kin.HEAD)),
        age=cleaned["age"],
        occupation=chosen(Occupation, cleaned["occupation"]),
        is_seriously_ill=cleaned["is_seriously_ill"],
        disability_kind=chosen(DisabilityKind, kind) if kind else None,
        disability_level=int(cleaned["disability_level"] or 0),
        unmanaged=frozenset(chosen(SelfCareAct, act) for act in unmanaged),
        **{name: cleaned.get(name) or ZERO for name in _INCOMES},
    )


def relative_told(cleaned: Mapping[str, Any]) -> RelativeTold:
    """One relative outside."""
    return RelativeTold(
        age=cleaned["age"],
        ability=chosen(Ability, cleaned["ability"] or Ability.ABLE),
        yearly_income=cleaned["yearly_income"] or ZERO,
        owns_much=cleaned["owns_much"] == "yes",
        of=int(cleaned["of"]) if cleaned["of"] else None,
    )


def told_of(
    place: Mapping[str, Any],
    means: Mapping[str, Any],
    *,
    people: tuple[PersonTold, ...],
    relatives: tuple[RelativeTold, ...] | None,
) -> Told:
    """The whole; of who has no vehicle none has a value."""
    amounts: dict[str, Any] = {name: means[name] or ZERO for name in _AMOUNTS}
    counts: dict[str, Any] = {name: means[name] or 0 for name in _COUNTS}
    if not counts["vehicles"]:
        amounts["vehicle_value"] = ZERO
    return Told(
        area_code=place["area"],
        residence=chosen(Residence, place["residence"]),
        people=people,
        housing=chosen(Housing, means["housing"]),
        mishap=chosen(Mishap, means["mishap"]),
        relatives=relatives,
        **amounts,
        **counts,
    )
