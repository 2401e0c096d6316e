import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from households import services
from households.models import Attachment, Household, Member, Person
from households.queries import incomes_of, valid_consent
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.households.builders import data, head, newborn, picture, register
from tests.households.web import as_staff, text_of, to
from tests.support.factories import AT, LINXI, ON, area, make_id_number, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "fresh_cache")]


def member_fields(**more: str) -> dict[str, str]:
    fields = {"name": "汪秋菊", "relation": "spouse", "health": "good", "schooling": "none", "employment": "none"}
    return fields | {"lives_together": "on", "once": "b" * 32} | more


def test_a_member_is_added_once_and_corrected(browser: Client, family: Household) -> None:
    form = member_fields(id_number="", missing_id_reason="lost", sex="female", birth_date="1972-05-01")
    for _ in range(2):
        assert browser.post(to("add_member", family.pk), form).status_code == 302
    wife = family.members.get(relation="spouse")
    family.refresh_from_db()
    change = form | {"name": "汪秋玲", "version": str(family.version), "disability_kind": "multiple"}
    change |= {"disability_level": "2", "component_physical": "2", "component_hearing": "3"}
    assert browser.post(to("correct_member", family.pk, wife.pk), change).status_code == 302
    person = Person.objects.get(pk=wife.person_id)
    assert person.name == "汪秋玲"
    assert person.disabilities.get().components == [{"kind": "hearing", "level": 3}, {"kind": "physical", "level": 2}]
    page = text_of(browser.get(to("correct_member", family.pk, wife.pk)))
    assert re.search(r'name="component_physical"[^>]*>.*?value="2" selected', page, re.S)


def test_correcting_without_the_number_keeps_it(browser: Client, clerk: Staff, family: Household) -> None:
    me = head(family)
    number = me.person.id_number.reveal()
    assert number not in text_of(browser.get(to("correct_member", family.pk, me.pk)))
    form = member_fields(name="胡得旺", id_number="", version=str(family.version))
    del form["relation"]
    assert browser.post(to("correct_member", family.pk, me.pk), form).status_code == 302
    person = Person.objects.get(pk=me.person_id)
    assert (person.name, person.id_number.reveal()) == ("胡得旺", number)


def test_a_stale_form_shows_both_versions_and_loses_neither(browser: Client, clerk: Staff, family: Household) -> None:
    typed = {"address": "我的地址", "registration_kind": "registered", "residence": "rural", "version": "1"}
    services.change_facts(family, facts={"address": "别人的地址"}, by=clerk, version=1)
    response = browser.post(to("edit", family.pk), typed)
    page = text_of(response)
    assert response.status_code == 409
    assert "我的地址" in page and "别人的地址" in page and 'name="version" value="2"' in page
    assert Household.objects.get().address == "别人的地址"
    assert browser.post(to("edit", family.pk), typed | {"version": "2"}).status_code == 302
    assert Household.objects.get().address == "我的地址"


def test_a_phone_left_empty_stays(browser: Client, clerk: Staff) -> None:
    family = register(clerk, phone="13905632207")
    form = {"address": "新址", "registration_kind": "registered", "residence": "rural", "version": "1", "phone": ""}
    assert browser.post(to("edit", family.pk), form).status_code == 302
    assert Household.objects.get().phone.reveal() == "13905632207"


def income_fields(member: Member, *amounts: str, version: int, ids: tuple[int, ...] = ()) -> dict[str, str]:
    form = {"incomes-TOTAL_FORMS": str(len(amounts)), "incomes-INITIAL_FORMS": str(len(ids)), "version": str(version)}
    for row, amount in enumerate(amounts):
        form |= {f"incomes-{row}-member": str(member.pk), f"incomes-{row}-kind": "wage"}
        form |= {f"incomes-{row}-yearly_amount": amount}
    return form | {f"incomes-{row}-id": str(pk) for row, pk in enumerate(ids)}


def test_amounts_are_read_as_people_write_them(browser: Client, family: Household) -> None:
    url = to("yearly", family.pk, "incomes", 2026)
    form = income_fields(head(family), "12000", "12,000.00", "1.2万", version=1)
    assert browser.post(url, form).status_code == 302
    assert [str(row.yearly_amount) for row in incomes_of(family, year=2026)] == ["12000.00"] * 3
    first = incomes_of(family, year=2026)[0]
    form = income_fields(head(family), "600", version=2, ids=(first.pk,))
    assert browser.post(url, form).status_code == 302
    assert [(row.pk, str(row.yearly_amount)) for row in incomes_of(family, year=2026)] == [(first.pk, "600.00")]


