"""随机抽查, worked out: the same seed and list give the same draw, everybody can be drawn; F43 §16."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.draw import draw, list_digest, number_drawn

NUMBERS = st.lists(st.integers(1, 99999).map(lambda n: f"2026-{n:05d}"), min_size=1, max_size=40, unique=True)
PERCENTS = st.integers(1, 100)
SEEDS = st.text(min_size=1, max_size=40)


@pytest.mark.parametrize(("count", "drawn"), [(1, 1), (2, 1), (3, 1), (4, 2), (10, 3), (11, 4), (20, 6), (21, 7)])
def test_thirty_per_cent_are_rounded_up(count: int, drawn: int) -> None:
    assert number_drawn(count, percent=30) == drawn


@given(st.integers(1, 5000), PERCENTS)
def test_never_less_than_the_share_and_never_none(count: int, percent: int) -> None:
    found = number_drawn(count, percent=percent)
    assert 1 <= found <= count and found * 100 >= count * percent
    assert found == max(1, math.ceil(count * percent / 100 - 1e-9))


@given(NUMBERS, PERCENTS, SEEDS)
def test_the_same_seed_and_list_give_the_same_draw(numbers: list[str], percent: int, seed: str) -> None:
    found = draw(numbers, percent=percent, seed=seed)
    assert found == draw(list(numbers), percent=percent, seed=seed)
    assert len(found) == number_drawn(len(numbers), percent=percent)
    assert [number for number in numbers if number in found] == found


@given(NUMBERS, PERCENTS, SEEDS)
def test_who_is_drawn_does_not_hang_on_the_order_of_the_list(numbers: list[str], percent: int, seed: str) -> None:
    turned = list(reversed(numbers))
    assert set(draw(numbers, percent=percent, seed=seed)) == set(draw(turned, percent=percent, seed=seed))


@given(NUMBERS, st.data())
def test_every_case_can_be_drawn(numbers: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.sampled_from(numbers))
    assert any(wanted in draw(numbers, percent=1, seed=str(seed)) for seed in range(2000))


def test_no_place_in_the_list_is_preferred() -> None:
    numbers = [f"2026-{place:05d}" for place in range(10)]
    times = dict.fromkeys(numbers, 0)
    for seed in range(1000):
        for number in draw(numbers, percent=30, seed=str(seed)):
            times[number] += 1
    assert all(240 <= count <= 360 for count in times.values()), times


@given(NUMBERS.filter(lambda numbers: len(numbers) > 1))
def test_the_digest_tells_who_was_left_out(numbers: list[str]) -> None:
    assert list_digest(numbers) != list_digest(numbers[1:])
    assert list_digest(numbers) != list_digest(list(reversed(numbers)))


@pytest.mark.parametrize(("count", "percent"), [(0, 30), (3, 0), (3, 101), (3, -1)])
def test_nothing_is_drawn_from_nothing(count: int, percent: int) -> None:
    with pytest.raises(ValueError, match="no draw"):
        number_drawn(count, percent=percent)


def test_a_case_stands_once_in_the_list() -> None:
    with pytest.raises(ValueError, match="twice"):
        draw(["2026-00001", "2026-00001"], percent=30, seed="x")
