"""事后公示 of urgent aid: the sheet that goes up in a village or a township, with what the village may read."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from applications.papers.bodies import township_body, township_telephone
from documents import records
from eligibility.rules.choices import HardshipType
from organizations.models import Area
from organizations.models.areas import AreaLevel
from temporary_aid.models import TemporaryAid


def aid_publicity_sheet(
    area: Area, aids: Iterable[TemporaryAid], *, first_day: date, last_day: date, place: str
) -> records.AidPublicitySheet:
    """公示 of approved urgent aid: name, number of people, type, amount and day; never why, where or any number.

    :param area: a village, or a township for all of its villages.
    """
    is_township = area.level == AreaLevel.TOWNSHIP
    return records.AidPublicitySheet(
        body=township_body(area),
        place_name=area.name if is_township else area.short_name,
        aid_kind=HardshipType.URGENT.label,
        is_township=is_township,
        rows=tuple(_row(aid, names_village=is_township) for aid in aids),
        first_day=first_day,
        last_day=last_day,
        place=place,
        telephone=township_telephone(area),
    )


def _row(aid: TemporaryAid, *, names_village: bool) -> records.AidPublicRow:
    assert aid.amount is not None and aid.decided_at is not None  # noqa: S101 -- held by aid_granted_whole
    return records.AidPublicRow(
        name=aid.recipient_name,
        village=aid.area.short_name if names_village else "",
        person_count=aid.people_count,
        amount=aid.amount,
        decided_on=timezone.localdate(aid.decided_at),
    )
