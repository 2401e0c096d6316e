"""Whatever can be opened has everything of its own: rules, checks and effect, papers."""

import csv
from pathlib import Path

import pytest
from django.conf import settings

from applications.papers import approvals
from applications.rules.matters import MATTERS
from applications.services.outcomes import OUTCOMES
from organizations.models.delegations import Scheme


def opened() -> set[str]:
    """Matters that the county's terms let be accepted."""
    with Path(settings.FIXTURES_ROOT, "step_terms.csv").open(encoding="utf-8", newline="") as file:
        return {f"{row['scheme']}.{row['kind']}" for row in csv.DictReader(file) if row["step"] == "investigating"}


def test_terms_are_there_for_every_scheme_for_reviews_and_for_ending_support() -> None:
    of_awards = {"dibao.review", "tekun.review", "tekun.termination"}
    assert opened() == {*(f"{scheme}.application" for scheme in Scheme.values), *of_awards}


@pytest.mark.parametrize("kept", [MATTERS, OUTCOMES, approvals.OF_MATTERS], ids=["rules", "outcomes", "papers"])
def test_every_matter_has_its_own_part(kept: dict[str, object]) -> None:
    assert set(kept) == opened()
