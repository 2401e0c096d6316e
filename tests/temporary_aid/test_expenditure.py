"""支出型 through the case machine: carried over, proposed by the aid's own plan, granted with its stages, or ended."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from applications import services as cases
from applications.models import Proposal
from applications.rules.process import CaseState
from foundation.errors import StaleVersion
from foundation.trail import acting
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.reports import enter_report
from tests.benefits.builders import set_parameter
from tests.support.aid import SHANGHAI, aid_data, open_urgent
from tests.support.aid_cases import AidStory, refusing
from tests.support.cases import Desk
from tests.support.crews import START, Crew, family
from tests.temporary_aid.advances import report_data
from tests.temporary_aid.builders import money, proposal, resolved, secretary

pytestmark = pytest.mark.django_db
NINE = datetime.combine(START, time(9), tzinfo=SHANGHAI)
# S = 780.00: a medical cause of the middle grade 5 × 780 = 3,900; the township's limit 4 × 780 = 3,120.


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path


def spending(people: Crew, *, wage: str = "60000.00", **more: Any) -> TemporaryAid:
    household = family(people, yearly_wage=wage)
    terms: dict[str, Any] = {
        "kind": "expenditure",
        "self_paid_amount": Decimal("21000.00"),
        "situation": "重病住院两次，自付医药费多。",
        "occurred_on": date(2026, 8, 20),
        "household": household,
        "first_reported_at": NINE,
    }
    report = more.pop("report", None)
    with acting(actor="system:test"):
        return services.open_aid(aid_data(**terms | more), by=people.officer, at=NINE, report=report)


def plan(aid: TemporaryAid, people: Crew, *amounts: str, **more: Any) -> TemporaryAid:
    stages = [money(amount) for amount in amounts]
    return services.keep_plan(aid, proposal(*stages, **more), by=people.officer, at=NINE)


def story_of(aid: TemporaryAid, people: Crew, amount: str = "3900.00") -> AidStory:
    """Its case on the way, with a visited family."""
    case = services.open_expenditure(aid, by=people.officer, at=NINE)
    assert aid.household is not None
    story = AidStory(people, aid.household, case.intake, case, START, amount=Decimal(amount))
    story.sign_papers().submit().accept().later().start()
    story.ask_check().later(2).answer_check().visit().later()
    return story


def decided(story: AidStory) -> AidStory:
    story.sign().later().publicise().photograph()
    story.wait_publicity().close().later().approve()
    return story


def test_the_family_and_its_hardship_are_carried_into_the_case(people: Crew) -> None:
    aid = spending(people)
    case = services.open_expenditure(aid, by=people.officer, at=NINE)
    aid.refresh_from_db()
    assert (aid.state, aid.route, aid.case) == ("in_case", "ordinary", case)
    assert (case.household, case.intake.applicant) == (aid.household, aid.applicant)
    assert case.intake.reason == f"医疗支出：重病住院两次，自付医药费多。（{aid.number}）"
    assert aid.events.get(kind="in_case").note == f"办件{case.number}"


def test_only_spending_of_a_family_on_record_goes_that_way_and_once(people: Crew) -> None:
    with pytest.raises(NotAllowed, match="急难型按简化程序"):
        services.open_expenditure(open_urgent(people.officer), by=people.officer, at=NINE)
    stranger = spending(people, household=None)
    with pytest.raises(NotAllowed, match="先登记并关联家庭"):
        services.open_expenditure(stranger, by=people.officer, at=NINE)
    aid = spending(people, cause="education")
    services.open_expenditure(aid, by=people.officer, at=NINE)
    with pytest.raises(NotAllowed, match="不能这样办理"):
        services.open_expenditure(aid, by=people.officer, at=NINE)


def test_what_the_case_approves_is_granted_with_the_stages_of_the_plan(people: Crew) -> None:
    stages = proposal(money("2400.00"), money("1000.00"), replace(money("500.00"), together=True))
    aid = services.keep_plan(spending(people), stages, by=people.officer, at=NINE)
    story = decided(story_of(aid, people).draft())
    aid.refresh_from_db()
    assert (aid.state, aid.route, aid.amount) == ("approved", "ordinary", Decimal("3900.00"))
    assert (aid.decided_level, aid.decided_by) == ("county", people.approver)
    assert (aid.proposed_by, aid.suggested_amount) == (people.officer, Decimal("3900.00"))
    assert [(stage.amount, stage.state) for stage in aid.stages.all()] == [
        (Decimal("2400.00"), "ready"),
        (Decimal("1000.00"), "planned"),
        (Decimal("500.00"), "planned"),
    ]
    note = story.case.events.get(kind="approved").note
    assert f"临时救助{aid.number}转入发放，共2期" in note
    assert aid.publicity_due_on is None  # it was publicised before it was decided


def test_a_sum_within_the_townships_limit_is_decided_there(people: Crew) -> None:
    aid = plan(spending(people), people, "3120.00", difference="亲友捐助一部分")
    decided(story_of(aid, people, "3120.00").draft())
    aid.refresh_from_db()
    assert (aid.decided_level, aid.decided_by) == ("township", people.lead)


def test_without_a_plan_or_with_another_sum_nothing_is_proposed(people: Crew) -> None:
    aid = spending(people)
    story = story_of(aid, people)
    with pytest.raises(cases.NotProposable, match="拟发放计划") as refused:
        story.draft()
    assert refused.value.field == "aid_amount"
    plan(aid, people, "3900.00")
    story.amount = Decimal("3900.01")
    with pytest.raises(cases.NotProposable, match=r"合计3,900\.00元，与拟救助的3,900\.01元不一致"):
        story.draft()
    assert not Proposal.objects.exists()


def test_ten_times_the_base_is_the_most_without_a_meeting(people: Crew) -> None:
    # 10 × 780 = 7,800.00.
    aid = spending(people)
    plan(aid, people, "7800.00", grade="severe")
    with pytest.raises(NotAllowed, match=r"超过上限7,800\.00元"):
        plan(aid, people, "7800.01", grade="severe", difference="病重")


def test_for_schooling_six_times_the_base_is_the_most_without_a_meeting(people: Crew) -> None:
    # 6 × 780 = 4,680.00; of another cause 10 × 780.
    aid = spending(people, cause="education", situation="两个子女上大学。")
    aid = plan(aid, people, "4680.00", grade="severe")
    assert aid.suggestion[1].startswith("支出型单次户均2—10倍，教育支出最高6倍")
    with pytest.raises(NeedsCollectiveDecision, match=r"超过上限4,680\.00元"):
        plan(aid, people, "4680.01", grade="severe", difference="两人同时入学")
    resolved(aid, secretary(), "5000.00")
    plan(aid, people, "4680.01", grade="severe")
    set_parameter("temporary_aid_education_most", "5")
    other = spending(people, cause="education", household=None)
    with pytest.raises(NeedsCollectiveDecision, match=r"超过上限3,900\.00元"):
        plan(other, people, "3900.01", difference="两人同时入学")


def test_page_and_verdict_of_the_case_hold_the_top_for_schooling_too(people: Crew) -> None:
    # 6 × 780 = 4,680.00, not the type's 10 × 780.
    aid = spending(people, cause="education", situation="两个子女上大学。")
    resolved(aid, secretary(), "5000.00")
    story = story_of(plan(aid, people, "4680.01", grade="severe"), people, "4680.01")
    page = Desk(people.officer, on=story.today).open_act(story, "draft-proposal")
    assert "救助标准1,560.00—4,680.00元" in page.content.decode()
    story.draft()
    kept = Proposal.objects.get().assessment.result["temporary_aid"]
    assert kept == {"min": "1560.00", "max": "4680.00", "verdict": "needs_collective_decision"}


def test_what_is_granted_for_schooling_keeps_its_own_maximum(people: Crew) -> None:
    aid = plan(spending(people, cause="education"), people, "3120.00")
    decided(story_of(aid, people, "3120.00").draft())
    aid.refresh_from_db()
    assert (aid.state, aid.maximum_amount) == ("approved", Decimal("4680.00"))


def test_once_the_proposal_is_signed_the_plan_keeps_its_sum(people: Crew) -> None:
    aid = plan(spending(people), people, "3900.00")
    story = story_of(aid, people).draft()
    plan(aid, people, "3000.00", difference="改后重拟")
    plan(aid, people, "3900.00")
    story.sign()
    with pytest.raises(NotAllowed, match="初审意见已签发"):
        plan(aid, people, "3000.00", difference="少给")
    seen = story.refresh().version
    plan(aid, people, "1900.00", "2000.00")
    with pytest.raises(StaleVersion):  # whoever confirms looks again at what is given when
        cases.approve(story.case, opinion="同意", by=people.approver, on=story.today, version=seen)


def test_a_refused_case_ends_the_aid_as_refused(people: Crew) -> None:
    aid = spending(people, wage="300000.00")
    case = services.open_expenditure(aid, by=people.officer, at=NINE)
    assert aid.household is not None
    story = AidStory(people, aid.household, case.intake, case, START)
    story.sign_papers().submit().accept().later().start()
    refusing(story)
    story.refuse()
    aid.refresh_from_db()
    assert (aid.state, aid.amount) == ("refused", None)
    assert aid.events.filter(kind="refused").count() == 1


def test_a_withdrawn_case_ends_the_aid(people: Crew) -> None:
    aid = spending(people)
    case = services.open_expenditure(aid, by=people.officer, at=NINE)
    assert aid.household is not None
    story = AidStory(people, aid.household, case.intake, case, START).sign_papers().submit()
    cases.withdraw(story.case, reason="家属已筹到钱", by=people.officer, on=START, paper=story.scan())
    aid.refresh_from_db()
    assert story.refresh().state == CaseState.WITHDRAWN
    assert (aid.state, aid.ended_on) == ("withdrawn", START)


def test_the_report_of_an_aid_whose_case_was_withdrawn_waits_again(people: Crew) -> None:
    with acting(actor="system:test"):
        data = report_data(reported_at=NINE, cause="medical")
        report = enter_report(data, by=people.assistant, at=NINE)
    aid = spending(people, report=report)
    case = services.open_expenditure(aid, by=people.officer, at=NINE)
    report.refresh_from_db()
    assert report.state == "taken"
    assert aid.household is not None
    story = AidStory(people, aid.household, case.intake, case, START).sign_papers().submit()
    cases.withdraw(story.case, reason="家属已筹到钱", by=people.officer, on=START, paper=story.scan())
    report.refresh_from_db()
    aid.refresh_from_db()
    assert (report.state, aid.report) == ("open", None)
    assert f"急难报告{report.number}恢复待处置" in aid.events.get(kind="withdrawn").note


def test_the_case_shows_the_aid_and_its_form_begins_with_what_the_plan_comes_to(people: Crew) -> None:
    stages = proposal(money("2400.00"), replace(money("1500.00"), together=True))
    aid = services.keep_plan(spending(people), stages, by=people.officer, at=NINE)
    story = story_of(aid, people)
    desk = Desk(people.officer, on=story.today)
    page = desk.get("detail", story.case.pk)
    assert aid.number in page.content.decode()
    assert "3,900.00元，1期" in page.content.decode()
    form = desk.open_act(story, "draft-proposal").context["form"]
    assert form["aid_amount"].value() == "3,900.00"


def test_a_case_without_an_aid_is_not_proposed(people: Crew) -> None:
    story = story_of(spending(people), people)
    TemporaryAid.objects.filter(case=story.case).update(state="opened", case=None)
    with pytest.raises(cases.NotProposable, match="没有临时救助登记"):
        story.draft(replace(story.suggested(), aid_amount=Decimal("3900.00")))
