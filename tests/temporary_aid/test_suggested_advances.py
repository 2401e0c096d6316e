"""小额先行: the forms say how the amount comes about, and a photo of the scene is a picture."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from temporary_aid.models import AidFile, TemporaryAid
from temporary_aid.services import NotAllowed, add_file
from tests.benefits.builders import set_parameter
from tests.foundation.test_files import a_pdf
from tests.support.aid import NIGHT, open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import Crew
from tests.temporary_aid.advances import asked, fund
from tests.temporary_aid.test_advance_views import PAID, SUNDAY, address, quick_form, words

pytestmark = pytest.mark.django_db
CAUSES = ("fire", "traffic", "accident", "sudden_illness", "disaster", "other_urgent")
MULTIPLES = {"light": "2", "moderate": "3", "severe": "4"}


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场.pdf", a_pdf(), content_type="application/pdf")


def told(page: Any, cause: str, grade: str) -> dict[str, Any]:
    """What the page carries along of one choice."""
    found: dict[str, Any] = page.context["suggestions"][cause][grade]
    return found


# --- 建议金额和依据 --------------------------------------------------------------------------------------------------


def test_the_phone_shows_base_times_multiple_also_where_causes_differ(people: Crew) -> None:
    table = {cause: MULTIPLES for cause in CAUSES} | {"traffic": {"light": "2", "moderate": "2.5", "severe": "4"}}
    set_parameter("temporary_aid_urgent_table", table)
    page = Desk(people.assistant, on=SUNDAY).fetch(address("quick"))
    assert 'id="suggestions"' in words(page)
    assert "一般 1,560元" not in words(page)
    fire, traffic = told(page, "fire", "moderate"), told(page, "traffic", "moderate")
    assert (fire["amount"], traffic["amount"]) == ("2,340.00", "1,950.00")
    assert fire["lines"][0].startswith("基数780.00元（当地城市低保月标准，本地做法）×3倍（火灾、")
    assert traffic["lines"][0].endswith("＝1,950.00元。")


def test_what_is_above_the_ceiling_of_an_advance_says_so(people: Crew) -> None:
    set_parameter("petty_advance_limit", "3.5")
    page = Desk(people.assistant, on=SUNDAY).fetch(address("quick"))
    severe = told(page, "fire", "severe")
    assert (severe["amount"], severe["lines"][-1]) == (
        "2,730.00",
        "先行救助不超过2,730.00元，按限额取2,730.00元（本地做法）。",
    )


def test_a_refused_form_says_how_the_chosen_amount_comes_about(people: Crew) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    page = desk.post(address("quick"), quick_form(desk, name=""))
    assert "建议金额 <strong>2,340.00</strong> 元" in " ".join(words(page).split())


def test_who_pays_sees_it_for_the_grade_that_is_chosen_and_for_the_others(people: Crew) -> None:
    fund(people)
    aid, desk = asked(people), Desk(people.officer, on=SUNDAY)
    page = desk.fetch(address("pay_advance", aid.pk))
    assert "×3倍" in words(page)
    assert told(page, "", "light")["amount"] == "1,560.00"
    answer = desk.post(address("pay_advance", aid.pk), PAID | {"grade": "light", "second_hand": ""})
    assert answer.status_code == 422
    assert "建议金额 <strong>1,560.00</strong> 元" in " ".join(words(answer).split())


# --- 现场照片 --------------------------------------------------------------------------------------------------------


def test_a_scene_is_shown_by_a_picture_and_not_by_a_pdf(people: Crew) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    page = desk.post(address("quick"), quick_form(desk, photo=pdf()))
    assert (page.status_code, list(errors_of(page))) == (422, ["photo"])
    aid = open_urgent(people.officer)
    sent = {"amount": "2340", "word": "属实", "vouched_by": "汪志强", "photo": pdf()}
    assert list(errors_of(desk.post(address("ask_advance", aid.pk), sent))) == ["photo"]
    with pytest.raises(NotAllowed) as error:
        add_file(aid, kind="scene_photo", upload=pdf(), by=people.officer, at=NIGHT, field="photo")
    assert error.value.field == "photo"
    assert (AidFile.objects.count(), TemporaryAid.objects.count()) == (0, 1)


def test_papers_may_be_a_pdf(people: Crew) -> None:
    aid = open_urgent(people.officer)
    assert add_file(aid, kind="identity", upload=pdf(), by=people.officer, at=NIGHT).content_type == "application/pdf"


def test_the_phone_says_beside_the_photo_that_it_is_not_kept(people: Crew) -> None:
    desk = Desk(people.assistant, on=date(2026, 9, 13))
    assert "照片不保留" in words(desk.fetch(address("quick")))
