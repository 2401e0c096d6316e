"""Somebody who receives 特困, and the termination of that, brought on by the people whose acts they are."""

from datetime import date
from decimal import Decimal
from typing import Any

from applications import services
from applications.services import ProposalData
from benefits.models import Award
from benefits.services import Care, CoveredPerson, grant_award
from households import services as households
from households.models import Household, Member
from households.services import MemberData
from tests.support.crews import LINXI, START, VILLAGES, Crew, county_data, crew, instant
from tests.support.factories import area, make_id_number
from tests.support.replay import told_once
from tests.support.stories import Story

REGISTERED, GRANTED = date(2026, 1, 5), date(2026, 2, 10)
BORN = date(1955, 3, 12)
ENDS = ProposalData(is_eligible=True, basis="termination", opinion="情况属实，建议终止救助供养。")
CONTINUES = ProposalData(is_eligible=False, opinion="三项条件都还具备，建议继续供养。")


@told_once
def supported_family(people: Crew, *, township: str = LINXI) -> Household:
    """A man of 71 without income or supporters, living alone."""
    county_data()
    household = households.register_household(
        area=area(VILLAGES[township]),
        head=_person("胡德旺", "head"),
        facts={"address": "一组12号", "residence": "rural", "phone": "13905632207"},
        by=people.officer,
        on=REGISTERED,
        at=instant(REGISTERED),
    )
    households.save_property(household, facts={"financial_assets": Decimal("1200.00")}, by=people.officer)
    know_no_supporters(household.members.get(), people)
    return household


def know_no_supporters(member: Member, people: Crew) -> None:
    households.save_supporters(member, rows=[], known_all=True, by=people.officer, on=REGISTERED)


def with_brother(household: Household, people: Crew) -> Member:
    """His brother of the same age lives with him."""
    brother = households.add_member(
        household, data=_person("胡德才", "other"), by=people.officer, on=REGISTERED, at=instant(REGISTERED)
    )
    know_no_supporters(brother, people)
    return brother


def _person(name: str, relation: str) -> MemberData:
    number = make_id_number(birth_date=BORN)
    return MemberData(name=name, relation=relation, sex="male", birth_date=BORN, id_number=number)


@told_once
def support(member: Member, people: Crew) -> Award:
    """His award of 特困, home-based and self-reliant."""
    household = member.household
    return grant_award(
        scheme="tekun",
        household=household,
        area=household.area,
        monthly_amount=Decimal("1036.00"),
        persons=[CoveredPerson(member.person)],
        category="",
        basis="person",
        reason="特困申请确认",
        decided_by=people.approver,
        decided_on=GRANTED,
        care=Care(Decimal("54.00"), "self_reliant", "home_based"),
    )


@told_once
def opened(
    cause: str = "voluntary", *, people: Crew | None = None, award: Award | None = None, on: date = START, **more: Any
) -> Story:
    """A termination just opened."""
    people = people or crew()
    award = award or support(supported_family(people).members.get(), people)
    story = Story(people, award.household, None, None, on)  # type: ignore[arg-type]
    values = {
        "cause": cause,
        "happened_on": on,
        "facts": "外出投靠侄子，自愿退出。",
        "evidence": story.scan(),
        "accounting_year": on.year,
    }
    story.case = services.open_termination(
        award, data=services.TerminationData(**values | more), by=people.officer, on=on
    )
    story.intake = story.case.intake
    return story


def verify(story: Story) -> Story:
    services.record_recheck(story.case, found="与本人和村委会核实，情况属实。", by=story.people.officer, on=story.today)
    return story


def proposed(story: Story, data: ProposalData = ENDS) -> Story:
    return verify(story.start()).draft(data).sign()


def to_confirming(story: Story) -> Story:
    """Proposed to end, seven days on the wall without objection, up for confirmation."""
    return proposed(story).publicise().photograph().wait_publicity().close()
