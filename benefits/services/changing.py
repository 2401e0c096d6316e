"""待遇变更: another amount, category, care or other persons, as a new version; what was paid stays as it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from benefits.models import Award, AwardState, AwardVersion, VersionKind
from benefits.rules.months import first_month
from benefits.services.granting import Care, CoveredPerson, VersionTerms, cover, write_version
from benefits.signals import laid_before_a_standard
from eligibility.models import Assessment
from eligibility.queries import months_of_change
from foundation.dates import chinese_month
from foundation.errors import ServiceError
from households.models import Person
from organizations.models import Staff
from organizations.models.delegations import Scheme


class NotChangeable(ServiceError):
    """The award is stopped, or the month lies before one that is decided."""


@dataclass(frozen=True)
class AwardChange:
    """What a decision makes of an award; yuan a month.

    :param kind: a :class:`VersionKind`.
    """

    kind: str
    monthly_amount: Decimal
    persons: Sequence[CoveredPerson]
    category: str
    basis: str
    care: Care | None = None
    assessment: Assessment | None = None


@dataclass(frozen=True)
class LaterMonth:
    """A month after a decision's own from which its facts are to be reckoned by another standard.

    :param kind: a :class:`VersionKind`; with reason and source those of the uplift (提标) that was laid there, else of
        the decision.
    """

    from_month: date
    kind: str
    reason: str
    source: str


@transaction.atomic
def change_award(
    award: Award, *, change: AwardChange, from_month: date, reason: str, source: str = "", by: Staff, on: date
) -> AwardVersion:
    """Give an award another amount, category or other persons (增发、减发、调整) from a month on, as a new version.

    The decision's permission is checked by the caller, which holds it. Whom the version leaves out is covered no
    longer from that month on, whom it adds is. A month that lies in the past is corrected by the roll that comes next
    (补发); what was paid too much is owed back (追回).

    :param from_month: first day of the month. The decision holds over what was decided before for later months. Where
        another standard holds from a later month on, by an uplift (提标) or because a figure changed up to the month
        after the decision, it is reckoned by that on its own facts (``laid_before_a_standard``).
    :raises NotChangeable: the award is stopped or ends before the month.
    :raises AlreadyCovered: who is added stands in another current award.
    """
    if from_month.day != 1 or not change.persons:
        raise ValueError("a version begins with a month and covers somebody")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    latest = award.versions.latest("serial")
    if award.state == AwardState.STOPPED or (award.ends_month and award.ends_month < from_month):
        raise NotChangeable(f"待遇{award.number}已经停发，不能再调整。")
    if from_month < award.starts_month:
        raise NotChangeable(f"待遇{award.number}从{award.starts_month:%Y年%-m月}起发放，不能从更早的月份调整。")
    terms = VersionTerms(
        monthly_amount=change.monthly_amount,
        persons=change.persons,
        category=change.category,
        basis=change.basis,
        care=change.care,
        kind=change.kind,
        reason=reason,
        source=source,
        assessment=change.assessment,
    )
    later = _later_months(award, change, from_month=from_month, reason=reason, source=source, on=on)
    version = write_version(award, terms, serial=latest.serial + 1, from_month=from_month, by=by, on=on)
    _cover_exactly(award, [item.person for item in change.persons], month=from_month)
    if later:
        laid_before_a_standard.send(Award, version=version, later=later)
    return version


def _later_months(
    award: Award, change: AwardChange, *, from_month: date, reason: str, source: str, on: date
) -> list[LaterMonth]:
    """Months after a decision's own from which another standard holds, in their order."""
    found = {
        uplift.from_month: LaterMonth(uplift.from_month, uplift.kind, uplift.reason, uplift.source)
        for uplift in _uplifts_after(award, from_month)
    }
    # What begins after the month that follows the decision is for an uplift to carry out, for every award alike.
    until = first_month(on)
    if change.kind != VersionKind.PHASE_OUT and from_month < until:
        terms = {"residence": award.household.residence, "scheme": award.scheme}
        for month in months_of_change(award.area, after=from_month, until=until, **terms):
            words = f"{reason}，{chinese_month(month)}起的标准"[:100]
            found.setdefault(month, LaterMonth(month, VersionKind.ADJUST, words, source))
    return [found[month] for month in sorted(found)]


def _uplifts_after(award: Award, month: date) -> list[AwardVersion]:
    """Uplifts (提标) that hold from a later month on, in the order of their months."""
    found: list[AwardVersion] = []
    for version in award.versions.filter(from_month__gt=month).order_by("-serial"):
        if not found or version.from_month < found[-1].from_month:
            found.append(version)
    return [version for version in reversed(found) if version.kind == VersionKind.UPLIFT]


def _cover_exactly(award: Award, people: Sequence[Person], *, month: date) -> None:
    wanted = {person.pk for person in people}
    rows = award.persons.select_for_update().filter(covered__overlap=(month, None))
    covered = set()
    for row in rows:
        if row.person_id in wanted:
            covered.add(row.person_id)
        else:
            row.covered = (row.covered.lower, max(row.covered.lower, month))
            row.save(update_fields=["covered"])
    for person in people:
        if person.pk not in covered:
            cover(award, person, month=month)


@transaction.atomic
def change_care(
    award: Award, *, care: Care, monthly_amount: Decimal, from_month: date, reason: str, by: Staff, on: date
) -> AwardVersion:
    """Give a 特困 award another care (照料护理档次调整) from a month on; F43 §23.

    The decision's permission is checked by the caller, which holds the assessment.

    :param monthly_amount: basic living and care together, yuan a month.
    :param from_month: not before the month after the decision (local practice, handbook 2.2); of later months only
        uplifts (提标) may be decided, which are reckoned anew with the care.
    :raises NotChangeable: the award is stopped or ends before, or the month lies before one that is decided.
    """
    if award.scheme != Scheme.TEKUN or from_month.day != 1:
        raise ValueError("only an award of 特困 has care, and a version begins with a month")
    award = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if award.state == AwardState.STOPPED or (award.ends_month and award.ends_month < from_month):
        raise NotChangeable(f"待遇{award.number}已经停发，不能再调整照料护理。")
    decided = award.versions.filter(from_month__gt=from_month).exclude(kind=VersionKind.UPLIFT)
    if from_month < max(first_month(on), award.starts_month) or decided.exists():
        raise NotChangeable("照料护理从决定的次月起调整，不能早于已经决定的月份。")
    latest = award.versions.filter(from_month__lte=from_month).latest("serial")
    change = AwardChange(
        kind=VersionKind.CARE,
        monthly_amount=monthly_amount,
        persons=[CoveredPerson(row.person) for row in latest.persons.select_related("person")],
        category=latest.category,
        basis=latest.basis,
        care=care,
        assessment=latest.assessment,
    )
    return change_award(award, change=change, from_month=from_month, reason=reason, by=by, on=on)
