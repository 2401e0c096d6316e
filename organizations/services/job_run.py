"""What the work of a job is given: what to do, for whom, and how to tell how far it is."""

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from organizations.models import Job, JobState, Staff
from organizations.services.job_files import keep_file
from organizations.services.job_progress import JobLine

_EVERY_SECONDS = 1.0
_MOST_FAULTS_HELD = 200
_ROW, _COLUMN, _MESSAGE = 60, 40, 300
"""Signs that the table of faults takes."""


class JobRun:
    """One attempt at a job. The work may have been begun before and cut off: it does only what is not done yet."""

    def __init__(self, job: Job, line: JobLine, *, clock: Callable[[], datetime]) -> None:
        self.pk = job.pk
        self.parameters: dict[str, Any] = job.parameters
        self.by: Staff = job.started_by
        self.at: datetime = job.started_at
        """When it was started; the business date of all that is done, however late or often it runs."""
        self.area = job.area
        self.attempt = job.attempts
        self.result_url = ""
        self.message = ""
        self._line = line
        self._clock = clock
        self._total = self._done = self._failed = 0
        self._faults: list[tuple[int, str, str, str]] = []
        self._told_at = self._asked_at = 0.0
        self._is_cancelled = False

    @property
    def on(self) -> date:
        """Business date: the day on which the job was started."""
        return timezone.localdate(self.at)

    @property
    def failed(self) -> int:
        """How many rows failed in this attempt."""
        return self._failed

    def begin(self, total: int) -> None:
        """Say how many rows there are to do."""
        self._total = total
        self.tell()

    def done(self, n: int = 1) -> None:
        """Say that so many rows more are done (and committed)."""
        self._done += n
        self._tell_sometimes()

    def fail(self, *, row: str, message: str, column: str = "") -> None:
        """Put a row that could not be done on the job's list, and go on.

        :param row: how a person finds it: a number, a name of the list's column.
        :param message: why, in Chinese, and how to mend it.
        """
        self._failed += 1
        self._faults.append((self.attempt, str(row)[:_ROW], column[:_COLUMN], message[:_MESSAGE]))
        self._tell_sometimes()

    def is_cancelled(self) -> bool:
        """Whether the person asked to stop: the work then returns after what it has committed."""
        now = time.monotonic()
        if not self._is_cancelled and now - self._asked_at >= _EVERY_SECONDS:
            self._asked_at = now
            self._is_cancelled = self._line.state() == JobState.CANCELLING
        return self._is_cancelled

    @property
    def was_cancelled(self) -> bool:
        """Whether the work has been told to stop."""
        return self._is_cancelled

    def result(self, *, url: str = "", message: str = "") -> None:
        """Say where the result is and what came of it.

        :param url: a path of this site.
        """
        if url and not url.startswith("/"):
            raise ValueError(f"{url!r} is no path of this site")
        self.result_url, self.message = url or self.result_url, message

    def keep_file(self, content: bytes, *, name: str, content_type: str) -> None:
        """Keep a file to be taken away for some days, as the result.

        :param name: as it is saved, without names of people.
        """
        keep_file(self.pk, content, name=name, content_type=content_type, on=timezone.localdate(self._clock()))
        self.result_url = reverse("organizations:job_file", args=[self.pk])

    def tell(self) -> None:
        """Write the progress now."""
        self._told_at = time.monotonic()
        faults, self._faults = self._faults, []
        if faults:
            self._line.write_faults(faults)
        self._line.write(total=self._total, done=self._done, failed=self._failed, at=self._clock())

    def _tell_sometimes(self) -> None:
        if time.monotonic() - self._told_at >= _EVERY_SECONDS or len(self._faults) >= _MOST_FAULTS_HELD:
            self.tell()