@pytest.mark.parametrize(
    ("amount", "sentence"), [("-1", "负数"), ("很多", "请填金额"), ("1.234", "分"), ("", "请填写年金额")]
)
def test_wrong_amounts_are_named_by_row(browser: Client, family: Household, amount: str, sentence: str) -> None:
    form = income_fields(head(family), "100", amount, version=1)
    page = text_of(browser.post(to("yearly", family.pk, "incomes", 2026), form))
    assert "第2行" in page and sentence in page and 'value="100"' in page
    assert not incomes_of(family, year=2026).exists()


def test_stale_rows_show_what_the_other_saved(browser: Client, clerk: Staff, family: Household) -> None:
    browser.post(to("yearly", family.pk, "incomes", 2026), income_fields(head(family), "777", version=1))
    response = browser.post(to("yearly", family.pk, "incomes", 2026), income_fields(head(family), "555", version=1))
    page = text_of(response)
    assert response.status_code == 409 and "777.00" in page and 'value="555"' in page
    assert [str(row.yearly_amount) for row in incomes_of(family, year=2026)] == ["777.00"]


def test_property_spending_and_supporters_are_recorded(browser: Client, family: Household) -> None:
    me = head(family)
    form = {"financial_assets": "1.5万", "vehicles": "0", "vehicle_value": "0", "houses": "1", "businesses": "0"}
    assert browser.post(to("property", family.pk), form | {"version": "1"}).status_code == 302
    assert "负数" in text_of(browser.post(to("property", family.pk), form | {"financial_assets": "-5", "version": "2"}))
    spent = {"expenses-TOTAL_FORMS": "1", "expenses-INITIAL_FORMS": "0", "version": "2", "expenses-0-kind": "medical"}
    too_much = spent | {"expenses-0-claimed_yearly_amount": "100", "expenses-0-yearly_amount": "200"}
    assert "不能超过申报额" in text_of(browser.post(to("yearly", family.pk, "expenses", 2026), too_much))
    within = too_much | {"expenses-0-yearly_amount": "90"}
    assert browser.post(to("yearly", family.pk, "expenses", 2026), within).status_code == 302
    row = {"name": "胡大", "relation": "子女", "birth_date": "1990-01-01", "status": "other", "yearly_income": "3万"}
    row |= {"incapacity": "none", "property_within_limit": "on", "phone": "13905632207"}
    rows = {f"supporters-0-{name}": value for name, value in row.items()}
    rows |= {"supporters-TOTAL_FORMS": "1", "supporters-INITIAL_FORMS": "0", "version": "3", "known_all": "on"}
    assert browser.post(to("supporters", family.pk, me.pk), rows).status_code == 302
    kept = me.supporters.get()
    again = rows | {
        "supporters-INITIAL_FORMS": "1",
        "supporters-0-id": str(kept.pk),
        "version": "4",
        "supporters-0-phone": "",
    }
    assert browser.post(to("supporters", family.pk, me.pk), again).status_code == 302
    assert me.supporters.get(ended_on=None).phone.reveal() == "13905632207"
    page = text_of(browser.get(to("detail", family.pk), {"year": 2026}))
    assert "15,000.00" in page and "90.00" in page and "30,000.00" in page and "13905632207" not in page


def test_account_agent_and_consent_are_recorded(browser: Client, clerk: Staff, family: Household) -> None:
    services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)
    me, child = head(family), family.members.get(relation="child")
    account = {"bank": "农行", "account": "6217 0012 3456 7890", "holder": "胡德旺", "payee_kind": "own"}
    assert "银行卡校验" in text_of(browser.post(to("bank_account", family.pk), account, follow=True))
    assert "8至30位" in text_of(browser.post(to("bank_account", family.pk), account | {"account": "abc"}))
    agent = {"name": "程国富", "relation": "村干部", "phone": "0563-8152345"}
    assert browser.post(to("agent", family.pk), agent).status_code == 302
    assert browser.post(to("end_agent", family.pk)).status_code == 302
    signed = {"signed_on": timezone.localdate().isoformat(), f"signed_{me.pk}": "on"}
    assert "还没有签字：胡小宝" in text_of(browser.post(to("consent", family.pk), signed))
    whole = signed | {f"guardian_{child.pk}": "胡德旺"}
    assert browser.post(to("consent", family.pk), whole).status_code == 302
    consent = valid_consent(family, on=timezone.localdate())
    assert consent is not None
    assert browser.post(to("withdraw_consent", family.pk, consent.pk)).status_code == 302
    assert valid_consent(family, on=timezone.localdate()) is None


