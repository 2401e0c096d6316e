"""Reads of the terms and papers of steps (办理时限、步骤材料), for the pages that show and change them."""

from datetime import date

from django.db.models import Case, IntegerField, QuerySet, When

from applications.models import StepPaper, StepTerm
from applications.models.terms import STEPS
from applications.rules.process import CaseState

_TERM_PLACE = Case(*(When(step=step, then=place) for place, (step, _) in enumerate(STEPS)), output_field=IntegerField())
_STATE_PLACE = Case(
    *(When(state=state.value, then=place) for place, state in enumerate(CaseState)), output_field=IntegerField()
)


def terms_in_force(*, on: date, scheme: str = "", authority: str = "") -> QuerySet[StepTerm]:
    """Terms in force on a day, in the order of the process."""
    cut = {name: value for name, value in (("scheme", scheme), ("authority", authority)) if value}
    return StepTerm.objects.filter(valid__contains=on, **cut).order_by("scheme", "kind", "authority", _TERM_PLACE)


def papers_in_force(*, on: date, scheme: str = "", authority: str = "") -> QuerySet[StepPaper]:
    """What steps must have before they are left, in force on a day, in the order of the process."""
    cut = {name: value for name, value in (("scheme", scheme), ("authority", authority)) if value}
    rows = StepPaper.objects.filter(valid__contains=on, **cut)
    return rows.order_by("scheme", "kind", "authority", _STATE_PLACE, "pk")


def term_history(term: StepTerm) -> QuerySet[StepTerm]:
    """All values of a step's term, the newest first."""
    same = {name: getattr(term, name) for name in ("scheme", "kind", "authority", "step")}
    return StepTerm.objects.filter(**same).order_by("-valid")
