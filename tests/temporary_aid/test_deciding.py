"""急难型简化程序: proposing and approving by the limits, both sides of each; who decides never had a hand in it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import NotPermitted
from organizations.models import Post, Staff
from organizations.permissions import Role
from organizations.services import appoint
from temporary_aid import services
from temporary_aid.models import AidEvent, TemporaryAid
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.advancing import AskData, ask_advance
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, LINXI, NIGHT, open_urgent, photo
from tests.support.crews import Crew, family
from tests.support.factories import area, make_staff
from tests.temporary_aid.builders import (
    MORNING,
    SINCE,
    approved,
    goods,
    money,
    proposal,
    proposed,
    service,
)

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def kinds(aid: TemporaryAid) -> list[str]:
    return [event.kind for event in aid.events.order_by("pk")]


def refusal(call: Any) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        call()
    return refused.value


# What is judged: base 780.00 on that day, least 2 × = 1560.00, most 4 × = 3120.00, a fire 2 × / 3 × / 4 ×.


def test_what_the_table_proposes_needs_no_reason_and_is_approved_with_its_stage(people: Crew) -> None:
    aid = approved(people)
    aid.refresh_from_db()
    assert (aid.state, aid.route, aid.decided_level) == ("approved", "simplified", "township")
    assert (aid.amount, aid.suggested_amount, aid.base_amount) == (
        Decimal("2340.00"),
        Decimal("2340.00"),
        Decimal("780.00"),
    )
    assert (aid.minimum_amount, aid.maximum_amount) == (Decimal("1560.00"), Decimal("3120.00"))
    assert (aid.proposed_by, aid.decided_by, aid.decided_at) == (people.officer, people.lead, LATER)
    stage = aid.stages.get()
    assert (stage.serial, stage.form, stage.amount, stage.state) == (1, "money", Decimal("2340.00"), "ready")
    assert kinds(aid) == ["opened", "proposed", "approved"]
    assert aid.counted_before["all"] == 0


def test_stages_of_money_goods_and_service_make_up_the_sum(people: Crew) -> None:
    stages = (
        money("1000.00"),
        goods(2, "120.00"),
        service(),
        money("1100.00", planned_on=date(2026, 10, 12), condition="仍无住处"),
    )
    # 1000 + 2 × 120 + 0 + 1100 = 2340.
    aid = approved(people, *stages)
    assert aid.amount == Decimal("2340.00")
    assert [row.state for row in aid.stages.all()] == ["ready", "planned", "planned", "planned"]
    assert aid.stages.get(serial=4).condition == "仍无住处"


@pytest.mark.parametrize(
    ("amount", "grade", "reasons", "field"),
    [
        # The minimum itself is no less than it; a fen below asks why.
        ("1560.00", "light", {}, None),
        ("1559.99", "light", {}, "below_reason"),
        ("1559.99", "light", {"below": "亲友已帮助一部分"}, None),
        ("1559.99", "light", {"difference": "亲友已帮助一部分"}, "below_reason"),
        # Other than the table's sum asks why; the maximum is included.
        ("3120.00", "severe", {}, None),
        ("3119.99", "severe", {}, "difference_reason"),
        ("3119.99", "severe", {"difference": "房屋有保险"}, None),
        ("3120.00", "light", {"difference": "伤者住院"}, None),
    ],
)
def test_an_amount_below_the_minimum_or_other_than_proposed_says_why(
    people: Crew, amount: str, grade: str, reasons: dict[str, str], field: str | None
) -> None:
    if field is None:
        assert proposed(people, money(amount), grade=grade, **reasons).state == "proposed"
        return
    assert refusal(lambda: proposed(people, money(amount), grade=grade, **reasons)).field == field


def test_a_fen_above_four_times_the_base_takes_a_resolution(people: Crew) -> None:
    with pytest.raises(NeedsCollectiveDecision, match=r"超过上限3,120\.00元，须先提请一事一议"):
        proposed(people, money("3120.01"), grade="severe", difference="伤者住院")


@pytest.mark.parametrize("stages", [(service(),), (goods(1, "120.00"),), (service("300.00"), goods(1, "120.00"))])
def test_where_no_money_is_given_the_minimum_does_not_hold(people: Crew, stages: tuple[Any, ...]) -> None:
    aid = approved(people, *stages)
    assert not aid.has_money
    assert aid.below_reason == ""


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"grade": ""}, "grade"),
        ({"grade": "x"}, "grade"),
        ({"opinion": "  "}, "opinion"),
    ],
)
def test_a_proposal_says_how_bad_it_is_and_what_is_thought(people: Crew, data: dict[str, str], field: str) -> None:
    assert refusal(lambda: proposed(people, **data)).field == field


def test_a_stage_of_money_pays_something_and_there_is_one_at_least(people: Crew) -> None:
    assert "大于0" in refusal(lambda: proposed(people, money("0.00"), money("2340.00"))).message
    aid = open_urgent(people.officer)
    empty = services.ProposalData("moderate", (), "拟救助")
    assert "至少列出一期" in refusal(lambda: services.propose_aid(aid, empty, by=people.officer, at=MORNING)).message


def test_no_paper_is_asked_for_before_the_decision(people: Crew) -> None:
    aid = approved(people, aid=open_urgent(people.officer, id_number="", missing_id_reason="lost"))
    assert aid.state == "approved"
    assert aid.files.count() == 0


# Who decides: 4 × 780 = 3120.00 is the township's; what the meeting resolves above it the county's.


def test_the_township_decides_up_to_its_limit_and_the_county_a_fen_above(people: Crew) -> None:
    set_parameter("township_temp_limit", "3")  # 3 × 780 = 2340.00
    within = proposed(people)
    assert services.approve_aid(within, opinion="同意", by=people.lead, at=LATER).decided_level == "township"
    above = proposed(people, money("2340.01"), aid=open_urgent(people.officer), difference="伤者住院")
    with pytest.raises(NotPermitted, match="由县民政局审批"):
        services.approve_aid(above, opinion="同意", by=people.lead, at=LATER)
    assert services.approve_aid(above, opinion="同意", by=people.approver, at=LATER).decided_level == "county"


def test_the_county_leaves_to_the_township_what_is_the_townships(people: Crew) -> None:
    with pytest.raises(NotPermitted):
        services.approve_aid(proposed(people), opinion="同意", by=people.approver, at=LATER)


def test_a_limit_of_nothing_leaves_everything_to_the_county(people: Crew) -> None:
    set_parameter("township_temp_limit", "0")
    aid = proposed(people, service())
    with pytest.raises(NotPermitted):
        services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER)
    assert services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER).decided_level == "county"


def test_where_nobody_of_the_township_may_approve_the_county_does(people: Crew) -> None:
    aid = proposed(people)
    people.lead.posts.update(ends_on=date(2026, 9, 1))
    assert services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER).decided_level == "county"


def test_another_township_approves_nothing(people: Crew) -> None:
    neighbour = make_staff(Role.TOWNSHIP_APPROVER, HUAYANG, on=SINCE)
    with pytest.raises(NotPermitted):
        services.approve_aid(proposed(people), opinion="同意", by=neighbour, at=LATER)


# Four eyes.


def test_who_opened_or_proposed_never_approves_sends_back_or_refuses(people: Crew) -> None:
    """Also after the clerk has become the approver."""
    aid = proposed(people)
    people.officer.posts.update(ends_on=date(2026, 9, 12))
    appoint(people.officer, role=Role.TOWNSHIP_APPROVER, area=area(LINXI), on=date(2026, 9, 13))
    promoted = Staff.objects.get(pk=people.officer.pk)
    for act in (
        lambda: services.approve_aid(aid, opinion="同意", by=promoted, at=LATER),
        lambda: services.send_back(aid, reason="重写", by=promoted, at=LATER),
        lambda: services.refuse_aid(aid, reason="不符合", by=promoted, at=LATER),
    ):
        with pytest.raises(NotPermitted, match="经办与审批分开"):
            act()
    aid.refresh_from_db()
    assert aid.state == "proposed"


@pytest.mark.parametrize(("township", "counts"), [(LINXI, True), (HUAYANG, False)])
def test_who_stands_for_somebody_who_handled_it_counts_as_them(people: Crew, township: str, counts: bool) -> None:
    aid = proposed(people)
    deputy = make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="汪晓梅", on=SINCE)
    Post.objects.create(
        staff=deputy,
        role=Role.TOWNSHIP_OFFICER,
        area=area(township),
        starts_on=SINCE,
        ends_on=date(2026, 12, 31),
        on_behalf_of=people.officer,
    )
    if not counts:
        assert services.approve_aid(aid, opinion="同意", by=deputy, at=LATER).state == "approved"
        return
    with pytest.raises(NotPermitted, match="代理"):
        services.approve_aid(aid, opinion="同意", by=deputy, at=LATER)


# Time.


def test_help_after_its_hours_asks_once_why_and_goes_on(people: Crew) -> None:
    due = NIGHT + timedelta(hours=24)
    aid, waiting = open_urgent(people.officer), open_urgent(people.officer)
    assert services.propose_aid(aid, proposal(), by=people.officer, at=due).state == "proposed"
    late = due + timedelta(seconds=1)
    assert refusal(lambda: services.propose_aid(waiting, proposal(), by=people.officer, at=late)).field == "late_reason"
    services.propose_aid(waiting, proposal(late_reason="山路塌方"), by=people.officer, at=late)
    assert waiting.events.get(kind="overdue_explained").note == "山路塌方"
    # Of the first the approver is asked, as nobody was before; of the second not again.
    assert refusal(lambda: services.approve_aid(aid, opinion="同意", by=people.lead, at=late)).field == "late_reason"
    assert services.approve_aid(waiting, opinion="同意", by=people.lead, at=late).state == "approved"


def test_publicity_is_due_ten_working_days_after_the_decision(people: Crew) -> None:
    # Decided on Sunday 13 September 2026; 14–18 and 21–24 September, and the 20th that is worked for the holidays.
    aid = approved(people)
    assert aid.publicity_due_on == ten_working_days_after(date(2026, 9, 13))
    set_parameter("urgent_publicity_days", 0)
    assert approved(people, aid=open_urgent(people.officer)).publicity_due_on is None


def ten_working_days_after(day: date) -> date:
    """By the county's calendar of 2026, counted day by day."""
    from organizations.models import CalendarDay  # noqa: PLC0415 -- only here

    special = dict(CalendarDay.objects.values_list("day", "is_working"))
    left = 10
    while left:
        day += timedelta(days=1)
        left -= special.get(day, day.weekday() < 5)
    return day


