"""The second factor (两步验证): what is open before it, which codes open, what a copy of the database is worth."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from foundation.errors import NotPermitted
from organizations import services
from organizations.models import LoginSession, SecondFactor, Staff
from organizations.permissions import Role
from organizations.services import AccountRefused, Answer
from tests.support.factories import ON, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
PASSWORD = "Correct-Horse-88"
COUNTY, LINXI = "341824", "341824101"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel("2026-11-23 09:30:00+08:00", tick=False) as found:
        yield found


@pytest.fixture
def approver() -> Staff:
    return make_staff(Role.COUNTY_APPROVER, COUNTY)


def code_of(staff: Staff, *, after: timedelta = timedelta()) -> str:
    factor = SecondFactor.objects.get(staff=staff)
    return pyotp.TOTP((factor.pending or factor.secret).reveal()).at(timezone.now() + after)


def set_up(staff: Staff, clock: Any) -> list[str]:
    """The factor in force, and half a minute later, so that the next code is a new one."""
    services.start_second_factor(staff)
    codes = services.confirm_second_factor(staff, code=code_of(staff), at=timezone.now())
    clock.shift(HALF_MINUTE)
    return codes


def log_in(staff: Staff) -> Client:
    client = Client()
    sent = {"username": staff.staff_number, "password": PASSWORD, "next": reverse("organizations:account")}
    assert client.post(reverse("organizations:login"), sent).status_code == 302
    return client


def send_code(client: Client, code: str) -> Any:
    sent = {"code": code, "next": reverse("organizations:account")}
    return client.post(reverse("organizations:second_step"), sent)


def is_inside(client: Client) -> bool:
    return bool(client.get(reverse("organizations:account")).status_code == 200)


# --- Setting up on the pages ------------------------------------------------------------------------------------


def test_somebody_scans_confirms_and_gets_ten_recovery_codes_once(approver: Staff) -> None:
    desk, elsewhere = log_in(approver), log_in(approver)
    page = reverse("organizations:second_factor")
    assert desk.post(reverse("organizations:start_second_factor"), {"password": PASSWORD}).url == page
    shown = desk.get(page).content.decode()
    key = SecondFactor.objects.get(staff=approver).pending.reveal()
    picture = shown.split('class="qr-code"')[1].split("</svg>")[0]
    assert "<path" in picture and "style=" not in picture and "href" not in picture
    assert " ".join(key[i : i + 4] for i in range(0, len(key), 4)) in shown
    answer = desk.post(reverse("organizations:confirm_second_factor"), {"code": code_of(approver)})
    assert len(answer.context["codes"]) == len(set(answer.context["codes"])) == 10
    assert all(code in answer.content.decode() for code in answer.context["codes"])
    assert "no-store" in answer["Cache-Control"]
    assert is_inside(desk)
    assert not is_inside(elsewhere)
    assert key not in desk.get(page).content.decode()


def test_a_key_that_waits_is_shown_and_confirmed_only_where_it_was_made_and_only_for_a_while(
    approver: Staff, clock: Any
) -> None:
    desk, elsewhere = log_in(approver), log_in(approver)
    page, confirm = (reverse(f"organizations:{name}") for name in ("second_factor", "confirm_second_factor"))
    desk.post(reverse("organizations:start_second_factor"), {"password": PASSWORD})
    for browser, minutes, is_shown in ((desk, 0, True), (elsewhere, 0, False), (desk, 14, True), (desk, 2, False)):
        clock.shift(timedelta(minutes=minutes))
        assert ("qr-code" in browser.get(page).content.decode()) is is_shown
        if not is_shown:
            refused = browser.post(confirm, {"code": code_of(approver)})
            assert (refused.status_code, "请重新点“开始设置”" in refused.content.decode()) == (422, True)
    elsewhere.post(reverse("organizations:start_second_factor"), {"password": PASSWORD})
    assert "qr-code" not in desk.get(page).content.decode(), "the key of another session"
    assert Staff.objects.get(pk=approver.pk).second_factor_at is None
    assert elsewhere.post(confirm, {"code": code_of(approver)}).status_code == 200


@pytest.mark.parametrize(("password", "said"), [("wrong", "密码不对"), ("", "请填写登录密码")])
def test_a_key_is_made_only_for_who_knows_the_password(approver: Staff, password: str, said: str) -> None:
    answer = log_in(approver).post(reverse("organizations:start_second_factor"), {"password": password})
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not SecondFactor.objects.exists()


def test_a_new_phone_takes_a_code_of_the_old_one_and_the_old_key_holds_until_then(approver: Staff, clock: Any) -> None:
    set_up(approver, clock)
    client = log_in(approver)
    send_code(client, code_of(approver))
    clock.shift(HALF_MINUTE)
    start = reverse("organizations:start_second_factor")
    assert client.post(start, {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert not SecondFactor.objects.get().pending
    old = SecondFactor.objects.get().secret.reveal()
    assert client.post(start, {"password": PASSWORD, "code": code_of(approver)}).status_code == 302
    clock.shift(HALF_MINUTE)
    assert services.answer_second_step(approver, code=pyotp.TOTP(old).at(timezone.now()), at=timezone.now()) == "right"
    services.confirm_second_factor(approver, code=code_of(approver), at=timezone.now())
    clock.shift(HALF_MINUTE)
    assert services.answer_second_step(approver, code=pyotp.TOTP(old).at(timezone.now()), at=timezone.now()) == "wrong"


def test_a_wrong_code_puts_nothing_into_force(approver: Staff) -> None:
    services.start_second_factor(approver)
    with pytest.raises(services.FactorRefused):
        services.confirm_second_factor(approver, code="000000", at=timezone.now())
    assert Staff.objects.get(pk=approver.pk).second_factor_at is None


# --- Two steps --------------------------------------------------------------------------------------------------


def test_between_the_steps_nothing_is_reachable_but_the_code_and_the_way_out(approver: Staff, clock: Any) -> None:
    set_up(approver, clock)
    client = log_in(approver)
    tried = 0
    for name, view in named_views():
        if getattr(view, "access", None) == "public" or getattr(view, "asks_second_step", False):
            continue
        for answer in (client.get(address_of(name)), client.post(address_of(name))):
            assert (answer.status_code, answer.url) == (302, reverse("organizations:second_step")), name
            tried += 1
    assert tried > 200
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == reverse("organizations:second_step")
    assert "审核确认" not in client.get(reverse("organizations:second_step")).content.decode()
    assert client.post(reverse("organizations:logout")).status_code == 302


def named_views() -> Iterator[tuple[tuple[str, Any], Any]]:
    """Every view of ours by its name and the converters of its address."""
    for room in get_resolver().url_patterns:
        for pattern in getattr(room, "url_patterns", [room]):
            if getattr(room, "namespace", "") and getattr(pattern, "name", ""):
                yield (f"{room.namespace}:{pattern.name}", pattern.pattern.converters), pattern.callback


def address_of(named: tuple[str, Any]) -> str:
    name, converters = named
    values = {key: _value_for(how.regex) for key, how in converters.items()}
    return reverse(name, kwargs=values | ({"app_label": "organizations"} if name == "admin:app_list" else {}))


def _value_for(regex: str) -> str:
    first = regex.split("|")[0]
    return first if first.isidentifier() else "2026"


def test_the_right_code_leads_to_the_wanted_page(approver: Staff, clock: Any) -> None:
    set_up(approver, clock)
    client = log_in(approver)
    before = client.cookies["sessionid"].value
    answer = send_code(client, code_of(approver))
    assert (answer.status_code, answer.url) == (302, reverse("organizations:account"))
    assert is_inside(client)
    assert client.cookies["sessionid"].value != before
    assert LoginSession.objects.get(ended_at=None).session_key == client.cookies["sessionid"].value


@pytest.mark.parametrize(("late", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(approver: Staff, clock: Any, late: int, opens: bool) -> None:
    set_up(approver, clock)
    clock.shift(timedelta(minutes=5))
    client = log_in(approver)
    send_code(client, code_of(approver, after=timedelta(seconds=late)))
    assert is_inside(client) == opens


def test_a_code_opens_once(approver: Staff, clock: Any) -> None:
    set_up(approver, clock)
    code = code_of(approver)
    assert services.answer_second_step(approver, code=code, at=timezone.now()) == Answer.RIGHT
    assert services.answer_second_step(approver, code=code, at=timezone.now()) == Answer.WRONG


def test_the_code_that_confirmed_the_key_does_not_open(approver: Staff) -> None:
    services.start_second_factor(approver)
    code = code_of(approver)
    services.confirm_second_factor(approver, code=code, at=timezone.now())
    assert services.answer_second_step(approver, code=code, at=timezone.now()) == Answer.WRONG


def test_a_recovery_code_opens_once_however_it_is_typed_and_only_its_account(approver: Staff, clock: Any) -> None:
    codes = set_up(approver, clock)
    other = make_staff(Role.COUNTY_OFFICER, COUNTY)
    set_up(other, clock)
    assert services.answer_second_step(other, code=codes[0], at=timezone.now()) == Answer.WRONG
    client = log_in(approver)
    answer = client.post(reverse("organizations:second_step"), {"code": codes[0].lower().replace("-", "")}, follow=True)
    assert "还剩9个" in answer.content.decode()
    assert services.answer_second_step(approver, code=codes[0], at=timezone.now()) == Answer.WRONG
    assert [event.kind for event in approver.events.order_by("pk")] == ["factor_set", "recovery_used"]


def test_new_recovery_codes_make_the_old_ones_worthless(approver: Staff, clock: Any) -> None:
    codes = set_up(approver, clock)
    client = log_in(approver)
    send_code(client, code_of(approver))
    clock.shift(HALF_MINUTE)
    answer = client.post(reverse("organizations:renew_recovery"), {"code": code_of(approver)})
    assert len(answer.context["codes"]) == 10
    assert services.answer_second_step(approver, code=codes[0], at=timezone.now()) == Answer.WRONG


def test_too_many_wrong_codes_close_the_step_also_to_the_right_one_for_a_while(
    approver: Staff, clock: Any, settings: Any
) -> None:
    set_up(approver, clock)
    client = log_in(approver)
    for _ in range(settings.LOCKOUT_FAILURES - 1):
        assert send_code(client, "000000").status_code == 422
    assert send_code(client, "000000").status_code == 429
    assert send_code(log_in(approver), code_of(approver)).status_code == 429
    clock.shift(timedelta(minutes=settings.LOCKOUT_MINUTES, seconds=1))
    assert send_code(client, code_of(approver)).status_code == 302


def test_the_page_of_the_second_step_lets_nobody_in_who_gave_no_password(client: Client) -> None:
    assert client.get(reverse("organizations:second_step")).url.startswith(reverse("organizations:login"))


def test_neither_key_nor_recovery_codes_stand_in_the_database(approver: Staff, clock: Any) -> None:
    codes = set_up(approver, clock)
    key = SecondFactor.objects.get().secret.reveal()
    with connection.cursor() as cursor:
        for table in ("secondfactor", "secondfactorhistory", "staffhistory", "staffevent"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM organizations_{table} t")
            kept = "".join(row[0] for row in cursor.fetchall())
            assert [one for one in (key, *codes, codes[0].replace("-", "")) if one in kept] == [], table


# --- Who must ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "code", "must"),
    [
        (Role.COUNTY_APPROVER, COUNTY, True),
        (Role.SYSTEM_ADMINISTRATOR, COUNTY, True),
        (Role.DEPT_LIAISON, COUNTY, True),
        (Role.TOWNSHIP_APPROVER, LINXI, False),
        (Role.VILLAGE_ASSISTANT, "341824101200", False),
    ],
)
@pytest.mark.parametrize("setting", ["required", "optional"])
def test_where_it_is_required_the_county_sets_it_up_before_anything_else(
    settings: Any, role: Role, code: str, must: bool, setting: str
) -> None:
    settings.SECOND_FACTOR = setting
    client = log_in(make_staff(role, code))
    answer = client.get(reverse("workbench:home"))
    if must and setting == "required":
        assert (answer.status_code, answer.url) == (302, reverse("organizations:second_factor"))
        assert "县级岗位和系统管理员登录须有两步验证" in client.get(answer.url).content.decode()
        assert client.post(reverse("households:export")).status_code == 302
    else:
        assert answer.status_code == 200


def test_where_it_is_optional_the_page_says_so(approver: Staff) -> None:
    client = log_in(approver)
    assert "这里是自愿启用" in client.get(reverse("organizations:second_factor")).content.decode()
    assert "未启用（本系统不强制）" in client.get(reverse("organizations:account")).content.decode()


# --- Lost phones ------------------------------------------------------------------------------------------------


def test_an_administrator_resets_it_with_a_reason_and_the_session_ends(approver: Staff, clock: Any) -> None:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    set_up(approver, clock)
    client = log_in(approver)
    send_code(client, code_of(approver))
    desk = log_in(keeper)
    page = reverse("organizations:staff_act", args=[approver.pk, "reset-second-factor"])
    assert desk.post(page, {"reason": ""}).status_code == 422
    assert desk.post(page, {"reason": "手机丢失，已当面核实"}).status_code == 302
    assert not is_inside(client)
    assert is_inside(log_in(approver))
    event = approver.events.first()
    assert (event.kind, event.by, event.reason) == ("factor_reset", keeper, "手机丢失，已当面核实")


def test_nobody_resets_their_own(clock: Any) -> None:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    set_up(keeper, clock)
    with pytest.raises(AccountRefused, match="不能重置自己的两步验证"):
        services.reset_second_factor(keeper, reason="换手机", by=keeper, on=ON)


def test_who_does_not_keep_accounts_resets_nothing(approver: Staff, clock: Any) -> None:
    set_up(approver, clock)
    with pytest.raises(NotPermitted):
        services.reset_second_factor(approver, reason="帮忙", by=make_staff(Role.TOWNSHIP_APPROVER, LINXI), on=ON)


def test_a_reset_password_does_not_take_the_second_step_away(approver: Staff, clock: Any) -> None:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    set_up(approver, clock)
    _, password = services.reset_password(approver, reason="忘记密码", by=keeper, on=ON)
    client = Client()
    client.post(reverse("organizations:login"), {"username": approver.staff_number, "password": password})
    assert client.get(reverse("organizations:password_change")).url == reverse("organizations:second_step")


def test_the_operator_takes_the_only_administrators_factor_off_on_the_server(clock: Any) -> None:
    keeper = make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY)
    set_up(keeper, clock)
    call_command("reset_second_factor", keeper.staff_number, "--reason", "手机和备用码都丢了", stdout=io.StringIO())
    assert is_inside(log_in(keeper))
    with pytest.raises(CommandError, match="没有启用两步验证"):
        call_command("reset_second_factor", keeper.staff_number, "--reason", "再来")
