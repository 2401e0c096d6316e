"""Where each township's cases are confirmed, and what follows from it: terms and confirmers (下放与确认)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce

from applications.models import Case, StepTerm
from applications.models.cases import CaseKind
from applications.models.terms import OVERALL, OVERALL_EXTENDED
from applications.permissions import Permission
from applications.rules.process import OPEN_STATES, Authority, CaseState
from organizations.models import Area, Delegation, Staff
from organizations.models.delegations import DELEGABLE, Scheme
from organizations.queries import county, holders_by_area, township_of, townships

_SHOWN_TERMS = (OVERALL, OVERALL_EXTENDED, CaseState.CONFIRMING.value)


@dataclass(frozen=True)
class Confirmation:
    """One township and scheme: who confirms today, within how many days, and what is under way."""

    township: Area
    scheme: Scheme
    delegation: Delegation | None
    planned: Delegation | None
    confirmers: tuple[str, ...]
    terms: dict[str, StepTerm] = field(default_factory=dict)
    open_by_township: int = 0
    open_by_county: int = 0

    @property
    def overall(self) -> StepTerm | None:
        """受理至决定."""
        return self.terms.get(OVERALL)

    @property
    def extended(self) -> StepTerm | None:
        """受理至决定（延长）."""
        return self.terms.get(OVERALL_EXTENDED)

    @property
    def confirming(self) -> StepTerm | None:
        """审核确认."""
        return self.terms.get(CaseState.CONFIRMING.value)


def confirmations(staff: Staff, *, on: date) -> list[Confirmation]:
    """Every township of the person's area and every scheme, with what the delegation in force brings about."""
    areas = list(townships().filter(pk__in=staff.area_ids(Permission.VIEW_PARAMETERS)))
    delegations = list(_running(areas, on=on))
    leads = _names_by_area(Permission.CONFIRM_DELEGATED, on=on)
    of_county = _names_by_area(Permission.CONFIRM, on=on).get(county().code, ())
    terms = _terms(on=on)
    counts = _open_cases(areas)
    rows = []
    for area in areas:
        for scheme in DELEGABLE:
            own = [row for row in delegations if row.area_id == area.pk and row.scheme == scheme]
            current = next((row for row in own if row.valid.lower <= on), None)
            authority = Authority.TOWNSHIP if current else Authority.COUNTY
            rows.append(
                Confirmation(
                    township=area,
                    scheme=scheme,
                    delegation=current,
                    planned=next((row for row in own if row.valid.lower > on), None),
                    confirmers=leads.get(area.code, ()) if current else of_county,
                    terms=terms.get((scheme.value, authority.value), {}),
                    open_by_township=counts.get((area.code, scheme.value, Authority.TOWNSHIP.value), 0),
                    open_by_county=counts.get((area.code, scheme.value, Authority.COUNTY.value), 0),
                )
            )
    return rows


def _running(areas: Iterable[Area], *, on: date) -> QuerySet[Delegation]:
    """Delegations in force or still to come, the earliest first."""
    still = Q(valid__upper_inf=True) | Q(valid__endswith__gt=on)
    return Delegation.objects.filter(still, area__in=areas).order_by("valid")


def _names_by_area(permission: Permission, *, on: date) -> dict[str, tuple[str, ...]]:
    """Names of who may do an act, by the code of the area in which."""
    names: dict[str, tuple[str, ...]] = {}
    for code, _, name in sorted(holders_by_area(permission, on=on)):
        names[code] = (*names.get(code, ()), name)
    return names


def _terms(*, on: date) -> dict[tuple[str, str], dict[str, StepTerm]]:
    found: dict[tuple[str, str], dict[str, StepTerm]] = {}
    rows = StepTerm.objects.filter(kind=CaseKind.APPLICATION, step__in=_SHOWN_TERMS, valid__contains=on)
    for row in rows:
        found.setdefault((row.scheme, row.authority), {})[row.step] = row
    return found


def _open_cases(areas: Iterable[Area]) -> dict[tuple[str, str, str], int]:
    """Accepted cases that are not decided, by township, scheme and confirming authority."""
    accepted = OPEN_STATES - {CaseState.DRAFT, CaseState.SUBMITTED, CaseState.SUPPLEMENTING}
    rows = (
        Case.objects.filter(state__in=[state.value for state in accepted], area__parent__in=areas)
        .order_by()
        .values_list("area__parent__code", "scheme", "authority")
        .annotate(count=Count("pk"))
    )
    return {(code, scheme, authority): count for code, scheme, authority, count in rows}


def delegations_of(staff: Staff) -> QuerySet[Delegation]:
    """All delegations of the person's townships, also those that are over, the newest first (下放沿革)."""
    return (
        Delegation.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_PARAMETERS))
        .select_related("area", "delegated_by", "ended_by")
        .order_by(Coalesce("withdrawn_start", "valid__startswith").desc(), "area__code")
    )


def effect_of(delegation: Delegation) -> int:
    """How many open cases of a delegation's township wait for the township's own decision."""
    area = township_of(delegation.area)
    return Case.objects.filter(
        area__parent=area,
        scheme=delegation.scheme,
        authority=Authority.TOWNSHIP,
        state__in=[state.value for state in OPEN_STATES],
    ).count()
