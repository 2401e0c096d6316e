"""Django's ``migrate`` without redrawing the models for what does not change them: a new county waits half as long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db.migrations.operations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_BESIDE_THE_FIELDS: tuple[Any, ...] = (  # each tells the database from the operation itself
    AddTrigger,
    RemoveTrigger,
    AddConstraint,
    RemoveConstraint,
    AddIndex,
    RemoveIndex,
)


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with _models_kept():
            super().handle(*args, **options)


@contextmanager
def _models_kept() -> Iterator[None]:
    """Leave the drawn models as they are where an operation only notes a trigger, constraint or index in the state.

    Django draws every related model anew after each operation; here nearly every model is related to every other,
    and hundreds of operations only add a trigger. Fields and tables redraw as before.
    """
    before = {each: each.state_forwards for each in _BESIDE_THE_FIELDS}
    for each, forwards in before.items():
        each.state_forwards = _without_redrawing(forwards)
    try:
        yield
    finally:
        for each, forwards in before.items():
            each.state_forwards = forwards


def _without_redrawing(forwards: Callable[..., None]) -> Callable[..., None]:
    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        drawn = state.__dict__.pop("apps", None)  # a state whose models are not drawn yet draws none
        try:
            forwards(operation, app_label, state)
        finally:
            if drawn is not None:
                state.__dict__["apps"] = drawn

    return state_forwards
