"""Processes that belong together: a child that ends with its parent, and work that one process at a time may do."""

import ctypes
import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PR_SET_PDEATHSIG = 1


class AlreadyRunning(RuntimeError):
    """Another process does this work already."""


def ending_with_parent(number: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program, so that it gets the signal when this process ends, even by ``kill -9``."""
    parent = os.getpid()
    arrange = ctypes.CDLL(None).prctl

    def before_program() -> None:
        arrange(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(1)

    return before_program


@contextmanager
def only_one(path: Path, sentence: str) -> Iterator[None]:
    """Hold the file's lock for the block; the system releases it whichever way the process ends.

    :param sentence: what to say where another process holds it.
    :raises AlreadyRunning: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(sentence) from None
        yield
