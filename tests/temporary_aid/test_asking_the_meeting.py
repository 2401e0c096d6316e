"""提请一事一议: asked for by the clerk, withdrawn or answered, told to who records it, counted as it is judged."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from foundation.errors import NotPermitted
from foundation.trail import acting
from temporary_aid import services
from temporary_aid.models import CollectiveRequest, TemporaryAid
from temporary_aid.queries.listing import AidFilter, list_aids
from temporary_aid.queries.tasks import aids_awaiting_meeting
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.following import open_follow_up
from tests.support.aid import HUAYANG, SHANGHAI, open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import Crew, crew, family
from tests.support.factories import make_id_number
from tests.temporary_aid import advances
from tests.temporary_aid.builders import (
    MORNING,
    approved,
    goods,
    meeting,
    money,
    proposal,
    proposed,
    resolved,
    secretary,
    service,
)
from tests.temporary_aid.granted import granted
from tests.temporary_aid.test_deciding_pages import TODAY, address, stages, words
from tests.temporary_aid.test_expenditure import NINE, plan, spending, story_of

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)
ON = MORNING.date()
WHY = "房屋全毁，三口人无处居住，3120元不够重建。"


def ask(aid: TemporaryAid, people: Crew, amount: str = "6000.00", **more: Any) -> CollectiveRequest:
    terms: dict[str, Any] = {"reason": WHY, "by": people.officer, "at": MORNING}
    return services.ask_meeting(aid, amount=Decimal(amount), **terms | more)


def refusal(call: Callable[[], Any]) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        call()
    return refused.value


def waiting(on: Any = ON) -> list[TemporaryAid]:
    return list(aids_awaiting_meeting(secretary(), on=on))


# --- 提请 ---------------------------------------------------------------------------------------------------------


def test_what_is_above_the_maximum_is_asked_of_the_meeting_which_is_told(people: Crew) -> None:
    aid = open_urgent(people.officer)
    assert waiting() == []
    request = ask(aid, people)
    assert (request.asked_amount, request.asked_by, request.asked_at) == (Decimal("6000.00"), people.officer, MORNING)
    assert waiting() == [aid]
    aid.refresh_from_db()
    assert aid.state == "opened"
    assert aid.events.get(kind="collective_asked").note == f"拟救助6,000.00元：{WHY}"


def test_the_resolution_answers_it_and_its_voiding_lets_it_wait_again(people: Crew) -> None:
    aid = open_urgent(people.officer)
    ask(aid, people)
    decision = resolved(aid, people.visitor)
    assert waiting() == []
    assert "已登记过一事一议" in refusal(lambda: ask(aid, people)).message
    assert "不能撤回" in refusal(lambda: withdraw(aid, people)).message
    services.void_decision(decision, reason="金额登记错", by=people.visitor, at=LATER)
    assert waiting() == [aid]


def withdraw(aid: TemporaryAid, people: Crew, reason: str = "改按上限救助") -> CollectiveRequest:
    return services.withdraw_request(aid, reason=reason, by=people.officer, at=LATER)


def test_it_is_asked_once_withdrawn_with_a_reason_and_asked_anew(people: Crew) -> None:
    aid = open_urgent(people.officer)
    assert "没有提请" in refusal(lambda: withdraw(aid, people)).message
    ask(aid, people)
    assert "请先撤回" in refusal(lambda: ask(aid, people)).message
    assert refusal(lambda: withdraw(aid, people, " ")).field == "reason"
    taken = withdraw(aid, people)
    assert (taken.withdrawn_by, taken.withdrawn_at, taken.withdrawn_reason) == (people.officer, LATER, "改按上限救助")
    assert waiting() == []
    ask(aid, people, "5000.00")
    assert waiting() == [aid]


@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [
        ("0.00", WHY, "amount"),
        ("6000.00", " ", "reason"),
        ("3120.00", WHY, "amount"),  # the maximum itself, 4 × 780, takes no meeting
    ],
)
def test_what_takes_no_meeting_or_is_not_told_is_refused(people: Crew, amount: str, reason: str, field: str) -> None:
    aid = open_urgent(people.officer)
    assert refusal(lambda: ask(aid, people, amount, reason=reason)).field == field
    assert not aid.collective_requests.exists()


def test_a_fen_above_the_maximum_and_a_full_frequency_take_it(people: Crew) -> None:
    assert ask(open_urgent(people.officer, name="章小妹"), people, "3120.01")
    number = str(approved(people).recipient_id_number.reveal())
    assert ask(open_urgent(people.officer, id_number=number), people, "1560.00")


def test_only_the_clerk_of_the_township_asks_while_it_is_not_granted(people: Crew) -> None:
    aid = open_urgent(people.officer)
    for staff in (people.assistant, people.lead, people.approver, secretary(), crew(HUAYANG).officer):
        with pytest.raises(NotPermitted):
            ask(aid, people, by=staff)
    done = approved(people, aid=aid)
    assert "不能这样办理" in refusal(lambda: ask(done, people)).message


def test_who_asked_does_not_approve(people: Crew) -> None:
    aid = open_urgent(people.officer)
    ask(aid, people)
    resolved(aid, people.visitor)
    waits = proposed(people, money("6000.00"), aid=aid, grade="severe")
    with pytest.raises(NotPermitted):
        services.approve_aid(waits, opinion="同意", by=people.officer, at=LATER)
    assert services.approve_aid(waits, opinion="同意", by=people.approver, at=LATER).state == "approved"


def test_further_stages_of_an_advance_are_asked_for_too(people: Crew) -> None:
    advances.fund(people)
    aid = advances.advanced(people)
    ask(aid, people, "4000.00")
    assert waiting() == [aid]


def test_the_database_keeps_what_was_asked(people: Crew) -> None:
    aid = open_urgent(people.officer)
    request = ask(aid, people)
    for change in ({"asked_amount": Decimal("1.00")}, {"withdrawn_at": MORNING}):
        with acting(actor="system:test"), pytest.raises(DatabaseError), transaction.atomic():
            CollectiveRequest.objects.filter(pk=request.pk).update(**change)
    with acting(actor="system:test"), pytest.raises(DatabaseError), transaction.atomic():
        CollectiveRequest.objects.create(
            aid=aid, asked_amount=Decimal("1.00"), reason="又", asked_by=people.officer, asked_at=MORNING
        )


# --- 支出型 -------------------------------------------------------------------------------------------------------


def test_spending_is_asked_for_within_its_case_and_planned_as_resolved(
    people: Crew, settings: Any, tmp_path: Any
) -> None:
    """The maximum is 10 × 780 = 7800."""
    settings.PRIVATE_ROOT = tmp_path
    aid = spending(people)
    story_of(aid, people, "9000.00")
    aid.refresh_from_db()
    with pytest.raises(NeedsCollectiveDecision, match="须先提请一事一议"):
        plan(aid, people, "9000.00")
    ask(aid, people, "9000.00", at=NINE)
    assert (aid.state, waiting(NINE.date())) == ("in_case", [aid])
    services.record_decision(aid, meeting("9000.00", met_on=NINE.date()), by=people.visitor, at=NINE)
    assert waiting(NINE.date()) == []
    assert plan(aid, people, "9000.00").plan[0]["amount"] == "9000.00"


# --- 次数已满 -----------------------------------------------------------------------------------------------------


def is_counted(aid: TemporaryAid, on: Any = ON) -> bool:
    """Whether the task names the aid, which is what judging says."""
    found = aid in waiting(on)
    at = MORNING + (on - ON)
    by = crew(HUAYANG).officer if aid.area.township_code == HUAYANG else crew().officer
    try:
        with transaction.atomic():
            services.propose_aid(aid, proposal(late_reason="等会议"), by=by, at=at)
            transaction.set_rollback(True)
    except NeedsCollectiveDecision:
        assert found
    else:
        assert not found
    return found


def test_the_wife_of_another_township_is_one_family_for_the_task_too(people: Crew) -> None:
    household = family(people)
    head, wife = (household.members.get(relation=relation).person for relation in ("head", "spouse"))
    approved(people, aid=open_urgent(people.officer, id_number=head.id_number.reveal(), name=head.name))
    other = crew(HUAYANG)
    again = open_urgent(
        other.officer, township=HUAYANG, id_number=wife.id_number.reveal(), name=wife.name, ground="occurred"
    )
    assert is_counted(again)


def test_an_advance_counts_on_the_day_it_was_paid_also_in_the_task(people: Crew) -> None:
    """Paid on New Year's Eve, its papers approved in the new year: it counts in the old one."""
    advances.fund(people)
    eve = MORNING.replace(month=12, day=31)
    aid = open_urgent(people.officer, at=eve, first_reported_at=eve, occurred_on=eve.date())
    advances.pay(aid, people, at=eve)
    found = supplemented(aid, people, at=eve)
    new_year = eve.astimezone(SHANGHAI) + timedelta(days=5)
    advances.accept_supplement(found, opinion="同意", by=people.lead, at=new_year)
    number = str(aid.recipient_id_number.reveal())
    again = open_urgent(people.officer, at=new_year, first_reported_at=new_year, id_number=number)
    assert not is_counted(again, new_year.date())


