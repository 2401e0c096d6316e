"""小额先行救助: the limits, the hours, the hands, the reserve and the due day, each on both sides."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import NotPermitted
from organizations.permissions import Role
from organizations.services import load_calendar_year
from temporary_aid.models import AidStage, PettyAdvance, ReserveFund, TemporaryAid
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.advancing import (
    AskData,
    ask_advance,
    decline_advance,
    pay_advance,
    release_advance,
)
from temporary_aid.services.relieving import set_relieved
from temporary_aid.services.supplementing import SupplementData, submit_supplement
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, NIGHT, open_urgent, photo
from tests.support.crews import Crew
from tests.support.factories import make_id_number, make_staff
from tests.temporary_aid.advances import ASKED, SOON, advance_data, advanced, asked, fund, pay

pytestmark = pytest.mark.django_db


def refused(aid: TemporaryAid, people: Crew, *, at: datetime = SOON, **more: Any) -> NotAllowed:
    with pytest.raises(NotAllowed) as error:
        pay(aid, people, at=at, **more)
    return error.value


# --- 提请 ---------------------------------------------------------------------------------------------------------


def test_the_village_asks_with_a_word_and_a_photo(people: Crew) -> None:
    aid = asked(people)
    request = aid.advance_requests.get()
    assert aid.state == "advance_asked"
    assert (request.asked_amount, request.asked_by, request.vouched_by) == (ASKED, people.assistant, "汪志强")
    assert request.photo.kind == "scene_photo"
    assert "提请2,340.00元" in aid.events.get(kind="advance_asked").note


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (AskData(Decimal("0.00"), "汪志强", "属实"), "amount"),
        (AskData(ASKED, " ", "属实"), "vouched_by"),
        (AskData(ASKED, "汪志强", " "), "word"),
    ],
)
def test_what_the_village_has_to_say(people: Crew, data: AskData, field: str) -> None:
    aid = open_urgent(people.officer)
    with pytest.raises(NotAllowed) as error:
        ask_advance(aid, data=data, photo=photo(), by=people.assistant, at=SOON)
    assert error.value.field == field


def test_a_photo_is_asked_and_expenditure_is_not_paid_first(people: Crew) -> None:
    said = AskData(ASKED, "汪志强", "属实")
    with pytest.raises(NotAllowed) as error:
        ask_advance(open_urgent(people.officer), data=said, photo=None, by=people.assistant, at=SOON)
    assert error.value.field == "photo"
    slow = open_urgent(people.officer, kind="expenditure", self_paid_amount=Decimal("30000.00"))
    with pytest.raises(NotAllowed, match="只有急难型"):
        ask_advance(slow, data=said, photo=photo(), by=people.assistant, at=SOON)


def test_the_township_declines_with_a_reason_and_the_village_may_ask_again(people: Crew) -> None:
    aid = asked(people)
    with pytest.raises(NotAllowed) as error:
        decline_advance(aid, reason=" ", by=people.officer, at=SOON)
    assert error.value.field == "reason"
    aid = decline_advance(aid, reason="情况不紧急", by=people.officer, at=SOON)
    assert aid.state == "opened"
    assert aid.advance_requests.get().declined_reason == "情况不紧急"
    ask_advance(aid, data=AskData(ASKED, "汪志强", "又下雨了"), photo=photo(), by=people.assistant, at=SOON)
    assert aid.advance_requests.count() == 2


# --- 发放 ---------------------------------------------------------------------------------------------------------


def test_paying_moves_the_reserve_and_makes_the_first_stage(people: Crew) -> None:
    fund(people)
    slip = pay(asked(people), people)
    aid = TemporaryAid.objects.get()
    assert (slip.number, slip.amount, slip.balance_after) == ("XX2026-0001", ASKED, Decimal("17660.00"))
    assert ReserveFund.objects.get().balance == Decimal("17660.00")
    assert (aid.state, aid.route, aid.decided_level, aid.amount) == ("advanced", "petty_advance", "township", ASKED)
    assert aid.first_paid_at == SOON
    stage = aid.stages.get()
    assert (stage.state, stage.source, stage.amount, stage.second_hand) == ("paid", "reserve", ASKED, "胡玉兰")
    assert (stage.paid_by, stage.received_by) == (people.officer, "许金宝")
    assert not slip.is_late


def test_the_township_pays_without_the_village_asking_and_keeps_the_receipt(people: Crew) -> None:
    fund(people)
    aid = open_urgent(people.officer)
    pay_advance(aid, data=advance_data(), receipt=photo("领取.jpg"), by=people.officer, at=SOON)
    receipt = AidStage.objects.get().receipt
    assert receipt is not None
    assert receipt.kind == "receipt"


def test_the_last_instant_of_24_hours_is_in_time(people: Crew) -> None:
    fund(people)
    slip = pay(asked(people), people, at=NIGHT + timedelta(hours=24))
    assert (slip.is_late, slip.late_reason) == (False, "")


def test_one_second_past_24_hours_asks_the_reason_and_is_still_paid(people: Crew) -> None:
    fund(people)
    aid, late = asked(people), NIGHT + timedelta(hours=24, seconds=1)
    error = refused(aid, people, at=late)
    assert (error.field, ReserveFund.objects.get().balance) == ("late_reason", Decimal("20000.00"))
    assert "24.0小时" in error.message
    slip = pay(aid, people, at=late, late_reason="道路塌方，次日才能进村")
    assert (slip.is_late, slip.late_reason) == (True, "道路塌方，次日才能进村")
    assert aid.events.get(kind="overdue_explained").note == "道路塌方，次日才能进村"


def test_the_clock_runs_from_the_first_report_not_from_the_registration(people: Crew) -> None:
    """Reported on Saturday at 23:30, registered on Monday: the 24 hours were over on Sunday at 23:30."""
    fund(people)
    aid = open_urgent(people.officer, at=NIGHT + timedelta(days=1, hours=9, minutes=30))
    assert aid.help_due_at == NIGHT + timedelta(days=1)
    assert refused(aid, people, at=NIGHT + timedelta(days=1, hours=10)).field == "late_reason"


def test_the_ceiling_itself_is_paid_and_a_fen_more_is_not(people: Crew) -> None:
    """petty_advance_limit 3 times 780.00 is 2,340.00; the maximum of 4 times, 3,120.00, is not what stops it."""
    set_parameter("petty_advance_limit", "3")
    fund(people)
    aid = asked(people)
    error = refused(aid, people, amount=Decimal("2340.01"), difference="多一分")
    assert (error.field, "2,340.00" in error.message) == ("amount", True)
    assert pay(aid, people, amount=Decimal("2340.00")).limit_amount == Decimal("2340.00")


def test_above_the_maximum_the_county_has_to_resolve(people: Crew) -> None:
    set_parameter("petty_advance_limit", "6")
    fund(people)
    aid = asked(people)
    with pytest.raises(NeedsCollectiveDecision):
        pay(aid, people, amount=Decimal("3120.01"), difference="房屋全毁")
    assert pay(aid, people, amount=Decimal("3120.00"), grade="severe").amount == Decimal("3120.00")


def test_below_the_minimum_and_beside_the_table_a_reason_is_asked(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    assert refused(aid, people, amount=Decimal("1559.99")).field == "below_reason"
    assert refused(aid, people, amount=Decimal("1560.00")).field == "difference_reason"
    slip = pay(aid, people, amount=Decimal("1559.99"), below="只需添置被褥")
    assert slip.amount == Decimal("1559.99")


def test_the_second_time_for_the_same_cause_within_the_year_needs_a_resolution(people: Crew) -> None:
    fund(people)
    number = make_id_number(birth_date=date(1971, 2, 3))
    advanced(people, id_number=number, cause="fire")
    other = open_urgent(people.officer, id_number=number, cause="traffic")
    pay(other, people)
    third = open_urgent(people.officer, id_number=number, cause="accident")
    with pytest.raises(NeedsCollectiveDecision, match="2次"):
        pay(third, people)


def test_the_balance_is_the_end_and_the_last_yuan_may_be_spent(people: Crew) -> None:
    fund(people, amount="2340.00")
    first, second = asked(people), open_urgent(people.officer, name="章小妹")
    pay(first, people)
    assert ReserveFund.objects.get().balance == Decimal("0.00")
    error = refused(second, people)
    assert error.field == "amount"
    assert "备用金余额不足" in error.message
    assert TemporaryAid.objects.get(pk=second.pk).state == "opened"


def test_two_hands_a_recipient_and_an_aid_that_is_not_paid_yet(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    assert refused(aid, people, second_hand=people.officer.name).field == "second_hand"
    assert refused(aid, people, second_hand=" ").field == "second_hand"
    assert refused(aid, people, second_hand="程 晓燕").field == "second_hand"
    assert refused(aid, people, received_by=" ").field == "received_by"
    assert refused(aid, people, amount=Decimal("0.00")).field == "amount"
    pay(aid, people)
    refused(aid, people)
    assert PettyAdvance.objects.count() == 1


@pytest.mark.parametrize("name", ["程晓燕", "程　晓燕", "胡玉兰", " 胡玉 兰"])
def test_neither_hand_receives_the_money_however_the_name_is_written(people: Crew, name: str) -> None:
    """程晓燕 pays and 胡玉兰 is with her."""
    fund(people)
    error = refused(asked(people), people, received_by=name)
    assert (error.field, error.message) == ("received_by", "领取人不能是经办人。")
    assert not PettyAdvance.objects.exists()


def test_who_may_pay(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    finance = make_staff(Role.FINANCE_OFFICER, "341824", on=date(2026, 1, 1))
    elsewhere = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    for person in (people.assistant, people.lead, people.approver, finance, elsewhere):
        with pytest.raises(NotPermitted):
            pay_advance(aid, data=advance_data(), by=person, at=SOON)


# --- 补手续期限 -----------------------------------------------------------------------------------------------------


def test_papers_are_due_ten_working_days_after_the_payment(people: Crew) -> None:
    """Paid on Sunday 13 September 2026. In 2026 people work on Sunday 20 September and rest from 25 to 27 September.

    14 15 16 17 18 | 20 21 22 23 24 are ten working days.
    """
    fund(people)
    slip = pay(asked(people), people)
    assert (slip.supplement_due_on, slip.supplement_due_is_provisional) == (date(2026, 9, 24), False)


def test_they_run_from_the_day_on_which_the_emergency_is_over(people: Crew) -> None:
    """Over on Monday the 14th: 15 16 17 18 | 20 21 22 23 24, and after the holiday Monday the 28th."""
    fund(people)
    aid = advanced(people)
    set_relieved(aid, relieved_on=date(2026, 9, 14), by=people.officer, at=SOON + timedelta(days=2))
    assert PettyAdvance.objects.get().supplement_due_on == date(2026, 9, 28)
    for wrong in (date(2026, 9, 11), date(2026, 9, 16)):
        with pytest.raises(NotAllowed) as error:
            set_relieved(aid, relieved_on=wrong, by=people.officer, at=SOON + timedelta(days=2))
        assert error.value.field == "relieved_on"


def test_a_due_day_in_a_year_without_holidays_is_counted_anew_once_they_are_entered(people: Crew) -> None:
    """Paid on Thursday 24 December 2026 for a report of the evening before; 2027 is not entered yet.

    25 28 29 30 31 | 1 4 5 6 7 January by weekdays; with 1 January off it is the 8th.
    """
    fund(people)
    report = NIGHT + timedelta(days=102)
    aid = open_urgent(
        people.officer,
        at=report,
        first_reported_at=report,
        occurred_on=report.date(),
        id_number="",
        missing_id_reason="lost",
    )
    slip = pay(aid, people, at=report + timedelta(hours=9))
    assert (slip.supplement_due_on, slip.supplement_due_is_provisional) == (date(2027, 1, 7), True)
    holiday = [(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)]
    load_calendar_year(2027, days=holiday, source="国办发明电")
    slip.refresh_from_db()
    assert (slip.supplement_due_on, slip.supplement_due_is_provisional) == (date(2027, 1, 8), False)


# --- 逾期暂停 -------------------------------------------------------------------------------------------------------


def overdue_and_next(people: Crew, *, days: int) -> tuple[TemporaryAid, datetime]:
    """One whose papers were due on 24 September, and another reported so many days after the first."""
    fund(people)
    advanced(people)
    reported = NIGHT + timedelta(days=days)
    aid = open_urgent(
        people.officer, name="章小妹", at=reported, first_reported_at=reported, occurred_on=reported.date()
    )
    return aid, reported


def test_overdue_papers_stop_nothing_unless_the_county_says_so(people: Crew) -> None:
    aid, reported = overdue_and_next(people, days=13)
    assert pay(aid, people, at=reported).number == "XX2026-0002"


def test_where_they_stop_new_advances_the_due_day_itself_does_not(people: Crew) -> None:
    set_parameter("aid_supplement_blocks", True)
    aid, reported = overdue_and_next(people, days=12)  # 24 September, 23:30
    assert pay(aid, people, at=reported).number == "XX2026-0002"


def test_the_day_after_they_stop_it_until_the_county_releases_this_one(people: Crew) -> None:
    set_parameter("aid_supplement_blocks", True)
    aid, reported = overdue_and_next(people, days=13)
    assert "1件先行救助逾期" in refused(aid, people, at=reported).message
    with pytest.raises(NotPermitted):
        release_advance(aid, reason="房屋倒塌", by=people.lead, at=reported)
    with pytest.raises(NotAllowed):
        release_advance(aid, reason=" ", by=people.approver, at=reported)
    release_advance(aid, reason="房屋倒塌，不能等", by=people.approver, at=reported)
    with pytest.raises(NotAllowed, match="已经放行"):
        release_advance(aid, reason="再放行", by=people.approver, at=reported)
    pay(aid, people, at=reported)
    assert aid.events.get(kind="advance_released").note == "房屋倒塌，不能等"


def test_papers_that_came_in_are_overdue_no_more(people: Crew) -> None:
    set_parameter("aid_supplement_blocks", True)
    aid, reported = overdue_and_next(people, days=13)
    first = TemporaryAid.objects.exclude(pk=aid.pk).get()
    data = SupplementData("属实", late_reason="下乡防汛")
    submit_supplement(first, data=data, papers=[photo()], by=people.officer, at=reported)
    assert pay(aid, people, at=reported).amount == ASKED
