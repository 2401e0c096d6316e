"""What waits for a person: cases in a state that they move on, means checks that they answer."""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from applications.models import Case
from applications.permissions import Permission
from applications.queries import visible_to
from applications.rules.process import STATE_OWNERS, Authority, CaseState, Owner
from organizations.models import Staff
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
