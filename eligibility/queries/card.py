"""The answers of all schemes in words (试算): entitled to what, what is missing to know, why not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from eligibility.queries.display import FindingRow, finding_row, member_names
from foundation.money import in_figures
from organizations.models.delegations import Scheme

if TYPE_CHECKING:
    from households.models import Household, Member


@dataclass(frozen=True)
class AnswerLine:
    """One sentence of the reckoning, and the clause it rests on."""

    text: str
    clause: str


@dataclass(frozen=True)
class PersonAnswer:
    """One person's answer under a scheme that is granted person by person; ``why`` is what decided."""

    reference: str
    name: str
    outcome: str
    tone: str
    amount: str = ""
    why: AnswerLine | None = None
    is_unknown: bool = False
    is_entitled: bool = False

    @property
    def key(self) -> str:
        """The member's key; of somebody typed and not recorded yet it is below zero."""
        return self.reference[1:]

    @property
    def is_recorded(self) -> bool:
        return not self.key.startswith("-")


@dataclass(frozen=True)
class SchemeAnswer:
    """One scheme's answer: its outcome by colour and word, the amount, for whom, what decided and how it was reckoned.

    ``key`` is the scheme's word in the contract; ``people`` are the answers person by person, where it has such;
    ``is_for_some``: it would cover only those named (参照单人户).
    """

    key: str
    scheme: str
    outcome: str
    tone: str
    headline: str = ""
    note: str = ""
    who: str = ""
    why: tuple[AnswerLine, ...] = ()
    lines: tuple[AnswerLine, ...] = ()
    people: tuple[PersonAnswer, ...] = ()
    is_entitled: bool = False
    is_for_some: bool = False

    @property
    def short(self) -> str:
        """What people call the scheme."""
        return str(Scheme(self.key).label) if self.key in Scheme.values else self.scheme

    @property
    def is_offered(self) -> bool:
        """Whether somebody is entitled, or may be once something is found out."""
        return self.is_entitled or any(person.is_unknown for person in self.people)

    @property
    def grounds(self) -> list[AnswerLine]:
        """Every sentence with its clause: what decided, person by person too, then how it was reckoned."""
        told = [person.why for person in self.told if person.why is not None]
        return [*self.why, *told, *self.lines]

    @property
    def told(self) -> list[PersonAnswer]:
        """People who are entitled, or of whom something is still to be found out."""
        return [person for person in self.people if person.is_entitled or person.is_unknown]

    @property
    def refused(self) -> list[PersonAnswer]:
        """People who are not entitled."""
        return [person for person in self.people if not (person.is_entitled or person.is_unknown)]

    @property
    def grants(self) -> list[tuple[str, str]]:
        """Who is entitled, and to how much."""
        if self.people:
            return [(person.name, person.amount) for person in self.people if person.is_entitled]
        return [(self.who, self.headline)] if self.is_entitled else []


@dataclass(frozen=True)
class AssessmentCard:
    """The aside beside an intake: every scheme's answer on a day."""

    on: date
    answers: tuple[SchemeAnswer, ...]

    @property
    def entitled(self) -> list[SchemeAnswer]:
        """Answers by which somebody is entitled to something."""
        return [answer for answer in self.answers if answer.is_entitled]


