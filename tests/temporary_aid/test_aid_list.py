"""临时救助名单: every filter gives exactly its rows, the export the same, and a person is found by number."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import tablib
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.forms.listing import AidListForm
from temporary_aid.models import AidStage, TemporaryAid
from tests.support.aid import HUAYANG, NIGHT, SHANGHAI, open_urgent
from tests.support.cases import Desk
from tests.support.crews import VILLAGES, Crew, crew
from tests.support.factories import make_id_number, make_staff
from tests.temporary_aid.builders import SINCE, approved, proposed

pytestmark = pytest.mark.django_db
TODAY = NIGHT.date()
LIST = reverse("temporary_aid:list")


def names(page: Any) -> list[str]:
    return [aid.recipient_name for aid, _ in page.context["rows"]]


def paid(aid: TemporaryAid, at: datetime) -> None:
    """As the room of stages writes it."""
    stage = AidStage.objects.filter(aid=aid)
    stage.update(
        state="paid",
        paid_at=at,
        paid_by=aid.opened_by,
        second_hand="章建国",
        received_by=aid.recipient_name,
        source="county",
        method="cash",
    )
    TemporaryAid.objects.filter(pk=aid.pk).update(first_paid_at=at)


@pytest.fixture
def several(people: Crew) -> Crew:
    """An opened traffic accident, a proposed fire, an approved illness paid in time, another paid late in October."""
    open_urgent(people.officer, name="汪开", cause="traffic")
    proposed(people, aid=open_urgent(people.officer, name="胡提"))
    ill = approved(people, aid=open_urgent(people.officer, name="章病", cause="sudden_illness"))
    paid(ill, NIGHT + timedelta(hours=24))
    late = approved(people, aid=open_urgent(people.officer, name="程晚", cause="accident"))
    paid(late, datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI))
    return people


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["程晚", "章病", "胡提", "汪开"]),
        ("state=opened", ["汪开"]),
        ("state=open", ["程晚", "章病", "胡提", "汪开"]),
        ("state=granted", ["程晚", "章病"]),
        ("kind=urgent&cause=fire", ["胡提"]),
        ("kind=expenditure", []),
        ("route=simplified", ["程晚", "章病"]),
        ("level=township", ["程晚", "章病"]),
        ("level=county", []),
        ("clock=in_time", ["章病"]),
        ("clock=late", ["程晚"]),
        ("clock=running", ["胡提", "汪开"]),
        ("clock=overdue", []),
        ("decided_month=2026-09", ["程晚", "章病"]),
        ("decided_month=2026-10", []),
        ("reported_month=2026-09", ["程晚", "章病", "胡提", "汪开"]),
        ("helped_month=2026-09", ["章病"]),
        ("helped_month=2026-10", ["程晚"]),
        ("paid_month=2026-10", ["程晚"]),
        ("publicity=due", ["程晚", "章病"]),
        ("publicity=late", []),
        ("publicity=posted", []),
        ("q=章病", ["章病"]),
        ("q=晚", ["程晚"]),
        (f"village={VILLAGES['341824101']}", ["程晚", "章病", "胡提", "汪开"]),
        ("sort=number", ["汪开", "胡提", "章病", "程晚"]),
        ("sort=-amount", ["程晚", "章病", "胡提", "汪开"]),
    ],
)
def test_every_filter_gives_its_rows(several: Crew, query: str, found: list[str]) -> None:
    page = Desk(several.officer, on=TODAY).fetch(f"{LIST}?{query}")
    assert page.status_code == 200
    assert names(page) == found


def test_totals_say_what_was_granted(several: Crew) -> None:
    page = Desk(several.officer, on=TODAY).fetch(LIST)
    # 3 × 780 = 2,340.00 each.
    assert "已批准或已先行2件，批准金额4,680.00元" in page.content.decode()


def test_the_county_sees_every_township_and_cuts_by_one(several: Crew) -> None:
    other = crew(HUAYANG)
    open_urgent(other.officer, township=HUAYANG, name="邵远")
    desk = Desk(several.visitor, on=TODAY)
    assert "邵远" in names(desk.fetch(LIST))
    assert names(desk.fetch(f"{LIST}?township={HUAYANG}")) == ["邵远"]
    assert names(Desk(other.officer, on=TODAY).fetch(LIST)) == ["邵远"]


@pytest.mark.parametrize("query", ["state=x", "kind=x", "decided_month=9", "clock=x", f"village={VILLAGES[HUAYANG]}"])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(several: Crew, query: str) -> None:
    desk = Desk(several.officer, on=TODAY)
    page = desk.fetch(f"{LIST}?{query}")
    assert (page.status_code, page.context["rows"]) == (422, [])
    assert desk.post(f"{reverse('temporary_aid:export')}?{query}").status_code == 400


def test_no_number_of_a_person_stands_in_an_address(several: Crew) -> None:
    assert Desk(several.officer, on=TODAY).fetch(f"{LIST}?q={make_id_number()}").status_code == 400
    form = AidListForm({"q": make_id_number()}, staff=several.officer)
    assert "身份证号请用" in form.errors["q"][0]


def test_the_export_is_the_filtered_list_with_masked_numbers_and_on_record(several: Crew) -> None:
    answer = Desk(several.officer, on=TODAY).post(f"{reverse('temporary_aid:export')}?state=granted&sort=number")
    table = tablib.Dataset().load(answer.content, format="xlsx")
    assert table["救助对象"] == ["章病", "程晚"]
    assert table["报告到到手（小时）"][0] == 24
    assert all("*" in number for number in table["身份证号"])
    assert AccessRecord.objects.filter(kind="export", row_count=2, reason="导出临时救助名单2件").exists()


def test_somebody_is_found_by_id_number_only_where_one_may_look(several: Crew) -> None:
    aid = TemporaryAid.objects.get(recipient_name="章病")
    number = {"id_number": str(aid.recipient_id_number.reveal())}
    find = reverse("temporary_aid:find")
    answer = Desk(several.officer, on=TODAY).post(find, number)
    assert answer["Location"] == reverse("temporary_aid:detail", args=[aid.pk])
    neighbour = Desk(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=SINCE), on=TODAY).post(find, number)
    assert "辖区内没有" in neighbour.content.decode()
    assert Desk(several.officer, on=TODAY).post(find, {"id_number": "1"}).status_code == 422


def test_what_is_to_be_posted_is_late_after_its_day(several: Crew) -> None:
    aid = TemporaryAid.objects.get(recipient_name="章病")
    assert aid.publicity_due_on is not None
    for days, found in ((0, []), (1, ["程晚", "章病"])):
        desk = Desk(several.officer, on=aid.publicity_due_on + timedelta(days=days))
        assert names(desk.fetch(f"{LIST}?publicity=late")) == found
    at = datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)
    services.post_aid(aid, posted_on=date(2026, 9, 14), place="公开栏", by=several.officer, at=at)
    assert names(Desk(several.officer, on=TODAY).fetch(f"{LIST}?publicity=posted")) == ["章病"]


def test_a_list_of_three_and_of_thirty_ask_the_database_as_often(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = Desk(people.officer, on=TODAY), []
    desk.fetch(reverse("temporary_aid:entrustments"))
    for more in (3, 27):
        for _ in range(more):
            open_urgent(people.officer)
        with django_assert_max_num_queries(30) as asked:
            assert desk.fetch(f"{LIST}?size=50").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