def test_what_was_paid_first_is_judged_by_the_day_of_its_payment(people: Crew) -> None:
    """Paid on New Year's Eve; what the family was granted in the new year does not stand before it."""
    advances.fund(people)
    eve, burnt = MORNING.replace(month=12, day=31), date(2026, 12, 20)
    new_year = eve.astimezone(SHANGHAI) + timedelta(days=5)
    aid = open_urgent(people.officer, at=eve, first_reported_at=eve, occurred_on=burnt)
    advances.pay(aid, people, at=eve)
    number, day = str(aid.recipient_id_number.reveal()), new_year.date()
    other = open_urgent(people.officer, at=new_year, first_reported_at=new_year, occurred_on=day, id_number=number)
    granted(other, money("1560.00"), people=people, at=new_year)
    later = new_year + timedelta(days=1)
    assert refusal(lambda: ask(aid, people, "3120.00", at=later)).field == "amount"
    assert ask(aid, people, "3120.01", at=later).aid == aid


def supplemented(aid: TemporaryAid, people: Crew, *, at: Any) -> Any:
    data = advances.SupplementData("失火属实。", relieved_on=None)
    return advances.submit_supplement(aid, data=data, papers=[advances.photo()], by=people.officer, at=at)


def test_a_follow_up_of_another_time_is_no_time_of_its_own_in_the_task(people: Crew) -> None:
    root = approved(people)
    follow = open_follow_up(root, situation="仍无口粮", by=people.officer, at=LATER)
    data = proposal(money("780.00"), difference="补足", late_reason="等雨停")
    done = services.propose_aid(follow, data, by=people.officer, at=LATER)
    services.approve_aid(done, opinion="同意", by=people.lead, at=LATER, late_reason="等雨停")
    number = str(root.recipient_id_number.reveal())
    assert not is_counted(open_urgent(people.officer, id_number=number, cause="traffic"))


