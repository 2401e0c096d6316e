"""The page of an award, suspending and resuming on it, and the list of phase-outs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import tablib
import time_machine
from django.test import Client

from benefits import services
from benefits.models import Award, AwardSuspension, PhaseOut
from benefits.queries import owed_of, story_of
from benefits.services import CoveredPerson
from foundation.charts import Level
from households import services as households
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import AT, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
GRANTED = date(2026, 1, 10)
LIST = "/awards/phase-outs/"


def month(number: int) -> date:
    return date(2027, number, 1)


def at(year: int, number: int, day: int) -> Any:
    return time_machine.travel(datetime(year, number, day, 10, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=GRANTED)


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=GRANTED)


@pytest.fixture
def award(clerk: Staff, approver: Staff) -> Award:
    """Two people, 600 yuan: a difference of 496, 248 each, and a top-up of 104 for the head."""
    family = register(clerk)
    wife = join(family, clerk)
    persons = [CoveredPerson(head(family).person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    return grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("600.00"), persons=persons)


def start(award: Award, by: Staff) -> PhaseOut:
    return services.start_phase_out(
        award,
        months=3,
        suggested_months=5,
        suggestion="在第2档",
        reason="儿子就业",
        source="2027-000012",
        by=by,
        on=date(2027, 3, 15),
    )


# --- 待遇页 --------------------------------------------------------------------------------------------------------


def test_the_page_tells_the_whole_life_in_a_fixed_number_of_queries(
    award: Award, clerk: Staff, approver: Staff, django_assert_max_num_queries: Any
) -> None:
    services.suspend_award(award, from_month=month(1), reason="联系不上", by=approver, on=date(2026, 12, 20))
    services.resume_award(
        award, from_month=month(2), pays_withheld=False, reason="已核实", by=approver, on=date(2027, 1, 20)
    )
    row = start(award, approver)
    services.revoke_phase_out(row, reason="又失业", by=approver, on=date(2027, 5, 2))
    wife = award.household.members.get(person__name="汪秋菊")
    households.record_death(wife, died_on=date(2026, 11, 2), by=clerk, at=AT)
    with at(2027, 6, 1):
        client = signed_in(clerk)
        with django_assert_max_num_queries(45):
            page = text(client.get(f"/awards/{award.pk}/"))
    for words in (
        "确认",
        "暂缓发放",
        "联系不上",
        "恢复发放",
        "暂缓的月份不补发",
        "渐退决定",
        "儿子就业",
        "撤销渐退",
        "又失业",
    ):
        assert words in page
    assert "3个月，最后发放月2027年6月；建议5个月：在第2档" in page
    assert "248.00＋104.00（A类）" in page
    assert "已死亡" in page


def test_the_line_of_money_follows_versions_deaths_suspensions_and_the_end(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    wife = award.household.members.get(person__name="汪秋菊")
    households.record_death(wife, died_on=date(2026, 11, 2), by=clerk, at=AT)
    services.suspend_award(award, from_month=month(1), reason="联系不上", by=approver, on=date(2026, 12, 20))
    services.resume_award(
        award, from_month=month(2), pays_withheld=False, reason="已核实", by=approver, on=date(2027, 1, 20)
    )
    start(award, approver)
    services.finish_phase_outs(on=month(7))
    award.refresh_from_db()
    # 600 from February 2026, 600 − 248 = 352 after the death, nothing in January, 352 on, nothing from July.
    assert list(story_of(award, on=month(7)).levels) == [
        Level(date(2026, 2, 1), Decimal("600.00")),
        Level(date(2026, 12, 1), Decimal("352.00")),
        Level(month(1), Decimal("0.00")),
        Level(month(2), Decimal("352.00")),
        Level(month(4), Decimal("352.00")),
        Level(month(7), Decimal("0.00")),
    ]


def test_another_township_does_not_find_it_and_finance_sees_it_without_the_family(award: Award) -> None:
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=GRANTED)
    finance = make_staff(Role.FINANCE_OFFICER, "341824", on=GRANTED)
    with at(2026, 11, 23):
        assert signed_in(neighbour).get(f"/awards/{award.pk}/").status_code == 404
        page = text(signed_in(finance).get(f"/awards/{award.pk}/"))
    assert award.number in page
    assert "/families/" not in page
    assert "暂缓发放</a>" not in page


# --- 暂缓、恢复 -----------------------------------------------------------------------------------------------------


def test_the_county_suspends_and_resumes_with_reason_date_and_paper(award: Award, approver: Staff) -> None:
    client, url = signed_in(approver), f"/awards/{award.pk}/"
    given = {"from_month": "2026-12", "reason": "查无下落", "source": "绩民函〔2026〕8号"}
    with at(2026, 11, 23):
        assert client.post(f"{url}suspend/", given).status_code == 302
        assert "查无下落（依据：绩民函〔2026〕8号" in text(client.get(url))
    row = AwardSuspension.objects.get()
    assert (row.from_month, row.decided_by, row.decided_on) == (date(2026, 12, 1), approver, date(2026, 11, 23))
    with at(2027, 2, 3):
        back = signed_in(approver).post(
            f"{url}resume/", {"from_month": "2027-02", "pays_withheld": "yes", "reason": "本人已回"}
        )
    assert back.status_code == 302
    row.refresh_from_db()
    assert (row.to_month, row.pays_withheld, row.end_reason) == (month(1), True, "本人已回")
    found = owed_of(Award.objects.get(), [date(2026, 12, 1), month(1), month(2)])
    assert [owed.amount for owed in found.values()] == [600, 600, 600]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"from_month": "2026-10", "reason": "查无下落", "source": "8号"}, "从2026年11月至2027年11月之间"),
        ({"from_month": "2026-13", "reason": "查无下落", "source": "8号"}, "请填写年月"),
        ({"from_month": "2026-12", "reason": "查无下落", "source": ""}, "请填写依据的文书或文号"),
        ({"from_month": "2026-12", "reason": " ", "source": "8号"}, "请填写暂缓发放的原因"),
    ],
)
def test_what_is_wrong_comes_back_with_everything_typed(
    award: Award, approver: Staff, given: dict[str, str], words: str
) -> None:
    with at(2026, 11, 23):
        page = text(signed_in(approver).post(f"/awards/{award.pk}/suspend/", given))
    assert words in page
    assert given["source"] in page
    assert not AwardSuspension.objects.exists()


def test_a_township_without_the_power_does_not_suspend(award: Award) -> None:
    head_of_township = make_staff(Role.TOWNSHIP_APPROVER, "341824101", on=GRANTED)
    with at(2026, 11, 23):
        for act in ("suspend", "resume"):
            assert signed_in(head_of_township).get(f"/awards/{award.pk}/{act}/").status_code == 403


def test_whom_nobody_of_is_alive_is_not_resumed(award: Award, clerk: Staff, approver: Staff) -> None:
    for member in award.household.members.order_by("-pk"):
        households.record_death(member, died_on=date(2026, 11, 2), by=clerk, at=AT)
    row = AwardSuspension.objects.get()
    assert (row.from_month, row.reason, row.decided_by) == (date(2026, 12, 1), "保障对象都已死亡", clerk)
    with at(2026, 11, 23):
        page = text(
            signed_in(approver).post(
                f"/awards/{award.pk}/resume/", {"from_month": "2026-12", "pays_withheld": "no", "reason": "x"}
            )
        )
    assert "都已登记死亡，不能恢复" in page


# --- 渐退名单 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "is_soon"), [((2027, 5, 31), False), ((2027, 6, 1), True), ((2027, 6, 30), True)])
def test_it_ends_soon_from_thirty_days_before_and_the_county_may_revoke(
    award: Award, clerk: Staff, approver: Staff, day: tuple[int, int, int], is_soon: bool
) -> None:
    row = start(award, approver)
    with at(*day):
        assert (award.number in text(signed_in(clerk).get(LIST, {"standing": "soon"}))) is is_soon
        page = text(signed_in(approver).get(LIST))
        assert award.number in text(signed_in(clerk).get(LIST, {"standing": "running"}))
    assert f"phase-outs/{row.pk}/revoke/" in page
    assert ("即将到期</span>" in page) is is_soon
    assert "2027年7月1日" in page


def test_what_has_ended_or_was_revoked_is_listed_as_that_and_no_longer_as_running(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    row = start(award, approver)
    other = grant(register(clerk), approver, decided_on=GRANTED)
    services.revoke_phase_out(start(other, approver), reason="决定有误", by=approver, on=date(2027, 5, 2))
    services.finish_phase_outs(on=month(7))
    with at(2027, 7, 2):
        client = signed_in(clerk)
        pages = {
            standing: text(client.get(LIST, {"standing": standing}))
            for standing in ("running", "soon", "ended", "revoked")
        }
        assert signed_in(approver).get(f"{LIST}{row.pk}/revoke/").status_code == 200
        late = text(signed_in(approver).post(f"{LIST}{row.pk}/revoke/", {"reason": "晚了"}))
    numbers = (award.number, other.number)
    listed = {standing: [number for number in numbers if number in page] for standing, page in pages.items()}
    assert listed == {"running": [], "soon": [], "ended": [award.number], "revoked": [other.number]}
    assert "已经到期或撤销" in late


def test_revoking_from_the_list_and_another_township_sees_nothing(award: Award, approver: Staff) -> None:
    row = start(award, approver)
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=GRANTED)
    with at(2027, 6, 10):
        assert award.number not in text(signed_in(neighbour).get(LIST))
        assert signed_in(neighbour).get(f"{LIST}{row.pk}/revoke/").status_code == 403
        assert signed_in(approver).post(f"{LIST}{row.pk}/revoke/", {"reason": "又失业"}).status_code == 302
    row.refresh_from_db()
    assert (row.revoke_reason, row.award.state) == ("又失业", "active")


def test_a_fall_in_income_is_told_once_shown_to_the_county_and_settled_by_the_return(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    row = start(award, approver)
    url = f"/awards/{award.pk}/less-income/"
    with at(2027, 5, 20):
        early = text(signed_in(clerk).post(url, {"happened_on": "2027-03-14"}))
        assert signed_in(clerk).post(url, {"happened_on": "2027-05-18"}).status_code == 302
        again = text(signed_in(clerk).post(url, {"happened_on": "2027-05-19"}))
        listed = text(signed_in(approver).get(LIST))
        signed_in(approver).post(f"{LIST}{row.pk}/revoke/", {"reason": "收入又低于标准"})
        after = text(signed_in(approver).get(LIST))
    assert "应在渐退决定以后" in early
    assert "已经登记，正在核查" in again
    assert "已报收入减少" in listed
    assert "已报收入减少" not in after
    check = award.checks.get()
    assert (check.cause, check.happened_on, check.settled_by) == ("phase_out", date(2027, 5, 18), approver)
    assert owed_of(Award.objects.get(), [month(7)])[month(7)].amount == 600


def test_after_the_end_a_fall_in_income_is_a_new_application(award: Award, clerk: Staff, approver: Staff) -> None:
    start(award, approver)
    with at(2027, 7, 1):
        page = text(signed_in(clerk).post(f"/awards/{award.pk}/less-income/", {"happened_on": "2027-06-30"}))
    assert "不在渐退期内；已经停发的，请重新申请" in page


def test_the_export_is_what_is_listed_and_on_record(award: Award, clerk: Staff, approver: Staff) -> None:
    start(award, approver)
    with at(2027, 6, 10):
        answer = signed_in(clerk).post(f"{LIST}export/?standing=running")
    (row,) = tablib.Dataset().load(answer.content, format="xlsx").dict
    assert (row["待遇编号"], row["渐退月数"], row["最后一月金额（元）"]) == (award.number, "3", "600.00")
    assert str(row["停发日期"]).startswith("2027-07-01")
    assert str(head(award.household).person.id_number) not in str(row)
    assert AccessRecord.objects.filter(staff=clerk, reason="导出渐退名单1户").exists()


def test_an_unreadable_filter_lists_nothing(clerk: Staff) -> None:
    with at(2027, 6, 10):
        assert signed_in(clerk).get(LIST, {"standing": "never"}).status_code == 422
