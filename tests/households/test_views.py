import io
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import tablib
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from households import services
from households.models import Attachment, Household, Member, Person
from households.queries import incomes_of, valid_consent
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.households.builders import data, head, join, newborn, picture, register
from tests.support.factories import AT, LINXI, ON, area, make_id_number, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(AT):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path
    cache.clear()


@pytest.fixture
def browser(client: Client, clerk: Staff) -> Client:
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def as_staff(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def to(name: str, *args: Any) -> str:
    return reverse(f"households:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def registration(**more: str) -> dict[str, str]:
    fields = {
        "head-name": "胡德旺",
        "head-id_number": make_id_number(),
        "head-health": "good",
        "head-schooling": "none",
        "head-employment": "none",
        "head-lives_together": "on",
        "area": str(area(LINXI).pk),
        "address": "一组12号",
        "registration_kind": "registered",
        "residence": "rural",
        "phone": "139 0563 2207",
        "once": "a" * 32,
    }
    return fields | more


def test_a_family_is_registered_and_its_page_shows_it_masked(browser: Client) -> None:
    number = make_id_number()
    assert browser.get(to("register")).status_code == 200
    response = browser.post(to("register"), registration(**{"head-id_number": number}), follow=True)
    family = Household.objects.get()
    assert response.redirect_chain[0][0] == to("detail", family.pk) + "#members"
    page = text_of(response)
    assert f"{number[:4]}****{number[-4:]}" in page and number not in page
    assert "139****2207" in page and "13905632207" not in page
    assert "1968-03-12" in page and "男" in page


def test_a_form_sent_twice_registers_one_family(browser: Client) -> None:
    form = registration(
        **{"head-id_number": "", "head-missing_id_reason": "lost", "head-sex": "male", "head-birth_date": "1960-01-01"}
    )
    first, second = browser.post(to("register"), form), browser.post(to("register"), form, follow=True)
    assert Household.objects.count() == Person.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "没有重复登记" in text_of(second)


def test_a_refused_form_may_be_sent_again(browser: Client, neighbour: Staff) -> None:
    number = make_id_number()
    register(neighbour, code="341824100001", head=data("唐玉兰", id_number=number))
    response = browser.post(to("register"), registration(**{"head-id_number": number}))
    page = text_of(response)
    assert "已在华阳镇登记，请发起迁移或与该乡镇联系。" in page and "唐玉兰" not in page
    assert 'value="一组12号"' in page
    assert browser.post(to("register"), registration()).status_code == 302
    assert AccessRecord.objects.filter(kind="foreign_lookup").count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"head-id_number": "341899196803120016"}, "校验位"),
        ({"head-id_number": "3418991968"}, "18位"),
        ({"head-id_number": "341899209901010013"}, "晚于今天"),
        ({"head-id_number": ""}, "请填身份证号"),
        ({"head-sex": "female"}, "性别与身份证号不符"),
        ({"head-birth_date": "1970-01-01"}, "证号上是1968-03-12"),
        ({"head-birth_date": "昨天"}, "日期"),
        ({"head-name": ""}, "必填"),
        ({"head-name": "长" * 61}, "60"),
        ({"head-disability_kind": "physical"}, "一起填"),
        ({"head-health": "superb"}, "superb"),
        ({"phone": "12345"}, "手机号"),
        ({"registration_kind": "residence_permit"}, "居住证号"),
        ({"address": ""}, "必填"),
        ({"area": ""}, "必填"),
        ({"once": ""}, "刷新"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(browser: Client, typed: dict[str, str], sentence: str) -> None:
    response = browser.post(to("register"), registration(**typed))
    page = text_of(response)
    assert response.status_code == 422 and sentence in page
    assert "error-summary" in page and ('value="胡德旺"' in page or "head-name" in typed)
    assert not Household.objects.exists()


def test_nobody_registers_in_a_village_of_another_township(browser: Client) -> None:
    response = browser.post(to("register"), registration(area=str(area("341824100001").pk)))
    assert response.status_code == 422 and not Household.objects.exists()


def test_scripts_in_names_stay_text(browser: Client, clerk: Staff) -> None:
    family = register(clerk, head=data("<script>alert(1)</script>"), address="<img src=x>")
    join(family, clerk, "=cmd()", "child")
    for page in (to("list"), to("detail", family.pk), to("edit", family.pk), to("life", family.pk, "divorce")):
        html = text_of(browser.get(page))
        assert "<script>alert" not in html and "<img src=x>" not in html
    services.change_head(
        family,
        member=family.members.get(person__name="=cmd()"),
        relations={head(family).pk: "parent"},
        by=clerk,
        on=ON,
        at=AT,
    )
    rows = exported(browser.post(to("export"), {}))
    assert rows[1][3] == "'=cmd()"


def exported(response: Any) -> list[tuple[Any, ...]]:
    assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment")
    sheet = tablib.Dataset().load(response.content, format="xlsx")
    return [tuple(sheet.headers), *sheet]


def test_an_export_is_what_was_filtered_masked_and_recorded(browser: Client, clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    register(clerk, head=data(id_number=number), phone="13905632207")
    register(clerk, head=data("程晓燕"))
    register(neighbour, code="341824100001")
    rows = exported(browser.post(to("export"), {"q": "胡德旺"}))
    assert rows[0][:6] == ("家庭编号", "乡镇", "村（社区）", "户主", "户主证号", "人数")
    assert [row[:2] + row[3:6] for row in rows[1:]] == [
        ("H101000001", "临溪镇", "胡德旺", f"{number[:4]}****{number[-4:]}", "1")
    ]
    assert rows[1][7] == "139****2207"
    record = AccessRecord.objects.get(kind="export")
    assert (record.staff, record.reason) == (clerk, "家庭名单（1户）")


def test_the_list_is_found_filtered_and_sorted(browser: Client, clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    register(clerk, head=data("胡德旺", id_number=number), residence="urban")
    register(clerk, head=data("程国富"))
    register(neighbour, code="341824100001", head=data("唐玉兰"))
    page = text_of(browser.get(to("list")))
    assert "共 2 户" in page and "唐玉兰" not in page
    assert "共 1 户" in text_of(browser.get(to("list"), {"q": "cgf"}))
    assert "胡德旺" not in text_of(browser.get(to("list"), {"residence": "rural"}))
    assert "没有符合条件" in text_of(browser.get(to("list"), {"q": "查无此人"}))
    by_name = text_of(browser.get(to("list"), {"sort": "head"}))
    assert by_name.index("程国富") < by_name.index("胡德旺")
    redirect = browser.post(to("list"), {"q": "胡德", "residence": "urban"})
    assert redirect.status_code == 302 and "residence=urban" in redirect["Location"]


def test_an_id_number_never_stands_in_an_address(browser: Client, clerk: Staff) -> None:
    number = make_id_number()
    family = register(clerk, head=data(id_number=number))
    response = browser.post(to("list"), {"q": number})
    assert response.status_code == 200 and to("detail", family.pk) in text_of(response)


def urls_of(family: Household, paper: Attachment, consent: Any) -> list[tuple[str, str]]:
    member = head(family).pk
    gets = [
        to("detail", family.pk),
        to("edit", family.pk),
        to("add_member", family.pk),
        to("correct_member", family.pk, member),
        to("supporters", family.pk, member),
        to("yearly", family.pk, "incomes", 2026),
        to("yearly", family.pk, "expenses", 2026),
        to("property", family.pk),
        to("bank_account", family.pk),
        to("agent", family.pk),
        to("consent", family.pk),
        to("attach", family.pk),
        to("attachment", paper.pk),
        *[to("life", family.pk, act) for act in ("birth", "marry", "divorce", "death", "leave", "head")],
        *[to("life", family.pk, act) for act in ("split", "merge", "move", "identify")],
    ]
    posts = [
        to("reveal", family.pk, "id-number", member),
        to("reveal", family.pk, "phone", family.pk),
        to("end_agent", family.pk),
        to("withdraw_consent", family.pk, consent.pk),
        to("void_attachment", paper.pk),
    ]
    return [("get", url) for url in gets] + [("post", url) for url in [*gets, *posts]]


def test_a_neighbouring_township_finds_nothing(clerk: Staff, neighbour: Staff, family: Household) -> None:
    paper = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    consent = services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk)
    browser = as_staff(neighbour)
    for method, url in urls_of(family, paper, consent):
        response = getattr(browser, method)(url)
        page = text_of(response)
        assert response.status_code == 404, url
        assert "胡德旺" not in page and family.number not in page
    assert "胡德旺" not in text_of(browser.get(to("list")))
    assert len(exported(browser.post(to("export"), {}))) == 1


def test_own_pages_open_and_an_auditor_only_looks(browser: Client, clerk: Staff, family: Household) -> None:
    paper = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    consent = services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk)
    auditor = as_staff(make_staff(Role.AUDITOR, "341824"))
    for method, url in urls_of(family, paper, consent):
        if method == "get":
            assert browser.get(url).status_code == 200, url
        if url not in (to("detail", family.pk), to("attachment", paper.pk)):
            assert getattr(auditor, method)(url).status_code == 403, url
    page = text_of(auditor.get(to("detail", family.pk)))
    assert "胡德旺" in page and "添加成员" not in page and "显示" not in page


def test_a_number_is_shown_in_full_with_a_reason_and_on_record(
    browser: Client, clerk: Staff, family: Household
) -> None:
    member = head(family)
    url = to("reveal", family.pk, "id-number", member.pk)
    assert browser.get(url).status_code == 405
    assert browser.post(url, {}).status_code == 422
    assert browser.post(url, {"reveal-reason": "好奇"}).status_code == 422
    assert not AccessRecord.objects.exists()
    page = browser.post(url, {"reveal-reason": "核对证件"})
    assert member.person.id_number.reveal() in text_of(page) and "<html" in text_of(page)
    assert page["Cache-Control"] == "no-store"
    piece = browser.post(url, {"reveal-reason": "核对证件"}, headers={"HX-Request": "true"})
    assert text_of(piece).strip() == member.person.id_number.reveal()
    record = AccessRecord.objects.first()
    assert record is not None
    assert (record.kind, record.staff, record.subject_type, record.subject_id, record.reason) == (
        "reveal",
        clerk,
        "member",
        member.pk,
        "核对证件",
    )


def test_a_row_of_another_family_is_not_revealed(browser: Client, clerk: Staff, family: Household) -> None:
    other = head(register(clerk))
    assert (
        browser.post(to("reveal", family.pk, "id-number", other.pk), {"reveal-reason": "核对证件"}).status_code == 404
    )
    assert browser.post(to("reveal", family.pk, "password", 1), {"reveal-reason": "核对证件"}).status_code == 404


def test_the_look_up_says_only_what_it_may(browser: Client, clerk: Staff, neighbour: Staff) -> None:
    home, away = make_id_number(), make_id_number()
    family = register(clerk, head=data(id_number=home))
    register(neighbour, code="341824100001", head=data("唐玉兰", id_number=away))
    assert family.number in text_of(browser.post(to("lookup"), {"head-id_number": home}))
    piece = text_of(browser.post(to("lookup"), {"id_number": away}))
    assert "已在华阳镇登记" in piece and "唐玉兰" not in piece
    assert text_of(browser.post(to("lookup"), {"id_number": make_id_number()})).strip() == ""
    assert text_of(browser.post(to("lookup"), {"id_number": "x"})).strip() == ""
    assert text_of(browser.post(to("lookup"), {})).strip() == ""


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


@pytest.mark.parametrize(("amount", "sentence"), [("-1", "负数"), ("很多", "请填金额"), ("1.234", "分"), ("", "必填")])
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
    assert served["Content-Disposition"] == "inline; filename*=UTF-8''%E8%AF%81%E4%BB%B6.jpg"
    assert served["Cache-Control"] == "private, no-store"
    assert AccessRecord.objects.get(kind="attachment").subject_id == paper.pk
    assert "必填" in text_of(browser.post(to("void_attachment", paper.pk), {"reason": ""}, follow=True))
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
    move = {"area": str(area("341824100001").pk), "address": "新村"}
    assert act(browser, family, "move", **move)["Location"] == to("list")
    assert browser.get(to("detail", family.pk)).status_code == 404


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("divorce", {"member": "head"}, "没有登记"),
        ("death", {"member": "head", "on": "2099-01-01"}, "今天"),
        ("leave", {"member": "999999", "reason": "moved"}, "999999"),
        ("merge", {"number": "H999999999"}, "没有这个编号"),
        ("move", {"address": "x"}, "必填"),
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
        family = register(clerk, head=newborn(f"胡德{Household.objects.count() // 2}", "head"))
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
