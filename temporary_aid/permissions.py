"""Who reports, handles, decides and pays temporary aid, and who keeps the reserve; who handles does not approve."""

from collections.abc import Collection, Iterable, Mapping

from django.utils import timezone

from applications.models import RelativeDeclaration
from applications.permissions import Relatives
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import deputising, holders_by_area, staff_with
from organizations.rules.separation import Deputising, standing_as_one
from temporary_aid.models import AidEvent, AidEventKind, TemporaryAid
from temporary_aid.rules.states import DecidedBy

__all__ = [
    "Permission",
    "acted_on",
    "approving_permissions",
    "can_act",
    "can_approve",
    "check_can_act",
    "check_can_approve",
    "check_not_acted_on",
    "decidable",
    "had_a_hand_in",
    "hands_in",
    "ordering_permissions",
    "related_to",
    "relatives_of",
    "standing_for",
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
    AidEventKind.COLLECTIVE_ASKED,
    AidEventKind.IN_CASE,
)
"""What makes somebody one who handled the aid: none of them approves it (handbook 0.5)."""
_HANDLED = "您登记、提出或办理过这件临时救助（您代理的人、代理您的人算作您本人），不能再由您审批（经办与审批分开）。"


def hands_in(aids: Collection[TemporaryAid]) -> dict[int, frozenset[int]]:
    """By aid, accounts that reported, registered, proposed or paid it, with their deputies (代理); two queries."""
    kinds = [kind.value for kind in HANDLING]
    events = AidEvent.objects.filter(aid__in=[aid.pk for aid in aids], kind__in=kinds, by__isnull=False)
    hands: dict[int, set[int | None]] = {aid.pk: {aid.opened_by_id, aid.proposed_by_id} for aid in aids}
    for aid, by in events.order_by().values_list("aid", "by").distinct():
        hands[aid].add(by)
    pairs = _deputies(aids)
    return {aid.pk: _as_one(aid, hands[aid.pk], pairs) for aid in aids}


def acted_on(aid: TemporaryAid, *, also: Iterable[int | None] = ()) -> frozenset[int]:
    """Accounts that reported, registered, proposed or paid the aid, with whoever stood for them or they for (代理).

    :param also: further accounts that had a hand in what is decided, such as whoever submitted its papers.
    """
    return hands_in([aid])[aid.pk] | standing_for(aid, also)


def standing_for(aid: TemporaryAid, accounts: Iterable[int | None]) -> frozenset[int]:
    """Accounts with whoever stood for them, or they for, since the aid was reported (代理与被代理算一人)."""
    found = set(accounts) - {None}
    return _as_one(aid, found, _deputies([aid])) if found else frozenset()


def _deputies(aids: Collection[TemporaryAid]) -> list[Deputising]:
    if not aids:
        return []
    since = min(timezone.localdate(aid.first_reported_at) for aid in aids)
    return deputising(since=since, on=timezone.localdate())


def _as_one(aid: TemporaryAid, accounts: Iterable[int | None], pairs: list[Deputising]) -> frozenset[int]:
    since = timezone.localdate(aid.first_reported_at)
    return standing_as_one(
        frozenset(pk for pk in accounts if pk is not None),
        [pair for pair in pairs if pair.covers(aid.area.code, since=since)],
    )


def relatives_of(aids: Collection[TemporaryAid]) -> dict[int, Relatives]:
    """By aid, the near relatives that its family ever registered (近亲属备案; F57 §11); one query."""
    families = {aid.household_id for aid in aids} - {None}
    rows: dict[int | None, list[RelativeDeclaration]] = {family: [] for family in families}
    if families:
        declared = RelativeDeclaration.objects.filter(intake__household__in=families).select_related("intake")
        for row in declared:
            rows[row.intake.household_id].append(row)
    return {aid.pk: Relatives.among(rows.get(aid.household_id, ())) for aid in aids}


def related_to(aid: TemporaryAid) -> Relatives:
    """The registered near relatives of the aid's family; none of them has a hand in it (回避)."""
    return relatives_of([aid])[aid.pk]


def check_not_acted_on(aid: TemporaryAid, by: Staff) -> None:
    """
    :raises NotPermitted: the person, or whom they stand for, handled the aid.
    """
    if by.pk in acted_on(aid):
        raise NotPermitted(_HANDLED)


def approving_permissions(aid: TemporaryAid, *, is_townships: bool, acted: Iterable[int]) -> tuple[Permission, ...]:
    """What approving the aid takes: the township up to its limit, the county above (额度分权; handbook 10.4).

    Where nobody in the township may approve what is the township's own, because whoever could had a hand in it or is a
    registered near relative of the family, the county does.
    """
    if not is_townships:
        return (Permission.APPROVE_AID_COUNTY,)
    able = staff_with(Permission.APPROVE_AID_TOWNSHIP, area=aid.area, on=timezone.localdate())
    left, related = able.exclude(pk__in=list(acted)).order_by().values_list("pk", "name"), related_to(aid)
    if any(not related.include(pk, name) for pk, name in left):
        return (Permission.APPROVE_AID_TOWNSHIP,)
    return (Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)


def decidable(
    staff: Staff, aids: Mapping[TemporaryAid, bool], *, also: Mapping[int, Iterable[int | None]] | None = None
) -> list[int]:
    """Keys of the aids that wait for the person, as :func:`check_can_approve` finds; four queries (待办).

    None of a family whose registered near relative (近亲属备案) the person is.

    :param aids: aids that wait, and whether each lies within the township's limit (乡镇审批限额).
    :param also: by key of an aid, further accounts that had a hand in it.
    """
    hands, pairs = hands_in(list(aids)), _deputies(list(aids)) if also else []
    able = holders_by_area(Permission.APPROVE_AID_TOWNSHIP, on=timezone.localdate()) if aids else []
    townships, countys = (
        staff.area_ids(right) for right in (Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
    )
    relatives = relatives_of(list(aids))
    found = []
    for aid, is_townships in aids.items():
        related = relatives[aid.pk]
        acted = hands[aid.pk] | _as_one(aid, also.get(aid.pk, ()) if also else (), pairs)
        left = any(
            aid.area.code.startswith(code) and pk not in acted and not related.include(pk, name)
            for code, pk, name in able
        )
        by_township = is_townships and aid.area_id in townships
        by_county = aid.area_id in countys and not (is_townships and left)
        keeps_out = staff.pk in acted or related.include(staff.pk, staff.name)
        if not keeps_out and (by_township or by_county):
            found.append(aid.pk)
    return found


def had_a_hand_in(aid: TemporaryAid, *, also: Iterable[int | None] = ()) -> frozenset[int]:
    """Accounts that :func:`acted_on` it or paid one of its stages: none of them asks it back (追回)."""
    return acted_on(aid, also=[*aid.stages.values_list("paid_by", flat=True), *also])


def ordering_permissions(aid: TemporaryAid, *, acted: Iterable[int]) -> tuple[Permission, ...]:
    """Who decides that an aid comes back (追回): whoever decided it, the county or else the township."""
    return approving_permissions(aid, is_townships=aid.decided_level != DecidedBy.COUNTY, acted=acted)


def can_approve(staff: Staff, aid: TemporaryAid, *, is_townships: bool) -> bool:
    """Whether the person may approve the aid (button)."""
    try:
        check_can_approve(staff, aid, is_townships=is_townships)
    except NotPermitted:
        return False
    return not related_to(aid).include(staff.pk, staff.name)


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
