"""What benches share: a database of their own, and one table of seconds and ratios."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout

from django.db import connection
from django.test.utils import setup_test_environment

from foundation.template_database import use_template
from foundation.trail import acting
from tests.support.reference import load_once


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """A migrated database with the county's reference data, dropped afterwards; its writer is the bench."""
    setup_test_environment()
    use_template(name=f"jixi_bench_{name}_{os.getpid()}")
    connection.creation.create_test_db(verbosity=0)
    try:
        with acting(actor="system:bench"):
            with redirect_stdout(sys.stderr):
                load_once()
            yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


class Table:
    """Rows of what was measured: seconds by the clock, of them this process's own, rows a second, times the bare one.

    The rest of the clock's seconds are the database's and those of whatever else the machine does: its load stands at
    the head and the foot.
    """

    def __init__(self, title: str) -> None:
        self._say(f"{title}   (load {os.getloadavg()[0]:.1f})")

    @staticmethod
    def seconds(act: Callable[[], object]) -> float:
        """What an act takes by the clock."""
        started = time.perf_counter()
        act()
        return time.perf_counter() - started

    def row(self, what: str, seconds: float, rows: int, *, bare: float = 0.0, own: float | None = None) -> None:
        """
        :param bare: seconds of the bare statement that writes the same rows.
        :param own: the processor's seconds of this process.
        """
        ratio = f"{seconds / bare:>8.2f} x the bare statement" if bare else ""
        busy = f"   own {own:>7.2f} s" if own is not None else ""
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self._say(f"{what:<40}{seconds:>8.2f} s{busy}{rows / seconds:>10.0f} rows/s{memory:>6} MB{ratio}")

    def close(self) -> None:
        self._say(f"load {os.getloadavg()[0]:.1f} at the end")

    @staticmethod
    def _say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
