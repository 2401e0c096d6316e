"""Acceptance, supplement, investigation, publicity, lateness, taking back."""

from datetime import date
from decimal import Decimal

import pytest

from applications import services
from applications.models import Objection, OverdueReason, Publicity, SupplementItem
from applications.rules.process import CaseState, EventKind
from foundation.errors import NotPermitted
from organizations.permissions import Role
from tests.support.crews import HUAYANG
from tests.support.factories import make_staff
from tests.support.stories import case_in, new_story
from verification import services as verification

pytestmark = pytest.mark.usefixtures("county")


def test_acceptance_names_every_missing_paper_and_the_consent():
    story = new_story().submit()
    with pytest.raises(services.NotAcceptable) as refusal:
        story.accept()
    for text in ("申请表", "核查授权书", "承诺书", "全体成员签署"):
        assert text in refusal.value.message


def test_an_agents_application_needs_the_agents_letter():
    story = new_story().sign_papers()
    from households import services as households  # noqa: PLC0415

    agent = households.set_agent(
        story.household, name="王秀英", relation="表妹", by=story.people.officer, on=story.today
    )
    story.intake.agent = agent
    story.intake.save()
    story.submit()
    with pytest.raises(services.NotAcceptable, match="委托书"):
        story.accept()
    story.add_paper("agent_letter").accept()
    assert story.refresh().state == CaseState.ACCEPTED


def test_acceptance_sets_the_clock_of_the_county_or_of_the_delegated_township():
    # From 7 September 2026: 国庆 1–7 October with 20 September and 10 October as make-up days.
    county = case_in(CaseState.ACCEPTED)
    assert (county.case.authority, county.case.due_on) == ("county", working_days_after(date(2026, 9, 7), 30))
    township = case_in(CaseState.ACCEPTED, delegated=True)
    assert (township.case.authority, township.case.due_on) == ("township", working_days_after(date(2026, 9, 7), 20))


def working_days_after(day: date, days: int) -> date:
    """Counted one by one against the official notice, apart from the code under test."""
    import chinese_calendar  # noqa: PLC0415

    while days:
        day = date.fromordinal(day.toordinal() + 1)
        days -= chinese_calendar.is_workday(day)
    return day


def test_what_is_missing_is_told_once_and_arrives_in_several_visits():
    story = case_in(CaseState.SUPPLEMENTING)
    first, second = SupplementItem.objects.filter(notice__case=story.case)
    services.receive_supplement(first, by=story.people.officer, on=story.today)
    with pytest.raises(services.NotAcceptable, match=second.name):
        story.accept()
    services.receive_supplement(second, by=story.people.officer, on=story.today)
    with pytest.raises(services.NotNow, match="已经收到"):
        services.receive_supplement(second, by=story.people.officer, on=story.today)
    story.accept()
    assert story.refresh().state == CaseState.ACCEPTED


def test_a_second_list_of_missing_papers_is_refused():
    story = case_in(CaseState.SUPPLEMENTING)
    missing = [services.MissingPaper("户口簿")]
    with pytest.raises(services.NotNow):
        services.ask_supplement(story.case, items=missing, by=story.people.officer, on=story.today)


def test_a_visit_takes_two_people_of_the_area_and_evidence():
    story = case_in(CaseState.INVESTIGATING)
    stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="外镇人")
    report = story._report()
    photo = story.scan()
    for visitors, attachments, text in (
        ([story.people.officer], [photo], "至少要有2名"),
        ([story.people.officer, story.people.officer], [photo], "至少要有2名"),
        ([story.people.officer, stranger], [photo], "外镇人不能参加"),
        ([story.people.officer, story.people.assistant], [], "现场照片"),
    ):
        with pytest.raises(services.VisitNotValid, match=text):
            services.record_visit(
                story.case,
                report=report,
                visitors=visitors,
                attachments=attachments,
                by=story.people.officer,
                on=story.today,
            )


