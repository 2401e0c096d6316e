"""临时救助（支出型）as a case: opened, proposed with one sum, decided by whom the sum says, told to the room above."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction

from applications import services
from applications.models import Case, CaseDocument, Decision, Proposal
from applications.permissions import township_decides
from applications.queries import further_deviations, lacks_before_proposal, openable_schemes, step_items
from applications.rules.process import CaseState
from applications.services.intake import open_case
from applications.signals import aid_approved, aid_proposed
from documents.models import Document
from documents.services import archived_pdf
from eligibility.models import Parameter
from eligibility.services import replay
from foundation.errors import NotPermitted
from tests.documents.reading import text_of
from tests.support.aid_cases import AidStory, Keeper, aid_case, aid_story, only, refusing
from tests.support.awards import award_for
from tests.support.crews import START, county_data, crew, family

pytestmark = pytest.mark.django_db
# S = 780.00 in 2026; the township decides up to 4 × 780 = 3,120; the guideline is 2 × 780 = 1,560 to 10 × 780 = 7,800.
LIMIT, ABOVE = "3120.00", "3120.01"


@pytest.fixture(autouse=True)
def _files(county: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.PRIVATE_ROOT = tmp_path
    yield


@pytest.fixture(autouse=True)
def keeper() -> Iterator[Keeper]:
    with Keeper().listening() as listening:
        yield listening


def paper(kind: str) -> str:
    return text_of(archived_pdf(Document.objects.get(kind=kind)))


def limit(multiple: str) -> None:
    """The county states another 乡镇审批限额."""
    Parameter.objects.filter(key="township_temp_limit").update(value=multiple)


def with_(data: services.ProposalData, **more: Any) -> services.ProposalData:
    return replace(data, **more)


# --- Opened ----------------------------------------------------------------------------------------------------------


def test_the_room_above_opens_an_intake_with_one_case_in_one_call() -> None:
    county_data()
    people = crew()
    household = family(people)
    head = household.members.get(relation="head")
    case = open_case(household, applicant=head, reason="重病住院，自付医药费多", by=people.officer, on=START)
    assert (case.scheme, case.kind, case.state) == ("temporary_aid", "application", "draft")
    assert (case.intake.accounting_year, case.intake.channel) == (START.year, "window")
    assert case.intake.cases.count() == 1
    with pytest.raises(services.NotOpenable, match="正在办理"):
        open_case(household, applicant=head, reason="又一次", by=people.officer, on=START)


def test_the_window_does_not_offer_it() -> None:
    assert openable_schemes(on=START) == ["dibao", "tekun", "marginal", "rigid_expense_household"]


# --- From the intake to the approval ---------------------------------------------------------------------------------


def test_a_small_sum_is_signed_by_the_clerk_and_decided_by_the_township(keeper: Keeper) -> None:
    story = aid_case(CaseState.APPROVED, LIMIT)
    case, decision = story.case, Decision.objects.get()
    assert (case.authority, decision.decided_by) == ("township", story.people.lead)
    assert decision.proposal.signed_by == story.people.officer
    assert (decision.basis, decision.aid_amount, decision.monthly_amount) == ("aid", Decimal("3120.00"), None)
    assert (decision.category, decision.valid_months) == ("", None)
    assert keeper.names() == ["aid_proposed", "aid_approved"]
    assert keeper.last("aid_proposed")["amount"] == Decimal("3120.00")
    assert keeper.last("aid_proposed")["result"]["temporary_aid"] == {
        "min": "1560.00",
        "max": "7800.00",
        "verdict": "within",
    }
    approved = keeper.last("aid_approved")
    assert (approved["case"].pk, approved["proposal"], approved["by"]) == (
        case.pk,
        decision.proposal,
        story.people.lead,
    )
    note = case.events.get(kind="approved").note
    assert note == "一次性救助3,120.00元；已登记救助"


def test_a_fen_more_is_signed_by_the_lead_and_decided_by_the_county() -> None:
    story = aid_case(CaseState.APPROVED, ABOVE)
    decision = Decision.objects.get()
    assert (story.case.authority, decision.decided_by) == ("county", story.people.approver)
    assert decision.proposal.signed_by == story.people.lead
    assert story.case.events.get(kind="drafted").note == "拟救助，一次性3,120.01元，由县民政局审批"


def test_no_award_and_no_paper_of_a_monthly_award_comes_of_it() -> None:
    story = aid_case(CaseState.APPROVED)
    assert not story.household.awards.exists()
    kinds = set(CaseDocument.objects.values_list("document__kind", flat=True))
    assert kinds == {"acceptance_notice", "publicity_sheet", "visit_form"} or kinds == {
        "acceptance_notice",
        "publicity_sheet",
    }


def test_accepted_it_is_the_townships_and_the_notice_says_so_with_the_countys_share() -> None:
    story = aid_case(CaseState.ACCEPTED)
    assert story.case.authority == "township"
    # 20 working days from 2026-09-07: 09-20 and 10-10 are worked for 09-25 and 10-01 to 10-07, which are off.
    assert story.case.due_on == date(2026, 10, 10)
    notice = paper("acceptance_notice").replace("\n", "")
    assert "临时救助（支出型）" in notice
    assert "金额较大的由绩溪县民政局" in notice


def test_without_a_limit_the_county_decides_whatever_the_sum() -> None:
    county_data()
    limit("0")
    story = aid_case(CaseState.CONFIRMING, "100.00")
    assert story.case.authority == "county"
    with pytest.raises(NotPermitted):
        services.approve(story.case, opinion="同意", by=story.people.lead, on=story.today)
    story.approve()


def test_a_smaller_sum_drafted_anew_is_the_townships_again() -> None:
    story = aid_case(CaseState.INVESTIGATING, ABOVE)
    story.ask_check().later(2).answer_check().visit().draft()
    assert story.refresh().authority == "county"
    story.amount = Decimal(LIMIT)
    story.draft()
    assert story.refresh().authority == "township"
    story.sign()
    assert Proposal.objects.get(replaced_on=None).signed_by == story.people.officer


def test_a_lowered_limit_takes_the_case_from_the_township_that_waits_to_confirm() -> None:
    story = aid_case(CaseState.CONFIRMING, LIMIT)
    limit("3")  # 3 × 780 = 2,340
    assert not township_decides(story.case, on=story.today)
    with pytest.raises(services.NotNow, match="超过乡镇审批限额"):
        services.approve(story.case, opinion="同意", by=story.people.lead, on=story.today)
    assert services.send_up_stranded(on=story.today) == 1
    assert story.refresh().authority == "county"
    assert story.case.events.get(kind="sent_to_county").note == "救助金额超过乡镇审批限额"
    story.approve()
    assert Decision.objects.get().decided_by == story.people.approver


def test_a_limit_lowered_before_the_signature_asks_for_a_new_draft() -> None:
    story = aid_case(CaseState.INVESTIGATING, LIMIT)
    story.ask_check().later(2).answer_check().visit().draft()
    limit("3")
    with pytest.raises(services.NotNow, match="重新拟初审意见"):
        services.sign_proposal(story.case, by=story.people.officer, on=story.today)
    story.draft().sign()
    assert Proposal.objects.get(replaced_on=None).signed_by == story.people.lead


# --- What is proposed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"aid_amount": None}, "请填救助金额"),
        ({"aid_amount": Decimal("-0.01")}, "不能是负数"),
        ({"aid_amount": Decimal("1600.001")}, "最多两位小数"),
        ({"monthly_amount": Decimal("300.00")}, "不填类别"),
        ({"category": "A"}, "不填类别"),
        ({"valid_months": 12}, "不填有效期"),
        ({"basis": "household"}, "不填类别"),
    ],
)
def test_values_that_do_not_fit(more: dict[str, Any], said: str) -> None:
    story = investigated()
    with pytest.raises(services.NotProposable, match=said):
        story.draft(with_(story.suggested(), **more))


def test_a_refusal_carries_no_sum() -> None:
    story = investigated()
    data = with_(story.suggested(), is_eligible=False, basis="", difference_reason="支出不实")
    with pytest.raises(services.NotProposable, match="拟不予救助的"):
        story.draft(data)


@pytest.mark.parametrize(
    ("amount", "verdict"),
    [
        ("0.00", "below_guideline"),
        ("1559.99", "below_guideline"),
        ("1560.00", "within"),
        ("7800.00", "within"),
        ("7800.01", "needs_collective_decision"),
    ],
)
def test_how_the_sum_stands_to_the_guideline_is_kept_with_it(keeper: Keeper, amount: str, verdict: str) -> None:
    story = investigated(amount)
    story.draft()
    kept = Proposal.objects.get()
    assert kept.assessment.result["temporary_aid"]["verdict"] == verdict
    assert kept.assessment.facts["hardship"] == {"type": "expenditure", "proposed_amount": amount}
    assert kept.further["aid"]["enrolled"] == []
    assert replay(kept.assessment).is_same
    assert further_deviations(story.refresh()) == []
    assert keeper.last("aid_proposed")["result"]["temporary_aid"]["verdict"] == verdict


def test_what_the_record_lacks_keeps_the_draft_from_being_made(keeper: Keeper) -> None:
    story = investigated("8000.00")
    keeper.refuses = services.NotProposable("超过标准，须先登记一事一议。", field="aid_amount")
    with pytest.raises(services.NotProposable, match="一事一议"):
        story.draft()
    assert not Proposal.objects.exists()
    keeper.refuses = None
    story.draft()
    assert Proposal.objects.get().aid_amount == Decimal("8000.00")


def test_with_nobody_to_pay_nothing_is_proposed_or_approved(keeper: Keeper) -> None:
    story = investigated()
    with only(aid_proposed), pytest.raises(RuntimeError):
        story.draft()
    assert not Proposal.objects.exists()
    story.draft().sign().later().publicise().photograph().wait_publicity().close().later()
    with only(aid_approved), pytest.raises(RuntimeError):
        story.approve()
    assert story.refresh().state == "confirming"
    assert not Decision.objects.exists()


def test_agreeing_against_the_rules_takes_a_reason() -> None:
    story = investigated(yearly_wage="90000.00")
    data = with_(story.suggested(), is_eligible=True, basis="aid", aid_amount=Decimal("2000.00"))
    with pytest.raises(services.NotProposable, match="写明理由"):
        story.draft(data)
    story.draft(with_(data, difference_reason="一事一议"))


# --- Who has 低保 already --------------------------------------------------------------------------------------------


def test_of_a_family_under_dibao_only_the_spending_is_verified() -> None:
    story = aid_story(yearly_wage="6000.00")
    award_for(story.household, story.people, on=story.today)
    story.sign_papers().submit().accept().later().start()
    assert "还没有提请信息核对" not in [lack.text for lack in lacks_before_proposal(story.refresh(), on=story.today)]
    story.visit().draft()
    kept = Proposal.objects.get()
    assert kept.further["aid"]["enrolled"] == ["低保"]
    row = next(row for row in kept.further["findings"] if row["rule"] == "temporary_aid.enrolled")
    assert row["clause"] == "民发〔2018〕23号二（二）"
    story.sign().later().publicise().photograph().wait_publicity().close().later().approve()
    assert Decision.objects.get().aid_amount == Decimal("3000.00")


def test_of_other_families_the_means_are_checked() -> None:
    story = aid_case(CaseState.INVESTIGATING)
    assert "还没有提请信息核对" in [lack.text for lack in lacks_before_proposal(story.case, on=story.today)]
    assert "means_check" in step_items(story.case, "confirming", on=story.today)


# --- Other ends ------------------------------------------------------------------------------------------------------


def test_a_refusal_says_the_test_and_what_else_there_is(keeper: Keeper) -> None:
    story = refusing(aid_case(CaseState.INVESTIGATING, yearly_wage="90000.00"))
    assert story.refresh().authority == "township"
    services.refuse(story.case, opinion="不予救助", by=story.people.lead, on=story.later().today)
    decision = Decision.objects.get()
    assert (decision.aid_amount, decision.basis) == (None, "")
    assert decision.reasons == (
        "全年可计收入90,000.00元，不低于上年度人均可支配收入30,000.00元×3人＝90,000.00元，不符合收入条件，"
        "等于上限，须低于上限（依据：民发〔2018〕23号二（一））。"
    )
    notice = paper("refusal_notice").replace("\n", "")
    for said in ("不予临时救助（支出型）通知书", "不予救助", "临时救助（急难型）", "行政复议"):
        assert said in notice, said
    assert "低保标准" not in notice
    assert [kind for kind in Document.objects.values_list("kind", flat=True) if kind == "approval_form"] == []
    ended = keeper.last("aid_ended")
    assert (ended["case"].pk, ended["state"], ended["by"]) == (story.case.pk, "refused", story.people.lead)
    assert keeper.names() == ["aid_ended"]


def test_the_room_above_hears_of_a_withdrawal_and_of_a_termination(keeper: Keeper) -> None:
    story = aid_case(CaseState.SUBMITTED)
    story.withdraw()
    assert keeper.last("aid_ended")["state"] == "withdrawn"
    other = aid_case(CaseState.ACCEPTED, people=story.people, household=story.household)
    services.terminate(other.case, cause="refuses", reason="两次拒绝", by=other.people.officer, on=other.today)
    assert keeper.last("aid_ended")["state"] == "terminated"
    assert keeper.names() == ["aid_ended", "aid_ended"]


def test_the_sheet_says_one_sum_and_never_why() -> None:
    aid_case(CaseState.PUBLICISED)
    sheet = paper("publicity_sheet").replace("\n", "")
    for said in ("胡德旺", "临时救助（支出型）", "拟救助对象公示", "拟一次性救助金额（元）", "3,000.00"):
        assert said in sheet, said
    for told in ("每月", "保障", "病", "残"):
        assert told not in sheet, told


def test_another_sum_goes_on_the_wall_anew() -> None:
    story = aid_case(CaseState.CONFIRMING)
    story.later().send_back()
    services.resume(story.case, by=story.people.officer, on=story.today)
    story.visit()
    story.amount = Decimal("2000.00")
    story.later().draft().sign().publicise()
    assert Case.objects.get().state == "publicised"


# --- The database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "more",
    [
        {"aid_amount": None},
        {"aid_amount": Decimal("-0.01")},
        {"monthly_amount": Decimal("1.00")},
        {"category": "A"},
        {"valid_months": 1},
        {"basis": ""},
        {"basis": "household", "category": "A", "monthly_amount": Decimal("1.00")},
        {"is_eligible": False},
    ],
)
def test_the_database_keeps_a_sum_whole(more: dict[str, Any]) -> None:
    story = investigated()
    story.draft()
    drafted = Proposal.objects.get()
    Proposal.objects.update(replaced_on=story.today)
    values = {"basis": "aid", "category": "", "monthly_amount": None, "aid_amount": Decimal("1.00"), **more}
    row = {"case": story.case, "assessment": drafted.assessment, "opinion": "试", "is_eligible": True}
    row |= {"drafted_by": story.people.officer, "drafted_on": story.today}
    with pytest.raises(IntegrityError, match="proposal_eligible_has_amount"), transaction.atomic():
        Proposal.objects.create(**row | values)


def test_a_sum_stays_as_it_was_drafted() -> None:
    story = investigated()
    story.draft()
    with pytest.raises(InternalError), transaction.atomic():
        Proposal.objects.update(aid_amount=Decimal("9.00"))


def investigated(amount: str = "3000.00", **options: Any) -> AidStory:
    story = aid_case(CaseState.INVESTIGATING, amount, **options)
    story.ask_check().later(2).answer_check().visit()
    return story
