"""The list of cases (办件列表): filters, search, order; names and figures of all rows in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Conditional
from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Least

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries.duties import cases_to_do
from applications.queries.steps import visible_to
from applications.rules.process import FINAL_STATES, NEXT_ACTS, OPEN_STATES, CaseState
from benefits.models import Award
from benefits.queries import running_awards
from foundation.pages import DUE_SOON_WORKING_DAYS, Lamp, deadline_lamp
from households.models import Household, Member
from households.queries import annotate_head
from households.queries import search as search_households
from households.queries import visible_to as households_visible_to
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.rules.working_days import WorkingCalendar

LAMPS = {"late": "已超期", "due": "临期（2个工作日内）", "good": "未到期"}
SORTS = {
    "due": ("next_due", "pk"),
    "number": ("number",),
    "head": ("head_pinyin", "pk"),
    "area": ("area__code", "pk"),
    "state": ("state", "next_due", "pk"),
    "accepted": ("accepted_on", "pk"),
}
DEFAULT_SORT = "due"
_DECIDED = (CaseState.APPROVED, CaseState.REFUSED)


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is cut to; empty fields do not cut.

    :param text: name, pinyin initials, ID number or its last four, or case number.
    :param family: primary key of one family.
    :param mine: only what lies on the person's own task list (待我办理).
    :param lamp: a key of :data:`LAMPS`.
    """

    text: str = ""
    family: int | None = None
    state: str = ""
    scheme: str = ""
    kind: str = ""
    township: str = ""
    village: str = ""
    authority: str = ""
    mine: bool = False
    lamp: str = ""
    accepted_from: date | None = None
    accepted_to: date | None = None
    sort: str = DEFAULT_SORT


def endable_awards(staff: Staff, household: Household) -> list[Award]:
    """特困 awards of a family of which the person may open the termination: they run, and none is under way."""
    under_way = Case.objects.filter(award=OuterRef("pk"), state__in=[state.value for state in OPEN_STATES])
    running = running_awards(staff, scheme=Scheme.TEKUN).filter(~Exists(under_way), household=household)
    return list(running.prefetch_related("persons__person").order_by("pk"))


def reviewable_awards(staff: Staff, household: Household) -> list[Award]:
    """Awards of a family of which the person may open the review (发起复核): they run, and nothing is under way."""
    under_way = Case.objects.filter(award=OuterRef("pk"), state__in=[state.value for state in OPEN_STATES])
    applied = Case.objects.filter(
        household=household,
        scheme=OuterRef("scheme"),
        kind=CaseKind.APPLICATION,
        state__in=[state.value for state in OPEN_STATES],
    )
    running = running_awards(staff, scheme=Scheme.DIBAO) | running_awards(staff, scheme=Scheme.TEKUN)
    found = running.filter(~Exists(under_way), Q(scheme=Scheme.TEKUN) | ~Exists(applied), household=household)
    return list(found.prefetch_related("persons__person").order_by("pk"))


def head_of(household: Household) -> str:
    """Name of who heads a family, or headed it last."""
    members = Member.objects.filter(household=household).select_related("person")
    found = members.filter(relation="head").order_by(F("left_on").desc(nulls_first=True), "-pk").first()
    return found.person.name if found else household.number


def head_name() -> Conditional:
    """Who heads a case's family now.

    Of a family that moved to another township that is not told here any more: its past is named by its applicant.
    """
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    moved = ~Q(household__area__parent=F("area__parent"))
    return Conditional(
        When(moved, then=F("applicant__person__name")),
        # Who died alone heads nothing any more, and their case goes on.
        default=Coalesce(Subquery(head.values("person__name")[:1]), F("applicant__person__name")),
    )


