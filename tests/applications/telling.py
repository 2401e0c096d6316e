"""Turns of a story that the tests of lawful steps share."""

from datetime import date

from applications import services
from applications.models import RelativeDeclaration
from applications.rules.process import CaseState
from households import services as households
from households.models import Household, Member, Person
from tests.support.factories import LINXI, area, make_id_number, make_person
from tests.support.stories import START, Crew, Story, case_in, crew, instant


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
