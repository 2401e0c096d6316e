import csv
from pathlib import Path
from typing import Any

from django.conf import settings

from documents.services import load_number_prefixes
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "载入县和各乡镇的文号字头；已有的（县里改过的）不动。可反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        with Path(settings.FIXTURES_ROOT, "number_prefixes.csv").open(encoding="utf-8", newline="") as file:
            added = load_number_prefixes(csv.DictReader(file))
        self.stdout.write(f"新载入 {added} 个文号字头。")
