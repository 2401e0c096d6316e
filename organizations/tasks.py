"""Nightly work on accounts."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def sync_grants(**kwargs: Any) -> int:
    """Bring every account's permissions up to date: posts (任职) begin and end by date."""
    from organizations.services import sync_all_grants  # noqa: PLC0415 -- leaf

    return sync_all_grants(on=timezone.localdate())
