"""The answer of the self-test, scheme by scheme, in words a villager uses; every figure is the assessment's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from eligibility.rules import Assessment, AwardBasis, DibaoOutcome, MarginalOutcome, Residence, TekunOutcome
from eligibility.rules.ages import TEKUN_MINOR
from one_window.rules.self_test.answers import Mishap, Told, short_names
from one_window.rules.self_test.facts import MONTHS, person_id, yearly_income
from one_window.rules.self_test.verdicts import SchemeGuide, Verdict, in_plain_figures, plain


@dataclass(frozen=True)
class _Reading:
    """An assessment beside what was told, with everybody's name by reference."""

    told: Told
    result: Assessment
    names: dict[str, str]

    @property
    def standard(self) -> Decimal:
        return self.result.parameters.dibao_monthly_standard

    @property
    def heads(self) -> int:
        return len(self.result.household.remaining)

    def who(self, references: tuple[str, ...]) -> str:
        return "、".join(self.names[reference] for reference in references)

    def persons(self, outcome: TekunOutcome) -> tuple[str, ...]:
        return tuple(row.member for row in self.result.tekun if row.outcome is outcome)


def guides(told: Told, result: Assessment) -> tuple[SchemeGuide, ...]:
    """What the family may be entitled to: 低保, 特困, 低保边缘, 临时救助."""
    names = {person_id(index): name for index, name in enumerate(short_names(told.people))}
    reading = _Reading(told, result, names)
    return (_dibao(reading), _tekun(reading), _marginal(reading), _temporary_aid(reading))


# --- 低保 --------------------------------------------------------------------------------------------------------


def _dibao(reading: _Reading) -> SchemeGuide:
    dibao = reading.result.dibao
    if dibao.outcome is DibaoOutcome.ELIGIBLE and dibao.monthly_amount is not None:
        told = _single_person if dibao.basis is AwardBasis.SINGLE_PERSON else _whole_household
        headline = f"每月约{plain(dibao.monthly_amount)}元"
        return SchemeGuide("dibao", Verdict.LIKELY, headline, (*told(reading), *_if_tekun(reading)))
    if dibao.outcome is DibaoOutcome.NOT_APPLICABLE:
        return SchemeGuide("dibao", Verdict.NOT_NEEDED, "", ("您家的人都可能是特困人员，由特困供养保障，不另算低保。",))
    return SchemeGuide("dibao", Verdict.UNLIKELY, "", (*_why_not_dibao(reading), *_if_tekun(reading)))


def _whole_household(reading: _Reading) -> Iterator[str]:
    yield _means(reading)
    yield f"{_standard(reading)}，您家低于标准。"
    yield _household_amount(reading)


def _household_amount(reading: _Reading) -> str:
    household, dibao = reading.result.household, reading.result.dibao
    left = household.yearly_income - household.rigid_deduction - household.employment_deduction
    topups = sum(Decimal(str(row.value)) for row in reading.result.findings if row.rule == "amount.topup")
    whole = reading.standard * reading.heads
    more = f"，家里老人、孩子、重病或重残的人另加{plain(topups)}元" if topups else ""
    return (
        f"标准{plain(reading.standard)}元×{reading.heads}人＝{plain(whole)}元，"
        f"减去全家每月的收入约{plain(max(left, Decimal(0)) / MONTHS)}元{more}，"
        f"每月大约能领{plain(dibao.monthly_amount or Decimal(0))}元。"
    )


def _single_person(reading: _Reading) -> Iterator[str]:
    yield _means(reading)
    who = reading.who(reading.result.dibao.persons)
    yield f"{_standard(reading)}，全家不低于标准；但{who}可以按“单人户”申请，只算本人的收入。"


def _why_not_dibao(reading: _Reading) -> Iterator[str]:
    if not reading.result.household.property_ok:
        yield from _property_faults(reading)
        return
    yield _means(reading)
    yield f"{_standard(reading)}，您家不低于标准。"


