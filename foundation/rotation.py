"""密钥轮换: encrypt with the current data key what is still encrypted with a former one, while people work.

Columns and files are found through the registry of models. What is evidence keeps the key that it was written with:
history, papers once issued (:func:`keeps_its_key`), and rows that a trigger has frozen with their case.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.db.utils import InternalError

from foundation.crypto import DecryptionError, EncryptedField, Secret
from foundation.emptying import tables_written_once
from foundation.files import EncryptedStorage
from foundation.keyring import key_ring

ModelT = TypeVar("ModelT", bound=type[models.Model])

PASSES = 5
PAUSE_SECONDS = 1.0
"""How often, and how long after, rows are tried again that somebody was just working on."""
NOT_ENCRYPTED = 0
"""Stands for the version of a value that is not in the form of an encrypted one."""
_SAID = {FileNotFoundError: "文件不在。", ValueError: "不是加密内容，无法解密。"}
_REFUSED_BY_TRIGGER = "P0001"


def keeps_its_key(*names: str) -> Callable[[ModelT], ModelT]:
    """Say of a model that some of its columns and files are an archive (归档): rotation leaves them as written."""

    def decorate(model: ModelT) -> ModelT:
        model.archived_fields = frozenset(names)  # type: ignore[attr-defined]
        return model

    return decorate


@dataclass
class Table:
    """One table's fields of one kind, columns or files, and what rotation did there."""

    model: type[models.Model]
    names: list[str]
    what: str
    done: int = 0
    frozen: set[Any] = field(default_factory=set)
    faulty: set[Any] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    in_use: int = 0

    def __str__(self) -> str:
        return f"{self.model._meta.verbose_name}（{self.model._meta.db_table}）"

    def note_fault(self, pk: Any, name: str, error: Exception) -> None:
        """Keep in mind what cannot be read; it is told at the end."""
        said = str(error) if isinstance(error, DecryptionError) else _SAID.get(type(error), _SAID[ValueError])
        self.faulty.add(pk)
        self.faults.append(f"{self}编号 {pk} 的 {name}：{said}")


@dataclass(frozen=True)
class Standing:
    """How many values of a column, or files, carry each key version; ``keeps`` says why rotation leaves them."""

    where: str
    versions: Counter[int]
    keeps: str = ""


# --- What there is -------------------------------------------------------------------------------------------------
def tables_of_rows() -> list[Table]:
    """Tables with encrypted columns that rotation rewrites."""
    return [Table(model, names, "行") for model in _living() if (names := _names(model, _is_encrypted_column))]


def tables_of_files() -> list[Table]:
    """Tables that name encrypted files that rotation rewrites."""
    return [Table(model, names, "个文件") for model in _living() if (names := _names(model, _is_encrypted_file))]


def _living() -> list[type[models.Model]]:
    once = set(tables_written_once())
    return [model for model in _models() if model._meta.db_table not in once]


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def _names(model: type[models.Model], is_wanted: Callable[[Any], bool]) -> list[str]:
    archived: frozenset[str] = getattr(model, "archived_fields", frozenset())
    found = [column.name for column in model._meta.local_concrete_fields if is_wanted(column)]
    return [name for name in found if name not in archived]


def _is_encrypted_column(column: Any) -> bool:
    return isinstance(column, EncryptedField)


def _is_encrypted_file(column: Any) -> bool:
    return isinstance(column, models.FileField) and isinstance(column.storage, EncryptedStorage)


def standings() -> Iterator[Standing]:
    """Every encrypted column, also of history and archive, and all stored files, by key version."""
    once = set(tables_written_once())
    for model in _models():
        for column in model._meta.local_concrete_fields:
            if _is_encrypted_column(column):
                written_once = "历史" if model._meta.db_table in once else ""
                archived = "归档" if column.name in getattr(model, "archived_fields", ()) else ""
                yield Standing(
                    f"{model._meta.db_table}.{column.column}", _versions(model, column.name), written_once or archived
                )
    storage: Any = default_storage
    yield Standing("附件和归档文书的文件", Counter(storage.key_version(name) for name in storage.names()))


def _versions(model: type[models.Model], name: str) -> Counter[int]:
    rows = model._base_manager.alias(stored_form=Cast(F(name), TextField())).exclude(stored_form="").order_by()
    prefix = models.Func(
        F("stored_form"), models.Value("$"), models.Value(1), function="split_part", output_field=TextField()
    )
    by_version = rows.annotate(key_version=prefix).values_list("key_version").annotate(total=models.Count("pk"))
    return Counter({int(version) if version.isdecimal() else NOT_ENCRYPTED: total for version, total in by_version})


