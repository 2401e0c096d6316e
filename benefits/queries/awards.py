"""Reads of awards, cut to what the person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from benefits.models import (
    Award,
    AwardCheck,
    AwardPerson,
    AwardState,
    AwardVersion,
)
from benefits.rules.months import first_month, months_after
from households.models import Household, Person
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission


def visible_to(staff: Staff) -> QuerySet[Award]:
    """Awards that the person may see; those of archived families are read in the archive (归档库)."""
    return Award.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AWARD), household__archived_on=None)


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


def open_coverage(people: Iterable[Person | int] | QuerySet[Person], *, on: date) -> QuerySet[AwardPerson]:
    """Who of some people is covered in a month after a day by an award that is not stopped."""
    return AwardPerson.objects.filter(person__in=people, covered__overlap=(first_month(on), None)).exclude(
        award__state=AwardState.STOPPED
    )


@dataclass(frozen=True)
class CoveredElsewhere:
    """People of a family who are covered by another family's award; how many, where, under what, and no names."""

    township: str
    scheme: str
    people: int

    def __str__(self) -> str:
        return f"{self.people}名成员正在{self.township}的另一个家庭享受{self.scheme}"

    @property
    def as_standing(self) -> str:
        """The same as what a family stands in."""
        return f"{self.township}另一个家庭的{self.scheme}（{self.people}名成员）"


def covered_elsewhere(household: Household, *, on: date) -> list[CoveredElsewhere]:
    """Where else members of a family are covered now, whichever township it is: no more is told than its name."""
    rows = (
        open_coverage(present_people(household), on=on)
        .exclude(award__household=household)
        .order_by()
        .values(township=Coalesce("award__area__parent__name", "award__area__name"), scheme=F("award__scheme"))
        .annotate(people=Count("person", distinct=True))
        .order_by("township", "scheme")
    )
    return [CoveredElsewhere(row["township"], Scheme(row["scheme"]).label, row["people"]) for row in rows]


def present_people(household: Household) -> QuerySet[Person]:
    """Who is in a family now."""
    return Person.objects.filter(memberships__household=household, memberships__left_on=None)


def open_checks(staff: Staff) -> QuerySet[AwardCheck]:
    """Awards that the person is to look into (需核查)."""
    areas = staff.area_ids(Permission.PROPOSE) & staff.area_ids(Permission.VIEW_AWARD)
    return AwardCheck.objects.filter(settled_on=None, award__area_id__in=areas)


def checks_visible_to(staff: Staff) -> QuerySet[AwardCheck]:
    """Looked into or to be looked into, where the person may see the award."""
    return AwardCheck.objects.filter(award__in=visible_to(staff)).select_related("award__area", "person", "settled_by")


def area_in(award: Award, *, month: date) -> int:
    """Primary key of the village that an award is kept in in a month (管理地)."""
    place = award.places.filter(from_month__lte=month).order_by("-from_month", "-pk").first()
    return place.area_id if place else award.area_id


def last_payable_month(award: Award) -> date | None:
    """The last month that may be paid of an ended award; None while it runs.

    The decision ends it from the next month (F43 §26); who has died is unpaid from the month after the death, however
    late that is found out (F2022 一(三)). What was paid between the two is owed back (追回).
    """
    if award.ends_month is None:
        return None
    covered = award.persons.filter(covered__overlap=(award.ends_month, None))
    deaths = [died_on for died_on in covered.values_list("person__died_on", flat=True) if died_on is not None]
    if not deaths or len(deaths) < covered.count():
        return award.ends_month
    return min(award.ends_month, months_after(first_month(max(deaths)), -1))


def unpaid_after_death(award: Award, person: Person) -> date | None:
    """The first month that an award may not pay a person who has died (F2022 一(三)); None while they live."""
    covering = award.persons.filter(person=person, person__died_on__isnull=False).select_related("person").first()
    return first_month(covering.person.died_on) if covering and covering.person.died_on else None


def running_awards(staff: Staff, *, scheme: str) -> QuerySet[Award]:
    """Awards under a scheme that are not stopped, where the person accepts cases."""
    areas = staff.area_ids(Permission.ACCEPT)
    found = Award.objects.filter(scheme=scheme, area_id__in=areas).exclude(state=AwardState.STOPPED)
    return found.select_related("household", "area")