def test_a_proposal_waits_for_check_and_visit():
    story = case_in(CaseState.INVESTIGATING)
    with pytest.raises(services.NotProposable) as refusal:
        story.draft()
    assert "信息核对" in refusal.value.message
    assert "入户调查" in refusal.value.message


def test_a_failed_check_is_not_taken_for_nothing_found():
    story = case_in(CaseState.INVESTIGATING).ask_check().visit()
    verification.answer_means_check(
        story.check, result="failed", findings=[], by=story.people.operator, on=story.today, note="接口超时"
    )
    with pytest.raises(services.NotProposable, match="重新提请"):
        story.draft()
    story.ask_check().answer_check().draft()


def test_a_difference_found_is_told_to_the_family_before_the_proposal():
    story = case_in(CaseState.INVESTIGATING).ask_check().visit()
    finding = {
        "source": "bank",
        "declared": Decimal(12000),
        "found": Decimal(16400),
        "agrees": False,
        "description": "活期",
    }
    verification.answer_means_check(
        story.check, result="alert", findings=[finding], by=story.people.operator, on=story.today
    )
    with pytest.raises(services.NotProposable, match="告知申请人"):
        story.draft()
    services.tell_family(story.case, statement="利息", by=story.people.officer, on=story.today)
    story.draft()
    assert story.refresh().awaits_signature


def test_a_proposal_that_departs_from_the_suggestion_says_why():
    story = case_in(CaseState.INVESTIGATING).ask_check().answer_check().visit()
    suggested = story.suggested()
    changed = services.ProposalData(**{**vars(suggested), "monthly_amount": suggested.monthly_amount + 10})
    with pytest.raises(services.NotProposable, match="与系统建议不同") as refusal:
        story.draft(changed)
    assert refusal.value.field == "difference_reason"
    story.draft(services.ProposalData(**{**vars(changed), "difference_reason": "集体研究"}))


def test_the_clerk_does_not_sign_where_the_county_confirms():
    story = case_in(CaseState.INVESTIGATING).ask_check().answer_check().visit().draft()
    with pytest.raises(NotPermitted):
        services.sign_proposal(story.case, by=story.people.officer, on=story.today)
    services.return_draft(story.case, note="金额请再核", by=story.people.lead, on=story.today)
    with pytest.raises(services.NotNow):
        story.sign()
    story.draft().sign()


def test_publicity_lasts_seven_days_after_the_posting_and_ends_only_with_a_photo():
    story = case_in(CaseState.PROPOSED)
    story.publicise()
    publicity = Publicity.objects.get(case=story.case)
    assert (publicity.first_day - story.today).days == 1
    assert (publicity.last_day - story.today).days == 7
    story.today = publicity.last_day
    with pytest.raises(services.NotNow, match="次日起"):
        story.close()
    story.later()
    with pytest.raises(services.NotNow, match="公示照片"):
        story.close()
    story.photograph().close()


def test_an_objection_is_investigated_and_goes_straight_to_confirmation():
    story = case_in(CaseState.OBJECTED)
    services.reinvestigate(story.case, by=story.people.officer, on=story.today)
    with pytest.raises(services.NotProposable, match="异议"):
        story.draft()
    services.resolve_objection(
        Objection.objects.get(), resolution="其子已分户成家，无力赡养。", by=story.people.officer, on=story.today
    )
    story.later().draft().sign()
    with pytest.raises(services.NotNow):
        story.publicise()
    story.wait_publicity()
    services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    story.later().approve()
    assert story.refresh().state == CaseState.APPROVED


def test_a_step_left_late_asks_why_and_keeps_the_answer():
    story = case_in(CaseState.ACCEPTED).later(4)
    with pytest.raises(services.OverdueReasonMissing) as refusal:
        story.start()
    assert refusal.value.field == "late_reason"
    services.start_investigation(story.case, by=story.people.officer, on=story.today, late_reason="连日暴雨，道路不通")
    kept = OverdueReason.objects.get(case=story.case)
    assert (kept.state, kept.reason, kept.given_by) == (CaseState.ACCEPTED, "连日暴雨，道路不通", story.people.officer)


