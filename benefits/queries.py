"""Reads of awards, cut to what the person may see."""

from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from benefits.models import Award, AwardPerson, AwardVersion
from households.models import Household, Person
from organizations.models import Staff
from organizations.permissions import Permission


def visible_to(staff: Staff) -> QuerySet[Award]:
    """Awards that the person may see."""
    return Award.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AWARD))


def annotate_current(awards: QuerySet[Award], *, month: date) -> QuerySet[Award]:
    """Add amount, persons and category in force in a month."""
    version = AwardVersion.objects.filter(award=OuterRef("pk"), from_month__lte=month).order_by("-serial")
    return awards.annotate(
        monthly_amount=Subquery(version.values("monthly_amount")[:1]),
        person_count=Subquery(version.values("person_count")[:1]),
        category=Subquery(version.values("category")[:1]),
    )


def current_awards_of(household: Household) -> QuerySet[Award]:
    """Awards of a family that are not stopped."""
    return household.awards.exclude(state="stopped").order_by("pk")


def covering_award(person: Person, *, on: date) -> AwardPerson | None:
    """The award that covers a person on a day, if any."""
    return person.awards.filter(covered__contains=on).select_related("award").first()
