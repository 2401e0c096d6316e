"""Reads of what personal data may be read for, and of who read it."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from organizations.models import AccessRecord, ReadingPurpose, Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission


def reading_purposes(*, on: date) -> QuerySet[ReadingPurpose]:
    """What personal data may be read in full for on a day (查阅事由)."""
    return ReadingPurpose.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


def readings_visible_to(staff: Staff) -> QuerySet[AccessRecord]:
    """Records of access by the accounts of the areas whose trail the person oversees (查阅记录)."""
    areas = staff.area_ids(Permission.VIEW_TRAIL)
    return AccessRecord.objects.filter(staff__area_id__in=areas).select_related("staff")


def people_read_by(staff: Staff) -> list[tuple[int, str]]:
    """Whoever read something that the person oversees: key and name, to choose from."""
    readers = Staff.objects.filter(pk__in=readings_visible_to(staff).order_by().values("staff"))
    return list(readers.order_by("name", "pk").values_list("pk", "name"))


def reveals_since(staff: Staff, *, since: datetime, at: datetime) -> int:
    """How many values an account was shown in full since a moment."""
    return AccessRecord.objects.filter(kind=AccessKind.REVEAL, staff=staff, at__gt=since, at__lte=at).count()


def unusual_readers(staff: Staff, *, at: datetime) -> list[tuple[Staff, int]]:
    """Accounts that the person oversees and that were shown unusually many values in full within a day.

    :returns: each with the number of values, the most first.
    """
    lately = Q(at__gt=at - timedelta(days=1), at__lte=at, kind=AccessKind.REVEAL)
    counts = readings_visible_to(staff).filter(lately).order_by().values("staff").annotate(shown=Count("pk"))
    many = dict(counts.filter(shown__gte=settings.REVEALS_WARNED_A_DAY).values_list("staff", "shown"))
    readers = Staff.objects.filter(pk__in=many).select_related("area")
    return sorted(((reader, many[reader.pk]) for reader in readers), key=lambda row: (-row[1], row[0].pk))


def filtered_readings(
    staff: Staff, *, kind: str = "", reader: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[AccessRecord]:
    """Records of access that the person oversees, by what the list is asked for; the newest first.

    :param until: the last day.
    """
    asked = {"kind": kind, "staff_id": reader, "at__date__gte": since, "at__date__lte": until}
    found = readings_visible_to(staff).filter(**{name: value for name, value in asked.items() if value})
    return found.order_by("-at", "-pk")
