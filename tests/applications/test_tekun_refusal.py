"""特困 refused: of each person who was considered the condition that is wanting, with its figures and clause; F43."""

from typing import Any

from applications.rules.matters.tekun import considered, deciding_sentence, failed_tests_for, suggest
from tests.eligibility.families import assessed, child, family, member, spouse, wage

SON = {"birth_date": "1985-01-01", "yearly_income": "90000.00"}


def failed(*members: Any, applicant: str = "a", **keys: Any) -> list[str]:
    return failed_tests_for(assessed(*members, **keys), family(*members, **keys), applicant)


def test_one_who_may_work_is_told_age_and_disability_not_of_minors_alone() -> None:
    (plain,) = failed(member(born="1981-01-01"))
    assert plain == (
        "成员“a”45周岁，没有登记残疾，不是60周岁以上的老年人、未满16周岁的未成年人或者规定等级的残疾人，不属于无劳动能力"
        "（依据：民发〔2021〕43号第五条）。"
    )
    (third,) = failed(member(born="1981-01-01", disability={"kind": "physical", "level": 3}))
    assert "45周岁，肢体残疾三级，不在智力、精神一至三级" in third


def test_income_is_over_by_so_much() -> None:
    (sentence,) = failed(member(born="1950-01-01", incomes=wage("9000"), supporters=[]))
    # 700 × 12 = 8,400 a year: over by 600.
    assert "本人年收入9,000.00元" in sentence and "超出600.00元（依据：民发〔2021〕43号第六条）" in sentence
    (equal,) = failed(member(born="1950-01-01", incomes=wage("8400"), supporters=[]))
    assert "等于标准，须低于标准" in equal


def test_property_is_named_with_its_figures() -> None:
    (sentence,) = failed(member(born="1950-01-01", supporters=[]), property={"houses": 4}, parameters={"max_houses": 2})
    assert "财产不符合规定，不属于无生活来源：有房屋4套，限2套，超出2套" in sentence


def test_an_able_son_outside_is_named_with_why_he_is_able() -> None:
    (sentence,) = failed(member(born="1950-01-01", supporters=[SON]))
    assert "家庭以外的第1位法定义务人不是特困人员，41周岁，未满70周岁" in sentence and "第八条" in sentence


def test_only_who_was_considered_is_spoken_of() -> None:
    family_of_three = (member(born="1950-01-01", supporters=[SON]), spouse(born="1980-01-01"), child(born="2005-01-01"))
    assert len(failed(*family_of_three)) == 1
    assert considered(assessed(*family_of_three), "b") == ["a", "b"]


def test_what_is_not_found_out_yet_is_no_ground_to_refuse() -> None:
    alone = (member(born="1950-01-01"),)
    assert failed(*alone) == []
    assert "尚未查明" in deciding_sentence(assessed(*alone), "a")
    found = suggest(assessed(*alone), family(*alone))
    assert found.is_unsettled and not found.is_eligible
