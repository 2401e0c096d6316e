"""A 特困 person's support (救助供养) after approval."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from benefits.models import Award, AwardState
from care import queries
from care.models import SelfCareReport
from care.permissions import Permission, can_act
from care.views.loading import load_award, staff_of
from foundation.access import grant
from foundation.pages import Lamp, deadline_lamp
from foundation.paging import page_of
from households.models.people import SupportMode
from organizations.forms.reading import PurposeForm
from organizations.models import Staff
from organizations.queries import working_calendar
from organizations.rules.working_days import WorkingCalendar


@grant(Permission.VIEW_CARE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Person, award, amounts, carer or institution, visits, problems, re-assessments, with the acts."""
    staff, today, award = staff_of(request), timezone.localdate(), load_award(request, pk)
    area, calendar = award.area, working_calendar()
    is_open = award.state != AwardState.STOPPED
    manages = is_open and can_act(staff, Permission.MANAGE_CARE, area=area)
    sees_amounts = can_act(staff, Permission.VIEW_AWARD, area=area)
    due_on = award.due_on  # type: ignore[attr-defined]
    lamp = deadline_lamp(due_on, working_days_left=calendar.between(today, due_on), on=today) if due_on else None
    visits = award.care_visits.select_related("photo", "recorded_by").prefetch_related("points__settled_by")
    reports = _reports(award, staff=staff, calendar=calendar, on=today)
    agreements, admissions = award.care_agreements.select_related("scan"), award.admissions.select_related("home")
    context = {
        "award": award,
        "person": queries.person_of(award),
        "version": queries.current_version(award, on=today),
        "lamp": lamp,
        "is_institutional": award.versions.latest("serial").support_mode == SupportMode.INSTITUTIONAL,
        "agreements": agreements,
        "has_draft": any(agreement.is_draft for agreement in agreements),
        "admissions": admissions,
        "lives_in_home": any(admission.left_on is None for admission in admissions),
        "page": page_of(request, visits),
        "points": queries.points_visible_to(staff).filter(visit__award=award, settled_on=None),
        "reports": reports,
        "has_open_report": any(report.settled_on is None for report, *_ in reports),
        "versions": award.versions.select_related("decided_by") if sees_amounts else (),
        "may_record": is_open and can_act(staff, Permission.RECORD_CARE_VISIT, area=area),
        "may_manage": manages,
        "may_end": can_act(staff, Permission.MANAGE_CARE, area=area),
        "may_open_papers": can_act(staff, Permission.VIEW_CASE, area=area),
        "may_open_family": can_act(staff, Permission.VIEW_HOUSEHOLD, area=area),
        "may_reveal": can_act(staff, Permission.REVEAL_IDENTITY, area=area),
        "reveal_form": PurposeForm(prefix="reveal", on=today),
    }
    return render(request, "care/detail.html", context)


def _reports(
    award: Award, *, staff: Staff, calendar: WorkingCalendar, on: date
) -> list[tuple[SelfCareReport, Lamp | None, bool, bool]]:
    """Each report with its assessments, its lamp while it is open, and what the person may do about it."""
    reports = award.self_care_reports.select_related("recorded_by").prefetch_related(
        "assessments__record__document",
        "assessments__record__assessors__staff",
        "assessments__decision__decided_by",
        "assessments__decision__version",
        "assessments__decision__notice",
    )
    assessable = set(queries.reassessments_due(staff).filter(award=award).values_list("pk", flat=True))
    decidable = set(queries.decisions_due(staff).filter(award=award).values_list("pk", flat=True))
    return [(row, _lamp(row, calendar, on), row.pk in assessable, row.pk in decidable) for row in reports]


def _lamp(report: SelfCareReport, calendar: WorkingCalendar, on: date) -> Lamp | None:
    if report.settled_on is not None:
        return None
    left = calendar.between(on, report.due_on)
    return deadline_lamp(report.due_on, working_days_left=left, on=on, provisional=report.due_is_provisional)
