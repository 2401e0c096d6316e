"""Ends, lateness, taking back and evidence: each test is a way round a rule that was found open once."""

from datetime import date, timedelta

import pytest

from applications import services
from applications.models import Case, OverdueReason
from applications.models.investigation import Participant
from applications.rules.process import CaseState
from documents.services import archived_pdf
from foundation.errors import NotPermitted, ServiceError
from organizations.services import end_post, load_calendar_year, sync_grants
from tests.applications.telling import die, drafted, member, new_head, relative
from tests.documents.reading import text_of
from tests.support.crews import instant
from tests.support.stories import Story, case_in, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState


# --- Ends and lateness ------------------------------------------------------------------------------------------


def test_the_township_ends_no_case_for_another_cause() -> None:
    story = case_in(S.CONFIRMING)
    with pytest.raises(ServiceError, match="终止的情形"):
        services.terminate(story.case, cause="other", reason="不想办了", by=story.people.officer, on=story.today)


def test_a_family_withdraws_with_its_signature() -> None:
    story = case_in(S.ACCEPTED)
    with pytest.raises(ServiceError, match="签字的撤回申请"):
        services.withdraw(story.case, reason="找到工作", by=story.people.officer, on=story.today)
    with pytest.raises(NotPermitted):
        services.withdraw(story.case, reason="找到工作", by=story.people.assistant, on=story.today, paper=story.scan())
    assert story.withdraw().refresh().state == S.WITHDRAWN


def test_a_draft_of_a_withdrawn_case_cannot_be_handed_back() -> None:
    story = drafted().withdraw()
    with pytest.raises(services.NotNow):
        services.return_draft(story.case, note="改", by=story.people.lead, on=story.today)


def test_telling_late_takes_a_reason() -> None:
    story = case_in(S.PROPOSED, yearly_wage="90000.00").later(6)
    with pytest.raises(services.OverdueReasonMissing):
        services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    services.tell_not_eligible(story.case, by=story.people.officer, on=story.today, late_reason="负责人外出培训")
    assert OverdueReason.objects.get(case=story.case).reason == "负责人外出培训"


def test_a_refusal_delivered_late_takes_a_reason() -> None:
    story = case_in(S.REFUSED).later(4)
    notice = story.case.documents.get(document__kind="refusal_notice").document
    values = {"delivered_on": story.today, "way": "direct", "received_by": "胡德旺", "note": ""}
    with pytest.raises(services.OverdueReasonMissing):
        services.deliver(story.case, notice, **values, by=story.people.officer, on=story.today)
    services.deliver(story.case, notice, **values, by=story.people.officer, on=story.today, late_reason="大雪封路")
    assert OverdueReason.objects.get(case=story.case).state == S.REFUSED


def test_a_refusal_delivered_on_the_third_working_day_is_in_time() -> None:
    story = case_in(S.REFUSED).later(3)
    notice = story.case.documents.get(document__kind="refusal_notice").document
    services.deliver(
        story.case,
        notice,
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        note="",
        by=story.people.officer,
        on=story.today,
    )
    assert not OverdueReason.objects.filter(case=story.case).exists()


# --- Taking back, evidence --------------------------------------------------------------------------------------


def test_who_lost_the_post_takes_nothing_back() -> None:
    story = case_in(S.PROPOSED, delegated=True)
    end_post(story.people.officer.posts.get(), on=story.today - timedelta(days=1))
    sync_grants(story.people.officer, on=story.today)
    story.people.officer.forget_grants()
    with pytest.raises(NotPermitted):
        services.take_back(story.case, by=story.people.officer, on=story.today)


def test_acceptance_stands_once_its_notice_is_delivered() -> None:
    story = case_in(S.ACCEPTED)
    notice = story.case.documents.get(document__kind="acceptance_notice").document
    services.deliver(
        story.case,
        notice,
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        note="",
        by=story.people.officer,
        on=story.today,
    )
    with pytest.raises(ServiceError, match="已经送达"):
        services.take_back(story.case, by=story.people.officer, on=story.today)


def test_a_case_taken_back_from_the_county_is_the_townships_again() -> None:
    story = case_in(S.PROPOSED, delegated=True)
    relative(story, story.people.lead.name)
    story.later().publicise().photograph().wait_publicity().close()
    assert story.refresh().authority == "county"
    services.take_back(story.case, by=story.people.officer, on=story.today)
    assert (story.refresh().state, story.case.authority) == (S.PUBLICISED, "township")


