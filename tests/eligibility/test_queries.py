"""Which value of a parameter is in force where and when, and findings as pages show them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from eligibility.models import Parameter, SourceDocument
from eligibility.queries import (
    MissingParameters,
    assessment_card,
    described_value,
    figures_in_force,
    findings_for_display,
    parameter_history,
    parameters_in_force,
    parameters_on,
)
from eligibility.services import assess_household
from organizations.models import Area
from tests.support.factories import ON, area, make_household

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
VILLAGE, TOWNSHIP, NEIGHBOUR = "341824101200", "341824101", "341824102"


def put(code: str, residence: str, value: str, *, start: date = date(2026, 1, 1), end: date | None = None) -> None:
    Parameter.objects.create(
        key="dibao_monthly_standard",
        value=value,
        area=area(code),
        residence=residence,
        valid=DateRange(start, end),
        source=SourceDocument.objects.earliest("pk"),
    )


def standard(code: str = VILLAGE, residence: str = "rural", on: date = ON) -> Decimal:
    return parameters_in_force(area(code), residence=residence, on=on).dibao_monthly_standard


@pytest.mark.parametrize(
    ("on", "urban", "rural"),
    [
        # The figures that were published.
        (date(2021, 7, 1), "670.00", "670.00"),
        (date(2022, 6, 30), "670.00", "670.00"),
        (date(2022, 7, 1), "720.00", "705.00"),
        (date(2023, 6, 30), "720.00", "705.00"),
        (date(2023, 7, 1), "780.00", "755.00"),
        (date(2024, 12, 31), "780.00", "755.00"),
    ],
)
def test_published_standards_by_day(on: date, urban: str, rural: str) -> None:
    assert (standard(residence="urban", on=on), standard(on=on)) == (Decimal(urban), Decimal(rural))


def test_no_published_figure_is_marked_as_a_sample_and_no_later_one_as_published() -> None:
    rows = Parameter.objects.filter(key="dibao_monthly_standard").order_by("valid")
    marks = {(row.valid.lower.year, row.is_sample) for row in rows}
    assert marks == {(2021, False), (2022, False), (2023, False), (2024, False), (2025, True)}


def test_every_sample_says_so_in_its_source() -> None:
    for row in Parameter.objects.select_related("source"):
        assert row.is_sample == (row.source.number == "示例参数")


def test_the_day_before_the_first_figures_every_missing_parameter_is_named() -> None:
    with pytest.raises(MissingParameters) as caught:
        standard(on=date(2021, 6, 30))
    assert "低保标准（元/月）" in caught.value.message
    assert "2021年6月30日" in caught.value.message
    assert caught.value.message.count("特困照料护理标准") == 1


def test_the_residences_own_value_wins_over_one_for_both() -> None:
    put("341824101", "both", "800.00")
    put("341824101", "urban", "810.00")
    assert (standard(), standard(residence="urban")) == (Decimal("800.00"), Decimal("810.00"))


def test_the_nearest_area_up_the_tree_wins_even_where_a_higher_one_is_for_the_residence() -> None:
    put(TOWNSHIP, "both", "800.00")
    assert standard() == Decimal("800.00")
    put(VILLAGE, "both", "820.00")
    assert standard() == Decimal("820.00")
    assert standard(TOWNSHIP) == Decimal("800.00")
    assert standard(NEIGHBOUR) == Decimal("755.00")


def test_a_value_ends_the_day_before_its_upper_bound() -> None:
    put(VILLAGE, "rural", "800.00", start=date(2026, 11, 23), end=date(2026, 12, 1))
    days = [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 30), date(2026, 12, 1)]
    assert [standard(on=day) for day in days] == [Decimal(value) for value in ("755", "800", "800", "755")]


def test_reading_the_parameters_is_one_query(django_assert_num_queries: Any) -> None:
    village = area(VILLAGE)
    with django_assert_num_queries(1):
        parameters_in_force(village, residence="rural", on=ON)


def test_the_list_can_be_cut_by_residence_key_and_mark() -> None:
    rural = parameters_on(ON, residence="rural", key="dibao_monthly_standard")
    assert [row.value for row in rural] == ["755.00"]
    assert all(row.is_sample for row in parameters_on(ON, marked="sample"))
    assert all(row.is_local_practice for row in parameters_on(ON, marked="local"))
    assert {row.key for row in parameters_on(ON, marked="official")} >= {"marginal_multiplier", "urgent_multiplier"}


def test_the_history_of_a_parameter_begins_with_the_newest() -> None:
    rows = [row for row in parameter_history("dibao_monthly_standard") if row.residence == "rural"]
    assert [row.valid.lower.year for row in rows] == [2025, 2024, 2023, 2022]


def test_values_are_described_in_words() -> None:
    assert described_value("dibao_monthly_standard", "1755.00") == "1,755.00"
    assert described_value("phase_out_lower_inclusive", True) == "是"
    assert described_value("topup_base", "own_benefit") == "本人补助额"
    assert described_value("topup_rates", {"a": "0.30", "b": "0.20"}) == "A类人员增发比例 0.30、B类人员增发比例 0.20"


def test_findings_show_names_figures_and_signs(django_assert_num_queries: Any) -> None:
    household = make_household()
    head = household.members.get()
    result = assess_household(household, on=ON, year=2026).as_dict()
    with django_assert_num_queries(1):
        rows = findings_for_display(result, household)
    assert len(rows) == len(result["findings"])
    income = next(row for row in rows if row.rule == "dibao.below_standard")
    assert (income.title, income.subject) == ("低保：收入", "本户")
    assert (income.value, income.comparison, income.threshold, income.passed) == ("0.00", "＜", "9,060.00", True)
    topup = next(row for row in rows if row.rule == "amount.topup_a")
    assert (topup.subject, topup.value, topup.comparison, topup.threshold) == ("胡德旺", "否", "＝", "是")
    assert topup.text == "胡德旺不是重度残疾人或者重病患者，不按A类人员增发。"
    assert not any(head.reference in row.text for row in rows)


def test_the_answers_of_all_schemes_come_in_words() -> None:
    household = make_household()
    card = assessment_card(assess_household(household, on=ON, year=2026).as_dict(), household)
    dibao, marginal, tekun = card.answers
    assert (dibao.key, dibao.outcome, dibao.who, dibao.headline) == ("dibao", "整户符合", "胡德旺", "每月755.00元")
    assert dibao.note == "建议C类・半年核查"
    assert "低于低保标准755.00元" in dibao.why[0].text
    assert (marginal.key, marginal.outcome, marginal.is_entitled) == ("marginal", "不符合", False)
    assert [(person.name, person.outcome) for person in tekun.people] == [("胡德旺", "不符合")]
    assert tekun.people[0].why is not None and "未满60周岁" in tekun.people[0].why.text
    assert [answer.grants for answer in card.entitled] == [[("胡德旺", "每月755.00元")]]


def test_findings_name_nobody_of_another_family() -> None:
    mine, other = make_household(), make_household()
    result = assess_household(other, on=ON, year=2026).as_dict()
    assert all(row.subject == "本户" for row in findings_for_display(result, mine))


def test_the_county_itself_has_parameters(whole_county: Area) -> None:
    assert parameters_in_force(whole_county, residence="urban", on=ON).dibao_monthly_standard == Decimal("780.00")


def test_all_figures_of_a_place_come_in_one_query_with_the_samples_named(django_assert_num_queries: Any) -> None:
    put(TOWNSHIP, "rural", "800.00")
    township = area(TOWNSHIP)
    with django_assert_num_queries(1):
        figures = figures_in_force(township, residence="rural", on=ON)
    assert figures.parameters == parameters_in_force(township, residence="rural", on=ON)
    assert figures.parameters.dibao_monthly_standard == Decimal("800.00")
    assert "人均可支配收入" in "".join(figures.samples)
    # The township's own value is no sample, though the county's is.
    samples_elsewhere = figures_in_force(area(NEIGHBOUR), residence="rural", on=ON).samples
    assert len(samples_elsewhere) == len(figures.samples) + 1


def test_figures_that_are_not_whole_are_refused_with_what_is_missing() -> None:
    with pytest.raises(MissingParameters, match="没有下列标准和参数的有效值"):
        figures_in_force(area(TOWNSHIP), residence="rural", on=date(2020, 1, 1))
