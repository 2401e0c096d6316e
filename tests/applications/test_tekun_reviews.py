"""复核 of 特困, and who changes from 低保 to 特困: care, a termination with publicity, no gap and nothing twice."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from applications import services
from applications.models import Case
from applications.queries import CaseFile, decided_without
from applications.rules.process import CaseState, EventKind
from applications.services import NotOpenable, NotProposable
from benefits.models import Award, AwardPerson
from benefits.queries import owed_of
from benefits.services import AwardChange, Care, CoveredPerson, change_award, first_month, grant_award
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household
from households.services import IncomeData
from tests.support.crews import Crew, county_data, crew, instant
from tests.support.reviews import REVIEWED, ReviewStory, cases_of, decided, review_of
from tests.support.stories import Story
from tests.support.tekun import OLD_MAN, family_with_father, tekun_case_in
from tests.support.terminations import support, supported_family


@pytest.fixture(autouse=True)
def private(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def review_of_support(
    people: Crew, household: Household | None = None, *, amount: str = "840.00"
) -> tuple[Award, ReviewStory]:
    """The yearly review of a man of 71 who lives alone on 特困: 786 yuan to live on and 54 for care in the country."""
    member = (household or supported_family(people)).members.get()
    award = grant_award(
        scheme="tekun",
        household=member.household,
        area=member.household.area,
        monthly_amount=Decimal(amount),
        persons=[CoveredPerson(member.person)],
        category="",
        basis="person",
        reason="特困申请确认",
        decided_by=people.approver,
        decided_on=date(2026, 2, 10),
        care=Care(Decimal("54.00"), "self_reliant", "home_based"),
    )
    return award, review_of(award, people, cause="scheduled", cause_text="", changed=[])


def pension(household: Household, people: Crew, yearly: str) -> None:
    member = household.members.get()
    rows = [IncomeData(member=member, kind="pension", yearly_amount=Decimal(yearly), label="退休金")]
    households.save_incomes(household, year=2026, rows=rows, by=people.officer, at=instant(REVIEWED))


def test_support_of_somebody_who_still_meets_the_conditions_goes_on(county: None) -> None:
    award, story = review_of_support(crew())
    story.investigate()
    data = story.suggested()
    assert (data.review_result, data.monthly_amount) == ("continue", award.versions.get().monthly_amount)
    decided(story, data)
    assert award.versions.count() == 1
    kinds = list(story.case.documents.order_by("pk").values_list("document__kind", flat=True))
    assert kinds == ["visit_form", "review_form", "review_notice"]


def test_another_care_level_is_assessed_first(county: None) -> None:
    _, story = review_of_support(crew())
    story.investigate()
    semi = replace(story.suggested().persons[0], care_level="semi_disabled")
    with pytest.raises(NotProposable, match="请先登记自理能力评估"):
        story.draft(replace(story.suggested(), persons=(semi,), difference_reason="行动不便"))


def assess(story: ReviewStory, *not_managed: str, member: Any = None) -> Any:
    report = services.SelfCareReport(story.today, "家中", not_managed, "home_based", "本人")
    people = story.people
    return services.assess_self_care(
        member or story.case.applicant,
        report=report,
        assessors=[people.officer, people.visitor],
        by=people.officer,
        on=story.today,
        case=story.case,
    )


@pytest.mark.parametrize(
    ("not_managed", "level", "kind", "care"),
    [
        ((), "self_reliant", "", "54.00"),
        (("dressing",), "semi_disabled", "raise", "356.00"),
        (("eating", "dressing", "bathing", "walking"), "disabled", "raise", "623.00"),
    ],
)
def test_what_the_review_finds_of_self_care_sets_care_and_sum_from_the_next_month(
    county: None, not_managed: tuple[str, ...], level: str, kind: str, care: str
) -> None:
    award, story = review_of_support(crew())
    story.investigate()
    assert assess(story, *not_managed).level == level
    decided(story)
    versions = list(award.versions.order_by("serial"))
    assert len(versions) == (2 if kind else 1)
    last = versions[-1]
    assert (last.care_level, last.care_monthly_amount) == (level, Decimal(care))
    assert last.monthly_amount == Decimal("786.00") + Decimal(care)
    if kind:
        assert (last.kind, last.from_month, last.source) == (kind, first_month(story.today), story.case.number)
        assert story.case.documents.filter(document__kind="selfcare_form").exists()


def test_a_better_level_is_told_to_the_person_before_it_is_decided(county: None) -> None:
    award, story = review_of_support(crew())
    first = award.versions.get()
    change_award(
        award,
        change=AwardChange(
            kind="care",
            monthly_amount=Decimal("1142.00"),
            persons=[CoveredPerson(story.case.applicant.person)],
            category="",
            basis="person",
            care=Care(Decimal("356.00"), "semi_disabled", "home_based"),
        ),
        from_month=first.from_month,
        reason="照料",
        by=story.people.approver,
        on=story.today,
    )
    story.investigate()
    assess(story)
    assert story.suggested().review_result == "cut"
    decided(story)
    last = award.versions.latest("serial")
    assert (last.kind, last.care_level, last.monthly_amount) == ("cut", "self_reliant", Decimal("840.00"))
    assert story.case.proposals.get(replaced_on=None).told_family_on is not None


def test_what_the_standard_gives_now_is_raised_from_the_next_month(county: None) -> None:
    award, story = review_of_support(crew(), amount="800.00")
    decided(story.investigate())
    version = award.versions.latest("serial")
    assert (version.kind, version.monthly_amount, version.care_monthly_amount) == (
        "raise",
        Decimal("840.00"),
        Decimal("54.00"),
    )
    assert version.from_month == first_month(story.today)
    assert story.case.documents.filter(document__kind="adjustment_notice").exists()


def test_a_condition_that_is_lost_leads_to_a_termination_with_publicity(county: None) -> None:
    people = crew()
    household = supported_family(people)
    pension(household, people, "14400.00")
    award, story = review_of_support(people, household)
    story.investigate()
    data = story.suggested()
    assert (data.review_result, data.persons, data.monthly_amount) == ("stop", [], None)
    decided(story, replace(data, opinion="每月领取退休金1,200元。"))
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("active", None)
    assert cases_of(award) == ["review", "termination"]
    ending = Case.objects.get(kind="termination")
    assert (ending.state, ending.termination.cause) == ("accepted", "means")
    assert "每月领取退休金1,200元" in ending.termination.facts and story.case.number in ending.termination.facts
    opened = ending.events.get(kind=EventKind.TERMINATION_OPENED)
    assert opened.by is None and f"由复核{story.case.number}转入" in opened.note
    _end_it(ending, story)
    award.refresh_from_db()
    assert award.state == "stopped"
    assert ending.publicities.count() == 1


def _end_it(ending: Case, story: ReviewStory) -> None:
    """Verified, proposed, seven days on the wall, decided by the county."""
    way = Story(story.people, story.household, ending.intake, ending, story.today)
    way.start().ask_check().later(2).answer_check()
    services.record_recheck(way.case, found="与本人核实，情况属实。", by=way.people.officer, on=way.today)
    way.draft(services.ProposalData(is_eligible=True, basis="termination", opinion="建议终止。")).sign()
    with pytest.raises(NotPermitted):
        services.approve(way.case, opinion="同意", by=way.people.officer, on=way.today)
    way.publicise().photograph().wait_publicity().close().approve()


def test_without_a_denied_condition_no_termination_begins(county: None) -> None:
    _, story = review_of_support(crew())
    story.investigate()
    nothing = {"basis": "", "persons": (), "monthly_amount": None, "difference_reason": "听说有钱"}
    with pytest.raises(NotProposable, match="没有查明哪一项条件不再具备"):
        story.draft(replace(story.suggested(), review_result="stop", **nothing))


def test_somebody_who_died_is_not_reviewed(county: None) -> None:
    people = crew()
    household = supported_family(people)
    award = support(household.members.get(), people)
    households.record_death(household.members.get(), died_on=date(2026, 10, 1), by=people.officer, at=instant(REVIEWED))
    with pytest.raises(NotOpenable, match="请办理“发起终止”"):
        review_of(award, people)


# --- From 低保 to 特困 --------------------------------------------------------------------------------------------


def all_four(household: Household, people: Crew) -> Award:
    """低保 of the four, the old man among them: 755 × 4 − 500 = 2,520 with 227, 151 and 151 of top-ups."""
    topups = {"head": ("227.00", "A"), "child": ("151.00", "B"), "parent": ("151.00", "B")}
    members = household.members.select_related("person").order_by("pk")
    return grant_award(
        scheme="dibao",
        household=household,
        area=household.area,
        monthly_amount=Decimal("3049.00"),
        persons=[
            CoveredPerson(
                row.person, Decimal(topups.get(row.relation, ("0.00", ""))[0]), topups.get(row.relation, ("", ""))[1]
            )
            for row in members
        ],
        category="C",
        basis="household",
        reason="低保申请确认",
        decided_by=people.approver,
        decided_on=date(2026, 9, 7),
    )


def test_who_becomes_tekun_leaves_dibao_without_a_gap_and_without_being_paid_twice(county: None) -> None:
    county_data()
    people = crew()
    household = family_with_father(people)
    award = all_four(household, people)
    asked = tekun_case_in(CaseState.INVESTIGATING, people=people, household=household, on=date(2026, 11, 2))
    asked.assess_all().later().draft().sign().later().publicise().photograph().wait_publicity().close()
    asked.draw_and_check()
    assert CaseFile(asked.refresh(), on=asked.today).to_be_taken_out == [OLD_MAN]

    story = review_of(award, people, on=asked.today, cause="age", cause_text="老人符合特困条件").investigate()
    data = story.suggested()
    assert (data.review_result, data.monthly_amount, len(data.persons)) == ("change_scheme", Decimal("2143.00"), 3)
    decided(story, data)
    award.refresh_from_db()
    assert (award.versions.count(), award.state) == (1, "active")

    asked.today = story.today
    assert CaseFile(asked.refresh(), on=asked.today).to_be_taken_out == []
    services.approve(asked.case, opinion="同意", by=people.approver, on=asked.today, late_reason="等待低保复核")
    month, father = first_month(asked.today), household.members.get(relation="parent").person
    version = award.versions.latest("serial")
    assert (version.from_month, version.monthly_amount, version.person_count) == (month, Decimal("2143.00"), 3)
    covered = AwardPerson.objects.filter(person=father).order_by("pk")
    assert [(row.award.scheme, row.covered.lower, row.covered.upper) for row in covered] == [
        ("dibao", date(2026, 10, 1), month),
        ("tekun", month, None),
    ]
    before = asked.today.replace(day=1)
    owed = owed_of(award, [before, month])
    assert [owed[before].amount, owed[month].amount] == [Decimal("3049.00"), Decimal("2143.00")]


def test_a_review_decided_on_an_award_that_changed_since_says_nothing_any_more(county: None) -> None:
    county_data()
    people = crew()
    household = family_with_father(people)
    award = all_four(household, people)
    story = review_of(award, people).investigate()
    decided(story)
    father = household.members.get(relation="parent")
    assert decided_without(award, [father.pk]) is not None
    assert decided_without(award, [household.members.get(relation="child").pk]) is None
    persons = [CoveredPerson(row.person) for row in household.members.select_related("person")]
    change = AwardChange(
        kind="cut", monthly_amount=Decimal("2000.00"), persons=persons, category="C", basis="household"
    )
    change_award(
        award, change=change, from_month=first_month(story.today), reason="别的", by=people.approver, on=story.today
    )
    assert decided_without(award, [father.pk]) is None
