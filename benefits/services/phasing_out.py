"""渐退: the signed decision names the last paid month, and the award ends then by itself. F57 §33; handbook 1.9."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F

from benefits.models import (
    Award,
    AwardCheck,
    AwardEnd,
    AwardState,
    AwardVersion,
    CheckCause,
    PhaseOut,
    VersionKind,
)
from benefits.queries import phase_outs_given
from benefits.rules.months import first_month
from benefits.rules.phase_out import FINISHED, Share, amounts, months_of, scaled, unpaid_from
from benefits.services.changing import NotChangeable
from benefits.services.granting import AlreadyCovered, CoveredPerson, VersionTerms, write_version
from benefits.signals import phase_out_revoked
from eligibility.models import Assessment
from eligibility.queries import further_value, parameters_in_force
from eligibility.rules.further_parameters import PHASE_OUT_PAY_MODE, PHASE_OUTS_PER_COVERAGE
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act

_RUNNING = (AwardState.PHASE_OUT, AwardState.SUSPENDED)
"""States in which a phase-out goes on: one that is suspended meanwhile ends on its day, too."""


@transaction.atomic
def start_phase_out(
    award: Award,
    *,
    months: int,
    suggested_months: int | None,
    suggestion: str,
    reason: str,
    source: str = "",
    assessment: Assessment | None = None,
    by: Staff,
    on: date,
) -> PhaseOut:
    """Phase an award out over some months after the decision's; the caller holds the decision's permission.

    What is paid in each month (期内待遇) is written down at once as versions: the same, or falling step by step.

    :param months: within the county's bounds; the last is the last paid month, and nobody is covered after it.
    :raises NotChangeable: the award does not run as it is, covers nobody alive, was phased out before in this period
        of coverage, or the months are none that the county gives.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("household", "area").get(pk=award.pk)
    _check_may_start(award, months=months, on=on)
    paid = months_of(on, months)
    row = PhaseOut.objects.create(
        award=award,
        first_month=paid[0],
        last_month=paid[-1],
        months=months,
        suggested_months=suggested_months,
        suggestion=suggestion,
        reason=reason,
        source=source,
        decided_by=by,
        decided_on=on,
    )
    _write_sums(award, row, paid, assessment=assessment)
    for covering in award.persons.select_for_update().filter(covered__overlap=(unpaid_from(row.last_month), None)):
        covering.covered = (covering.covered.lower, max(covering.covered.lower, unpaid_from(row.last_month)))
        covering.save(update_fields=["covered"])
    award.state, award.ends_month = AwardState.PHASE_OUT, row.last_month
    award.save(update_fields=["state", "ends_month"])
    return row


def _check_may_start(award: Award, *, months: int, on: date) -> None:
    if award.state != AwardState.ACTIVE:
        raise NotChangeable(f"待遇{award.number}{award.get_state_display()}，不能渐退。")
    residence = award.household.residence
    figures = parameters_in_force(award.area, residence=residence, on=on)
    least, most = figures.phase_out_min_months, figures.phase_out_max_months
    if not least <= months <= most:
        raise NotChangeable(f"渐退月数为{least}至{most}个月。", field="months")
    if not award.persons.filter(covered__overlap=(first_month(on), None), person__died_on=None).exists():
        raise NotChangeable(f"待遇{award.number}的保障对象都已登记死亡，不适用渐退。")
    allowed = further_value(PHASE_OUTS_PER_COVERAGE, area=award.area, on=on, residence=residence)
    given = phase_outs_given(award)
    if given >= allowed:
        raise NotChangeable(f"同一在保期最多给{allowed}次渐退期，待遇{award.number}已经给过{given}次。")


