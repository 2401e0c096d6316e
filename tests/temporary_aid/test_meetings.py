"""一事一议: what the meeting resolved lets an amount go beyond the maximum or the frequency, and no further."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import NotPermitted
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed, Participant
from tests.support.aid import NIGHT, open_urgent
from tests.support.crews import Crew
from tests.temporary_aid.builders import MORNING, meeting, money, proposed, resolved, secretary

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=1)


def refusal(call: Callable[[], Any]) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        call()
    return refused.value


def beyond(people: Crew) -> TemporaryAid:
    """Resolved 6000.00: more than 4 × 780 = 3120.00."""
    aid = open_urgent(people.officer)
    resolved(aid, secretary())
    return aid


def test_a_resolution_carries_an_amount_above_the_maximum_up_to_itself_and_the_county_approves(people: Crew) -> None:
    aid = proposed(people, money("6000.00"), aid=beyond(people), grade="severe")
    with pytest.raises(NotPermitted, match="由县民政局审批"):
        services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER)
    services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER)
    aid.refresh_from_db()
    assert (aid.amount, aid.decided_level) == (Decimal("6000.00"), "county")
    assert aid.collective_decision == aid.collective_decisions.get()


def test_a_fen_more_than_resolved_is_refused(people: Crew) -> None:
    with pytest.raises(NeedsCollectiveDecision, match=r"超过绩救协纪〔2026〕3号决议的6,000\.00元"):
        proposed(people, money("6000.01"), aid=beyond(people), grade="severe")


def test_a_meeting_that_did_not_agree_carries_nothing(people: Crew) -> None:
    aid = open_urgent(people.officer)
    resolved(aid, secretary(), "0.00", is_agreed=False)
    with pytest.raises(NeedsCollectiveDecision, match="没有同意救助"):
        proposed(people, aid=aid)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"minutes_number": " "}, "minutes_number"),
        ({"place": ""}, "place"),
        ({"chair": ""}, "chair"),
        ({"matter": ""}, "matter"),
        ({"opinions": " "}, "opinions"),
        ({"met_on": NIGHT.date() + timedelta(days=2)}, "met_on"),
        ({"present": [Participant("方文娟", "县民政局")]}, "present"),
        ({"present": [Participant("方文娟", "县民政局")] * 2}, "present"),
        ({"resolved_amount": Decimal("0.00")}, "resolved_amount"),
        ({"is_agreed": False}, "resolved_amount"),
    ],
)
def test_a_meeting_is_recorded_whole(people: Crew, more: dict[str, Any], field: str) -> None:
    aid, by = open_urgent(people.officer), secretary()
    assert refusal(lambda: services.record_decision(aid, meeting(**more), by=by, at=MORNING)).field == field
    assert not aid.collective_decisions.exists()


def test_the_minutes_are_kept_as_a_file_and_what_was_resolved_is_told(people: Crew) -> None:
    decision = resolved(open_urgent(people.officer), people.visitor)
    assert decision.minutes.kind == "minutes"
    assert decision.present == [
        {"name": "方文娟", "unit": "县民政局", "position": "副局长"},
        {"name": "汪明", "unit": "县财政局", "position": "股长"},
    ]
    note = decision.aid.events.get(kind="collective_decision").note
    assert note == "会议纪要绩救协纪〔2026〕3号：同意救助6,000.00元"


def test_townships_record_no_meeting(people: Crew) -> None:
    aid = open_urgent(people.officer)
    for staff in (people.officer, people.lead, people.approver):
        with pytest.raises(NotPermitted):
            resolved(aid, staff)


def test_one_stands_at_a_time_and_a_wrong_one_is_voided_while_nothing_rests_on_it(people: Crew) -> None:
    aid, by = beyond(people), people.visitor
    assert "请先作废" in refusal(lambda: resolved(aid, by)).message
    wrong = aid.collective_decisions.get()
    assert refusal(lambda: services.void_decision(wrong, reason="", by=by, at=LATER)).field == "reason"
    services.void_decision(wrong, reason="金额登记错", by=by, at=LATER)
    assert "已经作废" in refusal(lambda: services.void_decision(wrong, reason="又一次", by=by, at=LATER)).message
    with pytest.raises(NeedsCollectiveDecision):
        proposed(people, money("5000.00"), aid=aid, grade="severe")
    resolved(aid, by, "5000.00")
    assert proposed(people, money("5000.00"), aid=aid, grade="severe").state == "proposed"


def test_what_an_aid_rests_on_is_not_voided(people: Crew) -> None:
    aid = proposed(people, money("6000.00"), aid=beyond(people), grade="severe")
    services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER)
    decision = aid.collective_decisions.get()
    assert (
        "不能作废" in refusal(lambda: services.void_decision(decision, reason="x", by=people.visitor, at=LATER)).message
    )
    assert refusal(lambda: resolved(aid, people.visitor))  # nor is another recorded once it is granted


def test_a_resolution_voided_between_proposal_and_approval_no_longer_carries(people: Crew) -> None:
    aid = proposed(people, money("6000.00"), aid=beyond(people), grade="severe")
    services.void_decision(aid.collective_decisions.get(), reason="会议未形成决议", by=people.visitor, at=LATER)
    with pytest.raises(NeedsCollectiveDecision):
        services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER)
