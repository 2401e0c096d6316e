"""Showing in full and exporting in full, sent many times at once: the hourly limit holds for all of them together."""

from typing import Any

import pytest
import time_machine

from households import services
from households.models import Household
from households.resources import HouseholdResource
from organizations.models import AccessRecord
from organizations.permissions import Role
from organizations.services import Reason, export_in_full
from tests.concurrency.together import refusals, together
from tests.households.builders import head, register
from tests.support.factories import AT, make_staff

pytestmark = pytest.mark.django_db(transaction=True)
REASON = Reason(purpose="联系群众", words="联系群众")
AT_ONCE = 6


def test_what_is_sent_at_once_does_not_pass_the_hourly_limits_together(settings: Any) -> None:
    settings.REVEALS_PER_HOUR = settings.FULL_EXPORTS_PER_HOUR = 1
    clerk, officer = make_staff(Role.TOWNSHIP_OFFICER, "341824101"), make_staff(Role.COUNTY_OFFICER, "341824")
    family = register(clerk)
    member = head(family)

    def reveal() -> str:
        number, subject = member.person.id_number, ("member", member.pk)
        return services.reveal(number, area=family.area, subject=subject, reason=REASON, by=clerk, at=AT)

    def export() -> bytes:
        resource, rows = HouseholdResource(in_full=True), Household.objects.order_by("pk")
        return export_in_full(resource, rows, words="家庭{}户", query="", reason=REASON, by=officer, at=AT)

    with time_machine.travel(AT, tick=False):
        for act, kind in ((reveal, "reveal"), (export, "full_export")):
            assert len(refusals(together(*[act] * AT_ONCE))) == AT_ONCE - 1
            assert AccessRecord.objects.filter(kind=kind).count() == 1
