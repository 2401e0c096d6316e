"""重新核算: what changed past months without a decision is told to the rolls to come, which pay back what lacks."""

from datetime import date

from benefits.models import Award, AwardReckoning
from organizations.models import Staff


def reckon_anew(award: Award, *, from_month: date, reason: str, by: Staff, on: date) -> AwardReckoning:
    """Have the next rolls look whether months from one on were paid too little (补发); in the caller's transaction.

    The permission is the caller's duty.
    """
    return AwardReckoning.objects.create(
        award=award,
        from_month=max(from_month, award.starts_month),
        reason=reason[:100],
        recorded_by=by,
        recorded_on=on,
    )