@pytest.mark.parametrize("nothing", [service(), goods(1, "0.00")])
def test_a_mere_referral_takes_no_meeting_however_often_the_family_was_helped(people: Crew, nothing: Any) -> None:
    number = str(approved(people).recipient_id_number.reveal())
    again = open_urgent(people.officer, id_number=number)
    assert refusal(lambda: ask(again, people, "0.00")).field == "amount"
    waits = proposed(people, nothing, aid=again)
    assert waiting() == []
    done = services.approve_aid(waits, opinion="同意", by=people.lead, at=LATER)
    done.refresh_from_db()
    assert (done.amount, done.is_beyond_frequency, done.counted_before["all"]) == (Decimal("0.00"), False, 1)
    follow = open_follow_up(done, situation="仍无口粮", by=people.officer, at=LATER)
    with pytest.raises(NeedsCollectiveDecision):
        services.propose_aid(follow, proposal(), by=people.officer, at=LATER)


def test_several_that_wait_are_counted_in_as_many_queries_as_one(
    people: Crew, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    by = secretary()
    number = str(approved(people).recipient_id_number.reveal())
    open_urgent(people.officer, id_number=number)
    list(aids_awaiting_meeting(by, on=ON))  # reads once where the person works
    with CaptureQueriesContext(connection) as one:
        assert len(aids_awaiting_meeting(by, on=ON)) == 1
    for name in ("章小妹", "胡来", "程小丽"):
        helped = str(approved(people, aid=open_urgent(people.officer, name=name)).recipient_id_number.reveal())
        open_urgent(people.officer, name=name, id_number=helped)
    with django_assert_num_queries(len(one)):
        assert len(aids_awaiting_meeting(by, on=ON)) == 4


# --- 页面 ---------------------------------------------------------------------------------------------------------


def test_from_the_clerks_request_to_the_secretarys_resolution(people: Crew) -> None:
    aid, clerk, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY), Desk(secretary(), on=TODAY)
    assert address("ask_meeting", aid.pk) in clerk.fetch(address("detail", aid.pk)).content.decode()
    page = clerk.fetch(address("ask_meeting", aid.pk))
    assert page.context["form"]["amount"].value() == "2,340.00"
    refused = clerk.post(address("ask_meeting", aid.pk), {"amount": "3120", "reason": WHY})
    assert (refused.status_code, list(errors_of(refused))) == (422, ["amount"])
    assert refused.context["form"]["reason"].value() == WHY
    assert clerk.post(address("ask_meeting", aid.pk), {"amount": "6,000", "reason": WHY}).status_code == 302

    shown = words(clerk.fetch(address("detail", aid.pk)))
    assert "等待一事一议" in shown
    assert "拟救助6,000.00元" in shown
    assert address("take_back_meeting", aid.pk) in shown
    listed = desk.fetch(f"{address('list')}?meeting=asked")
    assert [row.pk for row, _ in listed.context["rows"]] == [aid.pk]
    form = desk.fetch(address("record_meeting", aid.pk)).context["form"]
    assert (form["matter"].value(), form["resolved_amount"].value()) == (WHY, "6,000.00")


