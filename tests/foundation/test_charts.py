"""Lines of steps: a value holds from its day to the next one, heights stand to one another as the values."""

from datetime import date
from decimal import Decimal

from foundation.charts import Level, step_chart


def test_a_step_goes_along_and_then_up() -> None:
    levels = [Level(date(2025, 1, 1), Decimal("400.00")), Level(date(2026, 1, 1), Decimal("800.00"))]
    chart = step_chart({"农村": levels}, until=date(2027, 1, 1))
    (line,) = chart.lines
    points = [tuple(map(int, point.split(","))) for point in line.path.split()]
    assert points[0][1] == points[1][1] > points[2][1] == points[3][1]
    assert points[1][0] == points[2][0]
    ground = chart.ground
    assert abs((ground - points[0][1]) * 2 - (ground - points[2][1])) <= 1
    assert [mark.figure for mark in line.marks] == ["400.00", "800.00"]
    assert [year for year, _ in chart.years] == [2026, 2027]


def test_a_value_still_to_come_stretches_the_days() -> None:
    levels = [Level(date(2026, 1, 1), Decimal(1)), Level(date(2028, 1, 1), Decimal(2))]
    chart = step_chart({"x": levels}, until=date(2026, 11, 23))
    assert chart.years[-1][0] == 2028


def test_nothing_gives_no_line() -> None:
    assert step_chart({"农村": []}, until=date(2026, 1, 1)).lines == ()


def test_a_value_that_goes_on_is_not_written_again() -> None:
    levels = [
        Level(date(year, 1, 1), Decimal(amount)) for year, amount in ((2024, "780"), (2025, "780"), (2026, "800"))
    ]
    (line,) = step_chart({"城市": levels}, until=date(2026, 6, 1)).lines
    assert [mark.figure for mark in line.marks] == ["780", "", "800"]
