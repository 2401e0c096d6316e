"""How long an uplift (提标) and a draft (政策测算) take over many families: python bench/what_if.py [families].

Families of one and of three with an award of 低保 and an assessment behind it, and as many without an award, copied in
a database made for it and dropped afterwards. The draft is reckoned over a tenth of them first and then over all: rows
a second must not fall, the memory must not grow. Then the uplift is previewed and carried out over all of them; beside
that stands the bare statement that inserts the same assessments, versions, shares and results with the same triggers
from tables that hold them already. The measurements are in docs/measured.md.
"""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.db import connection, transaction  # noqa: E402 -- only a set-up Django has models

from benefits.models import Award  # noqa: E402
from dynamic_review import services  # noqa: E402
from dynamic_review.models import UpliftResult, WhatIf, WhatIfRun  # noqa: E402
from households.models import Household  # noqa: E402
from organizations.models import Job, Staff  # noqa: E402
from organizations.services import carry_out  # noqa: E402
from tests.dynamic_review.uplifting import (  # noqa: E402
    NOW,
    TODAY,
    alone,
    approved,
    entered,
    registered,
    three_people,
)
from tests.support.crews import county_data  # noqa: E402
from tests.support.measuring import Table, scratch_database  # noqa: E402
from tests.support.multiplied import advance_sequences, multiply  # noqa: E402
from tests.support.stories import crew  # noqa: E402

FAMILIES = 50_000
_ORIGINALS = 4
_WRITTEN = {
    "eligibility_assessment": "id > (SELECT max(assessment_id) FROM benefits_awardversion WHERE kind = 'grant')",
    "benefits_awardversion": "kind = 'uplift'",
    "benefits_awardversionperson": "version_id IN (SELECT id FROM benefits_awardversion WHERE kind = 'uplift')",
    "dynamic_review_upliftresult": "TRUE",
}
"""What carrying out writes, in the order of the keys."""


def done(job: Job) -> tuple[float, float]:
    """Seconds that a job takes by the clock, and of the processor without the database's own."""
    started, busy = time.perf_counter(), time.process_time()
    carry_out(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert job.state == "done", job.message  # noqa: S101
    return time.perf_counter() - started, time.process_time() - busy


def reckon(table: Table, draft: WhatIf, by: Staff, what: str) -> None:
    clock, own = done(services.start_run(draft, by=by, at=NOW))
    run = WhatIfRun.objects.latest("pk")
    table.row(what, clock, run.award_count + run.family_count, own=own)


def bare() -> float:
    """Seconds that inserting what was written takes once more, as one statement a table; then it stands there again."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL session_replication_role = replica")
        for name, which in _WRITTEN.items():
            cursor.execute(f"CREATE UNLOGGED TABLE kept_{name} AS SELECT * FROM {name} WHERE {which}")  # noqa: S608 -- names of our own
        for name in reversed(_WRITTEN):
            cursor.execute(f"DELETE FROM {name} WHERE id IN (SELECT id FROM kept_{name})")  # noqa: S608 -- as above
    with closing(connection.connection.cursor()) as cursor:  # not in a transaction, nor beside another statement
        for name in _WRITTEN:
            cursor.execute(f"VACUUM ANALYZE {name}")
    return Table.seconds(_insert)


def _insert() -> None:
    with connection.cursor() as cursor, transaction.atomic():
        for name in _WRITTEN:
            cursor.execute(f"INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{name}")  # noqa: S608 -- as above


def measure(families: int) -> None:
    county_data()
    people = crew()
    three_people(people)
    alone(people)
    for name in ("程临界", "程有余"):
        registered(people, name=name, yearly="9060.00" if name == "程临界" else "24000.00")
    by: Any = people.visitor
    changes: Mapping[str, Mapping[str, Any]] = {"rural": {"dibao_monthly_standard": "790.00"}}
    draft = services.save_draft(None, name="790元", note="", base_on=TODAY, changes=changes, by=by, on=TODAY)
    tenth = max(families // 10 // _ORIGINALS, 1)
    table = Table(f"a draft and an uplift over {10 * tenth * _ORIGINALS} families, half of them with an award")
    step = multiply(tenth - 1)
    reckon(table, draft, by, "draft, a tenth of the families")
    multiply(10 * tenth - 1, after=tenth - 1, step=step)
    advance_sequences()
    reckon(table, draft, by, f"draft, all {Household.objects.count()}")
    uplift, awards = entered(by), Award.objects.count()
    clock, own = done(services.start_preview(uplift, by=by, at=NOW))
    table.row("uplift, preview", clock, awards, own=own)
    uplift.refresh_from_db()
    approved(uplift)
    clock, own = done(services.start_applying(uplift, by=by, at=NOW))
    assert UpliftResult.objects.filter(is_done=True).count() == awards  # noqa: S101
    statement = bare()
    table.row("bare INSERT of what it writes", statement, awards)
    table.row("uplift, carried out", clock, awards, own=own, bare=statement)
    table.close()


if __name__ == "__main__":
    with scratch_database("what_if"):
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else FAMILIES)
