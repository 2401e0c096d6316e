"""Hourly work on the history."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def seal_history(**kwargs: Any) -> str:
    """Seal yesterday (每日封存), once; after hours or days without a worker the next run does."""
    from foundation.sealing import seal_day  # noqa: PLC0415 -- leaf

    now = timezone.now()
    made = seal_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
    return made.digest if made else ""
