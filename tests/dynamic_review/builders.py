"""Families in an award, for tests of their reviews: registered and granted by the services."""

from datetime import date
from typing import Any

from benefits.models import Award
from dynamic_review.models import ReviewDue, ReviewTrigger
from tests.benefits.builders import grant
from tests.households.builders import data, register
from tests.support.crews import LINXI, VILLAGES, Crew
from tests.support.factories import make_id_number
from tests.support.replay import told_once

CONFIRMED = date(2026, 8, 31)
TODAY = date(2026, 11, 23)


@told_once
def awarded(
    people: Crew,
    *,
    name: str = "胡德旺",
    category: str = "B",
    on: date = CONFIRMED,
    born: date = date(1968, 3, 12),
    village: str = VILLAGES[LINXI],
    scheme: str = "dibao",
    **facts: Any,
) -> Award:
    """One person alone in an award since the month after ``on``."""
    head = data(name, id_number=make_id_number(birth_date=born), **facts)
    family = register(people.officer, code=village, head=head)
    more = {"scheme": "tekun"} if scheme == "tekun" else {"category": category}
    return grant(family, people.approver, decided_on=on, **more)


def due_of(award: Award) -> ReviewDue:
    return ReviewDue.objects.get(award=award, closed_on=None)


def triggers_of(award: Award) -> list[ReviewTrigger]:
    return list(ReviewTrigger.objects.filter(award=award).order_by("pk"))
