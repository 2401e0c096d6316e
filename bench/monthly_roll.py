"""How fast a month's rolls are made: python bench/monthly_roll.py [AWARDS]; run from the checkout, with its database.

In a scratch database, migrated and thrown away afterwards, SQL makes awards of one person each in the villages of all
townships; then December's rolls of every township are made, as the job makes them, and again, and frozen; then
January's with a tenth of the awards raised since, so that back payment is looked for. Beside each stands the bare
statement that writes the same lines into the same tables from lines worked out before, with the same triggers and
indexes. The measurements are in docs/measured.md.

Goal: twice the bare statement; memory flat, however many awards there are.
"""

import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.db import connection, transaction  # noqa: E402 -- after the settings

from benefits.models import MonthlyRoll  # noqa: E402 -- after the settings
from organizations.models import Area, Staff  # noqa: E402 -- after the settings
from organizations.permissions import Role  # noqa: E402 -- after the settings
from tests.benefits.many import many_awards  # noqa: E402 -- after the settings
from tests.benefits.paying import Desk, desk  # noqa: E402 -- after the settings
from tests.support.factories import make_staff  # noqa: E402 -- after the settings
from tests.support.measuring import Table, scratch_database  # noqa: E402 -- after the settings

AWARDS = 50_000
DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)

_COPY = """
    CREATE UNLOGGED TABLE bench_lines AS SELECT * FROM benefits_rollline WHERE month = %s;
    CREATE UNLOGGED TABLE bench_items AS
    SELECT i.*, l.roll_id FROM benefits_rollitem i JOIN bench_lines l ON l.id = i.line_id
"""
_BARE = """
    INSERT INTO benefits_rollline (id, roll_id, month, award_id, version_id, household_id, area_id, bank_account_id,
           head_name, payee_name, person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount,
           amount, state, failure)
    OVERRIDING SYSTEM VALUE
    SELECT id, roll_id, month, award_id, version_id, household_id, area_id, bank_account_id, head_name, payee_name,
           person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount, amount, state, failure
      FROM bench_lines WHERE roll_id = %s ORDER BY id;
    INSERT INTO benefits_rollitem (line_id, award_id, kind, for_month, amount, reason, recoupment_id)
    SELECT line_id, award_id, kind, for_month, amount, reason, recoupment_id
      FROM bench_items WHERE roll_id = %s ORDER BY id
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


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(values))


def measure(awards: int) -> None:
    money = desk()
    townships = list(Area.objects.filter(level="township"))
    leads = {town.pk: make_staff(Role.TOWNSHIP_APPROVER, town.code, on=date(2026, 1, 1)) for town in townships}
    villages = list(Area.objects.filter(level="village").values_list("pk", flat=True))
    terms = {"areas": villages, "by": money.approver.pk, "month": DECEMBER, "on": date(2026, 11, 2)}
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")  # without history and checks, which are not measured
        many_awards(awards, **terms)
    table = Table(f"monthly rolls of {awards} awards in {len(townships)} townships")
    december = Table.seconds(lambda: make(money, townships, DECEMBER))
    bare = bare_statement(DECEMBER)
    table.row("bare INSERT of December's lines", bare, awards)
    table.row("December's rolls made", december, awards, bare=bare)
    table.row("and made again", Table.seconds(lambda: make(money, townships, DECEMBER)), awards)
    table.row("and frozen", Table.seconds(lambda: freeze(money, leads, DECEMBER)), awards)
    run(_RAISE)
    january = Table.seconds(lambda: make(money, townships, JANUARY))
    bare = bare_statement(JANUARY)
    table.row("bare INSERT of January's", bare, awards)
    table.row("January's, a tenth with back pay", january, awards, bare=bare)
    table.close()


def make(money: Desk, townships: list[Area], month: date) -> None:
    for town in townships:
        money.prepare(month, code=town.code)


def freeze(money: Desk, leads: dict[int, Staff], month: date) -> None:
    for roll in MonthlyRoll.objects.filter(month=month).select_related("area"):
        signing = Desk(**{**vars(money), "lead": leads[roll.area_id]})
        signing.freeze(roll)


def bare_statement(month: date) -> float:
    """The same lines and items taken out, and written by two statements a roll, each roll in its transaction."""
    rolls = list(MonthlyRoll.objects.filter(month=month).values_list("pk", flat=True))
    run("DROP TABLE IF EXISTS bench_lines, bench_items")
    run(_COPY, month)
    items = "FROM benefits_rollitem i USING benefits_rollline l WHERE l.id = i.line_id AND l.month = %s"
    run(f"DELETE {items}", month)
    run("DELETE FROM benefits_rollline WHERE month = %s", month)
    with closing(connection.connection.cursor()) as cursor:  # not in a transaction, nor beside another statement
        cursor.execute("VACUUM ANALYZE benefits_rollline")

    def write() -> None:
        for roll in rolls:
            with transaction.atomic():
                run(_BARE, roll, roll)

    return Table.seconds(write)


if __name__ == "__main__":
    with scratch_database("monthly_roll"):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS)
