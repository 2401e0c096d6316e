"""Pages of dynamic management as each person meets them."""

from datetime import date
from typing import Any

import pytest
import tablib
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from benefits import services as benefits
from dynamic_review import services
from dynamic_review.models import JobOffer, ReviewDue, ReviewExtension, ReviewTrigger
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.dynamic_review.builders import TODAY, awarded, due_of
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, LINXI, VILLAGES, Crew, crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


def address(name: str, *args: Any) -> str:
    return reverse(f"dynamic_review:{name}", args=args)


def names(page: Any) -> list[str]:
    return [due.head_name for due, _ in page.context["rows"]]


def words(page: Any) -> str:
    return "".join(page.content.decode().split())


def test_the_list_shows_what_is_to_be_done_and_each_filter_cuts_it(people: Crew) -> None:
    awarded(people, name="程有田", on=date(2025, 11, 1))
    awarded(people, name="胡国庆", on=date(2025, 12, 20))
    awarded(people, name="章小妹", on=date(2026, 11, 1))
    services.plan_reviews(on=TODAY)
    desk = Desk(people.officer, on=TODAY)
    assert set(names(desk.fetch(address("list")))) == {"程有田", "胡国庆"}
    assert names(desk.fetch(address("list") + "?shown=late")) == ["程有田"]
    assert len(names(desk.fetch(address("list") + "?shown=all"))) == 3
    assert names(desk.fetch(address("list") + "?shown=all&q=章小妹")) == ["章小妹"]
    assert names(desk.fetch(address("list") + "?shown=all&scheme=tekun")) == []
    planned = due_of(benefits_award("章小妹")).planned_on
    assert "章小妹" in names(desk.fetch(f"{address('list')}?shown=all&month={planned:%Y-%m}"))
    assert desk.fetch(address("list") + "?month=2026").status_code == 422


def benefits_award(name: str) -> Any:
    return ReviewDue.objects.get(award__persons__person__name=name).award


def test_the_months_show_their_load_and_lead_to_their_list(people: Crew) -> None:
    for number in range(3):
        awarded(people, name=f"汪{chr(0x4E00 + number)}", category="C")
    services.plan_reviews(on=TODAY)
    page = Desk(people.officer, on=TODAY).fetch(address("list"))
    loads = [month for month, *_ in page.context["months"]]
    assert sum(month.planned for month in loads) == 3
    assert {month.first: month.legal for month in loads}[date(2027, 2, 1)] == 3
    assert loads[0].capacity == 4 * 6  # 23 to 30 November 2026 are six working days, four visits each


def test_a_neighbour_sees_nothing_and_the_county_all(people: Crew) -> None:
    awarded(people)
    services.plan_reviews(on=TODAY)
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    assert names(Desk(neighbour, on=TODAY).fetch(address("list") + "?shown=all")) == []
    assert names(Desk(people.approver, on=TODAY).fetch(address("list") + "?shown=all")) == ["胡德旺"]


def test_excel_holds_exactly_what_is_filtered_and_is_on_record(people: Crew) -> None:
    awarded(people, name="程有田", on=date(2025, 11, 1))
    awarded(people, name="章小妹", on=date(2026, 11, 1))
    services.plan_reviews(on=TODAY)
    answer = Desk(people.officer, on=TODAY).post(address("export") + "?shown=late")
    book = tablib.Dataset().load(answer.content, format="xlsx")
    assert book["户主"] == ["程有田"]
    assert AccessRecord.objects.get(kind="export").row_count == 1


