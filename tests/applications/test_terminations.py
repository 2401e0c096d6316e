"""终止救助供养: six causes, publicity, objection, the month, and what goes on when support does not end."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from applications import services
from applications.models import Case, Termination
from applications.permissions import acted_on
from applications.queries import CaseFile, Duty, duties, lacks, steps
from applications.rules.matters import MATTERS
from applications.rules.process import CaseState
from applications.rules.terminations import CAUSES, Cause, of_person
from applications.services import NotNow, NotOpenable, NotProposable
from benefits.models import Award
from documents.models import Document
from foundation.errors import NotPermitted
from organizations.permissions import Role
from organizations.queries import working_calendar
from tests.support.crews import HUAYANG, START, county_data, crew
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in
from tests.support.terminations import (
    CONTINUES,
    ENDS,
    opened,
    proposed,
    support,
    supported_family,
    to_confirming,
    verify,
    with_brother,
)

KINDS = ("support_end_sheet", "support_end_form", "support_end_notice", "support_end_village")


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def kinds_of(story: Story) -> list[str]:
    return list(story.case.documents.order_by("pk").values_list("document__kind", flat=True))


def record_of(story: Story, kind: str) -> str:
    document: Document = story.case.documents.get(document__kind=kind, document__voided_on=None).document
    return document.record.reveal()


# --- The causes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cause", "item", "channel", "ends"),
    [
        ("died", "一", "official", True),
        ("labour_capacity", "二", "official", False),
        ("imprisoned", "三", "official", True),
        ("means", "四", "official", False),
        ("supporter", "五", "official", False),
        ("voluntary", "六", "window", True),
    ],
)
def test_what_each_cause_comes_to_of_somebody_who_meets_the_conditions(
    county: None, cause: str, item: str, channel: str, ends: bool
) -> None:
    story = opened(cause)
    case = story.case
    assert (case.state, case.accepted_on, case.authority) == ("accepted", START, "county")
    assert case.intake.channel == channel
    assert f"第（{item}）项" in case.termination.rule.clause
    proposal = services.draft_proposal(
        verify_with_check(story).case,
        data=ENDS if ends else CONTINUES,
        by=story.people.officer,
        on=story.today,
    )
    assert proposal.is_eligible is ends


def verify_with_check(story: Story) -> Story:
    verify(story.start())
    if story.case.termination.rule.asks_means_check:
        assert [lack.text for lack in lacks(story.refresh(), on=story.today)] == ["还没有提请信息核对"]
        sign_consent(story)
        story.ask_check().later(2).answer_check()
    assert lacks(story.refresh(), on=story.today) == []
    return story


def sign_consent(story: Story) -> None:
    from households.services import record_consent  # noqa: PLC0415

    signers = {story.household.members.get().pk: ""}
    record_consent(story.household, signed_on=story.today, signers=signers, by=story.people.officer, on=story.today)


@pytest.mark.parametrize(
    ("outcome", "cause", "ends"),
    [
        ("eligible", "supporter", False),
        ("unknown", "supporter", False),
        ("not_eligible", "supporter", True),
        ("", "labour_capacity", False),
        ("not_eligible", "voluntary", True),
        ("unknown", "imprisoned", True),
    ],
)
def test_nobodys_support_ends_on_what_is_not_found_out(outcome: str, cause: str, ends: bool) -> None:
    about = MATTERS["tekun.termination"].about
    assert about is not None
    matter = about("m7", lambda: cause)
    rows = [{"member": "m7", "outcome": outcome}] if outcome else []
    result = {"tekun": [*rows, {"member": "m8", "outcome": "eligible"}]}
    assert matter.suggest(result, {}).is_eligible is ends
    assert bool(matter.failed_tests(result, {})) is (outcome == "eligible")
    assert matter.compared(result) == {"outcome": outcome}


def test_what_is_tested_of_the_others_is_not_shown() -> None:
    rows = [
        {"rule": "tekun.elderly", "subject": "m7"},
        {"rule": "tekun.elderly", "subject": "m8"},
        {"rule": "property.houses", "subject": "household"},
    ]
    found = of_person({"findings": rows, "tekun": []}, "m7")
    assert found == {"findings": [rows[0], rows[2]], "tekun": []}


def test_every_cause_of_the_law_has_its_rule() -> None:
    assert list(CAUSES) == list(Cause)
    assert len({rule.clause for rule in CAUSES.values()}) == len(Cause)


# --- The way ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [0, 30])
def test_support_ends_with_the_month_of_the_decision(county: None, days: int) -> None:
    story = to_confirming(opened())
    story.today += timedelta(days=days)
    month = story.today.replace(day=1)
    services.approve(
        story.case, opinion="同意", by=story.people.approver, on=story.today, late_reason="等待材料" if days else ""
    )
    award = Award.objects.get()
    assert (award.state, award.ends_month) == ("stopped", month)
    assert story.refresh().state_in_words == "决定终止"
    assert kinds_of(story) == list(KINDS)
    notice = record_of(story, "support_end_notice")
    assert "自愿申请退出救助供养" in notice and "外出投靠侄子" in notice and "临时救助" in notice
    assert "县人民政府" in notice, notice
    assert "最低生活保障（乡镇社会救助窗口）" in notice, notice
    assert "第（六）项" in record_of(story, "support_end_village")


def test_the_sheet_says_who_and_never_why(county: None) -> None:
    story = proposed(opened("imprisoned", facts="因盗窃罪被判处有期徒刑一年。")).publicise()
    sheet = record_of(story, "support_end_sheet")
    assert "胡德旺" in sheet
    for word in ("服刑", "盗窃", "一组12号", "情形", story.case.number):
        assert word not in sheet


def test_an_objection_is_decided_within_fifteen_working_days_and_publicised_anew(county: None) -> None:
    story = proposed(opened()).publicise().photograph().later().object()
    objected_on = story.today
    assert story.refresh().due_on == working_calendar().add(objected_on, 15).on
    services.reinvestigate(story.case, by=story.people.officer, on=story.today)
    objection = story.case.publicities.get().objections.get()
    services.resolve_objection(objection, resolution="侄子有赡养协议。", by=story.people.officer, on=story.today)
    story.later().draft(ENDS).sign()
    with pytest.raises(NotNow, match="须先公示7天"):
        services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    assert lacks(story.refresh(), on=story.today) == []
    story.publicise().photograph().wait_publicity().close()
    first, second = story.case.publicities.order_by("pk")
    assert first.closed_on == second.posted_on and second.last_day - second.first_day == timedelta(days=6)
    story.approve()
    assert story.refresh().decided_on is not None and story.today <= working_calendar().add(objected_on, 15).on


def test_support_that_goes_on_is_neither_publicised_nor_heard(county: None) -> None:
    story = proposed(opened("labour_capacity"), CONTINUES)
    with pytest.raises(NotNow, match="不需要告知"):
        services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    services.send_to_confirm(story.case, by=story.people.officer, on=story.today)
    with pytest.raises(NotNow, match="初审意见是拟继续供养，不能决定终止"):
        story.approve()
    services.refuse(story.case, opinion="", by=story.people.approver, on=story.today)
    assert Award.objects.get().state == "active"
    assert story.refresh().state_in_words == "继续供养"
    assert kinds_of(story) == ["support_end_form", "support_kept_notice"]
    kept = record_of(story, "support_kept_notice")
    assert "胡德旺仍同时具备特困人员认定的三项条件" in kept and "不予确认" not in kept
    assert story.case.decision.opinion == "继续供养"


def test_a_proposal_against_the_suggestion_says_why(county: None) -> None:
    story = verify(opened("labour_capacity").start())
    with pytest.raises(NotProposable, match="与系统建议不同"):
        story.draft(ENDS)
    story.draft(services.ProposalData(True, "残疾已变更。", "termination", difference_reason="鉴定结论待录入"))


def test_what_is_not_verified_is_not_proposed(county: None) -> None:
    story = opened("supporter").start()
    with pytest.raises(NotProposable, match="还没有登记核实情况"):
        story.draft(CONTINUES)
    story.visit().draft(CONTINUES)


# --- Death --------------------------------------------------------------------------------------------------------


def test_the_termination_after_a_death_goes_on_without_the_family(county: None) -> None:
    from households.services import record_death  # noqa: PLC0415
    from tests.support.stories import instant  # noqa: PLC0415

    people = crew()
    household = supported_family(people)
    award = support(household.members.get(), people)
    died_on = date(2026, 8, 20)
    record_death(household.members.get(), died_on=died_on, by=people.officer, at=instant(START))
    household.refresh_from_db()
    assert household.ended_on is not None
    with pytest.raises(NotOpenable, match="已登记死亡"):
        opened("voluntary", people=people, award=award)
    with pytest.raises(NotOpenable, match="死亡日期"):
        opened("died", people=people, award=award)
    story = opened("died", people=people, award=award, happened_on=died_on, facts="在家中病故。")
    to_confirming(story).approve()
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("stopped", date(2026, 9, 1))
    notice = record_of(story, "support_end_notice")
    assert "胡德旺的亲属" in notice and '"unpaid_from":"2026-09-01"' in notice and '"may_claim":[]' in notice
    assert story.case.decision.assessment.on == date(2026, 8, 19)
    check = award.checks.get()
    assert check.settled_on is None


# --- What cannot be -----------------------------------------------------------------------------------------------


def test_an_award_is_terminated_once_at_a_time(county: None) -> None:
    story = opened()
    award = Award.objects.get()
    with pytest.raises(NotOpenable, match="正在办理"):
        opened(people=story.people, award=award)
    to_confirming(story).approve()
    with pytest.raises(NotOpenable, match="已经终止"):
        opened(people=story.people, award=award, on=story.today)


def test_two_persons_of_a_family_may_be_looked_into_at_once(county: None) -> None:
    people = crew()
    household = supported_family(people)
    brother = with_brother(household, people)
    awards = [support(member, people) for member in (household.members.get(relation="head"), brother)]
    first, second = (opened("labour_capacity", people=people, award=award) for award in awards)
    assert {first.case.applicant.person.name, second.case.applicant.person.name} == {"胡德旺", "胡德才"}
    assert second.case.matter.failed_tests({"tekun": [{"member": brother.reference, "outcome": "eligible"}]}, {})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"cause": "rich"}, "请选择终止的情形"),
        ({"happened_on": START + timedelta(days=1)}, "不能晚于今天"),
        ({"facts": "  "}, "请写明具体情况"),
        ({"accounting_year": 1999}, "收入核算年度"),
    ],
)
def test_a_termination_needs_cause_day_and_facts(county: None, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(NotOpenable, match=says):
        opened(**{"cause": "voluntary", **wrong})


def test_the_proof_is_the_familys_own(county: None) -> None:
    people = crew()
    other = supported_family(people)
    story = Story(people, other, None, None, START)  # type: ignore[arg-type]
    with pytest.raises(NotOpenable, match="不是这个家庭的"):
        opened(people=people, evidence=story.scan())


def test_only_who_accepts_cases_there_opens_one(county: None) -> None:
    people = crew()
    award = support(supported_family(people).members.get(), people)
    people.officer = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    with pytest.raises(NotPermitted):
        data = services.TerminationData("voluntary", START, "退出", None, 2026)  # type: ignore[arg-type]
        services.open_termination(award, data=data, by=people.officer, on=START)


def test_low_income_awards_are_not_ended_here(county: None) -> None:
    story = case_in(CaseState.APPROVED)
    with pytest.raises(NotOpenable, match="只办理特困"):
        opened(people=story.people, award=Award.objects.get(scheme="dibao"), on=story.today)


def test_who_opened_it_is_among_those_who_never_confirm_it(county: None) -> None:
    story = opened()
    assert story.people.officer.pk in acted_on(story.case)
    verify(story.start())
    assert acted_on(story.case) == {story.people.officer.pk}


def test_a_termination_never_hangs_on_a_sheet_of_approvals(county: None) -> None:
    people = crew()
    applied = case_in(CaseState.PROPOSED, people=people)
    ended = proposed(opened(people=people, on=applied.today))
    cases = [applied.case, ended.case]
    answers = services.publicise_together(
        cases, place="村务公开栏", telephone="0563-8160000", by=people.officer, on=applied.today
    )
    assert "不能和同一批" in str(answers[max(case.pk for case in cases)])
    assert Document.objects.filter(kind__in=["publicity_sheet", "support_end_sheet"]).count() == 1


def test_nothing_is_announced_and_the_notices_are_delivered(county: None) -> None:
    story = to_confirming(opened()).approve()
    todo = duties(story.people.officer, on=story.today)
    assert not todo[Duty.ANNOUNCE].exists()
    assert list(todo[Duty.DELIVER]) == [story.case]
    with pytest.raises(NotNow, match="不在村内公布"):
        services.announce(story.case, posted_on=story.today, place="公开栏", by=story.people.officer, on=story.today)


# --- Calling off --------------------------------------------------------------------------------------------------


def test_who_asked_to_leave_signs_for_staying(county: None) -> None:
    story = opened()
    act: dict[str, Any] = {"reason": "本人要求继续供养", "by": story.people.officer, "on": story.today}
    with pytest.raises(NotNow, match="签字的撤回申请"):
        services.call_off(story.case, **act)
    services.call_off(story.case, paper=story.scan(), **act)
    assert story.refresh().state == "withdrawn" and Award.objects.get().state == "active"
    assert opened(people=story.people, award=Award.objects.get()).case.state == "accepted"


def test_a_termination_is_neither_withdrawn_nor_terminated_as_an_application(county: None) -> None:
    story = opened("means")
    with pytest.raises(NotNow, match="不是家庭的申请"):
        story.withdraw()
    with pytest.raises(NotNow, match="撤销终止程序"):
        services.terminate(story.case, cause="refuses", reason="无", by=story.people.officer, on=story.today)
    services.call_off(story.case, reason="选错了人", by=story.people.officer, on=story.today)
    assert story.refresh().state == "withdrawn"


def test_only_a_termination_is_called_off(county: None) -> None:
    story = case_in(CaseState.ACCEPTED)
    with pytest.raises(NotNow, match="不是正在办理的终止"):
        services.call_off(story.case, reason="无", by=story.people.officer, on=story.today)


def test_the_step_bar_begins_with_the_opening(county: None) -> None:
    bar = steps(CaseFile(proposed(opened()).refresh(), on=START))
    assert [(step.label, step.note) for step in bar[:2]] == [("发起", "9月7日"), ("调查核对", "9月7日")]
    assert [step.state for step in bar[:3]] == ["done", "done", "now"]


# --- The database -------------------------------------------------------------------------------------------------


def test_the_database_ties_awards_and_terminations_together(county: None) -> None:
    story = opened()
    with pytest.raises(IntegrityError, match="case_award_is_looked_into"), transaction.atomic():
        Case.objects.filter(pk=story.case.pk).update(award=None)
    with pytest.raises(IntegrityError, match="termination_cause_is_of_the_law"), transaction.atomic():
        Termination.objects.update(cause="rich")
    to_confirming(story).approve()
    with pytest.raises(InternalError, match="the case has ended"), transaction.atomic():
        Termination.objects.update(facts="别的")


def test_terms_and_papers_of_both_authorities_are_data(county: None) -> None:
    county_data()
    from applications.models import StepPaper, StepTerm  # noqa: PLC0415

    for authority in ("county", "township"):
        terms = StepTerm.objects.filter(scheme="tekun", kind="termination", authority=authority)
        days = dict(terms.values_list("step", "days"))
        assert (days["publicity_days"], days["objection_decision"], days["end_notice"]) == (7, 15, 3)
        assert terms.get(step="publicity_days").at_least == 7
        items = StepPaper.objects.filter(scheme="tekun", kind="termination", authority=authority)
        assert set(items.filter(state="investigating").values_list("item", flat=True)) == {
            "verification",
            "means_check_of_cause",
        }
