"""How long figures and lists of 临时救助 take over many aids: python bench/aid_figures.py [aids].

The aids of a test, paid in stages, in money and goods, are copied in a database made for it and dropped afterwards:
over the villages and 700 days, each of somebody else. Measured as a county officer asks for them: the figures of a year
and of a township, the list with its filters and totals, the payments behind a figure, and the overview of reserves
with 30 entries a month in each township. The measurements are in docs/measured.md.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.core.paginator import Paginator  # noqa: E402 -- only a set-up Django has models
from django.db import connection, transaction  # noqa: E402
from django.db.models import QuerySet  # noqa: E402

from organizations.models import Area, Staff  # noqa: E402
from organizations.models.areas import AreaLevel  # noqa: E402
from temporary_aid.models import AidStage, TemporaryAid  # noqa: E402
from temporary_aid.queries.figures import Period, aid_figures  # noqa: E402
from temporary_aid.queries.listing import AidFilter, list_aids, totals_of  # noqa: E402
from temporary_aid.queries.reserve_lists import ledger_sums, listed_entries, reserve_rows, totals  # noqa: E402
from temporary_aid.queries.stages import StageFilter, list_stages, paid_totals  # noqa: E402
from temporary_aid.services import reserve  # noqa: E402
from tests.support.aid import LINXI, SHANGHAI  # noqa: E402
from tests.support.crews import crew  # noqa: E402
from tests.support.measuring import Table, scratch_database  # noqa: E402
from tests.temporary_aid.reached import pay_everybody  # noqa: E402

AIDS = 100_000
TODAY, NOW = date(2026, 11, 20), datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)
YEAR, MONTH = Period(2026), date(2026, 9, 1)
_STEP = 1_000_000
_BACK = "interval '1 day' * (g.k %% 700)"
_MOMENTS = ("first_reported_at", "help_due_at", "proposed_at", "decided_at", "first_paid_at", "opened_at", "paid_at")
_AID = {
    "number": "'T' || a.id || '-' || g.k",
    "area_id": "(%(villages)s::bigint[])[1 + (a.id + g.k) %% cardinality(%(villages)s::bigint[])]",
    "recipient_id_index": "md5(a.id || '-' || g.k)",
    "household_id": "NULL",
    "applicant_id": "NULL",
    "follow_up_of_id": f"a.follow_up_of_id + g.k * {_STEP}",
}
_STAGE = {"aid_id": f"a.aid_id + g.k * {_STEP}"}
_ENTRIES = """
    INSERT INTO temporary_aid_reserveentry
           (fund_id, serial, kind, amount, balance_after, occurred_on, note, voucher, by_id, at)
    SELECT f.id, 1 + g.k, 'allocation', 100, 100 * (1 + g.k), '2024-12-31'::date + g.k, '拨入', '拨', %(by)s, now()
      FROM temporary_aid_reservefund f, generate_series(1, 680) g(k)
"""


def copied(model: type[Any], otherwise: Mapping[str, str], copies: int, villages: list[int]) -> None:
    """Rows of a table so many times more, with other keys and days."""
    table = model._meta.db_table
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
        told = {"id": f"a.id + g.k * {_STEP}"} | {name: f"a.{name} - {_BACK}" for name in _MOMENTS} | dict(otherwise)
        values = ", ".join(told.get(column, f'a."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        sources = f"{table} a, generate_series(1::bigint, %(copies)s) g(k)"
        statement = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {sources}"  # noqa: S608 -- names of our own
        cursor.execute(statement, {"copies": copies, "villages": villages})


def opened(people: Any) -> None:
    """A reserve in every township, with an entry a day since the beginning of 2025."""
    for area in Area.objects.filter(level=AreaLevel.TOWNSHIP):
        reserve.open_fund(area, opened_on=date(2025, 1, 1), by=people.visitor, at=NOW)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_ENTRIES, {"by": people.visitor.pk})


def first_page(rows: QuerySet[Any]) -> list[Any]:
    """Count and rows of a list's first page."""
    return list(Paginator(rows, 20).page(1).object_list)


def asked(staff: Staff) -> Mapping[str, Callable[[], object]]:
    """What is asked, by name."""

    def aids(**wanted: Any) -> QuerySet[TemporaryAid]:
        return list_aids(staff, AidFilter(**wanted), at=NOW)

    paid = StageFilter(show="paid", form="money", paid_year=2026)
    return {
        "figures of the year": lambda: aid_figures(staff, YEAR),
        "figures of a month": lambda: aid_figures(staff, Period(2026, 9)),
        "figures of a township and type": lambda: aid_figures(staff, YEAR, kind="urgent", township=LINXI),
        "aids, first page": lambda: first_page(aids()),
        "aids, totals": lambda: totals_of(aids()),
        "aids paid in a month, once a time": lambda: first_page(aids(paid_month=MONTH, once="times")),
        "aids of a township in a state": lambda: first_page(aids(township=LINXI, state="approved")),
        "aids late, first page": lambda: first_page(aids(clock="late", helped_year=2026)),
        "aids by a name": lambda: first_page(aids(text="许金宝")),
        "payments of the year, first page": lambda: first_page(list_stages(staff, paid)),
        "payments of the year, totals": lambda: paid_totals(staff, paid),
        "payments of a month, totals": lambda: paid_totals(staff, StageFilter(show="paid", paid_month=MONTH)),
        "reserve overview": lambda: totals(reserve_rows(staff, on=TODAY)),
        "entries of all reserves, totals": lambda: ledger_sums(listed_entries(staff, kind="advance")),
    }


def measure(aids: int) -> None:
    staff = pay_everybody()
    people = crew()
    opened(people)
    villages = list(Area.objects.filter(level=AreaLevel.VILLAGE).order_by("pk").values_list("pk", flat=True))
    copies = aids // TemporaryAid.objects.count()
    copied(TemporaryAid, _AID, copies, villages)
    copied(AidStage, _STAGE, copies, villages)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    there = TemporaryAid.objects.count()
    table = Table(f"figures and lists of {there} aids in {len(villages)} villages, {AidStage.objects.count()} stages")
    for what, act in asked(staff).items():
        act()
        table.row(what, Table.seconds(act), there)
    table.close()


if __name__ == "__main__":
    with scratch_database("temporary_aid"):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else AIDS)
