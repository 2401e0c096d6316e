"""Hourly work on the archive."""

from typing import Any

from celery import shared_task


@shared_task
def archive_missing(**kwargs: Any) -> tuple[int, int]:
    """Archive what was issued and could not be written then."""
    from documents.services import archive_missing as archive  # noqa: PLC0415 -- leaf

    return archive()
