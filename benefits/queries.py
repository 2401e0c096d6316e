"""Reads of awards, cut to what the person may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from benefits.models import (
    Award,
    AwardCheck,
    AwardPerson,
    AwardState,
    AwardVersion,
    CheckCause,
    Recognition,
    RecognitionPerson,
)
from benefits.rules.months import first_month, months_after
from benefits.rules.recognitions import soon
from households.models import Household, Member, Person
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
        open_coverage(_present(household), on=on)
        .exclude(award__household=household)
        .order_by()
        .values(township=Coalesce("award__area__parent__name", "award__area__name"), scheme=F("award__scheme"))
        .annotate(people=Count("person", distinct=True))
        .order_by("township", "scheme")
    )
    return [CoveredElsewhere(row["township"], Scheme(row["scheme"]).label, row["people"]) for row in rows]


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
    covered = award.persons.order_by().values("person")
    deaths = award.checks.filter(cause=CheckCause.DIED, person__in=covered, unpaid_from__isnull=False)
    unpaid = [row for row in deaths.values_list("unpaid_from", flat=True) if row is not None]
    if not unpaid or len(unpaid) < len(covered):
        return award.ends_month
    return min(award.ends_month, months_after(max(unpaid), -1))


STANDINGS = {"in_force": "有效", "soon": "30天内到期", "ended": "已终止或到期"}
"""Where a recognition stands in its validity (有效期), as the list filters it."""


def recognitions_visible_to(staff: Staff) -> QuerySet[Recognition]:
    """认定身份 that the person may see; those of archived families are read in the archive (归档库)."""
    return Recognition.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AWARD), household__archived_on=None)


def recognised(household: Household, *, on: date, scheme: str = "") -> QuerySet[Recognition]:
    """What a family is recognised as on a day."""
    rows = household.recognitions.filter(valid__contains=on).order_by("pk")
    return rows.filter(scheme=scheme) if scheme else rows


def recognition_to_come(household: Household, *, scheme: str, on: date) -> Recognition | None:
    """What a family is recognised as from a later day on (续期)."""
    return household.recognitions.filter(scheme=scheme, valid__startswith__gt=on).first()


def standing_against(household: Household, *, scheme: str, on: date) -> list[str]:
    """What of a family excludes a recognition: 低保, 特困 and 低保边缘 come before 刚性支出 (刚性支出困难家庭认定办法).

    So does what a present member has with another family, of which only township and scheme are told.
    Beside 低保边缘 single persons of the family may stand in 低保 or 特困 (F57 §8), the family as a whole may not.
    """
    awards = current_awards_of(household)
    if scheme == Scheme.MARGINAL:
        latest = AwardVersion.objects.filter(award=OuterRef("pk")).order_by("-serial")
        of_family = awards.filter(scheme=Scheme.DIBAO).annotate(basis=Subquery(latest.values("basis")[:1]))
        return [_named(award) for award in of_family.filter(basis="household")]
    found = [_named(award) for award in awards]
    found += [_named(row) for row in recognised(household, on=on, scheme=Scheme.MARGINAL)]
    elsewhere = covered_elsewhere(household, on=on) + recognised_elsewhere(household, on=on)
    return found + [row.as_standing for row in elsewhere]


def recognised_elsewhere(household: Household, *, on: date) -> list[CoveredElsewhere]:
    """As what other families of members are recognised on a day or later; no more is told than the township's name."""
    rows = (
        RecognitionPerson.objects.filter(person__in=_present(household), covered__endswith__gt=on)
        .exclude(recognition__household=household)
        .order_by()
        .values("scheme", township=Coalesce("recognition__area__parent__name", "recognition__area__name"))
        .annotate(people=Count("person", distinct=True))
        .order_by("township", "scheme")
    )
    return [CoveredElsewhere(row["township"], Scheme(row["scheme"]).label, row["people"]) for row in rows]


def _present(household: Household) -> QuerySet[Person]:
    return Person.objects.filter(memberships__household=household, memberships__left_on=None)


def _named(row: Award | Recognition) -> str:
    return f"{row.get_scheme_display()}（{row.number}）"


def list_recognitions(
    staff: Staff, *, on: date, scheme: str = "", standing: str = "", township: str = ""
) -> QuerySet[Recognition]:
    """认定身份 for the list, what ends first at the head: with the head's name and how many are recognised.

    :param standing: a key of :data:`STANDINGS`; empty for all.
    """
    rows = recognitions_visible_to(staff).select_related("area__parent", "household", "decided_by")
    if scheme:
        rows = rows.filter(scheme=scheme)
    if township:
        rows = rows.filter(area__parent__code=township)
    if standing == "in_force":
        rows = rows.filter(valid__endswith__gt=on)
    elif standing == "soon":
        rows = _ending_soon(rows, on=on)
    elif standing == "ended":
        rows = rows.filter(Q(valid__endswith__lte=on) | Q(valid__isempty=True))
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    return rows.annotate(
        head_name=Subquery(head.values("person__name")[:1]), person_count=Count("persons", distinct=True)
    ).order_by("valid__endswith", "pk")


def recognitions_to_renew(staff: Staff, *, on: date) -> QuerySet[Recognition]:
    """认定即将到期 where the person takes in applications: within 30 days and nothing after it yet."""
    areas = staff.area_ids(Permission.OPEN_INTAKE) & staff.area_ids(Permission.VIEW_AWARD)
    later = Recognition.objects.filter(
        household=OuterRef("household"), scheme=OuterRef("scheme"), valid__startswith__gte=OuterRef("valid__endswith")
    )
    rows = Recognition.objects.filter(~Exists(later), area_id__in=areas, household__ended_on=None, ended_on=None)
    return _ending_soon(rows, on=on)


def _ending_soon(rows: QuerySet[Recognition], *, on: date) -> QuerySet[Recognition]:
    return rows.filter(valid__endswith__gt=on, valid__endswith__lte=soon(on) + timedelta(days=1))


def unpaid_after_death(award: Award, person: Person) -> date | None:
    """The first month that an award may not pay a person who has died (F2022 一(三)); None while they live."""
    checks = award.checks.filter(cause=CheckCause.DIED, person=person)
    return checks.order_by("-pk").values_list("unpaid_from", flat=True).first()


def running_awards(staff: Staff, *, scheme: str) -> QuerySet[Award]:
    """Awards under a scheme that are not stopped, where the person accepts cases."""
    areas = staff.area_ids(Permission.ACCEPT)
    found = Award.objects.filter(scheme=scheme, area_id__in=areas).exclude(state=AwardState.STOPPED)
    return found.select_related("household", "area")
