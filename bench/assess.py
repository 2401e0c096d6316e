"""How fast families are assessed: python bench/assess.py [HOUSEHOLDS]; run from the checkout, no database needed.

Generated families (seed fixed) are read, assessed and written as `manage.py assess --batch` does it, without and
with findings, then by the command itself, its start included.
"""

import json
import random
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
HOUSEHOLDS = 2000
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


def measured(what: str, households: int, act: Callable[[], Any]) -> None:
    started = time.perf_counter()
    act()
    seconds = time.perf_counter() - started
    sys.stdout.write(f"{what:<28}{seconds:>7.2f} s{households / seconds:>9.0f} households/s\n")


def main(households: int) -> None:
    chance = random.Random(20261123)  # noqa: S311 -- invented families, not secrets
    lines = [json.dumps(family(chance), ensure_ascii=False) for _ in range(households)]

    def batch(*, with_findings: bool) -> None:
        for line in lines:
            reading = read_household(json.loads(line))
            result = assess(reading.facts, reading.parameters.whole).as_dict(with_findings=with_findings)
            json.dumps(result, ensure_ascii=False)

    def command(*options: str) -> None:
        content = "\n".join(lines).encode()
        run = [sys.executable, "manage.py", "assess", "--batch", *options, "-"]
        subprocess.run(run, input=content, stdout=subprocess.DEVNULL, cwd=ROOT, check=True)  # noqa: S603

    sys.stdout.write(f"{households} generated households, {sum(line.count('relation') for line in lines)} members\n")
    measured("engine", households, lambda: batch(with_findings=False))
    measured("engine with findings", households, lambda: batch(with_findings=True))
    measured("command --batch", households, command)
    measured("command --batch --findings", households, lambda: command("--findings"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOUSEHOLDS)
