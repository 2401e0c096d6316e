"""What people send by mistake or on purpose: files too large or not what they say, markup in a name."""

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import HomeVisit
from documents.models import Document
from households.models import Attachment
from tests.documents.reading import text_of
from tests.journeys.walk import Walk
from tests.support.browser import Browser
from tests.support.cases import PNG, photo
from tests.support.stories import new_story

SCRIPT = "<script>alert(1)</script>"
LARGE = 30 * 1024 * 1024


def large_photo() -> SimpleUploadedFile:
    """A photo of 30 MB, as a camera set to raw takes it."""
    return SimpleUploadedFile("现场.png", PNG + b"\0" * LARGE, "image/png")


def disguised_program() -> SimpleUploadedFile:
    return SimpleUploadedFile("照片.jpg", b"MZ\x90\x00" * 400, "image/jpeg")


def test_a_file_too_large_or_disguised_is_refused_and_what_was_typed_stays(walk: Walk) -> None:
    walk.apply()
    walk.accept()
    walk.later()
    walk.do(walk.task(walk.people.officer, "启动经济状况调查"), "启动调查")
    kept = Attachment.objects.count()
    page = walk.case_page(walk.people.officer).click("登记入户调查")
    typed = {
        "living_conditions": "砖瓦房两间。",
        "facts_found": "写了很久的查明情况。",
        "agrees_with_declaration": "yes",
    }
    for wrong, sentence in ((large_photo(), "现场.png："), (disguised_program(), "照片.jpg：")):
        again = page.press("登记入户调查", photos=[photo(), wrong], **typed).says("写了很久的查明情况。")
        assert again.status == 422
        again.says(sentence)
    assert Attachment.objects.count() == kept
    assert not HomeVisit.objects.exists()
    visitors = [str(walk.people.officer.pk), str(walk.people.assistant.pk)]
    again.press("登记入户调查", photos=[photo()], visitors=visitors).says("“登记入户调查”已办好")


def test_a_file_too_large_at_the_window_names_its_paper(walk: Walk) -> None:
    page = walk.fill_in(walk.register_family())
    page = page.press("打印申请材料并登记", **{"application-reason": "残疾，收入低"})
    page = page.press("上传签字件", application_form=large_photo(), commitment_letter=photo())
    page.says("申请表：")
    assert "10MB" in page.text.replace(" ", "")


def test_markup_in_a_name_stays_text_on_every_page_in_excel_and_on_paper(walk: Walk) -> None:
    story = new_story(people=walk.people)
    person = story.household.members.get(relation="head").person
    person.name = SCRIPT
    person.save()
    story.sign_papers().submit().accept().later().start().ask_check()
    walk.go_to(story.today)
    officer, operator = Browser(walk.people.officer), Browser(walk.people.operator)
    family, case = f"/families/{story.household.pk}/", f"/cases/{story.case.pk}/"
    pages = [
        *(officer.open(url) for url in ("/", "/families/", "/cases/", "/means-checks/", "/intake/", family, case)),
        *(officer.open(f"{case}acts/{act}/") for act in ("record-visit", "withdraw", "declare-relative")),
        officer.open("/search/?q=%3Cscr"),
        officer.open(f"/documents/{Document.objects.get().pk}/"),
        *(operator.open(url) for url in ("/", "/means-checks/", f"/means-checks/{story.check.pk}/")),
    ]
    for page in pages:
        page.is_silent_about("<script>alert")
        assert page.status == 200
    for page in (pages[0], pages[1], pages[2], pages[5], pages[6], pages[10], pages[12]):
        page.says(SCRIPT)
    for url in ("/families/export/", "/cases/export/"):
        sheet = tablib.Dataset().load(officer.send(url, {}).response.content, format="xlsx")
        assert any(SCRIPT in row for row in sheet), url
    paper = officer.open(f"/documents/{Document.objects.get().pk}/pdf/").response
    assert SCRIPT in text_of(paper.content)
