"""期限: both deadlines of a case from what is on record, whenever what they rest on changes."""

from datetime import date

from django.db import transaction
from django.db.models import Q

from applications.models import Case, Proposal, SupplementNotice
from applications.models.terms import (
    MEANS_CHECK_START,
    OBJECTION_DECISION,
    OVERALL,
    OVERALL_EXTENDED,
    REFUSAL_CONTEST,
    SUPPLEMENT_REPLY,
)
from applications.queries import current_proposal, due_after, needs_publicity, open_publicity, state_due
from applications.rules.process import OPEN_STATES, CaseState, EventKind
from applications.services.steps import lock_case
from organizations.rules.working_days import Deadline
from verification.services import set_due


def set_deadlines(case: Case, *, state_clock: date | None = None) -> None:
    """Work out a locked case's deadlines anew; the caller saves it.

    :param state_clock: day from which the present state's term runs, where the record does not say it.
    """
    overall = _overall(case)
    step = state_due(case, start=state_clock or clock_of_state(case))
    case.due_on = overall.on if overall else case.due_on
    case.state_due_on = step.on if step else None
    case.due_is_provisional = any(deadline.provisional for deadline in (overall, step) if deadline)


def _overall(case: Case) -> Deadline | None:
    if case.accepted_on is None:
        return None
    objected = case.events.filter(kind=EventKind.OBJECTED).order_by("pk").first() if case.matter.ends_award else None
    if objected is not None:
        return due_after(case, OBJECTION_DECISION, start=objected.on)
    due = due_after(case, OVERALL_EXTENDED if hasattr(case, "extension") else OVERALL, start=case.accepted_on)
    legal = case.review.legal_due_on if case.matter.is_review and hasattr(case, "review") else None
    return due if legal is None or (due is not None and due.on <= legal) else Deadline(on=legal)


def clock_of_state(case: Case) -> date:
    """The day from which the present state's term runs.

    The township closes publicity after its last day, and goes on with a refusal after the family's days to contest;
    a proposal that goes up on the wall anew waits for nothing.
    """
    if case.state == CaseState.PUBLICISED:
        publicity = open_publicity(case)
        return max(case.state_since, publicity.last_day) if publicity else case.state_since
    proposal = current_proposal(case) if case.state == CaseState.PROPOSED else None
    return _clock_of_proposed(case, proposal) if proposal else case.state_since


def _clock_of_proposed(case: Case, proposal: Proposal) -> date:
    publicity = open_publicity(case)
    if publicity is not None and not needs_publicity(case, proposal, on=case.state_since):
        return max(case.state_since, publicity.last_day)
    if proposal.is_told_first and proposal.told_family_on is not None:
        contest = due_after(case, REFUSAL_CONTEST, start=proposal.told_family_on)
        return contest.on if contest else case.state_since
    return case.state_since


@transaction.atomic
def recompute_provisional() -> int:
    """Work out anew every open deadline that was reckoned by weekdays alone (暂按周一至周五计算).

    :returns: how many cases were looked at.
    """
    waiting = Case.objects.filter(
        Q(due_is_provisional=True)
        | Q(supplement_notice__due_is_provisional=True)
        | Q(means_checks__means_check__due_is_provisional=True, means_checks__means_check__state="requested"),
        state__in=[state.value for state in OPEN_STATES],
    )
    keys = sorted(set(waiting.values_list("pk", flat=True)))
    for key in keys:
        case = lock_case(Case(pk=key))
        set_deadlines(case)
        case.version += 1
        case.save()
        _recompute_supplement(case)
        _recompute_means_checks(case)
    return len(keys)


def _recompute_supplement(case: Case) -> None:
    notice = SupplementNotice.objects.filter(case=case, due_is_provisional=True).first()
    due = due_after(case, SUPPLEMENT_REPLY, start=notice.issued_on) if notice else None
    if notice and due:
        notice.due_on, notice.due_is_provisional = due.on, due.provisional
        notice.save(update_fields=["due_on", "due_is_provisional"])


def _recompute_means_checks(case: Case) -> None:
    for link in case.means_checks.filter(
        means_check__due_is_provisional=True, means_check__state="requested"
    ).select_related("means_check"):
        due = due_after(case, MEANS_CHECK_START, start=link.means_check.requested_on)
        if due is not None:
            set_due(link.means_check, due=due)