def _if_tekun(reading: _Reading) -> Iterator[str]:
    if unknown := reading.persons(TekunOutcome.UNKNOWN):
        yield f"{reading.who(unknown)}如果认定为特困，低保就按其余的人另算。"


def _means(reading: _Reading) -> str:
    household = reading.result.household
    without = f"不算可能是特困的{len(household.tekun_members)}人，" if household.tekun_members else "您家"
    deducted = "".join(
        f"，扣掉{what}{plain(amount)}元"
        for what, amount in (
            ("看病、残疾、上学的花费", household.rigid_deduction),
            ("打工的必要花费", household.employment_deduction),
        )
        if amount
    )
    each = plain(household.per_capita_monthly or Decimal(0))
    return f"{without}{reading.heads}口人一年收入{plain(household.yearly_income)}元{deducted}，平均每人每月{each}元。"


def _standard(reading: _Reading) -> str:
    place = "城市" if reading.told.residence is Residence.URBAN else "农村"
    return f"{place}低保标准是每人每月{plain(reading.standard)}元"


def _property_faults(reading: _Reading) -> Iterator[str]:
    yield "家里的存款、车、房或生意超过了规定："
    failed = (row for row in reading.result.findings if row.rule.startswith("property.") and not row.passed)
    yield from (in_plain_figures(row.text.replace("金融资产", "存款等")) for row in failed)


# --- 特困 --------------------------------------------------------------------------------------------------------

_NO_LABOUR = frozenset({"tekun.elderly", "tekun.minor", "tekun.disabled"})
_WHY_NOT_TEKUN = {
    "tekun.income": "{who}自己的收入不低于低保标准。",
    "tekun.property": "{who}家里的存款、车、房或生意超过了规定。",
    "tekun.nobody_able_inside": "{who}有一起生活的家人能养。",
    "tekun.nobody_able_outside": "{who}在外面有能养活自己的亲人。",
}


def _tekun(reading: _Reading) -> SchemeGuide:
    eligible, unknown = reading.persons(TekunOutcome.ELIGIBLE), reading.persons(TekunOutcome.UNKNOWN)
    if eligible:
        total = sum((row.monthly_amount or Decimal(0)) for row in reading.result.tekun)
        return SchemeGuide("tekun", Verdict.LIKELY, f"每月约{plain(Decimal(total))}元", tuple(_tekun_lines(reading)))
    if unknown:
        return SchemeGuide("tekun", Verdict.ASK, "", tuple(_tekun_lines(reading)))
    return SchemeGuide("tekun", Verdict.UNLIKELY, "", tuple(_why_not_tekun(reading)))


def _tekun_lines(reading: _Reading) -> Iterator[str]:
    for row in reading.result.tekun:
        who = reading.names[row.member]
        if row.outcome is TekunOutcome.ELIGIBLE and row.monthly_amount is not None:
            yield (
                f"{who}没有劳动能力、没有别的生活来源，也没有能养活自己的亲人。"
                f"在家供养每月约{plain(row.monthly_amount)}元；住敬老院的另有标准。"
            )
        elif row.outcome is TekunOutcome.UNKNOWN:
            yield f"{who}没有劳动能力、没有别的生活来源；还要问清有没有该养活自己的亲人（配偶、父母、成年子女等）。"


def _why_not_tekun(reading: _Reading) -> Iterator[str]:
    """Reasons of the old and the disabled; that children have parents is said only where there is nobody else."""
    minors = {person_id(index) for index, person in enumerate(reading.told.people) if person.age < TEKUN_MINOR}
    reasons = {
        row.subject: _WHY_NOT_TEKUN[row.rule].format(who=reading.names[row.subject])
        for row in reading.result.findings
        if row.rule in _WHY_NOT_TEKUN and not row.passed and row.subject in _without_labour(reading)
    }
    told = [reason for reference, reason in reasons.items() if reference not in minors]
    if told:
        yield from told
    elif reasons:
        yield "家里的孩子有家人能养，或者家里的收入、财产超过了规定。"
    else:
        yield "特困照顾的是60岁以上、不满16岁或重度残疾，又没有收入、没有人养的人。您家没有这样的人。"


