"""How fast a month's rolls are made: python bench/monthly_roll.py [AWARDS]; run from the checkout, with its database.

In a scratch database, migrated and thrown away afterwards, SQL makes awards of one person each in the villages of all
townships; then December's rolls of every township are made, as the job makes them, and again, and frozen; then
January's with a tenth of the awards raised since, so that back payment is looked for. Beside each stands the bare
statement that writes the same lines into the same tables from lines worked out before, with the same triggers and
indexes.

Goal: twice the bare statement; memory flat, however many awards there are.

Measured in November 2026 on two cores that a dozen other programs were using as well (load above 9), so that seconds
say little and the ratio is not settled; the goal was not met:

    50000 awards in 11 townships
    bare INSERT of December's lines      16.79 s      2978 awards/s
    December's rolls made                80.71 s       619 awards/s  4.81 x the bare statement
    and made again                       48.06 s      1040 awards/s
    and frozen                           11.09 s      4509 awards/s
    bare INSERT of January's lines       11.88 s      4210 awards/s
    January's, a tenth with back pay     52.85 s       946 awards/s  4.45 x the bare statement
    memory of this process 117 MB at most
"""

import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.core.management import call_command  # noqa: E402 -- after the settings
from django.db import connection, connections, transaction  # noqa: E402 -- after the settings

from benefits.models import MonthlyRoll  # noqa: E402 -- after the settings
from foundation.template_database import administration, template_database  # noqa: E402 -- after the settings
from foundation.trail import acting  # noqa: E402 -- after the settings
from organizations.models import Area, Staff  # noqa: E402 -- after the settings
from organizations.permissions import Role  # noqa: E402 -- after the settings
from tests.benefits.many import many_awards  # noqa: E402 -- after the settings
from tests.benefits.paying import Desk, desk  # noqa: E402 -- after the settings
from tests.support.factories import make_staff  # noqa: E402 -- after the settings

AWARDS = 50_000
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
SCRATCH = "jixi_bench_monthly_roll"

_COPY = "CREATE UNLOGGED TABLE bench_lines AS SELECT * FROM benefits_rollline WHERE month = %s"
_BARE = """
    INSERT INTO benefits_rollline (roll_id, month, award_id, version_id, household_id, area_id, bank_account_id,
           head_name, payee_name, person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount,
           amount, state, failure)
    SELECT roll_id, month, award_id, version_id, household_id, area_id, bank_account_id, head_name, payee_name,
           person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount, amount, state, failure
      FROM bench_lines WHERE roll_id = %s ORDER BY id
"""

_RAISE = """
    INSERT INTO benefits_awardversion (award_id, serial, from_month, monthly_amount, topup_monthly_amount, category,
           basis, care_monthly_amount, care_level, support_mode, person_count, kind, reason, source, decided_on,
           decided_by_id)
    SELECT award_id, 2, from_month, 555.00, 104.00, category, basis, 0, '', '', 1, 'raise', '复核调整', '',
           '2026-12-10', decided_by_id
      FROM benefits_awardversion WHERE award_id %% 10 = 0;
    INSERT INTO benefits_awardversionperson (version_id, person_id, base_monthly_amount, topup_monthly_amount,
           topup_class)
    SELECT v.id, p.person_id, 451.00, 104.00, 'B'
      FROM benefits_awardversion v
      JOIN benefits_awardversion f ON f.award_id = v.award_id AND f.serial = 1
      JOIN benefits_awardversionperson p ON p.version_id = f.id
     WHERE v.serial = 2;
    ANALYZE
"""


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def show(what: str, took: float, awards: int, *, bare: float = 0.0) -> None:
    ratio = f"{took / bare:>6.2f} x the bare statement" if bare else ""
    sys.stdout.write(f"{what:<34}{took:>8.2f} s{awards / took:>10.0f} awards/s{ratio}\n")
    sys.stdout.flush()


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def measure(awards: int) -> None:
    call_command("load_county", verbosity=0)
    money = desk()
    townships = list(Area.objects.filter(level="township"))
    leads = {town.pk: make_staff(Role.TOWNSHIP_APPROVER, town.code, on=date(2026, 1, 1)) for town in townships}
    villages = list(Area.objects.filter(level="village").values_list("pk", flat=True))
    terms = {"areas": villages, "by": money.approver.pk, "month": DECEMBER, "on": date(2026, 11, 2)}
    sys.stdout.write(f"{awards} awards in {len(townships)} townships\n")
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")  # without history and checks, which are not measured
        show("the awards themselves, by SQL", seconds(lambda: many_awards(awards, **terms)), awards)

    december = seconds(lambda: make(money, townships, DECEMBER))
    bare = bare_statement(DECEMBER)
    show("bare INSERT of December's lines", bare, awards)
    show("December's rolls made", december, awards, bare=bare)
    show("and made again", seconds(lambda: make(money, townships, DECEMBER)), awards)
    show("and frozen", seconds(lambda: freeze(money, leads, DECEMBER)), awards)
    run(_RAISE)
    january = seconds(lambda: make(money, townships, JANUARY))
    bare = bare_statement(JANUARY)
    show("bare INSERT of January's lines", bare, awards)
    show("January's, a tenth with back pay", january, awards, bare=bare)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"memory of this process {memory:.0f} MB at most\n")


def make(money: Desk, townships: list[Area], month: date) -> None:
    for town in townships:
        money.prepare(month, code=town.code)


def freeze(money: Desk, leads: dict[int, Staff], month: date) -> None:
    for roll in MonthlyRoll.objects.filter(month=month).select_related("area"):
        signing = Desk(**{**vars(money), "lead": leads[roll.area_id]})
        signing.freeze(roll)


def bare_statement(month: date) -> float:
    """The same lines taken out and written by one statement a roll, each in its transaction, and then left."""
    rolls = list(MonthlyRoll.objects.filter(month=month).values_list("pk", flat=True))
    run("DROP TABLE IF EXISTS bench_lines")
    run(_COPY, month)
    items = "FROM benefits_rollitem i USING benefits_rollline l WHERE l.id = i.line_id AND l.month = %s"
    run(f"DELETE {items}", month)
    run("DELETE FROM benefits_rollline WHERE month = %s", month)
    with closing(connection.connection.cursor()) as cursor:  # not in a transaction, nor beside another statement
        cursor.execute("VACUUM ANALYZE benefits_rollline")

    def write() -> None:
        for roll in rolls:
            with transaction.atomic():
                run(_BARE, roll)

    return seconds(write)


def main(awards: int) -> None:
    template = template_database()
    former = connections["default"]
    with administration() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{SCRATCH}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{SCRATCH}" TEMPLATE "{template}"')
    try:
        former.settings_dict["NAME"] = SCRATCH
        with closing(former), acting(actor="system:bench"):
            measure(awards)
    finally:
        with administration() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{SCRATCH}" WITH (FORCE)')


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS)
