"""待遇变更, many awards at once: versions written in a few statements, where an uplift changes thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from benefits.models import Award, AwardVersion, AwardVersionPerson
from benefits.services.granting import Care
from organizations.models import Staff


@dataclass(frozen=True)
class BatchShare:
    """One person's part of a version's sum, yuan a month."""

    person_id: int
    base: Decimal
    topup: Decimal = Decimal("0.00")
    topup_class: str = ""


@dataclass(frozen=True)
class BatchVersion:
    """A version to be written; the persons are those whom the award covers already, so that coverage stays."""

    award_id: int
    serial: int
    from_month: date
    kind: str
    category: str
    basis: str
    shares: Sequence[BatchShare]
    reason: str
    source: str
    assessment_id: int | None = None
    care: Care | None = None

    @property
    def topup(self) -> Decimal:
        """增发 of all, yuan a month."""
        return sum((share.topup for share in self.shares), Decimal("0.00"))

    @property
    def amount(self) -> Decimal:
        """The sum of all parts, yuan a month."""
        return self.topup + sum((share.base for share in self.shares), Decimal("0.00"))


def lock_awards(keys: Sequence[int]) -> dict[int, Award]:
    """Lock awards in the order of their keys, so that two batches never wait for each other; in a transaction."""
    return {
        award.pk: award for award in Award.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    }


@transaction.atomic
def append_versions(rows: Sequence[BatchVersion], *, by: Staff, on: date) -> list[AwardVersion]:
    """Write versions of awards that the caller has locked, with each person's part; in the order given.

    The decision's permission is checked by the caller, which holds it.
    """
    made = AwardVersion.objects.bulk_create([_version(row, by=by, on=on) for row in rows])
    AwardVersionPerson.objects.bulk_create(
        AwardVersionPerson(
            version=version,
            person_id=share.person_id,
            base_monthly_amount=share.base,
            topup_monthly_amount=share.topup,
            topup_class=share.topup_class,
        )
        for version, row in zip(made, rows, strict=True)
        for share in row.shares
    )
    return made


def _version(row: BatchVersion, *, by: Staff, on: date) -> AwardVersion:
    care = row.care
    return AwardVersion(
        award_id=row.award_id,
        serial=row.serial,
        from_month=row.from_month,
        monthly_amount=row.amount,
        topup_monthly_amount=row.topup,
        category=row.category,
        basis=row.basis,
        care_monthly_amount=care.monthly_amount if care else Decimal("0.00"),
        care_level=care.level if care else "",
        support_mode=care.support_mode if care else "",
        person_count=len(row.shares),
        kind=row.kind,
        reason=row.reason,
        source=row.source,
        assessment_id=row.assessment_id,
        decided_on=on,
        decided_by=by,
    )
