"""Registering and deciding aid at the desk: what the pages suggest, keep on a fault, and lead to."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from organizations.models import AccessRecord
from temporary_aid import services
from temporary_aid.models import StockItem, TemporaryAid, VillageEntrustment
from tests.benefits.builders import set_parameter
from tests.support.aid import LINXI, NIGHT, open_urgent, photo
from tests.support.cases import Desk, errors_of
from tests.support.crews import VILLAGES, Crew, family
from tests.support.factories import area, make_id_number
from tests.temporary_aid.builders import approved, proposed, resolved, secretary

pytestmark = pytest.mark.django_db
TODAY = NIGHT.date() + timedelta(days=1)
WHO = {
    "name": "许金宝",
    "missing_id_reason": "",
    "people_count": "3",
    "registered_place": "河南省信阳市",
    "living_place": "一组7号",
    "phone": "13905630101",
}
WHAT = {
    "ground": "occurred",
    "cause": "fire",
    "grade": "moderate",
    "occurred_on": "2026-09-12",
    "situation": "夜里失火，烧毁正房两间。",
    "first_reported_at": "2026-09-12T23:30",
}
_STAGE_FIELDS = ("form", "amount", "item", "count", "service", "provider", "planned_on", "condition")


def address(name: str, *args: Any) -> str:
    return reverse(f"temporary_aid:{name}", args=args)


def words(page: Any) -> str:
    return "".join(page.content.decode().split())


def stages(*rows: dict[str, str], kept: int = 1) -> dict[str, str]:
    """What the rows of stages send."""
    sent = {"stages-TOTAL_FORMS": str(len(rows)), "stages-INITIAL_FORMS": str(kept)}
    for at, row in enumerate(rows):
        sent |= {f"stages-{at}-{name}": row.get(name, "") for name in _STAGE_FIELDS}
    return sent


def opening(desk: Desk, **more: str) -> Any:
    once = desk.fetch(address("open")).context["form"]["once"].value()
    place = {"area": str(area(VILLAGES[LINXI]).pk), "once": once}
    return desk.post(address("open"), WHO | WHAT | place | {"id_number": make_id_number()} | more)


# 窗口登记


def test_somebody_from_elsewhere_is_registered_at_the_window_with_the_clock_from_the_first_report(people: Crew) -> None:
    answer = opening(Desk(people.officer, on=TODAY))
    aid = TemporaryAid.objects.get()
    assert answer["Location"] == address("detail", aid.pk)
    assert (aid.first_reported_at, aid.help_due_at) == (NIGHT, NIGHT + timedelta(hours=24))
    assert (aid.ground, aid.registered_place, aid.kind) == ("occurred", "河南省信阳市", "urgent")


def test_a_form_sent_twice_registers_once(people: Crew) -> None:
    desk = Desk(people.officer, on=TODAY)
    opening(desk, once="a" * 32)
    opening(desk, once="a" * 32)
    assert TemporaryAid.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"id_number": ""}, "id_number"),
        ({"id_number": "341890196803120011"}, "id_number"),
        ({"missing_id_reason": "lost"}, "missing_id_reason"),
        ({"cause": ""}, "cause"),
        ({"cause": "medical"}, "self_paid_amount"),
        ({"situation": ""}, "situation"),
        ({"occurred_on": "2026-09-14"}, "occurred_on"),
        ({"first_reported_at": "2026-09-14T00:00"}, "first_reported_at"),
        ({"first_reported_at": "0001-01-01T00:00"}, "first_reported_at"),
        ({"first_reported_at": "2025-09-12T23:30"}, "first_reported_at"),
        ({"occurred_on": "1999-12-31"}, "occurred_on"),
        ({"phone": "123"}, "phone"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_everything_typed_stays(
    people: Crew, more: dict[str, str], field: str
) -> None:
    page = opening(Desk(people.officer, on=TODAY), **more)
    assert page.status_code == 422
    assert list(errors_of(page)) == [field]
    assert page.context["form"]["living_place"].value() == "一组7号"
    assert not TemporaryAid.objects.exists()


def test_a_family_on_record_is_found_and_helped_without_typing_it_again(people: Crew) -> None:
    household, desk = family(people), Desk(people.officer, on=TODAY)
    head = household.members.get(relation="head")
    found = desk.post(address("start"), {"q": str(head.person.id_number.reveal())})
    assert [row.pk for row in found.context["families"]] == [household.pk]
    assert "aid_form" not in found.context
    to = f"{address('open')}?family={household.pk}"
    form = desk.fetch(to).context["form"]
    assert "name" not in form.fields
    desk.post(to, WHAT | {"applicant": head.pk, "area": household.area_id, "once": form["once"].value()})
    aid = TemporaryAid.objects.get()
    assert (aid.household, aid.applicant, aid.recipient_name, aid.people_count) == (household, head, "胡德旺", 3)


def test_a_number_that_nobody_knows_begins_the_form(people: Crew) -> None:
    number, desk = make_id_number(), Desk(people.officer, on=TODAY)
    page = desk.post(address("start"), {"q": number})
    assert page.context["aid_form"]["id_number"].value() == number
    assert number not in page.request["PATH_INFO"]
    named = desk.post(address("start"), {"q": "许金宝"})
    assert named.context["aid_form"]["name"].value() == "许金宝"


def test_an_aid_that_is_there_already_is_shown_before_it_is_registered_again(people: Crew) -> None:
    aid = open_urgent(people.officer)
    page = Desk(people.officer, on=TODAY).post(address("start"), {"q": str(aid.recipient_id_number.reveal())})
    assert page.context["aids"] == [aid]


def test_the_suggestion_follows_what_is_typed(people: Crew) -> None:
    desk = Desk(people.officer, on=TODAY)
    fire = words(desk.post(address("suggest"), {"cause": "fire", "grade": "severe"}))
    # 4 × 780.
    assert "建议金额<strong>3,120.00</strong>元" in fire
    assert "本地做法" in fire
    spent = words(desk.post(address("suggest"), {"cause": "medical", "grade": "moderate", "self_paid_amount": "3000"}))
    assert "建议金额<strong>3,000.00</strong>元" in spent
    assert "选择困难程度以后" in words(desk.post(address("suggest"), {"cause": "fire"}))
    assert "选择事由和困难程度以后" in words(desk.post(address("suggest"), {}))


def test_a_registration_is_mended_until_it_is_decided(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    form = desk.fetch(address("mend", aid.pk)).context["form"]
    sent = WHO | WHAT | {"area": str(aid.area_id), "grade": "severe", "version": form["version"].value()}
    sent |= {"name": "许金保", "id_number": ""}
    assert desk.post(address("mend", aid.pk), sent).status_code == 302
    mended = TemporaryAid.objects.get(pk=aid.pk)
    assert (mended.recipient_name, mended.grade) == ("许金保", "severe")
    assert mended.recipient_id_number.reveal() == aid.recipient_id_number.reveal()
    stale = desk.post(address("mend", aid.pk), sent)
    assert stale.status_code == 422
    assert "刚被别人改过" in words(stale)


def test_papers_lost_in_the_fire_are_written_later_and_the_family_linked(people: Crew) -> None:
    household, desk = family(people), Desk(people.officer, on=TODAY)
    head = household.members.get(relation="head")
    aid = open_urgent(people.officer, id_number="", missing_id_reason="lost")
    assert "补登身份" in words(desk.fetch(address("detail", aid.pk)))
    found = desk.post(address("link", aid.pk), {"q": "胡德旺"})
    assert [row.pk for row in found.context["families"]] == [household.pk]
    to = f"{address('link', aid.pk)}?family={household.pk}"
    assert desk.fetch(to).status_code == 200
    assert desk.post(to, {"applicant": head.pk}).status_code == 302
    assert TemporaryAid.objects.get(pk=aid.pk).household == household


# 提出和审批


def test_a_proposal_in_three_stages_is_approved_and_the_page_offers_what_is_next(people: Crew) -> None:
    quilt = StockItem.objects.create(name="棉被", kind="bedding", unit="床", unit_value=Decimal("120.00"))
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    assert "提出救助意见" in words(desk.fetch(address("detail", aid.pk)))
    page = desk.fetch(address("propose", aid.pk))
    assert page.context["rows"].forms[0]["amount"].value() == "2,340.00"
    rows = stages(
        {"form": "money", "amount": "1100"},
        {"form": "in_kind", "item": str(quilt.pk), "count": "2"},
        {"form": "money", "amount": "1,000.00", "planned_on": "2026-10-12", "condition": "仍无住处"},
    )
    sent = {"grade": "moderate", "opinion": "情况属实", "below_reason": "", "difference_reason": ""}
    assert desk.post(address("propose", aid.pk), sent | rows).status_code == 302
    lead = Desk(people.lead, on=TODAY)
    assert address("approve", aid.pk) in lead.fetch(address("detail", aid.pk)).content.decode()
    assert address("approve", aid.pk) not in desk.fetch(address("detail", aid.pk)).content.decode()
    shown = lead.fetch(address("approve", aid.pk))
    assert "同意救助2,340.00元" in words(shown)
    version = shown.context["form"]["version"].value()
    assert lead.post(address("approve", aid.pk), {"opinion": "同意", "version": version}).status_code == 302
    aid.refresh_from_db()
    # 1100 + 2 × 120 + 1000.
    assert (aid.state, aid.amount, aid.stages.count()) == ("approved", Decimal("2340.00"), 3)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"form": "money"}, "amount"),
        ({"form": "money", "amount": "0"}, "amount"),
        ({"form": "money", "amount": "-1"}, "amount"),
        ({"form": "in_kind"}, "item"),
        ({"form": "service"}, "service"),
    ],
)
def test_a_stage_that_is_not_whole_is_marked_in_its_row(people: Crew, row: dict[str, str], field: str) -> None:
    aid = open_urgent(people.officer)
    sent = {"grade": "moderate", "opinion": "情况属实"} | stages(row)
    page = Desk(people.officer, on=TODAY).post(address("propose", aid.pk), sent)
    assert page.status_code == 422
    assert field in page.context["rows"].forms[0].errors
    assert page.context["form"]["opinion"].value() == "情况属实"


def test_above_the_maximum_the_page_says_what_to_do_first(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    sent = {"grade": "severe", "opinion": "情况属实"} | stages({"form": "money", "amount": "3120.01"})
    page = desk.post(address("propose", aid.pk), sent)
    assert page.status_code == 422
    assert "须先提请一事一议" in words(page)
    assert "超过上限3,120.00元，须先提请一事一议" in words(desk.post(address("suggest_for", aid.pk), sent))


def test_a_reason_that_is_missing_is_asked_for_beside_its_field(people: Crew) -> None:
    aid = open_urgent(people.officer)
    sent = {"grade": "light", "opinion": "情况属实"} | stages({"form": "money", "amount": "1559.99"})
    page = Desk(people.officer, on=TODAY).post(address("propose", aid.pk), sent)
    assert list(errors_of(page)) == ["below_reason"]


def test_late_the_page_asks_why(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY + timedelta(days=1))
    assert "late_reason" in desk.fetch(address("propose", aid.pk)).context["form"].fields
    assert "已超" in words(desk.fetch(address("detail", aid.pk)))
    on_time = Desk(people.officer, on=TODAY)
    assert "late_reason" not in on_time.fetch(address("propose", aid.pk)).context["form"].fields


def test_a_proposal_is_sent_back_or_refused_with_a_reason(people: Crew) -> None:
    aid, lead = proposed(people), Desk(people.lead, on=TODAY)
    assert errors_of(lead.post(address("send_back", aid.pk), {"reason": ""})).keys() == {"reason"}
    assert lead.post(address("send_back", aid.pk), {"reason": "请核实"}).status_code == 302
    proposed(people, aid=aid)
    assert lead.post(address("refuse", aid.pk), {"reason": "保险已赔付"}).status_code == 302
    page = words(lead.fetch(address("detail", aid.pk)))
    assert "不予救助" in page
    assert "保险已赔付" in page


def test_an_aid_is_given_up_before_it_is_decided(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    assert desk.post(address("withdraw", aid.pk), {"reason": "家属不要"}).status_code == 302
    assert desk.post(address("withdraw", aid.pk), {"reason": "又一次"}).status_code == 422


# 一事一议、村级委托、公示


def test_the_secretary_records_a_meeting_with_who_was_there_and_its_minutes(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(secretary(), on=TODAY)
    assert desk.fetch(address("record_meeting", aid.pk)).status_code == 200
    sent: dict[str, Any] = {
        "minutes_number": "绩救协纪〔2026〕3号",
        "met_on": "2026-09-13",
        "place": "县民政局会议室",
        "chair": "方文娟",
        "matter": "住房全毁",
        "opinions": "一致同意",
        "is_agreed": "yes",
        "resolved_amount": "6000",
        "present-TOTAL_FORMS": "2",
        "present-INITIAL_FORMS": "0",
        "present-0-name": "方文娟",
        "present-0-unit": "县民政局",
        "present-1-name": "汪明",
        "present-1-unit": "县财政局",
    }
    page = desk.post(address("record_meeting", aid.pk), sent)
    assert list(errors_of(page)) == ["minutes"]
    answer = desk.post(address("record_meeting", aid.pk), sent | {"minutes": photo("纪要.jpg")})
    assert answer.status_code == 302
    shown = words(desk.fetch(address("detail", aid.pk)))
    assert "汪明（县财政局）" in shown
    proposal = Desk(people.officer, on=TODAY).fetch(address("propose", aid.pk))
    assert proposal.context["rows"].forms[0]["amount"].value() == "6,000.00"
    void = address("void_meeting", aid.collective_decisions.get().pk)
    assert desk.post(void, {"reason": "登记错"}).status_code == 302


def test_the_county_entrusts_a_village_which_then_decides_on_its_own_page(people: Crew) -> None:
    set_parameter("village_temp_limit", "2")
    county = Desk(people.approver, on=TODAY)
    sent = {"area": VILLAGES[LINXI], "starts_on": TODAY.isoformat(), "document_number": "绩民〔2026〕18号"}
    assert county.post(address("entrust"), sent | {"scan": photo("文件.jpg")}).status_code == 302
    row = VillageEntrustment.objects.get()
    listed = county.fetch(address("entrustments"))
    assert "委托中" in words(listed)
    assert county.fetch(address("entrustment_scan", row.pk)).status_code == 200
    aid, village = open_urgent(people.assistant), Desk(people.assistant, on=TODAY)
    assert "村级决定救助" in words(village.fetch(address("detail", aid.pk)))
    given = {"grade": "light", "opinion": "情况属实"} | stages({"form": "money", "amount": "1560"})
    assert village.post(address("decide_in_village", aid.pk), given).status_code == 302
    aid.refresh_from_db()
    assert (aid.state, aid.decided_level) == ("approved", "village")
    ended = county.post(address("end_entrustment", row.pk), {"last_day": TODAY.isoformat(), "reason": "村里无人值守"})
    assert ended.status_code == 302
    assert "村级委托" in words(village.fetch(address("list")))


def test_a_granted_aid_is_posted_from_its_page(people: Crew) -> None:
    aid, desk = approved(people), Desk(people.officer, on=TODAY)
    assert "登记公示" in words(desk.fetch(address("detail", aid.pk)))
    sent = {"posted_on": TODAY.isoformat(), "place": "临溪村公开栏", "photo": photo("公示.jpg")}
    assert desk.post(address("post", aid.pk), sent).status_code == 302
    assert "临溪村公开栏公示" in words(desk.fetch(address("detail", aid.pk)))


def test_papers_follow_the_help_from_the_page_of_the_aid(people: Crew) -> None:
    aid, desk = approved(people), Desk(people.officer, on=TODAY)
    to = address("add_file", aid.pk)
    assert to in desk.fetch(address("detail", aid.pk)).content.decode()
    assert errors_of(desk.post(to, {"kind": "identity"})).keys() == {"photo"}
    assert desk.post(to, {"kind": "identity", "photo": photo("身份证.jpg")}).status_code == 302
    assert aid.files.get().kind == "identity"


# 页面


def test_a_number_is_shown_whole_only_with_a_purpose_and_on_record(people: Crew) -> None:
    aid, desk = open_urgent(people.officer), Desk(people.officer, on=TODAY)
    number = str(aid.recipient_id_number.reveal())
    assert number not in desk.fetch(address("detail", aid.pk)).content.decode()
    assert number not in desk.post(address("reveal", aid.pk, "id-number")).content.decode()
    reason = desk.fetch(address("detail", aid.pk)).context["reveal_form"].fields["reason"].choices[1][0]
    shown = desk.post(address("reveal", aid.pk, "id-number"), {"reveal-reason": reason, "reveal-note": "核对"})
    assert number in shown.content.decode()
    assert AccessRecord.objects.filter(subject_type="temporary_aid", subject_id=aid.pk, kind="reveal").exists()
    assert desk.post(address("reveal", aid.pk, "name")).status_code == 404


def test_the_page_of_an_aid_with_everything_on_file_asks_no_more_than_it_needs(
    people: Crew, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    aid = open_urgent(people.officer, household=family(people))
    resolved(aid, secretary())
    approved(people, aid=aid)
    for _ in range(4):
        services.add_file(aid, kind="other", upload=photo(), by=people.officer, at=NIGHT)
    desk = Desk(people.lead, on=TODAY)
    desk.fetch(address("detail", aid.pk))
    with django_assert_max_num_queries(45):
        assert desk.fetch(address("detail", aid.pk)).status_code == 200


def test_the_familys_page_leads_to_its_aid(people: Crew) -> None:
    aid = approved(people, aid=open_urgent(people.officer, household=family(people)))
    page = Desk(people.officer, on=TODAY).fetch(reverse("households:detail", args=[aid.household_id]))
    assert address("detail", aid.pk) in page.content.decode()
