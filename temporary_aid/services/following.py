"""跟进救助: a helped family is helped again for the same hardship; it counts once with what it follows."""

from datetime import date, datetime

from django.db import transaction

from households.permissions import can_see
from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.aids import kept_aids
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, lock_aid, require_state
from temporary_aid.services.opening import AidData, HardshipData, Recipient, open_aid

FOLLOWED = (AidState.APPROVED, AidState.CLOSED)
"""States of an aid that a further one may follow."""


def may_be_followed(aid: TemporaryAid) -> bool:
    """Whether a further aid may follow: it was granted and, where money was asked back (追回), some of it stayed."""
    if aid.state == AidState.RECOUPED:
        return kept_aids(TemporaryAid.objects.filter(pk=aid.pk)).exists()
    return aid.state in FOLLOWED


@transaction.atomic
def open_follow_up(
    aid: TemporaryAid,
    *,
    situation: str,
    by: Staff,
    at: datetime,
    grade: str = "",
    occurred_on: date | None = None,
    reported_at: datetime | None = None,
) -> TemporaryAid:
    """Register a follow-up (跟进救助) of an aid; whom, where and what for are carried over.

    It follows the first of its chain, so that all of them count once (handbook 10.3). Its clock runs from when the
    new need was reported.

    :param grade: 困难程度 now; the former one where none is said.
    :param occurred_on: since when the hardship weighs anew; the former day where none is said.
    :param reported_at: None for now.
    :raises NotAllowed: the aid was not granted, its family moved away or who it was for left it, or no word of the
        situation now.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    if not may_be_followed(aid):
        require_state(aid, *FOLLOWED)
    _check_same_people(aid, by=by)
    hardship = HardshipData(
        kind=aid.kind,
        cause=aid.cause,
        grade=grade or aid.grade,
        occurred_on=occurred_on or aid.occurred_on,
        occurred_place=aid.occurred_place,
        situation=situation,
        self_paid_amount=aid.self_paid_amount,
    )
    data = AidData(
        area=aid.area,
        recipient=_same_people(aid),
        hardship=hardship,
        ground=aid.ground,
        first_reported_at=reported_at,
    )
    return open_aid(data, by=by, at=at, follow_up_of=aid)


def _check_same_people(aid: TemporaryAid, *, by: Staff) -> None:
    """Nobody is helped on in another's name: neither the head for who left, nor a family that lives elsewhere.

    :raises NotAllowed: the family moved away, or who it was for is no member any more.
    """
    if aid.household is None:
        return
    anew = "不能跟进救助；另有困难的，请另行登记，一年内的次数照常核对。"
    if not can_see(by, aid.household):
        raise NotAllowed(f"这个家庭的档案已不在本乡镇，{anew}")
    if aid.applicant is None or aid.applicant.left_on is not None:
        raise NotAllowed(f"{aid.recipient_name}已不是这个家庭的成员，{anew}")


def _same_people(aid: TemporaryAid) -> Recipient:
    return Recipient(
        name=aid.recipient_name,
        id_number=aid.recipient_id_number.reveal(),
        missing_id_reason=aid.missing_id_reason,
        sex=aid.recipient_sex,
        birth_date=aid.recipient_birth_date,
        phone=aid.recipient_phone.reveal(),
        people_count=aid.people_count,
        registered_place=aid.registered_place,
        living_place=aid.living_place,
        household=aid.household,
        applicant=aid.applicant,
    )
