"""待遇变更: another care for a 特困 person, as a new version; what was paid stays as it was."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from benefits.models import Award, AwardState, AwardVersion
from benefits.rules.months import first_month
from benefits.services.granting import Care
from foundation.errors import ServiceError
from organizations.models import Staff
from organizations.models.delegations import Scheme


class NotChangeable(ServiceError):
    """The award is stopped, or the month lies before one that is decided."""


@transaction.atomic
def change_care(
    award: Award, *, care: Care, monthly_amount: Decimal, from_month: date, reason: str, by: Staff, on: date
) -> AwardVersion:
    """Give a 特困 award another care (照料护理档次调整) from a month on; F43 §23.

    The decision's permission is checked by the caller, which holds the assessment.

    :param monthly_amount: basic living and care together, yuan a month.
    :param from_month: not before the month after the decision (local practice, handbook 2.2).
    :raises NotChangeable: the award is stopped or ends before, or the month lies before one that is decided.
    """
    if award.scheme != Scheme.TEKUN or from_month.day != 1:
        raise ValueError("only an award of 特困 has care, and a version begins with a month")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    latest = award.versions.latest("serial")
    if award.state == AwardState.STOPPED or (award.ends_month and award.ends_month < from_month):
        raise NotChangeable(f"待遇{award.number}已经停发，不能再调整照料护理。")
    if from_month < max(first_month(on), latest.from_month):
        raise NotChangeable("照料护理从决定的次月起调整，不能早于已经决定的月份。")
    return AwardVersion.objects.create(
        award=award,
        serial=latest.serial + 1,
        from_month=from_month,
        monthly_amount=monthly_amount,
        care_monthly_amount=care.monthly_amount,
        care_level=care.level,
        support_mode=care.support_mode,
        category=latest.category,
        basis=latest.basis,
        person_count=latest.person_count,
        reason=reason,
        decided_on=on,
        decided_by=by,
    )
