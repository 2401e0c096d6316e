"""后补手续 of aid by the simplified procedure: owed from the approval on, in by itself, asked for at the end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organizations.models import Staff
from temporary_aid.models import AidEventKind, OwedPapers, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.owed import missing_papers
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.relieving import set_owed_due


def owe_papers(aid: TemporaryAid, *, by: Staff, at: datetime) -> OwedPapers:
    """From the approval of a locked aid on its papers are owed (先救助，手续后补); what is in already, is."""
    owed = OwedPapers(aid=aid)
    set_owed_due(owed, aid)
    owed.save()
    return owed if missing_papers(aid, on=timezone.localdate(at)) else _settle(owed, aid, missing="", by=by, at=at)


def settle_by_itself(aid: TemporaryAid, *, by: Staff, at: datetime) -> None:
    """Within another act on an aid: once the last paper came in, nothing is owed any more."""
    owed = _waiting(aid)
    if owed is not None and not missing_papers(aid, on=timezone.localdate(at)):
        _settle(owed, aid, missing="", by=by, at=at)


@transaction.atomic
def confirm_papers(aid: TemporaryAid, *, by: Staff, at: datetime) -> OwedPapers:
    """确认补齐: the family's authorisation was signed elsewhere, and all is in now.

    :raises NotAllowed: nothing is owed, or something is missing.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.APPROVED)
    owed = _waiting(aid)
    if owed is None:
        raise NotAllowed(f"临时救助{aid.number}没有待补的手续，请刷新页面。")
    if missing := missing_papers(aid, on=timezone.localdate(at)):
        raise NotAllowed(f"还缺{'、'.join(missing)}，请先补上。")
    return _settle(owed, aid, missing="", by=by, at=at)


def settle_at_end(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> None:
    """Before a locked aid ends (办结): its papers are in, or it is written why they are not.

    :raises NotAllowed: something is missing, and no reason is given.
    """
    owed = _waiting(aid)
    if owed is None:
        return
    missing, said = missing_papers(aid, on=timezone.localdate(at)), ""
    if missing:
        sentence = f"还缺{'、'.join(missing)}：请先补上；确实补不了的，写明理由。"
        said = f"缺{'、'.join(missing)}：{check_told(reason, sentence, field='papers_reason')}"
    _settle(owed, aid, missing=said, by=by, at=at)


def _waiting(aid: TemporaryAid) -> OwedPapers | None:
    if aid.state != AidState.APPROVED:
        return None
    return OwedPapers.objects.select_for_update().filter(aid=aid, in_on=None).first()


def _settle(owed: OwedPapers, aid: TemporaryAid, *, missing: str, by: Staff, at: datetime) -> OwedPapers:
    owed.in_on, owed.in_by, owed.missing = timezone.localdate(at), by, missing
    owed.save(update_fields=["in_on", "in_by", "missing"])
    late = "，超过补手续期限" if owed.in_on > owed.due_on else ""
    write_event(aid, AidEventKind.PAPERS_IN, by=by, at=at, note=f"{missing or '手续已补齐'}{late}")
    return owed
