"""A fault in one part of the page keeps no other part from being saved, and nothing typed is lost with it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from households.models import Household, Income, Member, Supporter
from one_window.forms.page import SECTIONS
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.one_window.conftest import at_work
from tests.one_window.filling import fields_of
from tests.one_window.walking import START, open_page, register, save, with_row
from tests.support.crews import HUAYANG, Crew
from tests.support.factories import make_id_number, make_staff

pytestmark = pytest.mark.django_db

WRONG = {"name": "汪秋菊", "relation": "spouse", "id_number": "341899197205200021"}


@pytest.fixture
def household(window: Client) -> Household:
    return register(window, number=make_id_number())


def everything(fields: dict[str, Any], member: int) -> dict[str, Any]:
    """Something sound typed in every part of the page but the members."""
    fields = with_row(fields, "incomes", member=str(member), kind="wage", yearly_amount="1.2万", label="帮工")
    fields = with_row(fields, "expenses", kind="medical", yearly_amount="600", label="门诊")
    fields = with_row(
        fields,
        "supporters",
        member=str(member),
        name="胡明",
        relation="弟弟",
        birth_date="1970-01-02",
        yearly_income="0",
    )
    return fields | {
        "household-address": "二组8号",
        "owned-financial_assets": "800",
        "account-bank": "徽商银行",
        "account-account": "6217000000000019",
        "agent-name": "胡德才",
        "agent-relation": "弟弟",
        "application-reason": "残疾，收入低",
        f"known-known_{member}": "on",
    }


def test_a_faulty_member_row_keeps_nothing_else_from_being_saved(window: Client, household: Household) -> None:
    member = household.members.get()
    typed = with_row(everything(open_page(window, household), member.pk), "members", **WRONG)
    page = save(window, household, typed)
    text = page.content.decode()
    assert page.status_code == 200
    assert "没有错的部分已经保存" in text
    assert page.context["unsaved"] == ["members"]

    household.refresh_from_db()
    assert household.address == "二组8号"
    assert household.members.count() == 1
    assert Income.objects.get().yearly_amount == Decimal(12000)
    assert household.property.financial_assets == 800
    assert Supporter.objects.get().name == "胡明"
    assert household.bank_accounts.get().bank == "徽商银行"
    assert household.agents.get().name == "胡德才"
    assert household.intakes.get().reason == "残疾，收入低"
    member.refresh_from_db()
    assert member.supporters_known

    # The row stands as typed, with its sentence; mended and sent again it is saved, and nothing a second time.
    back = fields_of(page)
    assert {name: back[f"members-1-{name}"] for name in WRONG} == WRONG
    right = make_id_number(birth_date=date(1972, 5, 20), male=False)
    assert save(window, household, back | {"members-1-id_number": right}).status_code == 302
    assert household.members.get(relation="spouse").person.name == "汪秋菊"
    assert Income.objects.filter(voided_at=None).count() == 1
    assert Supporter.objects.filter(ended_on=None).count() == 1


@pytest.mark.parametrize(
    ("wrong", "anchor"),
    [
        ({"household-phone": "12"}, "family"),
        ({"incomes-0-yearly_amount": "很多"}, "means"),
        ({"expenses-0-yearly_amount": "-1"}, "means"),
        ({"owned-vehicles": "-1"}, "property"),
        ({"supporters-0-birth_date": ""}, "supporters"),
        ({"account-account": ""}, "payee"),
        ({"agent-relation": ""}, "payee"),
        ({"application-reason": "困" * 301}, "application"),
    ],
)
def test_a_fault_in_any_part_leaves_only_that_part_unsaved(
    window: Client, household: Household, wrong: dict[str, str], anchor: str
) -> None:
    member = household.members.get().pk
    fields = everything(open_page(window, household), member)
    right = make_id_number(birth_date=date(1972, 5, 20), male=False)
    fields = with_row(fields, "members", name="汪秋菊", relation="spouse", id_number=right)
    page = save(window, household, fields | wrong)
    assert page.context["unsaved"] == [anchor]
    name, value = next(iter(wrong.items()))
    back = fields_of(page)
    assert back[name] == value
    assert household.members.count() == 2
    # Every line of the summary leads to a field of the page.
    text = page.content.decode()
    targets = [target for target, _ in page.context["forms"].faults()]
    assert targets
    assert all(target and f'href="#{target}"' in text and f'id="{target}"' in text for target in targets)

    assert save(window, household, back | {name: fields[name]}).status_code == 302
    assert household.property.financial_assets == 800
    assert Income.objects.get(voided_at=None).label == "帮工"
    assert Supporter.objects.get(ended_on=None).name == "胡明"
    assert household.intakes.get().reason == "残疾，收入低"


def test_faults_in_two_parts_are_told_part_by_part_and_row_by_row(window: Client, household: Household) -> None:
    fields = with_row(open_page(window, household), "members", **WRONG)
    page = save(window, household, fields | {"owned-financial_assets": "-5", "household-address": "二组8号"})
    lines = [text for _, text in page.context["forms"].faults()]
    assert [line.split("　")[0] for line in lines] == ["成员第2行", "财产"]
    assert "有2处需要改正" in page.content.decode()
    assert page.context["unsaved"] == ["members", "property"]
    household.refresh_from_db()
    assert household.address == "二组8号"


def test_a_service_that_refuses_one_part_leaves_the_others_saved(people: Crew, window: Client) -> None:
    elsewhere = at_work(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平"))
    page = elsewhere.post(START, {"q": make_id_number()})
    fields = fields_of(page, reverse("one_window:register"))
    village = page.content.decode().split('name="family-area"')[1].split('<option value="')[2].split('"')[0]
    elsewhere.post(
        reverse("one_window:register"),
        fields | {"head-name": "汪某", "family-area": village, "family-address": "二组"},
    )
    stranger = Member.objects.get().person
    own = register(window, number=make_id_number())

    typed = with_row(
        open_page(window, own), "members", name="汪某", relation="other", id_number=stranger.id_number.reveal()
    )
    page = save(window, own, typed | {"household-address": "二组8号", "owned-financial_assets": "800"})
    assert "已在华阳镇登记" in page.content.decode()
    assert page.context["unsaved"] == ["members"]
    assert own.members.count() == 1
    own.refresh_from_db()
    assert (own.address, own.property.financial_assets) == ("二组8号", 800)
    assert AccessRecord.objects.filter(kind="foreign_lookup", subject_id=stranger.pk).count() == 1


def test_papers_are_not_opened_over_a_fault_but_what_was_typed_of_the_application_is_kept(
    window: Client, household: Household
) -> None:
    fields = with_row(open_page(window, household), "members", **WRONG) | {"action": "print"}
    page = save(window, household, fields)
    assert page.context["unsaved"] == ["members", "application"]  # no reason was typed either
    assert not household.intakes.exists()
    household.hardship_causes = "残疾"
    household.save(update_fields=["hardship_causes"])
    page = save(window, household, with_row(open_page(window, household), "members", **WRONG) | {"action": "print"})
    assert page.context["unsaved"] == ["members"]
    assert not household.intakes.exists()


def test_a_page_sent_twice_because_its_answer_was_lost_saves_nothing_twice(
    window: Client, household: Household
) -> None:
    member = household.members.get().pk
    fields = everything(open_page(window, household), member)
    right = make_id_number(birth_date=date(1972, 5, 20), male=False)
    fields = with_row(fields, "members", name="汪秋菊", relation="spouse", id_number=right)
    assert save(window, household, fields).status_code == 302
    assert save(window, household, fields).status_code == 302
    assert household.members.count() == 2
    assert Income.objects.filter(voided_at=None).count() == 1
    assert household.expenses.filter(voided_at=None).count() == 1
    assert Supporter.objects.filter(ended_on=None).count() == 1


def test_without_the_version_it_was_made_from_a_page_saves_nothing_and_says_so(
    window: Client, household: Household
) -> None:
    fields = open_page(window, household) | {"page-version": "", "household-address": "二组8号"}
    page = save(window, household, fields)
    assert "请刷新后再填" in page.content.decode()
    assert fields_of(page)["household-address"] == "二组8号"
    assert set(page.context["unsaved"]) == set(SECTIONS)
    household.refresh_from_db()
    assert household.address != "二组8号"
