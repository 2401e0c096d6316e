"""Nightly work on temporary aid."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def watch_reserves(**kwargs: Any) -> int:
    """Ask for money for reserves that fell below their warning line (预警线) without being spent from."""
    from temporary_aid.services import ask_for_low_ones  # noqa: PLC0415 -- leaf

    return ask_for_low_ones(at=timezone.now())
