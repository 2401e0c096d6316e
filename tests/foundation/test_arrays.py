"""Values sent as the text of an array come out as they went in."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from foundation.arrays import array_text

pytestmark = [pytest.mark.django_db]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [1, None, -(2**62)]),
        ("text", ["甲", "", "NULL", 'a"b\\c', "{x,y}", "o'clock", None]),
        ("date", [date(2026, 2, 28), None]),
        ("bool", [True, False]),
        ("numeric", [Decimal("12.50")]),
        ("int", []),
    ],
)
def test_values_come_out_as_they_went_in(kind: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [array_text(values)])
        assert cursor.fetchone()[0] == values
