"""Nightly work on reviews and phase-outs."""

from typing import Any

from celery import shared_task
from django.utils import timezone


@shared_task
def plan_reviews(**kwargs: Any) -> int:
    """Bring due dates of reviews, their plans and what triggers them up to date."""
    from dynamic_review.services import plan_reviews as plan  # noqa: PLC0415 -- leaf

    return plan(on=timezone.localdate())


@shared_task
def follow_phase_outs(**kwargs: Any) -> int:
    """End phase-outs whose last month is over, and tell families a month before and at the end."""
    from dynamic_review.services import follow_phase_outs as follow  # noqa: PLC0415 -- leaf

    return follow(on=timezone.localdate())


@shared_task
def tell_of_deaths(**kwargs: Any) -> int:
    """Tell families what a death changes of their award."""
    from dynamic_review.services import tell_of_deaths as tell  # noqa: PLC0415 -- leaf

    return tell(on=timezone.localdate())
