"""一事一议: what the county's meeting resolved on aid beyond the maximum or the frequency; handbook 10.4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from documents.models import DocumentKind
from foundation.money import in_figures
from organizations.models import Staff
from temporary_aid.models import AidEventKind, AidFileKind, CollectiveDecision, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.rules.states import BEFORE_GRANT
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.files import add_file
from temporary_aid.services.granting import standing_decision
from temporary_aid.services.issuing import issue_paper, void_papers

LEAST_PRESENT = 2


@dataclass(frozen=True)
class Participant:
    """参会人员: who was there, from which unit, as what."""

    name: str
    unit: str
    position: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"name": self.name, "unit": self.unit, "position": self.position}


@dataclass(frozen=True)
class MeetingData:
    """会议和决议.

    :param resolved_amount: yuan, for this aid in all; nothing where the meeting did not agree.
    :param minutes: 会议纪要, PDF or picture.
    """

    minutes_number: str
    met_on: date
    place: str
    chair: str
    present: Sequence[Participant]
    matter: str
    opinions: str
    is_agreed: bool
    resolved_amount: Decimal
    minutes: File  # type: ignore[type-arg]


@transaction.atomic
def record_decision(aid: TemporaryAid, data: MeetingData, *, by: Staff, at: datetime) -> CollectiveDecision:
    """Record what the meeting resolved (登记一事一议), with its minutes as a file.

    :raises NotAllowed: one stands already, the aid is decided, or something is missing or does not fit.
    """
    aid = lock_aid(aid, by=by, permission=Permission.RECORD_COLLECTIVE_DECISION)
    require_state(aid, *BEFORE_GRANT)
    if standing_decision(aid) is not None:
        raise NotAllowed("这件临时救助已登记过一事一议；登记错了的，请先作废。")
    _check_whole(data, on=timezone.localdate(at))
    minutes = add_file(aid, kind=AidFileKind.MINUTES, upload=data.minutes, by=by, at=at, field="minutes")
    decision = CollectiveDecision.objects.create(
        aid=aid,
        minutes_number=data.minutes_number.strip(),
        met_on=data.met_on,
        place=data.place.strip(),
        chair=data.chair.strip(),
        present=[person.as_dict() for person in data.present],
        matter=data.matter.strip(),
        opinions=data.opinions.strip(),
        is_agreed=data.is_agreed,
        resolved_amount=data.resolved_amount if data.is_agreed else Decimal("0.00"),
        minutes=minutes,
        recorded_by=by,
        recorded_at=at,
    )
    resolved = f"同意救助{in_figures(decision.resolved_amount)}元" if decision.is_agreed else "不同意救助"
    write_event(
        aid, AidEventKind.COLLECTIVE_DECISION, by=by, at=at, note=f"会议纪要{decision.minutes_number}：{resolved}"
    )
    issue_paper(aid, DocumentKind.COLLECTIVE_MINUTES, by=by, on=timezone.localdate(at))
    return decision


@transaction.atomic
def void_decision(decision: CollectiveDecision, *, reason: str, by: Staff, at: datetime) -> CollectiveDecision:
    """Void a decision that was recorded wrongly (作废一事一议), while nothing rests on it.

    :raises NotAllowed: voided already, an aid rests on it, or no reason.
    """
    aid = lock_aid(decision.aid, by=by, permission=Permission.RECORD_COLLECTIVE_DECISION)
    decision = CollectiveDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.voided_at is not None:
        raise NotAllowed("这次一事一议已经作废。")
    if aid.collective_decision_id == decision.pk:
        raise NotAllowed("已经按这次一事一议批准救助，不能作废。")
    decision.voided_reason = check_told(reason, "请写明作废的原因。", field="reason")
    decision.voided_at, decision.voided_by = at, by
    decision.save(update_fields=["voided_at", "voided_by", "voided_reason"])
    note = f"会议纪要{decision.minutes_number}：{decision.voided_reason}"
    write_event(aid, AidEventKind.COLLECTIVE_DECISION_VOIDED, by=by, at=at, note=note)
    kinds = [DocumentKind.COLLECTIVE_MINUTES]
    void_papers(aid, kinds, reason=decision.voided_reason, by=by, on=timezone.localdate(at))
    return decision


def _check_whole(data: MeetingData, *, on: date) -> None:
    """
    :raises NotAllowed: something is missing or does not fit.
    """
    told = {
        "minutes_number": (data.minutes_number, "请填会议纪要号。"),
        "place": (data.place, "请填会议地点。"),
        "chair": (data.chair, "请填主持人。"),
        "matter": (data.matter, "请写明议题和事由。"),
        "opinions": (data.opinions, "请写明各方意见。"),
    }
    for field, (text, sentence) in told.items():
        check_told(text, sentence, field=field)
    if data.met_on > on:
        raise NotAllowed("会议日期不能晚于今天。", field="met_on")
    if len({(person.name, person.unit) for person in data.present}) < LEAST_PRESENT:
        raise NotAllowed("参会人员至少两人，请逐人填写。", field="present")
    if data.is_agreed and data.resolved_amount <= 0:
        raise NotAllowed("同意救助的，请填决议金额。", field="resolved_amount")
    if not data.is_agreed and data.resolved_amount:
        raise NotAllowed("不同意救助的，决议金额为0。", field="resolved_amount")