def test_a_request_is_taken_back_on_its_page(people: Crew) -> None:
    aid, clerk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    ask(aid, people)
    assert errors_of(clerk.post(address("take_back_meeting", aid.pk), {"reason": ""})).keys() == {"reason"}
    assert clerk.post(address("take_back_meeting", aid.pk), {"reason": "改按上限"}).status_code == 302
    shown = words(clerk.fetch(address("detail", aid.pk)))
    assert "已撤回" in shown
    assert "等待一事一议" not in shown


def test_above_the_maximum_the_proposal_leads_to_the_request(people: Crew) -> None:
    aid, clerk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    sent = {"grade": "severe", "opinion": "情况属实"} | stages({"form": "money", "amount": "6000"})
    page = clerk.post(address("propose", aid.pk), sent)
    assert page.status_code == 422
    assert address("ask_meeting", aid.pk) in page.content.decode()


def test_the_list_is_cut_by_how_an_aid_stands_to_the_meeting(people: Crew) -> None:
    asked, answered, neither = (open_urgent(people.officer, name=name) for name in ("章小妹", "胡来", "程小丽"))
    ask(asked, people)
    ask(answered, people)
    resolved(answered, people.visitor)

    def cut(meeting: str) -> set[int]:
        return {row.pk for row in list_aids(people.visitor, AidFilter(meeting=meeting), at=LATER)}

    assert (cut("asked"), cut("resolved")) == ({asked.pk}, {answered.pk})
    assert cut("") == {asked.pk, answered.pk, neither.pk}


def test_somebody_elses_township_finds_no_request(people: Crew) -> None:
    aid = open_urgent(people.officer, id_number=make_id_number())
    ask(aid, people)
    other = Desk(crew(HUAYANG).officer, on=TODAY)
    for name in ("ask_meeting", "take_back_meeting"):
        assert other.fetch(address(name, aid.pk)).status_code == 404
