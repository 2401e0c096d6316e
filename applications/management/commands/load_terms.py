from typing import Any

from django.conf import settings

from applications.services.terms import load_papers, load_terms
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "载入办理步骤时限和材料（低保申请）；县里已设置的不覆盖，可以反复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        terms = load_terms(settings.BASE_DIR / "fixtures" / "step_terms.csv")
        papers = load_papers(settings.BASE_DIR / "fixtures" / "step_papers.csv")
        self.stdout.write(f"步骤时限：新增 {terms} 条；步骤材料：新增 {papers} 条")