def test_the_clerk_accepts_a_plan_or_moves_it_only_earlier(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    due, desk = due_of(award), Desk(people.officer, on=TODAY)
    desk.post(address("chosen"), {"dues": [due.pk], "act": "keep", "planned_on": "2027-09-01"})
    assert not due_of(award).kept, "later than the legal day"
    desk.post(address("chosen"), {"dues": [due.pk], "act": "keep", "planned_on": "2026-12-07"})
    assert (due_of(award).planned_on, due_of(award).kept) == (date(2026, 12, 7), True)
    desk.post(address("relevel"), {"township": LINXI})
    assert due_of(award).planned_on == date(2026, 12, 7)


def test_a_review_is_opened_once_with_what_called_for_it(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    services.note_by_hand(award, cause="complaint", happened_on=TODAY, note="有车", by=people.officer, on=TODAY)
    desk = Desk(people.officer, on=TODAY)
    desk.post(address("start", award.pk))
    case = due_of(award).case
    assert case is not None
    assert case.review.cause == "complaint"
    assert case.review.legal_due_on == date(2026, 12, 23)
    assert ReviewTrigger.objects.get(award=award).case == case
    desk.post(address("start", award.pk))
    assert award.cases.count() == 1
    assert names(desk.fetch(address("list") + "?shown=under_way")) == ["胡德旺"]
    assert services.plan_reviews(on=TODAY) == 0


def test_the_tour_of_a_village_lists_whom_to_visit_and_is_on_record(people: Crew) -> None:
    awarded(people, name="程有田", on=date(2025, 11, 1))
    services.plan_reviews(on=TODAY)
    desk = Desk(people.officer, on=TODAY)
    page = desk.post(address("tour"), {"village": VILLAGES[LINXI]})
    assert "程有田" in words(page)
    assert AccessRecord.objects.get(kind="document").reason == "打印复核走访名单1户"
    assert desk.post(address("tour"), {"village": VILLAGES[HUAYANG]}).status_code == 404


def test_changes_complaints_and_offers_are_noted_from_the_familys_page(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    desk = Desk(people.officer, on=TODAY)
    family = reverse("households:detail", args=[award.household_id])
    for name in ("report", "complaint", "offer"):
        assert address(name, award.pk) in desk.fetch(family).content.decode()
    assert errors_of(desk.post(address("report", award.pk), {"happened_on": "2026-11-24", "note": "x"})).keys() == {
        "happened_on"
    }
    desk.post(address("report", award.pk), {"happened_on": "2026-11-20", "note": "女儿参加工作"})
    said = {"person": award.persons.get().person_id, "offered_on": "2026-11-20", "job": "保洁", "answer": "refused"}
    desk.post(address("offer", award.pk), said)
    assert JobOffer.objects.get().job == "保洁"
    assert "女儿参加工作" in words(desk.fetch(family))
    page = desk.fetch(address("triggers"))
    assert [row.cause for row, _ in page.context["rows"]] == ["reported"]
    trigger = ReviewTrigger.objects.get()
    desk.post(address("settle", trigger.pk), {"settlement": "已分户"})
    assert [row.cause for row, _ in desk.fetch(address("triggers") + "?shown=settled").context["rows"]] == ["reported"]


def test_the_county_extends_within_the_bound_and_takes_it_back(people: Crew) -> None:
    award = awarded(people)
    services.plan_reviews(on=TODAY)
    desk = Desk(people.approver, on=TODAY)
    form = desk.fetch(address("extend")).context["form"]
    place = form.fields["areas"].queryset.get(code=LINXI)
    said = {
        "areas": [place.pk],
        "schemes": ["dibao"],
        "from_day": "2027-08-01",
        "to_day": "2027-08-31",
        "months": "4",
        "document": "皖民发〔2027〕1号",
        "reason": "暴雨",
    }
    assert errors_of(desk.post(address("extend"), said)).keys() == {"months"}
    desk.post(address("extend"), said | {"months": "3"})
    assert due_of(award).legal_due_on == date(2027, 11, 30)
    assert due_of(award).planned_on <= date(2027, 11, 30)
    assert services.plan_reviews(on=TODAY) == 0
    extension = ReviewExtension.objects.get()
    assert "皖民发〔2027〕1号" in words(desk.fetch(address("extensions")))
    desk.post(address("revoke_extension", extension.pk), {"reason": "登记有误"})
    assert due_of(award).legal_due_on == date(2027, 8, 31)
    assert due_of(award).planned_on <= date(2027, 8, 31)


def test_the_board_counts_every_township_now(people: Crew) -> None:
    awarded(people, name="程有田", on=date(2025, 11, 1))
    stopped = awarded(people, name="汪长根", on=date(2025, 10, 1))
    awarded(crew(HUAYANG), name="邵国平", village=VILLAGES[HUAYANG])
    services.plan_reviews(on=TODAY)
    desk = Desk(people.approver, on=TODAY)

    def row(code: str) -> Any:
        return next(row for row in desk.fetch(address("board")).context["rows"] if row.township.code == code)

    assert (row(LINXI).open, row(LINXI).late, row(LINXI).todo, row(LINXI).share_in_time) == (2, 2, 2, 0)
    assert (row(HUAYANG).open, row(HUAYANG).late, row(HUAYANG).share_in_time) == (1, 0, None)
    benefits.end_award(stopped, last_month=date(2026, 11, 1), reason="停", decided_by=people.approver, decided_on=TODAY)
    assert (row(LINXI).open, row(LINXI).late) == (1, 1), "counted as of now, stopped families no longer"


def test_lateness_is_foreseen_by_the_townships_own_pace(people: Crew) -> None:
    """Legal days of 24 November: one working day after today and today, four visits each."""
    for number in range(9):
        awarded(people, name=f"汪{chr(0x4E00 + number)}", on=date(2025, 11, 24))
    services.plan_reviews(on=TODAY)
    desk = Desk(people.officer, on=TODAY)
    page = desk.fetch(address("list"))
    assert page.context["foreseen"] == 1
    assert len(names(desk.fetch(address("list") + f"?shown=foreseen&township={LINXI}"))) == 1
    board = Desk(people.approver, on=TODAY).fetch(address("board"))
    assert board.context["totals"]["foreseen"] == 1


def test_three_and_thirty_families_ask_the_database_as_often(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = Desk(people.officer, on=TODAY), []
    desk.fetch(address("extensions"))
    for more in (3, 12):
        for number in range(more):
            awarded(people, name=f"汪{chr(0x4E00 + number)}", on=date(2025, 11, 1))
        services.plan_reviews(on=TODAY)
        with django_assert_max_num_queries(70) as asked:
            desk.fetch(address("list"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_family_page_has_one_way_to_open_a_review(people: Crew) -> None:
    award = awarded(people)
    desk = Desk(people.officer, on=TODAY)
    url = reverse("households:detail", args=[award.household_id])
    form, press = reverse("applications:open_review", args=[award.pk]), address("start", award.pk)
    page = desk.fetch(url).content.decode()
    assert (page.count(">发起复核<"), form in page, press in page) == (1, True, False)
    services.note_by_hand(award, cause="reported", happened_on=TODAY, note="打工", by=people.officer, on=TODAY)
    page = desk.fetch(url).content.decode()
    assert (page.count(">发起复核<"), form in page, press in page) == (1, False, True)
