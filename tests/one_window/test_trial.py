"""The assessment beside the page, of what is typed and not saved (试算)."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from households import services as households
from households.models import Household, Income, Member, Supporter
from organizations.models import AccessRecord
from tests.one_window.conftest import at_work
from tests.one_window.walking import open_page, save, with_row
from tests.support.crews import HUAYANG, Crew, crew, family
from tests.support.factories import AT, make_id_number, terms_for
from tests.support.stories import Story, new_story

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 23)


@pytest.fixture
def story(people: Crew) -> Story:
    return new_story(people=people)


def add(people: Crew, household: Household, name: str, relation: str, born: date, **facts: Any) -> Member:
    data = households.MemberData(
        name=name,
        relation=relation,
        sex="male",
        birth_date=born,
        id_number=make_id_number(birth_date=born, male=True),
        facts=facts,
    )
    return households.add_member(household, data=data, by=people.officer, on=ON, at=AT)


def trial(window: Client, household: Household, fields: dict[str, Any], **more: Any) -> Any:
    answer = window.post(reverse("one_window:trial", args=[household.pk]), fields | more)
    assert answer.status_code == 200
    return answer


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_a_typed_income_changes_the_amount_and_writes_nothing(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    assert "每月2,143.00元" in text_of(trial(window, story.household, fields))
    before = (Income.objects.get(), Household.objects.get().version, AccessRecord.objects.count())
    answer = trial(window, story.household, fields, **{"incomes-0-yearly_amount": "1.2万"})
    assert "每月1,643.00元" in text_of(answer)
    assert "已按当前填写试算（未保存）" in text_of(answer)
    assert (Income.objects.get(), Household.objects.get().version, AccessRecord.objects.count()) == before
    assert Income.objects.get().yearly_amount == 6000


def test_the_trial_sends_no_write_to_the_database(story: Story, window: Client) -> None:
    fields = with_row(
        open_page(window, story.household),
        "members",
        name="胡小石",
        relation="child",
        id_number=make_id_number(birth_date=date(2012, 6, 1)),
    )
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        trial(window, story.household, fields)
    assert written == []
    assert not Member.objects.filter(person__name="胡小石").exists()


def test_new_rows_removed_rows_and_corrections_count_as_they_stand(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    born = date(2012, 6, 1)
    typed = with_row(
        fields,
        "members",
        name="胡小石",
        relation="child",
        id_number=make_id_number(birth_date=born),
        sex="",
        birth_date="",
    )
    answer = text_of(trial(window, story.household, typed))
    assert "共同生活的4人" in answer
    assert "新添的胡小石：收入和法定义务人，保存后再填" in answer
    removed = fields | {"members-1-DELETE": "on"}
    answer = text_of(trial(window, story.household, removed))
    assert "共同生活的2人" in answer
    assert "汪秋菊" not in answer


def test_what_is_typed_comes_out_as_it_does_once_saved(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    head = story.household.members.get(relation="head")
    typed = fields | {
        "household-residence": "urban",
        "household-income_stable": "on",
        "members-0-disability_level": "1",
        "members-0-unable_self_care": ["eating", "bathing"],
        "members-2-applies_alone": "on",
        "incomes-0-yearly_amount": "30000",
        "owned-financial_assets": "9000",
        "owned-vehicles": "1",
        f"known-known_{head.pk}": "on",
    }
    typed = with_row(typed, "expenses", kind="medical", yearly_amount="4000", member=str(head.pk))
    typed = with_row(
        typed, "supporters", member=str(head.pk), name="胡兄", relation="兄", birth_date="1960-01-01", yearly_income="0"
    )
    before = text_of(trial(window, story.household, typed))
    assert save(window, story.household, typed, section="means").status_code == 302
    after = text_of(trial(window, story.household, open_page(window, story.household)))
    assert before == after
    assert "每月" in before


def test_a_faulty_row_is_left_out_and_said(story: Story, window: Client) -> None:
    fields = open_page(window, story.household)
    typed = with_row(fields, "members", name="胡小石", relation="child", id_number="34182420120601123")
    answer = text_of(trial(window, story.household, typed, **{"incomes-0-yearly_amount": "六千"}))
    assert "成员第4行有错，暂未计入" in answer
    assert "收入第1行有错，暂按已保存的计入" in answer
    assert "每月2,143.00元" in answer
    begun = with_row(fields, "members", name="胡小石", relation="child")
    assert "成员第4行没有填完，暂未计入" in text_of(trial(window, story.household, begun))
    worth = text_of(trial(window, story.household, fields, **{"owned-vehicles": "-1"}))
    assert "四、财产有错，暂按已保存的计入" in worth


def test_finding_out_the_supporters_turns_unknown_into_an_amount(story: Story, window: Client) -> None:
    father = add(story.people, story.household, "胡老爹", "parent", date(1941, 2, 3))
    fields = open_page(window, story.household)
    asked = text_of(trial(window, story.household, fields))
    # The son at home is severely disabled and has no income: he owes support and is not able to give it.
    assert "胡老爹可能符合特困：五、法定义务人还没有查明" in asked
    assert f"#id_known-known_{father.pk}" in asked
    found = text_of(trial(window, story.household, fields, **{f"known-known_{father.pk}": "on"}))
    assert "特困</strong> 胡老爹" in found
    assert "其余3人" in found
    assert "可能符合特困" not in found
    able = with_row(
        fields | {f"known-known_{father.pk}": "on"},
        "supporters",
        member=str(father.pk),
        name="胡德财",
        relation="子",
        birth_date="1970-01-01",
        yearly_income="50000",
    )
    refused = text_of(trial(window, story.household, able))
    assert "家庭以外有能履行义务的法定义务人，不符合特困条件" in refused
    assert Supporter.objects.count() == 0


def test_who_could_apply_alone_is_named_and_once_asked_covered_alone(people: Crew, window: Client) -> None:
    story = new_story(people=people, yearly_wage="90000.00")
    fields = open_page(window, story.household)
    answer = text_of(trial(window, story.household, fields))
    assert "胡德旺是成年无业重度残疾人，可以单独提出申请" in answer
    assert "不低于低保标准" in answer
    alone = text_of(trial(window, story.household, fields, **{"members-0-applies_alone": "on"}))
    assert "单人户符合" in alone
    assert "只保障上面的人" in alone
    assert "低保</strong> 胡德旺" in alone


def test_what_is_not_typed_yet_is_told_with_the_way_to_it(story: Story, window: Client) -> None:
    fields = open_page(window, story.household) | {"incomes-0-DELETE": "on"}
    answer = text_of(trial(window, story.household, fields))
    assert '<a href="#means" data-jump>2026年的收入还没有填，暂按没有收入试算</a>' in answer


def test_an_empty_or_broken_page_is_assessed_as_recorded(story: Story, window: Client) -> None:
    assert "共同生活的3人" in text_of(trial(window, story.household, {}))
    assert "共同生活的3人" in text_of(trial(window, story.household, {"members-TOTAL_FORMS": "x", "page-year": "abc"}))


def test_the_neighbouring_township_finds_nothing_there(story: Story) -> None:
    neighbour = at_work(crew(HUAYANG).officer)
    assert neighbour.post(reverse("one_window:trial", args=[story.household.pk]), {}).status_code == 404


def test_it_is_posted_and_nobody_else_may(story: Story, window: Client) -> None:
    url = reverse("one_window:trial", args=[story.household.pk])
    assert window.get(url).status_code == 405
    assert at_work(story.people.operator).post(url, {}).status_code == 403


def test_three_and_eight_people_cost_the_same_queries(
    story: Story,
    window: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fields = open_page(window, story.household)
    trial(window, story.household, fields)
    with django_assert_max_num_queries(30) as context:
        trial(window, story.household, fields)
        small = len(context)
    for place in range(5):
        member = add(story.people, story.household, f"胡小{'甲乙丙丁戊'[place]}", "child", date(2010 + place, 6, 1))
        Income.objects.create(member=member, kind="wage", year=2026, yearly_amount=100, entered_by=story.people.officer)
    fields = open_page(window, story.household)
    with django_assert_num_queries(small):
        assert "共同生活的8人" in text_of(trial(window, story.household, fields))


def test_a_new_draft_begins_with_what_the_family_is_entitled_to(people: Crew, window: Client) -> None:
    terms_for("tekun")
    household = family(people)
    assert open_page(window, household)["application-schemes"] == "dibao"
    father = add(people, household, "胡老爹", "parent", date(1941, 2, 3))
    households.save_supporters(father, rows=[], known_all=True, by=people.officer, on=ON)
    fields = open_page(window, household)
    assert fields["application-schemes"] == ["dibao", "tekun"]
    # What was only suggested opens no draft, what the clerk ticks stays as it is.
    assert save(window, household, fields, **{"household-address": "二组8号"}).status_code == 302
    assert not household.intakes.exists()
    chosen = {"application-schemes": "tekun", "application-reason": "年老"}
    assert save(window, household, open_page(window, household), **chosen).status_code == 302
    assert open_page(window, household)["application-schemes"] == "tekun"


def test_a_mixed_family_reads_person_by_person_and_can_be_joined(story: Story, window: Client) -> None:
    terms_for("tekun")
    father = add(story.people, story.household, "胡老爹", "parent", date(1941, 2, 3))
    fields = open_page(window, story.household) | {f"known-known_{father.pk}": "on"}
    answer = text_of(trial(window, story.household, fields))
    grants = answer[answer.index("grants") : answer.index("以审核确认为准")]
    assert 0 < grants.index("特困</strong> 胡老爹") < grants.index("低保</strong> 其余3人")
    assert 'name="add_scheme" value="tekun"' in answer
    assert 'name="add_scheme" value="dibao"' not in answer
    ticked = text_of(trial(window, story.household, fields, **{"application-schemes": ["dibao", "tekun"]}))
    offered = set(re.findall(r'name="add_scheme" value="(\w+)"', ticked))
    assert not {"dibao", "tekun"} & offered
