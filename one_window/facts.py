"""试算 beside the page: every scheme at once, of what is recorded or of what stands on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from applications.rules.doors import Door, other_doors
from eligibility.facts import FamilyRows, MemberRows
from eligibility.queries import AssessmentCard, MarkedFigures, assessment_card
from eligibility.rules import clauses
from eligibility.services import Trial
from foundation.money import in_figures
from one_window.queries import IntakeFacts, tried
from organizations.models.delegations import Scheme


@dataclass(frozen=True)
class OnThePage:
    """The family as it stands on the page: what was typed over what is recorded.

    ``ticked`` are the schemes asked for; ``faults`` say which rows could not be taken as typed.
    """

    rows: FamilyRows
    ticked: Sequence[str]
    faults: Sequence[str] = ()


@dataclass(frozen=True)
class Missing:
    """Something without which an answer may change, and the id of the field or section where it is typed."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Alone:
    """Who could apply alone (单独提出申请; F2022 一（一）) and would be covered, and what they would get."""

    names: str
    amount: str
    clause: str = clauses.F2022_ALONE


@dataclass(frozen=True)
class Aside:
    """Every scheme's answer, what is missing to know, and which other doors are open.

    ``joinable`` are schemes that this intake can take up and does not ask for yet, ``unanswered`` those of them that
    the assessment says nothing of; ``temporary_aid`` is the span a household and time (急难型), in yuan.
    """

    ticked: Sequence[str]
    joinable: Sequence[str]
    is_typed: bool = False
    card: AssessmentCard | None = None
    missing: Sequence[Missing] = ()
    faults: Sequence[str] = ()
    alone: Alone | None = None
    unanswered: Sequence[tuple[str, str]] = ()
    doors: Sequence[Door] = ()
    temporary_aid: str = ""
    temporary_aid_clause: str = clauses.J27_10
    family: int | None = None
    """Key of the family, for the doors that open with it."""
    figures: MarkedFigures | None = None

    @property
    def grants(self) -> list[tuple[str, str, str]]:
        """Scheme, who, and how much or that they qualify; persons before the rest of the family."""
        answers = sorted(self.card.entitled if self.card else [], key=lambda answer: not answer.people)
        return [(answer.short, who, amount or answer.outcome) for answer in answers for who, amount in answer.grants]

    @property
    def summary(self) -> str:
        """The whole answer in a line."""
        if self.card is None:
            return "还不能试算"
        return "；".join(" ".join(grant) for grant in self.grants) or "没有符合的救助"


def aside_of(facts: IntakeFacts, page: OnThePage | None = None) -> Aside:
    """Assess the family (试算); nothing is stored.

    :param page: what stands on the page; None to assess what is recorded.
    """
    is_typed = page is not None
    if page is None:
        page = OnThePage(facts.rows, facts.schemes if facts.intake else facts.suggested)
    trial = tried(page.rows, on=facts.on) if is_typed else facts.trial
    ticked = [scheme for scheme in page.ticked if scheme in Scheme.values]
    joinable = [scheme for scheme in facts.openable if scheme not in ticked]
    missing = _not_typed(page.rows, year=facts.year) + _waiting_to_be_saved(page.rows)
    if not isinstance(trial, Trial):
        missing.append(Missing(trial.message))
        return Aside(ticked, joinable, is_typed, missing=missing, faults=page.faults)
    result = trial.assessment.as_dict()
    card = assessment_card(result, facts.household, members=[row.member for row in page.rows.members])
    return Aside(
        ticked,
        joinable,
        is_typed,
        card=card,
        missing=missing + _supporters_asked(card),
        faults=page.faults,
        alone=_alone(trial, page.rows),
        unanswered=_unanswered(card, joinable),
        doors=_doors(result, page.rows.members, facts),
        temporary_aid="—".join(in_figures(amount) for amount in trial.temporary_aid),
        family=facts.household.pk,
        figures=trial.marked,
    )


def _not_typed(rows: FamilyRows, *, year: int) -> list[Missing]:
    """Means without which the answers may change."""
    missing = []
    if rows.owned is None:
        missing.append(Missing("四、财产还没有填，暂按没有财产试算", "property"))
    if not any(row.incomes for row in rows.members):
        missing.append(Missing(f"{year}年的收入还没有填，暂按没有收入试算", "means"))
    return missing


def _waiting_to_be_saved(rows: FamilyRows) -> list[Missing]:
    """Incomes and supporters name members who are on record."""
    new = [row.member.person.name for row in rows.members if row.member.pk < 0]
    return [Missing(f"新添的{'、'.join(new)}：收入和法定义务人，保存后再填", "members")] if new else []


def _supporters_asked(card: AssessmentCard) -> list[Missing]:
    """People whose 特困 answer hangs on supporters outside the family alone; F43 §4."""
    return [
        Missing(f"{person.name}可能符合特困：五、法定义务人还没有查明", f"id_known-known_{person.key}")
        for answer in card.answers
        for person in answer.people
        if person.is_unknown and person.is_recorded
    ]


def _alone(trial: Trial, rows: FamilyRows) -> Alone | None:
    names = {row.member.reference: row.member.person.name for row in rows.members}
    if not trial.may_apply_alone:
        return None
    people = "、".join(names[person] for person in trial.may_apply_alone)
    return Alone(people, in_figures(Decimal(trial.alone_amount)))


def _unanswered(card: AssessmentCard, joinable: Sequence[str]) -> list[tuple[str, str]]:
    answered = {answer.key for answer in card.answers}
    return [(scheme, Scheme(scheme).label) for scheme in joinable if scheme not in answered]


def _doors(result: dict[str, object], members: Sequence[MemberRows], facts: IntakeFacts) -> list[Door]:
    """Other doors; what this very intake can take up is offered at the scheme's own answer."""
    people = [row.member.person for row in members]
    return other_doors(
        result,
        schooling={person.schooling for person in people},
        disability_levels=frozenset(row.disability.level for row in members if row.disability is not None),
        has_serious_illness=any(person.serious_illness for person in people),
        asked_for=[*facts.openable, *(row.scheme for row in facts.recognitions)],
        is_recognised=bool(facts.recognitions),
        openable=facts.openable,
    )
