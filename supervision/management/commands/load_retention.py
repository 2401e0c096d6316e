from typing import Any

from django.conf import settings

from foundation.trail import RecordedCommand
from supervision.services import load_retention_periods


class Command(RecordedCommand):
    help = "载入随附的保存期限；县里已设置的不覆盖，可以反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_retention_periods(settings.FIXTURES_ROOT / "retention_periods.csv")
        self.stdout.write(f"保存期限：新增 {loaded} 条")
