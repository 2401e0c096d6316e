"""政策测算: drafts of parameters kept, copied and reckoned; awards and parameters are never touched."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from dynamic_review.models import WhatIf, WhatIfRun
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.what_if import figures_of_day
from dynamic_review.rules.what_if import DRAFTED, RESIDENCES, fault_of, only_changes
from foundation.errors import ServiceError
from organizations.models import Job, Staff
from organizations.queries import county
from organizations.services.jobs import start_job

RUN = "dynamic_review.what_if.run"
Changes = Mapping[str, Mapping[str, Any]]


class DraftRefused(ServiceError):
    """The draft lacks something or cannot be reckoned now."""


@transaction.atomic
def save_draft(
    what_if: WhatIf | None, *, name: str, note: str, base_on: date, changes: Changes, by: Staff, on: date
) -> WhatIf:
    """Keep a draft (保存草案): what of the parameters differs from those in force on a day.

    What was reckoned before stays as it was.

    :raises NotPermitted: the person may not draft.
    :raises DraftRefused: no name, nothing changed, or a value that the assessment could not read.
    """
    check_can_act(by, Permission.VIEW_WHAT_IF, area=county())
    if not name.strip():
        raise DraftRefused("请填草案名称。", field="name")
    kept = _checked(changes, base_on)
    if what_if is None:
        what_if = WhatIf(made_by=by, made_on=on)
    else:
        what_if = WhatIf.objects.select_for_update(of=("self",)).get(pk=what_if.pk)
        _check_kept(what_if)
    what_if.name, what_if.note, what_if.on, what_if.changes = name.strip(), note.strip(), base_on, kept
    what_if.save()
    return what_if


def _checked(changes: Changes, base_on: date) -> dict[str, Any]:
    for residence, values in changes.items():
        if residence not in RESIDENCES or not values.keys() <= DRAFTED.keys():
            raise ValueError("a draft changes parameters of the assessment by residence")
        for key, value in values.items():
            if fault := fault_of(DRAFTED[key].shape, value):
                raise DraftRefused(f"“{DRAFTED[key].title}”{fault}。")
    kept = only_changes(changes, figures_of_day(base_on))
    if not kept:
        raise DraftRefused("没有一项与现行的不同。请至少改一项再保存。")
    return kept


@transaction.atomic
def copy_draft(what_if: WhatIf, *, by: Staff, on: date) -> WhatIf:
    """Copy a draft (复制草案) to change the copy; what was reckoned stays with the first.

    :raises NotPermitted: the person may not draft.
    """
    check_can_act(by, Permission.VIEW_WHAT_IF, area=county())
    return WhatIf.objects.create(
        name=f"{what_if.name[:54]}（副本）",
        note=what_if.note,
        on=what_if.on,
        changes=what_if.changes,
        made_by=by,
        made_on=on,
        copied_from=what_if,
    )


@transaction.atomic
def discard_draft(what_if: WhatIf, *, by: Staff, on: date) -> WhatIf:
    """Put a draft away (弃用); it is listed no more, what was reckoned is kept.

    :raises NotPermitted: the person may not draft.
    :raises DraftRefused: put away before.
    """
    check_can_act(by, Permission.VIEW_WHAT_IF, area=county())
    what_if = WhatIf.objects.select_for_update(of=("self",)).get(pk=what_if.pk)
    _check_kept(what_if)
    what_if.discarded_on = on
    what_if.save(update_fields=["discarded_on"])
    return what_if


@transaction.atomic
def start_run(what_if: WhatIf, *, by: Staff, at: datetime) -> Job:
    """Have a draft reckoned (开始测算) against all families as they stand.

    :raises NotPermitted: the person may not draft.
    :raises DraftRefused: put away.
    """
    check_can_act(by, Permission.VIEW_WHAT_IF, area=county())
    what_if = WhatIf.objects.select_for_update(of=("self",)).get(pk=what_if.pk)
    _check_kept(what_if)
    run = WhatIfRun.objects.create(
        what_if=what_if,
        serial=what_if.runs.count() + 1,
        base_on=what_if.on,
        on=timezone.localdate(at),
        changes=what_if.changes,
        begun_by=by,
        begun_at=at,
    )
    return start_job(
        RUN,
        title=f"政策测算：{what_if.name}",
        parameters={"run": run.pk},
        by=by,
        at=at,
        token=f"{RUN}:{run.pk}",
    )


def _check_kept(what_if: WhatIf) -> None:
    if what_if.discarded_on is not None:
        raise DraftRefused("这份草案已经弃用。需要时请复制一份。")
