"""Whose aid it is: families of the whole county, one time with all that follows it, and what came back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from foundation.trail import acting
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.queries import followed_amount, granted_before, people_of
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed, ProposalData
from temporary_aid.services.following import open_follow_up
from temporary_aid.services.paying import PaymentData, pay_stage
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment, waive_rest
from temporary_aid.services.stages import VisitData, cancel_rest, record_visit
from tests.support.aid import HUAYANG, aid_data, open_urgent
from tests.support.crews import Crew, crew, family
from tests.temporary_aid import advances
from tests.temporary_aid.builders import MORNING, approved, money, proposal

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=5)


def test_husband_and_wife_are_one_family_also_where_another_township_keeps_it(people: Crew) -> None:
    household = family(people)
    head, wife = (household.members.get(relation=relation).person for relation in ("head", "spouse"))
    approved(people, aid=open_urgent(people.officer, id_number=head.id_number.reveal(), name=head.name))
    other = crew(HUAYANG)
    again = open_urgent(
        other.officer, township=HUAYANG, id_number=wife.id_number.reveal(), name=wife.name, ground="occurred"
    )
    assert again.household is None
    assert people_of(again).families == {household.pk}
    with pytest.raises(NeedsCollectiveDecision, match="其中同一事由1次"):
        services.propose_aid(again, proposal(), by=other.officer, at=MORNING)


def _followed(people: Crew, root: TemporaryAid) -> TemporaryAid:
    return open_follow_up(root, situation="仍无口粮", by=people.officer, at=MORNING + timedelta(hours=2))


def _rest() -> ProposalData:
    return proposal(money("780.00"), difference="补足", late_reason="等雨停")


def test_follow_ups_share_the_maximum_of_one_time(people: Crew) -> None:
    """2,340 were granted, 780.00 are left of 3,120.00; a fen more takes a resolution."""
    follow = _followed(people, approved(people))
    assert followed_amount(follow) == Decimal("2340.00")
    with pytest.raises(NeedsCollectiveDecision, match=r"同一次的2,340\.00元"):
        services.propose_aid(follow, proposal(money("780.01"), difference="补足"), by=people.officer, at=LATER)
    done = services.propose_aid(follow, _rest(), by=people.officer, at=LATER)
    assert done.state == "proposed"


def test_a_follow_up_stays_with_its_people_and_cause(people: Crew) -> None:
    root = approved(people)
    follow = _followed(people, root)
    number = str(root.recipient_id_number.reveal())
    for more in ({"cause": "accident", "id_number": number}, {"name": "别人"}):
        with acting(actor="system:test"), pytest.raises(NotAllowed, match="算同一次"):
            services.mend_aid(follow, aid_data(**more), by=people.officer, at=LATER)


def test_of_a_time_with_its_follow_ups_one_counts(people: Crew) -> None:
    root = approved(people)
    follow = services.propose_aid(
        _followed(people, root),
        _rest(),
        by=people.officer,
        at=LATER,
    )
    services.approve_aid(follow, opinion="同意", by=people.lead, at=LATER, late_reason="等雨停")
    other = open_urgent(people.officer, id_number=str(root.recipient_id_number.reveal()), cause="traffic")
    assert granted_before(other) == [root]


@pytest.mark.parametrize(("due", "counted"), [("2340.00", 0), ("2339.99", 1)])
def test_what_came_back_whole_counts_no_more_and_what_is_kept_does(people: Crew, due: str, counted: int) -> None:
    advances.fund(people)
    aid = advances.approved(people)
    later = advances.SOON + timedelta(days=5)
    found = order_recoupment(aid, due_amount=Decimal(due), reason="部分不属实", by=people.lead, at=later)
    data = RepaymentData(Decimal(due), later.date(), "退字1号")
    record_repayment(found, data=data, by=people.officer, at=later)
    aid.refresh_from_db()
    assert aid.state == "recouped"
    again = open_urgent(people.officer, id_number=str(aid.recipient_id_number.reveal()), cause="traffic")
    assert len(granted_before(again)) == counted


def test_what_is_written_off_is_kept_and_counts(people: Crew) -> None:
    advances.fund(people)
    aid = advances.approved(people)
    later = advances.SOON + timedelta(days=5)
    found = order_recoupment(aid, due_amount=Decimal("2340.00"), reason="不属实", by=people.lead, at=later)
    waive_rest(found, reason="已死亡，无遗产", by=people.approver, at=later)
    again = open_urgent(people.officer, id_number=str(aid.recipient_id_number.reveal()), cause="traffic")
    assert [row.pk for row in granted_before(again)] == [aid.pk]


def test_cancelled_stages_leave_room_for_what_follows(people: Crew) -> None:
    stages = [PlannedStage("money", Decimal("1560.00")), PlannedStage("money", Decimal("780.00"), date(2026, 10, 12))]
    root = approved(people, *stages)
    paid = PaymentData("cash", MORNING + timedelta(hours=3), "汪志强", "许金宝", voucher="付1")
    pay_stage(root.stages.get(serial=1), data=paid, by=people.officer, at=LATER, on=LATER.date())
    found = VisitData(LATER.date(), "汪志强", "已找到工作", still_in_need=False)
    record_visit(root, data=found, by=people.officer, at=LATER, on=LATER.date())
    cancel_rest(root, reason="已缓解", by=people.officer, at=LATER, on=LATER.date())
    assert followed_amount(_followed(people, root)) == Decimal("1560.00")
