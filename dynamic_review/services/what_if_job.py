"""The long work of a draft (政策测算): every award and every family without one, in chunks; nothing else is written."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.urls import reverse

from dynamic_review.models import WhatIfLine, WhatIfRun
from dynamic_review.permissions import Permission
from dynamic_review.queries.standings import AwardCase, award_cases, in_chunks
from dynamic_review.queries.what_if import awards_in_force, families_of, families_without_dibao
from dynamic_review.rules.uplift import ZERO, Entitled, Outcome, Reckoned, entitled, reckon, set_apart
from dynamic_review.services.reckoning import Books, known_before, parameters_of
from dynamic_review.services.what_if import RUN
from eligibility.queries import ParameterBook
from eligibility.rules import InvalidInput, read_household
from households.models import Household
from organizations.services.job_run import JobRun
from organizations.services.jobs import job_kind

_YEAR = 12


@job_kind(RUN, permission=Permission.VIEW_WHAT_IF, cancellable=True)
def run_draft(job: JobRun) -> None:
    """Reckon a draft; begun anew, rows that are there already are left."""
    run = WhatIfRun.objects.select_related("what_if").get(pk=job.parameters["run"])
    url = reverse("dynamic_review:what_if", args=[run.what_if_id])
    awards, families = awards_in_force(run.on), families_without_dibao()
    run.award_count, run.family_count, run.unreadable_count = awards.count(), families.count(), 0
    job.begin(run.award_count + run.family_count)
    draft, books = ParameterBook(on=run.base_on, changes=run.changes), Books()
    for keys in in_chunks(awards):
        if job.is_cancelled():
            return
        cases = award_cases(keys, since=run.on.replace(day=1))
        _keep([line for case in cases for line in _of_award(run, case, draft, books)])
        job.done(len(keys))
    for keys in in_chunks(families):
        if job.is_cancelled():
            return
        lines, unreadable = _of_families(run, keys, draft, books.on(run.base_on))
        _keep(lines)
        run.unreadable_count += unreadable
        job.done(len(keys))
    run.finished_at = job.at
    run.save(update_fields=["award_count", "family_count", "unreadable_count", "finished_at"])
    job.result(url=url, message="已测算完，待遇和标准都没有变动。")


def _keep(lines: Sequence[WhatIfLine]) -> None:
    WhatIfLine.objects.bulk_create(lines, ignore_conflicts=True)


def _of_award(run: WhatIfRun, case: AwardCase, draft: ParameterBook, books: Books) -> Iterator[WhatIfLine]:
    found = _reckoned(run, case, draft, books)
    version, before = case.last.version, case.last.version.monthly_amount
    yield WhatIfLine(
        run=run,
        household_id=case.award.household_id,
        award=case.award,
        area_id=case.award.area_id,
        scheme=case.award.scheme,
        category=version.category,
        person_count=version.person_count,
        outcome=found.outcome.value,
        apart=found.apart.value if found.apart else "",
        cliff=found.cliff.name.lower() if found.cliff else "",
        before_amount=before,
        after_amount=before if found.amount is None else found.amount,
        paid_months=_paid_months(found),
    )
    if found.newly_tekun:
        amounts = [amount for _, amount in found.newly_tekun]
        yield _newly(run, case.award.household_id, case.award.area_id, "tekun", len(amounts), sum(amounts, ZERO))


def _paid_months(found: Reckoned) -> int:
    """Of a year: a phase-out at the most months that the draft allows."""
    between = found.assessment.dibao.phase_out_months if found.assessment else None
    return min(_YEAR, between[1]) if found.outcome is Outcome.PHASE_OUT and between else _YEAR


def _reckoned(run: WhatIfRun, case: AwardCase, draft: ParameterBook, books: Books) -> Reckoned:
    if case.apart is not None:
        return set_apart(case.apart)
    segment = case.last
    after = parameters_of(case, segment, draft)
    before = known_before(case, segment, books)
    return reckon(segment.standing, segment.ground, before=before, after=after, on=run.on)


def _newly(
    run: WhatIfRun, household_id: int, area_id: int, scheme: str, people: int, amount: Decimal, category: str = ""
) -> WhatIfLine:
    return WhatIfLine(
        run=run,
        household_id=household_id,
        area_id=area_id,
        scheme=scheme,
        category=category,
        person_count=people,
        outcome=Outcome.NEW.value,
        before_amount=ZERO,
        after_amount=amount,
    )


def _of_families(
    run: WhatIfRun, keys: Sequence[int], draft: ParameterBook, today: ParameterBook
) -> tuple[list[WhatIfLine], int]:
    """Who of some families without an award newly qualifies, and how many cannot be assessed yet."""
    lines: list[WhatIfLine] = []
    unreadable = 0
    for household, document in families_of(keys, on=run.on):
        try:
            facts = read_household(document).facts
        except InvalidInput:
            unreadable += 1
            continue
        place = {"residence": facts.residence.value}
        then = entitled(facts, draft.of(facts.area, **place))
        if then.dibao is not None or then.tekun:
            now = entitled(facts, today.of(facts.area, **place))
            lines += _gained(run, household, now, then)
    return lines, unreadable


def _gained(run: WhatIfRun, household: Household, now: Entitled, then: Entitled) -> Iterator[WhatIfLine]:
    if then.dibao is not None and now.dibao is None:
        yield _newly(run, household.pk, household.area_id, "dibao", then.dibao_persons, then.dibao, then.category)
    before = {person for person, _ in now.tekun}
    amounts = [amount for person, amount in then.tekun if person not in before]
    if amounts:
        yield _newly(run, household.pk, household.area_id, "tekun", len(amounts), sum(amounts, ZERO))
