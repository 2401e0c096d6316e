"""Nothing goes on that the law does not let go on: each test is a way round a rule that was found open once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from applications import services
from applications.models import Objection, StepTerm
from applications.rules.process import CaseState
from foundation.errors import NotPermitted, ServiceError
from households import services as households
from households.models import Consent
from organizations.models import Delegation
from organizations.permissions import Role
from organizations.rules.working_days import Deadline
from organizations.services import appoint
from tests.applications.telling import drafted, relative
from tests.support.crews import LINXI, crew
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in, new_story
from verification import services as verification

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState


# --- What the proposal rests on ---------------------------------------------------------------------------------


def test_a_draft_is_not_signed_while_the_appraisal_called_since_is_not_held() -> None:
    story = drafted()
    services.call_appraisal(story.case, reason="邻里有争议", by=story.people.officer, on=story.today)
    with pytest.raises(ServiceError, match="初审意见"):
        story.sign()


def test_a_draft_is_not_signed_while_a_new_means_check_is_open() -> None:
    story = drafted().ask_check()
    with pytest.raises(ServiceError, match="初审意见"):
        story.sign()
    story.answer_check()
    assert story.draft().sign().refresh().state == S.PROPOSED


def test_what_was_found_after_drafting_hands_the_draft_back() -> None:
    story = drafted().visit()
    assert not story.refresh().awaits_signature


def test_no_decision_while_a_difference_of_the_check_is_untold() -> None:
    story = case_in(S.CONFIRMING).later()
    check = verification.request_means_check(
        story.household, by=story.people.officer, on=story.today, due=Deadline(on=story.today)
    )
    story.case.means_checks.create(means_check=check)
    with pytest.raises(ServiceError, match="核对结果还没有返回"):
        story.approve()


def test_a_check_is_not_answered_once_the_family_withdrew_its_consent() -> None:
    story = case_in(S.INVESTIGATING).ask_check()
    households.withdraw_consent(Consent.objects.get(), by=story.people.officer, on=story.today)
    with pytest.raises(ServiceError, match="撤回核查授权"):
        story.answer_check()


def test_the_family_is_told_of_a_difference_once() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2)
    finding = {"source": "bank", "found": Decimal("900000"), "description": "存款", "agrees": False}
    verification.answer_means_check(
        story.check, result="alert", findings=[finding], by=story.people.operator, on=story.today
    )
    services.tell_family(story.case, statement="是借来的", by=story.people.officer, on=story.today)
    with pytest.raises(ServiceError, match="已经告知过"):
        verification.tell_family(story.check, statement="改写", by=story.people.officer, on=story.today)


def test_a_returned_case_needs_something_looked_into_again() -> None:
    story = case_in(S.RETURNED)
    services.resume(story.case, by=story.people.officer, on=story.today)
    with pytest.raises(ServiceError, match="补查情况"):
        story.draft()
    services.record_recheck(story.case, found="已到饭店核实工资", by=story.people.officer, on=story.today)
    assert story.draft().refresh().awaits_signature


def test_the_whole_family_is_proposed_not_some_of_it() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit().later()
    whole = story.suggested()
    one = services.ProposalData(
        is_eligible=True,
        opinion="只保一人",
        basis="household",
        category=whole.category,
        monthly_amount=Decimal("100.00"),
        persons=[services.ProposedPerson(whole.persons[2].member)],
        difference_reason="只保一人",
    )
    with pytest.raises(ServiceError, match="全部共同生活的家庭成员"):
        story.draft(one)


@pytest.mark.parametrize(("times", "topup", "said"), [(2, "0.00", "只能列一次"), (1, "-50.00", "不能是负数")])
def test_a_person_is_listed_once_and_with_no_negative_topup(times: int, topup: str, said: str) -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit().later()
    whole = story.suggested()
    persons = [services.ProposedPerson(whole.persons[0].member, Decimal(topup), "A")] * times
    data = services.ProposalData(
        is_eligible=True,
        opinion="同意",
        basis="household",
        category=whole.category,
        monthly_amount=Decimal("100.00"),
        persons=persons,
        difference_reason="试",
    )
    with pytest.raises(ServiceError, match=said):
        story.draft(data)


# --- Publicity --------------------------------------------------------------------------------------------------


def objected_and_proposed_again() -> Story:
    story = case_in(S.OBJECTED)
    services.reinvestigate(story.case, by=story.people.officer, on=story.today)
    for objection in Objection.objects.filter(resolved_on=None):
        services.resolve_objection(objection, resolution="不属实", by=story.people.officer, on=story.today)
    return story.draft().sign()


def test_an_objection_does_not_cut_the_seven_days_short() -> None:
    story = objected_and_proposed_again()
    last_day = story.case.publicities.get().last_day
    with pytest.raises(ServiceError, match="公示到"):
        services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    story.today = last_day + timedelta(days=1)
    services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    assert story.refresh().state == S.CONFIRMING
    assert story.case.publicities.get().closed_on == story.today


def test_a_second_neighbour_objects_while_the_sheet_hangs() -> None:
    story = case_in(S.OBJECTED)
    story.object()
    assert story.refresh().state == S.OBJECTED
    assert Objection.objects.filter(resolved_on=None).count() == 2


def test_an_objection_against_the_new_proposal_leads_back_to_the_investigation() -> None:
    story = objected_and_proposed_again().object()
    assert story.refresh().state == S.INVESTIGATING


def test_after_the_seven_days_it_is_a_complaint() -> None:
    story = objected_and_proposed_again()
    story.today = story.case.publicities.get().last_day + timedelta(days=1)
    with pytest.raises(ServiceError, match="公示期满"):
        story.object()


def test_a_refusal_that_is_publicised_is_told_and_contestable_first() -> None:
    story = case_in(S.PROPOSED, yearly_wage="90000.00")
    StepTerm.objects.filter(step="refusal_publicity").update(days=5)
    story.later().publicise().photograph()
    publicity = story.case.publicities.get()
    assert publicity.last_day - publicity.first_day == timedelta(days=4)
    story.wait_publicity()
    with pytest.raises(ServiceError, match="先告知申请人"):
        story.close()


# --- Who decides ------------------------------------------------------------------------------------------------


def test_a_township_decides_nothing_after_its_delegation_ended() -> None:
    story = case_in(S.CONFIRMING, delegated=True)
    Delegation.objects.update(
        valid=(date(2026, 1, 1), story.today + timedelta(days=1)),
        end_document_number="绩民〔2026〕9号",
        end_document_date=story.today,
    )
    story.later(3)
    with pytest.raises(ServiceError, match="委托已经结束"):
        story.approve()
    assert services.send_up_stranded(on=story.today) == 1
    assert story.refresh().authority == "county"
    assert story.approve().refresh().state == S.APPROVED


def test_a_case_whose_lead_became_unlawful_while_it_waits_goes_up_by_itself() -> None:
    story = case_in(S.CONFIRMING, delegated=True)
    relative(story, story.people.lead.name)
    assert story.refresh().authority == "county"
    story.add_paper("relative_record").county_visit().later().approve()
    assert story.refresh().state == S.APPROVED


def test_where_the_lead_keeps_out_the_clerk_signs_and_the_county_confirms() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit().later()
    relative(story, story.people.lead.name)
    story.draft()
    with pytest.raises(services.Recused):
        services.sign_proposal(story.case, by=story.people.lead, on=story.today)
    services.sign_proposal(story.case, by=story.people.officer, on=story.today)
    assert "由经办人签发" in story.case.events.get(kind="proposed").note


def test_who_answered_the_check_or_typed_the_incomes_does_not_confirm() -> None:
    people = crew()
    typist = people.officer
    story = new_story(people=people)
    people.officer = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="柯向东", on=date(2026, 1, 1))
    story.sign_papers().submit().accept().later().start().ask_check().later(2).answer_check().visit().later().draft()
    story.sign().later().publicise().photograph().wait_publicity().close().later()
    for person in (people.operator, typist):
        appoint(person, role=Role.COUNTY_APPROVER, area=area("341824"), on=story.today)
        person.forget_grants()
        with pytest.raises(NotPermitted, match="调查人与确认人分开"):
            services.approve(story.case, opinion="同意", by=person, on=story.today)


@pytest.mark.parametrize("name", ["方 文娟", "方　文娟"])
def test_a_relative_with_a_blank_in_the_name_is_recused_all_the_same(name: str) -> None:
    story = case_in(S.CONFIRMING)
    relative(story, name)
    story.add_paper("relative_record").county_visit().later()
    for act in (story.approve, story.send_back):
        with pytest.raises(services.Recused):
            act()
    with pytest.raises(services.Recused):
        services.terminate(story.case, cause="refuses", reason="不配合", by=story.people.approver, on=story.today)


def test_a_village_assistant_does_not_register_relatives() -> None:
    story = case_in(S.ACCEPTED)
    with pytest.raises(NotPermitted, match="近亲属备案"):
        services.declare_relative(
            story.intake,
            member=story.household.members.get(relation="head"),
            relative_name="某某",
            relative_unit="村委会",
            relative_position="委员",
            relation="sibling",
            by=story.people.assistant,
            on=story.today,
        )


def test_a_relative_registered_late_has_a_signed_record_before_the_decision() -> None:
    story = case_in(S.CONFIRMING)
    relative(story, "胡德全")
    story.county_visit().later()
    with pytest.raises(ServiceError, match="近亲属备案表"):
        story.approve()
    assert story.add_paper("relative_record").approve().refresh().state == S.APPROVED


def test_the_county_visits_after_the_complaint_not_before() -> None:
    story = case_in(S.CONFIRMING).county_visit().later()
    services.receive_complaint(
        story.case, received_on=story.today, content="有车", by=story.people.officer, on=story.today
    )
    story.later()
    with pytest.raises(ServiceError, match="县民政局工作人员入户"):
        story.approve()
    assert story.county_visit().approve().refresh().state == S.APPROVED


def test_an_eligible_family_is_sent_back_not_refused() -> None:
    story = case_in(S.CONFIRMING).later()
    with pytest.raises(ServiceError, match="退回补查"):
        story.refuse()
