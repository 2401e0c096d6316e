"""``manage.py replay``: decided cases reckoned again for their day (复算)."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications.models import Case
from applications.queries import assessment_of, decided_cases, further_deviations
from eligibility.services import replay


class Command(BaseCommand):
    help = "复算：用现在的规则重算办件当时的试算，列出不同；全部一致退出码为 0，有不同为 1。不改动任何数据。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("case", nargs="*", help="办件编号，可以多个")
        parser.add_argument("--all", action="store_true", help="全部已决定的办件")
        parser.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="只看这一天起决定的（与 --all 同用）")

    def handle(self, *args: Any, **options: Any) -> None:
        count = different = 0
        for case in self._cases(options):
            count += 1
            different += not self._replay(case)
        self.stdout.write(f"复算 {count} 件，{different} 件有不同。")
        if different:
            raise SystemExit(1)

    def _cases(self, options: dict[str, Any]) -> Iterable[Case]:
        if options["all"] and not options["case"]:
            return decided_cases(since=options["since"]).iterator()
        if not options["case"]:
            raise CommandError("请写办件编号，或用 --all 复算全部已决定的办件。", returncode=2)
        found = {case.number: case for case in Case.objects.filter(number__in=options["case"])}
        for number in options["case"]:
            if number not in found:
                raise CommandError(f"没有编号为 {number} 的办件。", returncode=2)
            if assessment_of(found[number]) is None:
                raise CommandError(f"办件 {number} 还没有初审意见或决定，没有留存的试算。", returncode=2)
        return [found[number] for number in dict.fromkeys(options["case"])]

    def _replay(self, case: Case) -> bool:
        assessment = assessment_of(case)
        assert assessment is not None  # noqa: S101 -- asked above, and a decided case has one
        found = replay(assessment)
        further = further_deviations(case)
        is_same = found.is_same and not further
        head = f"{case.number} {assessment.on.isoformat()} 规则 {assessment.engine_version} → {found.engine_version}"
        self.stdout.write(f"{head}：{'一致' if is_same else '有不同'}")
        if found.problem:
            self.stdout.write(f"  {found.problem}")
        for row in (*found.deviations, *further):
            self.stdout.write(f"  {row.subject + ' ' if row.subject else ''}{row.what}：{row.before} → {row.after}")
        for row in found.parameters:
            self.stdout.write(f"  参数 {row.what}：当时 {row.before}，现在 {row.after or '没有有效值'}")
        return is_same


def _day(text: str) -> date:
    return date.fromisoformat(text)