def test_the_last_day_itself_is_not_late():
    story = case_in(CaseState.ACCEPTED).later(3)
    story.start()
    assert not OverdueReason.objects.exists()


def test_an_extension_takes_a_listed_cause_and_the_countys_approval():
    story = case_in(CaseState.INVESTIGATING)
    with pytest.raises(NotPermitted):
        services.extend_deadline(
            story.case, cause="difficult", reason="外地取证", by=story.people.officer, on=story.today
        )
    with pytest.raises(services.NotNow, match="规定的延长情形"):
        services.extend_deadline(story.case, cause="busy", reason="忙", by=story.people.approver, on=story.today)
    services.extend_deadline(story.case, cause="difficult", reason="外地取证", by=story.people.approver, on=story.today)
    assert story.refresh().due_on == working_days_after(story.case.accepted_on, 45)
    with pytest.raises(services.NotNow, match="已经延长过"):
        services.extend_deadline(story.case, cause="difficult", reason="再延", by=story.people.approver, on=story.today)


def test_the_last_step_is_taken_back_by_its_maker_until_somebody_else_acts():
    story = case_in(CaseState.ACCEPTED)
    with pytest.raises(NotPermitted):
        services.take_back(story.case, by=story.people.lead, on=story.today)
    services.take_back(story.case, by=story.people.officer, on=story.today)
    case = story.refresh()
    assert (case.state, case.accepted_on, case.due_on) == (CaseState.SUBMITTED, None, None)
    assert case.documents.get(document__kind="acceptance_notice").document.voided_on == story.today
    story.accept()
    assert story.refresh().documents.filter(document__kind="acceptance_notice").count() == 2


def test_taking_back_does_not_start_the_clock_anew():
    story = case_in(CaseState.SUBMITTED)
    due = story.case.state_due_on
    story.later().accept()
    services.take_back(story.case, by=story.people.officer, on=story.today)
    assert story.refresh().state_due_on == due


def test_a_signed_proposal_taken_back_waits_for_the_signature_again():
    story = case_in(CaseState.PROPOSED)
    services.take_back(story.case, by=story.people.lead, on=story.today)
    assert story.refresh().awaits_signature
    story.sign()


def test_a_posting_taken_back_voids_its_sheet_and_does_not_count_as_publicity():
    story = case_in(CaseState.PROPOSED).publicise()
    services.take_back(story.case, by=story.people.officer, on=story.today)
    assert Publicity.objects.get(case=story.case).taken_back
    story.publicise()
    assert story.refresh().state == CaseState.PUBLICISED


def test_a_list_in_the_familys_hands_cannot_be_taken_back():
    story = case_in(CaseState.SUPPLEMENTING)
    with pytest.raises(services.NotNow):
        services.take_back(story.case, by=story.people.officer, on=story.today)


def test_another_township_does_nothing_with_the_case():
    story = case_in(CaseState.SUBMITTED)
    stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG)
    for act in (services.accept, services.start_investigation, services.ask_means_check, services.close_publicity):
        with pytest.raises((NotPermitted, services.NotNow)):
            act(story.case, by=stranger, on=story.today)
    assert story.refresh().state == CaseState.SUBMITTED


def test_a_family_has_one_open_case_of_a_scheme():
    story = case_in(CaseState.SUBMITTED)
    with pytest.raises(services.NotOpenable, match="正在办理"):
        services.open_intake(
            story.household,
            applicant=story.intake.applicant,
            channel="window",
            accounting_year=2026,
            reason="",
            schemes=["dibao"],
            by=story.people.officer,
            on=story.today,
        )


def test_a_withdrawn_application_may_be_filed_again():
    story = case_in(CaseState.WITHDRAWN)
    assert story.case.events.filter(kind=EventKind.WITHDRAWN).exists()
    services.open_intake(
        story.household,
        applicant=story.intake.applicant,
        channel="window",
        accounting_year=2026,
        reason="",
        schemes=["dibao"],
        by=story.people.officer,
        on=story.today,
    )
