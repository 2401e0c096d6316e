"""Assessments of families, stored ones, and the keeping of parameters."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, transaction

from eligibility import rules, services
from eligibility.models import Assessment, Parameter, ParameterChange, SourceDocument
from eligibility.queries import MissingParameters, parameters_in_force
from foundation.errors import NotPermitted
from households.models import Household, Income, Member
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.support.factories import ON, area, make_household, make_id_number, make_person, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
KEY = "dibao_monthly_standard"


@pytest.fixture
def family() -> Household:
    """The head, severely disabled, and a wife who earns 18000 a year."""
    household = make_household()
    household.members.update(joined_on=date(2021, 1, 1))
    born = date(1972, 2, 2)
    person = make_person(name="汪秋菊", sex="female", birth_date=born, id_number=make_id_number(birth_date=born))
    wife = Member.objects.create(
        household=household, person=person, relation="spouse", joined_on=date(2021, 1, 1), order=1
    )
    Income.objects.create(member=wife, kind="wage", year=2026, yearly_amount=12000, entered_by=household.registered_by)
    return household


# --- Assessing -----------------------------------------------------------------------------------------------------


def test_a_family_is_assessed_by_the_parameters_of_its_place_and_day(family: Household) -> None:
    assessment = services.assess_household(family, on=ON, year=2026)
    # 755 × 2 − 1000
    assert assessment.dibao.monthly_amount == Decimal("510.00")
    assert assessment.household.per_capita_monthly == Decimal("500.00")
    earlier = services.assess_household(family, on=date(2022, 3, 1), year=2026)
    assert earlier.dibao.monthly_amount == Decimal("340.00")  # 670 × 2 − 1000


def test_an_award_in_force_makes_it_a_review(family: Household) -> None:
    award = rules.AwardInForce(
        persons=tuple(member.reference for member in family.members.all()), monthly_amount=Decimal("500")
    )
    assessment = services.assess_household(family, on=ON, year=2026, award=award)
    assert (assessment.dibao.outcome, assessment.dibao.change) == ("continue", "raise")


def test_a_hardship_brings_the_guideline(family: Household) -> None:
    hardship = rules.Hardship(type=rules.HardshipType.URGENT, proposed_amount=Decimal("3120.01"))
    aid = services.assess_household(family, on=ON, year=2026, hardship=hardship).temporary_aid
    assert aid is not None
    assert (aid.min, aid.max, aid.verdict) == (Decimal("1560.00"), Decimal("3120.00"), "needs_collective_decision")


def test_without_parameters_the_refusal_names_them(family: Household) -> None:
    with pytest.raises(MissingParameters, match="低保标准"):
        services.assess_household(family, on=date(2021, 6, 30), year=2026)


def test_a_family_without_a_head_is_refused_in_words(family: Household) -> None:
    family.members.filter(relation="head").update(relation="parent")
    with pytest.raises(services.NotAssessable, match="0个户主"):
        services.assess_household(family, on=ON, year=2026)


@pytest.mark.parametrize("size", [1, 3, 8])
def test_queries_do_not_grow_with_the_family(size: int, django_assert_num_queries: Any) -> None:
    household = make_household()
    for place in range(size - 1):
        person = make_person(name=f"胡{place}")
        Member.objects.create(household=household, person=person, relation="sibling", joined_on=ON)
    household = Household.objects.get(pk=household.pk)
    with django_assert_num_queries(9):  # eight of facts, one of parameters
        services.assess_household(household, on=ON, year=2026)


# --- Storing -------------------------------------------------------------------------------------------------------


def test_a_stored_assessment_holds_the_whole_input_and_neither_names_nor_id_numbers(family: Household) -> None:
    stored = services.store_assessment(family, on=ON, year=2026, by=family.registered_by)
    stored = Assessment.objects.get(pk=stored.pk)
    assert (stored.on, stored.engine_version, stored.made_by) == (ON, services.engine_version(), family.registered_by)
    text = json.dumps([stored.facts, stored.parameters, stored.result], ensure_ascii=False)
    for member in family.members.select_related("person"):
        assert member.reference in text
        assert member.person.name not in text
        assert member.person.id_number.reveal() not in text


def test_a_stored_assessment_comes_out_the_same_when_reckoned_again(
    family: Household, keeper: Staff, source: SourceDocument
) -> None:
    award = rules.AwardInForce(persons=("m1",), monthly_amount=Decimal("99"), basis=rules.AwardBasis.SINGLE_PERSON)
    hardship = rules.Hardship(type=rules.HardshipType.EXPENDITURE, proposed_amount=Decimal("1500"))
    stored = services.store_assessment(
        family, on=ON, year=2026, by=family.registered_by, award=award, hardship=hardship
    )
    # What changes afterwards in the family or the county does not reach it.
    family.members.filter(relation="spouse").update(not_counted="in_prison")
    put("1.00", ON, by=keeper, source=source, late_reason="市政府文件追溯执行")
    again = services.reassess(Assessment.objects.get(pk=stored.pk))
    assert again.as_dict() == stored.result


def test_a_stored_assessment_cannot_be_changed(family: Household) -> None:
    stored = services.store_assessment(family, on=ON, year=2026, by=family.registered_by)
    with pytest.raises(Error, match=r"[Cc]annot update"), transaction.atomic():
        Assessment.objects.filter(pk=stored.pk).update(on=date(2026, 1, 1))


def test_staff_of_another_township_store_nothing(family: Household) -> None:
    stranger = make_staff(Role.TOWNSHIP_OFFICER, "341824102")
    with pytest.raises(NotPermitted):
        services.store_assessment(family, on=ON, year=2026, by=stranger)
    assert not Assessment.objects.exists()


# --- Parameters ----------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824")


@pytest.fixture
def source(keeper: Staff, whole_county: Area) -> SourceDocument:
    return services.record_source_document(
        "宣政秘〔2026〕9号", title="2026年度标准", by=keeper, area=whole_county, issued_on=date(2026, 6, 20)
    )


def enter(value: Any, day: date, *, by: Staff, source: SourceDocument, key: str = KEY, **facts: Any) -> ParameterChange:
    facts = {"area": area("341824"), "residence": "rural", **facts}
    return services.propose_parameter(key, value=value, from_day=day, source=source, by=by, on=ON, **facts)


def put(value: Any, day: date, *, by: Staff, source: SourceDocument, key: str = KEY, **facts: Any) -> Parameter:
    """Entered by one administrator, approved by another."""
    change = enter(value, day, by=by, source=source, key=key, **facts)
    return services.approve_change(change, by=second(), on=ON)


def second() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="另一名管理员")


def rural_standards() -> list[tuple[str, date, date | None, bool]]:
    rows = Parameter.objects.filter(key=KEY, residence="rural", valid__endswith=None) | Parameter.objects.filter(
        key=KEY, residence="rural", valid__startswith__gte=date(2025, 1, 1)
    )
    return [(row.value, row.valid.lower, row.valid.upper, row.is_sample) for row in rows.order_by("valid")]


def test_a_new_value_ends_the_running_one(keeper: Staff, source: SourceDocument) -> None:
    put("830.00", date(2026, 12, 1), by=keeper, source=source)
    assert rural_standards() == [
        ("755.00", date(2025, 7, 1), date(2026, 12, 1), True),
        ("830.00", date(2026, 12, 1), None, False),
    ]
    linxi = area("341824101200")
    figures = [
        parameters_in_force(linxi, residence="rural", on=day).dibao_monthly_standard
        for day in (date(2026, 11, 30), date(2026, 12, 1))
    ]
    assert figures == [Decimal("755.00"), Decimal("830.00")]


def test_a_value_before_a_later_one_ends_where_that_begins(keeper: Staff, source: SourceDocument) -> None:
    put("850.00", date(2027, 7, 1), by=keeper, source=source)
    put("830.00", date(2026, 12, 1), by=keeper, source=source)
    assert [row[:3] for row in rural_standards()] == [
        ("755.00", date(2025, 7, 1), date(2026, 12, 1)),
        ("830.00", date(2026, 12, 1), date(2027, 7, 1)),
        ("850.00", date(2027, 7, 1), None),
    ]


def test_a_value_from_the_same_day_is_corrected_in_place_and_keeps_its_history(
    keeper: Staff, source: SourceDocument
) -> None:
    put("830.00", date(2026, 12, 1), by=keeper, source=source)
    row = put("803.00", date(2026, 12, 1), by=keeper, source=source, note="更正笔误")
    history = Parameter.pgh_event_model.objects.filter(pgh_obj_id=row.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    assert [entry.value for entry in history] == ["830.00", "803.00"]
    assert (row.note, len(rural_standards())) == ("更正笔误", 2)


def test_a_township_may_have_a_value_of_its_own(keeper: Staff, source: SourceDocument) -> None:
    put(2, ON, by=keeper, source=source, key="max_houses", area=area("341824101"), residence="both")
    linxi, changan = area("341824101200"), area("341824102")
    figures = [parameters_in_force(place, residence="rural", on=ON).max_houses for place in (linxi, changan)]
    assert figures == [2, 1]


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("no_such_key", "1", "没有这个参数"),
        (KEY, "-1", "金额"),
        (KEY, 755, "金额"),
        ("max_houses", "1", "整数"),
        ("topup_base", "half", "以下之一"),
        ("topup_rates", {"a": "0.3"}, "不完整"),
        ("topup_rates", {"a": "0.3", "b": "0.2", "c": "0.1"}, "没有这一项"),
        ("tekun_care_monthly", {"home_based": {}}, "不完整"),
        (KEY, None, "null"),
    ],
)
def test_a_value_that_the_assessment_could_not_read_is_refused(
    keeper: Staff, source: SourceDocument, key: str, value: Any, message: str
) -> None:
    with pytest.raises(services.NotAParameter, match=message):
        put(value, ON, by=keeper, source=source, key=key)


def test_only_who_manages_parameters_changes_them(source: SourceDocument, whole_county: Area) -> None:
    clerk = make_staff(Role.COUNTY_APPROVER, "341824")
    with pytest.raises(NotPermitted):
        put("1.00", ON, by=clerk, source=source)
    with pytest.raises(NotPermitted):
        services.record_source_document("1", title="1", by=clerk, area=whole_county)


def test_a_source_document_is_recorded_once(keeper: Staff, source: SourceDocument, whole_county: Area) -> None:
    again = services.record_source_document(source.number, title="别的标题", by=keeper, area=whole_county)
    assert (again.pk, again.title) == (source.pk, "2026年度标准")


def test_loading_again_changes_nothing_and_leaves_the_countys_own_values(keeper: Staff, source: SourceDocument) -> None:
    put("830.00", date(2026, 12, 1), by=keeper, source=source)
    before = list(Parameter.objects.order_by("pk").values_list("pk", "value", "valid"))
    call_command("load_parameters", verbosity=0)
    assert list(Parameter.objects.order_by("pk").values_list("pk", "value", "valid")) == before
