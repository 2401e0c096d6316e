"""认定身份: who is recognised from when to when, and what may stand beside it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from benefits import services
from benefits.models import Recognition
from benefits.queries import list_recognitions, recognised, recognitions_to_renew
from foundation.errors import NotPermitted
from households.models import Household
from households.services import NotAllowedNow
from households.signals import Change, Move
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import ON, area, make_staff

pytestmark = pytest.mark.django_db
NEXT_YEAR = ON.replace(year=ON.year + 1)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


def recognise(family: Household, by: Staff, **more: Any) -> Recognition:
    terms: dict[str, Any] = {
        "scheme": "marginal",
        "household": family,
        "area": family.area,
        "persons": [member.person for member in family.members.filter(left_on=None)],
        "months": 12,
        "decided_by": by,
        "decided_on": ON,
    }
    return services.recognise(**terms | more)


def test_a_family_is_recognised_from_the_decision_to_the_day_before_a_year_on(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    join(family, clerk)
    made = recognise(family, approver)
    assert (made.number, made.valid, made.persons.count()) == (f"BY{ON.year}00001", DateRange(ON, NEXT_YEAR), 2)
    for day, holds in ((ON, True), (made.last_day, True), (NEXT_YEAR, False), (date(ON.year, 1, 1), False)):
        assert recognised(family, on=day).exists() == holds, day
    assert (NEXT_YEAR - made.last_day).days == 1


def test_numbers_go_on_by_scheme(clerk: Staff, approver: Staff) -> None:
    numbers = [recognise(register(clerk), approver).number for _ in range(2)]
    numbers.append(recognise(register(clerk), approver, scheme="rigid_expense_household").number)
    assert numbers == [f"BY{ON.year}00001", f"BY{ON.year}00002", f"GX{ON.year}00001"]


def test_recognised_again_it_goes_on_the_day_after(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    first = recognise(family, approver)
    again = recognise(family, approver, decided_on=date(NEXT_YEAR.year, NEXT_YEAR.month, 1))
    assert again.valid.lower == first.valid.upper == NEXT_YEAR
    assert again.valid.upper == NEXT_YEAR.replace(year=NEXT_YEAR.year + 1)


def test_the_database_holds_one_recognition_of_a_family_a_scheme(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    made = recognise(family, approver)
    with pytest.raises(IntegrityError, match="family_recognised_once_a_scheme"), transaction.atomic():
        Recognition.objects.create(
            number="BY2026X",
            scheme="marginal",
            household=family,
            area=family.area,
            valid=DateRange(made.last_day, NEXT_YEAR.replace(year=NEXT_YEAR.year + 1)),
            decided_on=ON,
            decided_by=approver,
        )


def test_nobody_is_recognised_in_two_families(clerk: Staff, approver: Staff) -> None:
    recognise(one := register(clerk), approver)
    other = register(clerk)
    with pytest.raises(services.NotRecognisable, match="另一个家庭的低保边缘认定"):
        recognise(other, approver, persons=[head(one).person])
    assert not other.recognitions.exists()


def test_the_database_lets_nobody_be_recognised_longer_than_the_family(clerk: Staff, approver: Staff) -> None:
    row = recognise(register(clerk), approver).persons.get()
    row.covered = DateRange(ON, None)
    with pytest.raises(InternalError, match="recognised as the family is"), transaction.atomic():
        row.save()


def test_rigid_spending_is_not_recognised_beside_an_award_or_a_marginal_recognition(
    clerk: Staff, approver: Staff
) -> None:
    paid, marginal = register(clerk), register(clerk)
    award = grant(paid, approver)
    made = recognise(marginal, approver)
    for family, number in ((paid, award.number), (marginal, made.number)):
        with pytest.raises(services.NotRecognisable, match=number):
            recognise(family, approver, scheme="rigid_expense_household")
    recognise(marginal, approver, scheme="rigid_expense_household", decided_on=NEXT_YEAR)


def test_marginal_stands_beside_a_single_person_award_and_not_beside_the_familys(clerk: Staff, approver: Staff) -> None:
    whole, alone = register(clerk), register(clerk)
    grant(whole, approver)
    grant(alone, approver, basis="single_person", persons=[services.CoveredPerson(head(alone).person)])
    with pytest.raises(services.NotRecognisable, match="低保"):
        recognise(whole, approver)
    assert recognise(alone, approver).number


def test_it_ends_early_with_a_reason(clerk: Staff, approver: Staff) -> None:
    made = recognise(register(clerk), approver)
    day = date(2027, 3, 1)
    with pytest.raises(NotPermitted):
        services.end_recognition(made, reason="收入增加", by=clerk, on=day)
    for reason, on in (("", day), ("收入增加", ON), ("收入增加", NEXT_YEAR)):
        with pytest.raises(services.NotRecognisable):
            services.end_recognition(made, reason=reason, by=approver, on=on)
    ended = services.end_recognition(made, reason="收入增加，不再符合条件", by=approver, on=day)
    assert ended.valid.upper == ended.ended_on == day
    assert ended.persons.get().covered.upper == day
    with pytest.raises(services.NotRecognisable):
        services.end_recognition(made, reason="收入增加", by=approver, on=day)


def test_who_leaves_is_recognised_no_longer(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    wife = join(family, clerk)
    made = recognise(family, approver)
    day = date(2027, 2, 1)
    services.uncover_who_left(Change(family, "left", clerk, day, left=(wife,)))
    covered = {row.person_id: row.covered.upper for row in made.persons.all()}
    assert covered == {head(family).person_id: NEXT_YEAR, wife.person_id: day}


def test_a_recognised_family_is_not_merged_into_another(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    made = recognise(family, approver)
    with pytest.raises(NotAllowedNow, match=made.number):
        services.check_not_recognised(family, on=made.last_day)
    services.check_not_recognised(family, on=NEXT_YEAR)


def test_the_list_tells_what_is_in_force_ends_soon_or_has_ended(clerk: Staff, approver: Staff) -> None:
    recognise(register(clerk), approver)

    def standing(on: date) -> set[str]:
        return {
            name
            for name in ("in_force", "soon", "ended")
            if list_recognitions(clerk, on=on, scheme="marginal", standing=name).exists()
        }

    last = date(NEXT_YEAR.year, NEXT_YEAR.month, NEXT_YEAR.day).toordinal() - 1
    at = date.fromordinal
    assert [standing(at(day)) for day in (last - 31, last - 30, last, last + 1)] == [
        {"in_force"},
        {"in_force", "soon"},
        {"in_force", "soon"},
        {"ended"},
    ]
    assert [recognitions_to_renew(clerk, on=at(day)).count() for day in (last - 31, last - 30, last, last + 1)] == [
        0,
        1,
        1,
        0,
    ]


def test_a_second_township_sees_none_of_it(clerk: Staff, approver: Staff) -> None:
    made = recognise(register(clerk), approver)
    elsewhere = make_staff(Role.TOWNSHIP_OFFICER, "341824100", name="曹月梅")
    assert not list_recognitions(elsewhere, on=ON).exists()
    assert not recognitions_to_renew(elsewhere, on=made.last_day).exists()


def test_once_recognised_on_nobody_is_reminded_again(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    made = recognise(family, approver)
    assert recognitions_to_renew(clerk, on=made.last_day).get() == made
    recognise(family, approver, decided_on=made.last_day)
    assert not recognitions_to_renew(clerk, on=made.last_day).exists()


def test_what_replaces_it_ends_it(clerk: Staff, approver: Staff) -> None:
    family, day = register(clerk), date(2027, 1, 1)
    made = recognise(family, approver)
    services.supersede(family, schemes=("rigid_expense_household",), reason="别的", by=approver, on=day)
    made.refresh_from_db()
    assert made.ended_on is None
    services.supersede(family, schemes=("marginal",), reason="纳入最低生活保障", by=approver, on=day)
    made.refresh_from_db()
    assert (made.valid.upper, made.ended_on, made.end_reason) == (day, day, "纳入最低生活保障")
    assert made.persons.get().covered.upper == day


def test_it_goes_where_the_family_goes(clerk: Staff, approver: Staff) -> None:
    family = register(clerk)
    made, over = recognise(family, approver), recognise(register(clerk), approver)
    there = area("341824100201")
    services.move_recognitions(Move(family, family.area, there, clerk, made.last_day))
    services.move_recognitions(Move(over.household, over.area, there, clerk, NEXT_YEAR))
    made.refresh_from_db()
    over.refresh_from_db()
    assert made.area == there
    assert over.area == over.household.area
