"""暂缓发放 and its end; what is withheld is paid later only where that is decided."""

from datetime import date

from django.db import transaction

from benefits.models import Award, AwardState, AwardSuspension
from benefits.rules.months import months_after
from benefits.services.changing import NotChangeable
from organizations.models import Staff


@transaction.atomic
def suspend_award(
    award: Award, *, from_month: date, reason: str, source: str = "", by: Staff, on: date
) -> AwardSuspension:
    """Pay nothing of an award from a month on until it is resumed (暂缓发放). The caller holds the permission.

    :raises NotChangeable: the award is stopped or suspended already, or no reason is given.
    """
    if from_month.day != 1:
        raise ValueError("a suspension begins with a month")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.state in (AwardState.STOPPED, AwardState.SUSPENDED):
        raise NotChangeable(f"待遇{award.number}{award.get_state_display()}，不能再暂缓。")
    if not reason.strip():
        raise NotChangeable("请写明暂缓发放的原因。", field="reason")
    row = AwardSuspension.objects.create(
        award=award, from_month=from_month, reason=reason.strip(), source=source, decided_by=by, decided_on=on
    )
    award.state = AwardState.SUSPENDED
    award.save(update_fields=["state"])
    return row


@transaction.atomic
def resume_award(
    award: Award, *, from_month: date, pays_withheld: bool, reason: str, by: Staff, on: date
) -> AwardSuspension:
    """Pay an award again from a month on (恢复发放). The caller holds the permission.

    :param pays_withheld: whether the months withheld are paid with the next roll (补发).
    :raises NotChangeable: it is not suspended, the month lies before the suspension, or no reason is given.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    row = award.suspensions.select_for_update(of=("self",)).filter(ended_on=None).first()
    if row is None:
        raise NotChangeable(f"待遇{award.number}没有暂缓发放。")
    if from_month.day != 1 or from_month < row.from_month:
        raise NotChangeable("恢复的月份不能早于暂缓的月份。", field="from_month")
    if not reason.strip():
        raise NotChangeable("请写明恢复发放的原因。", field="reason")
    row.to_month, row.pays_withheld = months_after(from_month, -1), pays_withheld
    row.ended_by, row.ended_on, row.end_reason = by, on, reason.strip()
    row.save()
    award.state = AwardState.PHASE_OUT if award.ends_month else AwardState.ACTIVE
    award.save(update_fields=["state"])
    return row
