"""How a job's progress is told while its work is under way: at once, whatever transaction the work itself is in."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db import connection

_LOCKS = 0x6A6F62
"""Names our locks among all advisory locks of the database: "job"."""
_DEAD_AFTER = "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
"""A worker's machine that is gone is noticed within a minute, and its lock with it."""
_STOP_WITH_CLIENT = "SET client_connection_check_interval = '1s'"
"""What a killed worker's statement was still doing ends before the next worker begins to do it again."""


class JobLine:
    """A connection of a job's own, which holds the job's lock and writes its progress.

    The lock goes with the connection, so with the worker, whichever way it ends: two workers never have one job. Inside
    a transaction (a caller's that does the work at once) the caller's connection serves.
    """

    def __init__(self, job_id: int, *, actor: str) -> None:
        self._job_id = job_id
        self._actor = actor
        self._own = None if connection.in_atomic_block else connection.copy()

    def __enter__(self) -> Self:
        if self._own is not None:
            told = json.dumps({"actor": self._actor, "reason": "", "request": uuid.uuid4().hex})
            with connection.cursor() as cursor:
                cursor.execute(_STOP_WITH_CLIENT)
            self._run(_DEAD_AFTER)
            self._run(
                "SELECT set_config('pghistory.context_id', %s, false),"
                " set_config('pghistory.context_metadata', %s, false)",
                [str(uuid.uuid4()), told],
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._own is not None:
            self._own.close()

    def lock(self) -> bool:
        """Take the job's lock; False where another worker has it."""
        function = "pg_try_advisory_xact_lock" if self._own is None else "pg_try_advisory_lock"
        return bool(self._run(f"SELECT {function}(%s, %s)", [_LOCKS, self._job_id % 2**31]))

    def state(self) -> str:
        """The job's state as others have left it."""
        return str(self._run("SELECT state FROM organizations_job WHERE id = %s", [self._job_id]))

    def write(self, *, total: int, done: int, failed: int, at: datetime) -> None:
        """Say how far the work is."""
        self._run(
            "UPDATE organizations_job SET total = %s, done = %s, failed = %s, heartbeat_at = %s WHERE id = %s",
            [total, done, failed, at, self._job_id],
        )

    def write_faults(self, faults: Sequence[tuple[int, str, str, str]]) -> None:
        """
        :param faults: attempt, row, column and message of each.
        """
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(faults))
        values = [value for fault in faults for value in (self._job_id, *fault)]
        self._run(
            f'INSERT INTO organizations_jobfault (job_id, attempt, "row", "column", message) VALUES {places}',  # noqa: S608
            values,
        )

    def _run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Do a statement, and give the first value that it answers."""
        with (self._own or connection).cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()[0] if cursor.description else None
