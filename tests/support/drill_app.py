"""The project's Celery application for a worker and a beat of the tests: the clock's work every second, and a drill."""

import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_init
from django.db import transaction

from jixi_assist.celery import app

__all__ = ["app"]
for entry in app.conf.beat_schedule.values():
    entry["schedule"] = timedelta(seconds=1)


@worker_init.connect
def _learn_the_drill(**kwargs: Any) -> None:
    from organizations.permissions import Permission  # noqa: PLC0415 -- reads the models
    from organizations.services import job_kind  # noqa: PLC0415

    job_kind("tests.departments", permission=Permission.ACCEPT, cancellable=True)(_make_departments)


def _make_departments(job: Any) -> None:
    """Make departments one by one; a second of the same code would be refused by the database."""
    from organizations.models import Area, Department  # noqa: PLC0415 -- reads the models

    county, total = Area.objects.get(code="341824"), job.parameters["total"]
    codes = [f"drill-{number}" for number in range(total)]
    made = set(Department.objects.filter(code__in=codes).values_list("code", flat=True))
    job.begin(total)
    job.done(len(made))
    for code in codes:
        if code in made:
            continue
        with transaction.atomic():
            Department.objects.create(code=code, name=f"第{job.attempt}次{code}", area=county)
        job.done()
        time.sleep(job.parameters["pause"])
