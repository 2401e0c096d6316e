"""Buttons of the case page: the one next act of whoever looks, and nothing that its service would refuse outright."""

from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from applications import services
from applications.forms.steps import STEP_ACTS
from applications.models import RelativeDeclaration
from applications.rules.process import CaseState
from organizations.models import Staff
from tests.support.cases import Desk
from tests.support.stories import Story, case_in, new_story

pytestmark = pytest.mark.usefixtures("county")
S = CaseState
EVERYBODY = ("officer", "assistant", "lead", "visitor", "approver")


def page_of(story: Story, staff: Staff) -> Any:
    page = Desk(staff, on=story.today).get("detail", story.case.pk)
    assert page.status_code == 200
    return page


def primary_of(story: Story, staff: Staff) -> str:
    primary = page_of(story, staff).context["menu"].primary
    return "" if primary is None else primary.act.name + ("!" if primary.why_not else "")


def offered_to(story: Story, staff: Staff) -> set[str]:
    return {offer.act.name for offer in page_of(story, staff).context["menu"].offers}


def drafted() -> Story:
    return case_in(S.INVESTIGATING).ask_check().answer_check().visit().draft()


def test_a_draft_waits_for_who_signs_it_and_nobody_else_has_a_next_act() -> None:
    story = drafted()
    assert primary_of(story, story.people.lead) == "sign-proposal"
    for name in ("officer", "assistant", "visitor", "approver"):
        assert primary_of(story, getattr(story.people, name)) == "", name
    page = page_of(story, story.people.officer)
    assert "等待签发" in page.content.decode()
    assert 'class="btn btn-primary"' not in page.content.decode()


def test_once_signed_it_is_the_clerks_turn_and_once_sent_up_the_approvers() -> None:
    story = drafted().sign()
    assert (primary_of(story, story.people.officer), primary_of(story, story.people.lead)) == ("publicise", "")
    story.publicise().photograph().wait_publicity().close()
    assert (primary_of(story, story.people.officer), primary_of(story, story.people.approver)) == ("", "approve")


def test_what_waits_for_something_lacking_is_no_button() -> None:
    story = new_story().submit()
    assert primary_of(story, story.people.officer) == "add-paper"
    assert "accept" not in offered_to(story, story.people.officer)
    story.sign_papers().accept().start()
    assert primary_of(story, story.people.officer) == "ask-means-check"
    assert "draft-proposal" not in offered_to(story, story.people.officer)
    story.ask_check().answer_check().visit()
    assert primary_of(story, story.people.officer) == "draft-proposal"


def test_an_eligible_proposal_is_approved_or_sent_back_never_refused() -> None:
    story = case_in(S.CONFIRMING)
    assert {"approve", "send-back"} <= offered_to(story, story.people.approver)
    assert "refuse" not in offered_to(story, story.people.approver)


def test_a_family_told_no_has_its_days_and_the_button_says_so() -> None:
    story = new_story(yearly_wage="90000.00").submit().sign_papers().accept().start()
    story.ask_check().answer_check().visit().draft().sign()
    assert primary_of(story, story.people.officer) == "tell-not-eligible"
    services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    story.refresh()
    assert primary_of(story, story.people.officer) == "send-to-confirm!"
    assert "前举证异议，次日起才能报审核确认" in page_of(story, story.people.officer).content.decode()
    assert "contest" in offered_to(story, story.people.officer)


def test_after_a_complaint_the_visit_is_the_countys_next_act_before_it_holds_up_the_decision() -> None:
    story = case_in(S.PUBLICISED)
    assert primary_of(story, story.people.visitor) == ""
    services.receive_complaint(
        story.case, received_on=story.today, content="举报", by=story.people.officer, on=story.today
    )
    story.refresh()
    assert primary_of(story, story.people.visitor) == "record-county-visit"
    assert primary_of(story, story.people.officer) == "close-publicity!"


def test_a_near_relative_is_offered_only_what_is_open_to_them() -> None:
    story = case_in(S.INVESTIGATING)
    RelativeDeclaration.objects.create(
        intake=story.intake,
        member=story.household.members.get(relation="head"),
        relation="sibling",
        relative_name=f" {story.people.officer.name} ",
        relative_unit="临溪镇政府",
        relative_position="经办人",
        registered_by=story.people.lead,
        registered_on=story.today,
    )
    page = page_of(story, story.people.officer)
    assert "须回避" in page.content.decode()
    assert page.context["menu"].primary is None
    assert not offered_to(story, story.people.officer) & {
        "ask-means-check",
        "record-visit",
        "draft-proposal",
        "take-back",
    }
    assert "withdraw" in offered_to(story, story.people.officer)


def test_consent_is_asked_for_until_everybody_has_signed_and_no_longer() -> None:
    story = new_story().submit()
    url = reverse("households:consent", args=[story.household.pk])
    assert url in page_of(story, story.people.officer).content.decode()
    story.sign_papers()
    assert url not in page_of(story, story.people.officer).content.decode()
    # Taken back later, it is asked for again, and no means check can be asked for meanwhile.
    story.accept().start()
    story.household.consents.update(withdrawn_on=story.today)
    assert url in page_of(story, story.people.officer).content.decode()
    assert "ask-means-check" not in offered_to(story, story.people.officer)


@pytest.mark.parametrize("state", [state for state in S if STEP_ACTS[state]], ids=str)
def test_no_button_leads_to_a_refusal(state: CaseState) -> None:
    story = case_in(state)
    refused = []
    for name in EVERYBODY:
        staff = getattr(story.people, name)
        for offer in page_of(story, staff).context["menu"].offers:
            desk = Desk(staff, on=story.today)
            page = desk.open_act(story, offer.act.name)
            if page.status_code != 200:
                refused.append((name, offer.act.name, page.status_code))
            elif offer.asks_on_the_spot and not offer.why_not:
                with transaction.atomic():
                    answer = desk.send(story, offer.act.name, desk.typed(page))
                    transaction.set_rollback(True)
                if answer.status_code != 302:
                    refused.append((name, offer.act.name, answer.context["form"].errors))
    assert refused == []
