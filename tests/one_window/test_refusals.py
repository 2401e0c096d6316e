"""What the page refuses, and that nothing typed is lost with it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household, Income, Person
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.one_window.conftest import at_work
from tests.one_window.filling import fields_of
from tests.one_window.walking import START, open_page, register, save, with_row
from tests.support.crews import HUAYANG, Crew
from tests.support.factories import make_id_number, make_staff
from tests.support.stories import new_story

pytestmark = pytest.mark.django_db

MEMBER = {"name": "汪秋菊", "relation": "spouse", "sex": "female", "birth_date": "1972-05-20"}


@pytest.fixture
def household(window: Client) -> Household:
    return register(window, number=make_id_number())


@pytest.mark.parametrize(
    ("prefix", "typed", "sentence"),
    [
        ("members", MEMBER | {"id_number": "341899197205200021"}, "校验位不对"),
        ("members", MEMBER | {"id_number": "34189919720520"}, "身份证号应为18位"),
        ("members", MEMBER | {"birth_date": "2031-01-01", "missing_id_reason": "newborn"}, "出生日期不能晚于今天"),
        ("members", MEMBER, "确实没有的，选择无证号原因"),
        ("members", MEMBER | {"missing_id_reason": "lost", "disability_kind": "visual"}, "残疾类别和等级要一起填"),
        ("members", MEMBER | {"missing_id_reason": "lost", "name": "<b>汪秋菊</b>"}, "姓名里不能有“&lt;”"),
        ("members", MEMBER | {"missing_id_reason": "lost", "name": "汪秋菊2"}, "姓名里不能有数字“2”"),
        ("household", {"phone": "1390563220"}, "请填11位手机号，或带区号的固定电话"),
        ("household", {"phone": "8160000"}, "请填11位手机号，或带区号的固定电话"),
        ("agent", {"name": "胡德才", "relation": "弟弟", "phone": "139056322071"}, "请填11位手机号"),
        ("agent", {"name": "胡德才%", "relation": "弟弟"}, "姓名里不能有“%”"),
        ("incomes", {"kind": "wage", "yearly_amount": "-1200"}, "金额不能是负数"),
        ("incomes", {"kind": "wage", "yearly_amount": "很多"}, "请填金额"),
        ("expenses", {"kind": "medical", "claimed_yearly_amount": "10", "yearly_amount": "20"}, "核减额不能超过申报额"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_all_stays_typed(
    window: Client, household: Household, prefix: str, typed: dict[str, str], sentence: str
) -> None:
    if prefix == "incomes":
        typed = typed | {"member": str(household.members.get().pk)}
    fields = open_page(window, household) | {"owned-note": "房屋漏雨"}
    row = f"-{int(fields[f'{prefix}-TOTAL_FORMS']) - 1}" if f"{prefix}-TOTAL_FORMS" in fields else ""
    fields |= {f"{prefix}{row}-{name}": value for name, value in typed.items()}
    page = save(window, household, fields)
    text = page.content.decode()
    assert page.status_code == 200
    assert sentence in text
    assert "需要改正" in text
    back = fields_of(page)
    assert {name: back[f"{prefix}{row}-{name}"] for name in typed} == typed
    assert back["owned-note"] == "房屋漏雨"
    household.refresh_from_db()
    assert household.phone.reveal() == ""
    assert not household.agents.exists()
    assert household.members.count() == 1


def test_markup_in_a_name_is_shown_as_text(window: Client, household: Household) -> None:
    Person.objects.filter(memberships__household=household).update(name="<script>alert(1)</script>")
    page = window.get(f"/intake/{household.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_stale_save_shows_both_versions_and_loses_neither(window: Client, household: Household) -> None:
    mine = open_page(window, household)
    theirs = open_page(window, household)
    member = household.members.get().pk
    theirs = with_row(theirs, "incomes", member=member, kind="wage", yearly_amount="5000", label="打零工")
    assert save(window, household, theirs | {"household-address": "二组8号"}).status_code == 302

    page = save(window, household, mine | {"household-address": "三组3号", "owned-financial_assets": "800"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "已先保存了这一页" in text
    assert "二组8号" in text
    assert "三组3号" in text
    household.refresh_from_db()
    assert household.address == "二组8号"

    assert save(window, household, fields_of(page)).status_code == 302
    household.refresh_from_db()
    assert household.address == "三组3号"
    assert household.property.financial_assets == 800
    assert Income.objects.get(voided_at=None).label == "打零工"


def test_a_stale_page_on_which_nothing_was_typed_differs_in_nothing_and_asks_nothing(
    window: Client, household: Household
) -> None:
    mine = open_page(window, household)
    household.version += 1
    household.save(update_fields=["version"])
    assert save(window, household, mine).status_code == 302


def test_another_townships_family_is_not_found_and_not_named(people: Crew, window: Client) -> None:
    story = new_story(people=people)
    neighbour = at_work(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平"))
    head = story.household.members.get(relation="head").person
    for path in (f"/intake/{story.household.pk}/", START):
        page = neighbour.get(path)
        assert head.name not in page.content.decode()
    assert neighbour.get(f"/intake/{story.household.pk}/").status_code == 404
    assert neighbour.post(f"/intake/{story.household.pk}/", {}).status_code == 404
    for name in ("papers", "print", "relatives", "submit"):
        assert neighbour.post(reverse(f"one_window:{name}", args=[story.intake.pk]), {}).status_code == 404

    page = neighbour.post(START, {"q": head.id_number.reveal()}).content.decode()
    assert "已在临溪镇登记，请发起迁移或与该乡镇联系。" in page
    assert head.name not in page
    assert story.household.number not in page
    assert AccessRecord.objects.filter(kind="foreign_lookup", subject_id=head.pk).count() == 1


def test_a_stranger_typed_as_a_member_is_refused_and_the_meeting_recorded(
    people: Crew, window: Client, household: Household
) -> None:
    neighbour = at_work(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平"))
    stranger = household.members.get().person
    page = neighbour.post(START, {"q": make_id_number()})
    fields = fields_of(page, reverse("one_window:register"))
    village = fields_village(page.content.decode())
    answer = neighbour.post(
        reverse("one_window:register"),
        fields | {"head-name": "汪某", "family-area": village, "family-address": "二组"},
    )
    own = Household.objects.exclude(pk=household.pk).get()
    assert answer.status_code == 302
    typed = with_row(
        open_page(neighbour, own), "members", name="某人", relation="other", id_number=stranger.id_number.reveal()
    )
    refused = save(neighbour, own, typed)
    assert "已在临溪镇登记" in refused.content.decode()
    assert own.members.count() == 1
    assert AccessRecord.objects.filter(kind="foreign_lookup", subject_id=stranger.pk).exists()


def fields_village(page: str) -> str:
    """The first village that a page offers."""
    return page.split('name="family-area"')[1].split('<option value="')[2].split('"')[0]


@pytest.mark.parametrize("role", [Role.COUNTY_OFFICER, Role.AUDITOR, Role.TOWNSHIP_APPROVER, Role.FINANCE_OFFICER])
def test_who_files_no_applications_does_not_enter(county: None, role: Role) -> None:
    code = "341824101" if role == Role.TOWNSHIP_APPROVER else "341824"
    client = at_work(make_staff(role, code))
    assert client.get(START).status_code == 403
    assert client.get("/intake/1/").status_code == 403


def test_an_assistant_fills_in_the_page_of_their_own_village_only(people: Crew) -> None:
    story = new_story(people=people)
    client = at_work(people.assistant)
    assert client.get(f"/intake/{story.household.pk}/").status_code == 200
    elsewhere: Any = make_staff(Role.VILLAGE_ASSISTANT, "341824101201", name="曹立夏")
    assert at_work(elsewhere).get(f"/intake/{story.household.pk}/").status_code == 404


def test_one_person_in_two_rows_is_refused(window: Client, household: Household) -> None:
    number = household.members.get().person.id_number.reveal()
    page = save(
        window,
        household,
        with_row(open_page(window, household), "members", name="胡某", relation="child", id_number=number),
    )
    assert page.status_code == 200
    assert household.members.count() == 1


def test_an_application_without_a_scheme_is_refused(window: Client, household: Household) -> None:
    fields = open_page(window, household) | {"application-reason": "困难", "action": "print"}
    fields.pop("application-schemes")
    page = save(window, household, fields)
    assert page.status_code == 200
    assert not household.intakes.exists()
