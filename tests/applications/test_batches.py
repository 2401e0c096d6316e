"""One act on many cases: a preview of whom it touches, a result row by row, each case by itself."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from applications import services
from applications.models import Announcement, Batch, BatchAct, Case, Publicity
from applications.rules.process import CaseState
from documents.models import Delivery, Document, DocumentKind
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.applications.telling import neighbours, relative
from tests.support.cases import Desk, errors_of
from tests.support.crews import START, crew, instant
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
OTHER_VILLAGE, OTHER_TOWNSHIP = "341824101201", "341824102"


def clerk(story: Story) -> Desk:
    return Desk(story.people.officer, on=story.today)


def url(act: str) -> str:
    return reverse("applications:batch", args=[act])


def look(desk: Desk, act: str, *cases: Case, **query: Any) -> Any:
    return desk.client_get(url(act), {"case": [case.pk for case in cases], **query})


def sent(page: Any, **changed: Any) -> dict[str, Any]:
    """What the preview's form would send, with some fields filled in anew."""
    form, plan = page.context["form"], page.context["plan"]
    values = {bound.html_name: bound.value() for bound in form if bound.value() is not None}
    values |= {name: "0563-8160000" for name in form.fields if name.startswith("telephone_")}
    return values | {"case": [row.case.pk for row in plan.going], "notices": page.context["wanted"]} | changed


def result_of(desk: Desk, answer: Any) -> dict[str, tuple[str, str]]:
    """Outcome and message by case number."""
    assert answer.status_code == 302, errors_of(answer)
    rows = desk.fetch(answer.url).context["rows"]
    return {row.case.number: (row.outcome, row.message) for row in rows}


def elsewhere(story: Story) -> Story:
    """The case lies in the township's other village."""
    Case.objects.filter(pk=story.case.pk).update(area=area(OTHER_VILLAGE))
    story.refresh()
    return story


# --- Choosing ---------------------------------------------------------------------------------------------------


def test_the_list_offers_the_acts_that_fit_its_cases() -> None:
    people = crew()
    new_story(people=people)
    page = Desk(people.officer, on=START).get("list")
    assert page.context["offers"] == []
    story = case_in(S.PROPOSED, people=people)
    page = clerk(story).get("list")
    assert [offer.label for offer in page.context["offers"]] == ["按村公示", "打印通知书", "登记送达"]
    assert f'value="{story.case.pk}"' in page.content.decode()
    lead = Desk(people.lead, on=story.today).get("list")
    assert "按村公示" not in [offer.label for offer in lead.context["offers"]]


def test_all_of_a_page_are_chosen_without_scripts() -> None:
    story = case_in(S.PROPOSED)
    desk = clerk(story)
    plain = desk.get("list").content.decode()
    assert "?pick=page" in plain
    assert " checked" not in plain.partition("data-batch")[2]
    assert " checked" in desk.get("list", query={"pick": "page"}).content.decode().partition("data-batch")[2]


def test_nothing_chosen_and_too_much_chosen_lead_back_to_the_list_as_it_was() -> None:
    desk = clerk(case_in(S.PROPOSED))
    answer = desk.client_get(url("publicise"), {"back": "state=proposed"})
    assert answer.url == f"{reverse('applications:list')}?state=proposed"
    many = desk.client_get(url("publicise"), {"case": list(range(1, 102))})
    assert "一次最多办理100件" in desk.fetch(many.url).content.decode()


# --- Publicity --------------------------------------------------------------------------------------------------


def test_the_preview_names_everybody_and_changes_nothing() -> None:
    people = crew()
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"), people=people)
    draft = new_story(people=people)
    page = look(clerk(first), "publicise", first.case, second.case, draft.case)
    text = page.content.decode()
    assert "汪金水" in text
    assert "程来福" in text
    (sheet,) = page.context["plan"].sheets
    assert [row.case.pk for row in sheet.rows] == [first.case.pk, second.case.pk]
    (left_out,) = page.context["plan"].left_out
    assert left_out.case.pk == draft.case.pk
    assert "现在是“草稿”" in text
    assert Publicity.objects.count() == 0
    assert Batch.objects.count() == 0