def test_papers_are_kept_served_and_voided(browser: Client, clerk: Staff, family: Household) -> None:
    response = browser.post(to("attach", family.pk), {"kind": "id_card", "file": picture("证件.jpg")})
    assert response.status_code == 302
    paper = Attachment.objects.get()
    served = browser.get(to("attachment", paper.pk))
    assert served.content[:2] == b"\xff\xd8"
    assert served["X-Content-Type-Options"] == "nosniff" and served["Content-Type"] == "image/jpeg"
    assert served["Content-Disposition"] == "inline; filename*=utf-8''%E8%AF%81%E4%BB%B6.jpg"
    assert served["Cache-Control"] == "private, no-store"
    assert AccessRecord.objects.get(kind="attachment").subject_id == paper.pk
    assert "请填写作废原因" in text_of(browser.post(to("void_attachment", paper.pk), {"reason": ""}, follow=True))
    assert browser.post(to("void_attachment", paper.pk), {"reason": "传错"}).status_code == 302
    assert "已作废" in text_of(browser.get(to("detail", family.pk)))


def test_a_program_named_like_a_photo_is_refused(browser: Client, family: Household) -> None:
    fake = io.BytesIO(b"MZ" + b"\0" * 300)
    fake.name = "照片.jpg"
    assert "只收 PDF" in text_of(browser.post(to("attach", family.pk), {"kind": "id_card", "file": fake}))
    huge = io.BytesIO(b"\xff\xd8" + b"\0" * (30 * 1024 * 1024))
    huge.name = "大.jpg"
    assert "30.0 MB" in text_of(browser.post(to("attach", family.pk), {"kind": "id_card", "file": huge}))
    assert not Attachment.objects.exists()


def act(browser: Client, family: Household, kind: str, **fields: Any) -> Any:
    form = {"on": timezone.localdate().isoformat(), "once": "c" * 32} | fields
    return browser.post(to("life", family.pk, kind), form)


def test_an_act_sent_again_while_the_first_is_under_way_does_not_say_that_it_is_done(
    browser: Client, family: Household
) -> None:
    cache.add("once:" + "c" * 32, 0, 60)  # as the first sending leaves it until it is through
    birth = {"name": "胡小宝", "sex": "male", "birth_date": "2026-11-01", "relation": "child"}
    act(browser, family, "birth", **birth, parents=[str(head(family).pk)])
    page = text_of(browser.get(to("detail", family.pk)))
    assert "“新生”正在办理" in page and "新生已办理" not in page
    cache.add("once:" + "b" * 32, 0, 60)
    page = text_of(
        browser.post(
            to("add_member", family.pk),
            member_fields(id_number=make_id_number(birth_date=date(1972, 5, 1), male=False)),
            follow=True,
        )
    )
    assert "正在办理" in page and "已加入家庭" not in page


