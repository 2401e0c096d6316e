"""村级委托: the county lets a village decide small urgent aid, by a document and for a time; handbook task 17."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation.files import clean_upload
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import VillageEntrustment
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import aid_terms
from temporary_aid.services.base import NotAllowed, check_told

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class EntrustmentData:
    """委托文件 and its days.

    :param last_day: 最后一天, included; None where the document names none.
    """

    starts_on: date
    last_day: date | None
    document_number: str
    scan: File | None = None  # type: ignore[type-arg]


@transaction.atomic
def entrust_village(area: Area, data: EntrustmentData, *, by: Staff, on: date) -> VillageEntrustment:
    """Entrust a village (委托村级): from a day of today or later, so that no past decision changes its ground.

    :raises NotAllowed: no village, no limit is set, entrusted already, or the days or the document do not fit.
    """
    check_can_act(by, Permission.ENTRUST_VILLAGES, area=area)
    if area.level != AreaLevel.VILLAGE:
        raise NotAllowed("请选择村（社区）。", field="area")
    if data.starts_on < on:
        raise NotAllowed("委托只能从今天或以后开始。", field="starts_on")
    if data.last_day is not None and data.last_day < data.starts_on:
        raise NotAllowed("最后一天不能早于开始日期。", field="last_day")
    if aid_terms(area, on=data.starts_on).village_limit <= 0:
        raise NotAllowed("村级委托限额为0，没有可以委托的金额；请先在“标准与参数”中设定限额。", field="starts_on")
    number = check_told(data.document_number, "请填委托文件文号。", field="document_number")
    scan_type, scan = _clean(data.scan)
    try:
        with transaction.atomic():
            return VillageEntrustment.objects.create(
                area=area,
                valid=DateRange(data.starts_on, data.last_day + _ONE_DAY if data.last_day else None),
                document_number=number,
                scan=scan,
                scan_type=scan_type,
                entrusted_by=by,
            )
    except IntegrityError as error:
        if "entrustment_once_at_a_time" not in str(error):
            raise
        raise NotAllowed(f"{area.name}在这段时间已经委托。", field="area") from error


@transaction.atomic
def end_entrustment(
    entrustment: VillageEntrustment, *, last_day: date, reason: str, by: Staff, on: date
) -> VillageEntrustment:
    """Take an entrustment back (收回委托): what the village decided until then stands.

    :param last_day: the last day on which the village decides; yesterday ends it at once.
    :raises NotAllowed: ended already, the day lies back or before its beginning, or no reason.
    """
    check_can_act(by, Permission.ENTRUST_VILLAGES, area=entrustment.area)
    rows = VillageEntrustment.objects.select_for_update(of=("self",)).select_related("area")
    entrustment = rows.get(pk=entrustment.pk)
    upper = entrustment.valid.upper
    if entrustment.ended_by_id is not None or (upper is not None and upper <= on):
        raise NotAllowed("这次委托已经结束。")
    if last_day < on - _ONE_DAY:
        raise NotAllowed("收回最早从今天起：村里以前作出的决定仍然有效。", field="last_day")
    if upper is not None and last_day >= upper:
        raise NotAllowed("不能晚于原定的最后一天。", field="last_day")
    end_reason = check_told(reason, "请写明收回的原因。", field="reason")
    # One that has not begun leaves an empty span: nothing was ever decided under it.
    end = max(last_day + _ONE_DAY, entrustment.valid.lower)
    entrustment.valid = DateRange(entrustment.valid.lower, end)
    entrustment.ended_by, entrustment.end_reason = by, end_reason
    entrustment.save(update_fields=["valid", "ended_by", "end_reason"])
    return entrustment


def _clean(scan: File | None) -> tuple[str, Any]:  # type: ignore[type-arg]
    """
    :raises NotAllowed: neither PDF, JPEG nor PNG by its content.
    """
    if not scan:
        return "", ""
    try:
        return clean_upload(scan)
    except ValidationError as error:
        raise NotAllowed(error.messages[0], field="scan") from error
