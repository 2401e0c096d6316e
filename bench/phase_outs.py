"""How long the night's work on phase-outs takes (渐退): python bench/phase_outs.py [awards].

Every tenth award of a database made for it, dropped afterwards, is in a phase-out whose last month was the one before:
more than a county has in years. Measured: the night that ends them all, beside the bare statements that write the same
ends and states with the same triggers; the look for papers that are due; and some of the papers, which the night issues
one by one, each in a transaction of its own. The measurements are in docs/measured.md.
"""

import os
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")
_PAPERS = tempfile.TemporaryDirectory()
os.environ["JIXI_PRIVATE_ROOT"] = _PAPERS.name  # not among the papers of this checkout

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.db import connection, transaction  # noqa: E402 -- only a set-up Django has models

from benefits.queries import papers_due  # noqa: E402
from benefits.services import finish_phase_outs  # noqa: E402
from dynamic_review.services.phase_outs import issue_paper  # noqa: E402
from organizations.models import Area  # noqa: E402
from tests.benefits.many import many_awards  # noqa: E402
from tests.benefits.paying import desk  # noqa: E402
from tests.support.measuring import Table, scratch_database  # noqa: E402

AWARDS = 50_000
PAPERS = 20
FIRST, LAST, NIGHT = date(2026, 9, 1), date(2026, 11, 1), date(2026, 12, 1)
_PHASED_OUT = """
    SET LOCAL session_replication_role = replica;
    UPDATE benefits_award SET state = 'phase_out', ends_month = %(last)s WHERE id %% 10 = 0;
    INSERT INTO benefits_phaseout (first_month, last_month, months, suggestion, reason, source, decided_on,
           revoke_reason, award_id, decided_by_id)
    SELECT %(first)s, %(last)s, 3, '', '收入增加', '', '2026-08-20', '', id, %(by)s
      FROM benefits_award WHERE state = 'phase_out'
"""
_TAKEN_BACK = """
    SET LOCAL session_replication_role = replica;
    CREATE UNLOGGED TABLE bench_ends AS TABLE benefits_awardend;
    DELETE FROM benefits_awardend;
    UPDATE benefits_award SET state = 'phase_out' WHERE state = 'stopped'
"""
_BARE = """
    INSERT INTO benefits_awardend (last_month, reason, decided_on, award_id, decided_by_id, source)
    SELECT last_month, reason, decided_on, award_id, decided_by_id, source FROM bench_ends;
    UPDATE benefits_award a SET state = 'stopped' FROM bench_ends e WHERE e.award_id = a.id
"""


def run(statement: str, **values: Any) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(statement, values)


def measure(awards: int) -> None:
    money = desk()
    villages = list(Area.objects.filter(level="village").values_list("pk", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        many_awards(awards, areas=villages, by=money.approver.pk, month=date(2026, 1, 1), on=date(2025, 12, 2))
    run(_PHASED_OUT, first=FIRST, last=LAST, by=money.approver.pk)
    run("ANALYZE")
    table = Table(f"phase-outs that end among {awards} awards")
    ended: list[int] = []
    night = Table.seconds(lambda: ended.append(finish_phase_outs(on=NIGHT)))
    run(_TAKEN_BACK)
    with closing(connection.connection.cursor()) as cursor:  # not in a transaction, nor beside another statement
        cursor.execute("VACUUM ANALYZE benefits_award, benefits_awardend")
    bare = Table.seconds(lambda: run(_BARE))
    table.row("bare INSERT and UPDATE", bare, ended[0])
    table.row("phase-outs ended", night, ended[0], bare=bare)
    table.row("another night: none to end", Table.seconds(lambda: finish_phase_outs(on=NIGHT)), ended[0])
    due: list[tuple[int, str]] = []
    table.row("papers that are due", Table.seconds(lambda: due.extend(papers_due(on=NIGHT))), ended[0])
    few = due[:PAPERS]
    issued = Table.seconds(lambda: [issue_paper(key, occasion=occasion, on=NIGHT) for key, occasion in few])
    table.row("papers issued, one by one", issued, len(few))
    table.close()


if __name__ == "__main__":
    with scratch_database("phase_outs"):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else AWARDS)
