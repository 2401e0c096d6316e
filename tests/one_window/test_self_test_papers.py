"""The list of papers to bring is known to the rules and rests on something; ages and amounts come out as told."""

from datetime import date
from decimal import Decimal

import pytest

from eligibility.rules import age_on
from one_window.queries import listed_papers
from one_window.rules.self_test.facts import born
from one_window.rules.self_test.papers import CASES, EVERY
from one_window.rules.self_test.verdicts import TITLES, plain


def test_every_paper_belongs_to_a_scheme_and_a_case_that_there_are() -> None:
    papers = listed_papers()
    assert {paper.scheme for paper in papers} <= {EVERY, *TITLES}
    assert {paper.case for paper in papers} == set(CASES)
    assert all(paper.name and paper.source for paper in papers)
    assert len({(paper.scheme, paper.case, paper.name) for paper in papers}) == len(papers)


def test_a_paper_of_several_schemes_says_the_same_everywhere() -> None:
    notes = {(paper.name, paper.note, paper.source) for paper in listed_papers()}
    assert len(notes) == len({name for name, _, _ in notes})


@pytest.mark.parametrize("on", [date(2026, 11, 23), date(2028, 2, 29), date(2027, 3, 1), date(2027, 1, 1)])
def test_whoever_says_an_age_has_it_that_day(on: date) -> None:
    assert [age_on(born(age, on=on), on=on) for age in range(121)] == list(range(121))


@pytest.mark.parametrize(
    ("amount", "said"), [("1250.00", "1,250"), ("416.66", "416.66"), ("0", "0"), ("29999.999", "29,999.99")]
)
def test_amounts_are_cut_and_said_without_empty_places(amount: str, said: str) -> None:
    assert plain(Decimal(amount)) == said
