"""Aid that is proposed, approved, resolved on by the meeting: as the people of 临溪镇 and the county do it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.models import CollectiveDecision, TemporaryAid
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import MeetingData, Participant, ProposalData, Reasons
from tests.support.aid import NIGHT, open_urgent, photo
from tests.support.crews import Crew
from tests.support.factories import make_staff

MORNING = NIGHT + timedelta(hours=10)
"""Sunday, half past nine: the clock has 14 hours left."""
SINCE = NIGHT.date().replace(month=1, day=1)


def money(amount: str, **more: Any) -> PlannedStage:
    return PlannedStage("money", Decimal(amount), **more)


def goods(count: int, unit_value: str) -> PlannedStage:
    item = PlannedItem(1, "棉被", "床", count, Decimal(unit_value))
    return PlannedStage("in_kind", item.value, items=(item,))


def service(amount: str = "0.00") -> PlannedStage:
    return PlannedStage("service", Decimal(amount), service="shelter", provider="县救助站")


def proposal(*stages: PlannedStage, grade: str = "moderate", **more: Any) -> ProposalData:
    """2340.00 yuan at once unless told otherwise: what the table proposes for a fire of the middle grade."""
    reasons = Reasons(below=more.pop("below", ""), difference=more.pop("difference", ""))
    return ProposalData(
        grade, stages or (money("2340.00"),), more.pop("opinion", "情况属实，拟救助。"), reasons, **more
    )


def proposed(people: Crew, *stages: PlannedStage, aid: TemporaryAid | None = None, **more: Any) -> TemporaryAid:
    aid = aid or open_urgent(people.officer)
    return services.propose_aid(aid, proposal(*stages, **more), by=people.officer, at=MORNING)


def approved(people: Crew, *stages: PlannedStage, aid: TemporaryAid | None = None, **more: Any) -> TemporaryAid:
    waiting = proposed(people, *stages, aid=aid, **more)
    return services.approve_aid(waiting, opinion="同意", by=people.lead, at=MORNING + timedelta(hours=1))


def secretary() -> Staff:
    return make_staff(Role.JOINT_MEETING_SECRETARY, "341824", name="胡立新", on=SINCE)


def meeting(amount: str = "6000.00", **more: Any) -> MeetingData:
    terms: dict[str, Any] = {
        "minutes_number": "绩救协纪〔2026〕3号",
        "met_on": NIGHT.date(),
        "place": "县民政局会议室",
        "chair": "方文娟",
        "present": [Participant("方文娟", "县民政局", "副局长"), Participant("汪明", "县财政局", "股长")],
        "matter": "许金宝家失火，住房全毁。",
        "opinions": "一致同意。",
        "is_agreed": True,
        "resolved_amount": Decimal(amount),
        "minutes": photo("纪要.jpg"),
    }
    return MeetingData(**terms | more)


def resolved(aid: TemporaryAid, by: Staff, amount: str = "6000.00", **more: Any) -> CollectiveDecision:
    return services.record_decision(aid, meeting(amount, **more), by=by, at=MORNING)
