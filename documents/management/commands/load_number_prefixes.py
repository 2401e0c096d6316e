from typing import Any

from documents.services import load_number_prefixes
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "载入县和各乡镇的文号字头；已有的（县里改过的）不动。可反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"新载入 {load_number_prefixes()} 个文号字头。")