def test_a_voided_scan_is_no_paper() -> None:
    story = new_story().sign_papers().submit()
    paper = story.intake.papers.filter(voided_at=None).first()
    assert paper is not None
    paper.attachment.voided_at, paper.attachment.voided_reason = instant(story.today), "扫错了"
    paper.attachment.voided_by = story.people.officer
    paper.attachment.save()
    with pytest.raises(ServiceError, match="缺签字扫描件"):
        story.accept()


def test_a_new_paper_is_seen_by_whoever_has_the_case_open() -> None:
    story = case_in(S.CONFIRMING)
    before = story.case.version
    assert story.add_paper("application_form").refresh().version > before


def test_a_decided_case_takes_no_more_papers_and_relatives() -> None:
    story = case_in(S.APPROVED)
    with pytest.raises(services.NotNow, match="已经办结"):
        story.add_paper("application_form")
    with pytest.raises(services.NotNow, match="已经办结"):
        relative(story, "胡德全")


def test_a_visit_by_telephone_says_which_emergency() -> None:
    story = case_in(S.INVESTIGATING)
    report = services.VisitReport(
        visited_on=story.today,
        place="电话",
        living_conditions="自述尚可",
        facts_found="在外务工",
        family_signed_by="胡德旺",
        way="telephone",
    )
    with pytest.raises(services.VisitNotValid, match="突发事件"):
        services.record_visit(
            story.case,
            report=report,
            visitors=[story.people.officer, story.people.assistant],
            attachments=[story.scan()],
            by=story.people.officer,
            on=story.today,
        )


def test_an_appraisal_is_held_after_acceptance() -> None:
    story = case_in(S.APPRAISING)
    with pytest.raises(services.NotNow, match="受理日期"):
        services.record_appraisal(
            story.case,
            held_on=date(2019, 1, 1),
            place="村委会",
            host="汪志强",
            dispute="收入",
            participants=[Participant("甲"), Participant("乙")],
            votes_for=2,
            votes_against=0,
            by=story.people.officer,
            on=story.today,
        )


def test_deadlines_reckoned_by_weekdays_are_worked_out_anew_when_the_year_is_entered() -> None:
    story = new_story(on=date(2026, 12, 7)).sign_papers().submit().accept()
    before = story.refresh().due_on
    assert before is not None and story.case.due_is_provisional
    spring = [(date(2027, 1, 4) + timedelta(days=day), False, "放假") for day in range(5)]
    load_calendar_year(2027, days=[(date(2027, 1, 1), False, "元旦"), *spring], source="国办通知")
    case = Case.objects.get(pk=story.case.pk)
    # New Year's day and one week more lie between acceptance and the old day: the new one is six working days later.
    assert not case.due_is_provisional
    assert case.due_on == before + timedelta(days=8)


# --- Ending without a decision ------------------------------------------------------------------------------------


def terminated(story: Story, cause: str, reason: str) -> str:
    """The text of the notice that ending the procedure leaves."""
    services.terminate(story.case, cause=cause, reason=reason, by=story.people.officer, on=story.today)
    notice = story.case.documents.get(document__kind="termination_notice").document
    return text_of(archived_pdf(notice))


def test_who_refuses_to_cooperate_is_told_why_by_which_clause_and_what_to_do() -> None:
    text = terminated(case_in(S.INVESTIGATING), "refuses", "两次上门都拒绝说明务工收入。")
    for said in ("胡德旺：", "两次上门都拒绝说明务工收入", "第二十九条", "重新提出申请", "行政复议", "6个月"):
        assert said in text


def test_the_family_of_a_dead_applicant_is_told_that_others_may_apply() -> None:
    story = case_in(S.SUBMITTED)
    for relation in ("spouse", "child", "head"):
        die(story, member(story, relation))
    text = terminated(story, "died", "申请人2026年9月9日病故。")
    assert "胡德旺的家属：" in text and "由其他成员重新提出申请" in text and "拒绝" not in text


def test_whoever_applied_on_is_written_to_by_name() -> None:
    story = case_in(S.SUBMITTED)
    former = member(story, "head")
    new_head(story)
    die(story, former)
    assert "汪秋菊：" in terminated(story, "died", "家属不再申请。")


def test_ending_a_draft_leaves_no_paper() -> None:
    story = new_story()
    services.terminate(story.case, cause="refuses", reason="不来登记", by=story.people.officer, on=story.today)
    assert not story.case.documents.exists()
