"""待遇: confirming creates the award and its first version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from benefits.models import Award, AwardPerson, AwardPlace, AwardVersion, AwardVersionPerson, VersionKind
from benefits.rules.entitlement import split_equally
from benefits.rules.months import first_month
from eligibility.models import Assessment
from foundation.errors import ServiceError
from households.models import Household, Person
from organizations.models import Area, Staff
from organizations.models.delegations import Scheme


class AlreadyCovered(ServiceError):
    """A person already stands in a current monthly award."""


@dataclass(frozen=True)
class CoveredPerson:
    """A person covered by an award with their top-up (增发) and share of the difference, yuan a month.

    :param base_monthly_amount: None where the difference is shared equally.
    """

    person: Person
    topup_monthly_amount: Decimal = Decimal("0.00")
    topup_class: str = ""
    base_monthly_amount: Decimal | None = None


@dataclass(frozen=True)
class Care:
    """照料护理 in the award of a 特困 person: yuan a month, and the level and mode that set it (F43 §22)."""

    monthly_amount: Decimal
    level: str
    support_mode: str


@dataclass(frozen=True)
class VersionTerms:
    """What a version of an award says; yuan a month."""

    monthly_amount: Decimal
    persons: Sequence[CoveredPerson]
    category: str
    basis: str
    kind: str
    reason: str
    care: Care | None = None
    source: str = ""
    assessment: Assessment | None = None


def write_version(
    award: Award, terms: VersionTerms, *, serial: int, from_month: date, by: Staff, on: date
) -> AwardVersion:
    """Write a version with each person's part of its sum; in the caller's transaction."""
    care = terms.care
    topups = sum((item.topup_monthly_amount for item in terms.persons), Decimal("0.00"))
    version = AwardVersion.objects.create(
        award=award,
        serial=serial,
        from_month=from_month,
        monthly_amount=terms.monthly_amount,
        topup_monthly_amount=topups,
        category=terms.category,
        basis=terms.basis,
        care_monthly_amount=care.monthly_amount if care else Decimal("0.00"),
        care_level=care.level if care else "",
        support_mode=care.support_mode if care else "",
        person_count=len(terms.persons),
        kind=terms.kind,
        reason=terms.reason,
        source=terms.source,
        assessment=terms.assessment,
        decided_on=on,
        decided_by=by,
    )
    shares = split_equally(terms.monthly_amount - topups, len(terms.persons))
    AwardVersionPerson.objects.bulk_create(
        AwardVersionPerson(
            version=version,
            person=item.person,
            base_monthly_amount=share if item.base_monthly_amount is None else item.base_monthly_amount,
            topup_monthly_amount=item.topup_monthly_amount,
            topup_class=item.topup_class,
        )
        for item, share in zip(terms.persons, shares, strict=True)
    )
    return version


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
    source: str = "",
    assessment: Assessment | None = None,
) -> Award:
    """Create the award of a decision (确认同意), from the month after the decision; F57 §21.

    The decision's permission is checked by the caller, which holds the case.

    :param source: number of the case.
    :param assessment: what the decision rests on.
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
    terms = VersionTerms(
        monthly_amount=monthly_amount,
        persons=persons,
        category=category,
        basis=basis,
        care=care,
        kind=VersionKind.GRANT,
        reason=reason,
        source=source,
        assessment=assessment,
    )
    write_version(award, terms, serial=1, from_month=month, by=decided_by, on=decided_on)
    AwardPlace.objects.create(award=award, area=area, from_month=month, recorded_on=decided_on, recorded_by=decided_by)
    for item in persons:
        cover(award, item.person, month=month)
    return award


def cover(award: Award, person: Person, *, month: date) -> None:
    """Cover a person by an award from a month on.

    :raises AlreadyCovered: they stand in another current monthly award.
    """
    try:
        with transaction.atomic():
            AwardPerson.objects.create(award=award, person=person, covered=(month, award_until(award)))
    except IntegrityError as error:
        if "person_in_one_current_award" not in str(error):
            raise
        raise AlreadyCovered(f"{person.name}已在另一份低保或特困待遇里，不能重复保障。请先核实。") from error


def award_until(award: Award) -> date | None:
    """The first day on which an award covers nobody any more; None while it has no end."""
    return None if award.ends_month is None else first_month(award.ends_month)


def _next_number(scheme: str, month: date) -> str:
    prefix = {"dibao": "DB", "tekun": "TK"}[scheme] + f"{month:%Y}"
    # The county's row is the lock: two townships that confirm in one moment get two numbers.
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    last = Award.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:05d}"
