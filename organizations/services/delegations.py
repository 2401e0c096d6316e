"""Delegations of the confirmation to townships, and their end (委托下放、收回)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation.errors import ServiceError
from foundation.files import clean_upload
from organizations.models import Area, Delegation, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import DELEGABLE
from organizations.permissions import Permission, check_can_act
from organizations.signals import confirmers_changed

_ONE_DAY = timedelta(days=1)


class NotDelegable(ServiceError):
    """The delegation or its end does not fit: the area, the days, or the document."""


@dataclass(frozen=True)
class DelegationPaper:
    """The county's document that a delegation or its end rests on."""

    number: str
    dated: date
    scan: "File[Any]"


@transaction.atomic
def delegate_confirmation(
    area: Area, *, scheme: str, starts_on: date, document_number: str, document_date: date | None = None
) -> Delegation:
    """Delegate a scheme's confirmation to a township (审核确认权限下放, 方案 task 17), as set-up finds it.

    :raises NotDelegable: the area is not a township.
    """
    _check_township(area)
    return Delegation.objects.create(
        area=area,
        scheme=scheme,
        valid=(starts_on, None),
        document_number=document_number,
        document_date=document_date,
    )


@transaction.atomic
def start_delegation(
    area: Area, *, scheme: str, starts_on: date, paper: DelegationPaper, by: Staff, on: date
) -> Delegation:
    """Delegate a scheme's confirmation to a township by a document (下放); it holds for what is accepted from then on.

    :raises NotDelegable: not a township, delegated already, the day lies back, or the document is not in order.
    """
    check_can_act(by, Permission.MANAGE_DELEGATIONS, area=area)
    _check_township(area)
    if scheme not in DELEGABLE:
        raise NotDelegable("临时救助按金额由乡镇或县民政局审批，不用下放；限额在“标准与参数”里设置。", field="scheme")
    if starts_on < on:
        raise NotDelegable("下放只能从今天或以后开始：以前受理的办件已经定了确认机关。", field="starts_on")
    scan_type, scan = _checked(paper, latest=starts_on)
    try:
        with transaction.atomic():
            return Delegation.objects.create(
                area=area,
                scheme=scheme,
                valid=DateRange(starts_on, None),
                document_number=paper.number.strip(),
                document_date=paper.dated,
                scan=scan,
                scan_type=scan_type,
                delegated_by=by,
            )
    except IntegrityError as error:
        if "delegation_once_at_a_time" not in str(error):
            raise
        raise NotDelegable(f"{area.name}的这一险种在这段时间已经下放。", field="area") from error


@transaction.atomic
def end_delegation(delegation: Delegation, *, last_day: date, paper: DelegationPaper, by: Staff, on: date) -> None:
    """End a delegation by a document (收回); cases that the township has not decided by then go to the county.

    :param last_day: the last day on which the township confirms; yesterday takes the power back from today on.
    :raises NotDelegable: ended already, the day lies back, or the document is not in order.
    """
    check_can_act(by, Permission.MANAGE_DELEGATIONS, area=delegation.area)
    delegation = Delegation.objects.select_for_update(of=("self",)).select_related("area").get(pk=delegation.pk)
    if delegation.last_day is not None or delegation.withdrawn_start is not None:
        raise NotDelegable("这次下放已经收回。")
    if delegation.valid.lower > on:
        raise NotDelegable("这次下放还没有开始，请直接撤销。")
    if last_day < on - _ONE_DAY:
        raise NotDelegable("收回最早从今天起：乡镇以前作出的决定仍然有效。", field="last_day")
    if last_day < delegation.valid.lower:
        raise NotDelegable("最后一天不能早于下放起始日。", field="last_day")
    delegation.end_scan_type, delegation.end_scan = _checked(paper, latest=max(last_day, on))
    delegation.valid = DateRange(delegation.valid.lower, last_day + _ONE_DAY)
    delegation.end_document_number, delegation.end_document_date = paper.number.strip(), paper.dated
    delegation.ended_by = by
    delegation.save()
    confirmers_changed.send(Delegation, on=on)


@transaction.atomic
def withdraw_delegation(delegation: Delegation, *, paper: DelegationPaper, by: Staff, on: date) -> None:
    """Withdraw by a document a delegation that has not begun (撤销下放): the township never confirms under it.

    :raises NotDelegable: begun already, withdrawn or ended before, or the document is not in order.
    """
    check_can_act(by, Permission.MANAGE_DELEGATIONS, area=delegation.area)
    delegation = Delegation.objects.select_for_update(of=("self",)).select_related("area").get(pk=delegation.pk)
    if delegation.withdrawn_start is not None:
        raise NotDelegable("这次下放已经撤销。")
    if delegation.valid.lower <= on:
        raise NotDelegable("这次下放已经开始，不能撤销，只能收回。")
    delegation.end_scan_type, delegation.end_scan = _checked(paper, latest=on)
    delegation.withdrawn_start = delegation.valid.lower
    delegation.valid = DateRange(empty=True)
    delegation.end_document_number, delegation.end_document_date = paper.number.strip(), paper.dated
    delegation.ended_by = by
    delegation.save()


def _check_township(area: Area) -> None:
    if area.level != AreaLevel.TOWNSHIP:
        raise NotDelegable("审核确认权限只能下放到乡镇。", field="area")


def _checked(paper: DelegationPaper, *, latest: date) -> "tuple[str, File[Any]]":
    """
    :returns: the scan's content type, and the scan as it is kept.
    """
    if not paper.number.strip():
        raise NotDelegable("请填文件的文号。", field="document_number")
    if paper.dated > latest:
        raise NotDelegable("文件日期不能晚于生效的日期。", field="document_date")
    try:
        return clean_upload(paper.scan)
    except ValidationError as error:
        raise NotDelegable(error.messages[0], field="scan") from error
