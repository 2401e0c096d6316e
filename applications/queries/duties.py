"""Whose turn it is (待我办理): the one definition behind the task list of the home page and the list of cases."""

from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import Case, CaseDocument, CaseMeansCheck, Complaint, HomeVisit, Publicity
from applications.permissions import Permission, relatives_of
from applications.queries.draws import unchecked_of, waiting_for_draw
from applications.queries.owed import owed_by
from applications.queries.steps import visible_to
from applications.rules.matters import MATTERS
from applications.rules.process import OPEN_STATES, Authority, CaseState
from documents.models import HANDED_OVER, Document
from organizations.models import Staff
from organizations.queries import holders_by_area
from verification.models import MeansCheckResult, MeansCheckState

_S = CaseState


class Duty(StrEnum):
    """What a person may have to do on a case, in the order of a case's way."""

    REGISTER = "register"
    ACCEPT = "accept"
    TELL = "tell"
    INVESTIGATE = "investigate"
    VISIT = "visit"
    SIGN = "sign"
    PUBLICISE = "publicise"
    COUNTY_VISIT = "county_visit"
    DRAW = "draw"
    CHECK_DRAWN = "check_drawn"
    CONFIRM = "confirm"
    ANNOUNCE = "announce"
    REISSUE = "reissue"
    DELIVER = "deliver"


_ACCEPTING = (_S.SUBMITTED, _S.SUPPLEMENTING)
_INVESTIGATING = (_S.ACCEPTED, _S.INVESTIGATING, _S.APPRAISING, _S.OBJECTED, _S.RETURNED)
_NOT_ANNOUNCED = reduce(
    or_, (Q(scheme=matter.scheme, kind=matter.kind) for matter in MATTERS.values() if not matter.is_announced)
)
_UNDER_VISIT = tuple(OPEN_STATES - {_S.DRAFT, *_ACCEPTING})


def duties(staff: Staff, *, on: date) -> dict[Duty, QuerySet[Case]]:
    """The cases that wait for the person, by what for; only duties of their posts."""
    found = {**_duties_of_township(staff, on=on), **_duties_of_county(staff)}
    if (owed := owed_by(staff)) is not None:
        found[Duty.REISSUE] = visible_to(staff).filter(owed)
    if delivering(staff):
        waiting = CaseDocument.objects.filter(case=OuterRef("pk"), document__in=notices_to_deliver(staff))
        found[Duty.DELIVER] = visible_to(staff).filter(Exists(waiting))
    if staff.may(Permission.COUNTY_VISIT):
        found |= {Duty.DRAW: waiting_for_draw(staff, on=on), Duty.CHECK_DRAWN: unchecked_of(staff)}
    return {duty: found[duty] for duty in Duty if duty in found}


def cases_to_do(staff: Staff, *, on: date) -> QuerySet[Case]:
    """Every case on which the person has something to do (待我办理)."""
    wanted = Q(pk__in=[])
    for rows in duties(staff, on=on).values():
        wanted |= Q(pk__in=rows.order_by().values("pk"))
    return visible_to(staff).filter(wanted)


def delivering(staff: Staff) -> frozenset[int]:
    """Areas whose notices the person hands over."""
    return staff.area_ids(Permission.RECORD_DELIVERY) & staff.area_ids(Permission.ACCEPT)


def notices_to_deliver(staff: Staff) -> QuerySet[Document]:
    """Notices that no delivery is recorded of (未送达文书); also the county's go out through the township (F57 §21)."""
    return Document.objects.filter(kind__in=HANDED_OVER, area_id__in=delivering(staff), voided_on=None, delivery=None)


def _duties_of_township(staff: Staff, *, on: date) -> dict[Duty, QuerySet[Case]]:
    cases = visible_to(staff)
    found: dict[Duty, QuerySet[Case]] = {}
    if areas := staff.area_ids(Permission.OPEN_INTAKE):
        found[Duty.REGISTER] = cases.filter(state=_S.DRAFT, area_id__in=areas)
    if areas := staff.area_ids(Permission.ACCEPT):
        found[Duty.ACCEPT] = cases.filter(state__in=_ACCEPTING, area_id__in=areas)
    if areas := staff.area_ids(Permission.INVESTIGATE):
        found[Duty.TELL] = cases.filter(untold(), state__in=_UNDER_VISIT, area_id__in=areas)
    if areas := staff.area_ids(Permission.PROPOSE):
        under_way = cases.filter(~untold(), state__in=_INVESTIGATING, area_id__in=areas)
        found[Duty.INVESTIGATE] = under_way.filter(awaits_signature=False)
    if areas := staff.area_ids(Permission.PUBLICISE):
        found[Duty.PUBLICISE] = cases.filter(_may_leave_publicity(on), area_id__in=areas)
        found[Duty.ANNOUNCE] = cases.filter(_announced(), announcement=None, area_id__in=areas)
    if staff.may(Permission.SIGN_PROPOSAL, Permission.PROPOSE):
        waiting = cases.filter(awaits_signature=True, state__in=_INVESTIGATING)
        by_clerk = _without_lawful_lead(waiting.filter(area_id__in=staff.area_ids(Permission.PROPOSE)), on=on)
        found[Duty.SIGN] = waiting.filter(_signed_by(staff) | Q(pk__in=by_clerk))
    if areas := staff.area_ids(Permission.OPEN_INTAKE) - staff.area_ids(Permission.INVESTIGATE):
        visited = HomeVisit.objects.filter(case=OuterRef("pk"))
        found[Duty.VISIT] = cases.filter(~Exists(visited), state=_S.INVESTIGATING, area_id__in=areas)
    return found


