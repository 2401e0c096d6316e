"""复核: opening, what changed, each result with what it does to the award, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications import services
from applications.models import Case, Proposal
from applications.queries import CaseFile, lacks, steps, version_in_force
from applications.services import FactsChanged, NotNow, NotOpenable, NotProposable, ProposalData
from applications.signals import review_decided
from benefits.models import Award, AwardCheck, PhaseOut
from foundation.errors import NotPermitted
from households import services as households
from organizations.permissions import Role
from tests.support.crews import HUAYANG, crew, instant
from tests.support.factories import make_staff
from tests.support.reviews import AMOUNT, REVIEWED, awarded, decided, earn, review_of, reviewed
from tests.support.stories import Story, new_story

DECEMBER = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def kinds_of(story: Story) -> list[str]:
    return list(story.case.documents.order_by("pk").values_list("document__kind", flat=True))


# --- Opening ------------------------------------------------------------------------------------------------------


def test_a_review_is_accepted_at_once_with_its_cause_and_deadlines(county: None) -> None:
    people = crew()
    story = review_of(awarded(people), people)
    case = story.case
    assert (case.kind, case.state, case.accepted_on, case.applicant.relation) == (
        "review",
        "accepted",
        REVIEWED,
        "head",
    )
    assert (case.review.cause, case.review.changed) == ("reported", ["汪秋菊的工资有变化"])
    # 30 working days from Monday 2026-11-09 are six weeks of weekdays: Monday 2026-12-21.
    assert case.due_on == date(2026, 12, 21)
    assert [step.label for step in steps(CaseFile(case, on=REVIEWED))] == [
        "发起",
        "调查核对",
        "初审",
        "审核确认",
        "决定",
    ]


def test_what_the_law_wants_earlier_is_due_earlier(county: None) -> None:
    people = crew()
    story = review_of(awarded(people), people, cause="death", legal_due_on=date(2026, 11, 30))
    assert story.case.due_on == date(2026, 11, 30)


def test_one_thing_at_a_time_on_an_award(county: None) -> None:
    people = crew()
    award = awarded(people)
    story = review_of(award, people)
    with pytest.raises(NotOpenable, match=f"复核（{story.case.number}）正在办理"):
        review_of(award, people)
    with pytest.raises(IntegrityError, match="case_one_open_review"), transaction.atomic():
        Case.objects.create(
            number="2026-9999",
            intake=story.intake,
            household=award.household,
            area=award.area,
            applicant=story.case.applicant,
            award=award,
            scheme="dibao",
            kind="review",
            state_since=REVIEWED,
            accepted_on=REVIEWED,
        )
    services.call_off_review(story.case, reason="重复登记", by=people.officer, on=REVIEWED)
    assert story.refresh().state == "withdrawn"
    assert review_of(award, people).case.state == "accepted"


def test_an_application_under_way_comes_first(county: None) -> None:
    applied = new_story()
    award = awarded(applied.people, household=applied.household)
    with pytest.raises(NotOpenable, match=f"低保申请（{applied.case.number}）正在办理"):
        review_of(award, applied.people)


@pytest.mark.parametrize(
    ("values", "said"), [({"cause": "whim"}, "请选择复核的事由"), ({"accounting_year": 2020}, "请选择收入核算年度")]
)
def test_what_cannot_be_is_refused_in_words(county: None, values: dict[str, Any], said: str) -> None:
    people = crew()
    award = awarded(people)
    with pytest.raises(NotOpenable, match=said):
        review_of(award, people, **values)


def test_another_townships_clerk_opens_none(county: None) -> None:
    people = crew()
    award = awarded(people)
    stranger = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    with pytest.raises(NotPermitted):
        services.open_review(award, cause="scheduled", by=stranger, on=REVIEWED)


def test_a_stopped_award_is_not_reviewed(county: None) -> None:
    people = crew()
    story = reviewed("60000.00", people=people)
    award = decided(story)
    with pytest.raises(NotOpenable, match="已经停发"):
        review_of(award, people)


# --- What changed -------------------------------------------------------------------------------------------------


def test_the_page_says_what_changed_since_the_award_was_decided(county: None) -> None:
    story = reviewed("36000.00")
    changed = CaseFile(story.refresh(), on=story.today).changed
    assert changed is not None and changed.rested_on == date(2026, 9, 7)
    figures = {row.label: (row.before, row.after) for row in changed.figures if not row.is_same}
    assert figures == {
        "家庭年可计收入（核减前）": ("6,000.00元", "36,000.00元"),
        "月人均收入": ("166.66元", "1,000.00元"),
    }
    (row,) = changed.facts
    assert (row.subject, row.label) == ("汪秋菊", "收入")
    assert "6,000.00" in row.before and "36,000.00" in row.after


# --- The results --------------------------------------------------------------------------------------------------


def test_inside_the_band_the_award_goes_on_as_it_is(county: None) -> None:
    story = reviewed("8700.00")
    award = decided(story)
    assert award.versions.count() == 1
    assert kinds_of(story) == ["visit_form", "review_form", "review_notice"]
    assert story.refresh().decision.review_result == "continue"


def test_a_clear_rise_of_income_cuts_from_the_next_month(county: None) -> None:
    story = reviewed("8718.00")
    award = decided(story)
    version = award.versions.latest("serial")
    # 755 × 3 − 8718 ÷ 12 = 1538.50, rounded half up 1539, with 227 and 151.
    assert (version.kind, version.monthly_amount, version.from_month) == ("cut", Decimal("1917.00"), DECEMBER)
    assert (version.source, version.assessment) == (story.case.number, story.case.proposals.get().assessment)
    assert kinds_of(story)[-2:] == ["review_form", "adjustment_notice"]


def test_a_clear_fall_of_income_raises(county: None) -> None:
    award = decided(reviewed("3282.00"))
    version = award.versions.latest("serial")
    # 755 × 3 − 3282 ÷ 12 = 1991.50, rounded half up 1992, with 227 and 151.
    assert (version.kind, version.monthly_amount) == ("raise", Decimal("2370.00"))


def test_twice_the_standard_stops_the_award_with_the_month(county: None) -> None:
    # 755 × 2 × 12 × 3 = 54,360.
    story = reviewed("54360.00")
    award = decided(story)
    assert (award.state, award.ends_month) == ("stopped", date(2026, 11, 1))
    assert kinds_of(story)[-2:] == ["review_form", "stop_notice"]


@pytest.mark.parametrize(
    ("yearly", "months", "last"), [("27180.00", 6, date(2027, 5, 1)), ("54359.99", 1, date(2026, 12, 1))]
)
def test_from_the_standard_to_below_its_double_the_award_is_phased_out(
    county: None, yearly: str, months: int, last: date
) -> None:
    story = reviewed(yearly)
    award = decided(story)
    row = PhaseOut.objects.get(award=award)
    assert (award.state, row.months, row.first_month, row.last_month) == ("phase_out", months, DECEMBER, last)
    assert version_in_force(award, on=story.today).monthly_amount == AMOUNT
    assert kinds_of(story)[-2:] == ["review_form", "phaseout_notice"]


def test_a_fall_of_income_in_phase_out_brings_the_award_back(county: None) -> None:
    people = crew()
    award = decided(reviewed("36000.00", people=people))
    earn(award.household, people, "6000.00", on=date(2026, 12, 7))
    story = review_of(award, people, on=date(2026, 12, 7), cause="phase_out").investigate()
    back = decided(story)
    assert (back.state, back.ends_month) == ("active", None)
    assert PhaseOut.objects.get().revoked_on == story.today


def test_after_a_death_the_award_covers_the_others(county: None) -> None:
    people = crew()
    award = awarded(people)
    daughter = award.household.members.get(relation="child")
    died_on = date(2026, 10, 20)
    households.record_death(daughter, died_on=died_on, by=people.officer, at=instant(died_on))
    story = review_of(award, people, cause="death").investigate()
    changed = CaseFile(story.refresh(), on=story.today).changed
    assert changed is not None and [row.after for row in changed.facts if row.label == "家庭成员"] == ["已不在"]
    award = decided(story)
    version = award.versions.latest("serial")
    # 755 × 2 − 500 = 1,010 with 227 for the head's disability.
    assert (version.kind, version.monthly_amount, version.person_count) == ("cut", Decimal("1237.00"), 2)
    assert not award.persons.get(person=daughter.person).covered.upper_inf
    assert AwardCheck.objects.get().settled_on == story.today


# --- What is refused ----------------------------------------------------------------------------------------------


def changed_to(story: Any, **values: Any) -> ProposalData:
    return replace(story.suggested(), **values)


def test_the_result_fits_the_sum(county: None) -> None:
    story = reviewed("8718.00")
    for values, said in (
        ({"review_result": "raise", "difference_reason": "x"}, "与所选结果“增发”不符"),
        ({"review_result": "continue", "difference_reason": "x"}, "与所选结果“维持”不符"),
        ({"review_result": ""}, "请选择复核结果"),
        ({"is_eligible": False}, "请选择复核结果"),
        ({"phase_out_months": 3}, "渐退的须填渐退月数，其他结果不填"),
        ({"review_result": "stop"}, "停发的，不填"),
        ({"review_result": "phase_out", "phase_out_months": 7, "difference_reason": "x"}, "1至6个月"),
    ):
        with pytest.raises(NotProposable, match=said):
            story.draft(changed_to(story, **values))
    with pytest.raises(NotProposable, match="与系统建议不同，请写明理由"):
        story.draft(changed_to(story, review_result="continue", monthly_amount=AMOUNT))
    story.draft(changed_to(story, review_result="continue", monthly_amount=AMOUNT, difference_reason="临时加班"))


def test_a_cut_goes_up_only_after_the_family_was_told_and_its_days_are_over(county: None) -> None:
    story = reviewed("8718.00").draft().sign()
    with pytest.raises(NotNow, match="请先告知家庭拟减发及理由"):
        services.send_to_confirm(story.refresh(), by=story.people.officer, on=story.today)
    services.tell_not_eligible(story.refresh(), by=story.people.officer, on=story.today)
    assert "家庭可以在" in lacks(story.refresh(), on=story.today)[0].text
    with pytest.raises(NotNow, match="家庭可以在"):
        services.send_to_confirm(story.refresh(), by=story.people.officer, on=story.today)
    services.contest(story.refresh(), evidence="工资单只有三个月", by=story.people.officer, on=story.today)
    assert story.refresh().state == "investigating"


def test_what_goes_on_is_not_told_first_and_never_on_the_wall(county: None) -> None:
    story = reviewed().draft().sign()
    with pytest.raises(NotNow, match="不需要先告知家庭"):
        services.tell_not_eligible(story.refresh(), by=story.people.officer, on=story.today)
    assert not CaseFile(story.refresh(), on=story.today).needs_publicity
    services.send_to_confirm(story.refresh(), by=story.people.officer, on=story.today)
    assert story.refresh().state == "confirming"


def test_who_opened_or_drafted_it_does_not_confirm(county: None) -> None:
    story = reviewed().to_confirming()
    for staff in (story.people.officer, story.people.lead):
        with pytest.raises(NotPermitted):
            services.approve(story.case, opinion="同意", by=staff, on=story.today)


def test_a_wage_that_changes_after_the_proposal_sends_it_back(county: None) -> None:
    story = reviewed().to_confirming()
    earn(story.household, story.people, "8718.00", on=story.today)
    with pytest.raises(FactsChanged) as caught:
        services.approve(story.case, opinion="同意", by=story.people.approver, on=story.today)
    assert {row.label for row in caught.value.differences} >= {"收入", "复核结果", "月保障金"}


def test_visit_and_check_come_before_the_proposal(county: None) -> None:
    people = crew()
    story = review_of(awarded(people), people).start()
    assert [lack.text for lack in lacks(story.refresh(), on=story.today)] == [
        "还没有提请信息核对",
        "还没有登记入户调查（至少两人）",
    ]


def test_the_database_holds_what_each_result_says(county: None) -> None:
    story = reviewed().draft()
    row = Proposal.objects.get()
    for values in (
        {"review_result": "stop"},
        {"review_result": "phase_out"},
        {"review_result": "cut", "monthly_amount": None},
        {"review_result": "continue", "phase_out_months": 3},
        {"review_result": "", "phase_out_months": 3},
    ):
        copy = Proposal(**{field.attname: getattr(row, field.attname) for field in Proposal._meta.concrete_fields})
        copy.pk, copy.replaced_on = None, story.today
        for name, value in values.items():
            setattr(copy, name, value)
        with pytest.raises(IntegrityError, match="proposal_eligible_has_amount"), transaction.atomic():
            copy.save()


# --- Afterwards ---------------------------------------------------------------------------------------------------


def test_a_decided_review_settles_the_checks_and_tells_the_rooms_above(county: None) -> None:
    people = crew()
    story = reviewed(people=people)
    member = story.household.members.get(relation="child")
    AwardCheck.objects.create(
        award=Award.objects.get(), person=member.person, cause="joined", happened_on=REVIEWED, noted_by=people.officer
    )
    heard: list[tuple[str, str, date]] = []

    def hear(sender: Any, *, case: Case, result: str, on: date, **_: Any) -> None:
        heard.append((case.number, result, on))

    review_decided.connect(hear)
    try:
        decided(story)
    finally:
        review_decided.disconnect(hear)
    check = AwardCheck.objects.get()
    assert (check.settled_on, check.settled_by, check.finding) == (
        story.today,
        people.approver,
        f"复核{story.case.number}：维持",
    )
    assert heard == [(story.case.number, "continue", story.today)]


def test_in_a_delegated_township_the_lead_confirms(county: None) -> None:
    story = reviewed(delegated=True)
    assert story.case.authority == "township"
    award = decided(story)
    assert story.refresh().decision.decided_by == story.people.lead
    assert award.state == "active"
