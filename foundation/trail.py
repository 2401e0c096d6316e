"""Trail of every change: row history by database trigger, with actor, request and reason.

``@recorded`` puts a model under history (django-pghistory): inserts, updates and deletes are copied to an
append-only event table by trigger. A second trigger refuses any write made without an actor, so that no door
into the database can forget to say who it is.
"""

import contextlib
import functools
import operator
import uuid
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pghistory
import pgtrigger
from celery import Task
from django.core.management.base import BaseCommand
from django.db import models
from django.http import HttpRequest, HttpResponse

ModelT = TypeVar("ModelT", bound=type[models.Model])

_LONGEST_REASON = 300
_REASON_FIELDS = ("reason", "opinion", "missing", "difference_reason", "way_reason", "late_reason")
"""Names that our forms give to fields in which a person says why."""
_NO_ACTOR = "COALESCE(NULLIF(CURRENT_SETTING('pghistory.context_id', TRUE), ''), NULL) IS NULL"


def actor_required() -> pgtrigger.Trigger:
    """Trigger that refuses a write without an actor."""
    return pgtrigger.Trigger(
        name="actor_required",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF {_NO_ACTOR} THEN
                RAISE EXCEPTION 'jixi: % on % without an actor', TG_OP, TG_TABLE_NAME;
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def actor_required_of_many() -> pgtrigger.Trigger:
    """The same asked once a statement, for tables that are written by the thousand."""
    return pgtrigger.Trigger(
        name="actor_required",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF {_NO_ACTOR} THEN
                RAISE EXCEPTION 'jixi: % on % without an actor', TG_OP, TG_TABLE_NAME;
            END IF;
            RETURN NULL;
        """,
    )


def recorded(*, deletable: bool = False, exclude: tuple[str, ...] = ()) -> Callable[[ModelT], ModelT]:
    """Put a model under row history.

    :param exclude: fields that history must not keep (a password's hash, the time of the last log-in).
    :param deletable: rows may be deleted (links and grants); elsewhere a row is ended or voided with a reason.
    """

    def decorate(model: ModelT) -> ModelT:
        triggers = [actor_required()]
        if not deletable:
            triggers.append(pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete))
        pgtrigger.register(*triggers)(model)
        verbose = model._meta.verbose_name
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            obj_field=pghistory.ObjForeignKey(db_constraint=False, on_delete=models.DO_NOTHING),
            context_field=pghistory.ContextJSONField(),
            context_id_field=pghistory.ContextUUIDField(),
            append_only=True,
            exclude=list(exclude) or None,
            model_name=f"{model.__name__}History",
            meta={"verbose_name": f"{verbose}变更记录", "verbose_name_plural": f"{verbose}变更记录"},
        )(model)
        return model

    return decorate


def append_only() -> pgtrigger.Trigger:
    """Trigger that refuses changing or deleting a row once written, and writing one without an actor."""
    return pgtrigger.Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN
                RAISE EXCEPTION 'jixi: cannot update or delete rows of %, it is written once', TG_TABLE_NAME;
            END IF;
            IF {_NO_ACTOR} THEN
                RAISE EXCEPTION 'jixi: % on % without an actor', TG_OP, TG_TABLE_NAME;
            END IF;
            RETURN NEW;
        """,
    )


def stays(name: str, *, fields: str, once: pgtrigger.Q) -> pgtrigger.Trigger:
    """Trigger that refuses changing some fields of a row once something holds of it.

    :param fields: names with blanks between.
    :param once: what must hold of the old row.
    """
    changed = [pgtrigger.Q(**{f"old__{field}__df": pgtrigger.F(f"new__{field}")}) for field in fields.split()]
    return pgtrigger.Protect(
        name=name, operation=pgtrigger.Update, condition=once & functools.reduce(operator.or_, changed)
    )


@contextlib.contextmanager
def acting(*, actor: str, reason: str = "", request: str = "") -> Iterator[None]:
    """Say who writes, for everything inside the block; whoever acted around it acts again afterwards.

    :param actor: a staff account's primary key as text, or ``system:<what>`` for tasks and commands.
    """
    with _telling(actor=actor, reason=reason, request=request or uuid.uuid4().hex):
        yield


@contextlib.contextmanager
def _telling(**more: str) -> Iterator[None]:
    """Add to what is told of every write inside the block; one context serves all that are nested."""
    with pghistory.context() as told:
        before = dict(told.metadata)
        told.metadata.update(more)
        try:
            yield
        finally:
            told.metadata.clear()
            told.metadata.update(before)


@contextlib.contextmanager
def because(act: str, reason: str = "", *, case: str = "") -> Iterator[None]:
    """Say why, for every write inside the block; who writes is said already.

    :param act: what is being done, as the page calls it.
    :param reason: what the person wrote, where the page asked.
    :param case: number of the case in whose course it is done.
    """
    with pghistory.context() as told:
        if "actor" not in told.metadata:
            raise RuntimeError("say who acts before saying why")
        with _telling(reason=_reason(act, reason), **({"case": case} if case else {})):
            yield


def _reason(act: str, reason: str) -> str:
    return "：".join(filter(None, (act, " ".join(reason.split()))))[:_LONGEST_REASON]


class _TrailMiddleware:
    """Name the signed-in person as the actor of every write of a request (log-in itself: ``anonymous``), and why.

    The reason is the page's name with what the person gave as a reason; a view that knows the act's own name says
    :func:`because`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        actor = str(user.pk) if user is not None and user.is_authenticated else "anonymous"
        with acting(actor=actor):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if request.method == "POST" and request.resolver_match is not None:
            page = request.resolver_match.view_name
            pghistory.context(reason=_reason(page, reason_given(request)))


def reason_given(request: HttpRequest) -> str:
    """What the person wrote in the form's own fields for a reason, an opinion or an explanation; empty where none."""
    return "；".join(text for name in _REASON_FIELDS if (text := request.POST.get(name, "").strip()))


trail_middleware = _TrailMiddleware


class RecordedCommand(BaseCommand):
    """Base of management commands that write: the command is the actor."""

    def execute(self, *args: Any, **options: Any) -> Any:
        with acting(actor=f"system:{self.__module__.rpartition('.')[2]}"):
            return super().execute(*args, **options)


class RecordedTask(Task):
    """Base of Celery tasks: the task is the actor, unless the caller is one already."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with acting(actor=f"system:{self.name}"):
            return super().__call__(*args, **kwargs)
