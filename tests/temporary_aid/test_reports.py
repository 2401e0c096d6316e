"""急难报告: entered once, taken over without typing again, dismissed, doubled, rung back; and the quick entry."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import NotPermitted
from temporary_aid.models import HardshipReport, TemporaryAid
from temporary_aid.queries.reports import (
    ReportFilter,
    callbacks_owed,
    listed,
    mark_of,
    may_be_the_same,
    reports_to_take,
)
from temporary_aid.services import NotAllowed, withdraw_aid
from temporary_aid.services.quick import QuickData, enter_quick
from temporary_aid.services.reports import (
    TakeData,
    dismiss_report,
    enter_report,
    mark_duplicate,
    record_callback,
    take_report,
)
from tests.households.builders import data as person
from tests.households.builders import register
from tests.support.aid import HUAYANG, LINXI, NIGHT, SHANGHAI, photo
from tests.support.crews import VILLAGES, Crew, crew
from tests.support.factories import area, make_id_number
from tests.temporary_aid.advances import ASKED, SOON, asked, fund, pay, report_data

pytestmark = pytest.mark.django_db
NO_PAPERS = TakeData(missing_id_reason="unidentified")


def entered(people: Crew, *, at: Any = SOON, **more: Any) -> HardshipReport:
    return enter_report(report_data(**more), by=people.assistant, at=at)


def ticket(people: Crew, number: str = "WT20260912001", **more: Any) -> HardshipReport:
    data = report_data(source="hotline", hotline_ticket=number, **more)
    return enter_report(data, by=people.visitor, at=SOON)


# --- 登记 ------------------------------------------------------------


def test_a_report_of_last_night_is_numbered_and_keeps_its_time(people: Crew) -> None:
    report = entered(people)
    assert (report.number, report.reported_at, report.state) == ("JN2026-0001", NIGHT, "open")
    assert entered(people, person_name="章小妹").number == "JN2026-0002"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reported_at": SOON + timedelta(seconds=1)}, "reported_at"),
        ({"reported_at": datetime(2025, 9, 13, 8, 29, 59, tzinfo=SHANGHAI)}, "reported_at"),
        ({"reported_at": datetime(1, 1, 1, tzinfo=UTC)}, "reported_at"),
        ({"person_name": " "}, "person_name"),
        ({"reporter_name": ""}, "reporter_name"),
        ({"situation": " "}, "situation"),
        ({"source": "hotline"}, "hotline_ticket"),
        ({"hotline_ticket": "WT1"}, "hotline_ticket"),
        ({"source": "x"}, "source"),
        ({"cause": "x"}, "cause"),
        ({"person_id_number": "341824197102030"}, "person_id_number"),
    ],
)
def test_what_is_refused_of_a_report(people: Crew, more: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAllowed) as error:
        entered(people, **more)
    assert error.value.field == field


def test_a_ticket_of_the_hotline_is_entered_once(people: Crew) -> None:
    ticket(people)
    with pytest.raises(NotAllowed) as error:
        ticket(people)
    assert (error.value.field, HardshipReport.objects.count()) == ("hotline_ticket", 1)


def test_a_village_reports_of_itself_only(people: Crew) -> None:
    with pytest.raises(NotPermitted):
        entered(people, area=area(VILLAGES[HUAYANG]))
    with pytest.raises(NotAllowed) as error:
        entered(people, area=area(LINXI))
    assert error.value.field == "area"


# --- 转为临时救助 ------------------------------------------------------------


def test_a_report_becomes_an_aid_in_one_act_with_its_clock(people: Crew) -> None:
    report = entered(people, person_phone="13905630101")
    aid = take_report(report, by=people.officer, at=SOON, data=NO_PAPERS)
    assert (aid.recipient_name, aid.cause, aid.situation, aid.occurred_place) == (
        "许金宝",
        "fire",
        "夜里失火，烧毁正房两间。",
        "一组7号",
    )
    assert (aid.first_reported_at, aid.help_due_at) == (NIGHT, NIGHT + timedelta(hours=24))
    assert (aid.occurred_on, aid.report) == (date(2026, 9, 12), report)
    assert aid.recipient_phone.reveal() == "13905630101"
    report.refresh_from_db()
    assert (report.state, report.settled_by) == ("taken", people.officer)
    assert [event.kind for event in aid.events.order_by("pk")] == ["opened", "reported"]


def test_a_report_whose_aid_is_withdrawn_waits_again_and_is_taken_with_its_own_time(people: Crew) -> None:
    report = entered(people)
    given_up = take_report(report, by=people.officer, at=SOON, data=NO_PAPERS)
    later = SOON + timedelta(hours=1)
    given_up = withdraw_aid(given_up, reason="登记错了", by=people.officer, at=later)
    report.refresh_from_db()
    assert (report.state, report.settled_by, report.settled_at) == ("open", None, None)
    assert given_up.events.get(kind="withdrawn").note == "登记错了；急难报告JN2026-0001恢复待处置"
    assert "JN2026-0001" in given_up.events.get(kind="reported").note
    assert [row.pk for row in reports_to_take(people.officer)] == [report.pk]
    anew = take_report(report, by=people.officer, at=later, data=NO_PAPERS)
    assert (anew.report, anew.first_reported_at, anew.help_due_at) == (report, NIGHT, NIGHT + timedelta(hours=24))
    given_up.refresh_from_db()
    assert given_up.report is None


def test_a_known_number_links_the_family_by_itself(people: Crew) -> None:
    number = make_id_number(birth_date=date(1971, 2, 3))
    family = register(people.officer, code=VILLAGES[LINXI], head=person("许金宝", id_number=number))
    aid = take_report(entered(people, person_id_number=number), by=people.officer, at=SOON)
    assert aid.household == family


def test_what_the_report_does_not_say_is_asked(people: Crew) -> None:
    report = entered(people, cause="")
    for data, field in ((NO_PAPERS, "cause"), (TakeData(cause="fire"), "missing_id_reason")):
        with pytest.raises(NotAllowed) as error:
            take_report(report, by=people.officer, at=SOON, data=data)
        assert error.value.field == field
    assert HardshipReport.objects.get().state == "open"
    take_report(report, by=people.officer, at=SOON, data=replace(NO_PAPERS, cause="fire"))


def test_a_report_is_taken_once_and_by_who_handles_aid(people: Crew) -> None:
    report = entered(people)
    for someone in (people.assistant, people.visitor, people.lead):
        with pytest.raises(NotPermitted):
            take_report(report, by=someone, at=SOON, data=NO_PAPERS)
    take_report(report, by=people.officer, at=SOON, data=NO_PAPERS)
    with pytest.raises(NotAllowed):
        take_report(report, by=people.officer, at=SOON, data=NO_PAPERS)
    with pytest.raises(NotAllowed):
        dismiss_report(report, reason="不需要", by=people.officer, at=SOON)


# --- 不需救助、重复、回访 ------------------------------------------------------------


def test_a_report_is_dismissed_with_a_reason(people: Crew) -> None:
    report = entered(people)
    with pytest.raises(NotAllowed) as error:
        dismiss_report(report, reason=" ", by=people.officer, at=SOON)
    assert error.value.field == "reason"
    assert dismiss_report(report, reason="已由亲属安置", by=people.officer, at=SOON).state == "dismissed"


@pytest.mark.parametrize(("days", "found"), [(0, True), (7, True), (8, False), (-7, True), (-8, False)])
def test_the_same_name_in_the_same_village_within_seven_days_may_be_the_same(
    people: Crew, days: int, found: bool
) -> None:
    later = SOON + timedelta(days=30)
    report = entered(people, at=later)
    other = entered(people, at=later, reported_at=NIGHT + timedelta(days=days))
    assert list(may_be_the_same(report, staff=people.officer)) == ([other] if found else [])


def test_the_same_number_may_be_the_same_whenever_and_another_name_is_not(people: Crew) -> None:
    number, later = make_id_number(), SOON + timedelta(days=60)
    report = entered(people, at=later, person_id_number=number)
    other = entered(
        people, at=later, person_id_number=number, person_name="许金保", reported_at=NIGHT + timedelta(days=50)
    )
    entered(people, at=later, person_name="章小妹")
    assert list(may_be_the_same(report, staff=people.officer)) == [other]


def test_the_earlier_of_two_reports_stays(people: Crew) -> None:
    first, second = entered(people), entered(people, reported_at=NIGHT + timedelta(hours=2))
    with pytest.raises(NotAllowed, match="更早"):
        mark_duplicate(first, of=second, reason="同一件", by=people.officer, at=SOON)
    with pytest.raises(NotAllowed):
        mark_duplicate(first, of=first, reason="同一件", by=people.officer, at=SOON)
    mark_duplicate(second, of=first, reason="同一件", by=people.officer, at=SOON)
    second.refresh_from_db()
    assert (second.state, second.duplicate_of) == ("duplicate", first)
    with pytest.raises(NotAllowed):
        mark_duplicate(first, of=second, reason="同一件", by=people.officer, at=SOON)


def test_an_earlier_report_sets_the_clock_of_the_aid_back(people: Crew) -> None:
    taken = entered(people, reported_at=NIGHT + timedelta(hours=3))
    aid = take_report(taken, by=people.officer, at=SOON, data=NO_PAPERS)
    earlier = ticket(people)
    mark_duplicate(earlier, of=taken, reason="同一件", by=people.officer, at=SOON)
    aid.refresh_from_db()
    assert (aid.first_reported_at, aid.help_due_at) == (NIGHT, NIGHT + timedelta(hours=24))


def test_who_rang_the_hotline_is_rung_back(people: Crew) -> None:
    report = ticket(people)
    with pytest.raises(NotAllowed, match="先处置"):
        record_callback(report, result="已救助", by=people.visitor, at=SOON)
    assert list(callbacks_owed(people.visitor)) == []
    dismiss_report(report, reason="已由亲属安置", by=people.officer, at=SOON)
    assert list(callbacks_owed(people.visitor)) == [report]
    record_callback(report, result="已告知来电人，满意", by=people.visitor, at=SOON)
    assert list(callbacks_owed(people.visitor)) == []
    with pytest.raises(NotAllowed):
        record_callback(report, result="再回访", by=people.visitor, at=SOON)


def test_nobody_else_is_rung_back(people: Crew) -> None:
    report = dismiss_report(entered(people), reason="无需", by=people.officer, at=SOON)
    with pytest.raises(NotAllowed):
        record_callback(report, result="已告知", by=people.officer, at=SOON)


# --- 名单 ------------------------------------------------------------


def test_the_list_is_cut_by_what_is_asked(people: Crew) -> None:
    open_one, hot = entered(people), ticket(people, person_name="章小妹")
    dismiss_report(hot, reason="已由亲属安置", by=people.officer, at=SOON)

    def found(**more: str) -> list[HardshipReport]:
        return list(listed(people.officer, at=SOON, wanted=ReportFilter(**more)))

    assert found() == [open_one, hot]
    assert found(state="open") == [open_one]
    assert found(state="callback") == [hot]
    assert found(source="hotline") == [hot]
    assert found(text="章小") == [hot]
    assert found(text="JN2026-0001") == [open_one]
    assert found(village=VILLAGES[LINXI]) == [open_one, hot]
    assert found(township=HUAYANG) == []
    assert list(listed(crew(HUAYANG).officer, at=SOON)) == []
    assert list(reports_to_take(people.officer)) == [open_one]
    assert list(reports_to_take(people.assistant)) == []


def test_a_report_is_late_one_second_past_the_24_hours(people: Crew) -> None:
    report = entered(people)
    due = NIGHT + timedelta(hours=24)
    late = ReportFilter(late="yes")
    assert list(listed(people.officer, at=due, wanted=late)) == []
    assert list(listed(people.officer, at=due + timedelta(seconds=1), wanted=late)) == [report]


def test_a_report_whose_help_came_in_time_is_not_late_afterwards(people: Crew) -> None:
    fund(people)
    aid = take_report(entered(people), by=people.officer, at=SOON, data=NO_PAPERS)
    pay(aid, people)
    late = ReportFilter(late="yes")
    assert list(listed(people.officer, at=SOON + timedelta(days=9), wanted=late)) == []
    (found,) = listed(people.officer, at=SOON + timedelta(days=9))
    assert mark_of(found, at=SOON + timedelta(days=9)) == ("9.0小时到手", "good")


def test_a_report_that_became_an_expenditure_has_no_clock(people: Crew) -> None:
    told = TakeData(cause="medical", missing_id_reason="lost", self_paid_amount=Decimal("30000.00"))
    take_report(entered(people), by=people.officer, at=SOON, data=told)
    week = SOON + timedelta(days=7)
    (found,) = listed(people.officer, at=week)
    assert mark_of(found, at=week) is None
    assert list(listed(people.officer, at=week, wanted=ReportFilter(late="yes"))) == []


# --- 快速登记 ------------------------------------------------------------


def quick(**more: Any) -> QuickData:
    told: dict[str, Any] = {
        "area": area(VILLAGES[LINXI]),
        "name": "许金宝",
        "cause": "fire",
        "grade": "moderate",
        "situation": "夜里失火，烧了两间房",
        "word": "情况属实，请先行救助。",
        "vouched_by": "汪志强",
        "missing_id_reason": "lost",
        "reported_at": NIGHT,
        "people_count": 3,
    }
    return QuickData(**told | more)


def test_one_entry_makes_report_aid_and_request(people: Crew) -> None:
    aid = enter_quick(quick(), photo=photo(), by=people.assistant, at=SOON)
    assert (aid.state, aid.grade, aid.people_count) == ("advance_asked", "moderate", 3)
    assert aid.help_due_at == NIGHT + timedelta(hours=24)
    assert aid.report is not None
    assert (aid.report.state, aid.report.reporter_name) == ("taken", "汪志强")
    assert aid.advance_requests.get().asked_amount == ASKED


def test_the_amount_may_be_typed_and_the_family_is_found(people: Crew) -> None:
    number = make_id_number(birth_date=date(1971, 2, 3))
    family = register(people.officer, code=VILLAGES[LINXI], head=person("许金宝", id_number=number))
    told = quick(id_number=number, missing_id_reason="", amount=Decimal("1800.00"))
    aid = enter_quick(told, photo=photo(), by=people.assistant, at=SOON)
    assert (aid.household, aid.advance_requests.get().asked_amount) == (family, Decimal("1800.00"))


@pytest.mark.parametrize(
    ("more", "field"),
    [({"cause": "medical"}, "cause"), ({"grade": "x"}, "grade"), ({"missing_id_reason": ""}, "missing_id_reason")],
)
def test_nothing_is_kept_where_a_part_is_refused(people: Crew, more: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAllowed) as error:
        enter_quick(quick(**more), photo=photo(), by=people.assistant, at=SOON)
    assert error.value.field == field
    assert (HardshipReport.objects.count(), TemporaryAid.objects.count()) == (0, 0)


def test_without_a_photo_nothing_is_kept_either(people: Crew) -> None:
    with pytest.raises(NotAllowed) as error:
        enter_quick(quick(), photo=None, by=people.assistant, at=SOON)
    assert (error.value.field, HardshipReport.objects.count()) == ("photo", 0)


def test_an_aid_that_was_asked_for_is_paid(people: Crew) -> None:
    fund(people)
    assert pay(asked(people), people).amount == ASKED
