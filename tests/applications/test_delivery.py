"""送达: whichever door records it, the case's timeline says so."""

import pytest
from django.urls import reverse

from applications import services
from applications.queries import delivery_due
from applications.rules.process import CaseState, EventKind
from documents.models import Delivery, Document
from documents.services import record_delivery, void_document
from organizations.queries import working_calendar
from tests.support.cases import Desk
from tests.support.stories import Story, case_in
from workbench.queries.tasks import tasks_by_urgency

pytestmark = pytest.mark.usefixtures("county")


def _notice(story):
    return story.case.documents.get(document__kind="approval_notice").document


def test_a_delivery_recorded_on_the_document_stands_on_the_case_too():
    story = case_in(CaseState.APPROVED)
    record_delivery(
        _notice(story),
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        by=story.people.officer,
        on=story.today,
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


def _refusal(story: Story) -> Document:
    return story.case.documents.get(document__kind="refusal_notice", document__voided_on=None).document


def test_the_documents_page_asks_for_the_reason_of_a_late_refusal_too() -> None:
    story = case_in(CaseState.REFUSED)
    notice = _refusal(story)
    story.later(10)
    desk = Desk(story.people.officer, on=story.today)
    url = reverse("documents:deliver", args=[notice.pk])
    sent = {"delivered_on": story.today.isoformat(), "way": "direct", "received_by": "胡德旺"}
    page = desk.post(url, sent)
    assert page.status_code == 422
    assert "已经超期，请写明超期原因" in page.content.decode() and "胡德旺" in page.content.decode()
    assert not Delivery.objects.exists()
    assert desk.post(url, sent | {"late_reason": "家庭外出"}).status_code == 302
    assert story.case.overdue_reasons.get().reason == "家庭外出"
    assert Delivery.objects.get().document == notice


def test_the_documents_page_asks_for_no_reason_within_the_days() -> None:
    story = case_in(CaseState.REFUSED)
    notice = _refusal(story)
    desk = Desk(story.people.officer, on=story.today)
    sent = {"delivered_on": story.today.isoformat(), "way": "direct", "received_by": "胡德旺"}
    assert desk.post(reverse("documents:deliver", args=[notice.pk]), sent).status_code == 302
    assert not story.case.overdue_reasons.exists()


def test_the_days_of_a_refusal_are_reckoned_from_its_issue_on_the_list_as_in_the_act() -> None:
    story = case_in(CaseState.REFUSED)
    calendar = working_calendar()

    def on_the_list() -> dict[int, object]:
        rows = tasks_by_urgency(story.people.officer, calendar=calendar, on=story.today, kind="deliver")
        return {ref: due for _, ref, due in rows if due}

    first = _refusal(story)
    due = calendar.add(story.case.decided_on, 3).on
    assert delivery_due(story.case, first) == due
    assert on_the_list() == {first.pk: due}
    story.later(10)
    assert on_the_list() == {first.pk: due}
    void_document(first, reason="姓名有误", by=story.people.approver, on=story.today)
    again = services.reissue(story.case, kind="refusal_notice", by=story.people.approver, on=story.today)
    due = calendar.add(story.today, 3).on
    assert delivery_due(story.case, again) == due
    assert on_the_list() == {again.pk: due}
