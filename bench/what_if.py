"""How long an uplift (提标) and a draft (政策测算) take over many families: python bench/what_if.py [families].

Families of one and of three with an award of 低保 and an assessment behind it, and as many without an award, copied in
a database made for it and dropped afterwards. The draft is reckoned over a tenth of them first and then over all: the
time for 10,000 must not grow, the memory must not either. Then the uplift is previewed and carried out over all of
them. Nothing but the jobs' own rows and, at the end, the uplift's versions is written.

Measured in November 2026 on two cores shared with many other programs (load 8), Python 3.11.7, 10,000 families; the
processor's time tells more than the clock there.

    draft, a tenth             1,000 rows   processor  1.8 s, 18.5 s for 10,000   memory 221 MB
    draft, all                10,000 rows   processor 12.8 s, 12.8 s for 10,000   memory 240 MB
    uplift, preview            5,000 rows   processor  7.0 s, 14.0 s for 10,000   memory 240 MB
    uplift, carried out        5,000 rows   processor 14.7 s, 29.4 s for 10,000   memory 249 MB
"""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.core.management import call_command  # noqa: E402 -- only a set-up Django has models
from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from benefits.models import Award  # noqa: E402
from dynamic_review import services  # noqa: E402
from dynamic_review.models import WhatIf, WhatIfRun  # noqa: E402
from foundation.template_database import use_template  # noqa: E402
from foundation.trail import acting  # noqa: E402
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
from tests.support.multiplied import advance_sequences, multiply  # noqa: E402
from tests.support.stories import county_data, crew  # noqa: E402

FAMILIES = 50_000
_ORIGINALS = 4


def done(job: Job) -> tuple[float, float]:
    """Seconds that a job takes by the clock, and of the processor without the database's own."""
    started, busy = time.perf_counter(), time.process_time()
    carry_out(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert job.state == "done", job.message  # noqa: S101
    return time.perf_counter() - started, time.process_time() - busy


def tell(what: str, seconds: tuple[float, float], rows: int) -> None:
    clock, busy = seconds
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    a_10_000 = busy / rows * 10_000
    sys.stdout.write(
        f"{what:<36}{rows:>8} rows   clock {clock:>7.1f} s   processor {busy:>7.1f} s, {a_10_000:>6.1f} s for 10,000"
        f"   memory {resident} MB\n"
    )
    sys.stdout.flush()


def reckon(draft: WhatIf, by: Staff, what: str) -> None:
    seconds = done(services.start_run(draft, by=by, at=NOW))
    run = WhatIfRun.objects.latest("pk")
    tell(what, seconds, run.award_count + run.family_count)


def main(families: int) -> None:
    setup_test_environment()
    use_template(name=f"jixi_bench_what_if_{os.getpid()}")
    connection.creation.create_test_db(verbosity=0)
    try:
        call_command("load_county", verbosity=0)
        with acting(actor="system:bench"):
            _measure(families)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _measure(families: int) -> None:
    county_data()
    people = crew()
    three_people(people)
    alone(people)
    for name in ("程临界", "程有余"):
        registered(people, name=name, yearly="9060.00" if name == "程临界" else "24000.00")
    by: Any = people.visitor
    changes = {"rural": {"dibao_monthly_standard": "790.00"}}
    draft = services.save_draft(None, name="790元", note="", base_on=TODAY, changes=changes, by=by, on=TODAY)
    tenth = max(families // 10 // _ORIGINALS, 1)
    step = multiply(tenth - 1)
    reckon(draft, by, "draft, a tenth")
    multiply(10 * tenth - 1, after=tenth - 1, step=step)
    advance_sequences()
    reckon(draft, by, f"draft, all ({Household.objects.count()} families)")
    uplift, awards = entered(by), Award.objects.count()
    tell("uplift, preview", done(services.start_preview(uplift, by=by, at=NOW)), awards)
    uplift.refresh_from_db()
    approved(uplift)
    tell("uplift, carried out", done(services.start_applying(uplift, by=by, at=NOW)), awards)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else FAMILIES)
