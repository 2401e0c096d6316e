"""我的待办 of the home page and 只看待我办理 of the list of cases are the same cases, whoever looks."""

from datetime import date

import pytest
from django.urls import reverse

from applications import services
from applications.queries import cases_to_do
from applications.rules.process import CaseState
from organizations.models import Staff
from organizations.permissions import ROLE_LEVELS, Role
from organizations.queries import working_calendar
from organizations.services import delegate_confirmation
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, LINXI, VILLAGES, crew
from tests.support.factories import area, make_staff
from tests.support.stories import case_in
from workbench.queries.tasks import TaskKind, documents_of_tasks, task_counts, tasks_by_urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = date(2026, 9, 25)
STATES = (
    CaseState.DRAFT,
    CaseState.SUBMITTED,
    CaseState.INVESTIGATING,
    CaseState.PROPOSED,
    CaseState.PUBLICISED,
    CaseState.CONFIRMING,
    CaseState.RETURNED,
    CaseState.APPROVED,
    CaseState.REFUSED,
)


def in_the_task_list(staff: Staff) -> set[int]:
    """Cases behind the tasks of the home page; a means check shows its operator no case."""
    rows = list(tasks_by_urgency(staff, calendar=working_calendar(), on=DAY))
    papers = documents_of_tasks(ref for kind, ref, _ in rows if kind == TaskKind.DELIVER)
    cases = {ref for kind, ref, _ in rows if kind not in (TaskKind.DELIVER, TaskKind.MEANS_CHECK)}
    return cases | {case for _, case in papers.values()}


def test_both_lists_hold_the_same_cases_for_every_role() -> None:
    for township, delegated in ((LINXI, False), (HUAYANG, True)):
        people = crew(township)
        if delegated:
            delegate_confirmation(
                area(township), scheme="dibao", starts_on=date(2026, 1, 1), document_number="绩民〔2026〕1号"
            )
        stories = [case_in(state, people=people, township=township) for state in STATES]
        drafted = case_in(CaseState.INVESTIGATING, people=people, township=township)
        drafted.ask_check().later().answer_check().visit().draft()
        complained = stories[STATES.index(CaseState.PUBLICISED)]
        services.receive_complaint(
            complained.case, received_on=complained.today, content="举报", by=people.officer, on=complained.today
        )
    codes = {"county": ["341824"], "township": [LINXI, HUAYANG], "village": [VILLAGES[LINXI], VILLAGES[HUAYANG]]}
    sizes = {}
    for role in Role:
        for code in codes[ROLE_LEVELS[role]]:
            staff = make_staff(role, code, name="查看人", on=date(2026, 1, 1))
            expected = in_the_task_list(staff)
            assert {case.pk for case in cases_to_do(staff, on=DAY)} == expected, role
            if task_counts(staff, on=DAY)["all"] and expected:
                desk = Desk(staff, on=DAY)
                listed = desk.fetch(reverse("applications:list") + "?mine=on")
                assert listed.context["page"].paginator.count == len(expected), role
            sizes[role, code] = len(expected)
    # The township's clerk has nearly everything, in the delegated one the lead confirms; who only reads has nothing.
    assert sizes[Role.TOWNSHIP_OFFICER, LINXI] > sizes[Role.TOWNSHIP_APPROVER, LINXI] > 0
    assert sizes[Role.COUNTY_APPROVER, "341824"] > 0
    assert sizes[Role.COUNTY_OFFICER, "341824"] == 2
    assert sizes[Role.AUDITOR, "341824"] == 0
