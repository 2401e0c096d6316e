"""待遇: confirming creates the award and its first version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from benefits.models import Award, AwardPerson, AwardPlace, AwardVersion
from benefits.rules.months import first_month
from foundation.errors import ServiceError
from households.models import Household, Person
from organizations.models import Area, Staff
from organizations.models.delegations import Scheme


class AlreadyCovered(ServiceError):
    """A person already stands in a current monthly award."""


@dataclass(frozen=True)
class CoveredPerson:
    """A person covered by an award with their top-up (增发), yuan a month."""

    person: Person
    topup_monthly_amount: Decimal = Decimal("0.00")
    topup_class: str = ""


@dataclass(frozen=True)
class Care:
    """照料护理 in the award of a 特困 person: yuan a month, and the level and mode that set it (F43 §22)."""

    monthly_amount: Decimal
    level: str
    support_mode: str


@transaction.atomic
def grant_award(
    *,
    scheme: str,
    household: Household,
    area: Area,
    monthly_amount: Decimal,
    persons: Sequence[CoveredPerson],
    category: str,
    basis: str,
    reason: str,
    decided_by: Staff,
    decided_on: date,
    care: Care | None = None,
) -> Award:
    """Create the award of a decision (确认同意), from the month after the decision; F57 §21.

    The decision's permission is checked by the caller, which holds the case.

    :raises AlreadyCovered: a person stands in another current monthly award.
    """
    if not persons:
        raise ValueError("an award without persons")
    if (care is not None) != (scheme == Scheme.TEKUN):
        raise ValueError("an award of 特困, and no other, says its care")
    month = first_month(decided_on)
    award = Award.objects.create(
        number=_next_number(scheme, month), scheme=scheme, household=household, area=area, starts_month=month
    )
    AwardVersion.objects.create(
        award=award,
        serial=1,
        from_month=month,
        monthly_amount=monthly_amount,
        topup_monthly_amount=sum((item.topup_monthly_amount for item in persons), Decimal(0)),
        category=category,
        basis=basis,
        care_monthly_amount=care.monthly_amount if care else Decimal("0.00"),
        care_level=care.level if care else "",
        support_mode=care.support_mode if care else "",
        person_count=len(persons),
        reason=reason,
        decided_on=decided_on,
        decided_by=decided_by,
    )
    AwardPlace.objects.create(award=award, area=area, from_month=month, recorded_on=decided_on, recorded_by=decided_by)
    for item in persons:
        _cover(award, item, month=month)
    return award


def _cover(award: Award, item: CoveredPerson, *, month: date) -> None:
    try:
        with transaction.atomic():
            AwardPerson.objects.create(
                award=award,
                person=item.person,
                topup_monthly_amount=item.topup_monthly_amount,
                topup_class=item.topup_class,
                covered=(month, None),
            )
    except IntegrityError as error:
        if "person_in_one_current_award" not in str(error):
            raise
        raise AlreadyCovered(f"{item.person.name}已在另一份低保或特困待遇里，不能重复保障。请先核实。") from error


def _next_number(scheme: str, month: date) -> str:
    prefix = {"dibao": "DB", "tekun": "TK"}[scheme] + f"{month:%Y}"
    # The county's row is the lock: two townships that confirm in one moment get two numbers.
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    last = Award.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:05d}"
