"""小额先行救助 as tests tell it: a township with money in its reserve, and an aid at any stage of the way."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from temporary_aid.models import AidRecoupment, PettyAdvance, ReserveFund, Supplement, TemporaryAid
from temporary_aid.services import Reasons, reserve
from temporary_aid.services.advancing import AdvanceData, AskData, ask_advance, pay_advance
from temporary_aid.services.recouping import order_recoupment
from temporary_aid.services.reports import ReportData
from temporary_aid.services.supplementing import SupplementData, accept_supplement, submit_supplement
from tests.support.aid import LINXI, NIGHT, open_urgent, photo
from tests.support.crews import VILLAGES, Crew
from tests.support.factories import area

SOON = NIGHT + timedelta(hours=9)
"""The Sunday morning after."""
ASKED = Decimal("2340.00")
"""What the table proposes for the grade of ``aid_data``: 780.00 × 3."""


def fund(people: Crew, *, township: str = LINXI, amount: str = "20000.00") -> ReserveFund:
    """The township's reserve with so many yuan in it since the beginning of September."""
    day = date(2026, 9, 1)
    at = NIGHT - timedelta(days=11)
    made = reserve.open_fund(area(township), opened_on=day, by=people.visitor, at=at)
    reserve.allocate(made, amount=Decimal(amount), note="年初拨入", voucher="拨字1号", by=people.visitor, at=at, on=day)
    return made


def report_data(**more: Any) -> ReportData:
    told: dict[str, Any] = {
        "area": area(VILLAGES[LINXI]),
        "source": "village_assistant",
        "reported_at": NIGHT,
        "reporter_name": "汪志强",
        "person_name": "许金宝",
        "situation": "夜里失火，烧毁正房两间。",
        "place": "一组7号",
        "cause": "fire",
    }
    return ReportData(**told | more)


def asked(people: Crew, *, amount: Decimal = ASKED, **more: Any) -> TemporaryAid:
    """An aid for which the village asked an advance half an hour after the report."""
    aid = open_urgent(people.officer, **more)
    data = AskData(amount, "汪志强", "情况属实，请先行救助。", "村级协理员")
    ask_advance(aid, data=data, photo=photo(), by=people.assistant, at=NIGHT + timedelta(minutes=30))
    aid.refresh_from_db()
    return aid


def advance_data(**more: Any) -> AdvanceData:
    reasons = Reasons(more.pop("below", ""), more.pop("difference", ""))
    told: dict[str, Any] = {
        "amount": ASKED,
        "grade": "moderate",
        "second_hand": "胡玉兰",
        "received_by": "许金宝",
        "reasons": reasons,
    }
    return AdvanceData(**told | more)


def pay(aid: TemporaryAid, people: Crew, *, at: datetime = SOON, **more: Any) -> PettyAdvance:
    slip = pay_advance(aid, data=advance_data(**more), by=people.officer, at=at)
    aid.refresh_from_db()
    return slip


def advanced(people: Crew, **more: Any) -> TemporaryAid:
    """An aid that was paid from the reserve on the Sunday morning; the reserve is there already."""
    aid = asked(people, **more)
    pay(aid, people)
    return TemporaryAid.objects.get(pk=aid.pk)


def supplemented(people: Crew, *, at: datetime = SOON + timedelta(days=2), **more: Any) -> Supplement:
    """The papers of such an aid, handed in by the clerk on the Tuesday."""
    data = SupplementData("失火属实，正房烧毁，家庭三口人。", relieved_on=None)
    return submit_supplement(advanced(people, **more), data=data, papers=[photo()], by=people.officer, at=at)


def approved(people: Crew, **more: Any) -> TemporaryAid:
    """Such an aid, approved by the township's approver on the Wednesday."""
    found = supplemented(people, **more)
    accept_supplement(found, opinion="同意", by=people.lead, at=SOON + timedelta(days=3))
    return TemporaryAid.objects.get(pk=found.aid_id)


def recouping(people: Crew, **more: Any) -> AidRecoupment:
    """An advance that is asked back whole."""
    return order_recoupment(
        advanced(people, **more), due_amount=ASKED, reason="房屋无人居住，属谎报", by=people.lead, at=SOON
    )
