"""文书: the list over the cases that a person may see, its filters, cost and Excel; voiding on the case's record."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services
from applications.models import CaseDocument, CaseEvent
from applications.rules.process import CaseState, EventKind
from documents.models import Document, DocumentKind
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, START, crew
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in, new_story

pytestmark = pytest.mark.usefixtures("county")
S = CaseState
LIST = "applications:documents"


def desk(story: Story) -> Desk:
    return Desk(story.people.officer, on=story.today)


def paper(story: Story, kind: DocumentKind) -> Document:
    return story.case.documents.select_related("document").get(document__kind=kind).document


def deliver(story: Story, document: Document) -> None:
    services.deliver(
        story.case,
        document,
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        note="",
        by=story.people.officer,
        on=story.today,
    )


def numbers(reader: Desk, **query: str) -> list[str]:
    page = reader.get("documents", query=query)
    assert page.status_code == 200
    return [document.number for document in page.context["page"]]


def test_the_list_names_each_paper_with_its_case_and_the_newest_first() -> None:
    story = case_in(S.PUBLICISED)
    assert numbers(desk(story)) == ["绩临救示〔2026〕1号", "绩临救查〔2026〕1号", "绩临救受〔2026〕1号"]
    page = desk(story).get("documents").content.decode()
    for part in ("胡德旺", story.case.number, reverse("applications:detail", args=[story.case.pk])):
        assert part in page
    notice = paper(story, DocumentKind.ACCEPTANCE_NOTICE)
    for url in (reverse("documents:preview", args=[notice.pk]), reverse("documents:pdf", args=[notice.pk])):
        assert url in page


def test_filters_cut_the_list() -> None:
    people = crew()
    story = case_in(S.PUBLICISED, people=people)
    notice, sheet = paper(story, DocumentKind.ACCEPTANCE_NOTICE), paper(story, DocumentKind.PUBLICITY_SHEET)
    visit = paper(story, DocumentKind.VISIT_FORM)
    other = case_in(S.ACCEPTED, people=people)
    theirs = paper(other, DocumentKind.ACCEPTANCE_NOTICE)
    deliver(story, notice)
    reader = desk(story)
    assert set(numbers(reader)) == {notice.number, visit.number, sheet.number, theirs.number}
    assert set(numbers(reader, kind="acceptance_notice")) == {notice.number, theirs.number}
    assert numbers(reader, delivery="delivered") == [notice.number]
    assert numbers(reader, delivery="waiting") == [theirs.number]
    assert numbers(reader, delivery="voided") == []
    assert numbers(reader, q="绩临救示[2026]1号") == [sheet.number]
    assert numbers(reader, q=theirs.number.removesuffix("号")) == [theirs.number]
    assert set(numbers(reader, q="救受")) == {notice.number, theirs.number}
    assert numbers(reader, q=other.case.number) == [theirs.number]
    assert numbers(reader, q="没有这个") == []
    assert numbers(reader, issued_from=sheet.issued_on.isoformat()) == [sheet.number]
    day_before = (sheet.issued_on - timedelta(days=1)).isoformat()
    assert set(numbers(reader, issued_to=day_before)) == {notice.number, visit.number, theirs.number}
    assert numbers(reader, sort="kind")[:2] == [notice.number, theirs.number]
    assert set(numbers(reader, sort="x")) == set(numbers(reader))


@pytest.mark.parametrize("query", [{"issued_from": "昨天"}, {"kind": "moon"}, {"village": "341824100001"}])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(query: dict[str, str]) -> None:
    story = case_in(S.ACCEPTED)
    number = paper(story, DocumentKind.ACCEPTANCE_NOTICE).number
    listed = desk(story).get("documents", query=query)
    assert listed.status_code == 422 and number not in listed.content.decode()
    export = desk(story).post(f"{reverse('applications:documents_export')}?{urlencode(query)}")
    assert export.status_code == 400 and "没有导出" in export.content.decode()


def test_the_county_cuts_by_township_and_a_township_sees_its_own_only() -> None:
    here, there = case_in(S.ACCEPTED), case_in(S.ACCEPTED, township=HUAYANG)
    county = Desk(here.people.approver, on=here.today)
    assert set(numbers(county)) == {"绩临救受〔2026〕1号", "绩华救受〔2026〕1号"}
    assert numbers(county, township=HUAYANG) == ["绩华救受〔2026〕1号"]
    assert numbers(desk(here)) == ["绩临救受〔2026〕1号"]
    page = desk(there).get("documents", query={"q": "绩临救受〔2026〕1号"}).content.decode()
    assert here.case.number not in page


def test_an_empty_list_says_what_would_be_there() -> None:
    story = new_story()
    assert "这里会列出辖区内办件制发的文书" in desk(story).get("documents").content.decode()
    assert "没有符合条件的文书" in desk(story).get("documents", query={"kind": "approval_notice"}).content.decode()


def test_an_id_number_asked_for_never_stands_in_the_address() -> None:
    story = new_story()
    number = story.household.members.get(relation="head").person.id_number.reveal()
    answer = desk(story).post(reverse(LIST), {"q": number, "kind": "acceptance_notice"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse(LIST)}?kind=acceptance_notice"
    kept = desk(story).post(reverse(LIST), {"q": "绩临救受〔2026〕12345号"})
    assert "12345" in kept.url


def more_papers(story: Story, count: int) -> None:
    """Rows as issuing leaves them, without their PDFs."""
    pattern = Document.objects.earliest("pk")
    for _ in range(count):
        copy = Document.objects.get(pk=pattern.pk)
        copy.pk, copy.serial = None, Document.objects.count() + 100
        copy.number = f"绩临救受〔2026〕{copy.serial}号"
        copy._state.adding = True
        copy.save(force_insert=True)
        CaseDocument.objects.create(case=story.case, document=copy)


def queries_of(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert read().status_code == 200
    return len(captured)


def test_list_and_export_cost_the_same_at_one_three_and_fifty_rows() -> None:
    story = case_in(S.ACCEPTED)
    reader = desk(story)

    def read() -> tuple[int, int]:
        shown = queries_of(lambda: reader.get("documents", query={"size": "50"}))
        return shown, queries_of(lambda: reader.post(reverse("applications:documents_export")))

    read()
    one = read()
    more_papers(story, 2)
    three = read()
    more_papers(story, 47)
    fifty = read()
    assert len(numbers(reader, size="50")) == 50
    assert len(numbers(reader)) == 20
    assert one == three == fifty


def test_excel_holds_exactly_what_is_filtered_and_is_on_record() -> None:
    from openpyxl import load_workbook

    story = case_in(S.PUBLICISED)
    notice = paper(story, DocumentKind.ACCEPTANCE_NOTICE)
    deliver(story, notice)
    url = reverse("applications:documents_export") + "?kind=acceptance_notice"
    answer = desk(story).post(url)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    (row,) = (dict(zip(head, values, strict=True)) for values in rows)
    assert (row["文号"], row["文种"], row["申请人"]) == (notice.number, "受理通知书", "胡德旺")
    assert (row["送达"], row["送达方式"], row["签收人"]) == ("已送达", "直接送达", "胡德旺")
    record = AccessRecord.objects.get(kind="export")
    assert (record.staff, record.reason) == (story.people.officer, "导出文书目录1份")
    assert record.person_ids == [story.case.applicant.person_id]


def test_a_reader_without_the_right_does_not_export() -> None:
    story = case_in(S.ACCEPTED)
    assistant = Desk(make_staff(Role.VILLAGE_ASSISTANT, story.case.area.code, on=START), on=story.today)
    assert "导出 Excel" not in assistant.get("documents").content.decode()
    assert assistant.post(reverse("applications:documents_export")).status_code == 403


def test_a_voided_paper_is_marked_on_the_case_with_reason_and_date_and_in_what_happened() -> None:
    story = case_in(S.ACCEPTED)
    notice = paper(story, DocumentKind.ACCEPTANCE_NOTICE)
    clerk = desk(story)
    clerk.post(reverse("documents:void", args=[notice.pk]), {"reason": "申请人姓名有误"})
    day = f"{story.today.year}年{story.today.month}月{story.today.day}日"
    page = clerk.get("detail", story.case.pk).content.decode()
    assert "已作废" in page and f"{day}：申请人姓名有误" in page
    event = CaseEvent.objects.get(case=story.case, kind=EventKind.DOCUMENT_VOIDED)
    assert event.by == story.people.officer and "申请人姓名有误" in event.note
    assert numbers(clerk, delivery="voided") == [notice.number]
    assert numbers(clerk, delivery="waiting") == []
