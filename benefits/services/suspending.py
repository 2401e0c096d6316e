"""暂缓发放 and its end; what is withheld is paid later only where that is decided."""

from datetime import date

from django.db import transaction

from benefits.models import Award, AwardState, AwardSuspension
from benefits.rules.months import first_month, months_after
from benefits.services.changing import NotChangeable
from foundation.dates import chinese_month
from foundation.errors import NotPermitted
from organizations.models import Area, Staff
from organizations.permissions import Permission, can_act
from organizations.queries import delegation_on


@transaction.atomic
def suspend_award(
    award: Award, *, from_month: date, reason: str, source: str = "", by: Staff, on: date
) -> AwardSuspension:
    """Pay nothing of an award from a month on until it is resumed (暂缓发放). The caller holds the permission.

    It counts as suspended (暂缓发放) at once where that is from the next month on at the latest; else it runs as it is
    until the month before, see :func:`begin_suspensions`.

    :raises NotChangeable: the award is stopped or suspended already, or is to be, or no reason is given.
    """
    if from_month.day != 1:
        raise ValueError("a suspension begins with a month")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.state in (AwardState.STOPPED, AwardState.SUSPENDED):
        raise NotChangeable(f"待遇{award.number}{award.get_state_display()}，不能再暂缓。")
    if (planned := award.suspensions.filter(ended_on=None).first()) is not None:
        raise NotChangeable(
            f"待遇{award.number}已经决定从{chinese_month(planned.from_month)}起暂缓；要改月份的，请先撤销再暂缓。"
        )
    if not reason.strip():
        raise NotChangeable("请写明暂缓发放的原因。", field="reason")
    row = AwardSuspension.objects.create(
        award=award, from_month=from_month, reason=reason.strip(), source=source, decided_by=by, decided_on=on
    )
    if from_month <= first_month(on):
        award.state = AwardState.SUSPENDED
        award.save(update_fields=["state"])
    return row


@transaction.atomic
def begin_suspensions(*, on: date) -> int:
    """Count as suspended every award whose decided suspension begins with the next month; idempotent.

    :returns: how many there were.
    """
    rows = Award.objects.filter(
        state__in=(AwardState.ACTIVE, AwardState.PHASE_OUT),
        suspensions__ended_on=None,
        suspensions__from_month__lte=first_month(on),
    )
    return Award.objects.filter(pk__in=rows.values("pk")).update(state=AwardState.SUSPENDED)


@transaction.atomic
def resume_award(
    award: Award, *, from_month: date, pays_withheld: bool, reason: str, by: Staff, on: date
) -> AwardSuspension:
    """Pay an award again from a month on (恢复发放); from the first suspended month, as if it never had been.

    The caller holds the permission.

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
    if award.state == AwardState.SUSPENDED:
        award.state = AwardState.PHASE_OUT if award.ends_month else AwardState.ACTIVE
        award.save(update_fields=["state"])
    return row


@transaction.atomic
def decide_suspension(
    award: Award, *, from_month: date, reason: str, source: str, by: Staff, on: date
) -> AwardSuspension:
    """Suspend an award (暂缓发放) by who confirms it: the county, or the township it is delegated to.

    :param source: number or name of the paper that it rests on (依据).
    :raises NotPermitted: the person does not confirm awards of the scheme there.
    :raises NotChangeable: as :func:`suspend_award`, no paper is named, or a month that is over or far away.
    """
    check_may_suspend(award, by=by, on=on)
    if not source.strip():
        raise NotChangeable("请写明暂缓发放依据的文书或者文号。", field="source")
    least, most = max(on.replace(day=1), award.starts_month), months_after(max(first_month(on), award.starts_month), 11)
    if not least <= from_month <= most:
        raise NotChangeable(
            f"暂缓发放从{chinese_month(least)}至{chinese_month(most)}之间的一个月起。", field="from_month"
        )
    return suspend_award(award, from_month=from_month, reason=reason, source=source.strip(), by=by, on=on)


@transaction.atomic
def decide_resumption(
    award: Award, *, from_month: date, pays_withheld: bool, reason: str, by: Staff, on: date
) -> AwardSuspension:
    """Resume an award (恢复发放) by who confirms it; of one that has ended, only whether withheld months are paid.

    A suspension that is still to come is taken back by resuming from its own month.

    :raises NotPermitted: the person does not confirm awards of the scheme there.
    :raises NotChangeable: as :func:`resume_award`, nobody whom it covers is alive, or a month after the next one.
    """
    check_may_suspend(award, by=by, on=on)
    # Who was left out by an earlier decision lives on, but not in this award.
    paid_in = min(from_month, award.ends_month or from_month)
    alive = award.persons.filter(person__died_on=None, covered__overlap=(paid_in, None))
    if award.state == AwardState.SUSPENDED and not alive.exists():
        raise NotChangeable("保障对象都已登记死亡，不能恢复发放；请办理停发。")
    if award.state == AwardState.SUSPENDED and award.household.ended_on is not None:
        raise NotChangeable("这个家庭已经注销，不能恢复发放；请办理停发。")
    if from_month > (latest := latest_resumption(award, on=on)):
        raise NotChangeable(f"恢复发放不能晚于{chinese_month(latest)}。", field="from_month")
    return resume_award(award, from_month=from_month, pays_withheld=pays_withheld, reason=reason, by=by, on=on)


def latest_resumption(award: Award, *, on: date) -> date:
    """The last month from which an award may be resumed: the next one, or the first of a suspension still to come."""
    begins = award.suspensions.filter(ended_on=None).values_list("from_month", flat=True).first()
    return max(first_month(on), begins or first_month(on))


def check_may_suspend(award: Award, *, by: Staff, on: date) -> None:
    """
    :raises NotPermitted: the person confirms no awards of the scheme in the area, for the county or as delegated.
    """
    if not may_suspend(by, scheme=award.scheme, area=award.area, on=on):
        raise NotPermitted(f"暂缓和恢复发放由审核确认{award.get_scheme_display()}的机关决定，您没有这项权限。")


def may_suspend(by: Staff, *, scheme: str, area: Area, on: date) -> bool:
    """Whether the person confirms awards of a scheme in an area: for the county, or where that is delegated (下放)."""
    if can_act(by, Permission.CONFIRM, area=area):
        return True
    return can_act(by, Permission.CONFIRM_DELEGATED, area=area) and delegation_on(area, scheme, on=on) is not None
