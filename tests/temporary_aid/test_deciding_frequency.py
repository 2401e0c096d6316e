"""频次 at the decision: what was granted in the whole county counts, anew at every step, and no longer than a year."""

from datetime import datetime, timedelta

import pytest

from temporary_aid import services
from temporary_aid.queries import granted_before
from temporary_aid.queries.tasks import aids_awaiting_meeting
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NeedsCollectiveDecision
from temporary_aid.services.stages import cancel_rest
from tests.support.aid import HUAYANG, SHANGHAI, open_urgent
from tests.support.crews import Crew, crew
from tests.temporary_aid.advances import fund, pay
from tests.temporary_aid.builders import (
    MORNING,
    approved,
    goods,
    money,
    proposal,
    proposed,
    resolved,
    secretary,
    service,
)
from tests.temporary_aid.granted import helped, in_stages

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def test_the_same_cause_again_within_the_year_takes_a_resolution_wherever_it_was_granted(people: Crew) -> None:
    first = approved(people)
    number = str(first.recipient_id_number.reveal())
    other = crew(HUAYANG)
    again = open_urgent(other.officer, township=HUAYANG, id_number=number, name="许金宝")
    with pytest.raises(NeedsCollectiveDecision, match="其中同一事由1次"):
        services.propose_aid(again, proposal(), by=other.officer, at=MORNING + timedelta(days=30))
    resolved(again, secretary(), "2340.00")
    done = services.propose_aid(again, proposal(late_reason="等会议"), by=other.officer, at=LATER)
    assert done.state == "proposed"


def test_a_third_aid_of_other_causes_takes_a_resolution(people: Crew) -> None:
    number = str(approved(people).recipient_id_number.reveal())
    second = open_urgent(people.officer, id_number=number, cause="traffic")
    approved(people, aid=second)
    third = open_urgent(people.officer, id_number=number, cause="accident")
    with pytest.raises(NeedsCollectiveDecision, match="已获临时救助2次，其中同一事由0次"):
        proposed(people, aid=third)


def test_between_proposal_and_approval_the_count_is_taken_anew(people: Crew) -> None:
    first = open_urgent(people.officer)
    number = str(first.recipient_id_number.reveal())
    proposed(people, aid=first)
    other = crew(HUAYANG)
    elsewhere = open_urgent(other.officer, township=HUAYANG, id_number=number, cause="accident", name="许金宝")
    services.approve_aid(
        services.propose_aid(elsewhere, proposal(), by=other.officer, at=MORNING),
        opinion="同意",
        by=other.lead,
        at=MORNING,
    )
    third = open_urgent(other.officer, township=HUAYANG, id_number=number, cause="traffic", name="许金宝")
    waiting = services.propose_aid(third, proposal(), by=other.officer, at=MORNING)
    services.approve_aid(first, opinion="同意", by=people.lead, at=LATER)
    with pytest.raises(NeedsCollectiveDecision):
        services.approve_aid(waiting, opinion="同意", by=other.lead, at=LATER)


def test_a_year_that_is_over_counts_no_more(people: Crew) -> None:
    number = str(approved(people).recipient_id_number.reveal())
    next_year = datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI)
    again = open_urgent(people.officer, at=next_year, id_number=number, first_reported_at=next_year)
    assert services.propose_aid(again, proposal(), by=people.officer, at=next_year).state == "proposed"


@pytest.mark.parametrize(
    ("stages", "counted"),
    [
        # A referral that cost nothing is no time; a fen of service, a blanket or a yuan beside it is.
        ([service()], 0),
        ([service(), service()], 0),
        ([service("0.01")], 1),
        ([goods(1, "120.00")], 1),
        ([service(), money("1.00")], 1),
    ],
)
def test_a_referral_of_which_nothing_was_given_does_not_count(
    people: Crew, stages: list[PlannedStage], counted: int
) -> None:
    first = approved(people, *stages, below="只缺口粮", difference="只缺口粮")
    number = str(first.recipient_id_number.reveal())
    again = open_urgent(people.officer, id_number=number)
    assert len(granted_before(again)) == counted
    assert bool(aids_awaiting_meeting(secretary(), on=LATER.date())) is bool(counted)
    if counted:
        with pytest.raises(NeedsCollectiveDecision, match="没有实际给付的不计次数"):
            proposed(people, aid=again)
    else:
        assert proposed(people, aid=again).state == "proposed"


@pytest.mark.parametrize(("pays_first", "counted"), [(False, 0), (True, 1)])
def test_what_was_cancelled_before_anything_was_paid_does_not_count(
    people: Crew, pays_first: bool, counted: int
) -> None:
    story = helped(*in_stages("1000.00", "560.00"), people=people)
    if pays_first:
        story.pay()
    story.visit(at=LATER, still_in_need=False)
    cancel_rest(story.fresh(), reason="已缓解", by=people.lead, at=LATER, on=LATER.date())
    again = open_urgent(people.officer, id_number=str(story.aid.recipient_id_number.reveal()))
    assert len(granted_before(again)) == counted
    assert bool(aids_awaiting_meeting(secretary(), on=LATER.date())) is bool(counted)


def test_an_advance_paid_on_new_years_eve_and_entered_the_day_after_counts_with_the_old_year(people: Crew) -> None:
    fund(people)
    number = str(approved(people).recipient_id_number.reveal())
    eve = datetime(2026, 12, 31, 22, 0, tzinfo=SHANGHAI)
    again = open_urgent(people.officer, at=eve, id_number=number, first_reported_at=eve)
    with pytest.raises(NeedsCollectiveDecision, match="其中同一事由1次"):
        pay(again, people, at=eve + timedelta(hours=11), paid_at=eve + timedelta(hours=1))
