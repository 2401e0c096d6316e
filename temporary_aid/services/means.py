"""后台核对 of urgent aid: asked for by itself, beside the help and never before it (F2018; handbook 10.4)."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organizations.models import Staff
from temporary_aid.models import AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries.means import check_of, means_check_due, means_of
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, lock_aid, write_event
from verification import services as verification
from verification.models import MeansCheck


@transaction.atomic
def request_means(aid: TemporaryAid, *, by: Staff, at: datetime) -> MeansCheck:
    """Ask for a means check of an urgent aid's family (提请后台核对).

    :raises NotAllowed: spending, no family on record, or a check is there or under way.
    :raises ConsentMissing: not every member signed.
    """
    aid = lock_aid(aid, by=by, permission=Permission.REQUEST_MEANS_CHECK)
    on = timezone.localdate(at)
    standing = means_of(aid, on=on)
    if standing is None or aid.household is None:
        raise NotAllowed("先关联家庭档案，才能提请核对；支出型的在办件中提请。")
    if standing.check is not None and not standing.may_ask:
        raise NotAllowed(f"{standing.check.batch_number}已经提请，不用重复提请。")
    due = means_check_due(on=on)
    if due is None:
        raise NotAllowed("还没有设置启动核对的时限，请联系县民政局。")
    check = verification.request_means_check(aid.household, by=by, on=on, due=due)
    write_event(aid, AidEventKind.MEANS_CHECKED, by=by, at=at, note=f"{check.batch_number}提请核对")
    return check


def request_by_itself(aid: TemporaryAid, *, by: Staff, at: datetime) -> MeansCheck | None:
    """Ask for the check within another act on a locked aid, wherever it can be asked for; the page says what it lacks.

    It is asked in the name of the township's clerk whose act it goes with: the county answers to somebody.

    :returns: None where there is no family, no consent, no right, or a check is there already.
    """
    if aid.household is None or not can_act(by, Permission.REQUEST_MEANS_CHECK, area=aid.household.area):
        return None
    standing = means_of(aid, on=timezone.localdate(at))
    if standing is None or not standing.may_ask or standing.check is not None:
        return None
    return request_means(aid, by=by, at=at) if means_check_due(on=timezone.localdate(at)) else None


@transaction.atomic
def note_means_answer(check: MeansCheck, *, by: Staff, at: datetime) -> None:
    """Write on every urgent aid of the family that rests on the check that its result is there (核对结果).

    Also on one that was closed meanwhile: what differs is then a matter of asking money back.
    """
    ended = [AidState.REFUSED.value, AidState.WITHDRAWN.value, AidState.RECOUPED.value]
    aids = TemporaryAid.objects.filter(household=check.household_id, kind="urgent").exclude(state__in=ended)
    for aid in aids:
        if check_of(aid) == check:
            note = f"{check.batch_number}：{check.get_result_display()}"
            write_event(aid, AidEventKind.MEANS_CHECKED, by=by, at=at, note=note)