_DIBAO_WORDS: dict[str, dict[str | None, tuple[str, str]]] = {
    "eligible": {"household": ("整户符合", "good"), "single_person": ("单人户符合", "good")},
    "continue": {"household": ("整户继续保障", "good"), "single_person": ("单人户继续保障", "good")},
    "phase_out": {"household": ("可给渐退期", "due")},
    "not_eligible": {None: ("不符合", "")},
    "stop": {None: ("应予停发", "late")},
    "not_applicable": {None: ("不适用", "")},
}
_CHANGES = {"raise": "应增发", "cut": "应减发", "none": "金额不变"}
_REVIEWS = {12: "每年核查", 6: "半年核查"}
_TEKUN_WORDS = {"eligible": ("符合", "good"), "unknown": ("待查明义务人", "due"), "not_eligible": ("不符合", "")}
_AID_WORDS = {
    "within": ("在标准以内", "good"),
    "below_guideline": ("低于标准", "due"),
    "needs_collective_decision": ("须一事一议", "late"),
}
_DIBAO_LINES = frozenset(
    "means.rigid_deduction means.employment_cost means.per_capita property.financial_assets dibao.below_standard "
    "dibao.phase_out_limit dibao.covered_persons_remain dibao.change amount.difference amount.single_person "
    "amount.topup amount.total".split()
)
_DIBAO_DECIDING = ("dibao.somebody_remains", "property.", "dibao.property", "dibao.below_standard")
_ALONE = frozenset({"single_person.severe_or_ill", "single_person.no_work_income"})
_TEKUN_SUMS = frozenset({"tekun.self_care", "tekun.amount"})


def assessment_card(
    result: Mapping[str, Any], household: "Household", *, members: Iterable["Member"] = ()
) -> AssessmentCard:
    """Every scheme's answer in words (试算), from an assessment's result.

    :param members: members with their persons that are read already, or only typed.
    """
    names = member_names(result, household, members=members)
    rows = [finding_row(finding, names) for finding in result["findings"]]
    answers = [_dibao_answer(result, rows, names), _marginal_answer(result, rows)]
    if result["tekun"]:
        answers.append(_tekun_answer(result, rows, names))
    if result["temporary_aid"]:
        answers.append(_aid_answer(result["temporary_aid"], rows))
    return AssessmentCard(on=date.fromisoformat(result["on"]), answers=tuple(answers))


def _monthly(amount: str | None) -> str:
    return f"每月{in_figures(Decimal(amount))}元" if amount else ""


def _dibao_answer(result: Mapping[str, Any], rows: Sequence[FindingRow], names: Mapping[str, str]) -> SchemeAnswer:
    dibao = result["dibao"]
    outcome, tone = _DIBAO_WORDS[dibao["outcome"]][dibao["basis"]]
    why = _why_dibao(result, rows)
    return SchemeAnswer(
        key="dibao",
        scheme="最低生活保障",
        outcome=outcome,
        tone=tone,
        headline=_monthly(dibao["monthly_amount"]),
        note="・".join(_dibao_notes(dibao, names)),
        who=_whom(result, dibao["persons"], names),
        why=_lines(why),
        lines=_lines(row for row in rows if row.rule in _DIBAO_LINES and row not in why),
        is_entitled=bool(dibao["persons"]),
        is_for_some=dibao["basis"] == "single_person",
    )


def _whom(result: Mapping[str, Any], persons: Sequence[str], names: Mapping[str, str]) -> str:
    """Whom an award would cover: by name where it is not all who remain, by number where it is."""
    if result["dibao"]["basis"] == "single_person" or len(persons) <= 1:
        return "、".join(names.get(person, person) for person in persons)
    others = "其余" if result["household"]["tekun_members"] else "共同生活的"
    return f"{others}{len(persons)}人"


