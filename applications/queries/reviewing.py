"""What a review (复核) looks at: the award in force, the assessment that it rests on, and what changed since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision, Proposal
from applications.models.cases import CaseKind
from applications.rules.reviews import PAID_ON, ReviewResult, means_of
from applications.rules.suggestion import Difference, differences
from benefits.models import Award, AwardCheck, AwardState, AwardSuspension, AwardVersion
from benefits.queries.phase_outs import phase_outs_given
from benefits.rules.months import months_after
from benefits.services import first_month
from eligibility.models import Assessment
from eligibility.queries import further_value
from eligibility.rules import AwardBasis, AwardInForce
from eligibility.rules.further_parameters import (
    NO_CLEAR_CHANGE_RATE,
    PHASE_OUT_REQUIRES_EMPLOYMENT,
    PHASE_OUTS_PER_COVERAGE,
    REVIEW_CYCLE_MONTHS,
)
from foundation.errors import ServiceError
from households.models import Member, Person
from organizations.models.delegations import Scheme


def version_in_force(award: Award, *, on: date, month: date | None = None) -> AwardVersion:
    """The version of an award from which a decision of a day goes on: that of the month after, or of another month."""
    upto = max(month or first_month(on), award.starts_month)
    found = award.versions.filter(from_month__lte=upto).order_by("-serial").first()
    assert found is not None  # noqa: S101 -- an award is granted with its first version
    return found


def laid_by(case: Case) -> list[AwardVersion]:
    """What a decided review lays, by month: its own version, then one for each later standard (分段执行标准)."""
    assert case.award is not None  # noqa: S101 -- held by case_award_is_looked_into
    first = case.award.versions.filter(source=case.number).order_by("serial").first()
    if first is None:
        return []
    decided = {"decided_on": first.decided_on, "decided_by": first.decided_by_id}
    behind = case.award.versions.filter(serial__gt=first.serial, from_month__gt=first.from_month, **decided)
    return [first, *behind.order_by("from_month", "serial")]


def version_numbered(award: Award, serial: int) -> AwardVersion:
    """One version of an award, as what was decided on it names it."""
    return award.versions.get(serial=serial)


def members_of(award: Award, people: Sequence[int]) -> dict[int, Member]:
    """The members that people are or were of an award's family, by the person's key: the latest where there are two."""
    rows = Member.objects.filter(household=award.household_id, person__in=people).select_related("person")
    return {row.person_id: row for row in rows.order_by("pk")}


def covered_people(version: AwardVersion) -> dict[int, dict[str, str]]:
    """Whom a version covers, by the person's key, with top-up and its class."""
    return {
        row.person_id: {
            "topup_monthly_amount": f"{row.topup_monthly_amount:.2f}",
            "topup_class": row.topup_class,
        }
        for row in version.persons.order_by("pk")
    }


def assessment_behind(version: AwardVersion) -> Assessment | None:
    """The assessment on which a version rests: its own, else of the last version before it that has one."""
    earlier = AwardVersion.objects.filter(award=version.award_id, serial__lte=version.serial)
    found = earlier.filter(assessment__isnull=False).select_related("assessment").order_by("-serial").first()
    return found.assessment if found else None


def award_under_review(case: Case, *, on: date, month: date | None = None) -> AwardInForce | None:
    """The 低保 award that a review's assessment compares with (contract rule 6); None for any other case.

    :param month: from which the review takes effect; None for the month after the day.
    """
    if not case.matter.is_review or case.scheme != Scheme.DIBAO or case.award is None:
        return None
    return award_in_force(case.award, on=on, month=month)


def award_in_force(award: Award, *, on: date, month: date | None = None) -> AwardInForce:
    """An award of 低保 as an assessment of its family compares with it (contract rule 6)."""
    version = version_in_force(award, on=on, month=month)
    people = covered_people(version)
    members = members_of(award, list(people))
    return AwardInForce(
        persons=tuple(members[person].reference for person in people if person in members),
        monthly_amount=version.monthly_amount,
        basis=_BASES[version.basis],
    )


def review_beside(case: Case, *, on: date, month: date | None = None) -> dict[str, Any]:
    """What a review's answer rests on beside the family's facts, as JSON: the award, the assessment behind it, limits.

    :param month: from which the review takes effect; None for the month after the day.
    :raises MissingParameters: a county figure has no value in force.
    """
    award = case.award
    assert award is not None  # noqa: S101 -- held by case_award_is_looked_into
    version = version_in_force(award, on=on, month=month)
    people = covered_people(version)
    members = members_of(award, list(people))
    alive = Person.objects.filter(pk__in=people, died_on=None).exists()
    standing: dict[str, Any] = {
        "number": award.number,
        "version": version.serial,
        "monthly_amount": f"{version.monthly_amount:.2f}",
        "category": version.category,
        "basis": version.basis,
        "persons": [members[person].reference for person in people if person in members],
        "covered": [{"member": members[key].reference, **row} for key, row in people.items() if key in members],
        "care_monthly_amount": f"{version.care_monthly_amount:.2f}",
        "care_level": version.care_level,
        "support_mode": version.support_mode,
    }
    found: dict[str, Any] = {"award": standing, "is_gone": case.household.ended_on is not None or not alive}
    return found | _limits(case, award, version, on=on) if case.scheme == Scheme.DIBAO else found


