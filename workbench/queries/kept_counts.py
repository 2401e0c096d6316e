"""The numbers beside the navigation, kept for a minute: every page shows them, few pages change them."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import cast

from django.core.cache import cache

from foundation.rates import OUT_OF_REACH
from organizations.models import Staff
from workbench.queries.tasks import task_counts

_KEPT_SECONDS = 60


def kept_counts(staff: Staff, *, on: date) -> Mapping[str, int]:
    """The person's tasks by entry: at most a minute old, and counted anew after each act of theirs."""
    try:
        kept = cache.get(_key(staff.pk))
    except OUT_OF_REACH:
        return task_counts(staff, on=on)
    if kept is not None and kept["on"] == on:
        return cast("Mapping[str, int]", kept["counts"])
    counts = task_counts(staff, on=on)
    keep_counts(staff, counts, on=on)
    return counts


def keep_counts(staff: Staff, counts: Mapping[str, int], *, on: date) -> None:
    """What a page has just counted, for the pages after it."""
    with suppress(*OUT_OF_REACH):
        cache.set(_key(staff.pk), {"on": on, "counts": dict(counts)}, _KEPT_SECONDS)


def forget_counts(staff_pk: int) -> None:
    """After an act: the next page counts anew."""
    with suppress(*OUT_OF_REACH):
        cache.delete(_key(staff_pk))


def _key(staff_pk: int) -> str:
    return f"tasks:{staff_pk}"
