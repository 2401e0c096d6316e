"""Long work (后台办理) for tests: kinds whose work is told by the test, and jobs that nobody has done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from foundation.once import fresh_token
from foundation.trail import acting
from organizations.models import Job, Staff
from organizations.permissions import Permission
from organizations.services import JobRun
from organizations.services.jobs import JOB_KINDS, job_kind

KIND = "tests.drill"


@contextmanager
def drill(
    work: Callable[[JobRun], None], *, permission: Permission = Permission.ACCEPT, cancellable: bool = True
) -> Iterator[str]:
    """Make a kind of work that does what the test says; gives its name."""
    job_kind(KIND, permission=permission, cancellable=cancellable)(work)
    try:
        yield KIND
    finally:
        del JOB_KINDS[KIND]


def make_job(by: Staff, *, at: datetime, title: str = "演练", **facts: Any) -> Job:
    """A job in any state, as it lies in the database; nothing is sent to a worker."""
    facts = {"kind": KIND, "token": fresh_token(), "heartbeat_at": at, "started_at": at} | facts
    with acting(actor="system:test"):
        return Job.objects.create(title=title, started_by=by, **facts)
