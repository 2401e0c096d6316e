"""Cases that the county has to confirm and nobody in the county may (无人可以依法确认)."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from applications.models import Case
from applications.permissions import Permission, Relatives, acted_in, relatives_of, typed_in, with_deputies
from applications.queries.steps import visible_to
from applications.rules.process import FOUR_EYES_ACTS, Authority, CaseState
from organizations.models import Staff
from organizations.queries import holders_by_area, staff_with

if TYPE_CHECKING:
    from applications.queries.file import CaseFile


def without_confirmer(staff: Staff, *, on: date) -> list[Case]:
    """Such cases of the person's areas, the oldest first."""
    return _without_confirmer(visible_to(staff), on=on)


def numbers_without_confirmer(*, on: date) -> list[str]:
    """Numbers of such cases in the whole county, for who appoints: an administrator sees no families."""
    return [case.number for case in _without_confirmer(Case.objects.all(), on=on)]


def nobody_may_confirm(file: "CaseFile") -> bool:
    """Whether the case waits for the county and nobody there may confirm it; from what its page has read already.

    A delegated case goes up to the county by itself.
    """
    case = file.case
    if case.state != CaseState.CONFIRMING or case.authority != Authority.COUNTY:
        return False
    kinds = FOUR_EYES_ACTS
    acted = {event.by_id for event in file.events if event.by_id and event.kind in kinds} | typed_in([case])[case.pk]
    acted |= {visitor.staff_id for visit in file.visits for visitor in visit.visitors.all()}
    acted |= {row.staff_id for found in file.self_care for row in found.assessors.all()}
    barred = with_deputies([case], {case.pk: frozenset(acted)})[case.pk]
    related = Relatives.among(file.relatives)
    confirmers = staff_with(Permission.CONFIRM, area=case.area, on=file.on).order_by().values_list("pk", "name")
    return all(account in barred or related.include(account, name) for account, name in confirmers)


def _without_confirmer(cases: QuerySet[Case], *, on: date) -> list[Case]:
    waiting = list(
        cases.filter(state=CaseState.CONFIRMING, authority=Authority.COUNTY)
        .select_related("area", "intake")
        .order_by("state_since", "pk")
    )
    if not waiting:
        return []
    confirmers = holders_by_area(Permission.CONFIRM, on=on)
    relatives, acted = relatives_of({case.intake_id for case in waiting}), acted_in(waiting)
    return [
        case
        for case in waiting
        if not any(
            case.area.code.startswith(area)
            and account not in acted[case.pk]
            and not relatives[case.intake_id].include(account, name)
            for area, account, name in confirmers
        )
    ]
