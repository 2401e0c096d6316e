"""The assessment (试算): every scheme's rules applied to one household's facts on a day."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from eligibility.rules.amounts import yuan
from eligibility.rules.counting import is_counted
from eligibility.rules.dibao import DibaoCase, DibaoResult, assess_dibao
from eligibility.rules.facts import Facts
from eligibility.rules.findings import Finding, NoTrail, Trail
from eligibility.rules.marginal import MarginalOutcome, assess_marginal
from eligibility.rules.means import reckon_means
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import person_on
from eligibility.rules.property import meets_property_test
from eligibility.rules.shapes import in_one_line
from eligibility.rules.tekun import TekunOutcome, TekunResult, assess_tekun
from eligibility.rules.temporary_aid import TemporaryAidResult, assess_temporary_aid
from eligibility.rules.writing import parameters_document

# Raised when the same facts and parameters may come out otherwise; stored with every assessment.
ENGINE_VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class HouseholdResult:
    """Who counts, who is 特困, who remains (ids in input order), and their means in yuan."""

    counted: tuple[str, ...]
    tekun_members: tuple[str, ...]
    remaining: tuple[str, ...]
    yearly_income: Decimal
    rigid_deduction: Decimal
    employment_deduction: Decimal
    per_capita_monthly: Decimal | None
    property_ok: bool


@dataclass(frozen=True)
class Assessment:
    """The answers of all schemes; the findings are written out when first read."""

    on: date
    parameters: Parameters
    household: HouseholdResult
    dibao: DibaoResult
    marginal: MarginalOutcome
    tekun: tuple[TekunResult, ...]
    temporary_aid: TemporaryAidResult | None
    _trail: Trail = field(repr=False, compare=False)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Each comparison in the order made."""
        return self._trail.findings()

    def as_dict(self, *, with_findings: bool = True) -> dict[str, Any]:
        """The contract's output."""
        head = {"on": self.on.isoformat(), "parameters": parameters_document(self.parameters)}
        return {**head, **self._answers(with_findings=with_findings)}

    def as_line(self, *, with_findings: bool = True) -> str:
        """The contract's output as JSON without spaces; the parameters, alike on line after line, are written once."""
        answers = in_one_line(self._answers(with_findings=with_findings))
        return f'{{"on":"{self.on.isoformat()}","parameters":{self.parameters.line},{answers[1:]}'

    def _answers(self, *, with_findings: bool) -> dict[str, Any]:
        return {
            "household": _household_document(self.household),
            "dibao": _dibao_document(self.dibao),
            "marginal": {"outcome": self.marginal.value},
            "tekun": [_tekun_document(result) for result in self.tekun],
            "temporary_aid": _temporary_aid_document(self.temporary_aid),
            **({"findings": [finding._asdict() for finding in self.findings]} if with_findings else {}),
        }


def assess(facts: Facts, parameters: Parameters, *, explain: bool = True) -> Assessment:
    """Assess a household (试算) under every scheme, with the parameters in force on ``facts.on``.

    :param explain: whether findings (认定依据) are kept; a large batch reads none.
    """
    trail = Trail() if explain else NoTrail()
    persons = [person_on(member, on=facts.on) for member in facts.members]
    counted = tuple(person for person in persons if is_counted(person, trail=trail))
    property_ok = meets_property_test(facts.property, counted=counted, parameters=parameters, trail=trail)
    tekun = assess_tekun(
        persons, on=facts.on, counted=counted, property_ok=property_ok, parameters=parameters, trail=trail
    )
    tekun_members = tuple(result.member for result in tekun if result.outcome is TekunOutcome.ELIGIBLE)
    remaining = tuple(person for person in counted if person.id not in tekun_members)
    means = reckon_means(remaining, expenses=facts.expenses, parameters=parameters, trail=trail)
    case = DibaoCase(counted, remaining, means, property_ok, facts.income_stable, facts.award)
    return Assessment(
        on=facts.on,
        parameters=parameters,
        household=_household_result(case, tekun_members),
        dibao=assess_dibao(case, parameters=parameters, trail=trail),
        marginal=assess_marginal(means, property_ok=property_ok, parameters=parameters, trail=trail),
        tekun=tekun,
        temporary_aid=_temporary_aid(facts, parameters, trail),
        _trail=trail,
    )


def _temporary_aid(facts: Facts, parameters: Parameters, trail: Trail) -> TemporaryAidResult | None:
    if facts.hardship is None:
        return None
    return assess_temporary_aid(facts.hardship, parameters=parameters, trail=trail)


def _household_result(case: DibaoCase, tekun_members: tuple[str, ...]) -> HouseholdResult:
    means = case.means
    return HouseholdResult(
        counted=tuple(person.id for person in case.counted),
        tekun_members=tekun_members,
        remaining=tuple(person.id for person in case.remaining),
        yearly_income=yuan(means.income),
        rigid_deduction=yuan(means.rigid_deduction),
        employment_deduction=yuan(means.employment_deduction),
        per_capita_monthly=None if means.per_capita is None else yuan(means.per_capita),
        property_ok=case.property_ok,
    )


def _household_document(household: HouseholdResult) -> dict[str, Any]:
    return {
        "counted": list(household.counted),
        "tekun_members": list(household.tekun_members),
        "remaining": list(household.remaining),
        "yearly_income": str(household.yearly_income),
        "rigid_deduction": str(household.rigid_deduction),
        "employment_deduction": str(household.employment_deduction),
        "per_capita_monthly": _money(household.per_capita_monthly),
        "property_ok": household.property_ok,
    }


def _dibao_document(dibao: DibaoResult) -> dict[str, Any]:
    return {
        "outcome": dibao.outcome.value,
        "reason": _value(dibao.reason),
        "basis": _value(dibao.basis),
        "persons": list(dibao.persons),
        "category": _value(dibao.category),
        "review_months": dibao.review_months,
        "monthly_amount": _money(dibao.monthly_amount),
        "change": _value(dibao.change),
        "phase_out_months": list(dibao.phase_out_months) if dibao.phase_out_months else None,
        "single_person_candidates": list(dibao.single_person_candidates),
    }


def _tekun_document(result: TekunResult) -> dict[str, Any]:
    return {
        "member": result.member,
        "outcome": result.outcome.value,
        "self_care": result.self_care.value,
        "monthly_amount": _money(result.monthly_amount),
    }


def _temporary_aid_document(result: TemporaryAidResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {"min": str(result.min), "max": str(result.max), "verdict": result.verdict.value}


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _value(choice: StrEnum | None) -> str | None:
    return None if choice is None else choice.value
