"""提标 and 政策测算: one award reckoned again on other parameters, everything else as it was found. Pure.

Only parameters vary: the family's facts are those of the assessment on which the award rests, seen on the day from
which the new parameters hold. Where the day alone would change the award (a birthday), where staff decided otherwise
than the rules came out, or where nothing can be reckoned, the award is set apart (须逐户看) and left as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from eligibility.rules import (
    Assessment,
    AwardBasis,
    AwardInForce,
    DibaoOutcome,
    Facts,
    Parameters,
    TekunOutcome,
    assess,
)
from eligibility.rules.choices import Choice
from eligibility.rules.cliffs import CliffCause
from eligibility.rules.shares import Share, dibao_shares

ZERO = Decimal("0.00")


class Outcome(Choice):
    """What other parameters make of one award, or of a family without one."""

    RAISE = "raise", "增发"
    CUT = "cut", "减发"
    SAME = "same", "不变"
    PHASE_OUT = "phase_out", "转入渐退"
    STOP = "stop", "停发"
    NEW = "new", "新符合"
    APART = "apart", "须逐户看"


class Apart(Choice):
    """Why an award is set apart (须逐户看); the label is the sentence on the page."""

    SUSPENDED = "suspended", "暂缓发放，恢复时另行核定"
    PHASE_OUT = "phase_out", "在渐退期，原额照发，不随标准调整"
    DIED = "died", "保障对象有人去世，还没有复核"
    NO_ASSESSMENT = "no_assessment", "没有留存的试算，无法重新测算"
    UNREADABLE = "unreadable", "当时的试算材料用现在的规则读不了"
    DECIDED_OTHERWISE = "decided_otherwise", "决定的金额与当时的试算不同"
    PERSONS_OTHERWISE = "persons_otherwise", "保障对象与当时的试算不同"
    BY_THE_DAY = "by_the_day", "到生效月因年龄等变化，不提标也会变，须先复核"
    CLIFF = "cliff", "按新标准保障方式或者人员会变（悬崖点），须复核"
    NOT_CONTINUED = "not_continued", "按新标准不再继续保障，须复核"
    CHANGED_SINCE = "changed_since", "测算以后待遇有变动，须重新测算"
    SAME_NOW = "same_now", "测算以后已按新标准核定，不用再调整"
    FROZEN = "frozen", "发放册已按提标后的金额定册"
    ENDED = "ended", "已经停发，生效月以后还发过的月份须逐户补差"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One version of an award as it was decided; persons by member reference, money in yuan a month."""

    scheme: str
    monthly_amount: Decimal
    persons: tuple[str, ...]
    basis: str = ""
    care_monthly_amount: Decimal = ZERO
    care_level: str = ""
    support_mode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The assessment that a version rests on: facts, parameters, and the stored answers of the contract's output."""

    facts: Facts
    parameters: Parameters
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What became of one version: the amount in yuan a month (None where staff must find it), each person's part.

    ``facts`` and ``assessment`` are what the amount rests on; ``newly_tekun`` are members whom the new parameters make
    特困, with what each would be paid.
    """

    outcome: Outcome
    amount: Decimal | None = None
    apart: Apart | None = None
    cliff: CliffCause | None = None
    shares: tuple[Share, ...] = ()
    care_monthly_amount: Decimal = ZERO
    facts: Facts | None = None
    assessment: Assessment | None = None
    newly_tekun: tuple[tuple[str, Decimal], ...] = ()

    @property
    def rests_on_parameters_alone(self) -> bool:
        """Whether a batch may carry it out: the same persons in the same way, no less than continued."""
        return self.apart is None and self.cliff is None and self.outcome in _CARRIED


_BASES = {basis.value: basis for basis in AwardBasis}
_CARRIED = frozenset({Outcome.RAISE, Outcome.CUT, Outcome.SAME})


def set_apart(why: Apart) -> Reckoned:
    return Reckoned(outcome=Outcome.APART, apart=why)


def for_a_batch(found: Reckoned) -> Reckoned:
    """The same, set apart where an uplift must not carry it out by itself: what is continued otherwise is reviewed."""
    if found.apart is not None or found.rests_on_parameters_alone:
        return found
    return replace(found, outcome=Outcome.APART, apart=Apart.CLIFF if found.cliff else Apart.NOT_CONTINUED)


def reckon(
    standing: Standing, ground: Ground | None, *, before: Sequence[Parameters], after: Parameters, on: date
) -> Reckoned:
    """Reckon one version on other parameters from a day on.

    :param before: parameters that the version's amount may have come from, beside its assessment's own.
    :param after: the new ones.
    :param on: the day on which the family is seen, the first from which ``after`` holds.
    """
    if ground is None:
        return set_apart(Apart.NO_ASSESSMENT)
    if standing.scheme == "tekun":
        return _reckon_tekun(standing, ground, before=before, after=after, on=on)
    return _reckon_dibao(standing, ground, after=after, on=on)


def _reckon_dibao(standing: Standing, ground: Ground, *, after: Parameters, on: date) -> Reckoned:
    why = _decided_otherwise(standing, ground.result["dibao"])
    if why is not None:
        return set_apart(why)
    award = AwardInForce(persons=standing.persons, monthly_amount=standing.monthly_amount, basis=_BASES[standing.basis])
    facts = replace(ground.facts, on=on, award=award, hardship=None)
    if not _stands_by_the_day(standing, ground, facts):
        return set_apart(Apart.BY_THE_DAY)
    assessment = assess(facts, after, explain=False)
    return _compared(standing, ground, facts, assessment)


def _decided_otherwise(standing: Standing, found: Mapping[str, Any]) -> Apart | None:
    if found["monthly_amount"] is None or Decimal(found["monthly_amount"]) != standing.monthly_amount:
        return Apart.DECIDED_OTHERWISE
    if set(found["persons"]) != set(standing.persons) or found["basis"] != standing.basis:
        return Apart.PERSONS_OTHERWISE
    return None


def _stands_by_the_day(standing: Standing, ground: Ground, facts: Facts) -> bool:
    """Whether the old parameters still give the same award on the new day."""
    if facts.on == ground.facts.on:
        return True
    dibao = assess(facts, ground.parameters, explain=False).dibao
    return (
        dibao.outcome is DibaoOutcome.CONTINUE
        and dibao.monthly_amount == standing.monthly_amount
        and set(dibao.persons) == set(standing.persons)
        and dibao.basis == standing.basis
    )


def _compared(standing: Standing, ground: Ground, facts: Facts, assessment: Assessment) -> Reckoned:
    dibao = assessment.dibao
    cliff = _cliff(standing, ground, assessment)
    found = Reckoned(
        outcome=Outcome.STOP,
        amount=ZERO,
        cliff=cliff,
        facts=facts,
        assessment=assessment,
        newly_tekun=tuple(_newly_tekun(ground, assessment)),
    )
    if dibao.outcome is DibaoOutcome.PHASE_OUT:
        return replace(found, outcome=Outcome.PHASE_OUT, amount=dibao.monthly_amount)
    if dibao.outcome is not DibaoOutcome.CONTINUE or dibao.monthly_amount is None:
        return found
    outcome = moved(standing.monthly_amount, dibao.monthly_amount)
    return replace(found, outcome=outcome, amount=dibao.monthly_amount, shares=dibao_shares(facts, assessment))


def moved(before: Decimal, after: Decimal) -> Outcome:
    """增发, 减发 or the same: arithmetic only."""
    if after == before:
        return Outcome.SAME
    return Outcome.RAISE if after > before else Outcome.CUT


def _cliff(standing: Standing, ground: Ground, assessment: Assessment) -> CliffCause | None:
    """Why the award stands otherwise than before, where it does: a known cliff (contract), lawful and shown."""
    household, dibao = ground.result["household"], assessment.dibao
    if set(household["tekun_members"]) != set(assessment.household.tekun_members):
        same = Decimal(household["employment_deduction"]) == assessment.household.employment_deduction
        return CliffCause.TEKUN if same else CliffCause.TEKUN_AND_EMPLOYMENT
    if dibao.outcome is DibaoOutcome.PHASE_OUT:
        return CliffCause.PHASE_OUT
    if dibao.outcome is not DibaoOutcome.CONTINUE:
        return None
    if dibao.basis != standing.basis:
        return CliffCause.SINGLE_PERSON
    return None if set(dibao.persons) == set(standing.persons) else CliffCause.OTHER


def _newly_tekun(ground: Ground, assessment: Assessment) -> Iterator[tuple[str, Decimal]]:
    before = {row["member"] for row in ground.result["tekun"] if row["outcome"] == TekunOutcome.ELIGIBLE}
    for row in assessment.tekun:
        if row.outcome is TekunOutcome.ELIGIBLE and row.member not in before and row.monthly_amount is not None:
            yield row.member, row.monthly_amount


def _reckon_tekun(
    standing: Standing, ground: Ground, *, before: Sequence[Parameters], after: Parameters, on: date
) -> Reckoned:
    """Basic living and care by the level and mode of the version, which a later reassessment may have set (F43 §23)."""
    person = standing.persons[0] if len(standing.persons) == 1 else ""
    if not _was_tekun(ground, person):
        return set_apart(Apart.PERSONS_OTHERWISE)
    if not _is_paid_by(standing, (ground.parameters, *before)):
        return set_apart(Apart.DECIDED_OTHERWISE)
    facts = replace(ground.facts, on=on, award=None, hardship=None)
    if facts.on != ground.facts.on and not _is_tekun(person, assess(facts, ground.parameters, explain=False)):
        return set_apart(Apart.BY_THE_DAY)
    assessment = assess(facts, after, explain=False)
    if not _is_tekun(person, assessment):
        return Reckoned(outcome=Outcome.STOP, amount=ZERO, facts=facts, assessment=assessment, cliff=CliffCause.TEKUN)
    care = _care(after, standing)
    amount = after.tekun_basic_monthly_amount + care
    return Reckoned(
        outcome=moved(standing.monthly_amount, amount),
        amount=amount,
        shares=(Share(person, amount, ZERO, ""),),
        care_monthly_amount=care,
        facts=facts,
        assessment=assessment,
    )


def _was_tekun(ground: Ground, person: str) -> bool:
    return any(row["member"] == person and row["outcome"] == TekunOutcome.ELIGIBLE for row in ground.result["tekun"])


def _is_tekun(person: str, assessment: Assessment) -> bool:
    return any(row.member == person and row.outcome is TekunOutcome.ELIGIBLE for row in assessment.tekun)


def _is_paid_by(standing: Standing, known: Sequence[Parameters]) -> bool:
    """Whether both parts were standards; a reassessed level takes its own day's care beside the basic as it was."""
    basic = standing.monthly_amount - standing.care_monthly_amount
    return any(basic == one.tekun_basic_monthly_amount for one in known) and any(
        _care(one, standing) == standing.care_monthly_amount for one in known
    )


