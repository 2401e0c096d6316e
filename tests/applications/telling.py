"""Turns of a story that the tests of lawful steps share."""

from applications import services
from applications.models import RelativeDeclaration
from applications.rules.process import CaseState
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
        relation="兄弟",
        by=story.people.officer,
        on=story.today,
    )
