"""Identity numbers after GB 11643 (公民身份号码), and what else names a person."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
# GB/T 2260 province codes; 81–83 are the residence permits of Hong Kong, Macao and Taiwan (港澳台居住证).
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


class InvalidIdNumber(ValueError):
    """Not an ID number; the message says in Chinese what is wrong."""


@dataclass(frozen=True)
class IdNumber:
    """A correct ID number (身份证号) and what it says. ``warning`` is shown and never refuses."""

    number: str
    birth_date: date
    sex: str
    warning: str = ""


def normalize_id_number(text: str) -> str:
    """Fold full-width characters, drop spaces and raise the final x."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def parse_id_number(text: str, *, on: date) -> IdNumber:
    """Read an ID number as of a day; GB 11643.

    :raises InvalidIdNumber: wrong length, characters, birth date (also one after ``on``) or check digit.
    """
    number = normalize_id_number(text)
    if re.fullmatch(r"\d{15}", number):
        raise InvalidIdNumber("这是15位旧号码，请换成18位身份证号。")
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise InvalidIdNumber(f"身份证号应为18位数字（末位可为X),现在是{len(number)}位。")
    birth_date = _birth_date(number, on=on)
    expected = check_digit(number[:17])
    if number[17] != expected:
        raise InvalidIdNumber("身份证号校验位不对，请对照证件逐位核对。")
    warning = "" if _known_area(number) else "身份证号前六位不是现行行政区划代码，请核对证件。"
    return IdNumber(
        number=number, birth_date=birth_date, sex="male" if int(number[16]) % 2 else "female", warning=warning
    )


def check_digit(first_seventeen: str) -> str:
    """Check digit of the first 17 digits: ISO 7064 MOD 11-2 (GB 11643 §4)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first_seventeen, strict=True))
    return _CHECK_DIGITS[total % 11]


def _birth_date(number: str, *, on: date) -> date:
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise InvalidIdNumber("身份证号第7至14位不是真实的出生日期。") from error
    if birth_date > on:
        raise InvalidIdNumber("身份证号里的出生日期晚于今天。")
    if birth_date.year < on.year - 150:
        raise InvalidIdNumber("身份证号里的出生日期在150年以前，请核对。")
    return birth_date


def _known_area(number: str) -> bool:
    # Six-digit codes of abolished counties stay valid on old cards, so only the province and the
    # pattern 99 of invented numbers (demo data) are judged.
    return number[:2] in _PROVINCES and number[4:6] not in ("99", "00")


def age_on(birth_date: date, *, on: date) -> int:
    """Completed years (周岁) on a day: turned on the birthday, 29 February on 1 March in common years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def luhn_valid(digits: str) -> bool:
    """Luhn check of a bank card number; a failing one is a warning, since passbooks carry none."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
