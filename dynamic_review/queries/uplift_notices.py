"""Reads of the notices (调整通知书) of an uplift: which are to be issued, and where those stand that are."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery

from benefits.models import AwardPaper, AwardVersion, PaperOccasion
from dynamic_review.models import Uplift, UpliftResult, UpliftStep
from dynamic_review.queries.standings import versions_of

_WAITS = Q(document__voided_on=None, document__delivery=None)


def without_notice(uplift: Uplift) -> QuerySet[UpliftResult]:
    """Awards that the uplift changed and whose family has no notice of its sum now that stands."""
    standing = AwardPaper.objects.filter(
        version=OuterRef("last_version"), occasion=PaperOccasion.UPLIFT, document__voided_on=None
    )
    return _carried(uplift).exclude(Exists(standing))


def _carried(uplift: Uplift) -> QuerySet[UpliftResult]:
    """With ``last_version``: what the uplift wrote, or wrote anew when a decision of an earlier month came under it."""
    own = versions_of(uplift.number).filter(award=OuterRef("line__award")).order_by("-serial")
    rows = UpliftResult.objects.filter(line__run=uplift.run_id, step=UpliftStep.APPLY, is_done=True)
    return rows.annotate(last_version=Subquery(own.values("pk")[:1]))


def notices_on(versions: QuerySet[AwardVersion]) -> QuerySet[AwardPaper]:
    """Notices that tell of some versions of uplifts, void ones included."""
    return AwardPaper.objects.filter(version__in=versions.values("pk"), occasion=PaperOccasion.UPLIFT)


@dataclass(frozen=True)
class Notices:
    """Where an uplift's notices stand.

    :param missing: families that have none yet.
    :param standing: issued and not voided.
    :param delivered: of them handed over.
    :param recalled: voided after they had been handed over: to be told and taken back.
    :param townships: where some wait to be handed over: name, code, how many.
    """

    missing: int
    standing: int
    delivered: int
    recalled: int
    first_on: date | None
    townships: list[dict[str, Any]]

    @property
    def waiting(self) -> int:
        return self.standing - self.delivered


def notices_of(uplift: Uplift) -> Notices:
    """Where the notices stand; three queries."""
    papers = notices_on(versions_of(uplift.number))
    stands, handed = Q(document__voided_on=None), Q(document__delivery__isnull=False)
    found = papers.aggregate(
        standing=Count("pk", filter=stands),
        delivered=Count("pk", filter=stands & handed),
        recalled=Count("pk", filter=~stands & handed),
        first_on=Min("document__issued_on", filter=_WAITS),
    )
    places: Any = (
        papers.filter(_WAITS)
        .order_by()
        .values(name=F("document__area__parent__name"), code=F("document__area__parent__code"))
    )
    townships = list(places.annotate(count=Count("pk")).order_by("code"))
    return Notices(missing=without_notice(uplift).count(), townships=townships, **found)
