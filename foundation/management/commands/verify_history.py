from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.verifying import Verification


class Command(BaseCommand):
    help = "核验变更留痕：逐行核对每日封存，说出哪一行被改动、缺失或多出；有发现时退出码为1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from", dest="first", type=_day, metavar="DATE", help="从哪一天的封存核起，例如 2026-11-01"
        )
        parser.add_argument("--to", dest="last", type=_day, metavar="DATE", help="核到哪一天的封存为止")
        parser.add_argument("--expect", default="", metavar="HEX", help="以前抄存在外的某日摘要，应当仍在其中")

    def handle(self, *args: Any, **options: Any) -> None:
        run = Verification(
            on=timezone.localdate(),
            first=options["first"],
            last=options["last"],
            expect="".join(options["expect"].split()).lower(),
        )
        count = 0
        for count, finding in enumerate(run.findings(), start=1):  # noqa: B007 -- the last number is told below
            self.stdout.write(str(finding))
        told = f"核对了{run.days}天的封存、{run.rows}行"
        if count:
            raise CommandError(f"{told}，发现{count}处不符。请按 docs/operations.md 的“Verify the history”处理。")
        self.stdout.write(f"{told}，没有发现不符。")


def _day(text: str) -> date:
    return date.fromisoformat(text)
