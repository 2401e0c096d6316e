"""Temporary aid (临时救助) as tests tell it: whom, what for, and a photo as a phone takes it."""

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import TemporaryAid
from temporary_aid.services import AidData, HardshipData, Recipient, open_aid
from tests.support.crews import HUAYANG, LINXI, VILLAGES
from tests.support.factories import area, make_id_number, make_staff

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 9, 12, 23, 30, tzinfo=SHANGHAI)
"""A Saturday night: when the house burned and the village rang."""
S = "780.00"
"""The base in force on that day in the county's sample figures, yuan."""


def photo(name: str = "现场.jpg") -> SimpleUploadedFile:
    """A small photo."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (190, 120, 90)).save(picture, "JPEG")
    return SimpleUploadedFile(name, picture.getvalue(), content_type="image/jpeg")


def aid_data(*, township: str = LINXI, kind: str = "urgent", **more: Any) -> AidData:
    """Somebody of no family on record whose house burned; ``more`` replaces parts of recipient or hardship."""
    recipient = Recipient(
        name="许金宝",
        id_number=make_id_number(birth_date=date(1971, 2, 3)),
        phone="13905630101",
        people_count=3,
        registered_place="一组7号",
        living_place="一组7号",
    )
    hardship = HardshipData(
        kind=kind,
        cause="fire" if kind == "urgent" else "medical",
        grade="moderate",
        occurred_on=NIGHT.date(),
        occurred_place="一组7号",
        situation="夜里失火，烧毁正房两间，口粮和被褥全部烧光。",
        self_paid_amount=None,
    )
    of_recipient = {key: more.pop(key) for key in list(more) if key in Recipient.__dataclass_fields__}
    of_hardship = {key: more.pop(key) for key in list(more) if key in HardshipData.__dataclass_fields__}
    return replace(
        AidData(
            area=area(VILLAGES[township]),
            recipient=replace(recipient, **of_recipient),
            hardship=replace(hardship, **of_hardship),
            first_reported_at=NIGHT,
        ),
        **more,
    )


def open_urgent(by: Staff, *, at: datetime = NIGHT + timedelta(minutes=20), **more: Any) -> TemporaryAid:
    """An urgent aid as a township's clerk registers it."""
    with acting(actor="system:test"):
        return open_aid(aid_data(**more), by=by, at=at)


def clerk(township: str = LINXI) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, township, name="程晓燕", on=date(2026, 1, 1))


__all__ = ["HUAYANG", "LINXI", "NIGHT", "SHANGHAI", "S", "aid_data", "clerk", "open_urgent", "photo"]
