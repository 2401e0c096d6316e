"""Pages of accounts and posts (人员与岗位): the list, opening, the account, acts; for administrators."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import tablib
import time_machine
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.urls import reverse

from foundation.trail import acting
from organizations import services
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.support.factories import ON, area, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
COUNTY, LINXI, HUAYANG = "341824", "341824101", "341824100"
BACKEND = "django.contrib.auth.backends.ModelBackend"
YESTERDAY = ON - timedelta(days=1)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def desk(keeper: Staff) -> Client:
    return signed_in(keeper)


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(pk=staff.pk), backend=BACKEND)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def page_of(desk: Client, account: Staff) -> str:
    return text_of(desk.get(reverse("organizations:staff_account", args=[account.pk])))


def names(desk: Client, **query: str) -> list[str]:
    return [account.name for account in desk.get(reverse("organizations:staff"), query).context["page"]]


def typed(desk: Client, page: str, /, *args: Any, **values: Any) -> dict[str, Any]:
    """What the page's form sends as it opens, with some fields filled in."""
    form = desk.get(reverse(f"organizations:{page}", args=args)).context["form"]
    sent = {bound.html_name: bound.field.prepare_value(bound.value()) for bound in form}
    return {key: value for key, value in (sent | values).items() if value not in (None, "")}


def send(desk: Client, page: str, /, *args: Any, **values: Any) -> Any:
    return desk.post(reverse(f"organizations:{page}", args=args), typed(desk, page, *args, **values))


def fail_often(account: Staff) -> None:
    AccessAttempt.objects.create(
        username=account.staff_number, ip_address="10.0.0.9", failures_since_start=settings.LOCKOUT_FAILURES
    )


def spoken_on(page: str) -> str:
    found = re.search(r'class="spoken">([^<]+)<', page)
    assert found
    return found[1]


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_shows_each_account_with_posts_state_and_last_log_in(desk: Client, clerk: Staff) -> None:
    page = text_of(desk.get(reverse("organizations:staff")))
    assert clerk.staff_number in page and "临溪镇・乡镇经办人" in page and "从未登录" in page


def test_the_list_is_filtered_by_place_role_state_and_text(desk: Client, clerk: Staff) -> None:
    make_staff(Role.VILLAGE_ASSISTANT, "341824101200", name="周协理")
    make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰")
    assert names(desk, area=str(area(LINXI).pk), sort="area") == ["程晓燕", "周协理"]
    assert names(desk, area=str(area(COUNTY).pk)) == ["洪志远"]
    assert names(desk, role="village_assistant") == ["周协理"]
    assert names(desk, q="玉兰") == ["唐玉兰"]
    assert names(desk, q=clerk.staff_number.lower()) == ["程晓燕"]
    assert names(desk, q="没有这个人") == []


def test_each_account_stands_in_the_first_state_that_holds(desk: Client, keeper: Staff) -> None:
    people = {name: make_staff(Role.TOWNSHIP_OFFICER, LINXI, name=name) for name in ("停", "锁", "新", "早")}
    services.suspend_account(people["停"], last_day=YESTERDAY, reason="调离", by=keeper, on=ON)
    fail_often(people["锁"])
    people["新"].must_change_password = True
    people["早"].active_from = ON + timedelta(days=3)
    for person in (people["新"], people["早"]):
        person.save()
    states = {"ended": "停", "locked": "锁", "first_password": "新", "to_come": "早", "in_use": "洪志远"}
    assert {state: names(desk, state=state) for state in states} == {state: [name] for state, name in states.items()}


def test_failures_of_long_ago_lock_nothing(desk: Client, clerk: Staff) -> None:
    with time_machine.travel("2026-11-22T10:00:00+08:00", tick=False):
        fail_often(clerk)
    assert names(desk, state="locked") == []


def test_an_unreadable_filter_lists_nothing(desk: Client) -> None:
    answer = desk.get(reverse("organizations:staff"), {"state": "nonsense"})
    assert answer.status_code == 422 and "没有符合条件的账号" in text_of(answer)


def test_the_export_is_what_is_filtered_and_on_record(desk: Client, clerk: Staff) -> None:
    make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰")
    answer = desk.post(f"{reverse('organizations:export_staff')}?area={area(LINXI).pk}")
    rows = tablib.Dataset().load(answer.content, format="xlsx").dict
    assert [(row["姓名"], row["在任岗位"], row["状态"]) for row in rows] == [("程晓燕", "临溪镇・乡镇经办人", "在用")]
    assert AccessRecord.objects.get(kind="export").reason == "人员与岗位（1人）"


