from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.money import in_capitals, parse_amount


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12000", "12000.00"),
        ("12,000.00", "12000.00"),
        ("1.2万", "12000.00"),
        ("１２０００元", "12000.00"),
        ("¥0.5", "0.50"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, amount: str) -> None:
    assert str(parse_amount(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("-1", "负数"), ("1.234", "两位小数"), ("一千", "请填金额"), ("1e5", "请填金额"), ("", "请填金额")],
)
def test_what_is_no_amount_says_how_to_mend_it(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        parse_amount(typed)


@pytest.mark.parametrize(
    ("amount", "capitals"),
    [
        ("12000", "壹万贰仟元整"),
        ("1234.05", "壹仟贰佰叁拾肆元零伍分"),
        ("1234.50", "壹仟贰佰叁拾肆元伍角"),
        ("0.05", "伍分"),
        ("0.50", "伍角"),
        ("0", "零元整"),
        ("10", "壹拾元整"),
        ("1007", "壹仟零柒元整"),
        ("100000", "壹拾万元整"),
        ("100001", "壹拾万零壹元整"),
        ("10100000", "壹仟零壹拾万元整"),
        ("386412.15", "叁拾捌万陆仟肆佰壹拾贰元壹角伍分"),
        ("100000000", "壹亿元整"),
        ("100000001.01", "壹亿零壹元零壹分"),
        ("1000010000", "壹拾亿零壹万元整"),
    ],
)
def test_capitals_are_written_as_banks_write_them(amount: str, capitals: str) -> None:
    assert in_capitals(Decimal(amount)) == capitals
