"""打印公示: the sheet of a village or township for aid that is still to be posted, and nothing of why."""

import io
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from organizations.models import AccessRecord
from temporary_aid.models import TemporaryAid
from temporary_aid.services import post_aid
from tests.support.aid import open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, LINXI, VILLAGES, Crew
from tests.support.factories import area
from tests.temporary_aid.builders import MORNING, approved

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 9, 14)
WAY = reverse("temporary_aid:print_publicity")


def told(code: str, **more: str) -> dict[str, Any]:
    days = {"first_day": "2026-09-14", "last_day": "2026-09-20", "place": "村务公开栏"}
    return {"area": area(code).pk} | days | more


def text(answer: Any) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def both(people: Crew) -> list[TemporaryAid]:
    return [approved(people), approved(people, aid=open_urgent(people.officer, name="章小妹", people_count=1))]


def test_a_villages_sheet_says_who_how_many_how_much_and_when_and_nothing_of_why(people: Crew) -> None:
    first, _ = both(people)
    answer = Desk(people.officer, on=MONDAY).post(WAY, told(VILLAGES[LINXI]))
    sheet = text(answer)
    assert "1许金宝32,340.002026年9月13日" in sheet
    assert "2章小妹12,340.002026年9月13日" in sheet
    assert "监督电话：12345" in sheet
    assert "公示时间：2026年9月14日至2026年9月20日。公示地点：村务公开栏。" in sheet
    assert "急难型临时救助" in sheet
    number = first.recipient_id_number.reveal()
    for word in ("火灾", "失火", "一组7号", "13905630101", number, number[-4:], "草稿", "未编号", "中度"):
        assert word not in sheet
    record = AccessRecord.objects.filter(reason__startswith="打印").get()
    assert first.number in record.reason


def test_a_townships_sheet_names_the_villages(people: Crew) -> None:
    both(people)
    sheet = text(Desk(people.officer, on=MONDAY).post(WAY, told(LINXI)))
    assert sheet.count(area(VILLAGES[LINXI]).short_name) >= 2


def test_what_was_posted_is_not_printed_again(people: Crew) -> None:
    aid = approved(people)
    post_aid(aid, posted_on=MORNING.date(), place="公开栏", by=people.officer, at=MORNING)
    answer = Desk(people.officer, on=MONDAY).post(WAY, told(VILLAGES[LINXI]))
    assert (answer.status_code, list(errors_of(answer))) == (422, ["area"])


@pytest.mark.parametrize(("more", "field"), [({"last_day": "2026-09-13"}, "last_day"), ({"place": ""}, "place")])
def test_a_fault_stands_beside_its_field(people: Crew, more: dict[str, str], field: str) -> None:
    approved(people)
    answer = Desk(people.officer, on=MONDAY).post(WAY, told(VILLAGES[LINXI], **more))
    assert (answer.status_code, list(errors_of(answer))) == (422, [field])


def test_neighbours_print_nothing_of_it(people: Crew) -> None:
    approved(people)
    desk = Desk(people.officer, on=MONDAY)
    assert list(errors_of(desk.post(WAY, told(HUAYANG)))) == ["area"]
    assert Desk(people.lead, on=MONDAY).fetch(WAY).status_code == 403
