"""资格自测 as a page: for everybody, step by step, nothing typed is lost, nothing is kept anywhere."""

import logging
import re
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from eligibility.models import Parameter
from one_window.forms.self_test import Step
from one_window.views.self_test import MOST_BYTES, STEPS_A_MINUTE
from organizations.models import Area
from tests.one_window.conftest import at_work
from tests.one_window.telling import URL, Sent, family, person, tell, verdicts, with_relatives
from tests.support.crews import Crew

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures")]
COUPLE = family(person(70, wage="1234.56"), person(68, kin="spouse"), means__medical="4321", **{"place__people": "2口"})


def hidden(answer: Any) -> dict[str, list[str]]:
    """Names and values that travel with the page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.content.decode()):
        found.setdefault(name, []).append(value)
    return found


def at(step: Step, sent: Sent, go: str = "next") -> Sent:
    return sent | {"step": step.value, "go": go}


# --- For everybody, and nothing kept ------------------------------------------------------------------------------


def test_the_log_in_page_and_the_check_page_lead_to_it() -> None:
    for name in ("organizations:login", "documents:check"):
        assert f'href="{URL}"' in Client().get(reverse(name)).content.decode()


def test_anybody_opens_it_without_a_session_or_a_cookie() -> None:
    answer = Client().get(URL)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not answer.cookies
    assert "no-store" in answer["Cache-Control"]
    assert "不问姓名和身份证号" in page
    assert page.count("镇</option>") + page.count("乡</option>") == 11
    assert "绩溪县（不清楚是哪个乡镇）" in page
    assert "csrfmiddlewaretoken" not in page


def test_the_whole_way_writes_nothing_sets_nothing_and_logs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    client = Client(enforce_csrf_checks=True)
    with (
        caplog.at_level(logging.DEBUG),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        client.get(URL)
        for step in (Step.PLACE, Step.PEOPLE, Step.INCOMES, Step.MEANS):
            assert tell(at(step, COUPLE), client).status_code == 200
        answer = tell(with_relatives(COUPLE, "no"), client)
    assert verdicts(answer)["tekun"] == "likely"
    assert [query["sql"] for query in queries if not query["sql"].startswith("SELECT")] == []
    assert not client.cookies
    assert not Session.objects.exists()
    assert answer.request["QUERY_STRING"] == ""
    # SQL is written to the log by the capture itself, and holds nothing typed.
    assert not any(typed in caplog.text for typed in ("1234.56", "4321"))


def test_who_is_signed_in_keeps_their_session_as_it_was(people: Crew) -> None:
    client = at_work(people.officer)
    before = dict(client.session.items())
    tell(family(person(45)), client)
    assert dict(client.session.items()) == before


def test_addresses_hold_nothing_typed_and_unknown_names_do_not_come_back() -> None:
    answer = tell(at(Step.PEOPLE, COUPLE | {"evil": "<b>", "person-0-x y": "1", "go": "next"}))
    page = answer.content.decode()
    assert 'method="post" action="/self-test/"' in page
    assert "evil" not in page
    assert set(hidden(answer)) <= {"step", *(name for name in COUPLE)}


def test_questions_and_answer_cost_few_queries_whatever_the_family(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    large = family(person(45), *(person(9, "compulsory", "child") for _ in range(11)))
    with django_assert_max_num_queries(4):
        assert tell(large).status_code == 200


# --- Step by step -------------------------------------------------------------------------------------------------


def test_each_step_leads_to_the_next_and_carries_the_others() -> None:
    for step, following in ((Step.PLACE, "people"), (Step.PEOPLE, "incomes"), (Step.INCOMES, "means")):
        answer = tell(at(step, COUPLE))
        assert answer.context["step"] == following
        assert not answer.context["faults"]
        assert "place-area" in hidden(answer)
        assert f"第{Step(following).number}步，共4步" in answer.content.decode()


def test_a_step_reached_for_the_first_time_shows_no_faults() -> None:
    answer = tell({"step": "place", "place-area": "341824", "place-residence": "rural", "place-people": "3口人"})
    page = answer.content.decode()
    assert (answer.status_code, page.count("几周岁"), "请选一项" in page) == (200, 3, False)


def test_back_keeps_what_was_just_typed_even_if_it_is_wrong() -> None:
    answer = tell(at(Step.PEOPLE, COUPLE | {"person-0-age": "七十"}, "back"))
    assert (answer.status_code, answer.context["step"]) == (200, "place")
    assert hidden(answer)["person-0-age"] == ["七十"]
    assert 'value="2口"' in answer.content.decode()


def test_from_the_answer_any_step_can_be_mended() -> None:
    answer = tell(with_relatives(COUPLE, "no"))
    assert [button for button in re.findall(r'value="to-(\w+)"', answer.content.decode())] == [
        "place",
        "people",
        "incomes",
        "means",
        "relatives",
    ]
    mended = tell({**{name: values[0] for name, values in hidden(answer).items()}, "go": "to-incomes"})
    assert mended.context["step"] == "incomes"
    assert 'name="income-0-wage" value="1234.56"' in mended.content.decode()
    assert hidden(mended)["relatives-known"] == ["no"]


def test_a_person_is_added_and_another_taken_out_with_their_incomes() -> None:
    three = family(person(50, wage="1"), person(49, kin="spouse", wage="2"), person(9, "compulsory", "child", wage="3"))
    added = tell(at(Step.PEOPLE, three, "add-person"))
    assert (added.status_code, hidden(added)["place-people"]) == (200, ["4"])
    assert "第4个人" in added.content.decode()
    removed = tell(at(Step.PEOPLE, three | {"relative-0-of": "2", "relatives-unmanaged_2": "eating"}, "remove-1"))
    kept = hidden(removed)
    assert kept["place-people"] == ["2"]
    assert (kept["income-0-wage"], kept["income-1-wage"]) == (["1"], ["3"])
    assert "income-2-wage" not in kept
    assert "relative-0-of" not in kept
    assert 'name="person-1-age" value="9"' in removed.content.decode()


def test_no_more_people_than_there_is_room_for() -> None:
    twelve = family(person(45), *(person(9, "compulsory", "child") for _ in range(11)))
    assert "再加一个人" not in tell(at(Step.PEOPLE, twelve, "to-people")).content.decode()
    assert hidden(tell(at(Step.PEOPLE, twelve, "add-person")))["place-people"] == ["12"]
    answer = tell(at(Step.PLACE, COUPLE | {"place-people": "13"}))
    assert answer.status_code == 422
    assert "请直接到乡镇窗口" in answer.content.decode()


def test_a_relative_more_is_room_for_one_more() -> None:
    asked = with_relatives(COUPLE, "yes", {"age": "40"}, {"age": "38"})
    answer = tell(asked | {"go": "add-relative"})
    assert (answer.status_code, hidden(answer)["relatives-count"]) == (200, ["3"])
    assert "第3位亲人" in answer.content.decode()


@pytest.mark.parametrize("go", ["remove-0", "remove-99", "to-nowhere", "remove-x", "anything", ""])
def test_a_button_that_is_not_there_does_no_harm(go: str) -> None:
    assert tell(at(Step.PEOPLE, COUPLE, go)).status_code in (200, 422)


@pytest.mark.parametrize("step", ["nowhere", "", "9"])
def test_a_step_that_is_not_there_is_the_first(step: str) -> None:
    assert tell(COUPLE | {"step": step}).context["step"] == "people"


def test_large_type_in_the_middle_keeps_what_was_typed_and_judges_nothing() -> None:
    client = Client()
    sent = at(Step.PEOPLE, COUPLE | {"person-0-age": "七十"}, "stay")
    answer = client.post(f"{URL}?large=1", sent, REMOTE_ADDR="10.9.9.9")
    page = answer.content.decode()
    assert (answer.status_code, list(answer.cookies)) == (200, ["large_print"])
    assert 'class="public-page large ' in page
    assert 'value="七十"' in page
    assert "请填数字" not in page
    assert 'formaction="/self-test/?large=0"' in page


def test_large_type_on_the_answer_answers_again() -> None:
    answer = tell(with_relatives(COUPLE, "no"))
    assert re.search(r'name="go"\s+value="next"', answer.content.decode())
    again = tell({**{name: values[0] for name, values in hidden(answer).items()}, "go": "next"})
    assert verdicts(again) == verdicts(answer)


# --- What is wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "name", "typed", "message"),
    [
        ("place", "place-area", "110101001", "请选列出来的一项"),
        ("place", "place-area", "", "您家在哪个乡镇：请选一项"),
        ("place", "place-residence", "sea", "请选列出来的一项"),
        ("place", "place-people", "两", "请填数字，例如 3。"),
        ("place", "place-people", "0", "至少1人，您自己也算"),
        ("people", "person-0-age", "七十", "第1个人，几周岁：请填数字"),
        ("people", "person-1-age", "-1", "第2个人，几周岁：请填0以上的数"),
        ("people", "person-0-age", "121", "请核对年龄，最多填120"),
        ("people", "person-1-kin", "", "第2个人，是户主的什么人：请选一项"),
        ("people", "person-0-occupation", "preschool", "70岁，选的是“还没上学、上幼儿园”，请核对"),
        ("people", "person-0-occupation", "king", "请选列出来的一项"),
        ("people", "person-0-disability_kind", "visual", "请选残疾证上的等级"),
        ("people", "person-0-disability_level", "2", "请选残疾证上的类别"),
        ("incomes", "income-0-wage", "三千", "户主（70岁），打工、上班挣的钱（一年）：请填金额"),
        ("incomes", "income-1-support", "-5", "金额不能是负数"),
        ("incomes", "income-1-support", "1.234", "最多保留两位小数"),
        ("means", "means-savings", "很多", "请填金额"),
        ("means", "means-vehicles", "1", "请填最贵的一辆现在大约值多少钱"),
        ("means", "means-vehicle_value", "3万", "有几辆汽车、货车：填了车值多少钱，请填有几辆"),
        ("means", "means-houses", "100", "有几套（处）房子："),
        ("means", "means-mishap", "", "请选一项"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_everything_typed_stays(
    step: str, name: str, typed: str, message: str
) -> None:
    answer = tell(at(Step(step), COUPLE | {name: typed}))
    page = answer.content.decode()
    assert (answer.status_code, answer.context["step"]) == (422, step)
    assert message in page
    assert "data-error-summary" in page
    target = answer.context["faults"][0][0]
    assert f'id="{target}"' in page
    kept = hidden(answer)
    for other, value in COUPLE.items():
        if other in ("step", "go") or other == name:
            continue
        assert kept.get(other) == [value] or f'value="{value}"' in page, other
    if typed and name.endswith(("people", "age", "wage", "support", "savings", "houses")):
        assert f'value="{typed}"' in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"relatives-known": ""}, "有没有这样的亲人：请选一项"),
        ({"relatives-known": "yes"}, "请至少填一位亲人"),
        ({"relatives-known": "yes", "relative-1-yearly_income": "1万"}, "第2位亲人，几周岁：请填这位亲人几周岁"),
        ({"relatives-known": "yes", "relative-0-ability": "tekun"}, "请填这位亲人几周岁"),
        ({"relatives-known": "yes", "relative-0-age": "40", "relative-0-of": "7"}, "请选列出来的一项"),
        ({"relatives-known": "no", "relatives-unmanaged_0": "flying"}, "有哪些事自己做不了"),
    ],
)
def test_what_is_wrong_about_relatives_is_said_too(typed: Sent, message: str) -> None:
    answer = tell(with_relatives(COUPLE, "") | typed)
    assert (answer.status_code, answer.context["step"]) == (422, "relatives")
    assert message in answer.content.decode()


def test_rows_left_over_do_not_count_once_there_is_nobody() -> None:
    answer = tell(with_relatives(COUPLE, "no", {"age": "很老", "yearly_income": "?"}))
    assert verdicts(answer)["tekun"] == "likely"


def test_two_spouses_are_one_too_many() -> None:
    two = family(person(45), person(44, kin="spouse"), person(40, kin="spouse"))
    answer = tell(at(Step.PEOPLE, two))
    assert answer.status_code == 422
    assert [sentence for _, sentence in answer.context["faults"]] == [
        "第3个人，是户主的什么人：户主的配偶只能有一位，请核对。"
    ]


@pytest.mark.parametrize("go", ["next", "stay", "to-relatives", "back"])
def test_a_step_is_not_reached_while_an_earlier_one_is_wrong(go: str) -> None:
    answer = tell(at(Step.RELATIVES, COUPLE | {"person-0-age": "?"}, go))
    assert (answer.status_code, answer.context["step"]) == (422, "people")


def test_empty_and_broken_posts_are_asked_the_first_question() -> None:
    for sent in ({}, {"step": "means"}, {"step": "relatives", "go": "add-relative"}):
        answer = tell(sent)
        assert (answer.status_code, answer.context["step"]) == (422, "place")


# --- Limits -------------------------------------------------------------------------------------------------------


def test_too_many_from_one_address_wait_a_minute_with_everything_typed(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cache.clear()
    client = Client()
    for _ in range(STEPS_A_MINUTE):
        assert client.post(URL, {"step": "place"}).status_code == 422
    with django_assert_num_queries(0):
        answer = client.post(URL, at(Step.INCOMES, COUPLE))
    page = answer.content.decode()
    assert answer.status_code == 429
    assert "请过一分钟再按" in page
    assert "您填的内容都还在" in page
    assert {name: values[0] for name, values in hidden(answer).items()} == {
        name: value for name, value in COUPLE.items() if name != "go"
    } | {"step": "incomes"}
    assert tell(at(Step.INCOMES, COUPLE)).status_code == 200  # somebody elsewhere
    assert client.get(URL).status_code == 200


def test_more_than_any_family_types_is_not_read() -> None:
    answer = tell(COUPLE | {"means-medical": "1" * MOST_BYTES})
    assert answer.status_code == 413
    assert "提交的内容太大" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_but_reading_and_sending(method: str) -> None:
    assert getattr(Client(), method)(URL).status_code == 405


# --- Figures and places -------------------------------------------------------------------------------------------


def test_sample_figures_are_said_to_be_samples() -> None:
    page = tell(family(person(45))).content.decode()
    assert re.search(r"县里有\d+项标准还没有核定", page)
    assert "农村低保标准" not in page.split("示例数：")[0]
    Parameter.objects.update(is_sample=False)
    assert "还没有核定" not in tell(family(person(45))).content.decode()


def test_without_figures_the_page_says_so_and_where_to_go() -> None:
    with time_machine.travel("2021-06-30 10:00:00+08:00"):
        answer = tell(family(person(45)))
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "这不影响您申请" in page
    assert "临溪镇为民服务中心社会救助窗口" in page


def test_whom_to_call_is_the_township_and_else_the_hotline() -> None:
    assert 'href="tel:12345"' in tell(family(person(45))).content.decode()
    Area.objects.filter(code="341824101").update(telephone="0563-8160001")
    page = tell(family(person(45))).content.decode()
    assert 'href="tel:0563-8160001"' in page
    assert 'href="tel:12345"' in page
    county = tell(family(person(45), place__area="341824")).content.decode()
    assert "户口所在乡镇的为民服务中心社会救助窗口" in county


def test_the_answer_shows_each_step_of_the_sum_with_its_clause() -> None:
    page = tell(family(person(45, wage="2000"))).content.decode()
    assert "月人均收入：2,000.00元÷12月÷1人＝166.66元" in page
    assert "国务院令第649号第九条" in page
    assert "建议C类" not in page
    assert "<script>" not in page
