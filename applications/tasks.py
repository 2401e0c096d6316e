"""Nightly work on cases."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def send_up_stranded(**kwargs: Any) -> int:
    """Give the county what its township may no longer decide: a delegation or a post ended overnight."""
    from applications.services import send_up_stranded as send_up  # noqa: PLC0415 -- leaf

    return send_up(on=timezone.localdate())


@shared_task
def recompute_provisional(**kwargs: Any) -> int:
    """Work out anew the deadlines reckoned by weekdays alone, once their year's holidays are entered."""
    from applications.services import recompute_provisional as recompute  # noqa: PLC0415 -- leaf

    return recompute()
