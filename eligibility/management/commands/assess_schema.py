"""``manage.py assess_schema``: JSON Schema of the assessment's input (assess.schema.json), for publication."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from eligibility.rules import input_schema


class Command(BaseCommand):
    help = "写出试算输入的JSON Schema（2020-12）：manage.py assess_schema > docs/assess.schema.json"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(input_schema(), ensure_ascii=False, indent=2))
