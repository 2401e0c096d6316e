"""Papers that townships have still to bring, by township: of advances (小额先行) and of the simplified procedure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Least

from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import OwedPapers, PettyAdvance
from temporary_aid.permissions import Permission
from temporary_aid.rules.states import AidState


@dataclass(frozen=True)
class PapersStanding:
    """How many of a township's papers are still to come, and how many of those are overdue (逾期未补)."""

    advances: int = 0
    advances_overdue: int = 0
    simplified: int = 0
    simplified_overdue: int = 0

    @property
    def to_come(self) -> int:
        return self.advances + self.simplified

    @property
    def overdue(self) -> int:
        return self.advances_overdue + self.simplified_overdue


def papers_standing(townships: Iterable[int], *, on: date) -> dict[int, PapersStanding]:
    """By township; two queries."""
    keys = list(townships)
    advances, simplified = (_counts(rows, keys, on=on) for rows in _waiting())
    nothing = (0, 0)
    return {key: PapersStanding(*advances.get(key, nothing), *simplified.get(key, nothing)) for key in keys}


def townships_overdue(staff: Staff, *, on: date) -> QuerySet[Area]:
    """Townships with papers overdue, for whom the county answers; ``due_on`` is the earliest due day passed."""
    mine = staff.area_ids(Permission.ALLOCATE_RESERVE)
    first = [
        Subquery(
            rows.filter(due__lt=on, aid__area__parent=OuterRef("pk"))
            .order_by()
            .values("aid__area__parent")
            .annotate(first=Min("due"))
            .values("first")
        )
        for rows in _waiting()
    ]
    townships = Area.objects.filter(level=AreaLevel.TOWNSHIP, pk__in=mine)
    return townships.annotate(due_on=Least(*first)).filter(due_on__isnull=False)


def _waiting() -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Those of which papers are to come, with ``due``."""
    return (
        PettyAdvance.objects.filter(aid__state=AidState.ADVANCED).annotate(due=F("supplement_due_on")),
        OwedPapers.objects.filter(aid__state=AidState.APPROVED, in_on=None).annotate(due=F("due_on")),
    )


def _counts(rows: QuerySet[Any], keys: list[int], *, on: date) -> dict[int, tuple[int, int]]:
    found = rows.filter(aid__area__parent__in=keys).order_by().values_list("aid__area__parent")
    counted = found.annotate(all=Count("pk"), overdue=Count("pk", filter=Q(due__lt=on)))
    return {key: (every, overdue) for key, every, overdue in counted}
