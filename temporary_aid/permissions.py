"""Who reports, handles, decides and pays temporary aid, and who keeps the reserve; who handles does not approve."""

from collections.abc import Iterable

from django.utils import timezone

from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import deputising, staff_with
from organizations.rules.separation import standing_as_one
from temporary_aid.models import AidEvent, AidEventKind, TemporaryAid

__all__ = [
    "Permission",
    "acted_on",
    "approving_permissions",
    "can_act",
    "can_approve",
    "check_can_act",
    "check_can_approve",
    "check_not_acted_on",
]

HANDLING = (
    AidEventKind.REPORTED,
    AidEventKind.OPENED,
    AidEventKind.CHANGED,
    AidEventKind.IDENTIFIED,
    AidEventKind.LINKED,
    AidEventKind.ADVANCE_ASKED,
    AidEventKind.ADVANCED,
    AidEventKind.SUPPLEMENTED,
    AidEventKind.PROPOSED,
    AidEventKind.IN_CASE,
)
"""What makes somebody one who handled the aid: none of them approves it (handbook 0.5)."""
_HANDLED = "您登记、提出或办理过这件临时救助（您代理的人、代理您的人算作您本人），不能再由您审批（经办与审批分开）。"


def acted_on(aid: TemporaryAid) -> frozenset[int]:
    """Accounts that reported, registered, proposed or paid the aid, with whoever stood for them or they for (代理)."""
    kinds = [kind.value for kind in HANDLING]
    found = AidEvent.objects.filter(aid=aid, kind__in=kinds, by__isnull=False).order_by().values_list("by", flat=True)
    hands = {aid.opened_by_id, aid.proposed_by_id, *found} - {None}
    since = timezone.localdate(aid.first_reported_at)
    pairs = deputising(since=since, on=timezone.localdate())
    return standing_as_one(
        frozenset(pk for pk in hands if pk is not None),
        [pair for pair in pairs if pair.covers(aid.area.code, since=since)],
    )


def check_not_acted_on(aid: TemporaryAid, by: Staff) -> None:
    """
    :raises NotPermitted: the person, or whom they stand for, handled the aid.
    """
    if by.pk in acted_on(aid):
        raise NotPermitted(_HANDLED)


def approving_permissions(aid: TemporaryAid, *, is_townships: bool, acted: Iterable[int]) -> tuple[Permission, ...]:
    """What approving the aid takes: the township up to its limit, the county above (额度分权; handbook 10.4).

    Where nobody in the township may approve what is the township's own, because whoever could had a hand in it, the
    county does.
    """
    if not is_townships:
        return (Permission.APPROVE_AID_COUNTY,)
    able = staff_with(Permission.APPROVE_AID_TOWNSHIP, area=aid.area, on=timezone.localdate())
    if able.exclude(pk__in=list(acted)).exists():
        return (Permission.APPROVE_AID_TOWNSHIP,)
    return (Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)


def can_approve(staff: Staff, aid: TemporaryAid, *, is_townships: bool) -> bool:
    """Whether the person may approve the aid (button)."""
    try:
        check_can_approve(staff, aid, is_townships=is_townships)
    except NotPermitted:
        return False
    return True


def check_can_approve(staff: Staff, aid: TemporaryAid, *, is_townships: bool) -> None:
    """
    :param is_townships: whether the amount lies within the township's limit (乡镇审批限额).
    :raises NotPermitted: no right to approve the aid at its level, or the person handled it.
    """
    acted = acted_on(aid)
    needed = approving_permissions(aid, is_townships=is_townships, acted=acted)
    if not any(can_act(staff, permission, area=aid.area) for permission in needed):
        if not is_townships and can_act(staff, Permission.APPROVE_AID_TOWNSHIP, area=aid.area):
            raise NotPermitted("救助金额超过乡镇审批限额，由县民政局审批。")
        check_can_act(staff, needed[0], area=aid.area)
    if staff.pk in acted:
        raise NotPermitted(_HANDLED)
