"""Pages of reports, quick entry, advances, papers and recoupment, each as the person meets it."""

from datetime import date, timedelta
from typing import Any

import pytest
import tablib
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord
from temporary_aid.models import HardshipReport, ReserveFund, Supplement, TemporaryAid
from temporary_aid.services.reports import dismiss_report, enter_report
from tests.benefits.builders import set_parameter
from tests.support.aid import NIGHT, photo
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, Crew, crew
from tests.support.factories import make_id_number
from tests.temporary_aid.advances import SOON, advanced, asked, fund, recouping, report_data, supplemented

pytestmark = pytest.mark.django_db
SUNDAY = date(2026, 9, 13)
"""A desk opens at ten in the morning: ten and a half hours after the report of Saturday night."""
TUESDAY = date(2026, 9, 15)


def address(name: str, *args: Any) -> str:
    return reverse(f"temporary_aid:{name}", args=args)


def words(page: Any) -> str:
    return str(page.content.decode())


def sheet(response: Any) -> tablib.Dataset:
    return tablib.Dataset().load(response.content, format="xlsx")


def quick_form(desk: Desk, **more: Any) -> dict[str, Any]:
    """What a village assistant sends from the phone."""
    form = desk.fetch(address("quick")).context["form"]
    kept = {name: form[name].value() for name in ("once", "area", "word", "vouched_by", "source", "ground")}
    told = {
        "name": "许金宝",
        "id_number": make_id_number(birth_date=date(1971, 2, 3)),
        "cause": "fire",
        "grade": "moderate",
        "situation": "夜里失火，烧了两间房",
        "photo": photo(),
        "reported_at": "2026-09-12T23:30",
        "people_count": "3",
    }
    return kept | told | more


# --- 快速登记 -----------------------------------------------------------------------------------------------------


