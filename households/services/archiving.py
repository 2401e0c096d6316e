"""归档: a family's file leaves the working lists for the archive, and comes back when the family does."""

from datetime import date, datetime

from django.db import transaction

from foundation.dates import chinese_date
from households.models import Household
from households.services.checks import NotAllowedNow
from households.services.families import write_event
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


@transaction.atomic
def archive_household(household: Household, *, note: str, by: Staff, on: date, at: datetime) -> Household:
    """Put a family's file into the archive (归档); nothing is deleted, and nothing of it changes while it lies there.

    Whether it may leave the working lists is the caller's question: that depends on cases and awards.

    :raises NotPermitted: the person may not archive in the family's area.
    :raises NotAllowedNow: it lies in the archive already.
    """
    check_can_act(by, Permission.MANAGE_ARCHIVE, area=household.area)
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if household.archived_on:
        raise NotAllowedNow(f"这个家庭已于{chinese_date(household.archived_on)}归档。")
    write_event(household, "archived", on=on, at=at, by=by, note=note)
    household.archived_on = on
    household.save(update_fields=["archived_on"])
    return household


@transaction.atomic
def take_back_household(household: Household, *, reason: str, by: Staff, on: date, at: datetime) -> Household:
    """Take a family's file back into the working lists (从归档库恢复).

    :raises NotPermitted: the person may not archive in the family's area.
    :raises NotAllowedNow: it does not lie in the archive, or no reason.
    """
    check_can_act(by, Permission.MANAGE_ARCHIVE, area=household.area)
    if not reason.strip():
        raise NotAllowedNow("请写明恢复的原因。", field="reason")
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if household.archived_on is None:
        raise NotAllowedNow("这个家庭不在归档库里。")
    household.archived_on = None
    household.save(update_fields=["archived_on"])
    write_event(household, "taken_back", on=on, at=at, by=by, note=reason.strip()[:200])
    return household
