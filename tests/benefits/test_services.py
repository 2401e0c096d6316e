from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from hypothesis import given
from hypothesis import strategies as st

from benefits import services
from benefits.models import Award, AwardPerson
from benefits.queries import annotate_current, covering_award, current_awards_of, visible_to
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import ON, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


@pytest.mark.parametrize(
    ("decided_on", "month"),
    [
        (date(2026, 11, 23), date(2026, 12, 1)),
        (date(2026, 12, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 31), date(2027, 2, 1)),
    ],
)
def test_an_award_begins_the_month_after_the_decision(decided_on: date, month: date) -> None:
    assert services.first_month(decided_on) == month


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_first_month_is_the_next_first_day(decided_on: date) -> None:
    month = services.first_month(decided_on)
    assert month.day == 1 and 1 <= (month - decided_on).days <= 31


def test_a_decision_makes_an_award_and_its_first_version(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    wife = join(family, clerk)
    persons = [
        services.CoveredPerson(head(family).person, Decimal("210.00"), "A"),
        services.CoveredPerson(wife.person),
    ]
    award = grant(family, approver, persons=persons)
    assert (award.number, award.state, award.starts_month) == ("DB202600001", "active", date(2026, 12, 1))
    version = award.versions.get()
    assert (version.serial, version.person_count, version.topup_monthly_amount) == (1, 2, Decimal("210.00"))
    assert version.decided_on == ON and version.decided_by == approver
    assert covering_award(wife.person, on=date(2026, 11, 30)) is None
    covered = covering_award(wife.person, on=date(2026, 12, 1))
    assert covered is not None and covered.award == award
    assert list(current_awards_of(family)) == [award]


def test_numbers_go_on_by_scheme_and_year(clerk: Staff, approver: Staff) -> None:
    numbers = [
        grant(register(clerk), approver).number,
        grant(register(clerk), approver).number,
        grant(register(clerk), approver, scheme="tekun").number,
        grant(register(clerk), approver, decided_on=date(2026, 12, 2)).number,
    ]
    assert numbers == ["DB202600001", "DB202600002", "TK202600001", "DB202700001"]


def test_nobody_is_covered_twice(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    grant(family, approver)
    with pytest.raises(services.AlreadyCovered, match="胡德旺"), transaction.atomic():
        grant(family, approver, scheme="tekun", decided_on=date(2027, 3, 1))
    assert Award.objects.count() == 1


def test_the_database_itself_refuses_two_current_awards(clerk: Staff, approver: Staff) -> None:
    first, second = grant(register(clerk), approver), grant(register(clerk), approver)
    person = first.persons.get().person
    with pytest.raises(IntegrityError, match="person_in_one_current_award"), transaction.atomic():
        AwardPerson.objects.create(award=second, person=person, covered=(date(2028, 1, 1), None))
    with pytest.raises(InternalError), transaction.atomic():
        first.versions.update(monthly_amount=1)


def test_an_award_has_persons(clerk: Staff, approver: Staff) -> None:
    with pytest.raises(ValueError, match="without persons"):
        grant(register(clerk), approver, persons=[])


def test_awards_are_seen_in_the_own_area_with_what_is_in_force(clerk: Staff, approver: Staff) -> None:
    grant(register(clerk), approver)
    row = annotate_current(visible_to(clerk), month=date(2026, 12, 1)).get()
    assert (row.monthly_amount, row.person_count, row.category) == (Decimal("515.00"), 1, "B")
    assert annotate_current(visible_to(clerk), month=date(2026, 11, 1)).get().monthly_amount is None
    assert not visible_to(make_staff(Role.TOWNSHIP_OFFICER, "341824100")).exists()
