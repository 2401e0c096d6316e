"""The long work of uplifts (提标): reckoning, carrying out, rolling back; in chunks, each committed with its results.

Begun anew after a worker was lost, each does only what is not done yet: a line once written is not written again.
"""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from benefits.models import AwardVersion, VersionKind
from benefits.services import BatchShare, BatchVersion, Care, append_versions, lock_awards
from dynamic_review.models import Uplift, UpliftLine, UpliftResult, UpliftRun, UpliftState, UpliftStep
from dynamic_review.permissions import Permission
from dynamic_review.queries.standings import CHUNK, AwardCase, Segment, award_cases, awards_owed_since, in_chunks
from dynamic_review.queries.uplifts import carried_lines, left_out, to_carry_out
from dynamic_review.rules.uplift import Apart, Outcome
from dynamic_review.services.reckoning import Books, NewAward, NewTerms, uplifted
from dynamic_review.services.uplifts import APPLY, PREVIEW, ROLL_BACK, finish_preview, finish_step
from eligibility.services import ReckonedFamily, store_reckoned
from organizations.models import Staff
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


def _line(run: UpliftRun, new: NewAward) -> UpliftLine:
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
    )


@job_kind(APPLY, permission=Permission.ENTER_UPLIFT)
def carry_out(job: JobRun) -> None:
    """Write the versions of every line that changes; what moved since the preview is left as it is and reported."""
    uplift = Uplift.objects.select_related("run").get(pk=job.parameters["uplift"])
    if uplift.state != UpliftState.APPLYING:
        return
    _step(job, uplift, UpliftStep.APPLY)
    finish_step(uplift, state=UpliftState.APPLIED)
    _tell(job, uplift, UpliftStep.APPLY, "已执行。")


@job_kind(ROLL_BACK, permission=Permission.APPROVE_UPLIFT)
def roll_back(job: JobRun) -> None:
    """Restore every award that the uplift changed and that was not changed since."""
    uplift = Uplift.objects.select_related("run").get(pk=job.parameters["uplift"])
    if uplift.state != UpliftState.ROLLING_BACK:
        return
    _step(job, uplift, UpliftStep.ROLL_BACK)
    finish_step(uplift, state=UpliftState.ROLLED_BACK)
    _tell(job, uplift, UpliftStep.ROLL_BACK, "已回退。")


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
            lock_awards([line.award_id for line in piece])
            write = _apply if step is UpliftStep.APPLY else _restore
            results = write(uplift, piece, books, job)
            UpliftResult.objects.bulk_create(results)
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
    news = {line.pk: _still(line, cases.get(line.award_id), books) for line in piece}
    going = [new for new in news.values() if isinstance(new, NewAward)]
    written = _write(uplift, going, by=job.by, job=job)
    return [_result(line, news[line.pk], written, UpliftStep.APPLY) for line in piece]


def _still(line: UpliftLine, case: AwardCase | None, books: Books) -> NewAward | Apart:
    """What the uplift makes of the award now, where that is what the preview showed."""
    if case is None or case.apart is Apart.ENDED:
        return Apart.ENDED
    if case.latest.pk != line.version_id:
        return Apart.CHANGED_SINCE
    new = uplifted(case, books=books)
    if new.apart is not None:
        return new.apart.apart or Apart.CHANGED_SINCE
    return new if new.terms[-1].amount == line.after_amount else Apart.CHANGED_SINCE


def _write(uplift: Uplift, going: Sequence[NewAward], *, by: Staff, job: JobRun) -> dict[int, int]:
    """Write assessments and versions of some awards; by award the last version written."""
    terms = [(new, one) for new in going for one in _from_first_change(new)]
    families = [
        ReckonedFamily(new.case.award.household_id, one.found.facts, one.parameters)
        for new, one in terms
        if one.found.facts is not None
    ]
    kept = store_reckoned(families, by=by)
    rows, serials = [], {new.case.award.pk: new.case.latest.serial for new in going}
    for (new, one), assessment in zip(terms, kept, strict=True):
        serials[new.case.award.pk] += 1
        rows.append(_version(uplift, new, one, serial=serials[new.case.award.pk], assessment_id=assessment.pk))
    return {version.award_id: version.pk for version in append_versions(rows, by=by, on=job.on)}


def _from_first_change(new: NewAward) -> list[NewTerms]:
    """The first segment that changes and all after it: a version written later holds over every earlier one."""
    first = next(place for place, one in enumerate(new.terms) if one.found.outcome is not Outcome.SAME)
    return list(new.terms[first:])


def _version(uplift: Uplift, new: NewAward, one: NewTerms, *, serial: int, assessment_id: int) -> BatchVersion:
    segment, found = one.segment, one.found
    version = segment.version
    care = Care(found.care_monthly_amount, version.care_level, version.support_mode) if version.care_level else None
    return BatchVersion(
        award_id=new.case.award.pk,
        serial=serial,
        from_month=segment.from_month,
        kind=VersionKind.UPLIFT,
        category=version.category,
        basis=version.basis,
        shares=[
            BatchShare(segment.people[share.person], share.base, share.topup, share.topup_class)
            for share in found.shares
        ],
        reason=f"提标：{uplift.title}"[:100],
        source=uplift.number,
        assessment_id=assessment_id,
        care=care,
    )


def _result(line: UpliftLine, new: NewAward | Apart, written: dict[int, int], step: UpliftStep) -> UpliftResult:
    if isinstance(new, Apart):
        return UpliftResult(line=line, step=step, is_done=False, apart=new.value)
    return UpliftResult(line=line, step=step, is_done=True, version_id=written[line.award_id])


def _restore(uplift: Uplift, piece: Sequence[UpliftLine], books: Books, job: JobRun) -> list[UpliftResult]:
    """Write again what held before: the versions up to the preview's, from the uplift's month on."""
    applied = dict(
        UpliftResult.objects.filter(line__in=piece, step=UpliftStep.APPLY).values_list("line_id", "version_id")
    )
    by_award = {line.award_id: line for line in piece}
    now = {case.award.pk: case for case in award_cases(list(by_award), since=uplift.from_month)}
    going, before, left = [], award_cases(list(by_award), since=uplift.from_month, upto=_serials(piece)), {}
    for case in before:
        line, current = by_award[case.award.pk], now[case.award.pk]
        if current.latest.pk == applied[line.pk] and current.apart is not Apart.ENDED:
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


def _serials(piece: Sequence[UpliftLine]) -> dict[int, int]:
    return {line.award_id: line.version.serial for line in piece}


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
