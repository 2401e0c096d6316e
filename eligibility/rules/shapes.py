"""What a value of the assessment's JSON may be: one definition reads it, writes it and describes it as JSON Schema."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from eligibility.rules.choices import Choice

Json = Any
# The contract sets no greatest figure; so many places keep every product of two figures readable (Python's 4300).
_LONGEST = 1000
_GREATEST = 10**_LONGEST - 1


# One encoder for all lines: json.dumps would make a new one each time.
in_one_line = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Fault(NamedTuple):
    """What is wrong at a path, and what is allowed, in Chinese."""

    path: str
    message: str

    def __str__(self) -> str:
        return _one_line(f"{self.path}: {self.message}")


class Wrong(ValueError):
    """A value that its shape does not allow."""


class Shape(ABC):
    """A kind of value; ``allowed`` says in Chinese what it may be."""

    allowed: str

    @abstractmethod
    def take(self, value: Json) -> Any:
        """The value as the rules hold it, where nothing is wrong with it: most inputs are read by this alone.

        :raises Wrong: somewhere in it; ``read`` finds where and what.
        """

    @abstractmethod
    def read(self, value: Json, path: str, faults: list[Fault]) -> Any:
        """The value as the rules hold it; what is wrong is added to the faults."""

    @abstractmethod
    def write(self, value: Any) -> Json:
        """The value as JSON holds it."""

    @abstractmethod
    def schema(self) -> dict[str, Json]:
        """JSON Schema 2020-12."""

    @abstractmethod
    def describe(self, value: Json) -> str:
        """A JSON value of this shape in Chinese words."""

    def fault(self, value: Json, path: str) -> Fault:
        if value is None:
            return Fault(path, f"不能是null；应为{self.allowed}，没有就不写这一项")
        return Fault(path, f"{_quoted(value)}不对；应为{self.allowed}")


class Leaf(Shape):
    """A value without parts."""

    def read(self, value: Json, path: str, faults: list[Fault]) -> Any:
        try:
            return self.take(value)
        except Wrong:
            faults.append(self.fault(value, path))
            return None

    def write(self, value: Any) -> Json:
        return value

    def describe(self, value: Json) -> str:
        return str(value)


class Pattern(Leaf):
    """Text of a given form."""

    def __init__(self, pattern: str, *, allowed: str) -> None:
        self._pattern = pattern
        self._matches = re.compile(pattern).fullmatch
        self.allowed = allowed

    def take(self, value: Json) -> Any:
        if type(value) is not str or not self._matches(value) or len(value) > _LONGEST:
            raise Wrong
        return value

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^(?:{self._pattern})$", "maxLength": _LONGEST}


class Money(Pattern):
    """Yuan as a string with at most two decimals, not negative; written with two."""

    def __init__(self) -> None:
        super().__init__(r"[0-9]+(\.[0-9]{1,2})?", allowed='金额字符串，如 "1200.00"，不为负，最多两位小数')

    def take(self, value: Json) -> Decimal:
        return Decimal(super().take(value))

    def write(self, value: Decimal) -> str:
        return f"{value:.2f}"

    def describe(self, value: Json) -> str:
        return f"{Decimal(value):,.2f}"


class Rate(Pattern):
    """A rate or a multiplier as a string, not negative."""

    def __init__(self) -> None:
        super().__init__(r"[0-9]+(\.[0-9]+)?", allowed='比例或倍数字符串，如 "1.5"，不为负')

    def take(self, value: Json) -> Decimal:
        return Decimal(super().take(value))

    def write(self, value: Decimal) -> str:
        return f"{value:f}"


class Text(Leaf):
    allowed = "字符串"

    def take(self, value: Json) -> str:
        if type(value) is not str:
            raise Wrong
        return value

    def schema(self) -> dict[str, Json]:
        return {"type": "string"}


class Count(Leaf):
    """A count, a number of months or an age: a JSON integer, not negative unless bounded otherwise."""

    def __init__(self, *, least: int = 0, most: int = _GREATEST) -> None:
        self._least, self._most = least, most
        self.allowed = f"不小于{least}的整数" if most == _GREATEST else f"{least}至{most}的整数"

    def take(self, value: Json) -> int:
        # bool is an int in Python, not in JSON.
        if type(value) is not int or not self._least <= value <= self._most:
            raise Wrong
        return value

    def schema(self) -> dict[str, Json]:
        most = {} if self._most == _GREATEST else {"maximum": self._most}
        return {"type": "integer", "minimum": self._least, **most}


class Flag(Leaf):
    allowed = "true 或 false"

    def take(self, value: Json) -> bool:
        if type(value) is not bool:
            raise Wrong
        return value

    def describe(self, value: Json) -> str:
        return "是" if value else "否"

    def schema(self) -> dict[str, Json]:
        return {"type": "boolean"}


class Day(Leaf):
    allowed = "日期，如 2025-07-01"
    _pattern = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    _matches = re.compile(_pattern).fullmatch

    def take(self, value: Json) -> date:
        if type(value) is not str or not self._matches(value):
            raise Wrong
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise Wrong from error

    def write(self, value: date) -> str:
        return value.isoformat()

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date", "pattern": f"^{self._pattern}$"}


class OneOf(Leaf):
    """One of an enumeration's values."""

    def __init__(self, choices: type[Choice]) -> None:
        self._choices = {choice.value: choice for choice in choices}
        self.choices = tuple(self._choices.values())
        self.allowed = f"以下之一：{'、'.join(self._choices)}"

    def take(self, value: Json) -> Choice:
        choice = self._choices.get(value) if type(value) is str else None
        if choice is None:
            raise Wrong
        return choice

    def write(self, value: Choice) -> str:
        return value.value

    def describe(self, value: Json) -> str:
        return self._choices[value].label

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "enum": list(self._choices)}


