"""村级委托: which villages decide small urgent aid themselves, on which days."""

from datetime import date

from django.db.models import QuerySet

from organizations.models import Area, Staff
from temporary_aid.models import VillageEntrustment
from temporary_aid.permissions import Permission


def entrustment_of(area: Area, *, on: date) -> VillageEntrustment | None:
    """The entrustment of a village in force on a day."""
    return VillageEntrustment.objects.filter(area=area, valid__contains=on).first()


def entrustments_visible_to(staff: Staff) -> QuerySet[VillageEntrustment]:
    """Entrustments of villages whose aid the person may see, by township and village, the latest first."""
    rows = VillageEntrustment.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_AID))
    return rows.select_related("area__parent", "entrusted_by", "ended_by").order_by("area__code", "-pk")
