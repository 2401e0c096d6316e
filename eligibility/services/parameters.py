"""What dated parameters (标准与参数) may hold, the documents that they rest on, and those that come with the system."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from eligibility import rules
from eligibility.models import Parameter, SourceDocument
from eligibility.queries import DEFINITIONS, PARAMETER_TITLES
from eligibility.rules.shapes import ObjectOf
from foundation.errors import ServiceError
from foundation.files import clean_upload
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act


@dataclass(frozen=True)
class SourceData:
    """A source document as typed, to be recorded with the value that rests on it."""

    number: str
    title: str
    issued_on: date | None = None
    scan: "File[Any] | None" = None


class NotAParameter(ServiceError):
    """The key is unknown or the value is not one that the parameter may have."""


def check_parameter(key: str, value: Any) -> None:
    """
    :raises NotAParameter: unknown key, or a value that the assessment could not read.
    """
    if key not in PARAMETER_TITLES:
        raise NotAParameter("没有这个参数。", field="key")
    faults: list[rules.Fault] = []
    DEFINITIONS[key].shape.read(value, key, faults)
    if faults:
        words = "；".join(fault.message for fault in faults)
        raise NotAParameter(f"“{PARAMETER_TITLES[key]}”{words}。", field="value")
    if lacking := list(_missing(key, value)):
        raise NotAParameter(f"“{PARAMETER_TITLES[key]}”不完整，缺{'、'.join(lacking)}。", field="value")


def _missing(key: str, value: Any) -> Iterator[str]:
    shape = DEFINITIONS[key].shape
    return shape.missing(value, prefix=f"{key}.") if isinstance(shape, ObjectOf) else iter(())


@transaction.atomic
def record_source_document(
    number: str,
    *,
    title: str,
    by: Staff,
    area: Area,
    issued_on: date | None = None,
    issuer: str = "",
    address: str = "",
    scan: "File[Any] | None" = None,
) -> SourceDocument:
    """Record a document that parameters rest on (依据文件); a number already recorded gives that document.

    :param scan: the document itself; a document recorded without one takes it now.
    :raises NotPermitted: the person may not manage parameters in the area.
    :raises NotAParameter: the scan is neither PDF, JPEG nor PNG.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=area)
    facts = {"title": title, "issued_on": issued_on, "issuer": issuer, "address": address}
    document, _ = SourceDocument.objects.get_or_create(number=number.strip(), defaults=facts)
    if scan is not None and not document.scan:
        try:
            document.scan_type, document.scan = clean_upload(scan)
        except ValidationError as error:
            raise NotAParameter(error.messages[0], field="source_scan") from error
        document.save(update_fields=["scan", "scan_type"])
    return document


@transaction.atomic
def load_source_documents(rows: Iterable[Mapping[str, str]]) -> dict[str, SourceDocument]:
    """Load the source documents of the figures that come with the system, by number; repeatable."""
    loaded = {}
    for row in rows:
        facts = {**row, "issued_on": row["issued_on"] or None}
        loaded[row["number"]], _ = SourceDocument.objects.get_or_create(number=row["number"], defaults=facts)
    return loaded


@transaction.atomic
def load_parameters(
    rows: Iterable[Mapping[str, Any]], *, area: Area, sources: Mapping[str, SourceDocument]
) -> tuple[int, int]:
    """Load figures that come with the system, except where the county has a value of its own in that time.

    :param rows: key, value, residence, from, to (not included; null while running), source, is_sample,
        is_local_practice, note.
    :returns: how many were loaded, how many stood already.
    :raises NotAParameter: a figure that the assessment could not read.
    """
    taken: dict[tuple[str, str], list[Any]] = {}
    for key, residence, valid in Parameter.objects.filter(area=area).values_list("key", "residence", "valid"):
        taken.setdefault((key, residence), []).append(valid)
    fresh = []
    total = 0
    for row in rows:
        total += 1
        check_parameter(row["key"], row["value"])
        parameter = _parameter(row, area=area, source=sources[row["source"]])
        if not any(_overlap(parameter.valid, valid) for valid in taken.get((parameter.key, parameter.residence), ())):
            fresh.append(parameter)
    Parameter.objects.bulk_create(fresh)
    return len(fresh), total - len(fresh)


def _parameter(row: Mapping[str, Any], *, area: Area, source: SourceDocument) -> Parameter:
    until = date.fromisoformat(row["to"]) if row["to"] else None
    return Parameter(
        key=row["key"],
        value=row["value"],
        area=area,
        residence=row["residence"],
        valid=DateRange(date.fromisoformat(row["from"]), until),
        source=source,
        is_sample=row.get("is_sample", False),
        is_local_practice=row.get("is_local_practice", False),
        note=row.get("note", ""),
    )


def _overlap(one: Any, other: Any) -> bool:
    """Whether two ranges of days, each without its last bound, have a day in common; no bound is for ever."""
    return not (
        (one.upper and other.lower and one.upper <= other.lower)
        or (other.upper and one.lower and other.upper <= one.lower)
    )
