"""Sheets by village: one numbered paper for all, a way of its own for each case."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services
from applications.models import Announcement, Case, Publicity
from applications.queries import lacks_before_confirming, needs_publicity
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind, NumberCounter
from documents.services import archived_pdf, record_of, void_document
from foundation.errors import NotPermitted, ServiceError
from organizations.permissions import Role
from tests.applications.telling import neighbours
from tests.documents.reading import text_of
from tests.support.cases import Desk, photo
from tests.support.crews import START, crew
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
OTHER_TOWNSHIP = "341824102"


def post(stories: list[Story], **changed: object) -> dict[int, Publicity | ServiceError]:
    values: dict[str, object] = {"place": "村务公开栏", "telephone": "0563-8160000", "by": stories[0].people.officer}
    return services.publicise_together(
        [story.case for story in stories],
        on=stories[0].today,
        **(values | changed),  # type: ignore[arg-type]
    )


def sheets(kind: DocumentKind = DocumentKind.PUBLICITY_SHEET) -> list[Document]:
    return list(Document.objects.filter(kind=kind).order_by("pk"))


def test_one_sheet_lists_the_village_and_each_case_keeps_its_own_publicity() -> None:
    first, second, third = stories = neighbours(S.PROPOSED, ("汪金水", "程来福", "章小满"))
    post(stories)
    (sheet,) = sheets()
    text = text_of(archived_pdf(sheet))
    amount = f"{first.case.proposals.get().monthly_amount:,.2f}"
    for number, name in enumerate(("汪金水", "程来福", "章小满"), start=1):
        assert f"{number}{name}3{amount}" in text
    assert "监督电话：0563-8160000" in text
    for word in ("A类", "B类", "C类", "残疾", "病", "身份证", "341899", "账号", "汪秋菊"):
        assert word not in text
    for story in (first, second, third):
        assert story.refresh().state == S.PUBLICISED
        assert [link.document for link in story.case.documents.filter(document__kind=sheet.kind)] == [sheet]
        assert Publicity.objects.get(case=story.case).document == sheet


def test_an_objection_against_one_leaves_the_others_on_the_wall() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    post([first, second])
    first.later().object()
    second.photograph().wait_publicity().close()
    assert (first.refresh().state, second.refresh().state) == (S.OBJECTED, S.CONFIRMING)


def test_who_cannot_go_is_left_off_and_stops_nobody() -> None:
    people = crew()
    (waiting,) = neighbours(S.PROPOSED, ("汪金水",), people=people)
    (hanging,) = neighbours(S.PUBLICISED, ("程来福",), people=people)
    waiting.today = hanging.today
    answers = post([waiting, hanging])
    refusal = answers[hanging.case.pk]
    assert isinstance(refusal, ServiceError)
    assert "公示中" in refusal.message
    assert isinstance(answers[waiting.case.pk], Publicity)
    text = text_of(archived_pdf(sheets()[-1]))
    assert "汪金水" in text
    assert "程来福" not in text


def test_late_cases_need_the_reason_and_the_others_do_not() -> None:
    late, timely = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    Case.objects.filter(pk=late.case.pk).update(state_due_on=late.today, due_on=late.today)
    late.later()
    timely.today = late.today
    answers = post([late, timely])
    assert isinstance(answers[late.case.pk], services.OverdueReasonMissing)
    assert isinstance(answers[timely.case.pk], Publicity)
    assert isinstance(post([late], late_reason="等候村里腾出公开栏")[late.case.pk], Publicity)


def test_a_refusal_does_not_hang_on_the_sheet_of_the_approved() -> None:
    people = crew()
    (granted,) = neighbours(S.PROPOSED, ("汪金水",), people=people)
    refused = case_in(S.PROPOSED, people=people, yearly_wage="90000.00")
    granted.today = refused.today
    answer = post([granted, refused])[refused.case.pk]
    assert isinstance(answer, ServiceError)
    assert refused.refresh().state == S.PROPOSED


def test_nobody_of_another_township_posts_and_no_number_is_used() -> None:
    stories = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    stranger = make_staff(Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, on=START)
    answers = post(stories, by=stranger)
    assert all(isinstance(answer, NotPermitted) for answer in answers.values())
    assert sheets() == []
    assert not NumberCounter.objects.filter(kind=DocumentKind.PUBLICITY_SHEET).exists()


def test_a_shared_sheet_stays_in_force_until_the_last_case_is_taken_back() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    post([first, second])
    (sheet,) = sheets()
    services.take_back(first.case, by=first.people.officer, on=first.today)
    sheet.refresh_from_db()
    assert sheet.voided_on is None
    assert "划去这一户" in first.case.events.order_by("-pk")[0].note
    assert (first.refresh().state, second.refresh().state) == (S.PROPOSED, S.PUBLICISED)
    services.take_back(second.case, by=second.people.officer, on=second.today)
    sheet.refresh_from_db()
    assert sheet.voided_on == second.today


def test_approvals_of_a_village_are_announced_on_one_sheet() -> None:
    stories = neighbours(S.APPROVED, ("汪金水", "程来福"))
    first, second = stories

    def announce() -> dict[int, Announcement | ServiceError]:
        return services.announce_together(
            [story.case for story in stories],
            posted_on=first.today,
            place="村务公开栏",
            by=first.people.officer,
            on=first.today,
        )

    answers = announce()
    assert {type(answer) for answer in answers.values()} == {Announcement}
    (sheet,) = sheets(DocumentKind.ANNOUNCEMENT_SHEET)
    text = text_of(archived_pdf(sheet))
    assert "汪金水" in text
    assert "程来福" in text
    assert first.case.decision.monthly_amount > Decimal(0)
    assert second.case.documents.filter(document=sheet).exists()
    again = announce()
    assert all("已经公布过" in str(answer) for answer in again.values())
    assert sheets(DocumentKind.ANNOUNCEMENT_SHEET) == [sheet]


def test_one_photo_of_the_sheet_proves_the_posting_of_every_case_on_it() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    post([first, second])
    desk = Desk(first.people.officer, on=first.today)
    page = desk.open_act(first, "add-publicity-photo")
    assert "其他1户也用这些照片" in page.content.decode()
    assert desk.act(first, "add-publicity-photo", photos=[photo(), photo("二.png")]).status_code == 302
    for story in (first, second):
        kept = Publicity.objects.get(case=story.case).photos.select_related("attachment")
        assert [row.attachment.household_id for row in kept] == [story.household.pk] * 2
    own = desk.typed(desk.open_act(second, "add-publicity-photo"), photos=[photo("三.png")])
    own.pop("for_all")
    assert desk.send(second, "add-publicity-photo", own).status_code == 302
    assert [Publicity.objects.get(case=story.case).photos.count() for story in (first, second)] == [2, 3]


def test_a_sheet_of_one_family_asks_for_no_others() -> None:
    story = case_in(S.PROPOSED).publicise()
    page = Desk(story.people.officer, on=story.today).open_act(story, "add-publicity-photo")
    assert "for_all" not in page.context["form"].fields


def test_posting_one_case_leads_to_the_sheet_of_the_village() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    desk = Desk(first.people.officer, on=first.today)
    assert f"?case={first.case.pk}&amp;case={second.case.pk}" in desk.open_act(first, "publicise").content.decode()
    post([second])
    assert "一并张贴" not in desk.open_act(first, "publicise").content.decode()


def test_a_sheet_is_not_voided_while_a_publicity_hangs_on_it() -> None:
    story = case_in(S.PUBLICISED)
    (sheet,) = sheets()
    with pytest.raises(services.NotNow, match="正在公示，公示单不能作废"):
        void_document(sheet, reason="姓名有误", by=story.people.lead, on=story.today)
    assert sheets()[0].voided_on is None
    desk = Desk(story.people.officer, on=story.today)
    assert desk.client_get(reverse("documents:void", args=[sheet.pk]), {}).status_code == 302
    page = desk.client_get(reverse("documents:preview", args=[sheet.pk]), {})
    assert "正在公示，公示单不能作废" in page.content.decode()


def test_a_sheet_is_voided_only_after_the_case_that_rests_on_it_came_back_and_it_goes_up_again() -> None:
    story = case_in(S.CONFIRMING)
    (sheet,) = sheets()
    with pytest.raises(services.NotNow, match="请先退回补查"):
        void_document(sheet, reason="姓名有误", by=story.people.lead, on=story.today)
    services.send_back(story.case, missing="公示的姓名有误", by=story.people.approver, on=story.today)
    proposal = story.case.proposals.get()
    assert not needs_publicity(story.case, proposal, on=story.today)
    void_document(sheet, reason="姓名有误", by=story.people.lead, on=story.today)
    assert sheets()[0].voided_on == story.today
    assert needs_publicity(story.case, proposal, on=story.today)


def test_a_publicity_on_a_voided_sheet_does_not_let_the_case_go_up() -> None:
    story = case_in(S.PUBLICISED)
    story.photograph()
    last = Publicity.objects.get(case=story.case).last_day
    story.today = last + timedelta(days=1)
    assert lacks_before_confirming(story.case, on=story.today) == []
    Document.objects.filter(pk=sheets()[0].pk).update(
        voided_on=story.today, voided_reason="姓名有误", voided_by=story.people.lead
    )
    assert ["已作废，不算公示" in lack.text for lack in lacks_before_confirming(story.case, on=story.today)] == [True]
    with pytest.raises(services.NotNow, match="已作废，不算公示"):
        services.close_publicity(story.case, by=story.people.officer, on=story.today)
    assert story.refresh().state == S.PUBLICISED


def test_a_sheet_on_which_the_other_family_withdrew_is_voided_when_the_last_posting_is_taken_back() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    post([first, second])
    first.withdraw()
    assert sheets()[0].voided_on is None
    services.take_back(second.case, by=second.people.officer, on=second.today)
    assert sheets()[0].voided_on == second.today
    assert "划去" not in second.case.events.latest("pk").note


def test_a_voided_announcement_goes_out_again_for_all_on_it_locked_in_one_order_whoever_asks() -> None:
    first, second = neighbours(S.APPROVED, ("汪金水", "程来福"))
    given = {"posted_on": first.today, "place": "村务公开栏", "by": first.people.officer, "on": first.today}
    services.announce_together([first.case, second.case], **given)
    (sheet,) = sheets(DocumentKind.ANNOUNCEMENT_SHEET)
    void_document(sheet, reason="打印错行", by=first.people.officer, on=first.today)
    with CaptureQueriesContext(connection) as captured:
        again = services.reissue(second.case, kind=sheet.kind, by=first.people.officer, on=first.today)
    locking = r'FROM "applications_case" WHERE "applications_case"\."id" = (\d+) .*FOR UPDATE'
    found = [re.search(locking, query["sql"]) for query in captured.captured_queries]
    assert [int(match[1]) for match in found if match] == [first.case.pk, second.case.pk]
    assert record_of(again) == record_of(sheet)
    for story in (first, second):
        assert story.case.documents.filter(document=again).exists()
