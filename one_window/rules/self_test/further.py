"""What else the same family may ask for, and where; 绩办〔2021〕27号 items 4–7 and 9. The departments decide."""

from collections.abc import Iterator
from dataclasses import dataclass

from eligibility.rules import Assessment, DibaoOutcome, MarginalOutcome, Residence, TekunOutcome
from eligibility.rules.ages import ADULT, LABOUR_BEFORE, LABOUR_FROM
from one_window.rules.self_test.answers import Housing, Occupation, PersonTold, Told
from one_window.rules.self_test.facts import person_id, yearly_income

_SCHOOLS = {
    Occupation.PRESCHOOL: "幼儿园资助",
    Occupation.COMPULSORY: "小学、初中的生活补助",
    Occupation.SENIOR_HIGH: "高中免学杂费、助学金",
    Occupation.VOCATIONAL: "中专、技校免学费、助学金",
    Occupation.UNDERGRADUATE: "大学助学金、助学贷款",
}
_MOST_SEVERE_LEVEL = 2
_KINDERGARTEN_FROM = 3


@dataclass(frozen=True)
class Further:
    """One more thing to ask for, of one kind, and who deals with it."""

    kind: str
    title: str
    where: str


def further(told: Told, result: Assessment) -> tuple[Further, ...]:
    """What else to ask for beside the schemes themselves."""
    tekun = {row.member for row in result.tekun if row.outcome is TekunOutcome.ELIGIBLE}
    is_poor = (
        result.dibao.outcome is DibaoOutcome.ELIGIBLE or result.marginal is MarginalOutcome.ELIGIBLE or bool(tekun)
    )
    outside = tuple(person for index, person in enumerate(told.people) if person_id(index) not in tekun)
    found = [*_disability(outside, is_poor=is_poor), *_work(told.people)]
    if is_poor:
        found = [*_medical(told), *_education(told), *_housing(told), *found]
    if is_without_adult(told) or any(
        person.age < ADULT and person_id(index) in tekun for index, person in enumerate(told.people)
    ):
        found.append(
            Further("orphan", "孤儿、事实无人抚养儿童的基本生活费（和特困只能选一样）", "乡镇窗口或村（居）委会")
        )
    if not is_poor and _spends_much(told, result):
        found.append(
            Further(
                "rigid_spending",
                "刚性支出困难家庭认定：看病、上学等必须的花费占了收入一大半的家庭",
                "乡镇窗口；占多少才算，由当地规定",
            )
        )
    return tuple(found)


def is_without_adult(told: Told) -> bool:
    """Only children live there, orphans or left to themselves."""
    return all(person.age < ADULT for person in told.people)


def _spends_much(told: Told, result: Assessment) -> bool:
    """刚性支出困难家庭: below the average income, property in order, and more spent than left.

    The share that counts is set locally (刚性支出困难家庭认定办法); this only says whom it is worth asking.
    """
    spent, income = told.medical + told.disability + told.education, yearly_income(told)
    average = result.parameters.per_capita_disposable_income_yearly
    is_below_average = income < average * len(told.people)
    return result.household.property_ok and is_below_average and spent * 2 > income


def _medical(told: Told) -> Iterator[Further]:
    if told.medical or any(person.is_seriously_ill for person in told.people):
        yield Further("medical", "看病：帮助参加医保、医疗费用救助", "县医保局，也可在乡镇窗口一起提出")


def _education(told: Told) -> Iterator[Further]:
    schools = {
        person.occupation
        for person in told.people
        if person.occupation is not Occupation.PRESCHOOL or person.age >= _KINDERGARTEN_FROM
    }
    return (
        Further("education", f"上学：{title}", "孩子的学校") for school, title in _SCHOOLS.items() if school in schools
    )


def _housing(told: Told) -> Iterator[Further]:
    if told.housing is Housing.SOUND:
        return
    if told.residence is Residence.RURAL and told.housing is Housing.UNSAFE:
        yield Further("housing", "住房：农村危房改造", "村委会、乡镇，由县住建局鉴定")
    else:
        yield Further("housing", "住房：公租房、租房补贴", "县住建局")


def _disability(people: tuple[PersonTold, ...], *, is_poor: bool) -> Iterator[Further]:
    """残疾人两项补贴; who is 特困 gets neither."""
    levels = {person.disability_level for person in people if person.disability_kind is not None}
    if any(level <= _MOST_SEVERE_LEVEL for level in levels):
        yield Further("disability", "重度残疾人护理补贴", "乡镇残联窗口")
    if is_poor and levels:
        yield Further("disability", "困难残疾人生活补贴", "乡镇残联窗口")


def _work(people: tuple[PersonTold, ...]) -> Iterator[Further]:
    if any(person.occupation is Occupation.SEEKING and _is_of_working_age(person) for person in people):
        yield Further("employment", "找活干：介绍工作、技能培训、公益性岗位", "县人社局或乡镇社保所")


def _is_of_working_age(person: PersonTold) -> bool:
    return LABOUR_FROM <= person.age < LABOUR_BEFORE