# What may not be done twice or out of turn.


def test_an_approval_of_what_has_been_changed_since_is_refused(people: Crew) -> None:
    aid = proposed(people)
    seen = aid.version
    services.send_back(aid, reason="金额再核", by=people.lead, at=LATER)
    proposed(people, money("3120.00"), aid=aid, grade="severe")
    assert (
        "刚被改过"
        in refusal(lambda: services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER, version=seen)).message
    )


def test_nothing_is_approved_twice(people: Crew) -> None:
    aid = approved(people)
    assert (
        "不能这样办理" in refusal(lambda: services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER)).message
    )
    assert aid.stages.count() == 1


def test_what_is_sent_back_keeps_its_plan_to_be_mended(people: Crew) -> None:
    aid = proposed(people)
    services.send_back(aid, reason="请核实受伤情况", by=people.lead, at=LATER)
    aid.refresh_from_db()
    assert (aid.state, len(aid.plan)) == ("opened", 1)
    assert aid.events.get(kind="returned").note == "请核实受伤情况"
    assert refusal(lambda: services.send_back(aid, reason="x", by=people.lead, at=LATER))


def test_a_villages_request_is_answered_by_a_proposal_so_that_it_may_ask_again(people: Crew) -> None:
    aid = open_urgent(people.assistant)
    asked = AskData(Decimal("2340.00"), "汪志强", "情况属实")

    def ask() -> None:
        current = TemporaryAid.objects.get(pk=aid.pk)
        ask_advance(current, data=asked, photo=photo(), by=people.assistant, at=MORNING)

    ask()
    proposed(people, aid=TemporaryAid.objects.get(pk=aid.pk))
    request = aid.advance_requests.get()
    assert (request.declined_by, request.declined_reason) == (people.officer, "改按简化程序提出救助意见")
    services.send_back(aid, reason="先行更快", by=people.lead, at=LATER)
    ask()
    assert aid.advance_requests.count() == 2