class ListOf(Shape):
    """Any number of one shape."""

    def __init__(self, item: Shape, *, least: int = 0) -> None:
        self.item, self._least = item, least
        self.allowed = f"数组，至少{least}项" if least else "数组"

    def take(self, value: Json) -> Any:
        if type(value) is not list or len(value) < self._least:
            raise Wrong
        take = self.item.take
        return tuple([take(item) for item in value])

    def read(self, value: Json, path: str, faults: list[Fault]) -> Any:
        if type(value) is not list or len(value) < self._least:
            faults.append(self.fault(value, path))
            return None
        read = self.item.read
        return tuple([read(item, f"{path}[{place}]", faults) for place, item in enumerate(value)])

    def write(self, value: Any) -> Json:
        return [self.item.write(item) for item in value]

    def describe(self, value: Json) -> str:
        return "、".join(self.item.describe(item) for item in value)

    def schema(self) -> dict[str, Json]:
        return {"type": "array", "items": self.item.schema(), "minItems": self._least}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an object: its shape, whether it must be there, and what it means."""

    shape: Shape
    title: str
    required: bool = False


class ObjectOf(Shape):
    """An object of named keys. Reading yields a dict of what was there; faulty values are left out."""

    def __init__(self, keys: Mapping[str, Key], *, title: str, name: str) -> None:
        self.keys = dict(keys)
        self.name = name
        self.title = title
        self._required = tuple(name for name, key in keys.items() if key.required)
        self._shapes = {name: key.shape for name, key in keys.items()}
        self._takers = {name: key.shape.take for name, key in keys.items()}
        self.allowed = f"对象，键为：{'、'.join(keys)}"

    def take(self, value: Json) -> Any:
        if type(value) is not dict:
            raise Wrong
        takers = self._takers
        try:
            taken = {key: takers[key](item) for key, item in value.items()}
        except KeyError as error:
            raise Wrong from error
        for key in self._required:
            if key not in taken:
                raise Wrong
        return taken

    def read(self, value: Json, path: str, faults: list[Fault]) -> Any:
        if type(value) is not dict:
            faults.append(self.fault(value, path or "$"))
            return None
        prefix = f"{path}." if path else ""
        read: dict[str, Any] = {}
        for key, item in value.items():
            shape = self._shapes.get(key)
            if shape is None:
                faults.append(Fault(prefix + (key or '""'), f"没有这一项；可用的键：{'、'.join(self._shapes)}"))
                continue
            part = shape.read(item, prefix + key, faults)
            if part is not None:
                read[key] = part
        absent = [key for key in self._required if key not in value]
        faults.extend(missing(prefix + key, self._shapes[key]) for key in absent)
        return read

    def write(self, value: Any) -> Json:
        """From an object with these attributes; what is None or not kept by it (ID numbers) is left out."""
        attributes = ((name, shape, getattr(value, name, None)) for name, shape in self._shapes.items())
        return {name: shape.write(item) for name, shape, item in attributes if item is not None}

    def describe(self, value: Json) -> str:
        there = ((key, value[name]) for name, key in self.keys.items() if name in value)
        described = [(key.title, isinstance(key.shape, ObjectOf), key.shape.describe(part)) for key, part in there]
        nested = any(is_object for _, is_object, _ in described)
        sign, separator = ("：", "；") if nested else (" ", "、")
        return separator.join(f"{title}{sign}{text}" for title, _, text in described)

    def schema(self) -> dict[str, Json]:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Json]:
        """The schema that ``schema`` refers to."""
        properties = {name: {"title": key.title, **key.shape.schema()} for name, key in self.keys.items()}
        required = {"required": list(self._required)} if self._required else {}
        return {
            "title": self.title,
            "type": "object",
            "properties": properties,
            **required,
            "additionalProperties": False,
        }

    def missing(self, values: Any, *, prefix: str = "") -> Iterator[str]:
        """Paths of the keys, in depth, that are not there, required or not."""
        there = values if isinstance(values, Mapping) else {}
        for name, shape in self._shapes.items():
            if isinstance(shape, ObjectOf):
                yield from shape.missing(there.get(name), prefix=f"{prefix}{name}.")
            elif name not in there:
                yield prefix + name

    def parts(self) -> list["ObjectOf"]:
        """This and every object within it, each once."""
        found = {self.name: self}
        for key in self.keys.values():
            inner = key.shape.item if isinstance(key.shape, ListOf) else key.shape
            if isinstance(inner, ObjectOf):
                found |= {part.name: part for part in inner.parts()}
        return list(found.values())


def missing(path: str, shape: Shape) -> Fault:
    return Fault(path, f"缺少这一项；应为{shape.allowed}")


def _quoted(value: Json) -> str:
    text = value if type(value) is str else json.dumps(value, ensure_ascii=False)
    return f"“{text if len(text) <= _QUOTED_MOST else text[:_QUOTED_MOST] + '…'}”"


_QUOTED_MOST = 40


def _one_line(text: str) -> str:
    """Line ends and other unprintable characters of an input written as escapes."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
