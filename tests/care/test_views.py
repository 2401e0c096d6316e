"""Pages of care after approval: lists, acts and their refusals, each as the person meets it."""

from datetime import date
from typing import Any

import pytest
import tablib
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from care import queries, services
from care.models import CareAgreement, CarePoint, CareVisit, SelfCareReport
from organizations.models import AccessRecord, Staff
from tests.care.builders import TODAY, found, reported, signed, supported, visited
from tests.documents.reading import text_of
from tests.households.builders import picture
from tests.support.cases import Desk, errors_of
from tests.support.crews import VILLAGES, Crew
from tests.support.factories import make_id_number

pytestmark = pytest.mark.django_db
FOUND = {"diet": "good", "hygiene": "good", "health": "fair", "housing": "good", "visitors": "汪志强"}


def address(name: str, *args: Any) -> str:
    return reverse(f"care:{name}", args=args)


def opened(staff: Staff) -> Desk:
    """A desk whose session is written for the day: the first page of a session writes it, later ones do not."""
    desk = Desk(staff, on=TODAY)
    desk.fetch(address("homes"))
    return desk


def words(page: Any) -> str:
    return str(page.content.decode())


def names(page: Any) -> list[str]:
    return [award.person_name for award, _ in page.context["rows"]]


def test_the_list_shows_whom_to_visit_now_and_the_county_how_often(people: Crew) -> None:
    late = supported(people, name="汪长根", level="disabled")
    visited(late, people.assistant, on=date(2026, 11, 2))
    later = supported(people, name="章小妹", level="self_reliant")
    visited(later, people.assistant, on=TODAY)
    desk = Desk(people.assistant, on=TODAY)
    page = desk.fetch(address("list"))
    assert names(page) == ["汪长根"]
    assert "已超期" in words(page)
    assert "全自理1个月一次、半失能7个自然日一次、失能7个自然日一次" in "".join(words(page).split())
    assert names(desk.fetch(address("list") + "?due=all")) == ["汪长根", "章小妹"]
    assert names(desk.fetch(address("list") + "?due=all&level=self_reliant")) == ["章小妹"]


@pytest.mark.parametrize("query", [{"due": "x"}, {"level": "x"}, {"village": "341824100201"}])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(people: Crew, query: dict[str, str]) -> None:
    supported(people)
    desk = Desk(people.officer, on=TODAY)
    name, value = next(iter(query.items()))
    page = desk.fetch(f"{address('list')}?{name}={value}")
    assert page.status_code == 422
    assert page.context["rows"] == []
    assert errors_of(page).keys() == query.keys()
    assert desk.post(f"{address('export')}?{name}={value}").status_code == 400


