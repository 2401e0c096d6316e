"""Taking a list out as Excel (导出): masked for the daily work, whole only by whoever may, always on record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from foundation.errors import NotPermitted, ServiceError
from foundation.personal_numbers import mask_numbers
from foundation.spreadsheets import PlainResource, workbook
from organizations.models import AccessRecord, Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission
from organizations.queries import active_posts
from organizations.services.records import lock_own_row, record_access

_LONGEST_QUERY = 1000


class NotExportable(ServiceError):
    """The list cannot be taken out now."""


@dataclass(frozen=True)
class Reason:
    """What personal data is read in full for (查阅事由).

    :param purpose: its name in the county's list.
    :param words: the same with what the person wrote beside it.
    """

    purpose: str
    words: str


@transaction.atomic
def export_list(
    resource: PlainResource, rows: QuerySet[Any], *, words: str, query: str, by: Staff, at: datetime
) -> bytes:
    """A list as it is filtered (导出名单), numbers of people masked; on record.

    :param rows: only what the person may export.
    :param words: what was exported, with ``{}`` for the number of rows: 导出办件名单{}件.
    :param query: the filters as the list's address says them.
    :returns: the xlsx file.
    """
    book = workbook(resource, rows)
    record_access(
        kind=AccessKind.EXPORT,
        staff=by,
        at=at,
        subject_type=resource.subject_type,
        subject_id=None,
        reason=words.format(book.row_count),
        person_ids=resource.person_ids(rows),
        row_count=book.row_count,
        query=_on_record(query),
    )
    return book.content


@transaction.atomic
def export_in_full(
    resource: PlainResource,
    rows: QuerySet[Any],
    *,
    words: str,
    query: str,
    reason: Reason,
    by: Staff,
    at: datetime,
    permission: Permission = Permission.FULL_EXPORT,
) -> bytes:
    """A list with the numbers of people whole (完整导出), headed by who took it out, when and what for; on record.

    :param rows: only what the person may export in full.
    :param permission: what allows it; the bank's file has its own.
    :returns: the xlsx file.
    :raises NotPermitted: the person may not export in full anywhere.
    :raises NotExportable: no reason, or too many full exports in the last hour.
    """
    if not by.may(permission):
        raise NotPermitted(f"您没有“{permission.label}”的权限。")
    if not reason.words.strip():
        raise NotExportable("请写明导出事由。", field="reason")
    lock_own_row(by)
    recent = AccessRecord.objects.filter(kind=AccessKind.FULL_EXPORT, staff=by, at__gt=at - timedelta(hours=1))
    if recent.count() >= settings.FULL_EXPORTS_PER_HOUR:
        raise NotExportable(
            f"一小时内最多完整导出{settings.FULL_EXPORTS_PER_HOUR}次，请稍后再办；只需遮盖的名单，请用“导出 Excel”。"
        )
    count = rows.count()
    book = workbook(resource, rows, above=[_watermark(by, at=at, reason=reason.words, count=count)])
    if book.row_count != count:
        raise NotExportable("导出时名单有变动，请重新导出。")
    record_access(
        kind=AccessKind.FULL_EXPORT,
        staff=by,
        at=at,
        subject_type=resource.subject_type,
        subject_id=None,
        purpose=reason.purpose,
        reason=f"{reason.words}（{words.format(count)}）",
        person_ids=resource.person_ids(rows),
        row_count=count,
        query=_on_record(query),
    )
    return book.content


def _on_record(query: str) -> str:
    """The filters with numbers of people masked: in what they say, since an address hides digits between signs."""
    said = [(mask_numbers(name), mask_numbers(value)) for name, value in parse_qsl(query)]
    return urlencode(said, safe="*")[:_LONGEST_QUERY]


def _watermark(by: Staff, *, at: datetime, reason: str, count: int) -> list[str]:
    local = timezone.localtime(at)
    posts = "、".join(map(str, active_posts(by, on=local.date()))) or "没有在任岗位"
    return [
        "含完整证号，请妥善保管，用后销毁",
        f"导出人：{by.name}（{by.staff_number}）",
        f"岗位：{posts}",
        f"时间：{local:%Y-%m-%d %H:%M:%S}",
        f"原因：{reason}",
        f"行数：{count}",
    ]
