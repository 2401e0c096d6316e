"""Reads of long work (后台办理): one's own, and what nobody has heard of."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from organizations.models import Job, JobFault, Staff
from organizations.models.jobs import OPEN_STATES

_SHOWN_AFTERWARDS = timedelta(days=1)
_MOST_SHOWN = 5


def jobs_of(staff: Staff) -> QuerySet[Job]:
    """Long work that the person started, the newest first; nobody else's is theirs to see."""
    return Job.objects.filter(started_by=staff).order_by("-pk")


def faults_of(job: Job) -> QuerySet[JobFault]:
    """What could not be done at the last attempt, in order."""
    return job.faults.filter(attempt=job.attempts).order_by("pk")


def jobs_on_hand(staff: Staff, *, at: datetime) -> list[Job]:
    """The person's long work that is under way (正在办理) or was ended within a day (刚办完), for the home page."""
    lately = Q(state__in=OPEN_STATES) | Q(finished_at__gt=at - _SHOWN_AFTERWARDS)
    return list(jobs_of(staff).filter(lately)[:_MOST_SHOWN])


def forgotten_jobs(*, before: datetime) -> QuerySet[Job]:
    """Work that is not over and of which nobody has heard since a moment, the oldest first."""
    return Job.objects.filter(state__in=OPEN_STATES, heartbeat_at__lt=before).order_by(F("heartbeat_at"), "pk")
