"""Which families are still to be told what a death changes of their award."""

from django.db.models import Exists, OuterRef, QuerySet

from benefits.models import AwardCheck, AwardPaper, AwardPerson, AwardState, CheckCause


def deaths_to_tell() -> QuerySet[AwardCheck]:
    """Open checks of deaths in awards that go on for others, without a paper that stands; the earliest first.

    Where nobody is left the end of the award is told by its own notice.
    """
    told = AwardPaper.objects.filter(award_check=OuterRef("pk"), document__voided_on=None)
    alive = AwardPerson.objects.filter(
        award=OuterRef("award"), covered__contains=OuterRef("unpaid_from"), person__died_on=None
    )
    rows = AwardCheck.objects.filter(
        Exists(alive),
        ~Exists(told),
        cause=CheckCause.DIED,
        settled_on=None,
    )
    return rows.exclude(award__state=AwardState.STOPPED).order_by("pk")