def _dibao_notes(dibao: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    notes = []
    if dibao["change"]:
        notes.append(_CHANGES[dibao["change"]])
    if dibao["category"]:
        notes.append(f"建议{dibao['category']}类・{_REVIEWS[dibao['review_months']]}")
    if dibao["phase_out_months"]:
        least, most = dibao["phase_out_months"]
        notes.append(f"{least}—{most}个月")
    if dibao["single_person_candidates"]:
        candidates = "、".join(names.get(person, person) for person in dibao["single_person_candidates"])
        notes.append(f"可另按单人户：{candidates}")
    return notes


def _why_dibao(result: Mapping[str, Any], rows: Sequence[FindingRow]) -> list[FindingRow]:
    """The comparison that decided; of single persons also what lets them in alone."""
    deciding = [row for row in rows if row.rule.startswith(_DIBAO_DECIDING)]
    failed = [row for row in deciding if not row.passed and row.rule != "dibao.property"]
    if result["dibao"]["basis"] != "single_person":
        return failed or [row for row in deciding if row.rule == "dibao.below_standard"]
    persons = set(result["dibao"]["persons"])
    lets_in = [
        row
        for finding, row in zip(result["findings"], rows, strict=True)
        if row.rule in _ALONE and row.passed and finding["subject"] in persons
    ]
    return failed + lets_in


def _marginal_answer(result: Mapping[str, Any], rows: Sequence[FindingRow]) -> SchemeAnswer:
    eligible = result["marginal"]["outcome"] == "eligible"
    last = [row for row in rows if row.rule.startswith("marginal.")][-1:]
    outcome, tone = ("符合", "good") if eligible else ("不符合", "")
    remaining = len(result["household"]["remaining"])
    others = "其余" if result["household"]["tekun_members"] else "共同生活的"
    return SchemeAnswer(
        "marginal",
        "低保边缘家庭",
        outcome,
        tone,
        who=f"{others}{remaining}人",
        why=_lines(last),
        is_entitled=eligible,
    )


def _tekun_answer(result: Mapping[str, Any], rows: Sequence[FindingRow], names: Mapping[str, str]) -> SchemeAnswer:
    """One answer for the family; each person with the comparison that decided."""
    people = tuple(_tekun_person(person, result, rows, names) for person in result["tekun"])
    outcomes = [person["outcome"] for person in result["tekun"]]
    best = next(outcome for outcome in ("eligible", "unknown", "not_eligible") if outcome in outcomes)
    outcome, tone = _TEKUN_WORDS[best]
    return SchemeAnswer(
        "tekun",
        "特困人员救助供养",
        outcome,
        tone,
        people=people,
        lines=_lines(row for row in rows if row.rule in _TEKUN_SUMS),
        is_entitled=best == "eligible",
    )


def _tekun_person(
    person: Mapping[str, Any], result: Mapping[str, Any], rows: Sequence[FindingRow], names: Mapping[str, str]
) -> PersonAnswer:
    outcome, tone = _TEKUN_WORDS[person["outcome"]]
    row = _deciding_tekun_row(result, rows, person["member"])
    return PersonAnswer(
        reference=person["member"],
        name=names.get(person["member"], person["member"]),
        outcome=outcome,
        tone=tone,
        amount=_monthly(person["monthly_amount"]),
        why=None if row is None else AnswerLine(row.text, row.clause),
        is_unknown=person["outcome"] == "unknown",
        is_entitled=person["outcome"] == "eligible",
    )


def _deciding_tekun_row(result: Mapping[str, Any], rows: Sequence[FindingRow], reference: str) -> FindingRow | None:
    decided = [
        row
        for finding, row in zip(result["findings"], rows, strict=True)
        if finding["subject"] == reference and row.rule.startswith("tekun.") and row.rule not in _TEKUN_SUMS
    ]
    if len(decided) > 1 and decided[-1].rule == "tekun.minor" and not decided[-1].passed:
        return decided[-2]  # of a grown-up the age that is not reached yet says more
    return decided[-1] if decided else None


def _aid_answer(aid: Mapping[str, Any], rows: Sequence[FindingRow]) -> SchemeAnswer:
    outcome, tone = _AID_WORDS[aid["verdict"]]
    headline = f"{in_figures(Decimal(aid['min']))}—{in_figures(Decimal(aid['max']))}元"
    lines = _lines(row for row in rows if row.rule.startswith("temporary_aid."))
    return SchemeAnswer("temporary_aid", "临时救助", outcome, tone, headline, lines=lines)


def _lines(rows: Any) -> tuple[AnswerLine, ...]:
    return tuple(AnswerLine(row.text, row.clause) for row in rows)
