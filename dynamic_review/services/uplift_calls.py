"""触发复核 after 提标: what an uplift left as it was is looked into by the township, from the uplift's month on."""

from datetime import date, timedelta

from django.db.models import Q

from applications.rules.reviews import ReviewCause
from benefits.models import AwardState, AwardVersion, VersionKind
from benefits.services import LaterMonth
from dynamic_review.models import ReviewTrigger, Uplift, UpliftLine, UpliftStep
from dynamic_review.queries.needed import notice_days
from dynamic_review.queries.standings import in_chunks
from dynamic_review.rules.uplift import Apart, Outcome
from organizations.queries import county

_REVIEWED = [why.value for why in Apart if why not in (Apart.ENDED, Apart.PHASE_OUT, Apart.SAME_NOW)]
"""Awards that ended or are phased out, which no review reaches back over, are made good singly (逐户补差); what is
reckoned by the new standard already needs nothing."""
_SIZE = 500


def call_for_reviews(uplift: Uplift, *, on: date) -> int:
    """Have every award reviewed that an uplift set apart or did not carry out; each told once.

    :returns: how many awards.
    """
    set_apart = Q(outcome=Outcome.APART.value, apart__in=_REVIEWED)
    not_done = Q(results__step=UpliftStep.APPLY, results__is_done=False, results__apart__in=_REVIEWED)
    left = UpliftLine.objects.filter(set_apart | not_done, run=uplift.run).exclude(award__state=AwardState.STOPPED)
    days, called = notice_days(county(), on=on), 0
    for keys in in_chunks(left.order_by("pk"), size=_SIZE):
        lines = UpliftLine.objects.filter(pk__in=keys).prefetch_related("results")
        ReviewTrigger.objects.bulk_create(
            [
                _trigger(
                    line.award_id,
                    month=uplift.from_month,
                    note=f"{uplift.title}：{_why(line)}",
                    source=f"uplift:{uplift.number}",
                    days=days,
                    on=on,
                )
                for line in lines
            ],
            ignore_conflicts=True,
        )
        called += len(keys)
    return called


def call_off_reviews(uplift: Uplift, *, on: date) -> None:
    """Settle what an uplift called for and nobody has begun, once it is rolled back."""
    source = f"uplift:{uplift.number}"
    # Those told when the uplift could not be laid anew carry the version's key behind it.
    its_own = Q(source=source) | Q(source__startswith=f"{source}:")
    waiting = ReviewTrigger.objects.filter(its_own, settled_on=None, case=None)
    waiting.update(settled_on=on, settlement=f"{uplift.title}已回退")


def _why(line: UpliftLine) -> str:
    results = [result for result in line.results.all() if not result.is_done]
    return results[-1].get_apart_display() if results else line.get_apart_display()


def call_for_review(version: AwardVersion, *, later: LaterMonth, why: Apart) -> None:
    """Have an award reviewed whose version could not be reckoned by the standard of a later month."""
    on = version.decided_on
    _trigger(
        version.award_id,
        month=later.from_month,
        note=f"{later.reason}：{why.label}",
        source=_source_of(version, later),
        days=notice_days(county(), on=on),
        on=on,
    ).save()


def _source_of(version: AwardVersion, later: LaterMonth) -> str:
    if later.kind == VersionKind.UPLIFT:
        return f"uplift:{later.source}:{version.pk}"
    return f"standard:{later.from_month:%Y%m}:{version.pk}"


def _trigger(award: int, *, month: date, note: str, source: str, days: int, on: date) -> ReviewTrigger:
    return ReviewTrigger(
        award_id=award,
        cause=ReviewCause.UPLIFT,
        happened_on=month,
        due_on=max(month, on) + timedelta(days=days),
        note=note[:300],
        source=source,
        noted_on=on,
    )
