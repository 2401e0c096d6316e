"""What the county must enter before its deadlines are right."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError
from django.utils import timezone

from organizations.queries import missing_calendar_years


@register(Tags.database)
def check_working_calendar(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every year within twelve months has its official holidays (工作日历)."""
    if not databases:
        return []
    try:
        missing = missing_calendar_years(on=timezone.localdate())
    except DatabaseError:  # a database before its first migration, or none: foundation.E009 says so
        return []
    return [
        checks.Warning(
            f"工作日历还没有{year}年的节假日安排，跨到{year}年的期限暂按周一至周五计算。",
            hint="国务院办公厅公布后，在“系统 → 工作日历”录入，或升级后运行 load_county。",
            id="organizations.W001",
        )
        for year in missing
    ]
