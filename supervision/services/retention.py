"""保存期限: loading what comes with the system, and the county's own change."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from foundation.errors import ServiceError
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import county
from supervision.models import FAMILY_KINDS, RetentionPeriod


class NotAPeriod(ServiceError):
    """The new period does not fit: no years, no source, or a day that lies back."""


@transaction.atomic
def load_retention_periods(path: Path) -> int:
    """Load retention periods from a CSV file; kinds that have one already keep it.

    :returns: how many were new.
    """
    known = set(RetentionPeriod.objects.values_list("record_kind", flat=True))
    with path.open(encoding="utf-8", newline="") as file:
        new = [
            RetentionPeriod(
                record_kind=row["record_kind"],
                active_years=int(row["active_years"]) if row["active_years"] else None,
                keep_years=int(row["keep_years"]) if row["keep_years"] else None,
                valid=DateRange(date.fromisoformat(row["from"]), None),
                source=row["source"],
                is_local_practice=row["is_local_practice"] == "1",
            )
            for row in csv.DictReader(file)
            if row["record_kind"] not in known
        ]
    return len(RetentionPeriod.objects.bulk_create(new))


@transaction.atomic
def change_period(
    period: RetentionPeriod,
    *,
    active_years: int | None,
    keep_years: int | None,
    from_day: date,
    source: str,
    is_local_practice: bool,
    by: Staff,
    on: date,
) -> RetentionPeriod:
    """Give a kind of record another period from a day on (调整保存期限); what was archived keeps the one it rests on.

    :param keep_years: nothing keeps for ever.
    :raises NotAPeriod: the period is over, the day lies back, the years do not fit, or no source is named.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=county())
    period = RetentionPeriod.objects.select_for_update().get(pk=period.pk)
    if period.valid.upper is not None:
        raise NotAPeriod("这个保存期限已有后续的值，请在最新的一条上调整。")
    if from_day < on or from_day <= period.valid.lower:
        raise NotAPeriod("新的保存期限只能从今天或以后、并晚于现行期限的起始日开始。", field="from_day")
    if not source.strip():
        raise NotAPeriod("请写明依据的文件和条款；县里自定的，写明“本地做法”。", field="source")
    if period.record_kind in FAMILY_KINDS and not active_years:
        raise NotAPeriod("家庭档案请填满几年归档，至少1年。", field="active_years")
    if period.record_kind not in FAMILY_KINDS and active_years:
        raise NotAPeriod("这种材料不单独归档，请不要填。", field="active_years")
    if keep_years is not None and keep_years < max(active_years or 1, 1):
        raise NotAPeriod("保管期限至少1年，且不能短于在办库保存的年数；永久保管的不填。", field="keep_years")
    period.valid = DateRange(period.valid.lower, from_day)
    period.save(update_fields=["valid"])
    return RetentionPeriod.objects.create(
        record_kind=period.record_kind,
        active_years=active_years,
        keep_years=keep_years,
        valid=DateRange(from_day, None),
        source=source.strip(),
        is_local_practice=is_local_practice,
    )
