"""``manage.py assess``: the assessment (试算) as JSON, one household or a batch of lines."""

import argparse
import io
import json
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

from eligibility.management.documents import BOM, opened, parsed, unreadable
from eligibility.queries import stored_parameters
from eligibility.rules import Fault, InvalidInput
from eligibility.services import assess_document

_FAULTY_LINES, _FAULTY_INPUT = 1, 2
_LINES_A_WRITE = 500
# What a reader by lines may take for a line's end, and halves of characters, which UTF-8 cannot hold.
_ESCAPED = re.compile("[\x80-\x9f\u2028\u2029\ud800-\udfff]")


class Command(BaseCommand):
    help = "试算：读入一户家庭的JSON，写出各项救助的结论和依据；--batch逐行读入JSONL。"
    # Whole parameters need no database, and stderr holds faults only.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = "退出码：0 已试算；1 批量中有不合格的行；2 输入不合格，逐条写在标准错误。"
        parser.add_argument("file", metavar="FILE", help="JSON文件；--batch时为JSONL，每行一户；-为标准输入")
        parser.add_argument("--batch", action="store_true", help="逐行试算，结果与输入同序，一行一个")
        parser.add_argument("--findings", action="store_true", help="批量结果也写出认定依据")

    def handle(self, *args: Any, **options: Any) -> None:
        for stream in (self.stdout, self.stderr):
            inner = getattr(stream, "_out", None)
            if isinstance(inner, io.TextIOWrapper):
                inner.reconfigure(encoding="utf-8")
        try:
            with opened(options["file"]) as file:
                if options["batch"]:
                    self._assess_lines(file, with_findings=options["findings"])
                else:
                    self._assess_one(file.read())
        except OSError as error:
            self._refuse([unreadable(options["file"], error)])

    def _assess_one(self, content: bytes) -> None:
        try:
            assessment = assess_document(parsed(content.removeprefix(BOM)))
        except InvalidInput as error:
            self._refuse(error.faults)
        self.stdout.write(_escaped(json.dumps(assessment.as_dict(), ensure_ascii=False, indent=2)))

    def _assess_lines(self, lines: Iterable[bytes], *, with_findings: bool) -> None:
        # A batch asks for the same area and day on line after line.
        stored = lru_cache(maxsize=1024)(stored_parameters)
        written: list[str] = []
        faulty = False
        for number, line in enumerate(lines, start=1):
            content = line.removeprefix(BOM) if number == 1 else line
            try:
                assessment = assess_document(parsed(content), stored=stored, explain=with_findings)
                written.append(_escaped(assessment.as_line(with_findings=with_findings)))
            except InvalidInput as error:
                faulty = True
                faults = {"line": number, "errors": [str(fault) for fault in error.faults]}
                written.append(_escaped(json.dumps(faults, ensure_ascii=False, separators=(",", ":"))))
            if len(written) == _LINES_A_WRITE:
                self.stdout.write("\n".join(written))
                written.clear()
        if written:
            self.stdout.write("\n".join(written))
        if faulty:
            sys.exit(_FAULTY_LINES)

    def _refuse(self, faults: Iterable[Fault]) -> NoReturn:
        for fault in faults:
            self.stderr.write(str(fault))
        sys.exit(_FAULTY_INPUT)


def _escaped(text: str) -> str:
    return text if text.isascii() else _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
