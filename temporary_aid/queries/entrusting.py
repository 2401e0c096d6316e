"""村级委托: which villages decide small urgent aid themselves, on which days."""

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from organizations.models import Area, Staff
from temporary_aid.models import VillageEntrustment
from temporary_aid.permissions import Permission

STATES = {"in_force": "委托中", "later": "未开始", "ended": "已收回或到期"}
"""How an entrustment stands on a day."""


def entrustment_of(area: Area, *, on: date) -> VillageEntrustment | None:
    """The entrustment of a village in force on a day."""
    return VillageEntrustment.objects.filter(area=area, valid__contains=on).first()


def entrustments_visible_to(staff: Staff) -> QuerySet[VillageEntrustment]:
    """Entrustments of villages whose aid the person may see, by township and village, the latest first."""
    rows = VillageEntrustment.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))
    return rows.select_related("area__parent", "entrusted_by", "ended_by").order_by("area__code", "-pk")


def listed_entrustments(
    staff: Staff, *, on: date, township: str = "", village: str = "", state: str = ""
) -> QuerySet[VillageEntrustment]:
    """Entrustments for the list.

    :param township: its code, likewise the village's; :param state: a key of :data:`STATES`.
    """
    rows = entrustments_visible_to(staff)
    if township:
        rows = rows.filter(area__code__startswith=township)
    if village:
        rows = rows.filter(area__code=village)
    if state:
        rows = rows.filter(
            {
                "in_force": Q(valid__contains=on),
                "later": Q(valid__startswith__gt=on),
                "ended": Q(valid__fully_lt=DateRange(on, None)) | Q(valid__isempty=True),
            }[state]
        )
    return rows
