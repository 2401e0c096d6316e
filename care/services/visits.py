"""走访照料: record a visit, settle what it found, void a mistaken one; handbook task 2.6."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from benefits.models import Award
from care.models import CarePoint, CareVisit, Condition
from care.permissions import Permission, can_act, check_can_act
from care.services.checks import NotAllowed, check_told, lock
from foundation.errors import NotPermitted
from households.models.attachments import AttachmentKind
from households.services import add_attachment
from organizations.models import Staff


@dataclass(frozen=True)
class VisitData:
    """What a visit found: four conditions (好、一般、差), and what is wrong, if anything."""

    visited_on: date
    visitors: str
    diet: str
    hygiene: str
    health: str
    housing: str
    note: str = ""
    problem: str = ""
    follow_up: str = ""


@transaction.atomic
def record_visit(award: Award, *, data: VisitData, by: Staff, at: datetime, on: date, photo: Any = None) -> CareVisit:
    """Record a visit (登记走访), also a late one; a problem stays open until it is settled.

    :param photo: an uploaded file, or nothing.
    :raises NotAllowed: a day to come, nobody named, a condition not chosen, or one that is 差 without a problem.
    """
    award = lock(award, by=by, permission=Permission.RECORD_CARE_VISIT)
    _check(data, on=on)
    said = asdict(data)
    problem, follow_up = said.pop("problem").strip(), said.pop("follow_up").strip()
    if photo is not None:
        photo = add_attachment(award.household, kind=AttachmentKind.CARE_VISIT_PHOTO, upload=photo, by=by, at=at)
    visit = CareVisit.objects.create(award=award, photo=photo, recorded_by=by, recorded_at=at, **said)
    if problem:
        CarePoint.objects.create(visit=visit, problem=problem, follow_up=follow_up)
    return visit


@transaction.atomic
def settle_point(point: CarePoint, *, settlement: str, by: Staff, on: date) -> None:
    """Record how a problem was settled (问题办结).

    :raises NotAllowed: settled before, or nothing said.
    """
    rows = CarePoint.objects.select_for_update(of=("self",)).select_related("visit__award__area")
    point = rows.get(pk=point.pk)
    check_can_act(by, Permission.RECORD_CARE_VISIT, area=point.visit.award.area)
    if point.settled_on is not None:
        raise NotAllowed("这个问题已经办结。")
    point.settlement = check_told(settlement, "请写明处理结果。", field="settlement")
    point.settled_on, point.settled_by = on, by
    point.save(update_fields=["settled_on", "settled_by", "settlement"])


@transaction.atomic
def void_visit(visit: CareVisit, *, reason: str, by: Staff, on: date) -> None:
    """Take a mistaken record out of use (作废走访记录): by who recorded it, or who arranges care in the area.

    :raises NotPermitted: somebody else's record.
    :raises NotAllowed: voided before, or no reason.
    """
    rows = CareVisit.objects.select_for_update(of=("self",)).select_related("award__area")
    visit = rows.get(pk=visit.pk)
    area = visit.award.area
    check_can_act(by, Permission.RECORD_CARE_VISIT, area=area)
    if visit.recorded_by_id != by.pk and not can_act(by, Permission.MANAGE_CARE, area=area):
        raise NotPermitted("别人登记的走访记录，请由乡镇经办人作废。")
    if visit.voided_on is not None:
        raise NotAllowed("这条走访记录已经作废。")
    visit.voided_reason = check_told(reason, "请写明作废的原因。", field="reason")
    visit.voided_on, visit.voided_by = on, by
    visit.save(update_fields=["voided_on", "voided_by", "voided_reason"])


def _check(data: VisitData, *, on: date) -> None:
    if data.visited_on > on:
        raise NotAllowed("走访日期不能晚于今天。", field="visited_on")
    check_told(data.visitors, "请填走访人。", field="visitors")
    found = {name: getattr(data, name) for name in ("diet", "hygiene", "health", "housing")}
    for name, condition in found.items():
        if condition not in Condition.values:
            raise NotAllowed("请选择好、一般或差。", field=name)
    if Condition.POOR in found.values() and not data.problem.strip():
        raise NotAllowed("选了“差”的，请写明发现的问题。", field="problem")
