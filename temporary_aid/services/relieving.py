"""急难解除日: from when the working days for the papers run, of an advance and of aid approved without them."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from foundation.dates import chinese_date
from organizations.models import Staff
from organizations.queries import working_calendar
from temporary_aid.models import AidEventKind, OwedPapers, PettyAdvance, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import AidTerms, aid_terms
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event


@transaction.atomic
def set_relieved(aid: TemporaryAid, *, relieved_on: date, by: Staff, at: datetime, reason: str = "") -> TemporaryAid:
    """登记急难解除日: the working days for the papers run from it (handbook 10.4).

    :param reason: why a day that is registered already is another (更正的理由).
    :raises NotAllowed: the aid waits for no papers, the day is before the emergency or after today, or another one is
        registered and no reason is given.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.ADVANCED, AidState.APPROVED)
    keep_relieved(aid, relieved_on, reason=reason, by=by, at=at)
    return aid


def keep_relieved(aid: TemporaryAid, relieved_on: date, *, by: Staff, at: datetime, reason: str = "") -> None:
    """Keep the day with the papers of a locked aid, with the due day that follows from it; its event tells both.

    :raises NotAllowed: no papers are to come, or as :func:`set_relieved`; once overdue, all but a first day that lies
        before the former due day.
    """
    on = timezone.localdate(at)
    check_relieved(aid, relieved_on, on=on)
    slip = PettyAdvance.objects.select_for_update().filter(aid=aid).first() if aid.state == AidState.ADVANCED else None
    if slip is not None:
        held, former = slip.relieved_on, slip.supplement_due_on
        reason = _check_another(held, relieved_on, due_on=former, reason=reason, on=on)
        slip.relieved_on = relieved_on
        set_slip_due(slip, terms=aid_terms(aid.area, on=timezone.localdate(slip.paid_at)))
        slip.save(update_fields=["relieved_on", "supplement_due_on", "supplement_due_is_provisional"])
        due_on = slip.supplement_due_on
    else:
        owed = OwedPapers.objects.select_for_update().filter(aid=aid, in_on=None).first()
        if owed is None:
            raise NotAllowed(f"临时救助{aid.number}没有要补的手续，不用登记急难解除日。", field="relieved_on")
        held, former = owed.relieved_on, owed.due_on
        reason = _check_another(held, relieved_on, due_on=former, reason=reason, on=on)
        owed.relieved_on = relieved_on
        set_owed_due(owed, aid)
        owed.save(update_fields=["relieved_on", "due_on", "due_is_provisional"])
        due_on = owed.due_on
    moved = f"由{chinese_date(former)}改为{chinese_date(due_on)}" if former != due_on else f"{chinese_date(due_on)}不变"
    again = f"；原登记{chinese_date(held)}，更正理由：{reason}" if held else ""
    note = f"急难于{chinese_date(relieved_on)}解除，补手续期限{moved}{again}"
    write_event(aid, AidEventKind.CHANGED, by=by, at=at, note=note)


def check_relieved(aid: TemporaryAid, relieved_on: date, *, on: date) -> None:
    """
    :raises NotAllowed: the emergency is over before it began, or in days to come.
    """
    if not aid.occurred_on <= relieved_on <= on:
        raise NotAllowed("急难解除日不能早于发生日期，也不能晚于今天。", field="relieved_on")


def set_slip_due(slip: PettyAdvance, *, terms: AidTerms) -> None:
    """So many working days after the emergency was over; while that is not said, after the payment."""
    start = slip.relieved_on or timezone.localdate(slip.paid_at)
    due = working_calendar().add(start, terms.supplement_days)
    slip.supplement_due_on, slip.supplement_due_is_provisional = due.on, due.provisional


def set_owed_due(owed: OwedPapers, aid: TemporaryAid) -> None:
    """So many working days after the emergency was over, by the figures of the approval; or after that."""
    assert aid.decided_at is not None  # noqa: S101 -- papers are owed of what was approved
    decided_on = timezone.localdate(aid.decided_at)
    terms = aid_terms(aid.area, on=decided_on)
    due = working_calendar().add(owed.relieved_on or decided_on, terms.supplement_days)
    owed.due_on, owed.due_is_provisional = due.on, due.provisional


def recompute_provisional() -> int:
    """Count due days of papers anew once a year's holidays are entered (重算补手续期限).

    :returns: how many were counted anew.
    """
    slips = list(
        PettyAdvance.objects.filter(
            supplement_due_is_provisional=True, aid__state__in=[AidState.ADVANCED, AidState.SUPPLEMENTED]
        )
        .select_related("aid__area")
        .select_for_update(of=("self",))
    )
    # Few stand open at a time, and the terms are those of each one's own day and township.
    for slip in slips:
        set_slip_due(slip, terms=aid_terms(slip.aid.area, on=timezone.localdate(slip.paid_at)))
        slip.save(update_fields=["supplement_due_on", "supplement_due_is_provisional"])
    waiting = OwedPapers.objects.filter(due_is_provisional=True, in_on=None)
    owed_papers = list(waiting.select_related("aid__area").select_for_update(of=("self",)))
    for owed in owed_papers:
        set_owed_due(owed, owed.aid)
        owed.save(update_fields=["due_on", "due_is_provisional"])
    return len(slips) + len(owed_papers)


def _check_another(held: date | None, relieved_on: date, *, due_on: date, reason: str, on: date) -> str:
    """Whether a day may be kept; the first takes no reason, another one does, and none is put off for ever.

    :returns: the reason.
    """
    if on > due_on and (held is not None or relieved_on > due_on):
        raise NotAllowed("补手续已经逾期，不能再登记急难解除日；请说明逾期原因，尽快补齐。", field="relieved_on")
    if held is None:
        return ""
    if relieved_on == held:
        raise NotAllowed(f"已经登记急难于{chinese_date(held)}解除，没有改动。", field="relieved_on")
    sentence = f"已经登记急难于{chinese_date(held)}解除；要改，请写明更正的理由。"
    return check_told(reason, sentence, field="relieved_reason")
