"""Search of the page head: families by member, cases by number and by family, inside one's own areas."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from applications.models import Case
from applications.queries import head_name
from applications.queries import visible_to as cases_visible_to
from households.models import Household
from households.queries import search as search_households
from organizations.models import Staff

SHOWN = 20
"""Rows of each kind that the page shows; who finds more narrows the search."""


@dataclass(frozen=True)
class Found:
    """What a search found, and whether there is more than is shown."""

    households: list[Household]
    cases: list[Case]
    more: bool

    def __bool__(self) -> bool:
        return bool(self.households or self.cases)


def search(staff: Staff, text: str) -> Found:
    """Families and cases that the person may see, by member name, ID number, phone, family or case number."""
    if not text:
        return Found([], [], more=False)
    households = list(search_households(staff, text)[: SHOWN + 1])
    cases = list(_cases(staff, text)[: SHOWN + 1])
    return Found(households[:SHOWN], cases[:SHOWN], more=len(households) > SHOWN or len(cases) > SHOWN)


def _cases(staff: Staff, text: str) -> QuerySet[Case]:
    families = search_households(staff, text).order_by().values("pk")
    return (
        cases_visible_to(staff)
        .filter(Q(number__startswith=text.upper()) | Q(household__in=families))
        .select_related("area__parent")
        .annotate(head_name=head_name())
        .order_by("-pk")
    )
