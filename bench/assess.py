"""How fast families are assessed: python bench/assess.py [HOUSEHOLDS]; run from the checkout, no database needed.

Generated families of one to six, each size as often (seed fixed; real ones are smaller), are read, assessed and
written as `manage.py assess --batch` does it, without and with findings; then by the command itself, whose start is
taken off: it is what an empty batch needs. Seconds are the processor's, the best of three runs, so that neighbours
on the machine count little. The whole is linear: a quarter of the families takes a quarter of the time.

Goal: 5,000 families a second on one core, the start taken off, without findings.

Measured in November 2026 on one core of a virtual Intel Xeon (two cores, six other programs at work), Python 3.11.7:

    20000 generated households, 70046 members
    engine                         3.18 s     6286 households/s
    engine with findings           2.70 s     1851 households/s
    start of the command           1.79 s
    command --batch, a quarter     0.59 s     8507 households/s
    command --batch                2.95 s     6770 households/s
    command --batch --findings     2.62 s     1908 households/s
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from eligibility.rules import assess, read_household  # noqa: E402 -- the checkout is on the path only from here on

Json = dict[str, Any]
HOUSEHOLDS = 20_000
RUNS = 3
PARAMETERS: Json = json.loads((ROOT / "tests/eligibility/parameters.sample.json").read_text(encoding="utf-8"))
RELATIONS = ["spouse", "child", "child", "parent", "grandchild", "sibling"]
KINDS = ["visual", "hearing", "physical", "intellectual", "psychiatric"]
INCOMES = ["wage", "business", "property", "pension", "support", "basic_resident_pension"]


def family(chance: random.Random) -> Json:
    """One family of one to six, as a township's families are."""
    members = [_member(chance, 0, "head")]
    members += [_member(chance, place, chance.choice(RELATIONS)) for place in range(1, chance.randint(1, 6))]
    return {
        "on": "2026-11-23",
        "residence": chance.choice(["urban", "rural", "rural"]),
        "parameters": PARAMETERS,
        "members": members,
        "income_stable": chance.random() < 0.5,
        "expenses": [{"kind": "medical", "yearly": f"{chance.randint(0, 20000)}"}] if chance.random() < 0.5 else [],
        "property": {"financial_assets": f"{chance.randint(0, 40000)}", "houses": 1},
    }


def _member(chance: random.Random, place: int, relation: str) -> Json:
    years = {"child": (0, 30), "grandchild": (0, 20), "parent": (60, 95)}.get(relation, (22, 80))
    born = date(2026, 11, 23) - timedelta(days=chance.randint(years[0] * 365, years[1] * 365))
    facts: Json = {"id": f"m{place}", "name": "胡德旺", "relation": relation, "birth_date": born.isoformat()}
    if chance.random() < 0.2:
        facts["disability"] = {"kind": chance.choice(KINDS), "level": chance.randint(1, 4)}
    if chance.random() < 0.1:
        facts["serious_illness"] = True
    if chance.random() < 0.6:
        facts["supporters"] = [{"birth_date": "1980-01-01"}] if chance.random() < 0.4 else []
    kinds = chance.sample(INCOMES, chance.randint(0, 2))
    facts["incomes"] = [
        {"kind": kind, "yearly": f"{chance.randint(0, 30000)}.{chance.randint(0, 99):02d}"} for kind in kinds
    ]
    return facts


def best(act: Callable[[], float]) -> float:
    """The least of a few runs, in the processor's seconds."""
    return min(act() for _ in range(RUNS))


def engine(lines: list[str], *, with_findings: bool) -> float:
    started = time.process_time()
    for line in lines:
        reading = read_household(json.loads(line))
        assessment = assess(reading.facts, reading.parameters.whole, explain=with_findings)
        assessment.as_line(with_findings=with_findings)
    return time.process_time() - started


def command(lines: list[str], *options: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = [sys.executable, "manage.py", "assess", "--batch", *options, "-"]
    subprocess.run(run, input="\n".join(lines).encode(), stdout=subprocess.DEVNULL, cwd=ROOT, check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(what: str, households: int, seconds: float) -> None:
    speed = f"{households / seconds:>9.0f} households/s" if households else ""
    sys.stdout.write(f"{what:<28}{seconds:>7.2f} s{speed}\n")


def main(households: int) -> None:
    chance = random.Random(20261123)  # noqa: S311 -- invented families, not secrets
    lines = [json.dumps(family(chance), ensure_ascii=False) for _ in range(households)]
    part = lines[: households // 4]
    sys.stdout.write(f"{households} generated households, {sum(line.count('relation') for line in lines)} members\n")
    show("engine", households, best(lambda: engine(lines, with_findings=False)))
    show("engine with findings", len(part), best(lambda: engine(part, with_findings=True)))
    start = best(lambda: command([]))
    show("start of the command", 0, start)
    show("command --batch, a quarter", len(part), best(lambda: command(part)) - start)
    show("command --batch", households, best(lambda: command(lines)) - start)
    show("command --batch --findings", len(part), best(lambda: command(part, "--findings")) - start)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