def _limits(case: Case, award: Award, version: AwardVersion, *, on: date) -> dict[str, Any]:
    area, residence = case.household.area, case.household.residence
    running = award.phase_outs.filter(revoked_on=None).order_by("-pk").first()
    is_running = award.state == AwardState.PHASE_OUT and running is not None
    return {
        "before": _before(version, rate=further_value(NO_CLEAR_CHANGE_RATE, area=area, on=on)),
        "phase_outs": phase_outs_given(award),
        "phase_out_months": running.months if is_running and running else None,
        "phase_outs_per_coverage": further_value(PHASE_OUTS_PER_COVERAGE, area=area, on=on, residence=residence),
        "phase_out_requires_employment": further_value(
            PHASE_OUT_REQUIRES_EMPLOYMENT, area=area, on=on, residence=residence
        ),
    }


def _before(version: AwardVersion, *, rate: Decimal) -> dict[str, Any] | None:
    assessment = assessment_behind(version)
    if assessment is None or not assessment.result["dibao"]["persons"]:
        return None
    means = means_of(assessment.result, assessment.facts, basis=version.basis)
    standard = assessment.result["parameters"]["dibao_monthly_standard"]
    on = f"{assessment.on:%Y年%-m月%-d日}"
    per_capita = assessment.result["household"]["per_capita_monthly"]
    return {"on": on, "standard": standard, "rate": str(rate), "per_capita": per_capita, **means}


_BASES = {str(basis.value): basis for basis in AwardBasis} | {"": AwardBasis.HOUSEHOLD}


@dataclass(frozen=True)
class Figure:
    """One figure of the family then and now, in words."""

    label: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        return self.before == self.after


def decided_without(award: Award, leaving: Collection[int]) -> Decision | None:
    """What a review decided of those who stay in a 低保 award once some members become 特困 (转办).

    Only the award's latest review speaks, and only while the award is as it was then.

    :param leaving: primary keys of the members.
    """
    latest = Decision.objects.filter(case__award=award, case__kind=CaseKind.REVIEW).order_by("-pk")
    found = latest.select_related("case", "proposal", "assessment").first()
    if found is None or found.result != ReviewResult.CHANGE_SCHEME or found.monthly_amount is None:
        return None
    version = award.versions.order_by("-serial").first()
    if version is None or version.serial != found.further["beside"]["award"]["version"]:
        return None
    staying = {f"m{row}" for row in found.proposal.persons.values_list("member", flat=True)}
    covered = set(found.further["beside"]["award"]["persons"])
    return found if staying and covered - {f"m{key}" for key in leaving} == staying else None


@dataclass(frozen=True)
class Changed:
    """变化比对: what is otherwise than when the award in force was decided.

    :param rested_on: day of the assessment that it rests on; None where none is kept.
    """

    rested_on: date | None
    figures: Sequence[Figure]
    facts: Sequence[Difference]
    checks: Sequence[AwardCheck]

    def of_person(self, reference: str) -> "Changed":
        """The same without facts of other members; all of them where no person is named."""
        kept = [row for row in self.facts if not reference or row.subject in ("", reference)]
        return replace(self, facts=kept)


def next_review_on(case: Case, *, category: str, decided_on: date) -> date | None:
    """By when the award is looked into next (下次应核日): the cycle of its category from this review on.

    None where the county has not set the cycle.
    """
    key = "tekun" if case.scheme == Scheme.TEKUN else category.lower()
    try:
        cycles = further_value(REVIEW_CYCLE_MONTHS, area=case.household.area, on=decided_on)
    except ServiceError:
        return None
    return months_after(decided_on, cycles[key]) if key in cycles else None


_NOT_FACTS = ("event", "award_basis", "current_persons", "current_monthly_amount", "area", "hardship", "parameters")
"""What an assessment's input says of the award and not of the family."""


def what_changed(
    award: Award, result: Mapping[str, Any], facts: Mapping[str, Any], *, version: AwardVersion
) -> Changed:
    """The family now beside the family on whose assessment the award in force rests.

    :param result: the assessment now; empty where the family cannot be assessed.
    """
    behind = assessment_behind(version)
    checks = list(award.checks.filter(settled_on=None).select_related("person").order_by("pk"))
    if behind is None or not result:
        return Changed(behind.on if behind else None, (), (), checks)
    found = differences(_family_of(behind.facts), _family_of(facts))
    return Changed(behind.on, tuple(_figures(behind.result, result)), tuple(found), checks)


def _family_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in _NOT_FACTS}


def _figures(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Figure]:
    return [
        Figure("计入人数", _heads(before), _heads(after)),
        Figure("家庭年可计收入（核减前）", _yuan(before, "yearly_income"), _yuan(after, "yearly_income")),
        Figure("月人均收入", _yuan(before, "per_capita_monthly"), _yuan(after, "per_capita_monthly")),
        Figure("财产", _property(before), _property(after)),
        Figure("低保标准（每人每月）", _standard(before), _standard(after)),
    ]


def _heads(result: Mapping[str, Any]) -> str:
    return f"{len(result['household']['remaining'])}人"


def _yuan(result: Mapping[str, Any], key: str) -> str:
    value = result["household"][key]
    return "—" if value is None else f"{Decimal(value):,.2f}元"


def _property(result: Mapping[str, Any]) -> str:
    return "符合规定" if result["household"]["property_ok"] else "不符合规定"


def _standard(result: Mapping[str, Any]) -> str:
    return f"{Decimal(result['parameters']['dibao_monthly_standard']):,.2f}元"


def suspension_to_settle(outcome: Proposal | Decision) -> AwardSuspension | None:
    """The suspension (暂缓发放) of an award of which a review finds that it is paid on; None where there is none."""
    award = outcome.case.award
    if award is None or outcome.result not in PAID_ON:
        return None
    return (
        AwardSuspension.objects.filter(award=award, ended_on=None, award__state=AwardState.SUSPENDED)
        .select_related("award")
        .first()
    )
