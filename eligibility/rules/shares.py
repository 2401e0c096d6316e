"""Each covered person's part of a 低保 amount: its difference (差额) and top-up (增发); F57 §23, §27."""

from dataclasses import dataclass
from decimal import Decimal

from eligibility.rules.amounts import fen, yuan
from eligibility.rules.assessment import Assessment
from eligibility.rules.choices import AwardBasis
from eligibility.rules.dibao_amount import person_topups, single_persons_amount
from eligibility.rules.facts import Facts
from eligibility.rules.findings import NoTrail
from eligibility.rules.means import reckon_means
from eligibility.rules.people import Person, person_on

_NO_TRAIL = NoTrail()


@dataclass(frozen=True, slots=True)
class Share:
    """One person's part in yuan a month; ``topup_class`` is A or B where there is a top-up."""

    person: str
    base: Decimal
    topup: Decimal
    topup_class: str


def dibao_shares(facts: Facts, assessment: Assessment) -> tuple[Share, ...]:
    """The parts of an assessment's 低保 amount, in the order of its persons; they add up to the amount to the fen.

    The family's difference is split equally, the first taking the odd fen; a single person's is their own.

    :param facts: what the assessment was made of.
    """
    dibao = assessment.dibao
    if dibao.monthly_amount is None or not dibao.persons:
        return ()
    by_id = {member.id: member for member in facts.members}
    persons = [person_on(by_id[key], on=facts.on) for key in dibao.persons]
    if dibao.basis is AwardBasis.SINGLE_PERSON:
        return tuple(_alone(person, assessment) for person in persons)
    parameters = assessment.parameters
    means = reckon_means(persons, expenses=facts.expenses, parameters=parameters, trail=_NO_TRAIL)
    topups = person_topups(persons, means, parameters=parameters, trail=_NO_TRAIL)
    difference = fen(dibao.monthly_amount) - sum(topups)
    return tuple(
        Share(person.id, yuan(base), yuan(topup), _class(person, topup))
        for person, base, topup in zip(persons, _split(difference, len(persons)), topups, strict=True)
    )


def _alone(person: Person, assessment: Assessment) -> Share:
    amount = single_persons_amount([person], parameters=assessment.parameters, trail=_NO_TRAIL)
    return Share(person.id, yuan(amount), yuan(0), "")


def _split(amount: int, heads: int) -> list[int]:
    each, odd = divmod(amount, heads)
    return [each + (place < odd) for place in range(heads)]


def _class(person: Person, topup: int) -> str:
    if not topup:
        return ""
    return "A" if person.is_severe_or_ill else "B"
