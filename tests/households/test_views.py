from typing import Any

import pytest
import tablib
from django.core.cache import cache
from django.test import Client

from households import services
from households.models import Attachment, Household, Person
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.households.builders import data, head, join, picture, register
from tests.households.web import as_staff, text_of, to
from tests.support.factories import AT, LINXI, ON, area, make_id_number, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "fresh_cache")]


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
    assert "1968年3月12日" in page and "男" in page


def test_a_permit_number_stays_sealed_on_every_page_and_is_kept_where_it_is_left_empty(
    browser: Client, clerk: Staff
) -> None:
    family = register(clerk, registration_kind="residence_permit", residence_permit_number="341800201901012222")
    for page in (to("detail", family.pk), to("edit", family.pk)):
        html = text_of(browser.get(page))
        assert "****2222" in html and "341800201901012222" not in html
    facts = {"address": "三组1号", "residence": "rural", "version": str(family.version)}
    browser.post(to("edit", family.pk), facts | {"registration_kind": "residence_permit"})
    family.refresh_from_db()
    assert (family.address, family.residence_permit_number.reveal()) == ("三组1号", "341800201901012222")
    shown = browser.post(to("reveal", family.pk, "permit-number", family.pk), {"reveal-reason": "核对证件"})
    assert "341800201901012222" in text_of(shown)
    changed = facts | {"registration_kind": "registered", "version": str(family.version)}
    assert browser.post(to("edit", family.pk), changed).status_code == 302
    assert not Household.objects.get().residence_permit_number


def test_a_form_sent_twice_registers_one_family(browser: Client) -> None:
    form = registration(
        **{"head-id_number": "", "head-missing_id_reason": "lost", "head-sex": "male", "head-birth_date": "1960-01-01"}
    )
    first, second = browser.post(to("register"), form), browser.post(to("register"), form, follow=True)
    assert Household.objects.count() == Person.objects.count() == 1
    assert second.redirect_chain[0][0] == first["Location"]
    assert "没有重复办理" in text_of(second)


def test_a_form_sent_again_while_the_first_is_under_way_does_not_say_that_it_is_done(browser: Client) -> None:
    cache.add(f"once:{registration()['once']}", 0, 60)  # as the first sending leaves it until it is through
    page = text_of(browser.post(to("register"), registration(), follow=True))
    assert "正在办理" in page and "已经办好" not in page and "家庭已登记" not in page


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
        ({"head-birth_date": "1970-01-01"}, "证号上是1968年3月12日"),
        ({"head-birth_date": "昨天"}, "日期"),
        ({"head-name": ""}, "请填写姓名"),
        ({"head-name": "长" * 61}, "60"),
        ({"head-disability_kind": "physical"}, "一起填"),
        ({"head-health": "superb"}, "superb"),
        ({"phone": "12345"}, "手机号"),
        ({"phone": "12905632207"}, "手机号"),
        ({"phone": "8160000"}, "带区号的固定电话"),
        ({"head-name": "胡德旺<"}, "姓名里不能有"),
        ({"head-name": "胡德旺１"}, "姓名里不能有数字"),
        ({"registration_kind": "residence_permit"}, "居住证号"),
        ({"address": ""}, "请填写住址"),
        ({"area": ""}, "请选择村（社区）"),
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
    family = register(clerk, address="<img src=x>")
    join(family, clerk, "胡小雨", "child")
    # No form takes such names; imported or older rows may hold them.
    for relation, name in (("head", "<script>alert(1)</script>"), ("child", "=cmd()")):
        Person.objects.filter(memberships__household=family, memberships__relation=relation).update(name=name)
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


@pytest.mark.parametrize("query", [{"residence": "moon"}, {"state": "x"}, {"village": "0"}, {"township": "999"}])
def test_a_filter_that_cannot_be_read_lists_and_exports_nothing(
    browser: Client, family: Household, query: dict[str, str]
) -> None:
    shown = browser.get(to("list"), query)
    assert shown.status_code == 422
    assert list(shown.context["page"]) == []
    assert shown.context["form"].errors.keys() == query.keys()
    refused = browser.post(to("export"), query)
    assert refused.status_code == 400 and "没有导出" in text_of(refused)
    assert not AccessRecord.objects.filter(kind="export").exists()


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
    consent = services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON)
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
    consent = services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON)
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