def test_the_village_enters_an_emergency_in_one_form(people: Crew) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    page = desk.fetch(address("quick"))
    assert 'capture="environment"' in words(page)
    assert "一般 1,560元" in words(page)
    answer = desk.post(address("quick"), quick_form(desk))
    aid = TemporaryAid.objects.get()
    assert (answer.status_code, answer.url) == (302, address("detail", aid.pk))
    assert (aid.state, aid.first_reported_at, aid.area_id) == (
        "advance_asked",
        NIGHT,
        people.assistant.posts.get().area_id,
    )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"cause": ""}, "cause"),
        ({"grade": ""}, "grade"),
        ({"photo": ""}, "photo"),
        ({"situation": ""}, "situation"),
        ({"id_number": ""}, "missing_id_reason"),
        ({"id_number": "341824"}, "id_number"),
        ({"reported_at": "2026-09-13T10:01"}, "reported_at"),
        ({"amount": "-1"}, "amount"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_is_kept(people: Crew, more: dict[str, Any], field: str) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    page = desk.post(address("quick"), quick_form(desk, place="一组7号") | more)
    assert (page.status_code, field in errors_of(page)) == (422, True)
    assert page.context["form"]["place"].value() == "一组7号"
    assert ("重新拍照" in words(page)) == (field != "photo")
    assert TemporaryAid.objects.count() == 0


def test_a_form_that_is_sent_twice_acts_once(people: Crew) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    sent = quick_form(desk)
    desk.post(address("quick"), sent)
    again = desk.post(address("quick"), sent | {"photo": photo()})
    assert (again.status_code, TemporaryAid.objects.count()) == (302, 1)


def test_somebody_without_papers_is_helped_first(people: Crew) -> None:
    desk = Desk(people.assistant, on=SUNDAY)
    sent = quick_form(desk, id_number="", missing_id_reason="unidentified", amount="1600")
    assert desk.post(address("quick"), sent).status_code == 302
    aid = TemporaryAid.objects.get()
    assert (aid.missing_id_reason, str(aid.advance_requests.get().asked_amount)) == ("unidentified", "1600.00")


# --- 急难报告 -----------------------------------------------------------------------------------------------------


def report(people: Crew, **more: Any) -> HardshipReport:
    return enter_report(report_data(**more), by=people.assistant, at=SOON)


def test_a_ticket_is_entered_taken_and_rung_back(people: Crew) -> None:
    county, township = Desk(people.visitor, on=SUNDAY), Desk(people.officer, on=SUNDAY)
    form = county.fetch(address("add_report")).context["form"]
    assert form["source"].value() == "hotline"
    sent = {
        "area": people.assistant.posts.get().area_id,
        "source": "hotline",
        "hotline_ticket": "WT20260913007",
        "reported_at": "2026-09-13T08:00",
        "reporter_name": "王女士",
        "person_name": "许金宝",
        "situation": "邻居家失火",
        "is_urgent": "on",
    }
    assert county.post(address("add_report"), sent).status_code == 302
    found = HardshipReport.objects.get()
    assert errors_of(county.post(address("add_report"), sent)).keys() == {"hotline_ticket"}
    page = township.fetch(address("report", found.pk))
    assert "还剩22小时0分" in words(page)
    assert "须回访来电人" in words(page)
    form = page.context["take_form"]
    taken = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    taken |= {"cause": "fire", "occurred_on": "2026-09-13"}
    assert errors_of(township.post(address("take_report", found.pk), taken)).keys() == {"ground"}
    taken |= {"ground": "occurred"}
    answer = township.post(address("take_report", found.pk), taken)
    aid = TemporaryAid.objects.get()
    assert (answer.status_code, answer.url) == (302, address("detail", aid.pk))
    assert aid.ground == "occurred"
    assert "待回访" in words(county.fetch(address("reports")))
    assert county.post(address("call_back", found.pk), {"result": "已告知，满意"}).status_code == 302
    assert "待回访" not in words(county.fetch(address("report", found.pk)))


def test_the_list_is_cut_exported_and_put_on_record(people: Crew) -> None:
    report(people)
    dismiss_report(report(people, person_name="章小妹"), reason="已由亲属安置", by=people.officer, at=SOON)
    desk = Desk(people.officer, on=SUNDAY)
    assert [row.person_name for row, _ in desk.fetch(address("reports")).context["rows"]] == ["许金宝", "章小妹"]
    page = desk.fetch(address("reports") + "?state=dismissed")
    assert [row.person_name for row, _ in page.context["rows"]] == ["章小妹"]
    table = sheet(desk.post(address("export_reports") + "?state=dismissed"))
    assert table["遇困人员"] == ["章小妹"]
    assert table["处置说明"] == ["已由亲属安置"]
    assert AccessRecord.objects.filter(kind="export", subject_type="hardship_report", row_count=1).exists()


@pytest.mark.parametrize("query", ["state=x", "village=341824100201", "q=341824197102030011", "late=x"])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(people: Crew, query: str) -> None:
    report(people)
    desk = Desk(people.officer, on=SUNDAY)
    page = desk.fetch(f"{address('reports')}?{query}")
    assert page.status_code in (400, 422)
    assert "许金宝" not in words(page)
    assert desk.post(f"{address('export_reports')}?{query}").status_code == 400


def test_a_report_is_dismissed_or_marked_as_a_duplicate(people: Crew) -> None:
    first, second = report(people), report(people, reported_at=NIGHT + timedelta(hours=1))
    desk = Desk(people.officer, on=SUNDAY)
    assert first.number in words(desk.fetch(address("report", second.pk)))
    assert errors_of(desk.post(address("dismiss_report", first.pk), {"reason": ""})).keys() == {"reason"}
    doubled = address("duplicate_report", second.pk)
    assert errors_of(desk.post(doubled, {"reason": "同一件"})).keys() == {"duplicate_of"}
    assert desk.post(doubled, {"reason": "同一件", "duplicate_of": first.pk}).status_code == 302
    assert f'与<a href="{address("report", first.pk)}"' in words(desk.fetch(address("report", second.pk)))
    assert second.number in words(desk.fetch(address("report", first.pk)))
    assert errors_of(desk.post(address("dismiss_report", second.pk), {"reason": "无"})).keys() == {"__all__"}


def test_whoever_rang_is_found_by_the_number_and_the_reading_is_on_record(people: Crew) -> None:
    found = report(people, reporter_phone="13905630199")
    desk = Desk(people.officer, on=SUNDAY)
    assert "13905630199" not in words(desk.fetch(address("report", found.pk)))
    way = address("reveal_report", found.pk, "reporter-phone")
    assert "13905630199" in words(desk.post(way, {"reveal-reason": "联系群众"}))
    assert AccessRecord.objects.filter(kind="reveal", subject_type="hardship_report", subject_id=found.pk).exists()
    assert desk.post(address("reveal_report", found.pk, "name"), {"reveal-reason": "联系群众"}).status_code == 404


def test_another_township_finds_nothing(people: Crew) -> None:
    fund(people)
    found, paper = report(people), supplemented(people)
    desk = Desk(crew(HUAYANG).officer, on=SUNDAY)
    lead = Desk(crew(HUAYANG).lead, on=SUNDAY)
    for name in ("report", "take_report", "dismiss_report", "duplicate_report", "call_back"):
        assert desk.fetch(address(name, found.pk)).status_code == 404
    for name in ("pay_advance", "submit_supplement", "set_relieved", "decline_advance", "ask_advance"):
        assert desk.fetch(address(name, paper.aid_id)).status_code == 404
    assert lead.fetch(address("check_supplement", paper.pk)).status_code == 404
    assert lead.fetch(address("order_recoupment", paper.aid_id)).status_code == 404
    assert "许金宝" not in words(desk.fetch(address("reports"))) + words(desk.fetch(address("advances")))


# --- 先行救助 -----------------------------------------------------------------------------------------------------

PAID = {
    "grade": "moderate",
    "amount": "2340",
    "received_by": "许金宝",
    "second_hand": "胡玉兰",
}


def test_the_township_pays_and_the_page_shows_slip_and_due_day(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    desk = Desk(people.officer, on=SUNDAY)
    page = desk.fetch(address("pay_advance", aid.pk))
    for told in ("20,000.00", "3,120.00", "2,340.00", "还剩13小时30分", "情况属实，请先行救助。", "本次在次数以内"):
        assert told in words(page)
    assert page.context["form"].initial["amount"] == aid.advance_requests.get().asked_amount
    refused = desk.post(address("pay_advance", aid.pk), PAID | {"amount": "3120.01", "voucher": "字1"})
    assert (refused.status_code, errors_of(refused).keys()) == (422, {"amount"})
    assert refused.context["form"]["voucher"].value() == "字1"
    assert desk.post(address("pay_advance", aid.pk), PAID | {"receipt": photo("领取.jpg")}).status_code == 302
    page = words(desk.fetch(address("detail", aid.pk)))
    for told in ("XX2026-0001", "17,660.00", "2026年9月24日", "提交补充说明", "登记急难解除日"):
        assert told in page
    assert errors_of(desk.post(address("pay_advance", aid.pk), PAID)).keys() == {"__all__"}


def test_late_money_asks_for_the_reason(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    desk = Desk(people.officer, on=date(2026, 9, 14))
    assert "已超10小时30分" in words(desk.fetch(address("pay_advance", aid.pk)))
    assert errors_of(desk.post(address("pay_advance", aid.pk), PAID)).keys() == {"late_reason"}
    assert desk.post(address("pay_advance", aid.pk), PAID | {"late_reason": "道路塌方"}).status_code == 302


def test_the_village_asks_and_the_township_declines(people: Crew) -> None:
    fund(people)
    aid = asked(people)
    desk = Desk(people.officer, on=SUNDAY)
    declined = desk.post(address("decline_advance", aid.pk), {"reason": "不属急难"})
    assert declined.status_code == 302
    assert "不属急难" in words(desk.fetch(address("detail", aid.pk)))
    village = Desk(people.assistant, on=SUNDAY)
    sent = {"amount": "2340", "word": "又下雨", "vouched_by": "汪志强", "photo": photo()}
    assert errors_of(village.post(address("ask_advance", aid.pk), sent | {"photo": ""})).keys() == {"photo"}
    assert village.post(address("ask_advance", aid.pk), sent | {"photo": photo()}).status_code == 302


def test_the_county_releases_what_overdue_papers_stop(people: Crew) -> None:
    set_parameter("aid_supplement_blocks", True)
    fund(people)
    advanced(people)
    aid = asked(people, name="章小妹", id_number="", missing_id_reason="lost")
    late = date(2026, 9, 28)
    county = Desk(people.approver, on=late)
    assert "放行先行救助" in words(county.fetch(address("detail", aid.pk)))
    assert "1件先行救助逾期" in words(Desk(people.officer, on=late).fetch(address("pay_advance", aid.pk)))
    assert county.post(address("release_advance", aid.pk), {"reason": "房屋倒塌"}).status_code == 302
    sent = PAID | {"late_reason": "等待放行", "received_by": "章小妹"}
    assert Desk(people.officer, on=late).post(address("pay_advance", aid.pk), sent).status_code == 302


def test_the_list_of_advances_is_cut_and_exported(people: Crew) -> None:
    fund(people)
    advanced(people)
    desk = Desk(people.officer, on=TUESDAY)
    (row,) = desk.fetch(address("advances")).context["rows"]
    assert (row[0].number, row[1].text) == ("XX2026-0001", "剩 8 个工作日")
    assert desk.fetch(address("advances") + "?standing=overdue").context["rows"] == []
    late = Desk(people.officer, on=date(2026, 9, 25))
    assert len(late.fetch(address("advances") + "?standing=overdue&month=2026-09").context["rows"]) == 1
    table = sheet(late.post(address("export_advances") + "?standing=overdue"))
    assert (table["先行单编号"], table["手续"], table["报告到发放（小时）"]) == (["XX2026-0001"], ["逾期未补"], [9])
    assert desk.fetch(address("advances") + "?standing=x").status_code == 422


# --- 补充说明、追回 --------------------------------------------------------------------------------------------------


def test_papers_are_handed_in_sent_back_and_accepted(people: Crew) -> None:
    fund(people)
    aid = advanced(people)
    clerk, lead = Desk(people.officer, on=TUESDAY), Desk(people.lead, on=TUESDAY)
    way = address("submit_supplement", aid.pk)
    assert errors_of(clerk.post(way, {"facts": "属实"})).keys() == {"papers"}
    sent = {"facts": "失火属实，三口人", "relieved_on": "2026-09-14", "papers": [photo("表.jpg"), photo("签字.jpg")]}
    assert clerk.post(way, sent).status_code == 302
    found = Supplement.objects.get()
    assert found.papers.count() == 2
    assert "审核补充说明" not in words(clerk.fetch(address("detail", aid.pk)))
    check = address("check_supplement", found.pk)
    page = words(lead.fetch(check))
    for told in ("失火属实，三口人", "2,340.00", "2026年9月28日", "材料2", "还没有关联家庭档案"):
        assert told in page
    assert errors_of(lead.post(check, {"opinion": "同意"})).keys() == {"answer"}
    assert lead.post(check, {"answer": "back", "opinion": "缺签字"}).status_code == 302
    assert "缺签字" in words(clerk.fetch(way))
    assert clerk.post(way, sent | {"papers": [photo()]}).status_code == 302
    again = address("check_supplement", Supplement.objects.get(result="waiting").pk)
    more = {"answer": "accept", "opinion": "同意", "further_amount": "500", "further_condition": "开始修房"}
    assert errors_of(lead.post(again, more)).keys() == {"difference_reason"}
    assert errors_of(lead.post(again, more | {"further_amount": ""})).keys() == {"further_amount"}
    assert lead.post(again, more | {"difference_reason": "房屋全毁"}).status_code == 302
    aid.refresh_from_db()
    assert (aid.state, str(aid.amount), aid.stages.count()) == ("approved", "2840.00", 2)
    assert lead.fetch(again).status_code == 302


def test_the_clerk_who_paid_is_not_let_in_to_check(people: Crew) -> None:
    fund(people)
    found = supplemented(people)
    assert Desk(people.officer, on=TUESDAY).fetch(address("check_supplement", found.pk)).status_code == 403


def test_money_is_asked_back_comes_in_and_the_rest_is_written_off(people: Crew) -> None:
    fund(people)
    aid = advanced(people)
    lead, clerk, county = (Desk(one, on=TUESDAY) for one in (people.lead, people.officer, people.approver))
    order = address("order_recoupment", aid.pk)
    refused = lead.post(order, {"due_amount": "2340.01", "reason": "谎报"})
    assert errors_of(refused).keys() == {"due_amount"}
    assert lead.post(order, {"due_amount": "2340", "reason": "谎报"}).status_code == 302
    repay = address("record_repayment", aid.pk)
    sent = {"amount": "340", "repaid_on": "2026-09-15", "voucher": "退1", "to_reserve": "yes"}
    assert errors_of(clerk.post(repay, sent | {"amount": "2340.01"})).keys() == {"amount"}
    assert clerk.post(repay, sent).status_code == 302
    assert str(ReserveFund.objects.get().balance) == "18000.00"
    page = words(county.fetch(address("detail", aid.pk)))
    for told in ("应追回2,340.00元，还有2,000.00元没有追回", "核销余款", "退回备用金，凭证退1"):
        assert told in page
    assert county.post(address("waive_recoupment", aid.pk), {"reason": "当事人死亡"}).status_code == 302
    aid.refresh_from_db()
    assert aid.state == "recouped"


def test_the_day_on_which_the_emergency_was_over_is_entered(people: Crew) -> None:
    fund(people)
    aid = advanced(people)
    desk = Desk(people.officer, on=TUESDAY)
    way = address("set_relieved", aid.pk)
    assert errors_of(desk.post(way, {"relieved_on": "2026-09-16"})).keys() == {"relieved_on"}
    assert desk.post(way, {"relieved_on": "2026-09-14"}).status_code == 302
    assert "2026年9月28日" in words(desk.fetch(address("detail", aid.pk)))


# --- 查询次数 -----------------------------------------------------------------------------------------------------


def test_lists_and_pages_ask_as_often_whatever_stands_on_them(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    fund(people, amount="90000.00")
    desk = Desk(people.officer, on=TUESDAY)
    desk.fetch(address("advances"))
    counts: list[list[int]] = []
    others = iter("甲乙丙丁戊己庚辛壬癸")
    for more in (2, 8):
        for number in range(more):
            found = report(people, person_name=f"许金{'甲乙丙丁戊己庚辛'[number]}")
            advanced(people, id_number="", missing_id_reason="lost", name=f"章小{next(others)}")
        counts.append([])
        for way in (address("reports"), address("advances"), address("report", found.pk)):
            with django_assert_max_num_queries(30) as asked_for:
                assert desk.fetch(way).status_code == 200
            counts[-1].append(len(asked_for))
    assert counts[0] == counts[1]


def test_a_recoupment_on_the_page_asks_few(people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    fund(people)
    found = recouping(people)
    desk = Desk(people.officer, on=TUESDAY)
    desk.fetch(address("advances"))
    with django_assert_max_num_queries(45):
        assert desk.fetch(address("detail", found.aid_id)).status_code == 200
