"""The Celery application; tasks are found in each room's tasks.py."""

import logging.config
import os
import sys
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

app = Celery("jixi_assist", task_cls="foundation.trail:RecordedTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def _refuse_without_keys(**kwargs: Any) -> None:
    from foundation.checks import refuse_without_keys  # noqa: PLC0415 -- reads the models

    try:
        refuse_without_keys()
    except ImproperlyConfigured as error:
        sys.exit(str(error))  # Celery logs what else a signal raises, and starts all the same


@setup_logging.connect
def _log_as_the_web_does(**kwargs: Any) -> None:
    """Celery sets up no logs of its own: what a task writes passes the same masking."""
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("celery").setLevel(kwargs.get("loglevel") or logging.WARNING)
