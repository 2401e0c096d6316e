"""审核确认: four eyes, delegation, county visits, changed facts, refusals, returns."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from applications import services
from applications.models import Case, CaseEvent
from applications.permissions import acted_on, check_can_confirm
from applications.rules.process import CaseState, EventKind
from benefits.models import Award, AwardPerson
from foundation.errors import NotPermitted, StaleVersion
from households import services as households
from households.models import Household, Income, Supporter
from households.services import IncomeData, MemberData, SupporterData
from organizations.permissions import Role
from organizations.services import appoint, end_post, sync_grants
from tests.support.crews import LINXI, START, crew, instant
from tests.support.factories import area, make_id_number, make_staff
from tests.support.stories import case_in, new_story

pytestmark = pytest.mark.usefixtures("county")


@pytest.mark.parametrize("role", ["officer", "assistant", "lead"])
def test_whoever_had_a_hand_in_the_case_never_confirms_it(role):
    story = case_in(CaseState.CONFIRMING)
    staff = getattr(story.people, role)
    end_post(staff.posts.get(), on=story.today)
    appoint(staff, role=Role.COUNTY_APPROVER, area=area("341824"), on=story.today)
    staff.forget_grants()
    with pytest.raises(NotPermitted, match="不能再由您审核确认"):
        services.approve(story.case, opinion="同意", by=staff, on=story.today)
    assert story.refresh().state == CaseState.CONFIRMING


def test_another_townships_lead_cannot_confirm():
    story = case_in(CaseState.CONFIRMING, delegated=True)
    stranger = make_staff(Role.TOWNSHIP_APPROVER, "341824100")
    with pytest.raises(NotPermitted):
        services.approve(story.case, opinion="同意", by=stranger, on=story.today)


def test_in_a_delegated_township_the_clerk_signs_and_the_lead_confirms():
    story = case_in(CaseState.APPROVED, delegated=True)
    acts = {event.kind: event.by for event in story.case.events.select_related("by")}
    assert acts[EventKind.PROPOSED] == story.people.officer
    assert acts[EventKind.APPROVED] == story.people.lead
    form = story.case.documents.get(document__kind="approval_form").document
    assert form.issuing_area.code == LINXI


def test_the_county_cannot_confirm_a_delegated_case():
    story = case_in(CaseState.CONFIRMING, delegated=True)
    with pytest.raises(NotPermitted):
        services.approve(story.case, opinion="同意", by=story.people.approver, on=story.today)


def test_a_delegated_case_without_a_lawful_confirmer_goes_up_to_the_county_saying_so():
    people = crew()
    end_post(people.lead.posts.get(), on=date(2026, 6, 1))
    sync_grants(people.lead, on=START)
    story = case_in(CaseState.CONFIRMING, delegated=True, people=people)
    assert story.case.authority == "county"
    event = story.case.events.get(kind=EventKind.SENT_TO_COUNTY)
    assert "没有可以依法确认的人员" in event.note
    story.later().approve()
    assert story.refresh().state == CaseState.APPROVED


def test_a_near_relatives_case_waits_for_the_countys_own_visit():
    story = new_story()
    services.declare_relative(
        story.intake,
        member=story.household.members.first(),
        relative_name="胡建军",
        relative_unit="临溪村民委员会",
        relative_position="委员",
        relation="sibling",
        by=story.people.officer,
        on=story.today,
    )
    story.sign_papers().add_paper("relative_record").submit().accept().later().start()
    story.ask_check().later().answer_check().visit().later().draft().sign()
    story.later().publicise().photograph().wait_publicity().close().later()
    with pytest.raises(services.NotNow, match="县民政局工作人员入户"):
        story.approve()
    story.county_visit().approve()
    assert story.refresh().state == CaseState.APPROVED


def test_who_is_registered_as_a_near_relative_keeps_out():
    story = new_story()
    services.declare_relative(
        story.intake,
        member=story.household.members.first(),
        relative_name=story.people.officer.name,
        relative_unit="临溪镇政府",
        relative_position="经办人",
        relation="spouse",
        by=story.people.officer,
        on=story.today,
    )
    story.sign_papers().add_paper("relative_record").submit()
    with pytest.raises(services.Recused):
        story.accept()


def test_a_complaint_before_the_decision_asks_for_the_countys_visit_also_where_delegated():
    story = case_in(CaseState.CONFIRMING, delegated=True)
    services.receive_complaint(
        story.case, received_on=story.today, content="举报其有小汽车", by=story.people.officer, on=story.today
    )
    with pytest.raises(services.NotNow, match="县民政局工作人员入户"):
        story.approve()
    story.county_visit().approve()


def test_a_fact_changed_after_the_proposal_stops_the_confirmation_and_is_shown():
    story = case_in(CaseState.CONFIRMING)
    wife = story.household.members.get(relation="spouse")
    row = IncomeData(
        member=wife, kind="wage", yearly_amount=Decimal("9600.00"), label="镇上饭店帮工", pk=wife.incomes.get().pk
    )
    households.save_incomes(
        story.household, year=story.today.year, rows=[row], by=story.people.officer, at=instant(story.today)
    )
    with pytest.raises(services.FactsChanged) as refusal:
        story.approve()
    changed = {(item.subject, item.label) for item in refusal.value.differences}
    assert (f"m{wife.pk}", "收入") in changed
    # 755 × 3 − 9600 ÷ 12 = 1465; 1465 + 227 + 151 = 1843
    amounts = next(item for item in refusal.value.differences if item.label == "月保障金")
    assert (amounts.before, amounts.after) == ("2,143.00", "1,843.00")
    assert not Award.objects.exists()
    story.send_back()
    assert story.refresh().state == CaseState.RETURNED


def test_a_stale_page_does_not_decide():
    story = case_in(CaseState.CONFIRMING)
    version = story.case.version
    services.receive_complaint(
        story.case, received_on=story.today, content="举报", by=story.people.officer, on=story.today
    )
    story.county_visit()
    with transaction.atomic():
        Case.objects.filter(pk=story.case.pk).update(version=version + 1)
    with pytest.raises(StaleVersion):
        services.approve(story.case, opinion="同意", by=story.people.approver, on=story.today, version=version)


def test_a_refusal_waits_until_the_family_was_told_and_its_days_are_over():
    story = new_story(yearly_wage="90000.00")
    story.sign_papers().submit().accept().later().start().ask_check().later().answer_check().visit().draft().sign()
    with pytest.raises(services.NotNow, match="先告知申请人"):
        services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    with pytest.raises(services.NotNow, match="可以在"):
        services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    services.contest(story.case, evidence="提供停工证明", by=story.people.officer, on=story.today)
    assert story.refresh().state == CaseState.INVESTIGATING


def test_a_returned_case_is_not_publicised_again_unless_the_result_changed():
    story = case_in(CaseState.RETURNED)
    services.resume(story.case, by=story.people.officer, on=story.today)
    services.record_recheck(story.case, found="已到饭店核实工资", by=story.people.officer, on=story.today)
    story.draft().sign()
    with pytest.raises(services.NotNow, match="不需要公示"):
        story.publicise()
    services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    story.later().approve()
    assert story.refresh().state == CaseState.APPROVED


def test_a_decided_case_cannot_be_changed_in_place():
    story = case_in(CaseState.APPROVED)
    for change in ({"due_on": None}, {"state": "draft"}, {"county_visit_required": True}):
        with pytest.raises(DatabaseError, match="decided case"), transaction.atomic():
            Case.objects.filter(pk=story.case.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        story.case.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.filter(case=story.case).update(note="")


def test_an_approval_issues_the_form_and_the_notice_and_both_can_be_read_again():
    story = case_in(CaseState.APPROVED)
    kinds = set(story.case.documents.values_list("document__kind", flat=True))
    assert kinds == {"acceptance_notice", "visit_form", "publicity_sheet", "approval_form", "approval_notice"}


def test_a_person_in_another_award_stops_the_confirmation():
    case_in(CaseState.APPROVED)
    story = case_in(CaseState.CONFIRMING)
    other = story.household.members.get(relation="child")
    AwardPerson.objects.create(award=Award.objects.get(), person=other.person, covered=(story.today, None))
    with pytest.raises(Exception, match="已在另一份") as refusal:
        story.approve()
    assert refusal.value.message.startswith(other.person.name)


# --- Who typed the family's data (录入人) ----------------------------------------------------------------------------


def _types_property(household, by):
    households.save_property(household, facts={"financial_assets": Decimal("11000.00")}, by=by)


def _types_incomes_over(household, by):
    """Corrects the row that somebody else entered."""
    row = Income.objects.get(member__household=household)
    data = IncomeData(member=row.member, kind=row.kind, yearly_amount=Decimal("5900.00"), pk=row.pk)
    households.save_incomes(household, year=START.year, rows=[data], by=by, at=instant(START))


def _types_supporters(household, by):
    father = SupporterData(name="胡老根", relation="父亲", birth_date=date(1940, 1, 1), facts={})
    head = household.members.get(relation="head")
    households.save_supporters(head, rows=[father], known_all=True, by=by, on=START)


def _types_a_member(household, by):
    data = MemberData(
        name="胡小雪",
        relation="child",
        sex="female",
        birth_date=date(2014, 4, 2),
        id_number=make_id_number(birth_date=date(2014, 4, 2), male=False),
    )
    households.add_member(household, data=data, by=by, on=START, at=instant(START))


@pytest.mark.parametrize("types", [_types_property, _types_incomes_over, _types_supporters, _types_a_member])
def test_who_typed_the_familys_data_never_confirms_also_when_another_typed_over_it(types):
    people = crew()
    story = new_story(people=people)
    helper = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="吴敏", on=date(2026, 1, 1))
    assert helper.pk not in acted_on(story.case)
    types(Household.objects.get(pk=story.household.pk), helper)
    _types_property(Household.objects.get(pk=story.household.pk), people.officer)
    assert {helper.pk, people.officer.pk} <= acted_on(story.case)
    assert people.lead.pk not in acted_on(story.case)


def test_the_lead_who_typed_the_property_does_not_confirm():
    story = case_in(CaseState.CONFIRMING, delegated=True)
    lead = story.people.lead
    appoint(lead, role=Role.TOWNSHIP_OFFICER, area=area(LINXI), on=date(2026, 1, 1))
    lead.forget_grants()
    _types_property(Household.objects.get(pk=story.household.pk), lead)
    with pytest.raises(NotPermitted, match="不能再由您审核确认"):
        check_can_confirm(lead, story.case)


def test_supporters_saved_unchanged_stay_their_authors():
    story = new_story()
    household = Household.objects.get(pk=story.household.pk)
    _types_supporters(household, story.people.officer)
    helper = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="吴敏", on=date(2026, 1, 1))
    row = Supporter.objects.get(member__household=household)
    same = SupporterData(name=row.name, relation=row.relation, birth_date=row.birth_date, facts={}, pk=row.pk)
    households.save_supporters(row.member, rows=[same], known_all=True, by=helper, on=START)
    assert helper.pk not in acted_on(story.case)
