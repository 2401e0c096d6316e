"""Agreements, admissions, visits, points and re-assessments, where the person may see them."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import RelativeDeclaration
from benefits.models import Award, AwardPerson, AwardState, AwardVersion
from care.models import (
    Admission,
    CareAgreement,
    CarePoint,
    CareVisit,
    SelfCareReassessment,
    SelfCareReport,
    WelfareHome,
)
from care.permissions import Permission
from care.queries.people import visible_to
from organizations.models import Area, Staff
from organizations.queries import staff_with


def agreements_visible_to(staff: Staff) -> QuerySet[CareAgreement]:
    """Agreements of people whose care the person may see."""
    return CareAgreement.objects.filter(award__in=visible_to(staff)).select_related("award__area__parent", "person")


def agreement_in_force(award: Award, *, on: date) -> CareAgreement | None:
    """The signed agreement in force on a day, or the next one that is signed already and not given up."""
    signed = award.care_agreements.filter(signed_on__isnull=False, ends_on__gte=on).order_by("starts_on")
    return next((row for row in signed if row.last_day >= on and not row.never_began), None)


def open_admission(award: Award) -> Admission | None:
    """Where the person lives in an institution now."""
    return award.admissions.filter(left_on=None).select_related("home__area").first()


def homes() -> QuerySet[WelfareHome]:
    """Every institution (供养服务机构) with its area; those that closed too."""
    return WelfareHome.objects.select_related("area")


def visits_visible_to(staff: Staff) -> QuerySet[CareVisit]:
    """Visits of people whose care the person may see."""
    return CareVisit.objects.filter(award__in=visible_to(staff)).select_related("award__area")


def points_visible_to(staff: Staff) -> QuerySet[CarePoint]:
    """Problems of people whose care the person may see, but of no voided visit."""
    return CarePoint.objects.filter(visit__award__in=visible_to(staff), visit__voided_on=None).select_related(
        "visit__award__area"
    )


def open_points(staff: Staff) -> QuerySet[CarePoint]:
    """Problems that are not settled, where the person arranges care (照料问题)."""
    areas = staff.area_ids(Permission.MANAGE_CARE)
    return points_visible_to(staff).filter(settled_on=None, visit__award__area_id__in=areas)


def reports_visible_to(staff: Staff) -> QuerySet[SelfCareReport]:
    """Reported changes of people whose care the person may see."""
    return SelfCareReport.objects.filter(award__in=visible_to(staff)).select_related("award__area__parent")


def reassessments_due(staff: Staff) -> QuerySet[SelfCareReport]:
    """Reports to assess (复核评估): of township and county, who do it together; not those that wait for a decision."""
    areas = staff.area_ids(Permission.MANAGE_CARE) | staff.area_ids(Permission.COUNTY_VISIT)
    return _open(staff).filter(~Exists(_undecided()), award__area_id__in=areas)


def decisions_due(staff: Staff) -> QuerySet[SelfCareReport]:
    """Assessments that change level or mode and wait for the county (照料护理档次调整).

    Not those of which the person made or recorded any assessment: nobody decides on their own work.
    """
    own = SelfCareReassessment.objects.filter(report=OuterRef("pk"))
    mine = own.filter(Q(record__assessors__staff=staff) | Q(record__recorded_by=staff))
    areas = staff.area_ids(Permission.CONFIRM)
    return _open(staff).filter(Exists(_undecided()), ~Exists(mine), award__area_id__in=areas).exclude(recorded_by=staff)


def latest_assessment(report: SelfCareReport) -> SelfCareReassessment | None:
    """The last assessment of a report, with its decision."""
    assessments = report.assessments.select_related("record__document", "record__recorded_by", "decision__decided_by")
    return assessments.prefetch_related("record__assessors__staff").order_by("-pk").first()


def changes(assessment: SelfCareReassessment, version: AwardVersion) -> bool:
    """Whether an assessment finds another level or mode than the award holds."""
    found = assessment.record
    return (found.level, found.support_mode) != (version.care_level, version.support_mode)


def assessors(area: Area, *, on: date) -> tuple[QuerySet[Staff], QuerySet[Staff]]:
    """Who may assess for the township, and who for the county, in a village."""
    return staff_with(Permission.MANAGE_CARE, area=area, on=on), staff_with(Permission.COUNTY_VISIT, area=area, on=on)


def _open(staff: Staff) -> QuerySet[SelfCareReport]:
    """Reports that may still be assessed and decided, by somebody who is no registered near relative (F57 §11)."""
    related = RelativeDeclaration.objects.filter(
        Q(relative_staff=staff) | Q(relative_name=staff.name), intake__household=OuterRef("award__household")
    )
    dead = AwardPerson.objects.filter(award=OuterRef("award"), person__died_on__isnull=False)
    reports = reports_visible_to(staff).filter(~Exists(related), ~Exists(dead), settled_on=None)
    return reports.exclude(award__state=AwardState.STOPPED)


def _undecided() -> QuerySet[SelfCareReassessment]:
    return SelfCareReassessment.objects.filter(report=OuterRef("pk"), decision=None)
