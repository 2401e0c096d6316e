"""What the organisation tells the rooms above."""

from dataclasses import dataclass

from django.dispatch import Signal

calendar_year_entered = Signal()
"""A year's official holidays have been entered: what was reckoned by weekdays alone is worked out anew. ``year``."""

confirmers_changed = Signal()
"""A post or a delegation ended: some township may have nobody left who may confirm. ``on``."""

work_waiting = Signal()
"""Posts of somebody are about to end: what waits for them by right of these alone? ``staff``, ``without`` (the posts
that end), ``stays`` (those that do not), ``on``; each receiver answers with a list of :class:`WorkWaiting`."""


@dataclass(frozen=True)
class WorkWaiting:
    """So many tasks of one kind (待办) that somebody will no longer find on their list."""

    label: str
    count: int
