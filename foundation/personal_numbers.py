"""Numbers of people in free text: ID numbers (证号), mobile phones and bank accounts, found and masked."""

import re
import unicodedata
from collections.abc import Iterable

_ID = r"\d{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_PHONE = r"1[3-9]\d{9}"
_ACCOUNT = r"62\d{14}|\d{17,23}"
"""A UnionPay card of 16 digits, or any longer run: no number of ours is as long (a paper's check code has 16)."""
_NUMBER = re.compile(rf"(?<![0-9A-Za-z])(?:{_ID}|{_PHONE}|{_ACCOUNT})(?![0-9A-Za-z])")
_LONG_RUN = re.compile(r"\d{11,}[Xx]?")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-]+(?=\d)")


def holds_number(texts: Iterable[str]) -> bool:
    """Whether a text holds what looks like a person's number, also in full width or written in groups."""
    return any(_NUMBER.search(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))) for text in texts)


def mask_numbers(text: str) -> str:
    """The text with what looks like a person's number masked; area codes and numbers of cases stay."""
    return _NUMBER.sub(_masked, text)


def mask_long_numbers(text: str) -> str:
    """The text with every run of eleven digits or more masked: where too much masked does no harm (logs)."""
    return _LONG_RUN.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    return f"{match[0][:3]}****{match[0][-4:]}"
