"""Findings (认定依据): each comparison that the rules made, with its clause and a sentence with the sum worked out.

Rules record what they compare as they decide; the sentences are written only when somebody reads them.
"""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple, Protocol

from eligibility.rules.amounts import Exact, cut, in_yuan, up
from eligibility.rules.facts import Disability

HOUSEHOLD = "household"
_EXACT = Context(prec=120)
_LEVELS = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


class Subject(Protocol):
    """Whom a finding is about."""

    @property
    def id(self) -> str: ...

    @property
    def label(self) -> str: ...


class Shown(Enum):
    """How a rule's value and threshold are written in a finding."""

    MONEY = "money"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rule:
    """One comparison that a clause asks for, and the sentence for either answer.

    Sentences are format strings: ``{who}``, ``{value}``, ``{threshold}`` and the record's details by position;
    the format ``yuan`` writes exact fen as yuan.
    """

    name: str
    clause: str
    comparison: str
    yes: str
    no: str = ""
    shown: Shown = Shown.PLAIN


class Finding(NamedTuple):
    """One comparison as the contract shows it; value and threshold as JSON holds them, money as strings."""

    rule: str
    clause: str
    subject: str
    value: str | int | bool | None
    comparison: str
    threshold: str | int | bool | None
    passed: bool
    text: str


_Record = tuple[Rule, Subject | None, Any, Any, bool, tuple[Any, ...]]


class Trail:
    """The comparisons in the order made."""

    __slots__ = ("_records",)

    def __init__(self) -> None:
        self._records: list[_Record] = []

    def check(
        self, rule: Rule, subject: Subject | None, value: Any, threshold: Any, passed: bool, *details: Any
    ) -> bool:
        """Record a comparison, None as subject being the household, and hand its answer back."""
        self._records.append((rule, subject, value, threshold, passed, details))
        return passed

    def findings(self) -> tuple[Finding, ...]:
        return tuple(_finding(*record) for record in self._records)


class NoTrail(Trail):
    """For batches that read no findings: nothing is kept."""

    __slots__ = ()

    def check(
        self, rule: Rule, subject: Subject | None, value: Any, threshold: Any, passed: bool, *details: Any
    ) -> bool:
        return passed


def _finding(
    rule: Rule, subject: Subject | None, value: Any, threshold: Any, passed: bool, details: Sequence[Any]
) -> Finding:
    sentence = rule.yes if passed else rule.no or rule.yes
    who = subject.label if subject else "本户"
    return Finding(
        rule=rule.name,
        clause=rule.clause,
        subject=subject.id if subject else HOUSEHOLD,
        value=_json(value, rule.shown, upward=False),
        comparison=rule.comparison,
        # Compared amounts are whole fen. A limit between two fen is shown as the fen that gives the same answer:
        # the next one for `<` and `>=`, the last one for `<=` and `>`.
        threshold=_json(threshold, rule.shown, upward=rule.comparison in ("<", ">=")),
        passed=passed,
        text=_sentence(sentence, details, {"who": who, "value": value, "threshold": threshold}),
    )


def _json(value: Any, shown: Shown, *, upward: bool) -> str | int | bool | None:
    if shown is Shown.MONEY and value is not None:
        return in_yuan(up(value) if upward else cut(value))
    plain: str | int | bool | None = value.value if isinstance(value, Enum) else value
    return plain


def _sentence(sentence: str, details: Sequence[Any], named: Mapping[str, Any]) -> str:
    told = []
    for before, field, written in _parts(sentence):
        told.append(before)
        if field is not None:
            told.append(_field(details[field] if isinstance(field, int) else named[field], written))
    return "".join(told)


@cache
def _parts(sentence: str) -> tuple[tuple[str, str | int | None, str], ...]:
    """A sentence taken apart, once for all findings: the words before a field, its name or place, how it is written."""
    return tuple(
        (before, None if name is None else int(name) if name.isdecimal() else name, written or "")
        for before, name, written, _ in string.Formatter().parse(sentence)
    )


def _field(value: Any, written: str) -> str:
    if written == "yuan":
        return exact_yuan(value)
    if written == "rate":
        return f"{value:f}"
    if written == "names":
        return "、".join(subject.label for subject in value) or "无"
    if written == "disability":
        return disability_name(value)
    if written == "incomes":
        return "＋".join(f"{person.label}{exact_yuan(person.own_income)}元" for person in value)
    return format(value, written)


def exact_yuan(amount: Exact) -> str:
    """Fen as yuan without loss, grouped; a figure without end is cut to the fen and said to be about that."""
    if amount.denominator == 1:
        return grouped(in_yuan(amount.numerator))
    if not _ends(amount.denominator):
        return f"约{grouped(in_yuan(cut(amount)))}"
    places = 2
    scaled = Fraction(amount)
    while scaled.denominator != 1:
        scaled *= 10
        places += 1
    digits = str(scaled.numerator).rjust(places + 1, "0")
    return grouped(f"{digits[:-places]}.{digits[-places:]}")


def grouped(figure: str) -> str:
    """1234567.50 as 1,234,567.50; a minus as people write it."""
    whole, _, rest = figure.removeprefix("-").partition(".")
    return f"{'－' if figure.startswith('-') else ''}{int(whole):,}.{rest}"


def _ends(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def disability_name(disability: Disability) -> str:
    """多重残疾二级（智力三级、肢体一级）"""
    singles = "、".join(f"{single.kind.label}{_LEVELS[single.level]}" for single in disability.components or ())
    return f"{disability.kind.label}残疾{_LEVELS[disability.level]}" + (f"（{singles}）" if singles else "")
