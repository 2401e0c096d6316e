"""What the scripts add to a form: rows in place, ID numbers, amounts, keys, warnings; all else works without."""

from collections.abc import Callable

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client
from django.urls import path
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from foundation.access import signed_in
from foundation.form_fields import AmountField, DayInput, IdNumberField
from foundation.identity import check_digit
from jixi_assist import urls as house
from organizations.permissions import Role
from tests.support.factories import make_staff

pytestmark = [pytest.mark.usefixtures("county"), pytest.mark.urls("tests.browser.test_components")]

PAGE = """{% extends "base.html" %}
{% block heading %}{{ saved|yesno:"已保存,登记" }}{% endblock heading %}
{% block content %}
<form method="post" data-entry>{% csrf_token %}{% field form.address %}{% field form.cash %}
{% formset_rows rows legend="家庭成员" add="添加成员" %}
<button class="btn btn-primary" data-save>保存</button></form>
{% ask "停发" "/" "停发程国富家庭的低保？" effect="此后不能撤回。" kind="danger" %}{% endask %}
{% endblock content %}"""


class FamilyForm(forms.Form):
    address = forms.CharField(label="住址")
    cash = AmountField(label="存款", required=False)


class MemberForm(forms.Form):
    name = forms.CharField(label="姓名")
    id_number = IdNumberField(required=False)
    birth_date = forms.DateField(label="出生日期", required=False, widget=DayInput({"data-id-fill": "birth_date"}))
    sex = forms.ChoiceField(
        label="性别", choices=[("female", "女"), ("male", "男")], widget=forms.Select({"data-id-fill": "sex"})
    )


MemberRows = forms.formset_factory(MemberForm, extra=0, can_delete=True)


@signed_in
def family(request: HttpRequest) -> HttpResponse:
    form = FamilyForm(request.POST or None)
    rows = MemberRows(request.POST or None, prefix="m", initial=[{"name": "胡德旺"}])
    saved = request.method == "POST" and form.is_valid() and rows.is_valid()
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"form": form, "rows": rows, "saved": saved}, request))


urlpatterns = [path("family/", family), *house.urlpatterns]

Enter = Callable[[Page], None]


@pytest.fixture
def enter(live_server: LiveServer) -> Enter:
    """Open the test page as a signed-in clerk."""

    def open_page(page: Page) -> None:
        client = Client()
        client.force_login(
            make_staff(Role.TOWNSHIP_OFFICER, "341824101"), backend="django.contrib.auth.backends.ModelBackend"
        )
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        page.goto(f"{live_server.url}/family/")

    return open_page


def test_rows_are_added_copied_removed_and_brought_back(screen: Page, enter: Enter) -> None:
    enter(screen)
    rows = screen.locator("tr[data-row]")
    screen.get_by_role("button", name="添加成员").click()
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_label("姓名").fill("汪秋菊")
    rows.nth(1).get_by_role("button", name="复制").click()
    expect(rows).to_have_count(3)
    expect(rows.nth(2).get_by_label("姓名")).to_have_value("汪秋菊")
    rows.nth(1).get_by_role("button", name="移除", exact=True).click()
    expect(screen.locator("[name=m-1-DELETE]")).to_be_checked()
    rows.nth(1).get_by_role("button", name="撤销移除").click()
    expect(screen.locator("[name=m-1-DELETE]")).not_to_be_checked()
    expect(screen.locator("[name=m-TOTAL_FORMS]")).to_have_value("3")


def test_an_id_number_fills_its_own_row_and_a_wrong_digit_is_told(desktop: Page, enter: Enter) -> None:
    first = "34189919680312001"
    right = check_digit(first)
    wrong = "0" if right != "0" else "1"
    enter(desktop)
    row = desktop.locator("tr[data-row]").first
    row.get_by_label("身份证号").fill(first + wrong)
    expect(row.locator(".hint")).to_have_text("身份证号校验位不对，请对照证件逐位核对。")
    expect(row.get_by_label("出生日期")).to_have_value("")
    row.get_by_label("身份证号").fill(first + right)
    expect(row.get_by_label("出生日期")).to_have_value("1968-03-12")
    expect(row.get_by_label("性别")).to_have_value("male")


@pytest.mark.parametrize(
    ("typed", "said"), [("1.2万", "＝ 12,000.00元"), ("12000.5", "＝ 12,000.50元"), ("一千", "请填金额")]
)
def test_an_amount_is_read_back_beside_the_field(desktop: Page, enter: Enter, typed: str, said: str) -> None:
    enter(desktop)
    desktop.get_by_label("存款").fill(typed)
    expect(desktop.locator(".field:has([name=cash]) .hint")).to_contain_text(said)


def test_enter_goes_to_the_next_field_and_f2_saves(desktop: Page, enter: Enter) -> None:
    enter(desktop)
    desktop.get_by_label("住址").fill("一组12号")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_label("存款")).to_be_focused()
    desktop.keyboard.press("F2")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("已保存")


def test_leaving_with_unsaved_input_warns(desktop: Page, enter: Enter) -> None:
    enter(desktop)
    asked: list[str] = []
    desktop.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desktop.get_by_label("住址").press_sequentially("一组")
    desktop.get_by_role("link", name="绩溪县社会救助").click(no_wait_after=True)
    expect(desktop.get_by_label("住址")).to_have_value("一组")
    assert asked == ["beforeunload"]


def test_a_question_opens_names_the_effect_and_closes_with_escape(screen: Page, enter: Enter) -> None:
    enter(screen)
    screen.locator("details.ask > summary").click()
    expect(screen.get_by_text("此后不能撤回。")).to_be_visible()
    screen.keyboard.press("Escape")
    expect(screen.get_by_text("此后不能撤回。")).to_be_hidden()


def test_without_scripts_the_page_still_saves(chromium: Browser, live_server: LiveServer, enter: Enter) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page)
    page.get_by_label("住址").fill("一组12号")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("已保存")
    context.close()
