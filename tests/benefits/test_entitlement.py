"""What an award is owed for a month: by the pure rule, and by the statement for all awards, which must agree."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError

from benefits import services
from benefits.models import Award, AwardVersion
from benefits.queries import owed, owed_of
from benefits.queries.entitlements import FOR_EVER, OWED_SQL
from benefits.rules.entitlement import split_equally
from benefits.services import AwardChange, CoveredPerson
from foundation.trail import acting
from households import services as households
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import AT, ON, make_staff

pytestmark = pytest.mark.django_db
DECEMBER, JANUARY, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


@pytest.fixture
def family(clerk: Staff) -> Household:
    return register(clerk)


def by_statement(month: date, decided_by: date = FOR_EVER) -> dict[int, tuple[Decimal, Decimal, int]]:
    with connection.cursor() as cursor:
        cursor.execute(OWED_SQL, {"month": month, "decided_by": decided_by})
        return {row[0]: (row[3], row[4], row[2]) for row in cursor.fetchall()}


def changed(award: Award, amount: str, persons: list[CoveredPerson], *, from_month: date, by: Staff) -> AwardVersion:
    change = AwardChange("cut", Decimal(amount), persons, "B", "household")
    return services.change_award(award, change=change, from_month=from_month, reason="复核", by=by, on=ON)


def test_a_sum_is_split_to_the_fen_and_the_first_take_the_odd_one() -> None:
    assert split_equally(Decimal("100.00"), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert sum(split_equally(Decimal("0.05"), 4)) == Decimal("0.05")


def test_who_died_is_paid_for_the_month_of_the_death_and_no_later(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    wife = join(family, clerk)
    award = grant(
        family,
        approver,
        monthly_amount=Decimal("521.00"),
        persons=[CoveredPerson(head(family).person, Decimal("104.00"), "A"), CoveredPerson(wife.person)],
    )
    # (521 − 104) / 2 = 208.50 each; the head's top-up of 104 is the head's alone.
    households.record_death(wife, died_on=date(2026, 11, 20), by=clerk, at=AT)
    assert owed(award, DECEMBER).amount == Decimal("312.50")
    assert by_statement(DECEMBER)[award.pk] == (Decimal("208.50"), Decimal("104.00"), 1)


def test_a_version_holds_from_its_month_and_the_later_decision_holds_over_the_earlier(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    person = CoveredPerson(head(family).person)
    award = grant(family, approver)
    changed(award, "400.00", [person], from_month=FEBRUARY, by=approver)
    assert [row.amount for row in owed_of(award, [DECEMBER, JANUARY, FEBRUARY]).values()] == [515, 515, 400]
    changed(award, "450.00", [person], from_month=JANUARY, by=approver)
    assert [row.amount for row in owed_of(award, [DECEMBER, JANUARY, FEBRUARY]).values()] == [515, 450, 450]
    assert [by_statement(month)[award.pk][0] for month in (DECEMBER, JANUARY, FEBRUARY)] == [515, 450, 450]
    before = date(2026, 11, 22)
    assert owed(award, DECEMBER, decided_by=before).amount == 0 and award.pk not in by_statement(DECEMBER, before)


@pytest.mark.parametrize(("pays_withheld", "december"), [(False, 0), (True, 515)])
def test_withheld_months_are_owed_only_where_that_is_decided(
    approver: Staff, family: Household, pays_withheld: bool, december: int
) -> None:
    award = grant(family, approver)
    services.suspend_award(award, from_month=DECEMBER, reason="联系不上", by=approver, on=ON)
    assert owed(award, JANUARY).amount == 0 and award.pk not in by_statement(JANUARY)
    services.resume_award(award, from_month=JANUARY, pays_withheld=pays_withheld, reason="已核实", by=approver, on=ON)
    assert [owed(award, month).amount for month in (DECEMBER, JANUARY)] == [december, 515]
    award.refresh_from_db()
    assert award.state == "active"


@pytest.mark.usefixtures("parameters")
def test_a_phase_out_ends_by_itself_after_its_last_month_and_frees_the_family(
    approver: Staff, family: Household
) -> None:
    award = grant(family, approver)
    services.start_phase_out(
        award, months=2, suggested_months=3, suggestion="", reason="就业", source="2026-0009", by=approver, on=ON
    )
    assert [owed(award, month).amount for month in (DECEMBER, JANUARY, FEBRUARY)] == [515, 515, 0]
    assert services.finish_phase_outs(on=date(2027, 1, 31)) == 0
    with acting(actor="system:test"):
        assert services.finish_phase_outs(on=date(2027, 2, 1)) == 1
        assert services.finish_phase_outs(on=date(2027, 2, 1)) == 0
    award.refresh_from_db()
    assert (award.state, award.ends_month, award.end.source) == ("stopped", JANUARY, "2026-0009")
    again = grant(family, approver, decided_on=date(2027, 1, 15))
    assert again.starts_month == FEBRUARY


@pytest.mark.usefixtures("parameters")
def test_a_revoked_phase_out_leaves_the_award_as_it_was(approver: Staff, family: Household) -> None:
    award = grant(family, approver)
    row = services.start_phase_out(
        award, months=6, suggested_months=None, suggestion="", reason="就业", by=approver, on=ON
    )
    assert row.last_month == date(2027, 5, 1)
    services.revoke_phase_out(row, reason="又失业了", by=approver, on=ON)
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("active", None)
    assert award.persons.get().covered.upper is None
    with pytest.raises(services.NotChangeable, match="撤销"):
        services.revoke_phase_out(row, reason="再来", by=approver, on=ON)


def test_a_change_of_persons_uncovers_who_left_and_covers_who_joined(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    award = grant(family, approver)
    wife = join(family, clerk)
    changed(award, "300.00", [CoveredPerson(wife.person)], from_month=JANUARY, by=approver)
    covered = {row.person_id: (row.covered.lower, row.covered.upper) for row in award.persons.all()}
    assert covered == {head(family).person_id: (DECEMBER, JANUARY), wife.person_id: (JANUARY, None)}


def test_the_database_refuses_shares_that_do_not_make_up_the_sum(approver: Staff, family: Household) -> None:
    award = grant(family, approver)
    wrong = [CoveredPerson(head(family).person, base_monthly_amount=Decimal("1.00"))]
    with pytest.raises(InternalError, match="make up its sum"), transaction.atomic():
        changed(award, "300.00", wrong, from_month=JANUARY, by=approver)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
