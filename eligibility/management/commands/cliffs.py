"""``manage.py cliffs``: where one fen more income raises what is paid (悬崖点), for given or invented families."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from eligibility import rules
from eligibility.management.documents import BOM, opened, parsed, unreadable
from eligibility.management.invented_families import invented_families
from eligibility.queries import MissingParameters, parameters_in_force
from eligibility.rules.cliffs import Cliff, cliffs, dibao_paid, tekun_paid
from eligibility.services import read_document
from organizations.queries import county

_FAULTY_LINES, _FAULTY_INPUT = 1, 2
_BASES = {rules.AwardBasis.HOUSEHOLD: "整户保障", rules.AwardBasis.SINGLE_PERSON: "单人户保障"}
_OUTCOMES = {
    rules.DibaoOutcome.ELIGIBLE: "符合低保",
    rules.DibaoOutcome.NOT_ELIGIBLE: "不符合低保",
    rules.DibaoOutcome.NOT_APPLICABLE: "不适用低保",
    rules.DibaoOutcome.CONTINUE: "低保继续",
    rules.DibaoOutcome.PHASE_OUT: "低保渐退",
    rules.DibaoOutcome.STOP: "低保停发",
}


class Command(BaseCommand):
    help = "找出收入多一分、待遇反而增加的地方（悬崖点）：逐户逐人列出之前和之后的家庭。这些都合规，供事先说明。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = "退出码：0 已查完；1 有不合格的行，写在标准错误；2 文件读不到。"
        parser.add_argument(
            "file", metavar="FILE", nargs="?", help="JSONL，每行一户，与assess --batch相同；-为标准输入"
        )
        parser.add_argument("--generated", type=int, metavar="N", help="不读文件，改查N户虚构家庭")
        parser.add_argument("--on", type=date.fromisoformat, help="虚构家庭的试算日期，不写为今天")
        parser.add_argument("--parameters", metavar="FILE", help="虚构家庭的标准和参数（JSON），不写为县里当日有效的")
        parser.add_argument("--residence", choices=["urban", "rural"], default="rural", help="虚构家庭的户籍类别")

    def handle(self, *args: Any, **options: Any) -> None:
        if (options["file"] is None) == (options["generated"] is None):
            raise CommandError("请写明FILE或者--generated N，二者选一。")
        families = self._invented(options) if options["file"] is None else self._read(options["file"])
        self._faulty = False
        households = found = 0
        for number, (facts, parameters) in families:
            households += 1
            listed = list(cliffs(facts, parameters))
            found += len(listed)
            if listed:
                self.stdout.write(_described_household(number, facts))
            for cliff in listed:
                self.stdout.write("\n".join(_described(cliff)))
        self.stdout.write(f"查了{households}户，有{found}处收入增加，低保金或者两项合计反而增加。")
        if self._faulty:
            sys.exit(_FAULTY_LINES)

    def _invented(self, options: dict[str, Any]) -> Iterator[tuple[int, tuple[rules.Facts, rules.Parameters]]]:
        on, residence = options["on"] or timezone.localdate(), options["residence"]
        document = self._parameters(options["parameters"], residence=residence, on=on)
        families = invented_families(options["generated"], on=on, residence=residence, parameters=document)
        for number, family in enumerate(families, start=1):
            yield number, self._of_invented(family)

    def _of_invented(self, family: Any) -> tuple[rules.Facts, rules.Parameters]:
        try:
            return read_document(family)
        except rules.InvalidInput as error:
            self._refuse(*error.faults)

    def _parameters(self, name: str | None, *, residence: str, on: date) -> Any:
        if name is None:
            try:
                return rules.parameters_document(parameters_in_force(county(), residence=residence, on=on))
            except MissingParameters as error:
                raise CommandError(error.message) from error
        try:
            with opened(name) as file:
                return parsed(file.read().removeprefix(BOM))
        except OSError as error:
            self._refuse(unreadable(name, error))
        except rules.InvalidInput as error:
            self._refuse(*error.faults)

    def _read(self, name: str) -> Iterator[tuple[int, tuple[rules.Facts, rules.Parameters]]]:
        try:
            with opened(name) as file:
                for number, line in enumerate(file, start=1):
                    try:
                        yield number, read_document(parsed(line.removeprefix(BOM) if number == 1 else line))
                    except rules.InvalidInput as error:
                        self._faulty = True
                        self.stderr.write("\n".join(f"第{number}行 {fault}" for fault in error.faults))
        except OSError as error:
            self._refuse(unreadable(name, error))

    def _refuse(self, *faults: rules.Fault) -> NoReturn:
        self.stderr.write("\n".join(map(str, faults)))
        sys.exit(_FAULTY_INPUT)


def _described_household(number: int, facts: rules.Facts) -> str:
    members = "、".join(f"{_label(member)}（{member.relation.label}）" for member in facts.members)
    return f"第{number}户：{members}"


def _described(cliff: Cliff) -> Iterator[str]:
    before, after = cliff.before, cliff.after
    income = f"每年{cliff.income_before:,.2f}元增加到{cliff.income_after:,.2f}元"
    dibao = _moved(dibao_paid(before), dibao_paid(after))
    tekun = _moved(tekun_paid(before), tekun_paid(after))
    yield f"  {_label(cliff.member)}{cliff.kind.label}由{income}：低保金{dibao}，特困供养金{tekun}。"
    yield f"    原因：{cliff.cause.value}。"
    names = {member.id: _label(member) for member in cliff.members}
    yield f"    之前：{_standing(before, names)}。"
    yield f"    之后：{_standing(after, names)}。"


def _moved(before: Decimal, after: Decimal) -> str:
    if before == after:
        return f"不变，每月{after:,.2f}元"
    word = "增加" if after > before else "减少"
    return f"由每月{before:,.2f}元{word}到{after:,.2f}元"


def _standing(assessment: rules.Assessment, names: dict[str, str]) -> str:
    household, dibao = assessment.household, assessment.dibao
    parts = [f"计入：{_named(household.counted, names)}", f"特困人员：{_named(household.tekun_members, names)}"]
    if household.per_capita_monthly is not None:
        parts.append(f"月人均{household.per_capita_monthly:,.2f}元")
    if household.employment_deduction:
        parts.append(f"就业成本核减{household.employment_deduction:,.2f}元")
    covered = f"，{_BASES[dibao.basis]}（{_named(dibao.persons, names)}）" if dibao.basis else ""
    parts.append(f"{_OUTCOMES[dibao.outcome]}{covered}")
    parts.append(f"两项合计每月{dibao_paid(assessment) + tekun_paid(assessment):,.2f}元")
    return "；".join(parts)


def _named(ids: Sequence[str], names: dict[str, str]) -> str:
    return "、".join(names[ref] for ref in ids) or "无"


def _label(member: rules.Member) -> str:
    return member.name or f"成员“{member.id}”"
