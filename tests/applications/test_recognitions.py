"""认定身份 as cases: 低保边缘 and 刚性支出困难, from the proposal to the recognition and its papers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from applications import services
from applications.forms.acts import ACTS
from applications.models import Case
from applications.queries import CaseFile, duties, further_deviations, grounds_of
from applications.rules.process import CaseState
from benefits.models import Award, Recognition
from benefits.queries import recognised
from benefits.services import end_recognition, recognise
from documents.models import Document
from documents.services import archived_pdf
from eligibility.rules import rigid_expense
from households import services as households
from households.models import Household
from households.services import ExpenseData
from organizations.models.delegations import Scheme
from tests.documents.reading import text_of
from tests.support.crews import START, Crew, county_data, crew, family, instant
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db
MARGINAL_WAGE = "30000.00"
"""30,000 ÷ 12 ÷ 3 = 833.33 a month: not below 755.00, below 1.5 × 755.00 = 1,132.50."""
RIGID_WAGE = "60000.00"
"""60,000 ÷ 3 = 20,000 a head, below 30,000; 60 % of it is 36,000."""


@pytest.fixture(autouse=True)
def _files(county: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.PRIVATE_ROOT = tmp_path
    yield


def marginal(state: CaseState, **more: Any) -> Story:
    return case_in(state, scheme=Scheme.MARGINAL, **{"yearly_wage": MARGINAL_WAGE, **more})


def spending_family(people: Crew, *, spent: str) -> Household:
    household = family(people, yearly_wage=RIGID_WAGE)
    head = household.members.get(relation="head")
    row = ExpenseData(member=head, kind="medical", yearly_amount=Decimal(spent), label="透析", evidence_note="票据")
    households.save_expenses(household, year=START.year, rows=[row], by=people.officer, at=instant(START))
    return household


def rigid(state: CaseState, *, spent: str = "40000.00") -> Story:
    county_data()
    people = crew()
    household = spending_family(people, spent=spent)
    return case_in(state, scheme=Scheme.RIGID_EXPENSE_HOUSEHOLD, people=people, household=household)


def paper(kind: str) -> str:
    return text_of(archived_pdf(Document.objects.get(kind=kind)))


def test_a_marginal_family_is_recognised_and_paid_nothing() -> None:
    story = marginal(CaseState.APPROVED)
    made = Recognition.objects.get()
    assert (made.scheme, made.decided_on, made.persons.count()) == ("marginal", story.today, 3)
    assert made.valid.lower == story.today
    assert made.valid.upper == story.today.replace(year=story.today.year + 1)
    assert not Award.objects.exists()
    decision = Case.objects.get().decision
    assert (decision.basis, decision.category, decision.monthly_amount, decision.valid_months) == (
        "recognition",
        "",
        None,
        12,
    )
    assert recognised(story.household, on=made.last_day).exists()
    assert not recognised(story.household, on=made.valid.upper).exists()


def test_its_papers_say_from_when_to_when_and_what_it_opens() -> None:
    story = marginal(CaseState.APPROVED)
    made = Recognition.objects.get()
    notice, form = paper("approval_notice"), paper("approval_form")
    last = made.last_day
    for said in (
        "最低生活保障边缘家庭认定通知书",
        f"至{last.year}年{last.month}月{last.day}日",
        "县医保局",
        "县教体局",
    ):
        assert said in notice, said
    for said in ("县住建局", "县人社局", "不发放保障金", "行政复议", "发生变化的", "胡小雨"):
        assert said in notice, said
    assert "元" not in notice
    assert "最低生活保障边缘家庭认定审批表" in form
    assert "有效期12个月" in form
    assert "每月保障金" not in form
    assert story.case.matter.title == "最低生活保障边缘家庭认定"


def test_the_sheet_says_name_and_number_and_never_why() -> None:
    marginal(CaseState.PUBLICISED)
    sheet = paper("publicity_sheet")
    assert "胡德旺" in sheet
    assert "拟认定对象公示" in sheet
    for told in ("残", "病", "元", "金额", "汪秋菊", "单人"):
        assert told not in sheet, told


def test_the_page_says_what_goes_on_the_wall() -> None:
    story = marginal(CaseState.PROPOSED)
    words = ACTS["publicise"].effect_on(CaseFile(Case.objects.get(), on=story.today))
    assert "公示姓名和家庭人数，不公示原因" in words
    assert "金额" not in words


def test_the_months_are_the_countys_at_most() -> None:
    story = marginal(CaseState.INVESTIGATING)
    story.ask_check().later(2).answer_check().visit()
    data = story.suggested()
    for months, said in ((13, "最长12个月"), (None, "请填认定的有效期"), (0, "请填认定的有效期")):
        with pytest.raises(services.NotProposable, match=said):
            story.draft(_with(data, valid_months=months, difference_reason="试"))
    with pytest.raises(services.NotProposable, match="写明理由"):
        story.draft(_with(data, valid_months=6))
    story.draft(_with(data, valid_months=6, difference_reason="收入不稳定，半年后再看"))
    assert story.case.proposals.get().valid_months == 6


def test_some_members_alone_are_not_recognised() -> None:
    story = marginal(CaseState.INVESTIGATING)
    story.ask_check().later(2).answer_check().visit()
    data = story.suggested()
    with pytest.raises(services.NotProposable, match="整个家庭"):
        story.draft(_with(data, persons=data.persons[:1], difference_reason="试"))


def _with(data: services.ProposalData, **more: Any) -> services.ProposalData:
    return replace(data, **more)


def test_a_refusal_names_the_test_with_its_figures() -> None:
    marginal(CaseState.REFUSED, yearly_wage="90000.00")
    notice = paper("refusal_notice")
    for said in ("不予认定最低生活保障边缘家庭通知书", "90,000.00元", "1.5倍", "40,770.00元"):
        assert said in notice, said


def test_nobody_announces_a_recognition() -> None:
    story = marginal(CaseState.APPROVED)
    waiting = [duty for duty, rows in duties(story.people.officer, on=story.today).items() if rows.exists()]
    assert waiting == ["deliver"]
    with pytest.raises(services.NotNow, match="不作村内公布"):
        services.announce(
            story.case, posted_on=story.today, place="村务公开栏", by=story.people.officer, on=story.today
        )


def test_a_family_recognised_applies_again_only_towards_the_end() -> None:
    story = marginal(CaseState.APPROVED)
    last = Recognition.objects.get().last_day
    with pytest.raises(services.NotOpenable, match="到期前30天内可以申请续期"):
        _apply(story, Scheme.MARGINAL, on=date.fromordinal(last.toordinal() - 31))
    again = _apply(story, Scheme.MARGINAL, on=date.fromordinal(last.toordinal() - 30))
    assert again.cases.get().scheme == Scheme.MARGINAL


def test_a_family_recognised_on_already_does_not_apply_again() -> None:
    story = marginal(CaseState.APPROVED)
    made = Recognition.objects.get()
    later = recognise(
        scheme=made.scheme,
        household=story.household,
        area=made.area,
        persons=[row.person for row in made.persons.all()],
        months=12,
        decided_by=story.people.approver,
        decided_on=made.last_day,
    )
    with pytest.raises(services.NotOpenable, match=f"已经续期（{later.number}）.*不能重复申请"):
        _apply(story, Scheme.MARGINAL, on=made.last_day)
    end_recognition(later, reason="收入增加", by=story.people.approver, on=made.last_day)
    assert _apply(story, Scheme.MARGINAL, on=made.last_day).cases.get().scheme == Scheme.MARGINAL


def test_a_marginal_family_is_not_one_of_rigid_spending() -> None:
    story = marginal(CaseState.APPROVED)
    with pytest.raises(services.NotOpenable, match="已纳入低保边缘"):
        _apply(story, Scheme.RIGID_EXPENSE_HOUSEHOLD, on=story.today)


def _apply(story: Story, scheme: str, *, on: date) -> Any:
    return services.open_intake(
        story.household,
        applicant=story.household.members.get(relation="head"),
        channel="window",
        accounting_year=on.year,
        reason="收入低",
        schemes=[scheme],
        by=story.people.officer,
        on=on,
    )


def test_rigid_spending_is_recognised_on_what_is_kept_with_the_decision() -> None:
    story = rigid(CaseState.APPROVED)
    assert Recognition.objects.get().number == f"GX{story.today.year}00001"
    decision = Case.objects.get().decision
    kept = decision.further
    assert kept["beside"]["parameters"]["rigid_household_rate"] == "0.60"
    assert kept["recognition"]["is_eligible"] is True
    (share,) = [row for row in kept["findings"] if row["rule"] == "rigid_expense.share"]
    assert (share["value"], share["threshold"], share["passed"]) == ("40000.00", "36000.00", True)
    assert share not in decision.assessment.result["findings"]
    assert "rigid_household_rate" not in decision.assessment.parameters
    again = story.case.matter.further(decision.assessment.result, decision.assessment.facts, kept["beside"])
    assert again == kept
    assert "刚性支出困难家庭认定通知书" in paper("approval_notice")
    assert "36,000.00元" in paper("approval_form")


def test_replay_reckons_what_stands_beside_the_assessment_again(monkeypatch: pytest.MonkeyPatch) -> None:
    case = rigid(CaseState.APPROVED).case
    assert further_deviations(case) == []
    always = rigid_expense._spends_most_of_it

    def half(spending: int, income: int, rate: Decimal, trail: Any) -> bool:
        return always(spending, income, rate * 2, trail)

    monkeypatch.setattr(rigid_expense, "_spends_most_of_it", half)
    words = {row.what for row in further_deviations(case)}
    assert "刚性支出困难：支出占比（通过）" in words
    assert "刚性支出困难家庭认定：结论" in words


def test_rigid_spending_at_the_share_is_refused_with_the_sum() -> None:
    rigid(CaseState.REFUSED, spent="36000.00")
    notice = paper("refusal_notice")
    assert "12个月刚性支出36,000.00元，没有超过全年总收入60,000.00元×0.60＝36,000.00元" in notice


def test_the_page_shows_what_decides_with_the_further_findings() -> None:
    story = rigid(CaseState.PROPOSED)
    file = CaseFile(Case.objects.get(), on=story.today)
    assert file.assessment is not None
    assert "rigid_expense.share" in {row.rule for row in file.assessment.deciding}
    assert grounds_of(file.case.proposals.get()).result["recognition"]["is_eligible"] is True
