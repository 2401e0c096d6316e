"""随机抽查: the batch that waits for its draw, and what was drawn and waits for its check; F43 §16."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import Case, CaseEvent, DrawnCase, StepItem, StepPaper, StepTerm
from applications.models.cases import CaseKind
from applications.models.terms import RANDOM_CHECK_PERCENT
from applications.permissions import Permission
from applications.queries.steps import visible_to
from applications.rules.process import Authority, CaseState, EventKind
from organizations.models import Staff
from organizations.models.delegations import Scheme

if TYPE_CHECKING:
    from applications.queries.file import CaseFile


def asked_for(on: date) -> Q:
    """Cases that are decided only after a draw: the step asks for it (步骤材料)."""
    rows = StepPaper.objects.filter(
        scheme=OuterRef("scheme"),
        kind=OuterRef("kind"),
        authority=OuterRef("authority"),
        state=CaseState.CONFIRMING,
        item=StepItem.RANDOM_CHECK,
        valid__contains=on,
    )
    return Q(Exists(rows))


def waiting_for_draw(staff: Staff, *, on: date) -> QuerySet[Case]:
    """The batch: cases that wait for confirmation in the person's areas and were in no draw yet, by number."""
    areas = staff.area_ids(Permission.COUNTY_VISIT)
    return visible_to(staff).filter(_undrawn(on), area_id__in=areas).order_by("number")


def _undrawn(on: date) -> Q:
    return Q(asked_for(on), draw_row=None, state=CaseState.CONFIRMING)


def not_checked() -> Q:
    """Drawn, and no visit by county staff recorded since (handbook 2.4)."""
    checks = CaseEvent.objects.filter(
        case=OuterRef("case"),
        kind=EventKind.COUNTY_VISITED,
        pk__gt=OuterRef("event"),
        on__gte=OuterRef("draw__drawn_on"),
    )
    rows = DrawnCase.objects.filter(case=OuterRef("pk"), is_drawn=True).exclude(Exists(checks))
    return Q(Exists(rows))


def share_on(on: date) -> StepTerm | None:
    """The share that is drawn, in per cent, as the county's terms say on a day."""
    return StepTerm.objects.filter(
        scheme=Scheme.TEKUN,
        kind=CaseKind.APPLICATION,
        authority=Authority.COUNTY,
        step=RANDOM_CHECK_PERCENT,
        valid__contains=on,
    ).first()


def unchecked_of(staff: Staff) -> QuerySet[Case]:
    """抽查核实: drawn cases that wait for their check by county staff."""
    areas = staff.area_ids(Permission.COUNTY_VISIT)
    return visible_to(staff).filter(not_checked(), state=CaseState.CONFIRMING, area_id__in=areas)


def waits_for_check(file: "CaseFile") -> bool:
    """The same of one case, from what its page has read already."""
    row = file.draw_row
    if row is None or not row.is_drawn:
        return False
    return not any(
        event.kind == EventKind.COUNTY_VISITED and event.pk > row.event_id and event.on >= row.draw.drawn_on
        for event in file.events
    )
