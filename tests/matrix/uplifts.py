"""Who may go through which door of uplifts (提标) and drafts (政策测算); all of them are the county's."""

from datetime import date
from decimal import Decimal
from typing import Any

from dynamic_review.models import Uplift, UpliftLine, UpliftMakingGood, UpliftRun, WhatIf, WhatIfRun
from foundation.trail import acting
from organizations.permissions import Permission, Role
from tests.matrix.awards import phase_out
from tests.matrix.rule import BOTH, POST, Rule, any_of
from tests.matrix.world import MORNING, World
from tests.support.factories import make_staff

P = Permission
_SINCE, _TODAY = date(2026, 1, 1), MORNING.date()


def _uplift(world: World) -> list[dict[str, Any]]:
    """An uplift with a preview, to be approved."""
    with acting(actor="system:test"):
        by = make_staff(Role.COUNTY_OFFICER, "341824", on=_SINCE)
        facts = {"scheme": "dibao", "from_month": date(2026, 10, 1), "title": "2026年度提标", "entered_on": _TODAY}
        number = f"TB2026{Uplift.objects.count() + 1:03d}"
        made = Uplift.objects.create(number=number, entered_by=by, **facts)
        made.run = UpliftRun.objects.create(
            uplift=made, serial=1, on=_TODAY, figures="", begun_by=by, begun_at=MORNING, finished_at=MORNING
        )
        made.state = "previewed"
        made.save()
    return [{"pk": made.pk}]


def _line(world: World) -> list[dict[str, Any]]:
    """A line of an award that is being phased out, with what is to be made good before."""
    run = UpliftRun.objects.get(uplift=_uplift(world)[0]["pk"])
    award = phase_out().award
    with acting(actor="system:test"):
        line = UpliftLine.objects.create(
            run=run,
            award=award,
            household_id=award.household_id,
            area_id=award.area_id,
            version=award.versions.latest("serial"),
            person_count=1,
            outcome="apart",
            apart="phase_out",
            before_amount=Decimal("515.00"),
        )
        UpliftMakingGood.objects.create(
            line=line, amount=Decimal("35.00"), reason="渐退前", entered_by=run.begun_by, entered_on=_TODAY
        )
    return [{"pk": line.pk}]


def _draft(world: World) -> list[dict[str, Any]]:
    return [{"pk": _run().what_if_id}]


def _run_of_a_draft(world: World) -> list[dict[str, Any]]:
    return [{"pk": _run().pk}]


def _run() -> WhatIfRun:
    changes = {"rural": {"dibao_monthly_standard": "790.00"}}
    with acting(actor="system:test"):
        by = make_staff(Role.COUNTY_OFFICER, "341824", on=_SINCE)
        draft = WhatIf.objects.create(name="790元", on=_TODAY, changes=changes, made_by=by, made_on=_TODAY)
        return WhatIfRun.objects.create(
            what_if=draft,
            serial=1,
            base_on=_TODAY,
            on=_TODAY,
            changes=changes,
            begun_by=by,
            begun_at=MORNING,
            finished_at=MORNING,
        )


_ENTER, _APPROVE = any_of(P.ENTER_UPLIFT), any_of(P.APPROVE_UPLIFT)
_EITHER, _DRAFTS = any_of(P.ENTER_UPLIFT, P.APPROVE_UPLIFT), any_of(P.VIEW_WHAT_IF)
_EXPORT = any_of(P.EXPORT)
UPLIFTS = {
    "uplifts": Rule(_EITHER),
    "enter_uplift": Rule(_ENTER, methods=BOTH),
    "uplift": Rule(_EITHER, kwargs=_uplift),
    "preview_uplift": Rule(_ENTER, kwargs=_uplift, methods=POST),
    "approve_uplift": Rule(_APPROVE, kwargs=_uplift, methods=POST),
    "withdraw_uplift": Rule(_EITHER, kwargs=_uplift, methods=POST),
    "apply_uplift": Rule(_ENTER, kwargs=_uplift, methods=POST),
    "roll_back_uplift": Rule(_APPROVE, kwargs=_uplift, methods=POST),
    "issue_uplift_notices": Rule(_ENTER, kwargs=_uplift, methods=POST),
    "uplift_lines": Rule(_EITHER, kwargs=_uplift),
    "export_uplift": Rule(_EXPORT, sees=_EITHER, kwargs=_uplift, methods=POST),
    "uplift_roster": Rule(_EXPORT, sees=_EITHER, kwargs=_uplift, methods=POST),
    "make_good": Rule(_EITHER, kwargs=_line, methods=BOTH),
    "approve_making_good": Rule(_APPROVE, kwargs=_line, methods=POST),
    "what_ifs": Rule(_DRAFTS),
    "add_what_if": Rule(_DRAFTS, methods=BOTH),
    "compare_what_ifs": Rule(_DRAFTS),
    "what_if": Rule(_DRAFTS, kwargs=_draft),
    "edit_what_if": Rule(_DRAFTS, kwargs=_draft, methods=BOTH),
    "run_what_if": Rule(_DRAFTS, kwargs=_draft, methods=POST),
    "copy_what_if": Rule(_DRAFTS, kwargs=_draft, methods=POST),
    "discard_what_if": Rule(_DRAFTS, kwargs=_draft, methods=POST),
    "what_if_lines": Rule(_DRAFTS, kwargs=_run_of_a_draft),
    "export_what_if": Rule(_EXPORT, sees=_DRAFTS, kwargs=_run_of_a_draft, methods=POST),
}
"""By the name of the URL."""
