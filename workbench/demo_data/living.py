"""What happens to invented families after they were registered: 死亡, 婚出, 分户, 并户, through the services."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from households import services
from organizations.models import Staff
from workbench.demo_data.plans import LifeEvent
from workbench.demo_data.times import office_hour

if TYPE_CHECKING:
    from workbench.demo_data.registering import DemoFamily

AFTER_DAYS = 21
"""So long after the registration, and well before any case."""


def live(family: "DemoFamily", *, by: Staff, registered_on: date) -> None:
    """Let happen what the plan says, to its last member."""
    if family.plan.life is not None:
        _EVENTS[family.plan.life](family, by, registered_on + timedelta(days=AFTER_DAYS))


def _death(family: "DemoFamily", by: Staff, on: date) -> None:
    services.record_death(family.members[-1], died_on=on - timedelta(days=2), by=by, at=office_hour(on))


def _married_out(family: "DemoFamily", by: Staff, on: date) -> None:
    services.leave(family.members[-1], reason="married_out", by=by, on=on, at=office_hour(on))


def _split(family: "DemoFamily", by: Staff, on: date) -> None:
    services.split_household(
        family.household,
        leaving={family.members[-1].pk: "head"},
        area=family.household.area,
        address=f"{family.household.address}东侧新屋",
        by=by,
        on=on,
        at=office_hour(on),
    )


def _merge(family: "DemoFamily", by: Staff, on: date) -> None:
    """The last member was registered as a family of her own (see registering)."""
    alone = family.members[-1]
    services.merge_households(
        alone.household, into=family.household, relations={alone.pk: "parent"}, by=by, on=on, at=office_hour(on)
    )


_EVENTS: dict[LifeEvent, Callable[["DemoFamily", Staff, date], None]] = {
    LifeEvent.DEATH: _death,
    LifeEvent.MARRIED_OUT: _married_out,
    LifeEvent.SPLIT: _split,
    LifeEvent.MERGE: _merge,
}
