"""Reads of recognitions (认定身份), cut to what the person may see."""

from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from benefits.models import Award, AwardVersion, Recognition, RecognitionPerson
from benefits.queries.awards import CoveredElsewhere, covered_elsewhere, current_awards_of, present_people
from benefits.rules.recognitions import soon
from households.models import Household, Member
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission

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
        RecognitionPerson.objects.filter(person__in=present_people(household), covered__endswith__gt=on)
        .exclude(recognition__household=household)
        .order_by()
        .values("scheme", township=Coalesce("recognition__area__parent__name", "recognition__area__name"))
        .annotate(people=Count("person", distinct=True))
        .order_by("township", "scheme")
    )
    return [CoveredElsewhere(row["township"], Scheme(row["scheme"]).label, row["people"]) for row in rows]


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
