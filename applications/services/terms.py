"""步骤时限、步骤材料: loading what the law and local practice set, and the county's own change of a term."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from applications.models import StepPaper, StepTerm
from applications.permissions import Permission, check_can_act
from foundation.errors import ServiceError
from organizations.models import Staff
from organizations.queries import county

_BOUNDS = ("at_least", "at_most")
_KEY = ("scheme", "kind", "authority")
TermT = TypeVar("TermT", StepTerm, StepPaper)


class NotATerm(ServiceError):
    """The new term does not fit: no days, no source, or a day on which decisions rest."""


@transaction.atomic
def load_terms(path: Path) -> int:
    """Load step terms from a CSV file; what the county has entered for the same time stays.

    :returns: how many terms were new.
    """
    known, new = _known(StepTerm, "step"), []
    for row, valid in _rows(path):
        key = {name: row[name] for name in (*_KEY, "step")}
        bounds = {name: int(row[name]) if row[name] else None for name in _BOUNDS}
        standing = [term for term in known[tuple(key.values())] if _overlap(term.valid, valid)]
        if not standing:
            new.append(StepTerm(**key, **_rests_on(row, valid), **bounds, days=int(row["days"]), unit=row["unit"]))
        elif any(getattr(term, name) != bounds[name] for term in standing for name in _BOUNDS):
            StepTerm.objects.filter(pk__in=[term.pk for term in standing]).update(**bounds)
    return len(StepTerm.objects.bulk_create(new))


@transaction.atomic
def load_papers(path: Path) -> int:
    """Load from a CSV file what each step must have before it is left; what the county has entered stays.

    :returns: how many were new.
    """
    known, new = _known(StepPaper, "state", "item"), []
    for row, valid in _rows(path):
        key = {name: row[name] for name in (*_KEY, "state", "item")}
        if not any(_overlap(paper.valid, valid) for paper in known[tuple(key.values())]):
            new.append(StepPaper(**key, **_rests_on(row, valid)))
    return len(StepPaper.objects.bulk_create(new))


def _known(model: type[TermT], *names: str) -> dict[tuple[str, ...], list[TermT]]:
    rows: dict[tuple[str, ...], list[TermT]] = defaultdict(list)
    for row in model._default_manager.all():
        rows[tuple(getattr(row, name) for name in (*_KEY, *names))].append(row)
    return rows


def _overlap(one: DateRange, other: DateRange) -> bool:
    """Whether two times have a day in common; an open end lasts for ever."""
    return all(
        first.lower is None or second.upper is None or first.lower < second.upper
        for first, second in ((one, other), (other, one))
    )


def _rows(path: Path) -> Iterator[tuple[dict[str, str], DateRange]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row, DateRange(date.fromisoformat(row["from"]), date.fromisoformat(row["to"]) if row["to"] else None)


def _rests_on(row: dict[str, str], valid: DateRange) -> dict[str, Any]:
    return {"valid": valid, "source": row["source"], "is_local_practice": row["is_local_practice"] == "1"}


@transaction.atomic
def change_term(
    term: StepTerm, *, days: int, from_day: date, source: str, is_local_practice: bool, by: Staff, on: date
) -> StepTerm:
    """Give a step another term from a day on (调整时限); terms that run already keep their days.

    :param from_day: the first day of the new term; not before today, since deadlines told to families rest on the old.
    :raises NotATerm: the term is over, the day lies back, or no source is named.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=county())
    term = StepTerm.objects.select_for_update().get(pk=term.pk)
    if term.valid.upper is not None:
        raise NotATerm("这个时限已有后续的值，请在最新的一条上调整。")
    if from_day < on:
        raise NotATerm("新时限只能从今天或以后开始：以前的期限已经告知了家庭。", field="from_day")
    if from_day <= term.valid.lower:
        raise NotATerm("新时限须晚于现行时限的起始日。", field="from_day")
    if not source.strip():
        raise NotATerm("请写明依据的文件和条款；县里自定的，写明“本地做法”。", field="source")
    if not (term.at_least or 0) <= days <= (term.at_most if term.at_most is not None else days):
        raise NotATerm(f"规定{_allowed(term)}。", field="days")
    if days == term.days and source.strip() == term.source:
        raise NotATerm("天数和依据都没有变化。", field="days")
    term.valid = DateRange(term.valid.lower, from_day)
    term.save(update_fields=["valid"])
    return StepTerm.objects.create(
        **{name: getattr(term, name) for name in (*_KEY, *_BOUNDS, "step", "unit")},
        days=days,
        valid=DateRange(from_day, None),
        source=source.strip(),
        is_local_practice=is_local_practice,
    )


def _allowed(term: StepTerm) -> str:
    """What the law leaves to choose from: 不少于7自然日."""
    said = [
        f"{word}{days}{term.get_unit_display()}"
        for word, days in (("不少于", term.at_least), ("不超过", term.at_most))
        if days is not None
    ]
    return "、".join(said)
