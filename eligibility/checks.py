"""What the county must enter before amounts are right."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import DatabaseError
from django.utils import timezone

from eligibility.queries import sample_figures


@register(Tags.database, deploy=True)
def check_sample_figures(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """No figure in force is a sample (示例) any more; asked by ``check --deploy --database default``."""
    if not databases:
        return []
    try:
        samples = sample_figures(on=timezone.localdate())
    except DatabaseError:  # a database before its first migration, or none: foundation.E009 says so
        return []
    if not samples:
        return []
    names = "、".join(figure.name for figure in samples)
    return [
        checks.Warning(
            f"有{len(samples)}项标准还是随系统附带的示例数据，不能据此发放：{names}。",
            hint="请县民政局在“标准与参数”逐项录入正式文件和数值。",
            id="eligibility.W001",
        )
    ]
