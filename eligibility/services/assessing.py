"""Assess families (试算), keep assessments, and reckon them again (复算)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction

from eligibility import rules
from eligibility.facts import household_facts
from eligibility.models import Assessment
from eligibility.queries import PARAMETER_TITLES, described_value, parameters_in_force, stored_parameters
from eligibility.services.trial import read_facts
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act

if TYPE_CHECKING:
    from households.models import Household

StoredParameters = Callable[..., rules.StatedParameters]


def assess_household(
    household: "Household",
    *,
    on: date,
    year: int,
    award: rules.AwardInForce | None = None,
    hardship: rules.Hardship | None = None,
) -> rules.Assessment:
    """Assess a family (试算) on a day; nothing is stored.

    :param year: accounting year (核算年度) of incomes and spending.
    :param award: the 低保 award under review (动态核查), persons by member reference; None for an application.
    :param hardship: hardship and proposed amount for temporary aid (临时救助).
    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some parameter has no value in force.
    """
    return assess_with_facts(household, on=on, year=year, award=award, hardship=hardship)[1]


def assess_with_facts(
    household: "Household",
    *,
    on: date,
    year: int,
    award: rules.AwardInForce | None = None,
    hardship: rules.Hardship | None = None,
) -> tuple[dict[str, Any], rules.Assessment]:
    """As :func:`assess_household`, with what it rests on, after the contract's input."""
    facts = replace(_facts_of(household, on=on, year=year), award=award, hardship=hardship)
    parameters = parameters_in_force(household.area, residence=household.residence, on=on)
    document = rules.facts_document(facts, parameters=parameters)
    return document, rules.assess(facts, parameters)


@transaction.atomic
def store_assessment(
    household: "Household",
    *,
    on: date,
    year: int,
    by: Staff,
    award: rules.AwardInForce | None = None,
    hardship: rules.Hardship | None = None,
) -> Assessment:
    """Assess a family and keep the whole input and the explained result (试算存档); written once.

    :raises NotPermitted: the person may not see the family.
    :raises NotAssessable: the family's facts are not complete enough.
    :raises MissingParameters: some parameter has no value in force.
    """
    check_can_act(by, Permission.VIEW_HOUSEHOLD, area=household.area)
    facts = replace(_facts_of(household, on=on, year=year), award=award, hardship=hardship)
    parameters = parameters_in_force(household.area, residence=household.residence, on=on)
    document = rules.facts_document(facts, parameters=parameters)
    return Assessment.objects.create(
        household=household,
        on=on,
        engine_version=engine_version(),
        parameters=document.pop("parameters"),
        facts=document,
        result=rules.assess(facts, parameters).as_dict(),
        made_by=by,
    )


@dataclass(frozen=True)
class Replay:
    """A stored assessment reckoned again (复算), and what came out otherwise.

    ``parameters`` compares what the assessment used with what the county's store states today for its day; empty text
    stands for a figure that is not stated.
    """

    assessment: Assessment
    engine_version: str
    deviations: Sequence[rules.Deviation]
    parameters: Sequence[rules.Deviation]
    problem: str = ""

    @property
    def is_same(self) -> bool:
        """Whether today's rules give the stored result and today's store states the same parameters."""
        return not (self.deviations or self.parameters or self.problem)


def replay(assessment: Assessment) -> Replay:
    """Reckon a stored assessment again for its date with today's rules and compare (复算)."""
    try:
        fresh = reassess(assessment).as_dict()
    except rules.InvalidInput as error:
        faults = "；".join(f"{fault.path}：{fault.message}" for fault in error.faults)
        return Replay(assessment, engine_version(), (), (), f"今天的规则读不了当时的输入：{faults}")
    return Replay(
        assessment,
        engine_version(),
        rules.compare_results(assessment.result, fresh),
        _parameters_since(assessment),
    )


def _parameters_since(assessment: Assessment) -> list[rules.Deviation]:
    """Parameters that the county's store states otherwise today for the assessment's day."""
    facts = assessment.facts
    stated = stored_parameters(facts["area"], residence=facts["residence"], on=assessment.on)
    try:
        today = rules.parameters_document(stated.whole)
    except rules.IncompleteParameters as error:
        return [rules.Deviation("", PARAMETER_TITLES[path.partition(".")[0]], "有", "") for path in error.missing]
    return [
        rules.Deviation(
            "", PARAMETER_TITLES[key], described_value(key, assessment.parameters[key]), described_value(key, value)
        )
        for key, value in today.items()
        if assessment.parameters.get(key) != value
    ]


@cache
def engine_version() -> str:
    """The engine's version with a mark of its sources, which no forgotten raise of the number can hide."""
    sources = sorted(Path(rules.__file__).parent.glob("*.py"))
    digest = sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()
    return f"{rules.ENGINE_VERSION}+{digest[:8]}"


def reassess(assessment: Assessment) -> rules.Assessment:
    """Assess a stored assessment's own input again (复算): its facts and its parameters, for its date."""
    return assess_document({**assessment.facts, "parameters": assessment.parameters})


def assess_document(
    document: Any, *, stored: StoredParameters = stored_parameters, explain: bool = True
) -> rules.Assessment:
    """Assess one household given as JSON (试算); what parameters it leaves out comes from the county's store.

    :param stored: where the county's parameters are read; a batch passes one that remembers.
    :param explain: whether findings (认定依据) are kept.
    :raises InvalidInput: with every fault found.
    """
    facts, parameters = read_document(document, stored=stored)
    return rules.assess(facts, parameters, explain=explain)


def read_document(
    document: Any, *, stored: StoredParameters = stored_parameters
) -> tuple[rules.Facts, rules.Parameters]:
    """One household given as JSON (试算输入), and its parameters with the county's for what it leaves out.

    :raises InvalidInput: with every fault found.
    """
    reading = rules.read_household(document)
    facts = reading.facts
    try:
        if not reading.parameters.missing:
            return facts, reading.parameters.whole
        below = stored(facts.area, residence=facts.residence.value, on=facts.on)
        return facts, reading.parameters.over(below)
    except rules.IncompleteParameters as error:
        raise rules.InvalidInput(_lacking(path, facts) for path in error.missing) from error


def _lacking(path: str, facts: rules.Facts) -> rules.Fault:
    title = PARAMETER_TITLES[path.partition(".")[0]]
    stored = f"县里没有区划{facts.area}（{facts.residence.label}）{facts.on.isoformat()}有效的“{title}”"
    return rules.Fault(f"parameters.{path}", f"缺少这一项；{stored}，应在输入中写明")


def _facts_of(household: "Household", *, on: date, year: int) -> rules.Facts:
    return read_facts(household_facts(household, on=on, year=year))
