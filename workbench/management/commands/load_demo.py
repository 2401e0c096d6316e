from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone

from foundation.trail import RecordedCommand
from households.models import Household
from organizations.models import Area
from organizations.models.areas import AreaLevel
from organizations.queries import working_calendar
from workbench import demo_data
from workbench.demo_data.officers import Offices, are_open
from workbench.demo_data.registering import DemoFamily

REGISTERED_DAYS_AGO = 120
REGISTERED_DAYS_BEFORE = 30
"""Days from the registration of a family of long standing to its decision."""


class Command(RecordedCommand):
    help = "载入演示数据：虚构的账号、家庭和办件；已载入的不动。不在生产环境、也不在有真实家庭的数据库里运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="演示的“今天”，默认为今天")

    def handle(self, *, on: date | None = None, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("演示数据不能载入生产环境：它有虚构的家庭和公开的密码。")
        if are_open():
            self.stdout.write("演示数据已在，未改动。")
            return
        if Household.objects.exists():
            raise CommandError("这个数据库里已有家庭，不能再载入演示数据。请换一个空的数据库。")
        self.stdout.write("正在登记虚构家庭、办理办件，首次约需一分钟…")
        self.stdout.flush()
        self._load(on or timezone.localdate())

    @transaction.atomic
    def _load(self, on: date) -> None:
        offices = demo_data.open_offices(on=on)
        registered_on = on - timedelta(days=REGISTERED_DAYS_AGO)
        plans = demo_data.plan_families(villages(), on=on)
        year = registered_on.year
        families = list(demo_data.make_families(plans, offices, on=registered_on, year=year))
        standing = list(self._longstanding(offices, on=on))
        cases = demo_data.make_cases(families, offices, on=on, year=year, calendar=working_calendar())
        rolls = demo_data.make_payments(standing, offices, on=on)
        aids = demo_data.make_temporary_aid(standing, offices, on=on, others=families)
        count = len(families) + len(standing)
        self.stdout.write(
            f"已载入 {count} 个虚构家庭、{len(cases)} 件办件、{len(rolls)} 本发放册、{len(aids)} 件临时救助。"
        )

    @staticmethod
    def _longstanding(offices: Offices, *, on: date) -> Iterator[DemoFamily]:
        """Families of long standing, each registered before its award was decided."""
        for plan in demo_data.plan_longstanding(villages(), on=on):
            day = demo_data.decided_on(plan.village_code, on=on) - timedelta(days=REGISTERED_DAYS_BEFORE)
            yield from demo_data.make_families([plan], offices, on=day, year=day.year)

    @staticmethod
    def where_to_begin() -> list[str]:
        """What the demo says once it answers."""
        return demo_data.where_to_begin()


def villages() -> list[tuple[str, str, str]]:
    """Code, name and township of every village, in code order."""
    villages = Area.objects.filter(level=AreaLevel.VILLAGE).select_related("parent").order_by("code")
    return [(village.code, village.short_name, str(village.parent)) for village in villages]
