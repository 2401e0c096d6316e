"""Opening the review of an award, accepting a plan, and what a decided review closes."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from applications.models import Case
from applications.rules.process import OPEN_STATES
from applications.rules.reviews import ReviewCause
from applications.services import open_review
from benefits.models import Award
from dynamic_review.models import Outcome, ReviewDue, ReviewTrigger
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.services.planning import plan_township
from dynamic_review.services.triggering import NotAllowed
from organizations.models import Staff
from organizations.queries import township_of

_URGENT = (ReviewCause.DEATH, ReviewCause.COMPLAINT, ReviewCause.REPORTED)
"""The cause of a review that several things call for: these before all others."""
_DATED = (ReviewCause.DEATH, ReviewCause.LEFT, ReviewCause.JOINED, ReviewCause.REPORTED)
"""What happened on a day from which the award may be reckoned anew; other causes are found, they do not happen."""

_MOST_TEXT = 300


@transaction.atomic
def start_review(award: Award, *, by: Staff, on: date) -> Case:
    """Open the review of an award (发起复核) with everything that calls for it; its visit is due by its last day.

    :raises NotPermitted: the person does not plan reviews, or accept cases, in the award's area.
    :raises ServiceError: a review is under way, or the award does not run.
    """
    award = Award.objects.select_related("area").get(pk=award.pk)
    check_can_act(by, Permission.MANAGE_REVIEWS, area=award.area)
    due = ReviewDue.objects.select_for_update(of=("self",)).select_related("case").filter(award=award, closed_on=None)
    row = due.first()
    if row is not None and row.case is not None and row.case.state in set(OPEN_STATES):
        raise NotAllowed(f"这份待遇的复核（{row.case.number}）正在办理。")
    triggers = list(
        ReviewTrigger.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(award=award, settled_on=None)
    )
    cause = _cause_of(triggers)
    case = open_review(
        award,
        cause=cause,
        cause_text="；".join(_in_words(trigger) for trigger in triggers if trigger.cause == cause)[:_MOST_TEXT],
        changed=[_in_words(trigger) for trigger in triggers],
        legal_due_on=min((trigger.due_on for trigger in triggers), default=row.legal_due_on if row else None),
        changed_on=min((trigger.happened_on for trigger in triggers if trigger.cause in _DATED), default=None),
        since_month=min(
            (trigger.happened_on for trigger in triggers if trigger.cause == ReviewCause.UPLIFT), default=None
        ),
        by=by,
        on=on,
    )
    if row is not None:
        row.case = case
        row.save(update_fields=["case"])
    ReviewTrigger.objects.filter(pk__in=[trigger.pk for trigger in triggers]).update(case=case)
    return case


@transaction.atomic
def keep_plans(dues: Sequence[ReviewDue], *, planned_on: date | None = None, by: Staff, on: date) -> int:
    """Accept the plans of visits (确认排期), or set another day for them; the night leaves them where they are.

    :param planned_on: the day for all of them; None to leave each on its own.
    :raises NotPermitted: the person does not plan reviews in an award's area.
    :raises NotAllowed: a day that has passed, or one later than a legal day.
    """
    rows = ReviewDue.objects.select_for_update(of=("self",)).select_related("award__area")
    found = list(rows.filter(pk__in=[due.pk for due in dues], closed_on=None))
    for row in found:
        check_can_act(by, Permission.MANAGE_REVIEWS, area=row.award.area)
    if planned_on is not None:
        if planned_on < on:
            raise NotAllowed("排期不能早于今天。", field="planned_on")
        first = min((row.legal_due_on for row in found), default=planned_on)
        if planned_on > first:
            raise NotAllowed(
                f"排期只能提前：所选家庭里最早的法定期限是{first.year}年{first.month}月{first.day}日。",
                field="planned_on",
            )
    for row in found:
        row.kept, row.planned_on = True, planned_on or row.planned_on
    ReviewDue.objects.bulk_update(found, ["kept", "planned_on"])
    return len(found)


@transaction.atomic
def close_reviewed(case: Case, *, on: date) -> None:
    """A review was decided: its due date is met, what called for it is settled, and the next one is planned."""
    if case.award is None:
        return
    ReviewDue.objects.filter(award=case.award, closed_on=None).update(case=case, closed_on=on, outcome=Outcome.REVIEWED)
    # What came later calls for a review of its own, and an uplift's months for one that reckons them.
    known = Q(case=case) | Q(noted_on__lte=case.accepted_on) & ~Q(cause=ReviewCause.UPLIFT)
    ReviewTrigger.objects.filter(known, award=case.award, settled_on=None).update(
        case=case, settled_on=on, settlement=f"已复核（{case.number}）"
    )
    plan_township(township_of(case.award.area), on=on)


def _cause_of(triggers: Sequence[ReviewTrigger]) -> str:
    for cause in _URGENT:
        if any(trigger.cause == cause for trigger in triggers):
            return cause.value
    return triggers[0].cause if triggers else ReviewCause.SCHEDULED.value


def _in_words(trigger: ReviewTrigger) -> str:
    day = trigger.happened_on
    who = f"{trigger.person.name}" if trigger.person else ""
    words = f"{day.year}年{day.month}月{day.day}日 {who}{trigger.get_cause_display()}"
    return f"{words}：{trigger.note}" if trigger.note else words