def test_a_refusal_says_why_and_ends_the_aid(people: Crew) -> None:
    aid = proposed(people)
    assert refusal(lambda: services.refuse_aid(aid, reason=" ", by=people.lead, at=LATER)).field == "reason"
    services.refuse_aid(aid, reason="损失已由保险全部赔付", by=people.lead, at=LATER)
    aid.refresh_from_db()
    assert (aid.state, aid.decision_opinion, aid.decided_by) == ("refused", "损失已由保险全部赔付", people.lead)
    assert (aid.amount, aid.ended_on) == (None, date(2026, 9, 13))
    with pytest.raises(NotAllowed):
        proposed(people, aid=aid)


def test_spending_goes_through_a_case(people: Crew) -> None:
    aid = open_urgent(people.officer, kind="expenditure", self_paid_amount=Decimal("9000.00"))
    for act in (
        lambda: services.propose_aid(aid, proposal(), by=people.officer, at=MORNING),
        lambda: services.refuse_aid(aid, reason="x", by=people.lead, at=MORNING),
    ):
        assert "一般程序" in refusal(act).message


def test_the_database_itself_holds_the_sum_of_the_stages(people: Crew) -> None:
    aid = approved(people)
    with pytest.raises(Exception, match="stages of an aid make up its amount"), transaction.atomic():
        aid.stages.create(serial=2, form="money", amount=Decimal("1.00"))
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("name", "is_linked"), [("胡德旺", True), ("许金宝", False)])
def test_after_the_decision_only_the_person_s_own_family_is_linked_and_once(
    people: Crew, name: str, is_linked: bool
) -> None:
    aid = approved(people, aid=open_urgent(people.officer, id_number="", missing_id_reason="lost", name=name))
    household = family(people)
    head = household.members.get(relation="head")

    def link() -> TemporaryAid:
        return services.link_household(aid, household=household, applicant=head, by=people.officer, at=LATER)

    if not is_linked:
        assert "只能关联到本人所在的家庭" in refusal(link).message
        number = str(head.person.id_number.reveal())
        with pytest.raises(NotAllowed, match="登记的姓名不是许金宝"):
            services.identify_recipient(aid, id_number=number, by=people.officer, at=LATER)
        return
    assert link().household == household
    assert "不能改关联的家庭" in refusal(link).message


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.integers(1, 150000), min_size=1, max_size=5))
def test_whatever_is_approved_its_stages_make_up_its_amount_within_the_maximum(people: Crew, parts: list[int]) -> None:
    stages = [money(f"{Decimal(part) / 100:.2f}") for part in parts]
    amount = Decimal(sum(parts)) / 100
    with transaction.atomic():
        try:
            aid = approved(people, *stages, below="少量", difference="少量")
        except NeedsCollectiveDecision:
            assert amount > Decimal("3120.00")
        else:
            assert amount <= Decimal("3120.00")
            assert sum(stage.amount for stage in aid.stages.all()) == aid.amount == amount
        transaction.set_rollback(True)
    assert AidEvent.objects.count() == 0
