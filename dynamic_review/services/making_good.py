"""提标补差: months that an award stopped, phased out or brought back was paid at the old standard; by two people."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from benefits.models import Award, VersionKind
from benefits.queries import owed_of
from benefits.rules.months import months_after
from benefits.rules.phase_out import Share, scaled
from benefits.services import BatchShare, BatchVersion, Care, append_versions, lock_awards
from dynamic_review.models import Uplift, UpliftLine, UpliftMakingGood, UpliftState, UpliftStep
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.making_good import MADE_GOOD_IN
from dynamic_review.queries.standings import AwardCase, Segment, award_cases
from dynamic_review.rules.uplift import Outcome
from dynamic_review.services.laying import Source, lay
from dynamic_review.services.reckoning import Books, NewAward, parameters_of, uplifted
from dynamic_review.services.uplifts import UpliftRefused, locked_uplift
from eligibility.queries import AMOUNT_KEYS
from foundation.errors import NotPermitted
from foundation.money import half_up_to_fen
from organizations.models import Staff
from organizations.queries import county, deputising
from organizations.rules.separation import standing_as_one

ZERO = Decimal("0.00")
NO_LONGER = "提标已经回退或者待遇已经恢复，现在不能审批这份补差。"


@dataclass(frozen=True)
class OwedMonth:
    """One month before and after; yuan."""

    month: date
    before: Decimal
    after: Decimal

    @property
    def lacking(self) -> Decimal:
        return self.after - self.before


@dataclass(frozen=True)
class Reckoning:
    """What is to be made good; ``why_not`` where it cannot be reckoned, so that the sum is found by hand."""

    case: AwardCase
    new: NewAward | None
    months: Sequence[OwedMonth]
    why_not: str = ""

    @property
    def amount(self) -> Decimal:
        """In all, yuan."""
        return sum((month.lacking for month in self.months), ZERO)


def may_be_made_good(line: UpliftLine, uplift: Uplift) -> bool:
    """Whether the line's award has months behind it that no review reaches any more.

    Of an award that goes on after a phase-out these are months before the review that brought it back.
    """
    if uplift.state != UpliftState.APPLIED:
        return False
    if line.award.state in MADE_GOOD_IN:
        return True
    if line.results.filter(step=UpliftStep.APPLY, is_done=True).exists():
        return False
    (case,) = award_cases([line.award_id], since=uplift.from_month)
    return case.award.ends_month is None and _was_brought_back(case)


def _was_brought_back(case: AwardCase) -> bool:
    """Whether an award stood in phase-out and now goes on by figures that hold for its month."""
    if not case.award.versions.filter(kind=VersionKind.PHASE_OUT).exists() or _is_phase_out(case.last):
        return False
    if case.last.ground is None:
        return False
    known, now = case.last.ground.parameters, parameters_of(case, case.last, Books().on(case.last.from_month))
    return all(getattr(known, key) == getattr(now, key) for key in AMOUNT_KEYS[case.award.scheme])


def reckon_making_good(line: UpliftLine, *, monthly_amount: Decimal | None = None) -> Reckoning:
    """Reckon the months of the line's award since the uplift that were paid whole; those of a phase-out stay.

    :param monthly_amount: for each of them where the uplift cannot reckon it; yuan a month.
    """
    (case,) = award_cases([line.award_id], since=line.run.uplift.from_month)
    spans = _spans(case)
    case = replace(case, apart=None, segments=[segment for segment, _ in spans])
    if not spans:
        return Reckoning(case, None, (), "生效月以后都在渐退期，按原额发放，没有要补的。")
    if monthly_amount is not None:
        return Reckoning(case, None, _months(case, spans, [monthly_amount] * len(spans)))
    new = uplifted(case, books=Books())
    if new.apart is not None:
        label = new.apart.apart.label if new.apart.apart else "无法重新测算"
        return Reckoning(case, None, (), f"{label}；请查明后填写这些月份的月金额。")
    return Reckoning(case, new, _months(case, spans, [terms.amount for terms in new.terms]))


def _is_phase_out(segment: Segment) -> bool:
    return segment.version.kind == VersionKind.PHASE_OUT


def _spans(case: AwardCase) -> list[tuple[Segment, list[date]]]:
    """Segments that were paid whole, each with its months; without the one by which an award goes on."""
    last = _last_month(case.award)
    ends = [months_after(segment.from_month, -1) for segment in case.segments[1:]]
    found = []
    for segment, end in zip(case.segments, [*ends, last], strict=True):
        months, upto = [], min(filter(None, (end, last)), default=None)
        month = segment.from_month
        while upto is not None and month <= upto:
            months.append(month)
            month = months_after(month, 1)
        if months and not _is_phase_out(segment):
            found.append((segment, months))
    return found


def _months(
    case: AwardCase, spans: Sequence[tuple[Segment, Sequence[date]]], amounts: Sequence[Decimal]
) -> list[OwedMonth]:
    """What was owed for each month, and as much more as the new sum is above the old one."""
    sums = {
        month: (segment.version.monthly_amount, amount)
        for (segment, months), amount in zip(spans, amounts, strict=True)
        for month in months
    }
    found = []
    for month, owed in owed_of(case.award, sorted(sums)).items():
        whole, amount = sums[month]
        # Who died or was not paid for in the month has no part of the rise either.
        after = half_up_to_fen(owed.amount * amount / whole) if owed.amount != whole else amount
        if owed.amount:
            found.append(OwedMonth(month, owed.amount, after))
    return found


def _last_month(award: Award) -> date | None:
    """The last month that was paid whole; None of an award that goes on."""
    last = award.ends_month
    if last is None:
        return None
    phase_out = award.phase_outs.filter(revoked_on=None, last_month=last).first()
    return last if phase_out is None else months_after(phase_out.first_month, -1)


@transaction.atomic
def enter_making_good(
    line: UpliftLine, *, reason: str, monthly_amount: Decimal | None = None, by: Staff, on: date
) -> UpliftMakingGood:
    """Enter what a stopped award, or one in phase-out, is still owed by the new standard (录入补差).

    :param monthly_amount: only where the uplift cannot reckon it; yuan a month.
    :raises NotPermitted: the person may not enter uplifts.
    :raises UpliftRefused: nothing is owed or can be reckoned, it was entered before, or no reason.
    """
    check_can_act(by, Permission.ENTER_UPLIFT, area=county())
    uplift = Uplift.objects.select_for_update(of=("self",)).get(pk=line.run.uplift_id)
    if not may_be_made_good(line, uplift):
        raise UpliftRefused("提标执行以后，已经停发、在渐退期或者渐退以后经复核恢复的待遇才办理补差；其他的请复核。")
    if UpliftMakingGood.objects.filter(line=line).exists():
        raise UpliftRefused("这份待遇的补差已经录入。")
    if not reason.strip():
        raise UpliftRefused("请写明补差的说明。", field="reason")
    if monthly_amount is not None:
        _check_by_hand(line)
    found = reckon_making_good(line, monthly_amount=monthly_amount)
    if found.why_not:
        raise UpliftRefused(found.why_not, field="monthly_amount")
    if found.amount <= 0:
        raise UpliftRefused("生效月以后没有少发的月份，不用补差。")
    return UpliftMakingGood.objects.create(
        line=line,
        monthly_amount=monthly_amount,
        amount=found.amount,
        reason=reason.strip(),
        entered_by=by,
        entered_on=on,
    )


def _check_by_hand(line: UpliftLine) -> None:
    """
    :raises UpliftRefused: the uplift raised the award, or reckons the sum: none is to be found by hand.
    """
    if line.results.filter(step=UpliftStep.APPLY, is_done=True).exists():
        raise UpliftRefused("这份待遇已经按这次提标调整，不用手工填写月金额；有错的请复核。", field="monthly_amount")
    if not reckon_making_good(line).why_not:
        raise UpliftRefused("这些月份系统算得出，月金额请不填。", field="monthly_amount")


@transaction.atomic
def approve_making_good(row: UpliftMakingGood, *, by: Staff, on: date) -> UpliftMakingGood:
    """Approve it (审批补差): versions of the award's past months, which the next roll pays (补发).

    :raises NotPermitted: the person may not approve uplifts, entered it, or stands for who did.
    :raises UpliftRefused: approved before, no longer to be made good, or it comes to another sum by now.
    """
    # Under the uplift's lock, so that no roll-back begins between the question and the versions.
    uplift = locked_uplift(row.line.run.uplift, by=by, permission=Permission.APPROVE_UPLIFT)
    row = UpliftMakingGood.objects.select_for_update(of=("self",)).select_related("line__run__uplift").get(pk=row.pk)
    if row.approved_by_id is not None:
        raise UpliftRefused("这份补差已经审批。")
    deputies = deputising(since=row.entered_on, on=on)
    if by.pk == row.entered_by_id or by.pk in standing_as_one(frozenset({row.entered_by_id}), deputies):
        raise NotPermitted("录入人和代理录入人的，不能审批这份补差，请由另一人审批。")
    lock_awards([row.line.award_id])
    if not may_be_made_good(row.line, uplift):
        raise UpliftRefused(f"录入以后，{NO_LONGER}")
    found = reckon_making_good(row.line, monthly_amount=row.monthly_amount)
    if found.amount != row.amount:
        raise UpliftRefused(f"现在算得{found.amount:,.2f}元，与录入的{row.amount:,.2f}元不同，请联系录入人核实。")
    row.version_id = _write(row, found, by=by, on=on)
    row.approved_by, row.approved_on = by, on
    row.save(update_fields=["version", "approved_by", "approved_on"])
    return row


def _write(row: UpliftMakingGood, found: Reckoning, *, by: Staff, on: date) -> int:
    """The months' new sums, and what stood from a phase-out on again as it was: a later version holds over it."""
    source = Source.of(row.line.run.uplift)
    (whole,) = award_cases([row.line.award_id], since=row.line.run.uplift.from_month)
    if found.new is not None and found.new.outcome is not Outcome.SAME:
        last = lay([found.new], source=source, by=by, on=on)[row.line.award_id]
    else:
        assert row.monthly_amount is not None  # noqa: S101 -- nothing else makes a sum where nothing is reckoned
        rows = [
            _copy(segment, found.case, place, source=source, kind=VersionKind.UPLIFT, amount=row.monthly_amount)
            for place, segment in enumerate(found.case.segments, start=1)
        ]
        last = append_versions(rows, by=by, on=on)[-1].pk
    (now,) = award_cases([row.line.award_id], since=row.line.run.uplift.from_month)
    made = {segment.from_month for segment in found.case.segments}
    first = next((segment.from_month for segment in whole.segments if segment.from_month not in made), None)
    laid = {segment.from_month: segment for segment in now.segments}
    again = [
        laid[segment.from_month] if segment.from_month in made else segment
        for segment in whole.segments
        if first is not None and segment.from_month >= first
    ]
    rows = [
        _copy(segment, now, place, source=source, kind=VersionKind(segment.version.kind))
        for place, segment in enumerate(again, start=1)
    ]
    return append_versions(rows, by=by, on=on)[-1].pk if rows else last


def _copy(
    segment: Segment, case: AwardCase, place: int, *, source: Source, kind: VersionKind, amount: Decimal | None = None
) -> BatchVersion:
    version = segment.version
    before = [Share(row.base_monthly_amount, row.topup_monthly_amount) for row in segment.rows]
    shares = before if amount is None else scaled(before, amount)
    care = version.care_monthly_amount
    return BatchVersion(
        award_id=version.award_id,
        serial=case.latest.serial + place,
        from_month=segment.from_month,
        kind=kind,
        category=version.category,
        basis=version.basis,
        shares=[
            BatchShare(row.person.merged_into_id or row.person_id, share.base, share.topup, row.topup_class)
            for row, share in zip(segment.rows, shares, strict=True)
        ],
        reason=version.reason if amount is None else source.reason,
        source=version.source if amount is None else source.number,
        assessment_id=version.assessment_id,
        care=Care(care, version.care_level, version.support_mode) if version.care_level else None,
    )
