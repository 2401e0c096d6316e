"""The long work of uplifts (提标): reckoning, carrying out, rolling back; in chunks, each committed with its results.

Begun anew after a worker was lost, each does only what is not done yet: a line once written is not written again.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from benefits.models import AwardVersion, VersionKind
from benefits.services import BatchShare, BatchVersion, Care, append_versions, lock_awards, rolls
from dynamic_review.models import Uplift, UpliftLine, UpliftResult, UpliftRun, UpliftState, UpliftStep
from dynamic_review.permissions import Permission
from dynamic_review.queries.standings import (
    CHUNK,
    AwardCase,
    Segment,
    award_cases,
    awards_owed_since,
    in_chunks,
    is_of_uplift,
)
from dynamic_review.queries.uplifts import carried_lines, frozen_since, left_out, to_carry_out
from dynamic_review.rules.uplift import Apart, Outcome
from dynamic_review.services.laying import Source, lay
from dynamic_review.services.reckoning import Books, NewAward, uplifted
from dynamic_review.services.uplift_calls import call_for_reviews, call_off_reviews
from dynamic_review.services.uplift_notices import void_notices
from dynamic_review.services.uplifts import (
    APPLY,
    PREVIEW,
    ROLL_BACK,
    finish_preview,
    finish_rolling_back,
    finish_step,
    why_not_rolled_back,
)
from organizations.services.job_run import JobRun
from organizations.services.jobs import job_kind

_PIECE = 500
"""Awards locked and written in one transaction."""


@job_kind(PREVIEW, permission=Permission.ENTER_UPLIFT, cancellable=True)
def preview(job: JobRun) -> None:
    """Reckon every award of the scheme and keep a line of each."""
    run = UpliftRun.objects.select_related("uplift").get(pk=job.parameters["run"])
    uplift, books = run.uplift, Books()
    awards = awards_owed_since(uplift.from_month, scheme=uplift.scheme)
    job.begin(awards.count())
    for keys in in_chunks(awards, size=CHUNK):
        if job.is_cancelled():
            job.result(url=_url(uplift), message="已取消，没有测算完；需要时请重新测算。")
            return
        made = [uplifted(case, books=books) for case in award_cases(keys, since=uplift.from_month)]
        UpliftLine.objects.bulk_create([_line(run, new) for new in made], ignore_conflicts=True)
        job.done(len(keys))
    holds = finish_preview(run, at=job.at)
    job.result(url=_url(uplift), message="已测算完。" if holds else "已测算完，但另有一次更新的测算。")


def _line(run: UpliftRun, new: NewAward, *, is_added: bool = False) -> UpliftLine:
    case, last = new.case, new.case.last.version
    months, back = new.owed(until=run.on.replace(day=1)) if new.apart is None else (0, 0)
    return UpliftLine(
        run=run,
        award=case.award,
        household_id=case.award.household_id,
        area_id=case.award.area_id,
        version=case.latest,
        category=last.category,
        person_count=last.person_count,
        outcome=new.outcome.value,
        apart=new.apart.apart.value if new.apart and new.apart.apart else "",
        before_amount=last.monthly_amount,
        after_amount=None if new.apart else new.terms[-1].amount,
        months=months,
        back_payment_amount=back,
        is_added=is_added,
    )


@job_kind(APPLY, permission=Permission.ENTER_UPLIFT)
def carry_out(job: JobRun) -> None:
    """Write the versions of every award that changes as it is today, those granted since the preview included.

    What is set apart, or cannot be carried out any more, calls for a review in its township.
    """
    uplift = Uplift.objects.select_related("run").get(pk=job.parameters["uplift"])
    if uplift.state != UpliftState.APPLYING:
        return
    _add_new(uplift)
    _step(job, uplift, UpliftStep.APPLY)
    called = call_for_reviews(uplift, on=job.on)
    finish_step(uplift, state=UpliftState.APPLIED)
    added = uplift.run.lines.filter(is_added=True, results__is_done=True).count() if uplift.run else 0
    words = f"已执行。{f'测算以后新确认的{added}户一并办理。' if added else ''}"
    told = f"{called}户须逐户看，已列入乡镇的触发复核。" if called else ""
    job.result(url=_url(uplift), message=words + told)


def _add_new(uplift: Uplift) -> None:
    """Lines of awards granted since the preview whose first months were reckoned by the old standard."""
    assert uplift.run is not None  # noqa: S101 -- held by uplift_state_has_preview
    books, known = Books(), UpliftLine.objects.filter(run=uplift.run, award=OuterRef("pk"))
    new = awards_owed_since(uplift.from_month, scheme=uplift.scheme).exclude(Exists(known))
    for keys in in_chunks(new, size=CHUNK):
        made = [uplifted(case, books=books) for case in award_cases(keys, since=uplift.from_month)]
        rows = [_line(uplift.run, new, is_added=True) for new in made if new.outcome is not Outcome.SAME]
        UpliftLine.objects.bulk_create(rows, ignore_conflicts=True)


@job_kind(ROLL_BACK, permission=Permission.APPROVE_UPLIFT)
def roll_back(job: JobRun) -> None:
    """Restore every award that the uplift changed and that was not changed since, while no roll has paid it."""
    uplift = Uplift.objects.select_related("run").get(pk=job.parameters["uplift"])
    if uplift.state != UpliftState.ROLLING_BACK:
        return
    _step(job, uplift, UpliftStep.ROLL_BACK)
    if finish_rolling_back(uplift):
        call_off_reviews(uplift, on=job.on)
        _tell(job, uplift, UpliftStep.ROLL_BACK, "已回退。")
    else:
        job.result(url=_url(uplift), message=f"没有回退，待遇不变：{why_not_rolled_back(uplift)}")


def _step(job: JobRun, uplift: Uplift, step: UpliftStep) -> None:
    assert uplift.run is not None  # noqa: S101 -- held by uplift_state_has_preview
    lines = to_carry_out(uplift.run, step=step)
    if step is UpliftStep.ROLL_BACK:
        lines = lines.filter(results__step=UpliftStep.APPLY, results__is_done=True)
    job.begin(lines.count())
    books = Books()
    # What is done is left out piece by piece: asked of all lines anew before every piece, it would take their square.
    for keys in in_chunks(carried_lines(uplift.run), size=_PIECE):
        with transaction.atomic():
            piece = list(lines.filter(pk__in=keys).select_related("version").order_by("award"))
            if step is UpliftStep.ROLL_BACK:
                rolls.hold_freezing(uplift.scheme)
            lock_awards([line.award_id for line in piece])
            write = _apply if step is UpliftStep.APPLY else _restore
            results = write(uplift, piece, books, job)
            UpliftResult.objects.bulk_create(results)
            if step is UpliftStep.ROLL_BACK:
                undone = [line for line, result in zip(piece, results, strict=True) if result.is_done]
                void_notices(uplift, undone, job)
        for line, result in zip(piece, results, strict=True):
            if not result.is_done:
                job.fail(row=str(line.award), message=f"{result.get_apart_display()}。")
        job.done(sum(result.is_done for result in results))


def _tell(job: JobRun, uplift: Uplift, step: UpliftStep, done: str) -> None:
    assert uplift.run is not None  # noqa: S101 -- held by uplift_state_has_preview
    left = left_out(uplift.run, step=step)
    job.result(url=_url(uplift), message=f"{done}{f'有{left}户测算以后有变动，没有办，须逐户看。' if left else ''}")


def _url(uplift: Uplift) -> str:
    return reverse("dynamic_review:uplift", args=[uplift.pk])


def _apply(uplift: Uplift, piece: Sequence[UpliftLine], books: Books, job: JobRun) -> list[UpliftResult]:
    cases = {case.award.pk: case for case in award_cases([line.award_id for line in piece], since=uplift.from_month)}
    news = {line.pk: _now(cases.get(line.award_id), books) for line in piece}
    going = [new for new in news.values() if isinstance(new, NewAward)]
    written = lay(going, source=Source.of(uplift), by=job.by, on=job.on)
    return [_result(line, news[line.pk], written, UpliftStep.APPLY) for line in piece]


def _now(case: AwardCase | None, books: Books) -> NewAward | Apart:
    """What the uplift makes of the award as it is today."""
    if case is None or case.apart is Apart.ENDED:
        return Apart.ENDED
    new = uplifted(case, books=books)
    if new.apart is not None:
        return new.apart.apart or Apart.CHANGED_SINCE
    return Apart.SAME_NOW if new.outcome is Outcome.SAME else new


def _result(line: UpliftLine, new: NewAward | Apart, written: dict[int, int], step: UpliftStep) -> UpliftResult:
    if isinstance(new, Apart):
        return UpliftResult(line=line, step=step, is_done=False, apart=new.value)
    before = new.case.last.version.monthly_amount
    return UpliftResult(
        line=line,
        step=step,
        is_done=True,
        version_id=written[line.award_id],
        before_amount=None if before == line.before_amount else before,
    )


def _restore(uplift: Uplift, piece: Sequence[UpliftLine], books: Books, job: JobRun) -> list[UpliftResult]:
    """Write again what lies under the uplift, from its month on; nothing once a roll has paid it.

    Where a decision of an earlier month came later, the uplift was laid anew behind it: that is the uplift's own too.

    Asked anew in each piece, with freezing held: between the start and now finance may have signed.
    """
    if frozen_since(uplift) is not None:
        frozen = {"step": UpliftStep.ROLL_BACK, "is_done": False, "apart": Apart.FROZEN.value}
        return [UpliftResult(line=line, **frozen) for line in piece]
    by_award = {line.award_id: line for line in piece}
    now = {case.award.pk: case for case in award_cases(list(by_award), since=uplift.from_month)}
    before = award_cases(list(by_award), since=uplift.from_month, without=uplift.number)
    going, left = [], {}
    for case in before:
        line, current = by_award[case.award.pk], now[case.award.pk]
        if is_of_uplift(current.latest, uplift.number) and current.apart is not Apart.ENDED:
            going.append((case, current.latest.serial))
        else:
            left[line.pk] = Apart.ENDED if current.apart is Apart.ENDED else Apart.CHANGED_SINCE
    rows = [row for case, serial in going for row in _restoring(uplift, case, serial)]
    written = {version.award_id: version.pk for version in append_versions(rows, by=job.by, on=job.on)}
    return [
        UpliftResult(line=line, step=UpliftStep.ROLL_BACK, is_done=False, apart=left[line.pk].value)
        if line.pk in left
        else UpliftResult(line=line, step=UpliftStep.ROLL_BACK, is_done=True, version_id=written[line.award_id])
        for line in piece
    ]


def _restoring(uplift: Uplift, case: AwardCase, serial: int) -> list[BatchVersion]:
    return [
        BatchVersion(
            award_id=case.award.pk,
            serial=serial + place,
            from_month=segment.from_month,
            kind=VersionKind.RESTORE,
            category=segment.version.category,
            basis=segment.version.basis,
            shares=_same_shares(segment),
            reason=f"回退提标：{uplift.title}"[:100],
            source=uplift.number,
            assessment_id=segment.version.assessment_id,
            care=_same_care(segment.version),
        )
        for place, segment in enumerate(case.segments, start=1)
    ]


def _same_shares(segment: Segment) -> list[BatchShare]:
    return [
        BatchShare(
            row.person.merged_into_id or row.person_id,
            row.base_monthly_amount,
            row.topup_monthly_amount,
            row.topup_class,
        )
        for row in segment.rows
    ]


def _same_care(version: AwardVersion) -> Care | None:
    if not version.care_level:
        return None
    return Care(version.care_monthly_amount, version.care_level, version.support_mode)
