"""Assess families (试算), keep assessments, and keep the dated parameters (标准与参数)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from eligibility import rules
from eligibility.facts import household_facts
from eligibility.models import Assessment, Parameter, SourceDocument
from eligibility.queries import PARAMETER_TITLES, described_value, parameters_in_force, stored_parameters
from foundation.errors import ServiceError
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act

if TYPE_CHECKING:
    from households.models import Household

StoredParameters = Callable[..., rules.StatedParameters]


@dataclass(frozen=True)
class SourceData:
    """A source document as typed, to be recorded with the value that rests on it."""

    number: str
    title: str
    issued_on: date | None = None


class NotAssessable(ServiceError):
    """The family's facts contradict one another or lack something; the sentence says what."""


class NotAParameter(ServiceError):
    """The key is unknown or the value is not one that the parameter may have."""


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
    facts = _facts_of(household, on=on, year=year)
    parameters = parameters_in_force(household.area, residence=household.residence, on=on)
    return rules.assess(replace(facts, award=award, hardship=hardship), parameters)


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
    try:
        return rules.read_household(household_facts(household, on=on, year=year)).facts
    except rules.InvalidInput as error:
        faults = "；".join(fault.message for fault in error.faults)
        raise NotAssessable(f"家庭资料还不能试算：{faults}。请先补正家庭成员资料。") from error


# --- Parameters ------------------------------------------------------------------------------------------------


@transaction.atomic
def set_parameter(
    key: str,
    *,
    value: Any,
    area: Area,
    residence: str,
    from_day: date,
    source: SourceDocument | SourceData,
    by: Staff,
    is_sample: bool = False,
    is_local_practice: bool = False,
    note: str = "",
) -> Parameter:
    """Give a parameter a value from a day on (提标、调整参数); the running value ends the day before.

    A value that begins the same day is corrected in place, its history kept; a later one stays, and this one
    ends where it begins. What was decided before keeps the parameters that it was decided by.

    :param value: as the assessment's JSON holds it; nested ones whole.
    :raises NotPermitted: the person may not manage parameters in the area.
    :raises NotAParameter: unknown key, or a value that it may not have.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=area)
    check_parameter(key, value)
    if isinstance(source, SourceData):
        source = record_source_document(source.number, title=source.title, issued_on=source.issued_on, by=by, area=area)
    # One writer at a time: two at once would both find the same running value, or none.
    area = Area.objects.select_for_update(of=("self",)).get(pk=area.pk)
    rows = list(Parameter.objects.filter(key=key, area=area, residence=residence))
    facts = {
        "value": value,
        "source": source,
        "is_sample": is_sample,
        "is_local_practice": is_local_practice,
        "note": note,
    }
    running = next((row for row in rows if from_day in row.valid), None)
    if running is not None and running.valid.lower == from_day:
        return _corrected(running, facts)
    if running is not None:
        running.valid = DateRange(running.valid.lower, from_day)
        running.save(update_fields=["valid"])
    later = min((row.valid.lower for row in rows if row.valid.lower and row.valid.lower > from_day), default=None)
    valid = DateRange(from_day, later)
    return Parameter.objects.create(key=key, area=area, residence=residence, valid=valid, **facts)


def _corrected(row: Parameter, facts: Mapping[str, Any]) -> Parameter:
    for name, fact in facts.items():
        setattr(row, name, fact)
    row.save(update_fields=list(facts))
    return row


def check_parameter(key: str, value: Any) -> None:
    """
    :raises NotAParameter: unknown key, or a value that the assessment could not read.
    """
    if key not in PARAMETER_TITLES:
        raise NotAParameter("没有这个参数。", field="key")
    try:
        stated = rules.read_parameters({key: value})
    except rules.InvalidInput as error:
        faults = "；".join(fault.message for fault in error.faults)
        raise NotAParameter(f"“{PARAMETER_TITLES[key]}”{faults}。", field="value") from error
    if lacking := [path for path in stated.missing if path.startswith(f"{key}.")]:
        raise NotAParameter(f"“{PARAMETER_TITLES[key]}”不完整，缺{'、'.join(lacking)}。", field="value")


@transaction.atomic
def record_source_document(
    number: str,
    *,
    title: str,
    by: Staff,
    area: Area,
    issued_on: date | None = None,
    issuer: str = "",
    address: str = "",
) -> SourceDocument:
    """Record a document that parameters rest on (依据文件); a number already recorded gives that document.

    :raises NotPermitted: the person may not manage parameters in the area.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=area)
    facts = {"title": title, "issued_on": issued_on, "issuer": issuer, "address": address}
    document, _ = SourceDocument.objects.get_or_create(number=number, defaults=facts)
    return document


@transaction.atomic
def load_source_documents(rows: Iterable[Mapping[str, str]]) -> dict[str, SourceDocument]:
    """Load the source documents of the figures that come with the system, by number; repeatable."""
    loaded = {}
    for row in rows:
        facts = {**row, "issued_on": row["issued_on"] or None}
        loaded[row["number"]], _ = SourceDocument.objects.get_or_create(number=row["number"], defaults=facts)
    return loaded


@transaction.atomic
def load_parameters(
    rows: Iterable[Mapping[str, Any]], *, area: Area, sources: Mapping[str, SourceDocument]
) -> tuple[int, int]:
    """Load figures that come with the system, except where the county has a value of its own in that time.

    :param rows: key, value, residence, from, to (not included; null while running), source, is_sample,
        is_local_practice, note.
    :returns: how many were loaded, how many stood already.
    :raises NotAParameter: a figure that the assessment could not read.
    """
    taken: dict[tuple[str, str], list[Any]] = {}
    for key, residence, valid in Parameter.objects.filter(area=area).values_list("key", "residence", "valid"):
        taken.setdefault((key, residence), []).append(valid)
    fresh = []
    total = 0
    for row in rows:
        total += 1
        check_parameter(row["key"], row["value"])
        parameter = _parameter(row, area=area, source=sources[row["source"]])
        if not any(_overlap(parameter.valid, valid) for valid in taken.get((parameter.key, parameter.residence), ())):
            fresh.append(parameter)
    Parameter.objects.bulk_create(fresh)
    return len(fresh), total - len(fresh)


def _parameter(row: Mapping[str, Any], *, area: Area, source: SourceDocument) -> Parameter:
    until = date.fromisoformat(row["to"]) if row["to"] else None
    return Parameter(
        key=row["key"],
        value=row["value"],
        area=area,
        residence=row["residence"],
        valid=DateRange(date.fromisoformat(row["from"]), until),
        source=source,
        is_sample=row.get("is_sample", False),
        is_local_practice=row.get("is_local_practice", False),
        note=row.get("note", ""),
    )


def _overlap(one: Any, other: Any) -> bool:
    """Whether two ranges of days, each without its last bound, have a day in common; no bound is for ever."""
    return not (
        (one.upper and other.lower and one.upper <= other.lower)
        or (other.upper and one.lower and other.upper <= one.lower)
    )
