"""Known money errors of a real township's tool around phase-out and changes of awards, each a test of its own."""

from datetime import date
from decimal import Decimal

import pytest

from benefits import services
from benefits.models import Award, AwardState, AwardVersion, CheckCause, PaperOccasion, VersionKind
from benefits.queries import owed_of
from benefits.services import Care, CoveredPerson
from households import services as households
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import CARE, grant
from tests.households.builders import data, head, join, register
from tests.support.factories import AT, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
GRANTED = date(2026, 1, 10)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=GRANTED)


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=GRANTED)


def phase_out(award: Award, by: Staff, *, on: date, months: int = 3) -> None:
    services.start_phase_out(
        award, months=months, suggested_months=None, suggestion="", reason="就业", source="2026-000009", by=by, on=on
    )


def test_the_head_dies_during_phase_out_and_the_top_up_goes_with_the_head(clerk: Staff, approver: Staff) -> None:
    """521 paid, 417 right: the dead head's top-up of 104 was put on the one who lives.

    By hand: 938 a month = a difference of 834, 417 each, and the head's top-up of 104. The head dies on 20 October;
    from November the head's 417 and the head's 104 are no longer owed: 938 − 521 = 417.
    """
    family = register(clerk)
    wife = join(family, clerk)
    old = head(family)
    persons = [CoveredPerson(old.person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    award = grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("938.00"), persons=persons)
    phase_out(award, approver, on=date(2026, 9, 15))  # October, November, December
    households.change_head(family, member=wife, relations={old.pk: "spouse"}, by=clerk, on=date(2026, 10, 22), at=AT)
    households.record_death(old, died_on=date(2026, 10, 20), by=clerk, at=AT)
    months = [date(2026, number, 1) for number in (9, 10, 11, 12)] + [date(2027, 1, 1)]
    found = owed_of(Award.objects.get(pk=award.pk), months)
    assert [found[month].amount for month in months] == [938, 938, 417, 417, 0]
    assert [found[month].topup for month in months] == [104, 104, 0, 0, 0]
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("phase_out", date(2026, 12, 1))


def test_a_restored_phase_out_does_not_bring_the_dead_head_s_top_up_back(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    wife = join(family, clerk)
    old = head(family)
    persons = [CoveredPerson(old.person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    award = grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("938.00"), persons=persons)
    phase_out(award, approver, on=date(2026, 9, 15))
    households.change_head(family, member=wife, relations={old.pk: "spouse"}, by=clerk, on=date(2026, 10, 22), at=AT)
    households.record_death(old, died_on=date(2026, 10, 20), by=clerk, at=AT)
    services.revoke_phase_out(award.phase_outs.get(), reason="又失业", by=approver, on=date(2026, 11, 10))
    found = owed_of(Award.objects.get(pk=award.pk), [date(2026, 12, 1), date(2027, 1, 1)])
    assert [owed.amount for owed in found.values()] == [417, 417]


def test_every_change_that_pages_can_read_is_written_by_some_act(clerk: Staff, approver: Staff) -> None:
    """A change type that pages can read but nothing ever writes: one act is done for each kind, state and cause."""
    family = register(clerk)
    wife, son = join(family, clerk), join(family, clerk, "胡小雨", "child")
    award = grant(family, approver, decided_on=GRANTED)
    everyone = [CoveredPerson(member.person) for member in family.members.all()]
    decided = (  # what reviews and uplifts decide
        (VersionKind.RAISE, "600.00"),
        (VersionKind.CUT, "500.00"),
        (VersionKind.ADJUST, "500.00"),
        (VersionKind.UPLIFT, "530.00"),
    )
    for number, (kind, amount) in enumerate(decided, start=3):
        change = services.AwardChange(kind.value, Decimal(amount), everyone, "B", "household")
        day = date(2026, number, 5)
        month = services.first_month(day)
        services.change_award(award, change=change, from_month=month, reason=kind.label, by=approver, on=day)
    states = {Award.objects.get(pk=award.pk).state}
    phase_out(award, approver, on=date(2026, 8, 3), months=6)
    states.add(Award.objects.get(pk=award.pk).state)
    services.report_less_income(award, happened_on=date(2026, 9, 1), by=clerk, on=date(2026, 9, 2))
    services.revoke_phase_out(award.phase_outs.get(), reason="又失业", by=approver, on=date(2026, 9, 3))
    services.suspend_award(award, from_month=date(2026, 11, 1), reason="联系不上", by=approver, on=date(2026, 10, 9))
    states.add(Award.objects.get(pk=award.pk).state)
    services.end_award(
        award, last_month=date(2026, 11, 1), reason="查无下落", decided_by=approver, decided_on=date(2026, 11, 9)
    )
    states.add(Award.objects.get(pk=award.pk).state)
    alone = register(clerk, head=data("胡老太"))
    support = grant(alone, approver, decided_on=GRANTED, scheme="tekun")
    services.change_care(
        support,
        care=Care(CARE.monthly_amount + 100, "disabled", "home_based"),
        monthly_amount=Decimal("615.00"),
        from_month=date(2026, 12, 1),
        reason="复核评估",
        by=approver,
        on=date(2026, 11, 9),
    )
    again = grant(family, approver, decided_on=date(2026, 11, 20))
    households.leave(wife, reason="moved", by=clerk, on=date(2026, 11, 23), at=AT)
    households.record_death(son, died_on=date(2026, 11, 22), by=clerk, at=AT)
    join(family, clerk, "胡小玉", "child")
    assert set(AwardVersion.objects.values_list("kind", flat=True)) == set(VersionKind)
    assert states == set(AwardState)
    causes = {*award.checks.values_list("cause", flat=True), *again.checks.values_list("cause", flat=True)}
    assert causes == set(CheckCause)
    # Papers of awards are written by dynamic management: test_phase_outs, test_restoring, test_award_notices and
    # test_uplift_notices of its tests issue each.
    assert set(PaperOccasion) == {"reminder", "ended", "restored", "revoked", "death", "uplift"}
