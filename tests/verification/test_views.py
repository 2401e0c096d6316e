from collections.abc import Iterator
from typing import Any

import pytest
import tablib
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from households.models import Household, Person
from households.services import record_consent
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.households.builders import data, head, register
from tests.support.factories import AT, ON, make_staff
from tests.verification.test_services import DIFFERS, DUE
from verification import services
from verification.models import MeansCheck

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


def as_staff(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def to(name: str, *args: Any) -> str:
    return reverse(f"verification:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def operator(county: None) -> Staff:
    return make_staff(Role.VERIFICATION_OPERATOR, "341824", name="周核")


def ask(clerk: Staff, name: str = "胡德旺", **where: str) -> MeansCheck:
    family: Household = register(clerk, head=data(name), **where)
    record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON)
    return services.request_means_check(family, by=clerk, on=ON, due=DUE)


def answer(**more: str) -> dict[str, str]:
    form = {"result": "alert", "note": "", "findings-TOTAL_FORMS": "3", "findings-INITIAL_FORMS": "0"}
    for row in range(3):
        form[f"findings-{row}-agrees"] = "yes"
    form |= {"findings-0-source": "bank", "findings-0-declared": "1.5万", "findings-0-found": "16,400"}
    return form | {"findings-0-agrees": "no", "findings-0-handling": "待说明"} | more


def test_a_check_goes_from_the_list_to_its_answer(clerk: Staff, operator: Staff) -> None:
    check, browser = ask(clerk), as_staff(operator)
    page = text_of(browser.get(to("list")))
    assert "胡德旺家庭" in page and check.batch_number in page and "回填" in page and "lamp" in page
    page = text_of(browser.get(to("answer", check.pk)))
    assert head(check.household).person.id_number.reveal() not in page
    assert browser.post(to("answer", check.pk), answer()).status_code == 302
    finding = check.findings.get()
    assert (str(finding.declared), str(finding.found), finding.agrees) == ("15000.00", "16400.00", False)
    page = text_of(browser.get(to("detail", check.pk)))
    assert "16,400.00" in page and "不一致" in page and "回填结果" not in page
    assert "没有待核对" in text_of(browser.get(to("list")))
    assert check.batch_number in text_of(browser.get(to("list"), {"state": "answered"}))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"result": ""}, "请选择核对结果"),
        ({"result": "clean"}, "不能选"),
        ({"findings-0-found": "-1"}, "负数"),
        ({"findings-0-found": "许多"}, "请填金额"),
        ({"findings-0-source": ""}, "请选择来源"),
        ({"findings-0-member": "999999"}, "999999"),
    ],
)
def test_a_wrong_answer_is_named_and_stays_typed(
    clerk: Staff, operator: Staff, typed: dict[str, str], sentence: str
) -> None:
    check = ask(clerk)
    response = as_staff(operator).post(to("answer", check.pk), answer(**typed))
    page = text_of(response)
    assert response.status_code == 200 and sentence in page and 'value="待说明"' in page
    assert MeansCheck.objects.get().state == "requested"


def test_the_township_tells_the_family_and_withdraws(clerk: Staff, operator: Staff) -> None:
    browser, check, second = as_staff(clerk), ask(clerk), ask(clerk, "程国富")
    services.answer_means_check(check, result="alert", findings=[DIFFERS], by=operator, on=ON)
    assert browser.post(to("tell", check.pk), {"statement": ""}).status_code == 422
    assert browser.post(to("tell", check.pk), {"statement": "多出的是利息。"}).status_code == 302
    assert "多出的是利息。" in text_of(browser.get(to("detail", check.pk)))
    assert browser.post(to("withdraw", second.pk)).status_code == 302
    assert "不能撤回" in text_of(browser.post(to("withdraw", second.pk), follow=True))


