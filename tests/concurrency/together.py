"""Acts done at the same moment, each on a connection of its own, as on two desks."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from foundation.errors import ServiceError
from foundation.trail import acting

_PATIENCE_SECONDS = 60


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do the acts at once and give what came of each: what it returned, or the refusal that a person would read.

    :raises Exception: whatever went wrong otherwise; a fault of the database is not a refusal.
    """
    gate = threading.Barrier(len(acts))
    outcomes: list[Any] = [None] * len(acts)

    def work(place: int, act: Callable[[], Any]) -> None:
        try:
            with acting(actor="system:test"):
                gate.wait(timeout=_PATIENCE_SECONDS)
                outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place, act), daemon=True) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=_PATIENCE_SECONDS)
    assert not [thread for thread in threads if thread.is_alive()], "the acts wait for one another"
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, ServiceError):
            raise outcome
    return outcomes


def refusals(outcomes: list[Any]) -> list[ServiceError]:
    return [outcome for outcome in outcomes if isinstance(outcome, ServiceError)]


def sentence(outcomes: list[Any]) -> str:
    """The one refusal, in words; everybody else got through."""
    (refusal,) = refusals(outcomes)
    assert refusal.message
    return refusal.message
