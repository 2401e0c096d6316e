"""送达: whichever door records it, the case's timeline says so."""

import pytest

from applications import services
from applications.rules.process import CaseState, EventKind
from documents.services import record_delivery
from tests.support.stories import case_in

pytestmark = pytest.mark.usefixtures("county")


def _notice(story):
    return story.case.documents.get(document__kind="approval_notice").document


def test_a_delivery_recorded_on_the_document_stands_on_the_case_too():
    story = case_in(CaseState.APPROVED)
    record_delivery(
        _notice(story), delivered_on=story.today, way="direct", received_by="胡德旺", by=story.people.officer
    )
    event = story.case.events.get(kind=EventKind.DELIVERED)
    assert "直接送达 胡德旺" in event.note


def test_a_delivery_recorded_on_the_case_is_written_once():
    story = case_in(CaseState.APPROVED)
    services.deliver(
        story.case,
        _notice(story),
        delivered_on=story.today,
        way="post",
        received_by="",
        note="EMS",
        by=story.people.officer,
        on=story.today,
    )
    assert story.case.events.filter(kind=EventKind.DELIVERED).count() == 1
