"""Ending an award: from the month after the decision, once, and nothing of before is changed."""

from datetime import date

import pytest
from django.db import InternalError, transaction
from hypothesis import given
from hypothesis import strategies as st

from benefits import services
from benefits.models import Award, AwardEnd, AwardPerson
from benefits.queries import covering_award, current_awards_of, last_payable_month
from foundation.errors import ServiceError
from households import services as households
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import AT, ON, make_staff

GRANTED = date(2025, 8, 20)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


@pytest.fixture
def family(clerk: Staff) -> Household:
    return register(clerk)


@pytest.fixture
def award(family: Household, approver: Staff) -> Award:
    return grant(family, approver, scheme="tekun", decided_on=GRANTED)


def end(award: Award, by: Staff, *, on: date = ON, last_month: date | None = None) -> AwardEnd:
    return services.end_award(
        award, last_month=last_month or on.replace(day=1), reason="自愿退出", decided_by=by, decided_on=on
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("decided_on", "last_month", "last_day", "first_day_after"),
    [
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 1, 31), date(2027, 2, 1)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_support_ends_with_the_month_of_the_decision(
    award: Award, approver: Staff, decided_on: date, last_month: date, last_day: date, first_day_after: date
) -> None:
    end(award, approver, on=decided_on)
    award.refresh_from_db()
    person = award.persons.get().person
    assert (award.state, award.ends_month, last_payable_month(award)) == ("stopped", last_month, last_month)
    assert covering_award(person, on=last_day) is not None
    assert covering_award(person, on=first_day_after) is None


@pytest.mark.django_db
def test_what_was_granted_stays_on_record(award: Award, family: Household, approver: Staff) -> None:
    before = list(award.versions.values())
    end(award, approver)
    assert list(award.versions.values()) == before
    assert (award.end.reason, award.end.decided_by, award.end.decided_on) == ("自愿退出", approver, ON)
    assert not current_awards_of(family).exists()
    again = grant(family, approver, scheme="tekun", decided_on=ON)
    assert again.starts_month == date(2026, 12, 1)


@pytest.mark.django_db
def test_an_award_is_ended_once(award: Award, approver: Staff) -> None:
    end(award, approver)
    with pytest.raises(services.AlreadyEnded, match=f"{award.number}已经停发"):
        end(award, approver, on=date(2026, 12, 1))
    assert AwardEnd.objects.get().last_month == date(2026, 11, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("last_month", [date(2026, 10, 1), date(2026, 11, 2)])
def test_a_decision_takes_nothing_back(award: Award, approver: Staff, last_month: date) -> None:
    with pytest.raises(ValueError, match="not before its decision"):
        end(award, approver, last_month=last_month)
    assert Award.objects.get().state == "active"


@given(st.dates(date(2025, 9, 1), date(2100, 1, 1)))
def test_the_month_after_the_last_one_is_the_month_after_the_decision(decided_on: date) -> None:
    assert services.first_month(decided_on.replace(day=1)) == services.first_month(decided_on)


@pytest.mark.django_db
def test_an_award_that_is_ended_before_it_begins_covers_nobody(family: Household, approver: Staff) -> None:
    award = grant(family, approver, scheme="tekun", decided_on=ON)
    end(award, approver)
    award.refresh_from_db()
    assert (award.starts_month, award.ends_month) == (date(2026, 12, 1), date(2026, 11, 1))
    assert AwardPerson.objects.get().covered.isempty


@pytest.mark.django_db
def test_the_database_refuses_what_the_service_does_not_do(award: Award, approver: Staff) -> None:
    november = date(2026, 11, 1)
    with pytest.raises(InternalError, match="ended by a decision on record"), transaction.atomic():
        Award.objects.update(state="stopped", ends_month=november)
    with pytest.raises(InternalError, match="takes nothing back"), transaction.atomic():
        AwardEnd.objects.create(
            award=award, last_month=date(2026, 10, 1), reason="退出", decided_on=ON, decided_by=approver
        )
    end(award, approver)
    for change in ({"state": "active"}, {"ends_month": date(2027, 1, 1)}, {"starts_month": date(2026, 1, 1)}):
        with pytest.raises(InternalError, match="stays ended"), transaction.atomic():
            Award.objects.update(**change)
    with pytest.raises(InternalError, match="written once"), transaction.atomic():
        AwardEnd.objects.update(reason="别的")


@pytest.mark.django_db
def test_who_died_is_unpaid_from_the_month_after_the_death_though_the_decision_came_later(
    award: Award, family: Household, clerk: Staff, approver: Staff
) -> None:
    households.record_death(head(family), died_on=ON, by=clerk, at=AT)
    end(award, approver, on=date(2027, 2, 3))
    award.refresh_from_db()
    assert award.ends_month == date(2027, 2, 1)
    assert last_payable_month(award) == date(2026, 11, 1)


@pytest.mark.django_db
def test_of_an_award_for_several_the_others_are_paid_on(clerk: Staff, approver: Staff, family: Household) -> None:
    wife = join(family, clerk)
    award = grant(family, approver, decided_on=GRANTED)
    assert last_payable_month(award) is None
    households.record_death(wife, died_on=ON, by=clerk, at=AT)
    end(award, approver, on=date(2027, 2, 3))
    award.refresh_from_db()
    assert last_payable_month(award) == date(2027, 2, 1)


@pytest.mark.django_db
def test_an_ended_award_lets_its_checks_be_settled(
    award: Award, family: Household, clerk: Staff, approver: Staff
) -> None:
    households.record_death(head(family), died_on=ON, by=clerk, at=AT)
    check = award.checks.get()
    with pytest.raises(ServiceError, match="还没有停发"):
        services.settle_check(check, finding="已核", by=clerk, on=ON)
    end(award, approver)
    assert services.settle_check(check, finding="已终止", by=clerk, on=ON).settled_on == ON
