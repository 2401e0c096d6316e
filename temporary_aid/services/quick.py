"""快速登记: a village's report, the aid and the request for an advance in one act, from the phone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from organizations.models import Area, Staff
from temporary_aid.models import Ground, ReportSource, TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.rules.amounts import suggest
from temporary_aid.services.advancing import AskData, ask_advance
from temporary_aid.services.base import NotAllowed
from temporary_aid.services.opening import Recipient
from temporary_aid.services.reports import ReportData, TakeData, enter_report, take


@dataclass(frozen=True)
class QuickData:
    """What the village enters on the phone.

    :param amount: 提请金额, yuan; None for what the county's table proposes.
    :param reported_at: 首次报告时间; None for now.
    """

    area: Area
    name: str
    cause: str
    grade: str
    situation: str
    word: str
    vouched_by: str
    id_number: str = ""
    missing_id_reason: str = ""
    phone: str = ""
    place: str = ""
    people_count: int = 1
    amount: Decimal | None = None
    reported_at: datetime | None = None
    reporter_name: str = ""
    source: str = ReportSource.VILLAGE_ASSISTANT
    vouched_position: str = ""
    ground: str = Ground.REGISTERED


@transaction.atomic
def enter_quick(data: QuickData, *, photo: Any, by: Staff, at: datetime) -> TemporaryAid:
    """Enter a need, open its aid and ask the township for an advance; all of it or nothing.

    A known ID number of a family that the person may see links the family by itself.

    :param photo: an uploaded picture of the scene.
    :raises NotAllowed: not an urgent cause, or whatever one of the three acts refuses.
    """
    if data.cause not in {cause.value for cause in AidCause if cause.hardship is HardshipType.URGENT}:
        raise NotAllowed("请选择急难事由；支出型请到窗口登记。", field="cause")
    if data.grade not in {grade.value for grade in AidGrade}:
        raise NotAllowed("请选择困难程度。", field="grade")
    report = enter_report(
        ReportData(
            area=data.area,
            source=data.source,
            reported_at=data.reported_at or at,
            reporter_name=data.reporter_name or by.name,
            person_name=data.name,
            situation=data.situation,
            place=data.place,
            person_id_number=data.id_number,
            person_phone=data.phone,
            cause=data.cause,
        ),
        by=by,
        at=at,
    )
    taken = TakeData(
        missing_id_reason=data.missing_id_reason,
        grade=data.grade,
        ground=data.ground,
        recipient=Recipient(people_count=data.people_count),
    )
    aid = take(report, data=taken, by=by, at=at)
    amount = proposed_amount(data, on_report=at) if data.amount is None else data.amount
    asked = AskData(amount, data.vouched_by, data.word, data.vouched_position)
    ask_advance(aid, data=asked, photo=photo, by=by, at=at)
    aid.refresh_from_db()
    return aid


def proposed_amount(data: QuickData, *, on_report: datetime) -> Decimal:
    """What the county's table proposes, no more than may be paid first; yuan."""
    terms = aid_terms(data.area, on=timezone.localdate(on_report))
    cause, grade = AidCause(data.cause), AidGrade(data.grade)
    return min(suggest(terms.urgent, cause=cause, grade=grade).amount, terms.advance_limit)
