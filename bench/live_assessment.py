"""How long the live assessment of the intake page takes (试算): python bench/live_assessment.py; run from the checkout.

Families of three and of eight, with incomes, disabilities and supporters, in a database made for it and dropped
afterwards. The page's own form is sent to the trial's address as a browser sends it, an income typed anew each time:
session, permissions, every form and the aside are in it, the network is not. Milliseconds of the clock (the middle,
and the slowest of twenty) and of the processor, without the database's own.

Goal: under 200 ms on the server for a family of eight.

Measured in November 2026 on two cores of a virtual Intel Xeon, shared with many other programs, Python 3.11.7. The
processor's time tells more than the clock there: at a load of ten the clock shows 300 to 650 ms, nearly all waiting.

    load 3.5   family of 3   109 ms, slowest 133 ms   processor 55 ms
               family of 8   171 ms, slowest 516 ms   processor 78 ms
    load 8     family of 8   273 ms, slowest 344 ms   processor 87 ms
"""

import os
import statistics
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")

import django  # noqa: E402 -- the checkout is on the path only from here on

django.setup()

from django.core.management import call_command  # noqa: E402 -- only a set-up Django has models
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.http import urlencode  # noqa: E402

from foundation.template_database import use_template  # noqa: E402
from foundation.trail import acting  # noqa: E402
from households import services as households  # noqa: E402
from households.models import Household  # noqa: E402
from tests.one_window.filling import fields_of  # noqa: E402
from tests.support.crews import (  # noqa: E402
    Crew,
    county_data,
    crew,
    family,
)
from tests.support.factories import make_id_number  # noqa: E402

RUNS = 20
SIZES = (3, 8)


def family_of(size: int, people: Crew, *, on: date, at: Any) -> Household:
    """The parents and a child, then more children and two grandparents; everybody earns and is owed support."""
    household = family(people, on=on)
    for place in range(size - 3):
        is_old = place < 2
        born = date(1941 + place, 2, 3) if is_old else date(2004 + place, 6, 1)
        data = households.MemberData(
            name=f"胡小{'甲乙丙丁戊己庚'[place]}",
            relation="parent" if is_old else "child",
            sex="male",
            birth_date=born,
            id_number=make_id_number(birth_date=born),
            disability={"kind": "physical", "level": 3},
        )
        households.add_member(household, data=data, by=people.officer, on=on, at=at)
    members = list(household.members.filter(left_on=None))
    rows = [
        households.IncomeData(member=member, kind=kind, yearly_amount=Decimal("1200.00"))
        for member in members
        for kind in ("wage", "old_age_allowance")
    ]
    households.save_incomes(household, year=on.year, rows=rows, by=people.officer, at=at)
    brother = households.SupporterData(name="胡外", relation="兄", birth_date=date(1965, 1, 1), facts={})
    for member in members:
        households.save_supporters(member, rows=[brother], known_all=True, by=people.officer, on=on)
    return Household.objects.get(pk=household.pk)


def send(browser: Client, url: str, fields: dict[str, Any]) -> Any:
    """As htmx sends a form without files."""
    return browser.post(url, urlencode(fields, doseq=True), content_type="application/x-www-form-urlencoded")


def measure(browser: Client, household: Household) -> None:
    url = reverse("one_window:trial", args=[household.pk])
    fields = fields_of(browser.get(reverse("one_window:intake", args=[household.pk])))
    with CaptureQueriesContext(connection) as queries:
        send(browser, url, fields)
        count = len(queries)
    clock, processor = [], []
    for run in range(RUNS):
        typed = fields | {"incomes-0-yearly_amount": str(1000 + run)}
        started, busy = time.perf_counter(), time.process_time()
        answer = send(browser, url, typed)
        clock.append(1000 * (time.perf_counter() - started))
        processor.append(1000 * (time.process_time() - busy))
        assert answer.status_code == 200 and "已按当前填写试算" in answer.content.decode()  # noqa: S101
    people = household.members.filter(left_on=None).count()
    sys.stdout.write(
        f"family of {people}   {statistics.median(clock):>6.0f} ms, slowest {max(clock):.0f} ms"
        f"   processor {statistics.median(processor):.0f} ms   {count} queries\n"
    )


def main() -> None:
    setup_test_environment()
    use_template(name=f"jixi_bench_live_{os.getpid()}")
    connection.creation.create_test_db(verbosity=0)
    try:
        call_command("load_county", verbosity=0)
        browser = Client()
        with acting(actor="system:bench"):
            county_data()
            people, at, on = crew(), timezone.now(), timezone.localdate()
            browser.force_login(people.officer, backend="django.contrib.auth.backends.ModelBackend")
            families = [family_of(size, people, on=on, at=at) for size in SIZES]
        for household in families:
            measure(browser, household)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


if __name__ == "__main__":
    main()