def test_sheets_are_posted_by_village_and_the_result_says_so_case_by_case() -> None:
    stories = neighbours(S.PROPOSED, ("汪金水", "程来福", "章小满"))
    first, _, third = stories
    elsewhere(third)
    desk = clerk(first)
    page = look(desk, "publicise", *(story.case for story in stories))
    data = sent(page, **{f"telephone_{third.case.area_id}": "0563-8160009"})
    answer = desk.post(url("publicise"), data)
    result = result_of(desk, answer)
    assert {outcome for outcome, _ in result.values()} == {"done"}
    assert Document.objects.filter(kind=DocumentKind.PUBLICITY_SHEET).count() == 2
    assert Publicity.objects.get(case=third.case).telephone == "0563-8160009"
    shown = desk.fetch(answer.url).content.decode()
    assert Publicity.objects.get(case=first.case).document.number in shown
    assert "打印2张公示单" in shown
    printed = desk.post(answer.url + "sheets/")
    texts = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(printed.content)).pages]
    assert [name in texts[number] for number, name in ((0, "汪金水"), (0, "程来福"), (1, "章小满"))] == [True] * 3
    again = desk.post(url("publicise"), data)
    assert again.url == answer.url
    assert (Batch.objects.count(), Publicity.objects.count()) == (1, 3)


def test_one_that_went_on_meanwhile_fails_by_itself_with_what_to_do() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    desk = clerk(first)
    data = sent(look(desk, "publicise", first.case, second.case))
    first.publicise()
    result = result_of(desk, desk.post(url("publicise"), data))
    assert result[first.case.number][0] == "failed"
    assert "公示中" in result[first.case.number][1]
    assert result[second.case.number][0] == "done"


def test_a_case_that_was_left_out_of_the_preview_is_not_sent() -> None:
    people = crew()
    (story,) = neighbours(S.PROPOSED, ("汪金水",), people=people)
    draft = new_story(people=people)
    page = look(clerk(story), "publicise", story.case, draft.case)
    form = page.content.decode().partition('method="post"')[2]
    assert f'name="case" value="{story.case.pk}"' in form
    assert f'name="case" value="{draft.case.pk}"' not in form


def test_a_place_left_empty_comes_back_beside_its_field_with_everything_typed() -> None:
    (story,) = neighbours(S.PROPOSED, ("汪金水",))
    desk = clerk(story)
    village = story.case.area_id
    data = sent(look(desk, "publicise", story.case), **{f"place_{village}": "", f"telephone_{village}": "0563-1"})
    page = desk.post(url("publicise"), data)
    assert page.status_code == 422
    assert f"place_{village}" in errors_of(page)
    assert 'value="0563-1"' in page.content.decode()
    assert story.refresh().state == S.PROPOSED


def test_a_late_case_asks_why_once_for_the_batch() -> None:
    late, timely = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    Case.objects.filter(pk=late.case.pk).update(state_due_on=late.today, due_on=late.today)
    late.later()
    timely.today = late.today
    desk = clerk(late)
    page = look(desk, "publicise", late.case, timely.case)
    assert "超期原因" in page.content.decode()
    silent = result_of(desk, desk.post(url("publicise"), sent(page, late_reason="")))
    assert [silent[story.case.number][0] for story in (late, timely)] == ["failed", "done"]
    assert "请写明超期原因" in silent[late.case.number][1]
    page = look(desk, "publicise", late.case)
    told = result_of(desk, desk.post(url("publicise"), sent(page, late_reason="公开栏修缮")))
    assert told[late.case.number][0] == "done"
    assert late.case.overdue_reasons.get().reason == "公开栏修缮"


# --- Who may ----------------------------------------------------------------------------------------------------


def test_a_near_relative_and_who_has_no_such_duty_are_left_out() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    relative(first, first.people.officer.name)
    plan = look(clerk(first), "publicise", first.case, second.case).context["plan"]
    assert [row.case.pk for row in plan.going] == [second.case.pk]
    assert "须回避" in plan.left_out[0].refusal
    lead = Desk(first.people.lead, on=first.today)
    assert look(lead, "publicise", second.case).context["plan"].going == []
    data = {"case": [second.case.pk], "token": "a" * 32}
    assert result_of(lead, lead.post(url("publicise"), data))[second.case.number][0] == "failed"
    assert second.refresh().state == S.PROPOSED


