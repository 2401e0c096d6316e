"""Who works on a township's cases, the family that most stories are about, and the county's figures."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from eligibility.models import Parameter
from households import services as households
from households.models import Attachment, Household, Member
from households.services import IncomeData, MemberData
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.factories import area, make_id_number, make_staff
from tests.support.reference import load_once
from tests.support.replay import told_once

HUAYANG, LINXI = "341824100", "341824101"
VILLAGES = {HUAYANG: "341824100201", LINXI: "341824101200"}
START = date(2026, 9, 7)


def county_data() -> None:
    """The county's parameters beside its areas, terms and prefixes."""
    load_once()
    if not Parameter.objects.exists():
        told_once(_load_parameters, anywhere=True)()


def _load_parameters() -> None:
    call_command("load_parameters", verbosity=0)


def instant(day: date) -> datetime:
    return datetime.combine(day, time(2), tzinfo=UTC)


@dataclass
class Crew:
    """Who works on a township's cases."""

    officer: Staff
    assistant: Staff
    lead: Staff
    operator: Staff
    visitor: Staff
    second_visitor: Staff
    approver: Staff


@told_once
def crew(township: str = LINXI) -> Crew:
    on = date(2026, 1, 1)
    return Crew(
        officer=make_staff(Role.TOWNSHIP_OFFICER, township, name="程晓燕", on=on),
        assistant=make_staff(Role.VILLAGE_ASSISTANT, VILLAGES[township], name="汪志强", on=on),
        lead=make_staff(Role.TOWNSHIP_APPROVER, township, name="章建国", on=on),
        operator=make_staff(Role.VERIFICATION_OPERATOR, "341824", name="周敏", on=on),
        visitor=make_staff(Role.COUNTY_OFFICER, "341824", name="许文斌", on=on),
        second_visitor=make_staff(Role.COUNTY_OFFICER, "341824", name="邵丽", on=on),
        approver=make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=on),
    )


@told_once
def family(people: Crew, *, township: str = LINXI, yearly_wage: str = "6000.00", on: date = START) -> Household:
    """Three people: a head of 58 with a physical disability of level two, his wife, a daughter of 16 at school."""
    head = MemberData(
        name="胡德旺",
        relation="head",
        sex="male",
        birth_date=date(1968, 3, 12),
        id_number=make_id_number(birth_date=date(1968, 3, 12)),
        facts={"health": "disabled"},
        disability={"kind": "physical", "level": 2},
    )
    household = households.register_household(
        area=area(VILLAGES[township]),
        head=head,
        facts={"address": "一组12号", "residence": "rural", "phone": "13905632207"},
        by=people.officer,
        on=on,
        at=instant(on),
    )
    wife = _add(household, people, "汪秋菊", "spouse", "female", date(1972, 5, 20), on=on)
    _add(household, people, "胡小雨", "child", "female", date(2010, 4, 2), on=on, schooling="senior_high")
    households.save_incomes(
        household,
        year=on.year,
        rows=[IncomeData(member=wife, kind="wage", yearly_amount=Decimal(yearly_wage), label="镇上饭店帮工")],
        by=people.officer,
        at=instant(on),
    )
    households.save_property(household, facts={"financial_assets": Decimal("12000.00")}, by=people.officer)
    return household


def _add(
    household: Household, people: Crew, name: str, relation: str, sex: str, born: date, *, on: date, **facts: Any
) -> Member:
    data = MemberData(
        name=name,
        relation=relation,
        sex=sex,
        birth_date=born,
        id_number=make_id_number(birth_date=born, male=sex == "male"),
        facts=facts,
    )
    return households.add_member(household, data=data, by=people.officer, on=on, at=instant(on))


def scan(household: Household, by: Staff, on: date, *, kind: str = "other") -> Attachment:
    """A small photo, as a phone takes it."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 190, 170)).save(picture, "JPEG")
    upload = SimpleUploadedFile("照片.jpg", picture.getvalue(), "image/jpeg")
    return households.add_attachment(household, kind=kind, upload=upload, by=by, at=instant(on))