def annotate_list(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Add the head's name and pinyin, the family's size and the day that is due next."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    members = Member.objects.filter(household=OuterRef("household"), left_on=None).order_by().values("household")
    return cases.select_related("area__parent").annotate(
        head_name=head_name(),
        head_pinyin=Subquery(head.values("person__pinyin")[:1]),
        member_count=Subquery(members.annotate(total=Count("pk")).values("total")),
        next_due=Conditional(
            When(state__in=[state.value for state in FINAL_STATES], then=None),
            default=Least("state_due_on", "due_on"),
            output_field=DateField(),
        ),
    )


def list_cases(staff: Staff, wanted: CaseFilter, *, on: date) -> QuerySet[Case]:
    """Cases that the person may see and that the filter leaves, in its order."""
    cases = annotate_list(cases_to_do(staff, on=on) if wanted.mine else visible_to(staff))
    exact = {
        "state": wanted.state,
        "scheme": wanted.scheme,
        "kind": wanted.kind,
        "authority": wanted.authority,
        "area__parent__code": wanted.township,
        "area__code": wanted.village,
        "household": wanted.family,
        "accepted_on__gte": wanted.accepted_from,
        "accepted_on__lte": wanted.accepted_to,
    }
    cases = cases.filter(**{lookup: value for lookup, value in exact.items() if value})
    if wanted.text:
        families = search_households(staff, wanted.text).order_by().values("pk")
        cases = cases.filter(Q(household__in=families) | Q(number__startswith=wanted.text.upper()))
    if wanted.lamp:
        cases = cases.filter(_due_within(wanted.lamp, on=on))
    return cases.order_by(*_order(wanted.sort))


def _due_within(lamp: str, *, on: date) -> Q:
    soon = working_calendar().add(on, DUE_SOON_WORKING_DAYS).on
    return {"late": Q(next_due__lt=on), "due": Q(next_due__gte=on, next_due__lte=soon), "good": Q(next_due__gt=soon)}[
        lamp
    ]


def _order(sort: str) -> list[str | F]:
    fields = SORTS.get(sort.removeprefix("-"), SORTS[DEFAULT_SORT])
    if sort.startswith("-"):
        return [F(field).desc(nulls_last=True) for field in fields]  # type: ignore[misc]
    return [F(field).asc(nulls_last=True) for field in fields]  # type: ignore[misc]


def cases_of_family(staff: Staff, household: Household) -> QuerySet[Case]:
    """A family's cases that the person may see, the newest first."""
    return visible_to(staff).filter(household=household).order_by("-pk")


def cases_elsewhere(household: Household, *, seen: Iterable[Case]) -> list[str]:
    """Decisions before the family moved here, which stay in their township: where, under what, and how they ended."""
    known = [case.pk for case in seen]
    rows = Case.objects.filter(household=household, state__in=_DECIDED).exclude(pk__in=known)
    rows = rows.exclude(area__parent=household.area.parent_id).select_related("area__parent").order_by("-decided_on")
    return [
        f"{row.area.parent}{row.get_scheme_display()}{row.get_kind_display()}（{row.state_in_words}）" for row in rows
    ]


def found_family(staff: Staff, text: str) -> Household | None:
    """The family that an ID number leads to, where the person may see it."""
    return search_households(staff, text).first()


def named_family(staff: Staff, pk: int) -> Household | None:
    """A family that a list is cut to, with its head's name."""
    return annotate_head(households_visible_to(staff)).filter(pk=pk).first()


@dataclass(frozen=True)
class CaseRow:
    """A case as a list shows it."""

    case: Case
    act: str
    lamp: Lamp | None


def as_rows(cases: Iterable[Case], *, on: date) -> list[CaseRow]:
    """Rows of a list with what each case waits for and its lamp as of a day."""
    calendar = working_calendar()
    return [CaseRow(case, next_act(case), lamp_of(case, calendar=calendar, on=on)) for case in cases]


def next_act(case: Case) -> str:
    """What the owner of the case's state does next; a drafted proposal waits for its signature."""
    if case.awaits_signature and case.state in (CaseState.INVESTIGATING, CaseState.APPRAISING):
        return "签发初审意见"
    return case.matter.next_acts.get(case.case_state, NEXT_ACTS[case.case_state])


def due_day(case: Case) -> date | None:
    """The day that is due next: the step's or the whole procedure's, whichever comes first; None once decided."""
    return min(filter(None, (case.state_due_on, case.due_on)), default=None) if case.is_open else None


def lamp_of(case: Case, *, calendar: WorkingCalendar, on: date) -> Lamp | None:
    """The lamp of a case as of a day."""
    due = due_day(case)
    if due is None:
        return None
    left = calendar.between(on, due)
    return deadline_lamp(due, working_days_left=left, on=on, provisional=case.due_is_provisional)
