"""Turns of a story that the tests of lawful steps share."""

from datetime import date
from decimal import Decimal

from applications import services
from applications.models import RelativeDeclaration
from applications.rules.process import CaseState
from households import services as households
from households.models import Household, Member, Person
from households.services import IncomeData, MemberData
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.crews import HUAYANG, START, VILLAGES, Crew, crew, instant
from tests.support.factories import LINXI, area, make_id_number, make_person, make_staff
from tests.support.stories import Story, case_in


def drafted() -> Story:
    """A case whose draft waits for its signature."""
    story = case_in(CaseState.INVESTIGATING)
    return story.ask_check().later(2).answer_check().visit().later().draft()


def relative(story: Story, name: str) -> RelativeDeclaration:
    """Somebody of that name is registered as a near relative of the head."""
    return services.declare_relative(
        story.intake,
        member=story.household.members.get(relation="head"),
        relative_name=name,
        relative_unit="临溪村",
        relative_position="村委会委员",
        relation="sibling",
        by=story.people.officer,
        on=story.today,
    )


def neighbours(state: CaseState, names: tuple[str, ...], *, people: Crew | None = None) -> list[Story]:
    """Cases of one village in one state, the heads by name, all come to the same day."""
    people = people or crew()
    stories = []
    for name in names:
        story = case_in(state, people=people)
        Person.objects.filter(pk=story.case.applicant.person_id).update(name=name)
        story.refresh()
        stories.append(story)
    latest = max(story.today for story in stories)
    for story in stories:
        story.today = latest
    return stories


def family_cases(story: Story, count: int) -> None:
    """More drafts of other families in the same village."""
    for number in range(count):
        household = Household.objects.create(
            number=f"X{count:03d}{number:05d}",
            area=area(LINXI),
            address="二组",
            registered_by=story.people.officer,
            registered_at=instant(START),
        )
        head = Member.objects.create(
            household=household, person=make_person(id_number=make_id_number()), relation="head", joined_on=START
        )
        services.open_intake(
            household,
            applicant=head,
            channel="window",
            accounting_year=START.year,
            reason="",
            schemes=["dibao"],
            by=story.people.officer,
            on=START,
        )


def member(story: Story, relation: str) -> Member:
    return story.household.members.get(relation=relation, left_on=None)


def new_head(story: Story) -> Member:
    """汪秋菊 becomes the head, as before a head leaves or dies."""
    wife, former = member(story, "spouse"), member(story, "head")
    child = member(story, "child")
    households.change_head(
        story.household,
        member=wife,
        relations={former.pk: "spouse", child.pk: "child"},
        by=story.people.officer,
        on=story.today,
        at=instant(story.today),
    )
    return wife


def die(story: Story, gone: Member, *, on: date | None = None) -> None:
    households.record_death(gone, died_on=on or story.today, by=story.people.officer, at=instant(story.today))


def moved(story: Story) -> Staff:
    """The family moves to another township; the clerk there."""
    at = instant(story.today)
    household = Household.objects.get(pk=story.household.pk)
    transfer = households.propose_transfer(
        household, area=area(VILLAGES[HUAYANG]), address="新村", by=story.people.officer, on=story.today, at=at
    )
    clerk = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="新经办", on=date(2026, 1, 1))
    households.accept_transfer(transfer, by=clerk, on=story.today, at=at)
    return clerk


def changed(story: Story, *, by: Staff) -> None:
    """Income, property, address, telephone and members are not what they were."""
    at = instant(story.today)
    household = Household.objects.get(pk=story.household.pk)
    wage = IncomeData(
        member=member(story, "spouse"), kind="wage", yearly_amount=Decimal("77123.45"), label="新乡镇的工厂"
    )
    households.save_incomes(household, year=2026, rows=[wage], by=by, at=at)
    households.save_property(household, facts={"financial_assets": Decimal("98765.43")}, by=by)
    household = Household.objects.get(pk=household.pk)
    facts = {"address": "新址88号", "phone": "13911112222"}
    households.change_facts(household, facts=facts, by=by, version=household.version)
    born = date(1990, 3, 12)
    row = MemberData(
        name="新来人", relation="other", sex="male", birth_date=born, id_number=make_id_number(birth_date=born)
    )
    households.add_member(Household.objects.get(pk=household.pk), data=row, by=by, on=story.today, at=at)
