"""待遇终止: a decision ends an award after a month; what was decided and paid before stays as it was."""

from datetime import date

from django.db import transaction

from benefits.models import Award, AwardEnd, AwardState
from benefits.rules.months import first_month
from benefits.signals import award_ended
from foundation.errors import ServiceError
from organizations.models import Staff


class AlreadyEnded(ServiceError):
    """The award has been ended before."""


@transaction.atomic
def end_award(
    award: Award, *, last_month: date, reason: str, decided_by: Staff, decided_on: date, source: str = ""
) -> AwardEnd:
    """End an award after a month (停发): its versions stay, nobody is covered by it from the next month on.

    The decision's permission is checked by the caller, which holds the case.

    :param last_month: first day of the last month; not before the month of the decision, since a decision takes
        nothing back (从下月起终止; F43 §26). An award that would begin later only is never in force.
    :raises AlreadyEnded: it was ended before.
    """
    if last_month.day != 1 or last_month < decided_on.replace(day=1):
        raise ValueError("an award ends with a month that is not before its decision's")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.state == AwardState.STOPPED:
        raise AlreadyEnded(f"待遇{award.number}已经停发，不能再次终止。")
    end = AwardEnd.objects.create(
        award=award,
        last_month=last_month,
        reason=reason,
        source=source,
        decided_by=decided_by,
        decided_on=decided_on,
    )
    after = first_month(last_month)
    for row in award.persons.select_for_update().filter(covered__overlap=(after, None)):
        row.covered = (row.covered.lower, max(row.covered.lower, after))
        row.save(update_fields=["covered"])
    award.state, award.ends_month = AwardState.STOPPED, last_month
    award.save(update_fields=["state", "ends_month"])
    award_ended.send(Award, end=end)
    return end
