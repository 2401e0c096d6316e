"""特困 people in support: how they live, who cares for them, until when the next visit is due."""

from datetime import date, timedelta

from django.db.models import Case as Conditional
from django.db.models import Count, DateField, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, Greatest

from benefits.models import Award, AwardPerson, AwardState, AwardVersion
from care.models import Admission, CareAgreement, CarePoint, CareVisit
from care.permissions import Permission
from care.queries.terms import next_visit_day
from households.models import Member, Person
from households.models.people import SupportMode
from organizations.models import Staff
from organizations.models.delegations import Scheme

VISIT_SOON_DAYS = 3
"""A visit stands on the task list from so many days before its day on (a weekend and a day)."""
_VISITED = (AwardState.ACTIVE, AwardState.PHASE_OUT)

SORTS = {
    "person": ("person_pinyin", "pk"),
    "due": ("due_on", "pk"),
    "area": ("area__code", "pk"),
    "last": ("last_visit", "pk"),
}


def visible_to(staff: Staff) -> QuerySet[Award]:
    """Awards of 特困 people whose care the person may see; the start of every read of care."""
    areas = staff.area_ids(Permission.VIEW_CARE)
    return Award.objects.filter(scheme=Scheme.TEKUN, area_id__in=areas, household__archived_on=None)


def annotate_care(awards: QuerySet[Award], *, on: date) -> QuerySet[Award]:
    """Add person, level, mode, last visit and the day until which the next one is due (``due_on``).

    Who lives in an institution (集中供养), has died or is not paid at present is not visited by these terms.
    """
    month = Greatest(Cast(Value(on.replace(day=1)), DateField()), OuterRef("starts_month"))
    version = AwardVersion.objects.filter(award=OuterRef("pk"), from_month__lte=month).order_by("-serial")
    person = AwardPerson.objects.filter(award=OuterRef("pk")).order_by("-pk")
    visit = CareVisit.objects.filter(award=OuterRef("pk"), voided_on=None).order_by("-visited_on")
    known = awards.annotate(
        person_name=Subquery(person.values("person__name")[:1]),
        person_pinyin=Subquery(person.values("person__pinyin")[:1]),
        person_died_on=Subquery(person.values("person__died_on")[:1]),
        care_level=Subquery(version.values("care_level")[:1]),
        support_mode=Subquery(version.values("support_mode")[:1]),
        last_visit=Subquery(visit.values("visited_on")[:1]),
    )
    counted = known.annotate(counted_from=Coalesce("last_visit", "starts_month"))
    return counted.annotate(
        due_on=Conditional(
            When(
                Q(support_mode=SupportMode.HOME_BASED, state__in=_VISITED, person_died_on=None),
                then=next_visit_day(base="counted_from", level="care_level", on=on),
            ),
            default=None,
            output_field=DateField(),
        )
    )


def listed(
    staff: Staff, *, on: date, due: str = "", village: str = "", level: str = "", carer: str = "", sort: str = ""
) -> QuerySet[Award]:
    """The list 走访照料 with carers and open points; most urgent first unless sorted.

    :param due: ``due`` for visits due within :data:`VISIT_SOON_DAYS` days or overdue, ``late`` for overdue ones.
    :param carer: part of the name of a carer or an institution in force.
    :param sort: a key of :data:`SORTS`, with ``-`` before it for the other way round.
    """
    agreement = _in_force(on).filter(award=OuterRef("pk"))
    admission = Admission.objects.filter(award=OuterRef("pk"), left_on=None)
    points = CarePoint.objects.filter(visit__award=OuterRef("pk"), visit__voided_on=None, settled_on=None)
    total = points.order_by().values("visit__award").annotate(total=Count("pk")).values("total")
    people = annotate_care(visible_to(staff).exclude(state=AwardState.STOPPED), on=on)
    people = people.select_related("area__parent", "household").annotate(
        carer_name=Subquery(agreement.values("carer_name")[:1]),
        home_name=Subquery(admission.values("home__name")[:1]),
        open_points=Coalesce(Subquery(total, output_field=IntegerField()), 0),
    )
    if due:
        people = people.filter(_due(due, on=on))
    if village:
        people = people.filter(area__code=village)
    if level:
        people = people.filter(Q(care_level=level))
    if carer:
        people = people.filter(
            Exists(agreement.filter(carer_name__icontains=carer))
            | Exists(admission.filter(home__name__icontains=carer))
        )
    order = SORTS.get(sort.removeprefix("-"))
    if order is None:
        return people.order_by(F("due_on").asc(nulls_last=True), "pk")
    column, key = F(order[0]), order[1]
    if sort.startswith("-"):
        return people.order_by(column.desc(nulls_last=True), f"-{key}")
    return people.order_by(column.asc(nulls_last=True), key)


def visits_to_make(staff: Staff, *, on: date) -> QuerySet[Award]:
    """Visits that are due soon or overdue, where the person records them (走访照料)."""
    mine = visible_to(staff).filter(area_id__in=staff.area_ids(Permission.RECORD_CARE_VISIT))
    return annotate_care(mine.exclude(state=AwardState.STOPPED), on=on).filter(_due("due", on=on))


def current_version(award: Award, *, on: date) -> AwardVersion:
    """The version in force in a day's month; before the first month the first."""
    month = max(on.replace(day=1), award.starts_month)
    return award.versions.filter(from_month__lte=month).latest("serial")


def person_of(award: Award) -> Person:
    """The one person whom an award of 特困 supports."""
    return award.persons.select_related("person").latest("pk").person


def member_of(award: Award) -> Member:
    """The latest entry in the award's family of the person whom it supports."""
    members = Member.objects.filter(household=award.household_id, person=person_of(award))
    return members.select_related("person", "household__area").latest("pk")


def _in_force(on: date) -> QuerySet[CareAgreement]:
    return CareAgreement.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=on), signed_on__isnull=False, starts_on__lte=on, ends_on__gte=on
    )


def _due(due: str, *, on: date) -> Q:
    return Q(due_on__lt=on) if due == "late" else Q(due_on__lte=on + timedelta(days=VISIT_SOON_DAYS))
