"""Parameters: what an input states goes over what is stored, and the output names all in force."""

from eligibility.rules import assess, read_household, read_parameters
from tests.eligibility.families import SAMPLE, family


def test_parameters_are_merged_key_by_key() -> None:
    stated = read_parameters({"topup_rates": {"a": "0.5"}, "tekun_care_monthly": {"home_based": {"disabled": "1"}}})
    merged = stated.over(read_parameters(SAMPLE))
    assert (str(merged.topup_rates.a), str(merged.topup_rates.b)) == ("0.5", "0.20")
    assert str(merged.tekun_care_monthly.home_based.disabled) == "1"
    assert str(merged.tekun_care_monthly.home_based.semi_disabled) == "356.00"
    assert str(merged.tekun_care_monthly.institutional.disabled) == "890.00"


def test_the_output_names_all_parameters_in_force() -> None:
    reading = read_household(family())
    assert assess(reading.facts, reading.parameters.whole).as_dict()["parameters"] == SAMPLE