def _write_sums(award: Award, row: PhaseOut, paid: Sequence[date], *, assessment: Assessment | None) -> None:
    residence, on = award.household.residence, row.decided_on
    mode = further_value(PHASE_OUT_PAY_MODE, area=award.area, on=on, residence=residence)
    rounding = parameters_in_force(award.area, residence=residence, on=on).amount_rounding
    before = award.versions.filter(from_month__lte=paid[0]).latest("serial")
    sums = amounts(before.monthly_amount, len(paid), mode=mode, rounding=rounding)
    written: Decimal | None = None
    for place, (month, amount) in enumerate(zip(paid, sums, strict=True), start=1):
        if amount == written:
            continue
        step = f"渐退第{place}个月" if len(set(sums)) > 1 else f"渐退{row.months}个月"
        _follow(
            award,
            before,
            kind=VersionKind.PHASE_OUT,
            amount=amount,
            month=month,
            reason=step,
            source=row.source,
            assessment=assessment,
            by=row.decided_by,
            on=on,
        )
        written = amount


def _follow(
    award: Award,
    before: AwardVersion,
    *,
    kind: str,
    amount: Decimal,
    month: date,
    reason: str,
    source: str,
    by: Staff,
    on: date,
    assessment: Assessment | None = None,
) -> AwardVersion:
    """Write a version like another one, of another sum whose parts keep their proportion."""
    people = list(before.persons.select_related("person__merged_into"))
    shares = scaled([Share(row.base_monthly_amount, row.topup_monthly_amount) for row in people], amount)
    terms = VersionTerms(
        monthly_amount=amount,
        persons=[
            CoveredPerson(row.person.merged_into or row.person, share.topup, row.topup_class, share.base)
            for row, share in zip(people, shares, strict=True)
        ],
        category=before.category,
        basis=before.basis,
        kind=kind,
        reason=reason,
        source=source,
        assessment=assessment or before.assessment,
    )
    serial = award.versions.latest("serial").serial + 1
    return write_version(award, terms, serial=serial, from_month=month, by=by, on=on)


@transaction.atomic
def revoke_phase_out(phase_out: PhaseOut, *, reason: str, source: str = "", by: Staff, on: date) -> PhaseOut:
    """Take a phase-out back before it has ended (撤销渐退): the award runs on with the whole sum from the next month.

    The caller holds the decision's permission.

    :raises NotChangeable: its last month is over, it was ended or revoked, or no reason is given.
    :raises AlreadyCovered: somebody of it stands in another award after it.
    """
    award = Award.objects.select_for_update(of=("self",)).get(pk=phase_out.award_id)
    row = PhaseOut.objects.select_for_update(of=("self",)).get(pk=phase_out.pk)
    is_over = on >= unpaid_from(row.last_month)
    if row.revoked_on is not None or is_over or award.state not in _RUNNING or award.ends_month != row.last_month:
        raise NotChangeable("这次渐退已经到期或撤销，不能再撤销。")
    if not reason.strip():
        raise NotChangeable("请写明撤销渐退的原因。", field="reason")
    row.revoked_by, row.revoked_on, row.revoke_reason = by, on, reason.strip()
    row.save()
    award.checks.filter(cause=CheckCause.PHASE_OUT, settled_on=None).update(
        settled_on=on, settled_by=by, finding="渐退已经撤销，待遇恢复"
    )
    whole = _whole_of(award, row)
    _cover_on(award, whole, after=unpaid_from(row.last_month))
    if award.state == AwardState.PHASE_OUT:
        award.state = AwardState.ACTIVE
    award.ends_month = None
    award.save(update_fields=["state", "ends_month"])
    _follow(
        award,
        whole,
        kind=VersionKind.RESTORE,
        amount=whole.monthly_amount,
        month=max(first_month(on), row.first_month),
        reason=f"撤销渐退：{row.revoke_reason}"[:100],
        source=source,
        by=by,
        on=on,
    )
    return row