def _duties_of_county(staff: Staff) -> dict[Duty, QuerySet[Case]]:
    cases = visible_to(staff)
    found: dict[Duty, QuerySet[Case]] = {}
    if staff.may(Permission.CONFIRM, Permission.CONFIRM_DELEGATED):
        by_county = Q(authority=Authority.COUNTY, area_id__in=staff.area_ids(Permission.CONFIRM))
        by_lead = Q(authority=Authority.TOWNSHIP, area_id__in=staff.area_ids(Permission.CONFIRM_DELEGATED))
        found[Duty.CONFIRM] = cases.filter(by_county | by_lead, state=_S.CONFIRMING)
    if areas := staff.area_ids(Permission.COUNTY_VISIT):
        found[Duty.COUNTY_VISIT] = cases.filter(_county_visit_lacking(), state__in=_UNDER_VISIT, area_id__in=areas)
    return found


def _announced() -> Q:
    """Approvals are announced in the village; recognitions and what ends an award are not (F43 §26)."""
    return Q(state=_S.APPROVED) & ~_NOT_ANNOUNCED


def untold() -> Q:
    """The last means check found differences that the family has not been told of yet (F57 §18)."""
    standing = CaseMeansCheck.objects.exclude(means_check__state=MeansCheckState.WITHDRAWN)
    later = standing.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    alerts = standing.filter(
        ~Exists(later),
        case=OuterRef("pk"),
        means_check__result=MeansCheckResult.ALERT,
        means_check__told_family_on=None,
    )
    return Q(Exists(alerts))


def _county_visit_lacking() -> Q:
    """A visit by county staff is asked for, and none came after the last complaint: as the check list says it."""
    complaints = Complaint.objects.filter(case=OuterRef("pk"))
    by_county = HomeVisit.objects.filter(case=OuterRef("pk"), is_by_county=True)
    # A visit answers when no complaint came after it.
    later = Complaint.objects.filter(case=OuterRef("case"), received_on__gt=OuterRef("visited_on"))
    asked = Q(county_visit_required=True) | Exists(complaints)
    return asked & ~Q(Exists(by_county.exclude(Exists(later))))


def _signed_by(staff: Staff) -> Q:
    """The lead signs; in a delegated township, where the lead confirms, the clerk."""
    return Q(authority=Authority.COUNTY, area_id__in=staff.area_ids(Permission.SIGN_PROPOSAL)) | Q(
        authority=Authority.TOWNSHIP, area_id__in=staff.area_ids(Permission.PROPOSE)
    )


def _without_lawful_lead(cases: QuerySet[Case], *, on: date) -> list[int]:
    """Cases that the county confirms and no lead may sign: the clerk does (as ``permissions.has_lawful_signer``).

    Names are compared in a way that the database does not know, so the few that wait are read: three queries.
    """
    rows = list(cases.filter(authority=Authority.COUNTY).order_by().values_list("pk", "area__code", "intake_id"))
    if not rows:
        return []
    related = relatives_of({intake for _, _, intake in rows})
    leads = holders_by_area(Permission.SIGN_PROPOSAL, on=on)
    return [
        pk
        for pk, code, intake in rows
        if not any(code.startswith(area) and not related[intake].include(lead, name) for area, lead, name in leads)
    ]


def _may_leave_publicity(on: date) -> Q:
    """Proposed and to be posted, or posted until yesterday; while the days run nobody has anything to do."""
    over = Publicity.objects.filter(case=OuterRef("pk"), closed_on=None, last_day__lt=on)
    return Q(state=_S.PROPOSED) | Q(Exists(over), state=_S.PUBLICISED)
