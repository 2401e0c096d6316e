"""Reviews of one family: when each award is due, what calls for a review, what was reviewed when."""

from dataclasses import dataclass
from datetime import date

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries import reviewable_awards
from applications.rules.process import OPEN_STATES
from benefits.models import Award, AwardPerson, AwardState
from dynamic_review.models import JobOffer, ReviewDue, ReviewTrigger
from dynamic_review.permissions import Permission
from dynamic_review.queries.dues import awards_visible_to
from foundation.pages import Lamp, deadline_lamp
from households.models import Household
from organizations.models import Staff
from organizations.queries import working_calendar


@dataclass(frozen=True)
class AwardReviews:
    """The reviews of one award.

    :param due: the open due date; None in phase-out, before the first night, or when the award is stopped.
    :param case: its review under way, however it was opened.
    :param offers: offers of work to the people covered (就业介绍), the newest first.
    """

    award: Award
    due: ReviewDue | None
    case: Case | None
    lamp: Lamp | None
    triggers: list[ReviewTrigger]
    past: list[ReviewDue]
    offers: list[JobOffer]
    may_manage: bool
    may_open: bool
    """Whether the person may open its review: it runs, and nothing is under way that would speak against it."""

    @property
    def is_under_way(self) -> bool:
        return self.case is not None

    @property
    def is_called_for(self) -> bool:
        """Whether something noted already says why it is reviewed, so that one press opens it."""
        return any(row.settled_on is None for row in self.triggers)

    @property
    def is_stopped(self) -> bool:
        return self.award.state == AwardState.STOPPED


def reviews_of_family(household: Household, staff: Staff, *, on: date) -> list[AwardReviews]:
    """Every award of a family with its reviews, few queries whatever their number."""
    awards = list(awards_visible_to(staff).filter(household=household).order_by("-pk"))
    if not awards:
        return []
    dues = list(ReviewDue.objects.filter(award__in=awards).select_related("case", "extension").order_by("-pk"))
    triggers = ReviewTrigger.objects.filter(award__in=awards).select_related("person", "case")
    offers = JobOffer.objects.filter(person__awards__award__in=awards).select_related("person").distinct()
    people: dict[int, set[int]] = {}
    for award_id, person_id in AwardPerson.objects.filter(award__in=awards).values_list("award", "person"):
        people.setdefault(award_id, set()).add(person_id)
    under_way = Case.objects.filter(award__in=awards, kind=CaseKind.REVIEW, state__in=OPEN_STATES)
    cases = {case.award_id: case for case in under_way}
    found, told, calendar = list(triggers), list(offers), working_calendar()
    openable = {award.pk for award in reviewable_awards(staff, household)} if staff.may(Permission.ACCEPT) else set()
    mine = staff.area_ids(Permission.MANAGE_REVIEWS)
    rows = []
    for award in awards:
        due = next((row for row in dues if row.award_id == award.pk and row.closed_on is None), None)
        left = calendar.between(on, due.legal_due_on) if due else 0
        rows.append(
            AwardReviews(
                award=award,
                due=due,
                case=cases.get(award.pk),
                lamp=deadline_lamp(due.legal_due_on, working_days_left=left, on=on) if due else None,
                triggers=[row for row in found if row.award_id == award.pk],
                past=[row for row in dues if row.award_id == award.pk and row.closed_on is not None],
                offers=[row for row in told if row.person_id in people[award.pk]],
                may_open=award.pk in openable,
                may_manage=award.area_id in mine and award.state != AwardState.STOPPED,
            )
        )
    return rows
