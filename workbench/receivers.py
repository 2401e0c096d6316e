"""What the house tells the organisation: the tasks that wait for somebody whose posts end."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from organizations.models import Post, Staff
from organizations.queries import working_calendar
from organizations.signals import WorkWaiting
from workbench.queries.tasks import tasks_by_kind


def tell_work_waiting(
    sender: object, *, staff: Staff, without: Sequence[Post], stays: Sequence[Post], on: date, **kwargs: Any
) -> list[WorkWaiting]:
    """Tasks on the person's list with all posts, less those that stay on it without the posts that end."""
    calendar = working_calendar()
    now, then = (
        {row.kind: row.total for row in tasks_by_kind(staff.with_posts(posts), calendar=calendar, on=on)}
        for posts in ([*without, *stays], stays)
    )
    lost = ((kind, total - then.get(kind, 0)) for kind, total in now.items())
    return [WorkWaiting(kind.label, count) for kind, count in lost if count > 0]
