"""Amounts that rest on sample figures (示例) or local practice (本地做法) say so, wherever they are shown."""

from datetime import date

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from applications.rules.process import CaseState
from eligibility.checks import check_sample_figures
from eligibility.models import Parameter, SourceDocument
from eligibility.queries import marked_figures, sample_figures
from organizations.permissions import Role
from tests.support.cases import Desk
from tests.support.crews import LINXI, START
from tests.support.factories import area, make_staff
from tests.support.stories import case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
DAY = date(2026, 11, 23)


@pytest.fixture
def figures() -> None:
    call_command("load_parameters", verbosity=0)


def officially(key: str, residence: str) -> None:
    """The county enters an official document for a figure."""
    document = SourceDocument.objects.create(number="绩民〔2026〕9号", title="关于调整标准的通知")
    Parameter.objects.filter(key=key, residence=residence, valid__contains=DAY).update(is_sample=False, source=document)


def keys(scheme: str, residence: str = "rural") -> set[str]:
    found = marked_figures(area(LINXI), residence=residence, on=DAY, scheme=scheme)
    assert all(figure.is_sample for figure in found.samples)
    assert not any(figure.is_sample for figure in found.local)
    return {figure.key for figure in found.samples}


@pytest.mark.usefixtures("figures")
def test_each_scheme_names_its_own_samples() -> None:
    assert "dibao_monthly_standard" in keys("dibao")
    assert not any(key.startswith("tekun_") for key in keys("dibao"))
    assert keys("tekun") == {"tekun_basic_monthly_amount", "tekun_care_monthly", "elderly_age"}
    assert keys("") == keys("dibao") | keys("tekun")
    officially("dibao_monthly_standard", "rural")
    assert "dibao_monthly_standard" not in keys("dibao")
    assert "dibao_monthly_standard" in keys("dibao", residence="urban")


@pytest.mark.usefixtures("figures")
def test_the_figure_of_the_nearest_area_counts_alone() -> None:
    county = Parameter.objects.get(key="dibao_monthly_standard", residence="rural", valid__contains=DAY)
    Parameter.objects.create(
        key=county.key,
        value="760.00",
        area=area(LINXI),
        residence="rural",
        valid=DateRange(date(2026, 1, 1), None),
        source=SourceDocument.objects.create(number="临政〔2026〕1号", title="试点"),
        is_local_practice=True,
    )
    found = marked_figures(area(LINXI), residence="rural", on=DAY, scheme="dibao")
    assert [figure.value for figure in found.local if figure.key == county.key] == ["760.00"]
    assert county.key not in {figure.key for figure in found.samples}


@pytest.mark.usefixtures("figures")
def test_the_deployment_check_warns_until_every_sample_is_replaced() -> None:
    with time_machine.travel("2026-11-23T12:00:00+08:00", tick=False):
        (warning,) = check_sample_figures(None, databases=["default"])
        found = run_checks(include_deployment_checks=True, databases=["default"])
        plain = run_checks(databases=["default"])
        assert warning.id == "eligibility.W001"
        assert f"有{len(sample_figures(on=DAY))}项标准" in warning.msg
        assert warning.id in {message.id for message in found}
        assert warning.id not in {message.id for message in plain}
        Parameter.objects.filter(is_sample=True).update(is_sample=False)
        assert check_sample_figures(None, databases=["default"]) == []
    assert check_sample_figures(None) == []


@pytest.mark.parametrize(
    ("role", "code", "link"),
    [
        (Role.SYSTEM_ADMINISTRATOR, "341824", "eligibility:edit"),
        (Role.COUNTY_OFFICER, "341824", "eligibility:history"),
        (Role.COUNTY_APPROVER, "341824", "eligibility:history"),
        (Role.TOWNSHIP_OFFICER, LINXI, ""),
        (Role.AUDITOR, "341824", ""),
    ],
)
@pytest.mark.usefixtures("figures")
def test_the_home_page_of_who_answers_for_the_figures_names_the_samples(role: Role, code: str, link: str) -> None:
    desk = Desk(make_staff(role, code, on=START), on=DAY)
    text = desk.fetch(reverse("workbench:home")).content.decode()
    assert ("标准为示例数据，使用前请县民政局录入正式文件" in text) is bool(link)
    if link:
        address = reverse(link, args=["dibao_monthly_standard"])
        assert f'href="{address}"' in text
        assert desk.fetch(address).status_code == 200
        Parameter.objects.filter(is_sample=True).update(is_sample=False)
        assert "示例数据" not in desk.fetch(reverse("workbench:home")).content.decode()


def test_the_case_page_and_the_intake_say_what_their_amounts_rest_on() -> None:
    story = case_in(CaseState.PROPOSED)
    pages = [
        reverse("applications:detail", args=[story.case.pk]),
        reverse("one_window:intake", args=[story.household.pk]),
    ]
    desk = Desk(story.people.officer, on=story.today)
    for page in pages:
        text = desk.fetch(page).content.decode()
        assert "项示例标准：县民政局还没有录入正式文件" in text
        assert reverse("eligibility:history", args=["dibao_monthly_standard"]) in text
    case_page = desk.fetch(pages[0]).content.decode()
    assert reverse("eligibility:history", args=["tekun_basic_monthly_amount"]) not in case_page
    # A village assistant may not open the list of parameters and is given no link into it.
    assistant = Desk(story.people.assistant, on=story.today).fetch(pages[1]).content.decode()
    assert "项示例标准" in assistant
    assert reverse("eligibility:history", args=["dibao_monthly_standard"]) not in assistant
    Parameter.objects.filter(is_sample=True).update(is_sample=False)
    for page in pages:
        assert "示例标准" not in desk.fetch(page).content.decode()
