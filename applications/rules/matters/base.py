"""What one matter is: everything in which schemes and kinds of cases differ, beside their terms and papers, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from applications.rules.suggestion import Suggestion

Result = Mapping[str, Any]
"""An assessment's result, after the contract's output."""
Facts = Mapping[str, Any]
"""What an assessment rests on, after the contract's input."""

ANSWERS = ("recognition", "review", "aid")
"""Under which keys of :data:`Further` a matter's own answer stands."""
Further = Mapping[str, Any]
"""What a proposal or decision rests on beside its assessment (另行依据), as it is kept with it."""
Beside = Mapping[str, Any]
"""What goes into it, as JSON: ``valid_months``, ``enrolled`` (what the family stands in already), county figures."""


def with_further(result: Result, further: Further) -> Result:
    """The result with what a matter found beside it: its answer under :data:`ANSWERS`, its findings after the rest."""
    if not further:
        return result
    findings = [*result["findings"], *further.get("findings", ())]
    return {**result, **{key: further[key] for key in ANSWERS if key in further}, "findings": findings}


@dataclass(frozen=True)
class Words:
    """What pages and papers call the two answers of a matter, proposed and decided."""

    agree: str = "拟同意"
    disagree: str = "拟不予确认"
    approved: str = "确认同意"
    refused: str = "不予确认"


@dataclass(frozen=True)
class Matter:
    """事项: one kind of case under one scheme. Pure.

    :param title: the scheme as papers name it.
    :param suggest: what the rules come to.
    :param failed_tests: sentences of the tests that were not passed, each with by how much and its clause.
    :param compared: what of a result must be the same when the proposal is confirmed.
    :param deciding: beginnings of the names of the rules that decide it, as the case page shows them.
    :param granted: names of further rules that the page shows with them.
    :param printed: beginnings of the names of the rules that its forms print.
    :param status: as what a family is recognised (认定身份); empty where the matter pays or ends an award.
    :param amount_title: what the family is paid, as forms name it.
    :param further: what it finds beside the assessment, with its answer, ``beside`` and ``findings``; None for
        nothing. It goes into the result that the other functions read, never into the assessment's own.
    :param is_announced: whether approvals are made public in the village afterwards (公布; F57 §24).
    :param per_person: whether each person is recognised and paid by themselves (特困), so that another of the family
        may apply while one has an award.
    :param failed_tests_for: the same as ``failed_tests`` where it depends on who applies, told by their reference.
    :param publicised_anew: whether an objected proposal goes up on the wall again (F43 §15; not for 低保, F57 §19).
    :param words: what its answers are called.
    :param ends_award: whether it ends an award instead of granting one: nobody applied, so that support goes on needs
        no hearing of the family and is not announced, and the person's death does not stop it.
    :param of_award: whether it looks into an award that runs: nobody applied for it, it is opened and accepted at once,
        and goes on whatever becomes of the family.
    :param is_publicised: whether what is proposed goes up on the wall (公示); a review's does not (F57 §§31–32).
    :param person: reference (m12) of the one person whose matter it is, once the case is known.
    :param is_paid_once: whether the family is helped with one sum (一次性救助) instead of month by month.
    :param next_acts: what the owner of a state does next, where that is called otherwise.
    :param about: the matter of one person and the cause that is looked into, where it is a person's and not a family's.
    """

    scheme: str
    kind: str
    title: str
    suggest: Callable[[Result, Facts], Suggestion]
    failed_tests: Callable[[Result, Facts], list[str]]
    compared: Callable[[Result], Mapping[str, Any]]
    deciding: tuple[str, ...]
    printed: tuple[str, ...]
    granted: frozenset[str] = frozenset()
    amount_title: str = "月保障金"
    status: str = ""
    further: Callable[[Result, Facts, Beside], Further] | None = None
    is_announced: bool = True
    publicised_anew: bool = False
    per_person: bool = False
    failed_tests_for: Callable[[Result, Facts, str], list[str]] | None = None
    words: Words = Words()
    ends_award: bool = False
    of_award: bool = False
    is_publicised: bool = True
    person: str = ""
    is_paid_once: bool = False
    next_acts: Mapping[str, str] = field(default_factory=dict, hash=False)
    about: "Callable[[str, Callable[[], str]], Matter] | None" = None

    @property
    def key(self) -> str:
        """Name under which services, forms and papers keep what is this matter's own: ``dibao.application``."""
        return f"{self.scheme}.{self.kind}"

    @property
    def is_review(self) -> bool:
        """Whether it is a review (复核): its proposal says a result."""
        return self.kind == "review"
