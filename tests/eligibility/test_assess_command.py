"""``manage.py assess``: what goes in, what comes out, and the exit code."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.eligibility.families import SAMPLE, assessed, family, member, wage

Json = dict[str, Any]
FIELD = family(member(name="胡德旺", incomes=wage("1200")))
BOM = b"\xef\xbb\xbf"


class Run(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    def run(content: bytes | str, *options: str, stdin: bool = True) -> Run:
        data = content.encode() if isinstance(content, str) else content
        name = "-"
        if stdin:
            monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
        else:
            path = tmp_path / "input"
            path.write_bytes(data)
            name = str(path)
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("assess", name, *options, stdout=out, stderr=err)
        except SystemExit as exit_:
            return Run(int(exit_.code or 0), out.getvalue(), err.getvalue())
        return Run(0, out.getvalue(), err.getvalue())

    return run


@pytest.mark.parametrize("stdin", [True, False])
@pytest.mark.parametrize("bom", [b"", BOM])
def test_one_household_comes_out_pretty_with_findings(run: Any, stdin: bool, bom: bytes) -> None:
    code, out, err = run(bom + json.dumps(FIELD).encode(), stdin=stdin)
    assert (code, err) == (0, "")
    assert json.loads(out) == assessed(member(name="胡德旺", incomes=wage("1200")))
    assert out.startswith('{\n  "on": "2026-11-23"')
    assert "胡德旺" in out


def test_an_invalid_input_says_each_fault_on_a_line_and_writes_nothing(run: Any) -> None:
    code, out, err = run(json.dumps(FIELD | {"residence": "city", "extra": 1}))
    assert (code, out) == (2, "")
    assert [line.partition(": ")[0] for line in err.splitlines()] == ["residence", "extra"]


@pytest.mark.parametrize("content", [b"", b"  \n", b"{", b"[1,]", b"\xff{}", b"[" * 200_000, b"9" * 5000, b"nul"])
def test_what_is_no_json_is_refused_in_one_line(run: Any, content: bytes) -> None:
    code, out, err = run(content)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("$: ")


@pytest.mark.parametrize("key", ["parameters", "members", "unknown"])
def test_what_is_nested_too_deep_to_quote_is_refused_in_one_line(run: Any, key: str) -> None:
    # Just below the depth that JSON can be read to, where writing it again already fails.
    limit = sys.getrecursionlimit()
    for depth in range(limit - 120, limit):
        code, out, err = run(f'{{"{key}": {"[" * depth}{"]" * depth}}}')
        assert (code, out) == (2, "")
        assert all(": " in line for line in err.splitlines())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    err = io.StringIO()
    with pytest.raises(SystemExit) as exit_:
        call_command("assess", str(tmp_path / "none.json"), stderr=err)
    assert exit_.value.code == 2
    assert "读不到这个文件" in err.getvalue()


def test_a_batch_answers_line_by_line_in_order(run: Any) -> None:
    second = family(member("b", incomes=wage("20000")))
    code, out, err = run("\n".join(json.dumps(line) for line in (FIELD, second)), "--batch")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert [line["dibao"]["outcome"] for line in lines] == ["eligible", "not_eligible"]
    assert not any("findings" in line for line in lines)


def test_a_batch_with_findings(run: Any) -> None:
    code, out, _ = run(json.dumps(FIELD) + "\n", "--batch", "--findings")
    assert code == 0
    result = assessed(member(name="胡德旺", incomes=wage("1200")))
    # Key by key in the contract's order, without spaces.
    assert out == json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n"


def test_a_long_batch_keeps_its_order(run: Any) -> None:
    amounts = [str(place) for place in range(1, 1202)]
    lines = [json.dumps(family(member(incomes=wage(amount)))) for amount in amounts]
    code, out, _ = run("\n".join(lines), "--batch")
    assert code == 0
    assert [json.loads(line)["household"]["yearly_income"] for line in out.splitlines()] == [f"{a}.00" for a in amounts]


def test_bad_and_blank_lines_keep_their_place(run: Any) -> None:
    bad = json.dumps(FIELD | {"residence": "city"})
    content = BOM + "\r\n".join([json.dumps(FIELD), "", bad, "   ", "{", json.dumps(FIELD)]).encode() + b"\r\n"
    code, out, err = run(content, "--batch")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (1, "")
    assert [line.get("line") for line in lines] == [None, 2, 3, 4, 5, None]
    assert lines[2]["errors"] == ["residence: “city”不对；应为以下之一：urban、rural"]
    assert all(set(line) == {"line", "errors"} for line in lines if "line" in line)


def test_a_line_of_bad_bytes_spoils_only_itself(run: Any) -> None:
    code, out, _ = run(b'{"\xff": 1}\n' + json.dumps(FIELD).encode(), "--batch")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert lines[0]["line"] == 1
    assert lines[1]["dibao"]["outcome"] == "eligible"


def test_an_empty_batch_is_no_fault(run: Any) -> None:
    assert run(b"", "--batch") == Run(0, "", "")


def test_a_result_stays_on_one_line_whatever_a_name_holds(run: Any) -> None:
    line = json.dumps(family(member(name="胡\u2028\x85\ud800旺\n")))
    code, out, _ = run(line, "--batch", "--findings")
    assert code == 0
    assert len(out.splitlines()) == 1
    out.encode("utf-8")
    assert "胡\u2028\x85\ud800旺\n" in json.loads(out)["findings"][0]["text"]


@pytest.mark.django_db
def test_parameters_left_out_come_from_the_countys_store(run: Any, parameters: None) -> None:
    document = {key: value for key, value in FIELD.items() if key != "parameters"}
    rural = json.loads(run(json.dumps(document | {"area": "341824101200"})).out)
    urban = json.loads(run(json.dumps(document | {"area": "341824101", "residence": "urban"})).out)
    assert rural["parameters"]["dibao_monthly_standard"] == "755.00"
    assert urban["parameters"]["dibao_monthly_standard"] == "780.00"
    assert rural["parameters"]["temporary_aid_base_monthly"] == "780.00"
    older = json.loads(run(json.dumps(document | {"area": "341824101200", "on": "2021-07-01"})).out)
    assert older["parameters"]["dibao_monthly_standard"] == "670.00"


@pytest.mark.django_db
def test_a_stated_parameter_wins_key_by_key_and_the_aid_base_does_not_follow(run: Any, parameters: None) -> None:
    stated = {"dibao_monthly_standard": "900", "topup_rates": {"a": "0.5"}}
    result = json.loads(run(json.dumps(FIELD | {"area": "341824101200", "parameters": stated})).out)
    assert result["parameters"]["dibao_monthly_standard"] == "900.00"
    assert result["parameters"]["topup_rates"] == {"a": "0.5", "b": "0.20"}
    assert result["parameters"]["temporary_aid_base_monthly"] == "780.00"


@pytest.mark.django_db
def test_parameters_that_nobody_stored_are_faults(run: Any, parameters: None) -> None:
    document = {key: value for key, value in FIELD.items() if key != "parameters"}
    code, out, err = run(json.dumps(document | {"area": "110101001", "parameters": {"elderly_age": 65}}))
    assert (code, out) == (2, "")
    named = [line.partition(": ")[0] for line in err.splitlines()]
    assert "parameters.dibao_monthly_standard" in named
    assert "parameters.elderly_age" not in named


@pytest.mark.django_db
def test_a_batch_asks_the_store_once_for_an_area_and_day(
    run: Any, parameters: None, django_assert_num_queries: Any
) -> None:
    document = {key: value for key, value in FIELD.items() if key != "parameters"} | {"area": "341824101200"}
    with django_assert_num_queries(1):
        assert run("\n".join([json.dumps(document)] * 5), "--batch").code == 0


def manage(*arguments: str, content: bytes, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "manage.py", "assess", *arguments]
    return subprocess.run(
        command, input=content, capture_output=True, cwd=settings.BASE_DIR, env=os.environ | (env or {}), check=False
    )


def test_the_command_line_itself_keeps_the_streams_apart() -> None:
    good = manage("-", content=json.dumps(FIELD, ensure_ascii=False).encode(), env={"PYTHONIOENCODING": "gbk"})
    assert (good.returncode, good.stderr) == (0, b"")
    assert json.loads(good.stdout.decode("utf-8"))["parameters"] == SAMPLE
    bad = manage("-", content=b'{"on": 1}')
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert bad.stderr.decode("utf-8").splitlines()[0].startswith("on: ")
    mixed = manage("--batch", "-", content=json.dumps(FIELD).encode() + b"\n{}\n")
    assert mixed.returncode == 1
    assert len(mixed.stdout.splitlines()) == 2