def test_a_life_in_acts(browser: Client, clerk: Staff, family: Household) -> None:
    me = head(family)
    page = text_of(browser.get(to("life", family.pk, "death")))
    assert "胡德旺家庭（H101000001，1人）" in page and "此后不能撤回" in page
    birth = {"name": "胡小宝", "sex": "male", "birth_date": "2026-11-01", "relation": "child", "parents": [str(me.pk)]}
    assert act(browser, family, "birth", **birth).status_code == 302
    assert act(browser, family, "birth", **birth).status_code == 302
    child = family.members.get(relation="child")
    marry = {"member": str(me.pk), "name": "汪秋菊", "relation": "spouse", "id_number": make_id_number(male=False)}
    assert act(browser, family, "marry", **marry, health="good", once="d" * 32).status_code == 302
    wife = family.members.get(relation="spouse")
    number = make_id_number(birth_date=date(2026, 11, 1))
    assert act(browser, family, "identify", member=str(child.pk), id_number=number).status_code == 302
    relations = {f"relation_{me.pk}": "spouse", f"relation_{child.pk}": "child"}
    assert act(browser, family, "head", member=str(wife.pk), **relations).status_code == 302
    assert head(family) == wife
    assert act(browser, family, "divorce", member=str(wife.pk)).status_code == 302
    assert family.members.get(pk=me.pk).relation == "other"
    place = {"area": str(area(LINXI).pk), "address": "三组8号"}
    assert act(browser, family, "split", **place, **{f"relation_{me.pk}": "head"}, once="e" * 32).status_code == 302
    new = Household.objects.exclude(pk=family.pk).get()
    merge = {"number": family.number.lower(), f"relation_{head(new).pk}": "other"}
    assert act(browser, new, "merge", **merge)["Location"] == to("detail", family.pk) + "#members"
    assert (
        act(
            browser, family, "leave", member=str(family.members.get(relation="other", left_on=None).pk), reason="moved"
        ).status_code
        == 302
    )
    assert act(browser, family, "death", member=str(child.pk)).status_code == 302
    assert [str(member) for member in family.members.filter(left_on=None)] == ["汪秋菊"]
    move = {"area": str(area("341824101201").pk), "address": "二组3号"}
    assert act(browser, family, "move", **move)["Location"] == to("detail", family.pk) + "#members"
    assert Household.objects.get(pk=family.pk).area.code == "341824101201"


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("divorce", {"member": "head"}, "没有登记"),
        ("death", {"member": "head", "on": "2099-01-01"}, "今天"),
        ("leave", {"member": "999999", "reason": "moved"}, "999999"),
        ("merge", {"number": "H999999999"}, "没有这个编号"),
        ("move", {"address": "x"}, "请选择迁往村（社区）"),
        ("birth", {"name": "x", "sex": "male", "birth_date": "2099-01-01", "relation": "child"}, "晚于今天"),
        ("head", {"member": "head"}, "选项"),
    ],
)
def test_acts_that_cannot_be_say_why(
    browser: Client, family: Household, name: str, fields: dict[str, str], sentence: str
) -> None:
    sent = {key: str(head(family).pk) if value == "head" else value for key, value in fields.items()}
    response = act(browser, family, name, **sent)
    assert response.status_code == 200 and sentence in text_of(response)
    assert family.members.filter(left_on=None).count() == 1


def test_an_unknown_act_is_not_found(browser: Client, family: Household) -> None:
    assert browser.get(to("life", family.pk, "vanish")).status_code == 404


def test_duplicates_are_the_countys(browser: Client, clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    register(clerk, head=data("唐玉兰", id_number=number))
    unknown = data("唐玉兰", id_number="", sex="male", birth_date=date(1968, 3, 12), missing_id_reason="lost")
    register(neighbour, code="341824100001", head=unknown)
    services.look_up_person(number, by=neighbour, at=AT)
    assert browser.get(to("duplicates")).status_code == 403
    page = text_of(as_staff(make_staff(Role.COUNTY_OFFICER, "341824")).get(to("duplicates")))
    assert page.count("唐玉兰") == 3 and "证件遗失" in page and "华阳镇" in page
    assert number not in page


def grow(clerk: Staff, families: int) -> None:
    for _ in range(families):
        family = register(clerk, head=newborn(f"胡{chr(0x5FB7 + Household.objects.count() // 2)}", "head"))
        services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)


@pytest.mark.parametrize(("name", "families"), [("list", (1, 2, 47)), ("duplicates", (2, 4, 94))])
def test_lists_ask_the_database_equally_at_1_3_and_50_rows(clerk: Staff, name: str, families: tuple[int, ...]) -> None:
    staff = make_staff(Role.COUNTY_OFFICER, "341824")
    browser, counts = as_staff(staff), []
    for more in families:
        grow(clerk, more)
        browser.get(to(name), {"size": 50})
        with CaptureQueriesContext(connection) as counter:
            browser.get(to(name), {"size": 50})
        counts.append(len(counter))
    assert len(set(counts)) == 1, counts


def test_a_familys_page_asks_equally_for_1_3_and_50_members(browser: Client, clerk: Staff, family: Household) -> None:
    counts = []
    for more in (1, 2, 47):
        for _ in range(more):
            member = services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)
        rows = [
            services.IncomeData(member=item, kind="wage", yearly_amount=member.pk)
            for item in family.members.filter(left_on=None)
        ]
        services.save_incomes(family, year=2026, rows=rows, by=clerk, at=AT)
        browser.get(to("detail", family.pk))
        with CaptureQueriesContext(connection) as counter:
            browser.get(to("detail", family.pk), {"year": 2026})
        counts.append(len(counter))
    assert len(set(counts)) == 1, counts
