"""Families that came years ago and never again, and what the archive made of them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from households import services as households
from households.models import Household
from organizations.models import Staff
from supervision.services import archive
from tests.households.builders import data
from tests.support.crews import LINXI, VILLAGES, instant
from tests.support.factories import area

LONG_AGO = datetime(2021, 3, 8, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def silent_family(by: Staff, *, name: str = "胡德旺", township: str = LINXI) -> Household:
    """A family that was registered in 2021 and applied for nothing."""
    return households.register_household(
        area=area(VILLAGES[township]),
        head=data(name),
        facts={"address": "一组12号"},
        by=by,
        on=LONG_AGO.date(),
        at=LONG_AGO,
    )


def archived_family(by: Staff, *, on: date, name: str = "胡德旺") -> Household:
    """The same, archived on a day."""
    household = silent_family(by, name=name)
    archive([household.pk], by=by, on=on, at=instant(on))
    household.refresh_from_db()
    return household
