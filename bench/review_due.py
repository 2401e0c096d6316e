"""How long a night's due dates of reviews take (复核期限): python bench/review_due.py [awards].

Families with an award of 低保, copied in a database made for it and dropped afterwards, over all townships, with the
days of their confirmation spread over ten months. Measured: the first night, which writes every due date with its plan;
the second, which finds nothing to write; one after a month of downtime; the count of what is foreseen late; and beside
the first the bare statement that inserts the same rows, with the same triggers, from a table that holds them already.
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.core.management import call_command  # noqa: E402 -- only a set-up Django has models
from django.db import connection, transaction  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from benefits.models import Award  # noqa: E402
from dynamic_review import services  # noqa: E402
from dynamic_review.queries.dues import foreseen_late  # noqa: E402
from foundation.template_database import use_template  # noqa: E402
from foundation.trail import acting  # noqa: E402
from organizations.models import Area  # noqa: E402
from organizations.permissions import Role  # noqa: E402
from organizations.queries import townships  # noqa: E402
from tests.dynamic_review.builders import awarded  # noqa: E402
from tests.support.factories import make_staff  # noqa: E402
from tests.support.stories import county_data, crew  # noqa: E402

AWARDS = 50_000
NIGHT, LATER = date(2026, 11, 23), date(2026, 12, 24)
_TABLES = {
    "households_household": "number || '-' || k",
    "households_person": "''",
    "benefits_award": "left(md5(number || '-' || k), 20)",
    "benefits_awardversion": "",
    "benefits_awardversionperson": "",
    "benefits_awardperson": "",
}
"""What is copied, in the order of the keys, with what makes a copy's number its own."""
_KEYS = {"id", "household_id", "person_id", "award_id", "version_id"}
_OWN = {"number", "id_number", "id_number_index", "id_tail_index"}
_ALL = "SET CONSTRAINTS ALL IMMEDIATE"


def tell(what: str, act: Callable[[], Any], rows: int) -> float:
    started = time.perf_counter()
    result = act()
    seconds = time.perf_counter() - started
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    count = result if isinstance(result, int) else len(result)
    sys.stdout.write(
        f"{what:<44}{count:>8} rows {seconds:>7.1f} s   {seconds / rows * 10_000:>6.2f} s a 10,000   {resident} MB\n"
    )
    sys.stdout.flush()
    return seconds


def multiply(copies: int) -> None:
    """Copy every family with its award so many times; the confirmation's day and category change with each."""
    with connection.cursor() as cursor, transaction.atomic():
        step = 10_000_000
        for table, own in _TABLES.items():
            columns = [row.name for row in connection.introspection.get_table_description(cursor, table)]
            values = [
                f"{name} + k * {step}" if name in _KEYS else own if name in _OWN else f'"{name}"' for name in columns
            ]
            names = ", ".join(f'"{name}"' for name in columns)
            source = f"{table}, generate_series(1::bigint, {copies}) k WHERE id < {step}"
            cursor.execute(_ALL)
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            if table == "households_person":
                cursor.execute("UPDATE households_person SET missing_id_reason = '', id_number = ''")
            cursor.execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM {source}")  # noqa: S608 -- names of our own
            if table == "benefits_awardversion":
                cursor.execute(
                    "UPDATE benefits_awardversion SET decided_on = DATE '2026-01-05' + (id / 10000000 % 300)::int"
                )
            cursor.execute(_ALL)
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


def bare() -> int:
    """The statement that inserts the same rows once more, from a table beside, and takes them back."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("CREATE TEMP TABLE kept AS TABLE dynamic_review_reviewdue")
        cursor.execute("ALTER TABLE dynamic_review_reviewdue DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM dynamic_review_reviewdue")
        cursor.execute("ALTER TABLE dynamic_review_reviewdue ENABLE TRIGGER USER")
        started = time.perf_counter()
        cursor.execute("INSERT INTO dynamic_review_reviewdue OVERRIDING SYSTEM VALUE SELECT * FROM kept")
        count = int(cursor.rowcount)
        bare.seconds = time.perf_counter() - started  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return count


def main(awards: int) -> None:
    setup_test_environment()
    use_template(name=f"jixi_bench_review_due_{os.getpid()}")
    connection.creation.create_test_db(verbosity=0)
    try:
        call_command("load_county", verbosity=0)
        with acting(actor="system:bench"):
            _measure(awards)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _measure(awards: int) -> None:
    county_data()
    places, people = list(townships()), crew()
    villages = Area.objects.filter(parent__in=places).order_by("parent_id", "code").distinct("parent_id")
    for number, village in enumerate(villages):
        officer = make_staff(Role.TOWNSHIP_OFFICER, village.code[:9], on=date(2026, 1, 1))
        township = replace(people, officer=officer)
        awarded(township, category="ABC"[number % 3], village=village.code, on=date(2026, 1, 5))
    multiply(max(awards // len(places) - 1, 1))
    total = Award.objects.count()
    first = tell("first night: every due date and its plan", lambda: services.plan_reviews(on=NIGHT), total)
    tell("the same rows by the bare statement", bare, total)
    ratio = first / bare.seconds  # type: ignore[attr-defined]
    sys.stdout.write(f"{'':<44}the statement alone {bare.seconds:.1f} s, the night {ratio:.1f} times it\n")  # type: ignore[attr-defined]
    tell("second night: nothing to write", lambda: services.plan_reviews(on=NIGHT), total)
    tell("after a month of downtime", lambda: services.plan_reviews(on=LATER), total)
    tell("foreseen late, as the board asks", lambda: foreseen_late(places, on=LATER), total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS)
