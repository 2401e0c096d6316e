"""Cliffs (悬崖点): found to the fen, with the cause, and written out for people."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from eligibility.rules import Facts, Parameters, assess, read_household
from eligibility.rules.cliffs import CliffCause, cliffs, dibao_paid, tekun_paid
from tests.eligibility.families import child, family, member, spouse, wage

Json = dict[str, Any]
PARAMETERS_FILE = Path(__file__).with_name("parameters.sample.json")

ILL_AND_EARNER = family(member(name="胡德旺", serious_illness=True), spouse(name="方秀英", incomes=wage("100")))
OLD_AND_MINOR = family(member(born="1960-01-01", supporters=[], incomes=wage("0")), child("c", "2008-11-24"))
WITH_EMPLOYMENT_COST = OLD_AND_MINOR | {"expenses": [{"kind": "employment", "yearly": "2000", "member": "a"}]}
REVIEWED = family(member(), event="review", current_persons=["a"], current_monthly_amount="300")


def read(document: Json) -> tuple[Facts, Parameters]:
    reading = read_household(document)
    return reading.facts, reading.parameters.whole


def found(document: Json) -> list[tuple[Any, ...]]:
    return [
        (
            cliff.member.id,
            f"{cliff.income_before} {cliff.income_after}",
            f"{dibao_paid(cliff.before)} {dibao_paid(cliff.after)}",
            f"{tekun_paid(cliff.before)} {tekun_paid(cliff.after)}",
            cliff.cause,
        )
        for cliff in cliffs(*read(document))
    ]


def test_from_the_household_to_one_person_alone() -> None:
    # 16799.99: 1400 − 1399.999… is less than the least 1, and 30% of 700 for the ill one: 211; at 16800 she alone: 700
    cliff = ("b", "16799.99 16800.00", "211.00 700.00", "0.00 0.00", CliffCause.SINGLE_PERSON)
    assert found(ILL_AND_EARNER) == [cliff]


def test_a_member_passing_out_of_tekun() -> None:
    # 8399.99: the minor alone 700 + 140; at 8400 both: 1400 − 700 + 140 + 140, and 964 less for the old one
    assert found(OLD_AND_MINOR) == [("a", "8399.99 8400.00", "840.00 980.00", "964.00 0.00", CliffCause.TEKUN)]


def test_an_employment_deduction_that_comes_and_goes_with_a_tekun_member() -> None:
    # the wage's 20%, 1680, is deducted once the earner is no longer tekun: 1400 − 6720/12 + 280
    cliff = ("a", "8399.99 8400.00", "840.00 1120.00", "964.00 0.00", CliffCause.TEKUN_AND_EMPLOYMENT)
    assert found(WITH_EMPLOYMENT_COST) == [cliff]


def test_into_the_phase_out_at_the_amount_now_paid() -> None:
    assert found(REVIEWED) == [("a", "8399.99 8400.00", "1.00 300.00", "0.00 0.00", CliffCause.PHASE_OUT)]


def test_a_family_of_the_able_has_no_cliff() -> None:
    assert found(family(member(incomes=wage("3000")), spouse(), child(born="2000-01-01"))) == []


@pytest.mark.parametrize("document", [ILL_AND_EARNER, OLD_AND_MINOR, WITH_EMPLOYMENT_COST, REVIEWED])
def test_no_cliff_is_missed_where_incomes_are_tried_one_by_one(document: Json) -> None:
    facts, parameters = read(document)
    listed = {(cliff.member.id, int(cliff.income_after)) for cliff in cliffs(facts, parameters)}
    for person in document["members"]:
        kind = person.get("incomes", [{"kind": "other_transfer"}])[0]["kind"]
        last = Decimal("Infinity")
        for yearly in range(0, 17_000, 50):
            changed = json.loads(json.dumps(document))
            earner = next(row for row in changed["members"] if row["id"] == person["id"])
            earner["incomes"] = [{"kind": kind, "yearly": str(yearly)}]
            amount = assess(*read(changed), explain=False).dibao.monthly_amount or Decimal(0)
            assert amount <= last or (person["id"], yearly) in listed
            last = amount


# --- The command -----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("cliffs", *arguments, stdout=out)
    return out.getvalue()


def test_given_families_are_written_out_before_and_after(tmp_path: Path) -> None:
    path = tmp_path / "families.jsonl"
    path.write_text(json.dumps(ILL_AND_EARNER) + "\n" + json.dumps(family()), encoding="utf-8")
    assert run(str(path)).splitlines() == [
        "第1户：胡德旺（户主）、方秀英（配偶）",
        "  方秀英工资性收入由每年16,799.99元增加到16,800.00元：低保金由每月211.00元增加到700.00元，"
        "特困供养金不变，每月0.00元。",
        "    原因：整户保障转为单人户保障，单人户不扣全家的收入。",
        "    之前：计入：胡德旺、方秀英；特困人员：无；月人均699.99元；符合低保，整户保障（胡德旺、方秀英）；"
        "两项合计每月211.00元。",
        "    之后：计入：胡德旺、方秀英；特困人员：无；月人均700.00元；符合低保，单人户保障（胡德旺）；"
        "两项合计每月700.00元。",
        "查了2户，有1处收入增加，低保金或者两项合计反而增加。",
    ]


def test_a_bad_line_is_named_and_the_others_are_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "families.jsonl"
    path.write_text("{\n" + json.dumps(ILL_AND_EARNER), encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("cliffs", str(path), stdout=out, stderr=err)
    assert exit_.value.code == 1
    assert err.getvalue() == "第1行 $: 第1行第2个字符起不是有效的JSON；应为一个JSON对象\n"
    assert "查了1户，有1处" in out.getvalue()


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("cliffs", str(tmp_path / "none.jsonl"), stderr=err)
    assert exit_.value.code == 2
    assert "读不到这个文件" in err.getvalue()


def test_invented_families_are_the_same_each_time_and_show_the_known_causes() -> None:
    first, second = (run("--generated=12", "--on=2026-11-23", f"--parameters={PARAMETERS_FILE}") for _ in range(2))
    assert first == second
    assert CliffCause.SINGLE_PERSON.value in first
    assert CliffCause.TEKUN.value in first


@pytest.mark.django_db
def test_invented_families_go_by_the_countys_parameters(parameters: None) -> None:
    # The rural standard in force is 755: 755 × 12 = 9060
    assert "9,060.00元" in run("--generated=12", "--on=2026-11-23")


@pytest.mark.parametrize("stated", [[], ["-", "--generated=3"]])
def test_families_come_from_one_place(stated: list[str]) -> None:
    with pytest.raises(CommandError, match="二者选一"):
        run(*stated)
