"""Celery beat that shows that it is alive: a process that hangs would otherwise look well from outside."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django_celery_beat.schedulers import DatabaseScheduler


class WatchedScheduler(DatabaseScheduler):
    """Touches ``beat.alive`` in the folder of settings at every turn; ``scripts/healthcheck.py beat`` asks its age."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        wait = super().tick(*args, **kwargs)
        Path(settings.VAR_DIR, "beat.alive").touch()
        return wait
