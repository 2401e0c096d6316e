"""The case page (办件)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from applications import queries
from applications.forms.act import BEFORE_ACCEPTANCE, CHECKING, TEKUN_APPLICATION
from applications.models import Case
from applications.permissions import Permission, can_act
from applications.queries import CaseFile
from applications.queries.draws import waits_for_check
from applications.queries.stranded import nobody_may_confirm
from applications.rules.process import CaseState
from applications.signals import Aside, case_page_opened
from applications.views.loading import load_case, nav_key_of, staff_of
from applications.views.menu import Menu
from foundation.access import grant
from organizations.models import Staff
from organizations.services import record_page
from verification.models import MeansCheckResult

_SECTIONS = (
    ("termination", "终止情形"),
    ("review", "复核事由和变化"),
    ("family", "家庭成员"),
    ("means", "收入支出财产"),
    ("assessment", "认定与计算"),
    ("papers", "申请材料"),
    ("means-check", "信息核对"),
    ("visit", "入户调查"),
    ("self-care", "自理能力评估"),
    ("support-choice", "保障选择"),
    ("appraisal", "民主评议"),
    ("random-check", "随机抽查"),
    ("proposal", "初审意见"),
    ("publicity", "公示与异议"),
    ("decision", "决定"),
    ("documents", "文书"),
    ("timeline", "经过"),
)
_CHECK_TONES: dict[str, str] = {
    MeansCheckResult.CLEAN: "good",
    MeansCheckResult.ALERT: "due",
    MeansCheckResult.FAILED: "late",
}


@grant(Permission.VIEW_CASE)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: what stands, what is next, everything on file (办件)."""
    staff, now = staff_of(request), timezone.now()
    case = load_case(request, pk)
    record_page(staff=staff, at=now, subject_type="case", subject_id=case.pk)
    file = CaseFile(case, on=timezone.localdate(now))
    return render(request, "applications/detail.html", _context(case, file, Menu(file, staff, at=now), request))


def _context(case: Case, file: CaseFile, menu: Menu, request: HttpRequest) -> dict[str, Any]:
    staff = staff_of(request)
    in_charge = case.state == CaseState.CONFIRMING and staff.may(Permission.CONFIRM, Permission.CONFIRM_DELEGATED)
    return {
        "case": case,
        "file": file,
        "menu": menu,
        "steps": queries.steps(file),
        "lamp": queries.lamp(file),
        "is_overdue": queries.is_overdue(file),
        "due_on": queries.due_day(case),
        "hands": queries.hands(file),
        "happenings": queries.happenings(file.events, file),
        "needed_papers": _papers(case, file),
        "sections": [entry for entry in _SECTIONS if entry[0] not in _hidden(case, file)],
        "shows_self_care": case.matter.key in {*TEKUN_APPLICATION, "tekun.review"},
        "waits_for_check": waits_for_check(file),
        "shows_draw": _shows_draw(file),
        "may_see_draws": staff.may(Permission.COUNTY_VISIT, Permission.CONFIRM),
        "shows_appraisal": _shows_appraisal(file),
        "check_note": _check_note(file),
        "check_tone": _CHECK_TONES.get(file.means_check.result or "", "") if file.means_check else "",
        "nobody_may_confirm": nobody_may_confirm(file),
        "county_visit_needed": case.county_visit_required or bool(file.complaints),
        "may_see_parameters": staff.may(Permission.VIEW_PARAMETERS),
        "consent_counts": case.case_state in BEFORE_ACCEPTANCE | CHECKING,
        "may_print": can_act(staff, Permission.OPEN_INTAKE, area=case.area),
        "may_register": can_act(staff, Permission.REGISTER_HOUSEHOLD, area=case.area),
        "asides": _asides(case, staff, on=file.on),
        "nav_key": nav_key_of(case.state) if in_charge else "cases",
    }


def _asides(case: Case, staff: Staff, *, on: date) -> list[Aside]:
    """Panels of the rooms above."""
    answers: list[tuple[Any, Any]] = case_page_opened.send(Case, case=case, staff=staff, on=on)
    return [aside for _, aside in answers if isinstance(aside, Aside)]


def _check_note(file: CaseFile) -> str:
    check = file.means_check
    return (check.get_result_display() or check.get_state_display()) if check else ""


def _shows_appraisal(file: CaseFile) -> bool:
    return bool(file.appraisals) or file.case.state == CaseState.APPRAISING


def _shows_draw(file: CaseFile) -> bool:
    return file.draw_row is not None or any(lack.anchor == "random-check" for lack in file.lacks)


def _hidden(case: Case, file: CaseFile) -> set[str]:
    """Sections that the page leaves out."""
    hidden = set() if _shows_appraisal(file) else {"appraisal"}
    if not _shows_draw(file):
        hidden.add("random-check")
    if case.matter.key not in TEKUN_APPLICATION:
        hidden |= {"self-care", "support-choice"}
    elif not file.minors:
        hidden.add("support-choice")
    if case.matter.of_award:
        hidden.add("papers")
    if not case.matter.ends_award:
        hidden.add("termination")
    if not case.matter.is_review or case.family_moved_away:
        hidden.add("review")
    if not case.matter.is_publicised:
        hidden.add("publicity")
    return hidden | {"family", "means"} if case.family_moved_away else hidden


def _papers(case: Case, file: CaseFile) -> list[tuple[Any, Any]]:
    scans = {paper.kind: paper for paper in file.papers}
    wanted = queries.required_papers(case.intake, has_relatives=bool(file.relatives))
    return [(kind, scans.get(kind.value)) for kind in wanted]