def _without_labour(reading: _Reading) -> frozenset[str]:
    return frozenset(row.subject for row in reading.result.findings if row.rule in _NO_LABOUR and row.passed)


# --- 低保边缘, 临时救助 ------------------------------------------------------------------------------------------


def _marginal(reading: _Reading) -> SchemeGuide:
    parameters, household = reading.result.parameters, reading.result.household
    limit = plain(parameters.dibao_monthly_standard * parameters.marginal_multiplier)
    each = plain(household.per_capita_monthly or Decimal(0))
    if reading.result.marginal is MarginalOutcome.ELIGIBLE:
        return SchemeGuide(
            "marginal",
            Verdict.LIKELY,
            "",
            (
                f"平均每人每月{each}元，不低于低保标准{plain(reading.standard)}元，但低于它的"
                f"{parameters.marginal_multiplier.normalize():f}倍（{limit}元）。",
                "不按月发钱；认定以后，看病、上学、住房等可以申请照顾。",
            ),
        )
    if not reading.heads or reading.result.dibao.basis is AwardBasis.HOUSEHOLD:
        return SchemeGuide(
            "marginal", Verdict.NOT_NEEDED, "", ("您家可能符合前面的低保或特困，待遇更好，不用申请这一项。",)
        )
    if not household.property_ok:
        return SchemeGuide("marginal", Verdict.UNLIKELY, "", ("家里的存款、车、房或生意超过了规定。",))
    return SchemeGuide("marginal", Verdict.UNLIKELY, "", (f"平均每人每月{each}元，不低于{limit}元。",))


_FOR_ANYBODY = (
    "遇到突然的难事，不管是不是低保户都可以申请；情况急的，乡镇可以先救助、后补手续。",
    "给多少，由乡镇和县民政局按困难大小定。",
)


def _temporary_aid(reading: _Reading) -> SchemeGuide:
    aid, mishap = reading.result.temporary_aid, reading.told.mishap
    if aid is None:
        line = "您填的是最近没有突然的难事。以后遇到火灾、车祸、大病等，随时可以申请。"
        return SchemeGuide("temporary_aid", Verdict.UNLIKELY, "", (line,))
    headline = f"一次约{plain(aid.min)}—{plain(aid.max)}元"
    if mishap is not Mishap.SPENDING:
        return SchemeGuide("temporary_aid", Verdict.LIKELY, headline, _FOR_ANYBODY)
    return _aid_for_spending(reading, headline)


def _aid_for_spending(reading: _Reading, headline: str) -> SchemeGuide:
    """支出型: in principle for families below the average income, with property in order; F2018 二（一）."""
    result = reading.result
    if result.dibao.outcome is DibaoOutcome.ELIGIBLE or reading.persons(TekunOutcome.ELIGIBLE):
        line = "可能符合低保或特困的家庭，主要看这次花了多少钱。票据留好。"
        return SchemeGuide("temporary_aid", Verdict.LIKELY, headline, (line,))
    average = result.parameters.per_capita_disposable_income_yearly
    each = yearly_income(reading.told) / len(reading.told.people)
    if result.household.property_ok and each < average:
        line = f"您家平均每人一年收入{plain(each)}元，低于全县平均的{plain(average)}元。要看花费的票据。"
        return SchemeGuide("temporary_aid", Verdict.LIKELY, headline, (line,))
    line = (
        "您家的收入或财产不低，一般先看花费有多大、是不是实在过不下去；情况特别难的可以一事一议。请带票据到窗口问清。"
    )
    return SchemeGuide("temporary_aid", Verdict.ASK, headline, (line,))
