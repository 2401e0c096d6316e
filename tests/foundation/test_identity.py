from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.identity import InvalidIdNumber, age_on, check_digit, luhn_valid, parse_id_number

ON = date(2026, 11, 23)


@pytest.mark.parametrize("number", ["11010519491231002X", "341824194901010006"])
def test_the_handbooks_sample_numbers_are_correct(number: str) -> None:
    assert parse_id_number(number, on=ON).number == number


def test_a_number_says_birth_date_and_sex() -> None:
    parsed = parse_id_number("11010519491231002x", on=ON)
    assert (parsed.birth_date, parsed.sex, parsed.warning) == (date(1949, 12, 31), "female", "")


def test_full_width_digits_and_spaces_are_folded() -> None:
    assert parse_id_number(" １１０１０５ 19491231 002Ｘ ", on=ON).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("110105194912310021", "校验位"),
        ("11010519490231002X", "出生日期"),
        ("110105491231002", "15位"),
        ("1101051949123100", "18位"),
        ("3418241949010100A6", "18位"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(number: str, sentence: str) -> None:
    with pytest.raises(InvalidIdNumber, match=sentence):
        parse_id_number(number, on=ON)


def test_a_birth_date_after_today_is_refused() -> None:
    first = "34182420270101001"
    with pytest.raises(InvalidIdNumber, match="晚于今天"):
        parse_id_number(first + check_digit(first), on=ON)


def test_an_area_code_of_no_standard_warns_and_does_not_refuse() -> None:
    first = "34189919680312001"
    assert parse_id_number(first + check_digit(first), on=ON).warning


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_always_changes_the_check_digit(first: str, place: int, shift: int) -> None:
    changed = first[:place] + str((int(first[place]) + shift) % 10) + first[place + 1 :]
    assert check_digit(first) != check_digit(changed)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1966, 11, 23), ON, 60),
        (date(1966, 11, 24), ON, 59),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_a_person_turns_an_age_on_the_birthday(born: date, on: date, age: int) -> None:
    assert age_on(born, on=on) == age


def test_luhn_accepts_the_handbooks_card_and_refuses_a_changed_one() -> None:
    assert luhn_valid("6217000000000000004")
    assert not luhn_valid("6217000000000000005")
