"""Numbers of people in free text: ID numbers (证号), mobile phones and bank accounts, found and masked."""

import re
import unicodedata
from collections.abc import Iterable

_GAP = r"[\s\-_\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060\ufeff]{0,9}"
"""Between digits: blanks and strokes, and the signs without width that come along when a number is copied."""


def _spread(*signs: str) -> str:
    """A pattern of the signs, each of which may stand apart from the next."""
    return _GAP.join(signs)


_D = r"\d"
_YEAR = f"(?:{_spread('1', '[89]')}|{_spread('2', '0')})"
_MONTH = f"(?:{_spread('0', '[1-9]')}|{_spread('1', '[0-2]')})"
_DAY = f"(?:{_spread('0', '[1-9]')}|{_spread('[12]', _D)}|{_spread('3', '[01]')})"
_ID = _spread(*[_D] * 6, _YEAR, _D, _D, _MONTH, _DAY, *[_D] * 3, r"[\dXx]")
_PHONE = _spread("1", "[3-9]", *[_D] * 9)
_ACCOUNT = rf"\d(?:{_GAP}\d){{16,22}}|{_spread('6', '2', *[_D] * 14)}"
"""Any run of 17 digits or more, or a UnionPay card of 16; no number of ours is as long (a paper's check code: 16)."""
_NUMBER = re.compile(rf"(?<![0-9A-Za-z])(?:{_ID}|{_ACCOUNT}|{_PHONE})(?![0-9A-Za-z])")
_LONG_RUN = re.compile(r"\d{11,}[Xx]?")
_NOT_SHOWN = re.compile(r"[^0-9Xx]")


def holds_number(texts: Iterable[str]) -> bool:
    """Whether a text holds what looks like a person's number, also in full width or written in groups."""
    return any(_NUMBER.search(unicodedata.normalize("NFKC", text)) for text in texts)


def mask_numbers(text: str) -> str:
    """The text with what looks like a person's number masked, also in full width or written in groups.

    Area codes and numbers of cases stay, and so does a text without such a number, sign by sign.
    """
    plain = unicodedata.normalize("NFKC", text)
    masked = _NUMBER.sub(_masked, plain)
    return text if masked == plain else masked


def mask_long_numbers(text: str) -> str:
    """The same, and every run of eleven digits or more: where too much masked does no harm (logs)."""
    return _LONG_RUN.sub(_masked, mask_numbers(text))


def _masked(match: re.Match[str]) -> str:
    digits = _NOT_SHOWN.sub("", match[0])
    return f"{digits[:3]}****{digits[-4:]}"
