import csv
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from eligibility import services
from foundation.trail import RecordedCommand
from organizations.queries import county


class Command(RecordedCommand):
    help = "载入随附的标准与参数及其依据文件；可反复运行，县里已有的值不动。"

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.FIXTURES_ROOT)
        with (root / "source_documents.csv").open(encoding="utf-8", newline="") as file:
            sources = services.load_source_documents(csv.DictReader(file))
        rows = [
            row
            for path in sorted((root / "parameters").glob("*.json"))
            for row in json.loads(path.read_text(encoding="utf-8"))
        ]
        loaded, standing = services.load_parameters(rows, area=county(), sources=sources)
        self.stdout.write(f"已载入 {loaded} 项标准与参数，{standing} 项已有。")
