"""公民身份号码 against what else is stated of the person; GB 11643."""

from collections.abc import Iterator
from datetime import date

from eligibility.rules.choices import Sex

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def id_number_faults(number: str, *, birth_date: date | None, sex: Sex | None) -> Iterator[str]:
    """What is wrong with a well-formed number of 18 places, in Chinese."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number[:17], strict=True))
    if number[17].upper() != _CHECK_DIGITS[total % 11]:
        yield "校验位不对；应为按GB 11643算得的末位，请逐位核对证件"
    if birth_date is not None and number[6:14] != f"{birth_date:%Y%m%d}":
        yield "第7至14位与出生日期不符；应与birth_date一致"
    if sex is not None and sex is not _sex(number):
        yield "第17位与性别不符；应为男单女双"


def _sex(number: str) -> Sex:
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