@transaction.atomic
def report_less_income(award: Award, *, happened_on: date, by: Staff, on: date) -> AwardCheck:
    """A family in phase-out tells that its income fell again (收入又减少): looked into, and shown on the county's list.

    :raises NotPermitted: no right to propose in the award's area.
    :raises NotChangeable: the award is not being phased out, it was told already, or a day that cannot be.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("area", "household").get(pk=award.pk)
    check_can_act(by, Permission.PROPOSE, area=award.area)
    row = award.phase_outs.filter(revoked_on=None, last_month=award.ends_month).first() if award.ends_month else None
    if row is None or award.state not in _RUNNING or on >= unpaid_from(row.last_month):
        raise NotChangeable(f"待遇{award.number}不在渐退期内；已经停发的，请重新申请。")
    if not row.decided_on <= happened_on <= on:
        raise NotChangeable("收入减少的日期应在渐退决定以后、今天以前。", field="happened_on")
    if award.checks.filter(cause=CheckCause.PHASE_OUT, settled_on=None).exists():
        raise NotChangeable("这个家庭的收入减少已经登记，正在核查。")
    head = award.household.members.filter(relation="head", left_on=None).select_related("person").first()
    person = head.person if head else award.persons.order_by("pk").first().person  # type: ignore[union-attr]
    return AwardCheck.objects.create(
        award=award, person=person, cause=CheckCause.PHASE_OUT, happened_on=happened_on, noted_by=by
    )


@transaction.atomic
def take_back_phase_out(phase_out: PhaseOut, *, reason: str, by: Staff, on: date) -> PhaseOut:
    """The county takes a phase-out back that it finds on its list (到期前撤销); see :func:`revoke_phase_out`.

    :raises NotPermitted: no right to revoke phase-outs in the award's area.
    """
    check_can_act(by, Permission.MANAGE_PHASE_OUT, area=phase_out.award.area)
    row = revoke_phase_out(phase_out, reason=reason, by=by, on=on)
    phase_out_revoked.send(PhaseOut, phase_out=row)
    return row


def _whole_of(award: Award, row: PhaseOut) -> AwardVersion:
    """The version with the whole sum: what another decision made of it meanwhile, else the first month's."""
    first = award.versions.filter(kind=VersionKind.PHASE_OUT, from_month=row.first_month).latest("serial")
    later = award.versions.filter(serial__gt=first.serial).exclude(kind=VersionKind.PHASE_OUT)
    return later.order_by("-serial").first() or first


def _cover_on(award: Award, whole: AwardVersion, *, after: date) -> None:
    people = [row.person.merged_into_id or row.person_id for row in whole.persons.select_related("person")]
    for row in award.persons.select_for_update().filter(person__in=people, covered__endswith=after):
        row.covered = (row.covered.lower, None)
        try:
            with transaction.atomic():
                row.save(update_fields=["covered"])
        except IntegrityError as error:
            if "person_in_one_current_award" not in str(error):
                raise
            raise AlreadyCovered(
                f"{row.person.name}在渐退期满以后已在另一份低保或特困待遇里，不能撤销渐退。请先核实。"
            ) from error


@transaction.atomic
def finish_phase_outs(*, on: date) -> int:
    """End every award whose last phase-out month is over, as its decision says; idempotent, after any downtime.

    :returns: how many ended.
    """
    ready = Award.objects.select_for_update(of=("self",)).filter(
        state__in=_RUNNING,
        ends_month__lt=on.replace(day=1),
        phase_outs__revoked_on=None,
        phase_outs__last_month=F("ends_month"),
    )
    awards = list(ready.order_by("pk").values_list("pk", flat=True))
    rows = PhaseOut.objects.filter(award__in=awards, revoked_on=None, last_month=F("award__ends_month"))
    AwardEnd.objects.bulk_create(
        AwardEnd(
            award_id=row.award_id,
            last_month=row.last_month,
            reason=FINISHED,
            source=row.source,
            decided_on=row.decided_on,
            decided_by_id=row.decided_by_id,
        )
        for row in rows
    )
    Award.objects.filter(pk__in=awards).update(state=AwardState.STOPPED)
    return len(awards)