def test_the_operator_sees_a_number_in_full_on_record(clerk: Staff, operator: Staff) -> None:
    check, browser = ask(clerk), as_staff(operator)
    member = head(check.household)
    url = to("reveal", check.pk, member.pk)
    assert browser.post(url, {}).status_code == 422
    assert member.person.id_number.reveal() in text_of(browser.post(url, {"reveal-reason": "配合核查"}))
    record = AccessRecord.objects.get(kind="reveal")
    assert (record.staff, record.subject_id, record.reason) == (operator, member.pk, "配合核查")


def test_others_find_nothing(clerk: Staff, operator: Staff) -> None:
    check = ask(clerk)
    neighbour = as_staff(make_staff(Role.TOWNSHIP_OFFICER, "341824100"))
    member = head(check.household)
    urls = [to(name, check.pk) for name in ("detail", "tell", "withdraw")] + [to("reveal", check.pk, member.pk)]
    for url in urls:
        response = neighbour.get(url) if url == urls[0] else neighbour.post(url, {"statement": "x"})
        assert response.status_code == 404 and "胡德旺" not in text_of(response), url
    assert neighbour.get(to("answer", check.pk)).status_code == 403
    assert "胡德旺" not in text_of(neighbour.get(to("list")))
    assert as_staff(clerk).post(to("answer", check.pk), answer()).status_code == 403
    assert as_staff(operator).post(to("withdraw", check.pk)).status_code == 403
    assert as_staff(make_staff(Role.FINANCE_OFFICER, "341824")).get(to("list")).status_code == 403


@pytest.mark.parametrize("query", [{"state": "moon"}, {"township": "341824199"}, {"result": "x"}])
def test_a_filter_that_cannot_be_read_lists_nothing(clerk: Staff, operator: Staff, query: dict[str, str]) -> None:
    ask(clerk)
    shown = as_staff(operator).get(to("list"), query)
    assert shown.status_code == 422 and shown.context["rows"] == []
    assert shown.context["form"].errors.keys() == query.keys()


def test_the_list_is_cut_sorted_and_shows_the_columns_asked_for(clerk: Staff, operator: Staff) -> None:
    check, browser = ask(clerk), as_staff(operator)
    assert check.batch_number in text_of(browser.get(to("list"), {"township": "341824101", "sort": "-area"}))
    other = text_of(browser.get(to("list"), {"township": "341824100"}))
    assert check.batch_number not in other and "没有符合条件" in other
    narrow = text_of(browser.get(to("list"), {"cols": ["due"]}))
    assert 'data-label="期限"' in narrow and 'data-label="批次号"' not in narrow


def test_the_export_holds_exactly_what_is_filtered_and_is_on_record(clerk: Staff) -> None:
    check = ask(clerk, "胡德旺")
    # What was typed before names were looked at.
    Person.objects.filter(pk=head(check.household).person_id).update(name="=1+1")
    ask(make_staff(Role.TOWNSHIP_OFFICER, "341824100"), "唐玉兰", code="341824100001")
    browser = as_staff(clerk)
    sheet = tablib.Dataset().load(browser.post(to("export")).content, format="xlsx")
    assert [row[:3] for row in sheet] == [(check.batch_number, check.household.number, "'=1+1")]
    assert head(check.household).person.id_number.reveal() not in str(list(sheet))
    record = AccessRecord.objects.get(kind="export")
    assert (record.staff, record.reason) == (clerk, "导出核对名单1次")
    assert record.person_ids == [head(check.household).person_id]
    answered = tablib.Dataset().load(browser.post(to("export") + "?state=answered").content, format="xlsx")
    assert len(answered) == 0
    refused = browser.post(to("export") + "?state=moon")
    assert refused.status_code == 400 and "没有导出" in text_of(refused)


def test_the_list_asks_equally_at_1_3_and_50_rows(clerk: Staff, operator: Staff) -> None:
    browser, counts = as_staff(operator), []
    for more in (1, 2, 47):
        for _ in range(more):
            ask(clerk)
        browser.get(to("list"), {"size": 50})
        with CaptureQueriesContext(connection) as counter:
            browser.get(to("list"), {"size": 50})
        counts.append(len(counter))
    assert len(set(counts)) == 1, counts
