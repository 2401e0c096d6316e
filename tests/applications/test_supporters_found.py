"""法定义务人 found during the investigation of a 特困 case: its means check is asked for again with them; F43 §10."""

from datetime import date
from typing import Any

import pytest

from applications import services
from applications.queries import CaseFile, lacks_before_decision, lacks_before_proposal
from applications.rules.process import CaseState
from households import services as households
from households.services import SupporterAnswer, SupporterData
from tests.support.cases import Desk
from tests.support.factories import answers_of
from tests.support.stories import case_in
from tests.support.tekun import TekunStory, tekun_case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
SAID = "信息核对没有包括后来查明的法定义务人程小军，请补签核查授权书后重新提请核对"


def found(story: Any) -> None:
    """A son comes to light who lives elsewhere."""
    son = SupporterData("程小军", "儿子", date(1985, 5, 1), {"status": "other"})
    head = story.household.members.get(relation="head", left_on=None)
    households.save_supporters(head, rows=[son], known_all=True, by=story.people.officer, on=story.today)


def sign(story: TekunStory, **answers: Any) -> None:
    given = {"signers": {story.head().pk: ""}, "supporters": answers_of(story.household) | answers}
    households.record_consent(story.household, signed_on=story.today, by=story.people.officer, on=story.today, **given)


def texts(story: TekunStory) -> list[str]:
    return [
        lack.text for lack in lacks_before_proposal(story.refresh(), on=story.today) if lack.anchor == "means-check"
    ]


def test_a_check_without_who_was_found_later_does_not_do() -> None:
    story = tekun_case_in(S.INVESTIGATING)
    story.assess()
    assert texts(story) == []
    found(story)
    assert texts(story) == [SAID]
    with pytest.raises(services.NotProposable, match=SAID):
        story.draft()
    page = Desk(story.people.officer, on=story.today).get("detail", story.case.pk).content.decode()
    assert SAID in page
    with pytest.raises(services.NotNow, match="法定义务人还没有签署核查授权"):
        story.ask_check()
    sign(story)
    assert texts(story) == [SAID]
    story.ask_check()
    assert texts(story) == ["信息核对结果还没有返回"]
    story.later().answer_check()
    assert texts(story) == []


def test_why_somebody_does_not_sign_does_as_well() -> None:
    story = tekun_case_in(S.INVESTIGATING)
    found(story)
    why = SupporterAnswer("unreachable", "9月10日、11日两次电话无人接听")
    given = {"signers": {story.head().pk: ""}, "supporters": dict.fromkeys(answers_of(story.household), why)}
    households.record_consent(story.household, signed_on=story.today, by=story.people.officer, on=story.today, **given)
    story.ask_check().later().answer_check()
    assert texts(story) == []


def test_nothing_is_confirmed_either_and_the_case_goes_back() -> None:
    story = tekun_case_in(S.CONFIRMING)
    found(story)
    said = SAID.replace("请补签", "请退回补查，补签")
    assert said in [lack.text for lack in lacks_before_decision(story.refresh(), on=story.today)]
    with pytest.raises(services.NotNow, match=said):
        story.approve()
    story.send_back()
    services.resume(story.refresh(), by=story.people.officer, on=story.today)
    assert SAID in texts(story)


def test_the_supporters_of_a_family_of_dibao_are_not_asked() -> None:
    story = case_in(S.INVESTIGATING)
    story.ask_check().later(2).answer_check().visit()
    found(story)
    assert [row.anchor for row in CaseFile(story.refresh(), on=story.today).lacks if row.anchor == "means-check"] == []
