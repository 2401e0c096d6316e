"""Temporary aid of the demo: through the services, every state that a clerk should see."""

from datetime import date, timedelta

import pytest

from foundation.trail import acting
from temporary_aid.models import AidPaper, HardshipReport, PettyAdvance, Replenishment, ReserveFund, TemporaryAid
from temporary_aid.rules.states import AidState
from tests.support.crews import county_data
from workbench import demo_data
from workbench.demo_data.aid_plans import CHANGAN, NEEDS, SHANGZHUANG, sufferers
from workbench.demo_data.aiding import TOLD
from workbench.management.commands.load_demo import villages

ON = date(2026, 11, 23)


def test_the_same_people_suffer_every_time_and_every_need_has_a_story() -> None:
    assert list(sufferers(on=ON)) == list(sufferers(on=ON))
    assert {need.key for need in NEEDS} == set(TOLD)
    numbers = [who.id_number for _, who in sufferers(on=ON) if who.id_number]
    assert len(numbers) == len(set(numbers)) == len(NEEDS) - 1
    assert all(number.startswith("341899") for number in numbers)


@pytest.mark.django_db
def test_every_state_that_a_clerk_should_see_is_there(county: None) -> None:
    county_data()
    with acting(actor="system:test"):
        offices = demo_data.open_offices(on=ON)
        plans = [plan for plan in demo_data.plan_longstanding(villages(), on=ON) if plan.village_code[:9] == CHANGAN]
        families = list(demo_data.make_families(plans[:2], offices, on=ON - timedelta(days=120), year=ON.year))
        alone = [next(plan for plan in demo_data.plan_families(villages(), on=ON) if plan.village_code[:9] == CHANGAN)]
        others = list(demo_data.make_families(alone, offices, on=ON - timedelta(days=120), year=ON.year))
        demo_data.make_temporary_aid(families, offices, on=ON, others=others)
    states = set(TemporaryAid.objects.values_list("state", flat=True))
    assert states >= {
        AidState.ADVANCE_ASKED,
        AidState.ADVANCED,
        AidState.SUPPLEMENTED,
        AidState.IN_CASE,
        AidState.PROPOSED,
        AidState.APPROVED,
        AidState.REFUSED,
        AidState.RECOUPING,
        AidState.CLOSED,
    }
    spent = TemporaryAid.objects.get(kind="expenditure", state=AidState.APPROVED)
    assert spent.case is not None
    assert (spent.stages.get().state, spent.case.state) == ("paid", "approved")
    turned = TemporaryAid.objects.get(end_judgement="converted")
    assert turned.converted_case is not None
    assert (turned.household, turned.converted_case.scheme) == (others[0].household, "dibao")
    waiting = PettyAdvance.objects.filter(aid__state=AidState.ADVANCED)
    assert waiting.filter(supplement_due_on__lt=ON).count() == 1
    assert waiting.filter(supplement_due_on__gt=ON).count() == 2
    late = HardshipReport.objects.filter(state="open", reported_at__date__lt=ON - timedelta(days=1))
    assert (late.count(), HardshipReport.objects.filter(state="open").count()) == (1, 2)
    assert TemporaryAid.objects.filter(collective_decision__isnull=False, decided_level="county").count() == 1
    assert Replenishment.objects.get(state="asked").fund.area.code == SHANGZHUANG
    months = ReserveFund.objects.get(area__code=CHANGAN).reconciliations
    assert [sheet.month for sheet in months.order_by("month")] == [date(2026, 8, 1), date(2026, 9, 1)]
    assert all(sheet.signed_on for sheet in months.all())
    kinds = set(AidPaper.objects.values_list("document__kind", flat=True))
    assert len(kinds) == 6
