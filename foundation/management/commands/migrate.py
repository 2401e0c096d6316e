"""Django's ``migrate`` without redrawing every model for every operation: a new county waits a fraction as long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelOptions,
    CreateModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RunPython,
)
from django.db.migrations.state import ProjectState
from django.db.models import Field
from pgtrigger.migrations import AddTrigger, RemoveTrigger

_BESIDE_THE_FIELDS: tuple[Any, ...] = (  # each tells the database from the operation itself
    AddTrigger,
    RemoveTrigger,
    AddConstraint,
    RemoveConstraint,
    AddIndex,
    RemoveIndex,
    AlterModelOptions,
)
_OF_ONE_MODEL: tuple[Any, ...] = (CreateModel, AddField, RemoveField)


class Command(DjangoMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with _models_kept():
            super().handle(*args, **options)


@contextmanager
def _models_kept() -> Iterator[None]:
    """Leave the drawn models as they are where an operation changes nothing of them, or draw anew the one it changes.

    Django draws every related model anew after each operation; here nearly every model is related to every other, and
    there are hundreds of operations. Code that reads rows in a migration gets models drawn whole.
    """
    kept: list[tuple[Any, str, Any]] = []

    def put(each: Any, name: str, wrapper: Callable[..., Any]) -> None:
        kept.append((each, name, getattr(each, name)))
        setattr(each, name, wrapper(getattr(each, name)))

    for each in _BESIDE_THE_FIELDS:
        put(each, "state_forwards", _without_redrawing)
    for each in _OF_ONE_MODEL:
        put(each, "state_forwards", _redrawing_one)
    put(AlterField, "state_forwards", _redrawing_where_the_column_changes)
    put(RunPython, "database_forwards", _with_models_drawn_whole)
    try:
        yield
    finally:
        for each, name, before in kept:
            setattr(each, name, before)


def _without_redrawing(forwards: Callable[..., None]) -> Callable[..., None]:
    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        drawn = state.__dict__.pop("apps", None)  # a state whose models are not drawn yet draws none
        try:
            forwards(operation, app_label, state)
        finally:
            if drawn is not None:
                state.__dict__["apps"] = drawn

    return state_forwards


def _redrawing_one(forwards: Callable[..., None]) -> Callable[..., None]:
    """Others that point at the model keep pointing at it as it was, which tells the database the same."""

    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        drawn = state.__dict__.pop("apps", None)
        forwards(operation, app_label, state)
        if drawn is not None:
            name = getattr(operation, "model_name_lower", "") or operation.name_lower
            drawn.unregister_model(app_label, name)
            drawn.render_multiple([state.models[app_label, name]])
            state.__dict__["apps"] = drawn

    return state_forwards


def _redrawing_where_the_column_changes(forwards: Callable[..., None]) -> Callable[..., None]:
    def state_forwards(operation: Any, app_label: str, state: ProjectState) -> None:
        before = state.models[app_label, operation.model_name_lower].fields[operation.name]
        kept = _without_redrawing(forwards) if _is_same_column(before, operation.field) else forwards
        kept(operation, app_label, state)

    return state_forwards


def _is_same_column(one: "Field[Any, Any]", other: "Field[Any, Any]") -> bool:
    """Whether two fields differ in words only, such as the choices offered."""

    def told(field: "Field[Any, Any]") -> tuple[Any, ...]:
        _, path, args, kwargs = field.deconstruct()
        return path, list(args), {key: value for key, value in kwargs.items() if key not in field.non_db_attrs}

    return told(one) == told(other)


def _with_models_drawn_whole(forwards: Callable[..., None]) -> Callable[..., None]:
    def database_forwards(
        operation: Any, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for state in (from_state, to_state):
            state.__dict__.pop("apps", None)
        forwards(operation, app_label, schema_editor, from_state, to_state)

    return database_forwards
