"""Celery beat that shows that it is alive: a process that hangs would otherwise look well from outside."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_celery_beat.schedulers import DatabaseScheduler

from foundation.checks import refuse_without_keys


class WatchedScheduler(DatabaseScheduler):
    """Touches ``beat.alive`` in the folder of settings at every turn; ``scripts/healthcheck.py beat`` asks its age."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        try:
            refuse_without_keys()
        except ImproperlyConfigured as error:
            sys.exit(str(error))
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        wait = super().tick(*args, **kwargs)
        Path(settings.VAR_DIR, "beat.alive").touch()
        return wait