# --- Rows ----------------------------------------------------------------------------------------------------------
def encrypt_rows_anew(table: Table, *, batch: int) -> Iterator[Table]:
    """Rewrite a table's rows, one short transaction a batch; yields after each.

    A row that somebody is writing is left to the next pass: rotation waits for nobody, and so nobody is caught in a
    deadlock with it. What is current already is not touched, so a run that was killed is taken up by the next.
    """
    for number in range(PASSES):
        if number:
            time.sleep(PAUSE_SECONDS)
        last = None
        while rows := _encrypt_batch_anew(table, after=last, batch=batch):
            last = rows[-1]
            yield table
        table.in_use = _stale(table).exclude(pk__in=table.frozen | table.faulty).count()
        if not table.in_use:
            return


def _stale(table: Table) -> models.QuerySet[Any]:
    """Rows with a value that is not encrypted with the current key."""
    current = f"{key_ring().current}$"
    stored = {f"{name}_stored": Cast(F(name), TextField()) for name in table.names}
    stale = Q()
    for name in stored:
        stale |= ~Q(**{name: ""}) & ~Q(**{f"{name}__startswith": current})
    return table.model._base_manager.alias(**stored).filter(stale).order_by("pk").only(*table.names)


def _locked(table: Table) -> models.QuerySet[Any]:
    return _stale(table).select_for_update(of=("self",), skip_locked=True, no_key=True)


def _encrypt_batch_anew(table: Table, *, after: Any, batch: int) -> list[Any]:
    """Rewrite the next rows; their keys, none at the end."""
    rows: list[Any] = []
    further = Q() if after is None else Q(pk__gt=after)
    try:
        with transaction.atomic():
            rows = list(_locked(table).filter(further)[:batch])
            done = sum(_encrypt_row_anew(table, row) for row in rows)
        table.done += done
    except InternalError as error:
        _expect_refusal(error)
        for row in rows:
            _encrypt_alone(table, row.pk)
    return [row.pk for row in rows]


def _encrypt_alone(table: Table, pk: Any) -> None:
    """One row of a batch in which the database refused some row."""
    try:
        with transaction.atomic():
            row = _locked(table).filter(pk=pk).first()
            done = row is not None and _encrypt_row_anew(table, row)
        table.done += done
    except InternalError as error:
        _expect_refusal(error)
        table.frozen.add(pk)


def _expect_refusal(error: InternalError) -> None:
    if getattr(error.__cause__, "pgcode", "") != _REFUSED_BY_TRIGGER:
        raise error


def _encrypt_row_anew(table: Table, row: models.Model) -> bool:
    if row.pk in table.frozen or row.pk in table.faulty:
        return False
    current = f"{key_ring().current}$"
    anew: dict[str, Secret] = {}
    for name in table.names:
        secret: Secret = getattr(row, name)
        if secret and not secret.token.startswith(current):
            try:
                anew[name] = Secret(purpose=secret.purpose, plain=secret.reveal())
            except (DecryptionError, ValueError) as error:
                table.note_fault(row.pk, name, error)
                return False
    return bool(table.model._base_manager.filter(pk=row.pk).update(**anew))


# --- Files ---------------------------------------------------------------------------------------------------------
def encrypt_files_anew(table: Table, *, batch: int) -> Iterator[Table]:
    """Rewrite the files that a table's rows name, each whole under its own name; yields after each batch."""
    for name in table.names:
        storage: Any = table.model._meta.get_field(name).storage  # type: ignore[union-attr]
        last = None
        while rows := _file_names(table.model, name, after=last, batch=batch):
            for pk, stored in rows:
                try:
                    table.done += _encrypt_file_anew(storage, stored)
                except (FileNotFoundError, DecryptionError, ValueError) as error:
                    table.note_fault(pk, name, error)
            last = rows[-1][0]
            yield table


def _file_names(model: type[models.Model], name: str, *, after: Any, batch: int) -> list[tuple[Any, str]]:
    rows = model._base_manager.exclude(**{name: ""}).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", name)[:batch])


def _encrypt_file_anew(storage: EncryptedStorage, name: str) -> bool:
    if storage.key_version(name) == key_ring().current:
        return False
    storage.encrypt_anew(name)
    return True
