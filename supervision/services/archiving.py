"""归档: files whose years at hand are over leave the working lists; nothing is deleted."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from foundation.dates import chinese_date
from foundation.errors import ServiceError
from households import services as households
from households.models import Household
from organizations.models import Staff
from supervision.models import FAMILY_KINDS, Archiving, RecordKind
from supervision.queries.retention import due_for_archiving, periods_in_force


class NotArchivable(ServiceError):
    """Something of the family is open, or its years at hand are not over."""


@transaction.atomic
def archive(families: Collection[int], *, by: Staff, on: date, at: datetime) -> list[Archiving]:
    """Archive families (归档) whose years at hand are over, all of them or none.

    :raises NotPermitted: the person may not archive in a family's area.
    :raises NotArchivable: a family may not leave the working lists on this day, or none was chosen.
    """
    if not families:
        raise NotArchivable("请先勾选要归档的家庭。")
    # Locked before they are judged: whoever opens a case for one of them waits for this or goes before it.
    locked = Household.objects.select_for_update(no_key=True).filter(pk__in=families)
    numbers = {household.pk: household.number for household in locked.order_by("pk")}
    due = {household.pk: household for household in due_for_archiving(by, on=on).filter(pk__in=families)}
    if missing := sorted(numbers.get(pk, str(pk)) for pk in set(families) - due.keys()):
        raise NotArchivable(f"{'、'.join(missing)}现在不能归档：还有没办结的事，或者没到期。请刷新后再选。")
    periods = {period.record_kind: period for period in periods_in_force(on=on).filter(record_kind__in=FAMILY_KINDS)}
    made = []
    for household in due.values():
        period = periods[RecordKind.AIDED_FAMILY if household.is_aided else RecordKind.UNAIDED_FAMILY]
        last = household.last_matter_on
        households.archive_household(
            household, note=f"最后一件事在{chinese_date(last)}，满{period.active_years}年", by=by, on=on, at=at
        )
        made.append(Archiving(household=household, period=period, last_matter_on=last, archived_on=on, archived_by=by))
    return Archiving.objects.bulk_create(made)


@transaction.atomic
def take_back(archiving: Archiving, *, reason: str, by: Staff, on: date, at: datetime) -> Archiving:
    """Take a family back into the working lists (恢复), because it comes again or its file is needed.

    :raises NotPermitted: the person may not archive in the family's area.
    :raises NotAllowedNow: it was taken back already, or no reason.
    """
    households.take_back_household(archiving.household, reason=reason, by=by, on=on, at=at)
    archiving = Archiving.objects.select_for_update().get(pk=archiving.pk)
    archiving.taken_back_on, archiving.taken_back_by, archiving.taken_back_reason = on, by, reason.strip()[:200]
    archiving.save(update_fields=["taken_back_on", "taken_back_by", "taken_back_reason"])
    return archiving
