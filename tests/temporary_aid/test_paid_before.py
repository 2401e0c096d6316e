"""Money that was handed over at night and is entered in the morning (补记): all goes by when the family had it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from temporary_aid.models import PettyAdvance, ReserveEntry, TemporaryAid
from temporary_aid.services import NotAllowed
from tests.benefits.builders import set_parameter
from tests.support.aid import NIGHT, SHANGHAI, open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import Crew
from tests.temporary_aid.advances import asked, fund, pay
from tests.temporary_aid.reserves import Purse
from tests.temporary_aid.test_advance_views import PAID, SUNDAY, address

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 9, 13, 22, 0, tzinfo=SHANGHAI)
"""Sunday: the 24 hours since Saturday, 23:30, have an hour and a half left."""
MONDAY = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)
FRIDAY = datetime(2026, 9, 18, 9, 0, tzinfo=SHANGHAI)


def refused(aid: TemporaryAid, people: Crew, *, at: datetime, **more: Any) -> NotAllowed:
    with pytest.raises(NotAllowed) as error:
        pay(aid, people, at=at, **more)
    assert not PettyAdvance.objects.exists()
    return error.value


def test_money_of_the_evening_is_in_time_although_it_is_entered_the_day_after(people: Crew) -> None:
    """Ten working days from Sunday, 13 September: Sunday the 20th is worked, so the last is Thursday the 24th."""
    fund(people)
    aid = asked(people)
    slip = pay(aid, people, at=MONDAY, paid_at=EVENING)
    assert (slip.paid_at, slip.is_late, slip.supplement_due_on) == (EVENING, False, date(2026, 9, 24))
    assert (aid.first_paid_at, aid.decided_at, aid.stages.get().paid_at) == (EVENING, MONDAY, EVENING)
    entry = ReserveEntry.objects.get(aid=aid)
    assert (entry.occurred_on, entry.at) == (date(2026, 9, 13), MONDAY)


def test_late_is_what_reached_the_family_late(people: Crew) -> None:
    fund(people)
    aid, due = asked(people), NIGHT + timedelta(hours=24)
    error = refused(aid, people, at=MONDAY, paid_at=due + timedelta(minutes=6))
    assert (error.field, "已过24.1小时" in error.message) == ("late_reason", True)
    assert not pay(aid, people, at=MONDAY, paid_at=due).is_late


def test_nobody_is_paid_in_time_to_come_or_before_the_report(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    assert refused(aid, people, at=EVENING, paid_at=EVENING + timedelta(minutes=1)).field == "paid_at"
    error = refused(aid, people, at=EVENING, paid_at=NIGHT - timedelta(minutes=1))
    assert (error.field, "9月12日23:30" in error.message) == ("paid_at", True)


def test_within_the_minute_of_the_report_it_was_paid_with_it(people: Crew) -> None:
    fund(people)
    said = NIGHT + timedelta(seconds=40)
    aid = open_urgent(people.officer, first_reported_at=said)
    assert pay(aid, people, at=EVENING, paid_at=NIGHT).paid_at == said


def test_what_was_paid_48_hours_ago_is_entered_and_a_minute_more_says_why(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    moment = FRIDAY - timedelta(hours=48)
    before = moment - timedelta(minutes=1)
    error = refused(aid, people, at=FRIDAY, paid_at=before, late_reason="塌方")
    assert (error.field, "48小时" in error.message) == ("entry_reason", True)
    assert pay(aid, people, at=FRIDAY, paid_at=moment, late_reason="塌方").entry_reason == ""


def test_what_was_paid_a_week_ago_is_entered_as_it_was_with_the_reason(people: Crew) -> None:
    fund(people)
    aid, later = asked(people), EVENING + timedelta(days=7)
    slip = pay(aid, people, at=later, paid_at=EVENING, entry_reason="山洪冲断网络")
    assert (slip.paid_at, slip.is_late, slip.entry_reason) == (EVENING, False, "山洪冲断网络")
    assert aid.events.get(kind="overdue_explained").note == "补记原因：山洪冲断网络"
    assert ReserveEntry.objects.get(aid=aid).occurred_on == date(2026, 9, 13)


def test_the_county_sets_within_how_many_hours_no_reason_is_asked(people: Crew) -> None:
    set_parameter("petty_advance_entry_hours", 10)
    fund(people)
    aid = asked(people)
    error = refused(aid, people, at=MONDAY, paid_at=EVENING - timedelta(hours=1))
    assert (error.field, "10小时" in error.message) == ("entry_reason", True)


def test_a_day_of_a_signed_month_is_refused_beside_the_time(people: Crew, reserve: Purse) -> None:
    """Paid on 30 September at 22:00, entered on 1 October at 22:00, when September is signed."""
    reserve.allocate(5000)
    reserve.sign(reserve.prepare(date(2026, 9, 1), cash=5000, on=date(2026, 10, 1)), on=date(2026, 10, 1))
    told = datetime(2026, 9, 30, 21, 0, tzinfo=SHANGHAI)
    aid = open_urgent(people.officer, at=told, first_reported_at=told, occurred_on=told.date())
    paid_at = told + timedelta(hours=1)
    error = refused(aid, people, at=paid_at + timedelta(hours=24), paid_at=paid_at)
    assert (error.field, "已经签认" in error.message) == ("paid_at", True)


def test_the_page_begins_with_now_and_keeps_what_is_typed(people: Crew) -> None:
    fund(people)
    aid, desk = asked(people), Desk(people.officer, on=SUNDAY)
    page = desk.fetch(address("pay_advance", aid.pk))
    assert page.context["form"]["paid_at"].value().strftime("%H:%M") == "10:00"
    assert 'value="2026-09-13T10:00"' in page.content.decode()
    answer = desk.post(address("pay_advance", aid.pk), PAID | {"paid_at": "2026-09-13T10:01"})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["paid_at"])
    assert answer.context["form"]["paid_at"].value() == "2026-09-13T10:01"
    assert desk.post(address("pay_advance", aid.pk), PAID | {"paid_at": "2026-09-13T08:15"}).status_code == 302
    aid.refresh_from_db()
    assert aid.first_paid_at == datetime(2026, 9, 13, 8, 15, tzinfo=SHANGHAI)