def test_the_list_asks_equally_whatever_its_length(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(25):
        make_staff(Role.TOWNSHIP_OFFICER, LINXI, name=f"经办{'甲乙丙丁戊'[number % 5]}")
    desk.get(reverse("organizations:staff"))
    for size in ("20", "50"):
        with django_assert_max_num_queries(14):
            desk.get(reverse("organizations:staff"), {"size": size})


# --- Opening --------------------------------------------------------------------------------------------------------


def opening(**more: Any) -> dict[str, Any]:
    return {"staff_number": "LX08", "name": "汪晓梅", "area": area(LINXI).pk, "role": "township_officer"} | more


def test_a_new_account_signs_in_with_the_password_shown_and_must_change_it(desk: Client) -> None:
    answer = send(desk, "open_account", **opening())
    assert "no-store" in answer["Cache-Control"]
    client = Client()
    credentials = {"username": "LX08", "password": spoken_on(text_of(answer))}
    assert client.post(reverse("organizations:login"), credentials).status_code == 302
    assert client.get("/").url == reverse("organizations:password_change")


def test_the_form_sent_twice_opens_one_account_and_shows_no_password_again(desk: Client) -> None:
    data = typed(desk, "open_account", **opening())
    url = reverse("organizations:open_account")
    password = spoken_on(text_of(desk.post(url, data)))
    again = desk.post(url, data, follow=True)
    assert password not in text_of(again) and "首次密码只显示一次" in text_of(again)
    assert Staff.objects.filter(staff_number="LX08").count() == 1


@pytest.mark.parametrize(
    ("more", "field", "sentence"),
    [
        ({"role": "county_officer"}, "post_area", "只能设在县"),
        ({"staff_number": "LX 08！"}, "staff_number", "工号只用字母和数字"),
        ({"name": "汪1"}, "name", "姓名里不能有数字"),
        ({"active_from": "2026-11-20"}, "active_from", "不能早于今天"),
    ],
)
def test_what_does_not_fit_comes_back_with_everything_typed(
    desk: Client, more: dict[str, Any], field: str, sentence: str
) -> None:
    answer = send(desk, "open_account", **opening(**more))
    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert answer.context["form"]["staff_number"].value() == opening(**more)["staff_number"]
    assert not Staff.objects.filter(name="汪晓梅").exists()


# --- One account ------------------------------------------------------------------------------------------------------


def test_the_page_tells_what_was_done_and_what_the_trail_kept(desk: Client, keeper: Staff, clerk: Staff) -> None:
    with acting(actor=str(keeper.pk)):
        send(desk, "correct_account", clerk.pk, name="程小燕", reason="错字")
    page = page_of(desk, clerk)
    assert "更正资料" in page and "姓名：程晓燕→程小燕" in page
    trail = re.findall(r'data-label="(?:谁|项目|原来|改为)">([^<]*)<', page)
    assert trail == ["洪志远", "姓名", "程晓燕", "程小燕"]


def test_a_stale_correction_shows_both_and_is_saved_after_being_seen(desk: Client, keeper: Staff, clerk: Staff) -> None:
    data = typed(desk, "correct_account", clerk.pk, name="程小燕", reason="错字")
    send(desk, "correct_account", clerk.pk, name="程燕", reason="错字")
    url = reverse("organizations:correct_account", args=[clerk.pk])
    answer = desk.post(url, data)
    assert answer.status_code == 409
    assert "程小燕" in text_of(answer) and "程燕" in text_of(answer) and "已先保存了这一页" in text_of(answer)
    seen = data | {"version": answer.context["form"]["version"].value()}
    assert desk.post(url, seen).status_code == 302
    assert Staff.objects.get(pk=clerk.pk).name == "程小燕"


def test_a_deputy_is_appointed_on_the_page(desk: Client, clerk: Staff) -> None:
    values = {"role": "township_officer", "area": area(HUAYANG).pk, "ends_on": "2026-12-31", "reason": "产假代理"}
    assert send(desk, "appoint", clerk.pk, **values).status_code == 302
    assert "代理" in page_of(desk, clerk) and "2026年12月31日" in page_of(desk, clerk)


def test_handling_and_approving_at_once_is_asked_for_and_then_shown(desk: Client, clerk: Staff) -> None:
    values = {"role": "township_approver", "area": area(LINXI).pk}
    refused = send(desk, "appoint", clerk.pk, **values)
    assert refused.status_code == 422 and "经办与审核分开" in str(refused.context["form"].errors["reason"])
    assert send(desk, "appoint", clerk.pk, **values, reason="编制不足，县局同意").status_code == 302
    page = page_of(desk, clerk)
    assert "在临溪镇既经办又审核" in page and "编制不足，县局同意" in page


def test_ending_a_post_names_the_rights_and_that_nobody_else_holds_it(desk: Client, clerk: Staff) -> None:
    post = clerk.posts.get()
    question = text_of(desk.get(reverse("organizations:end_post", args=[clerk.pk, post.pk])))
    assert "拟初审意见" in question and "现在没有别人任“乡镇经办人”" in question
    answer = send(desk, "end_post", clerk.pk, post.pk, last_day="2026-11-22", reason="轮岗")
    assert answer.status_code == 302
    assert signed_in(clerk).get(reverse("households:list")).status_code == 403


def test_what_another_post_in_the_area_still_allows_does_not_fall_away(desk: Client, clerk: Staff) -> None:
    services.appoint(clerk, role=Role.TOWNSHIP_APPROVER, area=area(LINXI), on=ON)
    post = clerk.posts.get(role=Role.TOWNSHIP_APPROVER)
    effect = desk.get(reverse("organizations:end_post", args=[clerk.pk, post.pk])).context["effect"]
    assert "签发初审意见" in effect and "查看家庭" not in effect


def test_a_post_of_somebody_else_is_not_ended_under_this_account(desk: Client, keeper: Staff, clerk: Staff) -> None:
    url = reverse("organizations:end_post", args=[clerk.pk, keeper.posts.get().pk])
    assert desk.get(url).status_code == 404


def test_a_suspended_person_is_out_and_resumed_is_in_again(desk: Client, clerk: Staff) -> None:
    person = signed_in(clerk)
    assert person.get(reverse("organizations:account")).status_code == 200
    assert "临溪镇・乡镇经办人" in text_of(desk.get(reverse("organizations:staff_act", args=[clerk.pk, "suspend"])))
    send(desk, "staff_act", clerk.pk, "suspend", last_day="2026-11-22", reason="调离")
    assert "ended" in person.get(reverse("organizations:account")).url
    send(desk, "staff_act", clerk.pk, "resume", reason="调回")
    assert signed_in(clerk).get(reverse("households:list")).status_code == 200


def test_a_reset_shows_the_new_password_once_and_puts_the_person_out(desk: Client, clerk: Staff) -> None:
    person = signed_in(clerk)
    data = typed(desk, "staff_act", clerk.pk, "reset-password", reason="忘记密码")
    url = reverse("organizations:staff_act", args=[clerk.pk, "reset-password"])
    answer = desk.post(url, data)
    password = spoken_on(text_of(answer))
    assert "no-store" in answer["Cache-Control"]
    assert Staff.objects.get(pk=clerk.pk).check_password(password)
    assert person.get(reverse("organizations:account")).url.startswith(reverse("organizations:login"))
    assert password not in text_of(desk.post(url, data, follow=True)) + page_of(desk, clerk)
    assert Staff.objects.get(pk=clerk.pk).check_password(password)


def test_a_locked_person_is_let_in_again(desk: Client, clerk: Staff) -> None:
    fail_often(clerk)
    assert "解除登录锁定" in page_of(desk, clerk)
    send(desk, "staff_act", clerk.pk, "unlock", reason="电话核实是本人")
    assert "in_use" in [account.state for account in desk.get(reverse("organizations:staff")).context["page"]]
    assert not AccessAttempt.objects.exists()


def test_every_session_of_an_account_ends_and_log_in_stays_open(desk: Client, clerk: Staff) -> None:
    first, second = signed_in(clerk), signed_in(clerk)
    send(desk, "staff_act", clerk.pk, "end-sessions", reason="手机丢失")
    for browser in (first, second):
        assert browser.get(reverse("organizations:account")).url.startswith(reverse("organizations:login"))
    assert signed_in(clerk).get(reverse("organizations:account")).status_code == 200


def test_an_act_without_a_reason_is_asked_again(desk: Client, clerk: Staff) -> None:
    for name in ("suspend", "reset-password", "end-sessions"):
        answer = send(desk, "staff_act", clerk.pk, name)
        assert answer.status_code == 422 and answer.context["form"].errors["reason"]
    assert not clerk.events.exists()


def test_ones_own_account_offers_no_acts_and_appoints_nobody(desk: Client, keeper: Staff) -> None:
    page = page_of(desk, keeper)
    assert "这是您自己的账号" in page and "重置密码</a>" not in page and "设岗位或代理" not in page
    assert desk.get(reverse("organizations:appoint", args=[keeper.pk])).status_code == 403
    url = reverse("organizations:end_post", args=[keeper.pk, keeper.posts.get().pk])
    assert desk.post(url, {"last_day": "2026-11-22", "reason": "不干了"}).status_code == 403


def test_only_who_keeps_accounts_comes_in(clerk: Staff) -> None:
    approver = signed_in(make_staff(Role.COUNTY_APPROVER, COUNTY))
    for name, args in (("staff", []), ("open_account", []), ("staff_account", [clerk.pk]), ("appoint", [clerk.pk])):
        assert approver.get(reverse(f"organizations:{name}", args=args)).status_code == 403
