from datetime import timedelta
from typing import Any

from django.utils import timezone

from foundation.sealing import seal_day
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "封存到昨天为止的变更留痕（每小时由后台自动执行；已封存的不再封存）。"

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        made = seal_day(day=timezone.localdate(now) - timedelta(days=1), at=now)
        self.stdout.write(f"已封存{made.rows}行，摘要 {made.digest}" if made else "昨天的变更留痕已经封存过。")
