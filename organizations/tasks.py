"""Nightly work on accounts, and long work that people start (后台办理)."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def sync_grants(**kwargs: Any) -> int:
    """Bring every account's permissions up to date: posts (任职) begin and end by date."""
    from organizations.services import sync_all_grants  # noqa: PLC0415 -- leaf

    return sync_all_grants(on=timezone.localdate())


@shared_task
def drop_job_files(**kwargs: Any) -> int:
    """Delete files that long work made and whose days are over."""
    from organizations.services import drop_files  # noqa: PLC0415 -- leaf

    return drop_files(on=timezone.localdate())


@shared_task
def run_job(job_id: int, **kwargs: Any) -> bool:
    """Do one piece of long work; sent twice, it is done once."""
    from organizations.services import carry_out  # noqa: PLC0415 -- leaf

    return carry_out(job_id, clock=timezone.now)


@shared_task
def sweep_jobs(**kwargs: Any) -> int:
    """Take up long work whose worker was lost, and what was started while the queue did not answer."""
    from organizations.services import sweep_jobs as sweep  # noqa: PLC0415 -- leaf

    return sweep(at=timezone.now())
