"""Awards for tests."""

from decimal import Decimal
from typing import Any

from benefits import services
from benefits.models import Award
from eligibility.models import Parameter
from households.models import Household
from organizations.models import Staff
from tests.support.factories import ON

CARE = services.Care(Decimal("54.00"), "self_reliant", "home_based")


def grant(family: Household, by: Staff, **more: Any) -> Award:
    """An award of 515 yuan for every current member, or of 特困 for the head, decided today."""
    persons = [services.CoveredPerson(member.person) for member in family.members.filter(left_on=None)]
    if more.get("scheme") == "tekun":
        more = {"category": "", "basis": "person", "persons": persons[:1], "care": CARE} | more
    terms: dict[str, Any] = {
        "scheme": "dibao",
        "household": family,
        "area": family.area,
        "monthly_amount": Decimal("515.00"),
        "persons": persons,
        "category": "B",
        "basis": "household",
        "reason": "审核确认",
        "decided_by": by,
        "decided_on": ON,
    }
    return services.grant_award(**terms | more)


def set_parameter(key: str, value: object) -> None:
    """Let a parameter have another value, at all times."""
    assert Parameter.objects.filter(key=key).update(value=value)
