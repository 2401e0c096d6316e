"""How long a night's due dates of reviews take (复核期限): python bench/review_due.py [awards].

Families with an award of 低保, copied in a database made for it and dropped afterwards, over all villages of all
townships, with the days of their confirmation spread over ten months. Measured: the first night, which writes every due
date with its plan; the second, which finds nothing to write; one after a month of downtime; the count of what is
foreseen late; and beside the first the bare statement that inserts the same rows, with the same triggers, from a table
that holds them already. The measurements are in docs/measured.md.
"""

import os
import sys
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.db import connection, transaction  # noqa: E402 -- only a set-up Django has models

from benefits.models import Award  # noqa: E402
from dynamic_review import services  # noqa: E402
from dynamic_review.models import ReviewDue, ReviewTrigger  # noqa: E402
from dynamic_review.queries.dues import foreseen_late  # noqa: E402
from organizations.models import Area  # noqa: E402
from organizations.permissions import Role  # noqa: E402
from organizations.queries import townships  # noqa: E402
from tests.dynamic_review.builders import awarded  # noqa: E402
from tests.support.crews import county_data  # noqa: E402
from tests.support.factories import make_staff  # noqa: E402
from tests.support.measuring import Table, scratch_database  # noqa: E402
from tests.support.multiplied import multiply  # noqa: E402
from tests.support.stories import crew  # noqa: E402

AWARDS = 50_000
FIRST_DAY = date(2026, 1, 5)
NIGHT, SECOND, LATER = date(2026, 11, 23), date(2026, 11, 23), date(2026, 12, 24)
_SPREAD = """
    UPDATE benefits_awardversion SET decided_on = %(first)s + (id %% 300)::int;
    UPDATE benefits_award award SET area_id = place.villages[1 + award.id %% cardinality(place.villages)]
      FROM organizations_area here
      JOIN (SELECT parent_id, array_agg(id ORDER BY code) AS villages FROM organizations_area GROUP BY parent_id) place
        ON place.parent_id = here.parent_id
     WHERE here.id = award.area_id;
    UPDATE households_household family SET area_id = award.area_id
      FROM benefits_award award WHERE award.household_id = family.id
"""
"""Days and villages, so that the plan has something to level and visits to group."""
_ROWS = {"dynamic_review_reviewdue": ReviewDue, "dynamic_review_reviewtrigger": ReviewTrigger}


def bare() -> float:
    """Seconds that inserting the same rows takes once more, from tables beside; they are taken back."""
    written = 0.0
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in reversed(_ROWS):
            cursor.execute(f"CREATE UNLOGGED TABLE kept_{table} AS TABLE {table}")
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- a name of our own
    with closing(connection.connection.cursor()) as cursor:  # not in a transaction, nor beside another statement
        for table in _ROWS:
            cursor.execute(f"VACUUM ANALYZE {table}")
    for table in _ROWS:
        written += Table.seconds(partial(_insert, table))
    return written


def _insert(table: str) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}")  # noqa: S608 -- as above


def measure(awards: int) -> None:
    county_data()
    places, people = list(townships()), crew()
    villages = Area.objects.filter(parent__in=places).order_by("parent_id", "code").distinct("parent_id")
    for number, village in enumerate(villages):
        officer = make_staff(Role.TOWNSHIP_OFFICER, village.code[:9], on=date(2026, 1, 1))
        awarded(replace(people, officer=officer), category="ABC"[number % 3], village=village.code, on=FIRST_DAY)
    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute("SET LOCAL session_replication_role = replica")  # copies need no checks
            multiply(max(awards // len(villages) - 1, 1))
            cursor.execute(_SPREAD, {"first": FIRST_DAY})
        cursor.execute("ANALYZE")
    table = Table(f"nightly due dates of {Award.objects.count()} awards in {len(places)} townships")
    first = Table.seconds(lambda: services.plan_reviews(on=NIGHT))
    rows = sum(model._default_manager.count() for model in _ROWS.values())
    statement = bare()
    table.row("bare INSERT of the rows", statement, rows)
    table.row("first night: every date and its plan", first, rows, bare=statement)
    table.row("second night: nothing to write", Table.seconds(lambda: services.plan_reviews(on=SECOND)), rows)
    table.row("after a month of downtime", Table.seconds(lambda: services.plan_reviews(on=LATER)), rows)
    table.row("foreseen late, as the board asks", Table.seconds(lambda: foreseen_late(places, on=LATER)), rows)
    table.close()


if __name__ == "__main__":
    with scratch_database("review_due"):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS)
