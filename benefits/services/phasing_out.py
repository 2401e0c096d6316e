"""渐退: the signed decision names the last paid month, and the award ends then by itself. F57 §33; handbook 1.9."""

from datetime import date

from django.db import transaction
from django.db.models import F

from benefits.models import Award, AwardEnd, AwardState, PhaseOut
from benefits.rules.months import first_month, months_after
from benefits.services.changing import NotChangeable
from organizations.models import Staff


@transaction.atomic
def start_phase_out(
    award: Award,
    *,
    months: int,
    suggested_months: int | None,
    suggestion: str,
    reason: str,
    source: str = "",
    by: Staff,
    on: date,
) -> PhaseOut:
    """Phase an award out over some months after the decision's; the caller holds the decision's permission.

    :param months: 1–6; the last is the last paid month, and nobody is covered after it.
    :raises NotChangeable: the award does not run as it is, or the months are none that the law gives.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.state != AwardState.ACTIVE:
        raise NotChangeable(f"待遇{award.number}{award.get_state_display()}，不能渐退。")
    if not 1 <= months <= 6:
        raise NotChangeable("渐退月数为1至6个月。", field="months")
    first = first_month(on)
    row = PhaseOut.objects.create(
        award=award,
        first_month=first,
        last_month=months_after(first, months - 1),
        months=months,
        suggested_months=suggested_months,
        suggestion=suggestion,
        reason=reason,
        source=source,
        decided_by=by,
        decided_on=on,
    )
    _cover_until(award, row.last_month)
    award.state, award.ends_month = AwardState.PHASE_OUT, row.last_month
    award.save(update_fields=["state", "ends_month"])
    return row


@transaction.atomic
def revoke_phase_out(phase_out: PhaseOut, *, reason: str, by: Staff, on: date) -> PhaseOut:
    """Take a phase-out back before it has ended (撤销渐退): the award runs on.

    :raises NotChangeable: it has ended or was revoked, or no reason is given.
    :raises AlreadyCovered: somebody of it stands in another award after it.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=phase_out.award_id)
    row = PhaseOut.objects.select_for_update(of=("self",)).get(pk=phase_out.pk)
    if row.revoked_on is not None or award.state != AwardState.PHASE_OUT or award.ends_month != row.last_month:
        raise NotChangeable("这次渐退已经到期或撤销，不能再撤销。")
    if not reason.strip():
        raise NotChangeable("请写明撤销渐退的原因。", field="reason")
    row.revoked_by, row.revoked_on, row.revoke_reason = by, on, reason.strip()
    row.save()
    _cover_on(award, after=first_month(row.last_month))
    award.state, award.ends_month = AwardState.ACTIVE, None
    award.save(update_fields=["state", "ends_month"])
    return row


def _cover_until(award: Award, last_month: date) -> None:
    after = first_month(last_month)
    for row in award.persons.select_for_update().filter(covered__overlap=(after, None)):
        row.covered = (row.covered.lower, max(row.covered.lower, after))
        row.save(update_fields=["covered"])


def _cover_on(award: Award, *, after: date) -> None:
    for row in award.persons.select_for_update().filter(covered__endswith=after):
        row.covered = (row.covered.lower, None)
        row.save(update_fields=["covered"])


@transaction.atomic
def finish_phase_outs(*, on: date) -> int:
    """End every award whose last phase-out month is over, as its decision says; idempotent, after any downtime.

    :returns: how many ended.
    """
    month = on.replace(day=1)
    ready = Award.objects.select_for_update(of=("self",)).filter(state=AwardState.PHASE_OUT, ends_month__lt=month)
    awards = list(ready.values_list("pk", flat=True))
    if not awards:
        return 0
    rows = PhaseOut.objects.filter(award__in=awards, revoked_on=None, last_month=F("award__ends_month"))
    AwardEnd.objects.bulk_create(
        AwardEnd(
            award_id=row.award_id,
            last_month=row.last_month,
            reason="渐退期满停发",
            source=row.source,
            decided_on=row.decided_on,
            decided_by_id=row.decided_by_id,
        )
        for row in rows
    )
    Award.objects.filter(pk__in=awards).update(state=AwardState.STOPPED)
    return len(awards)
