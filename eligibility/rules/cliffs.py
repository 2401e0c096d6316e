"""Known cliffs (悬崖点): where one fen more income raises the 低保 amount or what the family is paid in all.

They are lawful and shown, not hidden. Between them the amount never rises with income, so that looking where the
standing changes (outcome, basis, who is covered, who is 特困) finds them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from eligibility.rules.amounts import fen, up, yuan
from eligibility.rules.assessment import Assessment, assess
from eligibility.rules.choices import AwardBasis, IncomeKind
from eligibility.rules.dibao import DibaoOutcome
from eligibility.rules.facts import ZERO, Facts, Income, Member
from eligibility.rules.parameters import Parameters
from eligibility.rules.people import COUNTED_INCOME

# Incomes are looked at in steps; a standing that comes and goes within one step stays unseen.
_STEP = 30_000


class CliffCause(Enum):
    """Why the amount moves against the direction of the income; the value is the sentence."""

    TEKUN = "有人进入或者退出特困，低保的保障人数随之改变"
    TEKUN_AND_EMPLOYMENT = "有人进入或者退出特困，就业成本核减也随之改变"
    SINGLE_PERSON = "整户保障转为单人户保障，单人户不扣全家的收入"
    PHASE_OUT = "转入渐退期，原额照发"
    OTHER = "保障人员或者条件改变"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cliff:
    """One member's income on either side of a cliff, a fen apart, and the family's assessment there."""

    members: tuple[Member, ...]
    member: Member
    kind: IncomeKind
    income_before: Decimal
    income_after: Decimal
    before: Assessment
    after: Assessment

    @property
    def cause(self) -> CliffCause:
        before, after = self.before, self.after
        if before.household.tekun_members != after.household.tekun_members:
            moved = before.household.employment_deduction != after.household.employment_deduction
            return CliffCause.TEKUN_AND_EMPLOYMENT if moved else CliffCause.TEKUN
        if after.dibao.outcome is DibaoOutcome.PHASE_OUT:
            return CliffCause.PHASE_OUT
        if before.dibao.basis is AwardBasis.HOUSEHOLD and after.dibao.basis is AwardBasis.SINGLE_PERSON:
            return CliffCause.SINGLE_PERSON
        return CliffCause.OTHER


def dibao_paid(assessment: Assessment) -> Decimal:
    """低保金 a month; nothing where staff must still set it."""
    return assessment.dibao.monthly_amount or ZERO


def tekun_paid(assessment: Assessment) -> Decimal:
    """特困供养金 a month of all members."""
    return sum((result.monthly_amount or ZERO for result in assessment.tekun), ZERO)


def cliffs(facts: Facts, parameters: Parameters) -> Iterator[Cliff]:
    """Every cliff on the way of each member's income from nothing to where nothing is paid any more."""
    for member in facts.members:
        yield from _Way(facts, parameters, member).cliffs()


class _Standing(NamedTuple):
    """What stays the same between two cliffs."""

    outcome: DibaoOutcome
    basis: AwardBasis | None
    persons: tuple[str, ...]
    remaining: tuple[str, ...]
    tekun_members: tuple[str, ...]


class _Way:
    """A family while one member's income grows; its first counted income, else 其他转移净收入."""

    def __init__(self, facts: Facts, parameters: Parameters, member: Member) -> None:
        self._facts, self._parameters, self._member = facts, parameters, member
        counted = [place for place, income in enumerate(member.incomes) if income.kind in COUNTED_INCOME]
        self._place = counted[0] if counted else None
        self._kind = member.incomes[counted[0]].kind if counted else IncomeKind.OTHER_TRANSFER

    def cliffs(self) -> Iterator[Cliff]:
        low, end = 0, self._end()
        while low < end:
            high = min(low + _STEP, end)
            yield from self._between(low, high)
            low = high

    def _end(self) -> int:
        """So much income, and the spending deducted from it, that nobody is below any limit."""
        parameters = self._parameters
        limits = (parameters.standard_yearly, parameters.marginal_yearly, parameters.phase_out_yearly)
        spending = sum(fen(expense.yearly) for expense in self._facts.expenses)
        whole = up(max(limits)) * len(self._facts.members) + up(parameters.rigid_rate * spending) + spending
        return max(whole, parameters.disposable_income) + _STEP

    def _between(self, low: int, high: int) -> Iterator[Cliff]:
        """Each change of standing within a step, found to the fen; those that raise an amount are cliffs."""
        last = self._standing(high)
        while self._standing(low) != last:
            before, after = low, high
            while after - before > 1:
                middle = (before + after) // 2
                if self._standing(middle) == self._standing(low):
                    before = middle
                else:
                    after = middle
            yield from self._cliff(before, after)
            low = after

    def _cliff(self, income_before: int, income_after: int) -> Iterator[Cliff]:
        before, after = self._assessed(income_before), self._assessed(income_after)
        in_all = dibao_paid(after) + tekun_paid(after) > dibao_paid(before) + tekun_paid(before)
        if in_all or dibao_paid(after) > dibao_paid(before):
            yield Cliff(
                members=self._facts.members,
                member=self._member,
                kind=self._kind,
                income_before=yuan(income_before),
                income_after=yuan(income_after),
                before=before,
                after=after,
            )

    def _standing(self, income: int) -> _Standing:
        assessment = self._assessed(income)
        dibao, household = assessment.dibao, assessment.household
        return _Standing(dibao.outcome, dibao.basis, dibao.persons, household.remaining, household.tekun_members)

    def _assessed(self, income: int) -> Assessment:
        earned = Income(kind=self._kind, yearly=yuan(income))
        incomes = list(self._member.incomes)
        if self._place is None:
            incomes.append(earned)
        else:
            incomes[self._place] = earned
        changed = replace(self._member, incomes=tuple(incomes))
        members = tuple(changed if member is self._member else member for member in self._facts.members)
        return assess(replace(self._facts, members=members), self._parameters, explain=False)