def _care(parameters: Parameters, standing: Standing) -> Decimal:
    amount: Decimal = getattr(getattr(parameters.tekun_care_monthly, standing.support_mode), standing.care_level)
    return amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """What a family without an award would have: of 低保 the amount, of 特困 each member's; yuan a month."""

    dibao: Decimal | None
    dibao_persons: int
    basis: str
    category: str
    tekun: tuple[tuple[str, Decimal], ...]


def entitled(facts: Facts, parameters: Parameters) -> Entitled:
    """Assess a registered family as if it applied (申请) on the day of its facts."""
    assessment = assess(facts, parameters, explain=False)
    dibao = assessment.dibao
    is_eligible = dibao.outcome is DibaoOutcome.ELIGIBLE
    return Entitled(
        dibao=dibao.monthly_amount if is_eligible else None,
        dibao_persons=len(dibao.persons) if is_eligible else 0,
        basis=dibao.basis.value if is_eligible and dibao.basis else "",
        category=dibao.category.value if is_eligible and dibao.category else "",
        tekun=tuple(
            (row.member, row.monthly_amount)
            for row in assessment.tekun
            if row.outcome is TekunOutcome.ELIGIBLE and row.monthly_amount is not None
        ),
    )


def timeline(versions: Sequence[tuple[int, date]], *, since: date) -> list[tuple[date, int]]:
    """Which version holds from which month on: the one with the greatest serial that begins in the month or before.

    :param versions: serial and first month of each.
    :returns: month and serial, in the order of the months; the first at ``since`` or where the award begins.
    """
    found: list[tuple[date, int]] = []
    for serial, month in sorted(versions, reverse=True):
        if found and month >= found[-1][0]:
            continue
        found.append((max(month, since), serial))
        if month <= since:
            break
    return found[::-1]


def months_owed(*, since: date, until: date) -> int:
    """Months from one to another, both included (补发的月数); none where the second lies before the first."""
    return max(0, (until.year - since.year) * 12 + until.month - since.month + 1)