def test_a_list_of_three_and_of_thirty_ask_the_database_as_often(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = opened(people.officer), []
    for more in (3, 27):
        for number in range(more):
            award = supported(people, name=f"汪{chr(0x4E00 + number)}", level="disabled")
            if number % 2:
                visited(award, people.assistant, on=date(2026, 11, 1), problem="缺药")
        with django_assert_max_num_queries(40) as asked:
            assert desk.fetch(address("list") + "?due=all&size=50").status_code == 200
        counts.append(len(asked))
        with django_assert_max_num_queries(60) as asked:
            assert desk.fetch("/?size=50").status_code == 200
        counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_the_export_is_what_is_filtered_and_on_record(people: Crew) -> None:
    award = supported(people, name="汪长根", level="disabled")
    supported(people, name="章小妹", level="self_reliant")
    desk = Desk(people.officer, on=TODAY)
    answer = desk.post(address("export") + "?due=all&level=disabled")

    rows = tablib.Dataset().load(answer.content, format="xlsx")
    assert rows["特困人员"] == ["汪长根"]
    record = AccessRecord.objects.get(kind="export")
    assert (record.reason, record.person_ids) == ("导出走访照料名单1人", [award.persons.get().person_id])


def test_the_blank_sheet_of_a_village_names_whom_to_visit(people: Crew) -> None:
    supported(people, name="汪长根")
    supported(people, name="章小妹", mode="institutional")
    desk = Desk(people.assistant, on=TODAY)
    text = text_of(desk.post(address("sheet"), {"village": VILLAGES["341824101"]}).content)
    assert "汪长根" in text
    assert "章小妹" not in text
    assert desk.post(address("sheet"), {"village": VILLAGES["341824100"]}).status_code == 404


def test_a_visit_is_recorded_on_one_page(people: Crew) -> None:
    award = supported(people)
    desk = Desk(people.assistant, on=TODAY)
    page = desk.fetch(address("record_visit", award.pk))
    assert page.context["form"].initial == {"visited_on": TODAY, "visitors": "汪志强"}
    wrong = desk.post(address("record_visit", award.pk), FOUND | {"visited_on": "2026-11-23", "diet": "poor"})
    assert wrong.status_code == 422
    assert errors_of(wrong).keys() == {"problem"}
    sent = FOUND | {"visited_on": "2026-11-23", "diet": "poor", "problem": "没有米", "photo": picture("灶台.jpg")}
    assert desk.post(address("record_visit", award.pk), sent).status_code == 302
    visit = CareVisit.objects.get()
    assert (visit.diet, visit.recorded_by, visit.photo is not None) == ("poor", people.assistant, True)
    detail = desk.fetch(address("detail", award.pk))
    assert "没有米" in words(detail)
    point = CarePoint.objects.get()
    assert desk.post(address("settle_point", point.pk), {"settlement": "已送米"}).status_code == 302
    assert desk.post(address("void_visit", visit.pk), {"reason": "重复登记"}).status_code == 302
    assert "已作废" in words(desk.fetch(address("detail", award.pk)))


def test_an_agreement_is_written_printed_signed_and_ended(people: Crew) -> None:
    award = supported(people)
    desk = Desk(people.officer, on=TODAY)
    terms = {
        "carer_kind": "relative",
        "carer_name": "胡德才2",
        "carer_id_number": make_id_number(birth_date=date(1975, 6, 1)),
        "carer_phone": "13905639999",
        "relation": "侄子",
        "contents": ["meals"],
        "frequency": "daily",
        "starts_on": "2026-11-23",
        "ends_on": "2027-11-22",
    }
    wrong = desk.post(address("draft_agreement", award.pk), terms)
    assert errors_of(wrong).keys() == {"carer_name"}
    assert desk.post(address("draft_agreement", award.pk), terms | {"carer_name": "胡德才"}).status_code == 302
    agreement = CareAgreement.objects.get()
    page = words(desk.fetch(address("detail", award.pk)))
    assert "待签字" in page
    assert address("draft_agreement", award.pk) not in page
    assert terms["carer_id_number"] not in page
    assert terms["carer_id_number"] in text_of(desk.post(address("print_agreement", agreement.pk)).content)
    assert AccessRecord.objects.filter(kind="document", subject_id=agreement.pk).exists()
    signing = {"signed_on": "2026-11-23", "scan": picture("协议.jpg")}
    assert desk.post(address("sign_agreement", agreement.pk), signing).status_code == 302
    assert "已签订" in words(desk.fetch(address("detail", award.pk)))
    shown = desk.post(address("reveal", agreement.pk, "phone"), {"reveal-reason": "联系群众"})
    assert "13905639999" in words(shown)
    assert AccessRecord.objects.filter(kind="reveal", subject_type="care_agreement").exists()
    assert desk.post(address("reveal", agreement.pk, "name"), {"reveal-reason": "联系群众"}).status_code == 404
    ending = {"ended_on": "2026-11-23", "reason": "外出务工"}
    assert desk.post(address("end_agreement", agreement.pk), ending).status_code == 302
    assert "外出务工" in words(desk.fetch(address("detail", award.pk)))


def test_an_institution_is_entered_by_the_county_and_lived_in(people: Crew) -> None:
    award = supported(people, mode="institutional")
    county, township = Desk(people.visitor, on=TODAY), Desk(people.officer, on=TODAY)
    area = people.officer.posts.get().area_id
    assert county.post(address("add_home"), {"name": "临溪镇敬老院", "area": area}).status_code == 302
    assert errors_of(county.post(address("add_home"), {"name": "临溪镇敬老院", "area": area})).keys() == {"name"}
    assert "临溪镇敬老院" in words(township.fetch(address("homes")))
    form = township.fetch(address("admit", award.pk)).context["form"]
    home = form.fields["home"].queryset.get()
    assert county.fetch(address("edit_home", home.pk)).context["form"].initial["name"] == "临溪镇敬老院"
    sent = {"home": home.pk, "admitted_on": "2026-11-23"}
    assert township.post(address("admit", award.pk), sent).status_code == 302
    page = words(township.fetch(address("detail", award.pk)))
    assert "2026年11月23日入住" in page
    assert address("admit", award.pk) not in page
    admission = award.admissions.get()
    assert (
        township.post(address("discharge", admission.pk), {"left_on": "2026-11-23", "reason": "转院"}).status_code
        == 302
    )


def test_a_change_is_reported_assessed_and_decided(people: Crew) -> None:
    award = supported(people)
    village, township, county = (Desk(one, on=TODAY) for one in (people.assistant, people.officer, people.approver))
    sent = {"reported_on": "2026-11-23", "reported_by": "侄子胡德才", "change": "摔伤"}
    assert village.post(address("report", award.pk), sent).status_code == 302
    report = SelfCareReport.objects.get()
    form = township.fetch(address("assess", report.pk)).context["form"]
    assert form.initial["township_assessor"] == people.officer.pk
    assessed = {
        "unable": ["dressing", "walking", "bathing", "toileting"],
        "support_mode": "home_based",
        "mode_said_by": "本人",
        "assessed_on": "2026-11-23",
        "place": "家中",
        "township_assessor": people.officer.pk,
        "county_assessor": people.visitor.pk,
        "opinion": "四项不能自主完成",
    }
    assert errors_of(township.post(address("assess", report.pk), assessed | {"opinion": ""})).keys() == {"opinion"}
    assert township.post(address("assess", report.pk), assessed).status_code == 302
    page = words(county.fetch(address("decide", report.pk)))
    for told in ("356.00", "623.00", "1,523.00", "2026年12月起"):
        assert told in page
    shown = carried(county.fetch(address("decide", report.pk)))
    assert errors_of(county.post(address("decide", report.pk), shown | {"answer": "back"})).keys() == {"reason"}
    assert errors_of(county.post(address("decide", report.pk), shown | {"answer": "yes"})).keys() == {"answer"}
    assert errors_of(county.post(address("decide", report.pk), shown)).keys() == {"answer"}
    assert county.post(address("decide", report.pk), shown | {"answer": "agree"}).status_code == 302
    assert award.versions.count() == 2
    again = county.fetch(address("decide", report.pk))
    assert (again.status_code, again.url) == (302, f"{address('detail', award.pk)}#reassessment")
    assert "同意调整" in words(county.fetch(address("detail", award.pk)))


def carried(page: Any) -> dict[str, Any]:
    """What the page's form sends back of what it shows."""
    form = page.context["form"]
    return {name: form[name].value() for name in ("assessment", "monthly_amount", "from_month")}


def test_nobody_agrees_to_what_they_were_not_shown(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    first = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    desk, way = Desk(people.approver, on=TODAY), address("decide", report.pk)
    shown = carried(desk.fetch(way)) | {"answer": "agree", "reason": "同意"}
    other = {"monthly_amount": "1500.00", "from_month": "2026-11-01"}
    for wrong in [{name: value} for name, value in other.items()] + [{"monthly_amount": ""}]:
        page = desk.post(way, shown | wrong)
        assert page.status_code == 409
        assert "请核对最新情况后再决定" in words(page)
        assert page.context["form"]["reason"].value() == "同意"
    services.send_back(first, reason="请补充医院诊断", by=people.approver, on=TODAY)
    data = found(people, support_mode="institutional")
    services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    page = desk.post(way, shown)
    assert page.status_code == 409
    assert award.versions.count() == 1
    assert desk.post(way, carried(page) | {"answer": "agree"}).status_code == 302
    assert award.versions.latest("serial").support_mode == "institutional"


def test_the_notice_waits_on_the_townships_list_until_it_is_delivered(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    assessment = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    notice = services.decide_care(assessment, by=people.approver, on=TODAY).notice
    assert notice is not None
    desk, way = Desk(people.officer, on=TODAY), reverse("documents:preview", args=[notice.pk])
    (task,) = desk.fetch("/?kind=deliver").context["tasks"]
    assert (task.act, task.matter, task.url) == ("送达照料护理档次调整告知书", notice.number, way)
    assert task.family == queries.person_of(report.award).name
    desk.fetch(way)
    sent = {"delivered_on": "2026-11-23", "way": "direct", "received_by": "胡德旺", "note": ""}
    assert desk.post(reverse("documents:deliver", args=[notice.pk]), sent).status_code == 302
    assert task.act not in [row.act for row in desk.fetch("/").context["tasks"]]


def test_the_village_assistant_is_not_shown_amounts(people: Crew) -> None:
    award = supported(people)
    assert "金额变化" not in words(Desk(people.assistant, on=TODAY).fetch(address("detail", award.pk)))
    assert "金额变化" in words(Desk(people.visitor, on=TODAY).fetch(address("detail", award.pk)))


def test_the_page_of_a_person_asks_as_often_whatever_stands_on_it(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    desk, counts = opened(people.officer), []
    award = supported(people)
    signed(award, people.officer)
    for more in (2, 12):
        for _ in range(more):
            visited(award, people.assistant, problem="缺药")
        with django_assert_max_num_queries(45) as asked:
            assert desk.fetch(address("detail", award.pk)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- 待办 --------------------------------------------------------------------------------------------------------


def acts(desk: Desk) -> list[tuple[str, str]]:
    """What is asked of somebody for the family; the county has rolls to make besides."""
    tasks = desk.fetch("/").context["tasks"]
    return [(task.act, task.family) for task in tasks if task.family == "胡德旺"]


def test_what_care_asks_for_stands_on_the_home_page_of_whose_turn_it_is(people: Crew) -> None:
    award = supported(people, level="disabled")
    visited(award, people.assistant, on=date(2026, 11, 2), problem="缺药")
    village, township = Desk(people.assistant, on=TODAY), Desk(people.officer, on=TODAY)
    county, approver = Desk(people.visitor, on=TODAY), Desk(people.approver, on=TODAY)
    assert acts(village) == [("走访照料", "胡德旺")]
    assert set(acts(township)) == {("走访照料", "胡德旺"), ("办结走访发现的问题", "胡德旺")}
    report = reported(award, people.assistant)
    assert acts(county) == [("复核评估自理能力", "胡德旺")]
    assert ("复核评估自理能力", "胡德旺") in acts(township)
    services.assess_self_care(report, data=found(people, unable=["walking"]), by=people.officer, on=TODAY)
    assert acts(county) == []
    assert acts(approver) == [("决定照料护理档次调整", "胡德旺")]


def test_the_family_page_leads_to_the_care_of_its_people(people: Crew) -> None:
    award = supported(people)
    page = words(Desk(people.assistant, on=TODAY).fetch(reverse("households:detail", args=[award.household_id])))
    assert address("detail", award.pk) in page
