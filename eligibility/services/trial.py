"""Try out a family's rows (试算), recorded or only typed: every scheme at once, nothing is stored."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from eligibility import rules
from eligibility.facts import Document, FamilyRows, facts_of
from eligibility.queries import MarkedFigures, figures_in_force
from foundation.errors import ServiceError


class NotAssessable(ServiceError):
    """The family's facts contradict one another or lack something; the sentence says what."""


@dataclass(frozen=True)
class Trial:
    """What came out, and what else the same facts would bring.

    ``may_apply_alone`` are members who would be covered alone if they asked for it, ``alone_amount`` what all of
    them would get a month; ``temporary_aid`` is the least and the most for a hardship of the urgent kind (急难型).
    """

    assessment: rules.Assessment
    marked: MarkedFigures
    may_apply_alone: tuple[str, ...]
    alone_amount: Decimal
    temporary_aid: tuple[Decimal, Decimal]


def try_out(rows: FamilyRows, *, on: date) -> Trial:
    """Assess rows on a day as an application, the parameters read once.

    :raises NotAssessable: the facts are not complete enough.
    :raises MissingParameters: some parameter has no value in force.
    """
    facts = read_facts(facts_of(rows, on=on))
    figures = figures_in_force(rows.household.area, residence=rows.household.residence, on=on)
    found = rules.assess(facts, figures.parameters)
    alone, amount = _may_apply_alone(facts, found)
    return Trial(
        assessment=found,
        marked=figures.marked,
        may_apply_alone=alone,
        alone_amount=amount,
        temporary_aid=rules.temporary_aid_range(rules.HardshipType.URGENT, parameters=figures.parameters),
    )


def read_facts(document: Document) -> rules.Facts:
    """A family's facts, read for the rules.

    :raises NotAssessable: the facts are not complete enough.
    """
    try:
        return rules.read_household(document).facts
    except rules.InvalidInput as error:
        faults = "；".join(fault.message for fault in error.faults)
        raise NotAssessable(f"家庭资料还不能试算：{faults}。请先补正家庭成员资料。") from error


def _may_apply_alone(facts: rules.Facts, found: rules.Assessment) -> tuple[tuple[str, ...], Decimal]:
    """Who would be covered if every member asked alone (单独提出申请) and is not covered now; F2022 一（一）."""
    nobody: tuple[tuple[str, ...], Decimal] = ((), Decimal(0))
    if found.dibao.basis is rules.AwardBasis.HOUSEHOLD:
        return nobody
    asking = replace(facts, members=tuple(replace(member, applies_alone=True) for member in facts.members))
    dibao = rules.assess(asking, found.parameters, explain=False).dibao
    more = tuple(person for person in dibao.persons if person not in found.dibao.persons)
    if not more or dibao.monthly_amount is None:
        return nobody
    return more, dibao.monthly_amount - (found.dibao.monthly_amount or 0)