def test_another_township_sees_none_of_it() -> None:
    (story,) = neighbours(S.PROPOSED, ("汪金水",))
    stranger = Desk(make_staff(Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, on=START), on=story.today)
    page = look(stranger, "publicise", story.case)
    assert page.context["plan"].rows == []
    assert "汪金水" not in page.content.decode()
    batch = services.open_batch(
        BatchAct.PUBLICISE, [story.case], token="b" * 32, by=story.people.officer, at=instant(story.today)
    )
    result = reverse("applications:batch_result", args=[batch.pk])
    assert stranger.fetch(result).status_code == 404
    own = clerk(story).fetch(result)
    assert "没有轮到这一件" in own.content.decode()


def test_a_form_sent_twice_runs_once_even_where_the_cache_forgot_it() -> None:
    first, second = neighbours(S.PROPOSED, ("汪金水", "程来福"))
    desk = clerk(first)
    data = sent(look(desk, "publicise", first.case, second.case))
    once = desk.post(url("publicise"), data)
    cache.clear()
    again = desk.post(url("publicise"), data)
    assert again.status_code == 302 and again.url == once.url
    assert (Batch.objects.count(), Publicity.objects.count()) == (1, 2)
    assert "这一批已经办过，没有重复办理" in desk.fetch(again.url).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Batch.objects.create(
            act=BatchAct.DELIVER, started_by=first.people.officer, started_at=instant(START), token=data["token"]
        )


# --- Announcing, printing, delivering ---------------------------------------------------------------------------


def test_approvals_are_announced_by_village() -> None:
    first, second = neighbours(S.APPROVED, ("汪金水", "程来福"))
    desk = clerk(first)
    page = look(desk, "announce", first.case, second.case)
    ahead = desk.post(url("announce"), sent(page, posted_on="2030-01-01"))
    assert "posted_on" in errors_of(ahead)
    result = result_of(desk, desk.post(url("announce"), sent(page)))
    assert {outcome for outcome, _ in result.values()} == {"done"}
    assert Batch.objects.get().rows.values("document").distinct().count() == 1
    assert Announcement.objects.count() == 2
    assert Document.objects.filter(kind=DocumentKind.ANNOUNCEMENT_SHEET).count() == 1
    assert "已经公布过" in look(desk, "announce", first.case).content.decode()


def test_notices_print_as_one_pdf_by_village_and_on_record() -> None:
    people = crew()
    last, first = neighbours(S.ACCEPTED, ("汪金水", "程来福"), people=people)
    elsewhere(last)
    draft = new_story(people=people)
    desk = clerk(last)
    page = look(desk, "print", first.case, last.case, draft.case)
    assert [row.case.pk for row in page.context["plan"].going] == [first.case.pk, last.case.pk]
    assert "没有这种通知书" in page.content.decode()
    answer = desk.post(url("print"), {"case": [last.case.pk, first.case.pk], "notices": "latest"})
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    texts = ["".join(page.extract_text().split()) for page in pages]
    assert [first.case.number in texts[0], last.case.number in texts[-1]] == [True, True]
    assert AccessRecord.objects.filter(kind="document", reason="批量打印通知书").count() == 2
    none = desk.post(url("print"), {"case": [first.case.pk], "notices": "decision"})
    assert none.status_code == 422


def test_deliveries_are_recorded_with_each_familys_signer() -> None:
    first, second = neighbours(S.ACCEPTED, ("汪金水", "程来福"))
    desk = clerk(first)
    page = look(desk, "deliver", first.case, second.case)
    signer = f"signer_{second.case.pk}"
    unsigned = desk.post(url("deliver"), sent(page, **{signer: ""}))
    assert errors_of(unsigned)[signer] == ["直接送达的，请填签收人。"]
    result = result_of(desk, desk.post(url("deliver"), sent(page, **{signer: "程来喜"})))
    assert {outcome for outcome, _ in result.values()} == {"done"}
    assert set(Delivery.objects.values_list("received_by", flat=True)) == {"汪金水", "程来喜"}
    assert "已经登记过送达" in look(desk, "deliver", first.case).content.decode()


def test_a_refusal_delivered_late_asks_why() -> None:
    story = case_in(S.REFUSED).later(4)
    desk = clerk(story)
    page = look(desk, "deliver", story.case)
    assert page.context["plan"].is_late
    silent = result_of(desk, desk.post(url("deliver"), sent(page, late_reason="")))
    assert silent[story.case.number][0] == "failed"
    page = look(desk, "deliver", story.case)
    told = result_of(desk, desk.post(url("deliver"), sent(page, late_reason="大雪封路")))
    assert told[story.case.number][0] == "done"
