"""Rows for tests; each call makes its own."""

import itertools
from datetime import UTC, date, datetime
from typing import Any

from applications.models.terms import StepTerm
from foundation.identity import check_digit
from households.models import Household, Member, Person
from households.queries import supporters_of
from households.services import SupporterAnswer
from organizations import services
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.support.replay import is_telling

ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LINXI = "341824101200"
_serial = itertools.count(1)


def make_id_number(*, birth_date: date = date(1968, 3, 12), male: bool = True) -> str:
    """An invented number: 341890 to 341899 are in no standard; the last is of what tests make beside their stories."""
    serial = next(_serial)
    area_code = 341890 + serial // 500 % 9 if is_telling() else 341899
    first = f"{area_code}{birth_date:%Y%m%d}{serial % 500 * 2 + male:03d}"
    return first + check_digit(first)


def area(code: str) -> Area:
    return Area.objects.get(code=code)


def make_staff(role: Role, code: str, *, name: str = "程晓燕", on: date = ON) -> Staff:
    staff = services.open_account(
        staff_number=f"S{next(_serial):05d}",
        name=name,
        area=area(code),
        on=on,
        password="Correct-Horse-88",
        must_change_password=False,
    )
    services.appoint(staff, role=role, area=area(code), on=on)
    return staff


def make_person(**fields: Any) -> Person:
    defaults = {"name": "胡德旺", "sex": "male", "birth_date": date(1968, 3, 12)}
    fields.setdefault("id_number", make_id_number())
    return Person.objects.create(**defaults | fields)


def make_household(*, code: str = LINXI, **fields: Any) -> Household:
    if "registered_by" not in fields:
        fields["registered_by"] = make_staff(Role.TOWNSHIP_OFFICER, code[:9])
    defaults = {"number": f"H{next(_serial):08d}", "area": area(code), "address": "一组12号", "registered_at": AT}
    household = Household.objects.create(**defaults | fields)
    Member.objects.create(household=household, person=make_person(), relation="head", joined_on=ON)
    return household


def terms_for(scheme: str) -> None:
    """Let applications under a scheme be opened, by the terms of 低保, where the county has none of its own."""
    if not StepTerm.objects.filter(scheme=scheme).exists():
        terms = list(StepTerm.objects.filter(scheme="dibao"))
        for row in terms:
            row.pk, row.scheme = None, scheme
        StepTerm.objects.bulk_create(terms)


def answers_of(household: Household) -> dict[int, SupporterAnswer]:
    """Every legal supporter of the family signs the authorization (核查授权)."""
    return {row.pk: SupporterAnswer() for row in supporters_of(household)}
