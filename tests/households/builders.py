"""Families as clerks register them: through the services, with their permission."""

import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from foundation.identity import parse_id_number
from households import services
from households.models import Household, Member
from organizations.models import Staff
from tests.support.factories import AT, LINXI, ON, area, make_id_number


def data(name: str = "胡德旺", relation: str = "head", *, id_number: str | None = None, **more: Any) -> Any:
    """What a clerk types of a person; birth date and sex follow from the ID number."""
    number = make_id_number() if id_number is None else id_number
    if number:
        parsed = parse_id_number(number, on=ON)
        more = {"birth_date": parsed.birth_date, "sex": parsed.sex} | more
    return services.MemberData(name=name, relation=relation, id_number=number, **more)


def newborn(name: str = "胡小宝", relation: str = "child", **more: Any) -> Any:
    """A child without ID number yet."""
    fields = {"sex": "male", "birth_date": date(2026, 11, 1), "missing_id_reason": "newborn"}
    return data(name, relation, id_number="", **fields | more)


def register(by: Staff, *, code: str = LINXI, head: Any = None, **facts: Any) -> Household:
    return services.register_household(
        area=area(code), head=head or data(), facts={"address": "一组12号"} | facts, by=by, on=ON, at=AT
    )


def join(household: Household, by: Staff, name: str = "汪秋菊", relation: str = "spouse", **more: Any) -> Member:
    return services.add_member(household, data=data(name, relation, **more), by=by, on=ON, at=AT)


def head(household: Household) -> Member:
    return household.members.get(relation="head", left_on=None)


def picture(name: str = "户口簿.jpg", *, size: tuple[int, int] = (64, 64), kind: str = "JPEG") -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).save(buffer, kind)
    return SimpleUploadedFile(name, buffer.getvalue())
