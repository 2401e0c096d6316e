"""The frame of every page: who sees what around the content, what refusals look like, what the browser is told."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template, engines
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import path, reverse
from pytest_django import DjangoAssertNumQueries

from foundation.access import public, signed_in
from foundation.crypto import Secret
from foundation.error_pages import bad_request
from foundation.errors import NotPermitted, ServiceError
from foundation.form_fields import AmountField, IdNumberField
from foundation.pages import Step, deadline_lamp, show_refusal, stale_rows
from jixi_assist import urls as house
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.factories import ON, make_household, make_staff
from workbench.queries.frame import Frame

TOWNSHIP = "341824101"
COUNTY = "341824"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def unmarked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody said who may read this")


@signed_in
def refused(request: HttpRequest) -> HttpResponse:
    raise NotPermitted("您没有在临溪镇“受理”的权限。")


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@public
def posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("unmarked/", unmarked),
    path("refused/", refused),
    path("broken/", broken),
    path("posted/", posted),
    *house.urlpatterns,
]
handler400, handler403 = house.handler400, house.handler403
handler404, handler500 = house.handler404, house.handler500


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, TOWNSHIP)


@pytest.fixture
def at_work(client: Client, clerk: Staff) -> Iterator[Client]:
    client.force_login(clerk, backend=BACKEND)
    return client


def as_role(role: Role, code: str) -> Client:
    client = Client()
    client.force_login(make_staff(role, code), backend=BACKEND)
    return client


def text_of(response: HttpResponse) -> str:
    return response.content.decode()


@pytest.mark.django_db
def test_the_header_names_person_area_and_role(at_work: Client, clerk: Staff) -> None:
    page = text_of(at_work.get(reverse("workbench:home")))
    assert "临溪镇・乡镇经办人 程晓燕" in page
    assert 'action="/account/logout/"' in page
    assert '<html lang="zh-Hans">' in page


@pytest.mark.django_db
def test_a_badge_beside_the_tasks_only_where_there_are_some(at_work: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = text_of(at_work.get(reverse("workbench:home")))
    assert "我的待办</a>" in page
    assert 'class="badge"' not in page
    monkeypatch.setattr(Frame, "task_count", 3)
    assert '我的待办 <span class="badge">3</span></a>' in text_of(at_work.get(reverse("workbench:home")))


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_only_an_administrator_finds_the_system_entry() -> None:
    address = f'href="{reverse("organizations:staff")}"'
    assert address in text_of(as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY).get("/"))
    assert address not in text_of(as_role(Role.TOWNSHIP_OFFICER, TOWNSHIP).get("/"))


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_the_admin_site_is_linked_from_the_accounts() -> None:
    assert 'href="/admin/"' in text_of(as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY).get(reverse("organizations:staff")))


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_who_sees_neither_families_nor_cases_has_no_search() -> None:
    assert 'role="search"' not in text_of(as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY).get("/"))
    assert 'role="search"' in text_of(as_role(Role.TOWNSHIP_OFFICER, TOWNSHIP).get("/"))


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_the_county_is_warned_of_holidays_not_entered_and_a_township_is_not() -> None:
    warning = "2027年的放假安排还没有录入"
    assert warning in Frame(make_staff(Role.COUNTY_OFFICER, COUNTY), on=ON).calendar_warning
    assert Frame(make_staff(Role.TOWNSHIP_OFFICER, TOWNSHIP), on=ON).calendar_warning == ""


@pytest.mark.django_db
def test_the_frame_costs_posts_and_tasks_beyond_the_grants(
    clerk: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clerk = Staff.objects.get(pk=clerk.pk)
    clerk.may("anything")
    frame = Frame(clerk, on=ON)
    # Posts, tasks and the calendar; for reviews the county and how many days before the plan they are tasks.
    with django_assert_max_num_queries(5):
        assert (frame.standing, frame.task_count, frame.calendar_warning) == ("临溪镇・乡镇经办人", 0, "")
        assert "home" in {entry.key for entry in frame.entries}


@pytest.mark.django_db
def test_the_log_in_page_asks_the_database_nothing(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(0):
        assert client.get(reverse("organizations:login")).status_code == 200


@pytest.mark.django_db
@pytest.mark.urls("tests.test_frame")
def test_a_view_that_names_nobody_is_closed_to_all(at_work: Client) -> None:
    response = at_work.get("/unmarked/")
    assert response.status_code == 403
    assert "您的岗位没有办理这项业务的权限" in text_of(response)


@pytest.mark.django_db
@pytest.mark.urls("tests.test_frame")
def test_a_refusal_of_a_service_is_a_403_with_its_sentence(at_work: Client) -> None:
    response = at_work.get("/refused/")
    assert (response.status_code, "您没有在临溪镇“受理”的权限。" in text_of(response)) == (403, True)


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_the_admin_site_is_for_administrators_only() -> None:
    assert as_role(Role.TOWNSHIP_OFFICER, TOWNSHIP).get("/admin/").status_code == 403
    assert as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY).get("/admin/").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("table", ["area", "department", "calendarday", "calendaryear", "delegation"])
def test_an_administrator_opens_the_look_up_tables(table: str) -> None:
    assert as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY).get(f"/admin/organizations/{table}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("table", ["area", "calendarday", "calendaryear", "delegation"])
def test_the_admin_site_changes_nothing_that_has_a_service(table: str) -> None:
    browser = as_role(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    assert browser.get(f"/admin/organizations/{table}/add/").status_code == 403
    assert browser.post(f"/admin/organizations/{table}/add/", {"day": "2027-01-01", "name": "元旦"}).status_code == 403


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_what_an_administrator_enters_in_the_admin_site_names_her_in_the_trail() -> None:
    administrator = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    client = Client()
    client.force_login(administrator, backend=BACKEND)
    county = administrator.area_id
    client.post("/admin/organizations/department/add/", {"code": "drill", "name": "演练办", "area": county})
    history = apps.get_model("organizations", "DepartmentHistory")
    assert history.objects.get(code="drill").pgh_context["actor"] == str(administrator.pk)


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_chinese(at_work: Client) -> None:
    response = at_work.get("/nowhere/")
    assert (response.status_code, "没有找到这一页" in text_of(response)) == (404, True)


@pytest.mark.urls("tests.test_frame")
def test_a_fault_shows_no_detail_and_asks_no_database(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "系统出了问题" in text_of(response)
    assert "ZeroDivision" not in text_of(response)


@pytest.mark.urls("tests.test_frame")
def test_a_form_without_a_valid_token_is_told_that_the_page_is_old() -> None:
    response = Client(enforce_csrf_checks=True).post("/posted/")
    assert (response.status_code, "页面已过期" in text_of(response)) == (403, True)


def test_too_much_data_is_a_413() -> None:
    response = bad_request(RequestFactory().get("/"), RequestDataTooBig())
    assert (response.status_code, "提交的内容太大" in text_of(response)) == (413, True)


@pytest.mark.django_db
def test_every_page_tells_the_browser_to_run_our_own_scripts_only(at_work: Client) -> None:
    headers = at_work.get("/").headers
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_words_are_searched_by_address_and_personal_numbers_never_stand_in_one(at_work: Client) -> None:
    words = at_work.post(reverse("workbench:search"), {"q": "胡德旺"})
    assert (words.status_code, words.url) == (302, "/search/?q=%E8%83%A1%E5%BE%B7%E6%97%BA")
    assert at_work.post(reverse("workbench:search"), {"q": "341899196803120015"}).status_code == 200


def _templates() -> list[str]:
    root = Path(settings.BASE_DIR) / "templates"
    return sorted(str(found.relative_to(root)) for found in root.rglob("*.html"))


@pytest.mark.parametrize("name", _templates())
def test_every_template_compiles_and_holds_no_inline_script_or_style(name: str) -> None:
    get_template(name)
    source = (Path(settings.BASE_DIR) / "templates" / name).read_text()
    if not name.startswith("documents/papers/"):
        assert " style=" not in source
        assert "onclick=" not in source
        assert "<script>" not in source


def render(source: str, **context: object) -> str:
    return engines["django"].from_string(source).render(context, RequestFactory().get("/", {"state": "a", "page": "2"}))


@pytest.mark.parametrize(
    ("due", "left", "tone", "words"),
    [
        (date(2026, 11, 26), 3, "good", "剩 3 个工作日"),
        (date(2026, 11, 25), 2, "due", "剩 2 个工作日"),
        (date(2026, 11, 23), 0, "due", "今天到期"),
        (date(2026, 11, 22), 0, "late", "已超期"),
        (date(2026, 11, 20), -1, "late", "已超期 1 个工作日"),
    ],
)
def test_a_deadline_is_green_above_two_working_days_yellow_to_two_and_red_when_over(
    due: date, left: int, tone: str, words: str
) -> None:
    lamp = deadline_lamp(due, working_days_left=left, on=ON)
    assert (lamp.tone, lamp.text) == (tone, words)
    assert f'class="lamp lamp-{tone}"' in render("{% lamp lamp %}", lamp=lamp)


def test_filters_write_money_days_and_masks_as_people_do() -> None:
    source = "{{ a|yuan }} {{ a|capitals }} {{ d|cn_date }} {{ none|yuan }} {{ n|masked }} {{ t|yes_no }}"
    shown = render(source, a=Decimal("1234"), d=ON, none=None, n="341899196803120015", t=True)
    assert shown == "1,234.00 壹仟贰佰叁拾肆元整 2026年11月23日 — 3418****0015 是"


def test_a_masked_value_never_holds_the_full_number() -> None:
    secret = Secret(purpose="id_number", plain="341899196803120015")
    shown = render('{% masked_value s reveal_url="/r/" label="身份证号" %}', s=secret)
    assert "341899196803120015" not in shown
    assert 'action="/r/"' in shown


def test_what_people_typed_is_escaped_inside_a_panel() -> None:
    shown = render("{% panel title note=title %}{{ title }}{% endpanel %}", title="<script>alert(1)</script>")
    assert "<script>" not in shown


def test_a_pager_keeps_the_filters_and_offers_three_sizes() -> None:
    shown = render('{% pager page unit="户" %}', page=Paginator(range(45), 20).get_page(2))
    assert "共 45 户" in shown
    assert 'href="?state=a&amp;page=3"' in shown
    assert [
        f"?state=a&amp;page=2&amp;size={size}" in shown or f"?state=a&amp;size={size}" in shown
        for size in (20, 50, 100)
    ] == [True] * 3


def test_a_step_bar_marks_what_is_done_and_where_the_case_is() -> None:
    shown = render(
        "{% step_bar steps %}", steps=[Step("受理", "11月2日", "done"), Step("公示", "", "now"), Step("决定")]
    )
    assert shown.count('class="done"') == 1
    assert 'class="now" aria-current="step"' in shown


class FamilyForm(forms.Form):
    address = forms.CharField(label="住址")
    kind = forms.ChoiceField(label="户籍", choices=[("a", "本地户籍"), ("b", "居住证")])
    cash = AmountField(label="存款", required=False)
    id_number = IdNumberField(required=False, today=lambda: ON)


@pytest.mark.parametrize("typed", ["12000", "12,000.00", "1.2万", "１．２万元"])
def test_an_amount_is_read_however_it_is_written(typed: str) -> None:
    form = FamilyForm({"address": "x", "kind": "a", "cash": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["cash"] == Decimal("12000.00")


def test_a_wrong_check_digit_is_named_at_the_field_and_in_the_summary_and_stays_typed() -> None:
    form = FamilyForm({"address": "x", "kind": "a", "id_number": "341899196803120016"})
    shown = render("{% error_summary form %}{% field form.id_number %}", form=form)
    assert 'href="#id_id_number"' in shown
    assert shown.count("身份证号校验位不对") == 2
    assert 'value="341899196803120016"' in shown


def test_a_refusal_stands_beside_its_field_or_at_the_head() -> None:
    form = FamilyForm({"address": "x", "kind": "a"})
    show_refusal(form, ServiceError("这个地址已登记。", field="address"))
    show_refusal(form, ServiceError("这一步别人刚办过。", field="elsewhere"))
    assert (form.errors["address"], form.non_field_errors()) == (["这个地址已登记。"], ["这一步别人刚办过。"])


def test_a_stale_form_shows_both_versions_in_words() -> None:
    form = FamilyForm({"address": "12组", "kind": "a", "cash": "1.2万"})
    rows = stale_rows(form, {"address": "13组", "kind": "b", "cash": Decimal("12000")})
    assert [(row.label, row.mine, row.theirs) for row in rows] == [
        ("住址", "12组", "13组"),
        ("户籍", "本地户籍", "居住证"),
        ("存款", "1.2万", "12,000.00"),
    ]


def test_rows_come_with_a_template_to_add_more_and_a_mark_to_remove() -> None:
    rows = forms.formset_factory(FamilyForm, extra=1, can_delete=True)(prefix="m")
    shown = render('{% formset_rows rows legend="成员" add="添加成员" %}', rows=rows)
    assert 'name="m-0-address"' in shown
    assert 'name="m-__prefix__-address"' in shown
    assert 'name="m-0-DELETE"' in shown
    assert "＋ 添加成员" in shown


@pytest.mark.django_db
@pytest.mark.usefixtures("county")
def test_a_question_names_the_effect_and_posts_once() -> None:
    household = make_household()
    source = '{% ask "停发" "/stop/" title effect="此后不能撤回。" kind="danger" %}{% endask %}'
    shown = render(source, title=f"停发{household.number}？")
    assert 'method="post" action="/stop/"' in shown
    assert "此后不能撤回。" in shown


def test_a_tone_that_does_not_exist_is_a_fault_of_the_page() -> None:
    with pytest.raises(ValueError, match="purple"):
        Template('{% state_tag "x" "purple" %}').render(Context())
