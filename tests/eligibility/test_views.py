"""The pages of standards and parameters, and the partials of an assessment, through HTTP."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tablib import Dataset

from eligibility.models import Parameter, ParameterChange, SourceDocument
from eligibility.queries import findings_for_display
from eligibility.rules import FURTHER
from eligibility.rules.parameter_document import PARAMETERS
from eligibility.services import assess_household, load_parameters
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.support.factories import ON, make_household, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
LIST = "eligibility:list"


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23 09:30:00+08:00", tick=True):
        yield


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(county: None) -> Client:
    return signed_in(make_staff(Role.TOWNSHIP_OFFICER, "341824101"))


@pytest.fixture
def keeper(county: None) -> Client:
    return signed_in(make_staff(Role.SYSTEM_ADMINISTRATOR, "341824"))


def page(client: Client, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_what_is_in_force_today_with_source_and_marks(clerk: Client) -> None:
    text = page(clerk, LIST, size="50")
    assert "2026年11月23日有效" in text
    assert "低保标准（元/月）" in text and "755.00" in text and "780.00" in text
    assert "示例" in text and "本地做法" in text
    assert "民发〔2021〕57号" in text
    assert "调整<" not in text


def test_the_list_of_another_day_and_mark(clerk: Client) -> None:
    text = page(clerk, LIST, on="2022-07-01", residence="rural", marked="official")
    assert "705.00" in text and "宣政秘〔2022〕40号" in text
    assert "720.00" not in text
    assert "等于低保标准" not in text  # a sample


def test_a_day_without_parameters_says_so(clerk: Client) -> None:
    assert "这一天没有符合条件的标准与参数" in page(clerk, LIST, on="2000-01-01")


@pytest.mark.parametrize("query", [{"on": "never"}, {"residence": "moon"}, {"marked": "x"}])
def test_a_filter_that_makes_no_sense_lists_and_exports_nothing(clerk: Client, query: dict[str, str]) -> None:
    shown = clerk.get(reverse(LIST), query)
    assert shown.status_code == 422
    assert shown.context["rows"] == []
    assert shown.context["form"].errors.keys() == query.keys()
    exported = clerk.get(reverse("eligibility:export"), query)
    assert exported.status_code == 400
    assert "没有导出" in exported.content.decode()


def test_the_list_takes_the_same_queries_however_long(clerk: Client, whole_county: Area) -> None:
    sources = {"x": SourceDocument.objects.earliest("pk")}
    villages = list(Area.objects.filter(level="village"))
    row = {"key": "max_houses", "value": 2, "residence": "both", "from": "2026-01-01", "to": None, "source": "x"}
    counts = []
    page(clerk, LIST)  # the numbers beside the navigation are kept from here on
    for length in (1, 3, 50):
        for village in villages[:length]:
            load_parameters([row], area=village, sources=sources)
        with CaptureQueriesContext(connection) as queries:
            assert page(clerk, LIST, size="100").count("绩溪县") >= 1
        counts.append(len(queries))
    assert counts[1:] == counts[:1] * 2


def test_the_export_is_what_the_list_filters(clerk: Client) -> None:
    response = clerk.get(reverse("eligibility:export"), {"on": "2022-07-01", "residence": "rural"})
    data = Dataset().load(response.content, "xlsx")
    rows = list(data)
    assert data.headers[:4] == ["参数", "适用区划", "城乡", "值"]
    # The two of 刚性支出困难家庭 begin in 2025.
    assert len(rows) == len(PARAMETERS.keys) + len(FURTHER.keys) - 2
    standard = next(row for row in rows if row[0] == "低保标准（元/月）")
    assert standard[1:7] == ("绩溪县", "农村", "705.00", "2022-07-01", "2023-07-01", "宣政秘〔2022〕40号")


def test_the_history_begins_with_the_newest_and_marks_what_holds_today(clerk: Client) -> None:
    text = page(clerk, "eligibility:history", "dibao_monthly_standard")
    assert text.index("2025年7月1日起") < text.index("2022年7月1日起") < text.index("2021年7月1日起")
    assert text.count("现行") == 2  # urban and rural
    assert "绩溪县民政局2021年8月6日消息" in text


@pytest.mark.parametrize("name", ["eligibility:history", "eligibility:edit"])
def test_a_parameter_that_is_none_is_not_found(keeper: Client, name: str) -> None:
    assert keeper.get(reverse(name, args=["no_such"])).status_code == 404


def test_who_may_not_see_or_manage_parameters_is_refused(clerk: Client) -> None:
    assistant = signed_in(make_staff(Role.VILLAGE_ASSISTANT, "341824101200"))
    assert assistant.get(reverse(LIST)).status_code == 403
    assert clerk.get(reverse("eligibility:edit", args=["max_houses"])).status_code == 403
    assert clerk.post(reverse("eligibility:edit", args=["max_houses"]), {}).status_code == 403
    assert Client().get(reverse(LIST)).status_code == 302


def answers(**changed: Any) -> dict[str, Any]:
    county = Area.objects.get(level="county")
    return {
        "value": "8,300.5",
        "area": county.pk,
        "residence": "rural",
        "from_day": "2026-12-01",
        "source": "",
        "source_number": "宣政秘〔2026〕9号",
        "source_title": "2026年度标准",
        "source_issued_on": "2026-06-20",
        "note": "",
    } | changed


def approved() -> Any:
    """Another administrator approves the change that waits."""
    other = signed_in(make_staff(Role.SYSTEM_ADMINISTRATOR, "341824"))
    waiting = ParameterChange.objects.get(state="proposed")
    return other.post(
        reverse("eligibility:change", args=[waiting.pk]), {"act": "approve", "note": "核对无误", "checked": "on"}
    )


def test_a_new_value_with_a_new_source(keeper: Client) -> None:
    url = reverse("eligibility:edit", args=["dibao_monthly_standard"])
    response = keeper.post(url, answers(), follow=True)
    assert "“低保标准（元/月）”的调整已提交，另一名管理员审批同意后生效。" in response.content.decode()
    assert not Parameter.objects.filter(valid__startswith=date(2026, 12, 1)).exists()
    assert approved().status_code == 302
    row = Parameter.objects.get(key="dibao_monthly_standard", valid__startswith=date(2026, 12, 1))
    assert (row.value, row.residence, row.source.number, row.is_sample) == (
        "8300.50",
        "rural",
        "宣政秘〔2026〕9号",
        False,
    )
    assert row.source.issued_on == date(2026, 6, 20)


def test_a_new_value_with_a_known_source(keeper: Client) -> None:
    known = SourceDocument.objects.get(number="宣政秘〔2023〕26号")
    data = answers(source=known.pk, source_number="", source_title="", value="no")
    keeper.post(reverse("eligibility:edit", args=["phase_out_lower_inclusive"]), data | {"residence": "both"})
    approved()
    row = Parameter.objects.get(key="phase_out_lower_inclusive", valid__endswith=None)
    assert (row.value, row.source) == (False, known)


def test_without_any_source_the_form_says_what_is_missing_and_keeps_the_rest(keeper: Client) -> None:
    url = reverse("eligibility:edit", args=["dibao_monthly_standard"])
    text = keeper.post(url, answers(source_number="", source_title="")).content.decode()
    assert "请选择依据文件，或填新依据文件的文号。" in text
    assert 'value="8,300.5"' in text
    assert not Parameter.objects.filter(valid__startswith=date(2026, 12, 1)).exists()


@pytest.mark.parametrize("key", list(PARAMETERS.keys))
def test_every_parameter_can_be_saved_again_as_its_form_shows_it(keeper: Client, key: str) -> None:
    url = reverse("eligibility:edit", args=[key])
    form = keeper.get(url).context["form"]
    shown = {name: form[name].value() for name in form.value_names}
    response = keeper.post(url, answers(**shown, residence=form["residence"].value()))
    assert response.status_code == 302, response.context["form"].errors
    approved()
    after = Parameter.objects.get(key=key, valid__startswith=date(2026, 12, 1))
    running = Parameter.objects.get(key=key, residence=after.residence, valid__contains=ON)
    assert after.value == running.value


def test_the_lists_link_opens_the_value_that_it_stands_beside(keeper: Client) -> None:
    rural = Parameter.objects.get(key="dibao_monthly_standard", residence="rural", valid__contains=ON)
    form = keeper.get(reverse("eligibility:edit", args=[rural.key]), {"of": rural.pk}).context["form"]
    assert (form["value"].value(), form["residence"].value(), form["area"].value()) == (
        "755.00",
        "rural",
        rural.area_id,
    )
    assert f"?of={rural.pk}" in page(keeper, LIST)


def test_a_value_that_it_may_not_have_is_refused_beside_its_field(keeper: Client) -> None:
    url = reverse("eligibility:edit", args=["topup_rates"])
    data = answers(**{"value.a": "三成", "value.b": "0.2"})
    text = keeper.post(url, data).content.decode()
    assert "请填比例或倍数" in text
    assert 'value="三成"' in text


# --- Partials ------------------------------------------------------------------------------------------------------


def test_the_table_of_findings_names_people_and_works_the_sums_out() -> None:
    household = make_household()
    result = assess_household(household, on=ON, year=2026).as_dict()
    text = render_to_string("eligibility/_findings.html", {"findings": findings_for_display(result, household)})
    assert "低保：收入" in text and "9,060.00" in text and "胡德旺" in text
    assert household.members.get().reference not in text
