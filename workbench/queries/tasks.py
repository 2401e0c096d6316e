"""What waits for a person: cases in a state that they move on, means checks that they answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from applications.models import Case
from applications.permissions import Permission
from applications.queries import visible_to
from applications.rules.process import NEXT_ACTS, STATE_OWNERS, Authority, CaseState, Owner
from foundation.pages import Lamp, deadline_lamp
from households.models import Member
from organizations.models import Staff
from organizations.rules.working_days import WorkingCalendar
from verification.queries import answerable_by

_REGISTERING = (CaseState.DRAFT, CaseState.SUBMITTED, CaseState.SUPPLEMENTING)
_CHECKING = (CaseState.ACCEPTED, CaseState.INVESTIGATING, CaseState.RETURNED)


def cases_to_do(staff: Staff) -> QuerySet[Case]:
    """Open cases that lie on the person's task list, by the owner of their state."""
    signed_by_lead = Q(authority=Authority.COUNTY, area_id__in=staff.area_ids(Permission.SIGN_PROPOSAL))
    signed_by_clerk = Q(authority=Authority.TOWNSHIP, area_id__in=staff.area_ids(Permission.PROPOSE))
    confirmed_by_county = Q(authority=Authority.COUNTY, area_id__in=staff.area_ids(Permission.CONFIRM))
    confirmed_by_lead = Q(authority=Authority.TOWNSHIP, area_id__in=staff.area_ids(Permission.CONFIRM_DELEGATED))
    return visible_to(staff).filter(
        Q(state__in=_owned_by(Owner.REGISTRAR), area_id__in=staff.area_ids(Permission.OPEN_INTAKE))
        | Q(state__in=_owned_by(Owner.OFFICER), awaits_signature=False, area_id__in=staff.area_ids(Permission.PROPOSE))
        | Q(awaits_signature=True, state__in=_owned_by(Owner.OFFICER)) & (signed_by_lead | signed_by_clerk)
        | Q(state__in=_owned_by(Owner.CONFIRMER)) & (confirmed_by_county | confirmed_by_lead)
    )


def task_counts(staff: Staff) -> Mapping[str, int]:
    """How many tasks lie under each navigation entry, and ``all`` together; one query, two for who answers checks."""
    counts: dict[str, int] = {"all": 0}
    if staff.may(Permission.VIEW_CASE):
        counts |= cases_to_do(staff).aggregate(
            all=Count("pk"),
            intake=Count("pk", filter=Q(state__in=_REGISTERING)),
            means_checks=Count("pk", filter=Q(state__in=_CHECKING)),
            publicity=Count("pk", filter=Q(state__in=(CaseState.PROPOSED, CaseState.PUBLICISED, CaseState.OBJECTED))),
            confirming=Count("pk", filter=Q(state=CaseState.CONFIRMING)),
        )
    if staff.may(Permission.ANSWER_MEANS_CHECK):
        waiting = answerable_by(staff).count()
        counts |= {"means_checks": waiting, "all": counts["all"] + waiting}
    return counts


def _owned_by(owner: Owner) -> list[str]:
    return [state.value for state, owned_by in STATE_OWNERS.items() if owned_by == owner]


@dataclass(frozen=True)
class Task:
    """One line of a task list: what is to be done for whom, and how long there is."""

    case: Case
    act: str
    lamp: Lamp | None


def tasks_by_urgency(staff: Staff) -> QuerySet[Case]:
    """Cases on the person's task list, most urgent first, with the head's name and the family's size."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    members = Member.objects.filter(household=OuterRef("household"), left_on=None).order_by().values("household")
    return (
        cases_to_do(staff)
        .select_related("area__parent")
        .annotate(
            head_name=Subquery(head.values("person__name")[:1]),
            member_count=Subquery(members.annotate(total=Count("pk")).values("total")),
        )
        .order_by(F("state_due_on").asc(nulls_last=True), "pk")
    )


def as_tasks(cases: Iterable[Case], *, calendar: WorkingCalendar, on: date) -> list[Task]:
    """What each case waits for, with its lamp as of a day."""
    return [Task(case, _act(case), _lamp(case, calendar=calendar, on=on)) for case in cases]


def _act(case: Case) -> str:
    return "签发初审意见" if case.awaits_signature else NEXT_ACTS[case.case_state]


def _lamp(case: Case, *, calendar: WorkingCalendar, on: date) -> Lamp | None:
    due = case.state_due_on
    if due is None:
        return None
    days = calendar.between(on, due) if on <= due else calendar.between(due, on)
    return deadline_lamp(due, working_days_left=days, on=on, provisional=case.due_is_provisional)
