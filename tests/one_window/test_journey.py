"""The clerk's whole way through the one page: register, save, print, scan, register the application."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Case, Intake
from households.models import Household, Income, Member
from organizations.models import AccessRecord
from tests.households.builders import picture
from tests.one_window.filling import fields_of
from tests.one_window.walking import START, open_page, register, save, with_row
from tests.support.crews import VILLAGES
from tests.support.factories import area, make_id_number

pytestmark = pytest.mark.django_db


def test_from_an_unknown_id_number_to_an_assessed_family(window: Client) -> None:
    head_number = make_id_number(birth_date=date(1968, 3, 12))
    household = register(window, number=head_number)
    head = household.members.get()
    assert head.person.id_number.reveal() == head_number
    assert (head.person.birth_date, head.person.sex) == (date(1968, 3, 12), "male")

    wife = make_id_number(birth_date=date(1972, 5, 20), male=False)
    fields = with_row(open_page(window, household), "members", name="汪秋菊", relation="spouse", id_number=wife)
    assert save(window, household, fields, section="members").url == f"/intake/{household.pk}/#members"
    wife_member = household.members.get(relation="spouse")

    fields = open_page(window, household)
    fields = with_row(fields, "incomes", member=wife_member.pk, kind="wage", yearly_amount="1.2万", label="帮工")
    fields |= {"owned-financial_assets": "12,000.00", "members-0-disability_kind": "physical"}
    fields |= {"members-0-disability_level": "2", "account-bank": "徽商银行", "account-account": "6217 0000 0000 0019"}
    assert save(window, household, fields).status_code == 302
    assert Income.objects.get().yearly_amount == Decimal("12000.00")
    household.refresh_from_db()
    assert household.property.financial_assets == Decimal("12000.00")
    assert head.person.disabilities.get().level == 2
    assert household.bank_accounts.get().account.reveal() == "6217000000000019"

    # 12,000 ÷ 12 ÷ 2 = 500.00, below the standard of 755; 755 × 2 − 1,000 = 510, and 30 % of 755 for a severe
    # disability: 226.5 → 227, together 737.
    page = window.get(f"/intake/{household.pk}/").content.decode()
    assert "每月737.00元" in page
    assert "整户符合" in page


def test_from_saved_facts_by_printing_and_scanning_to_a_registered_application(window: Client) -> None:
    household = register(window, number=make_id_number())
    wife = make_id_number(birth_date=date(1972, 5, 20), male=False)
    save(
        window,
        household,
        with_row(open_page(window, household), "members", name="汪秋菊", relation="spouse", id_number=wife),
    )
    answer = save(window, household, open_page(window, household), action="print", **{"application-reason": "残疾"})
    assert answer.url == f"/intake/{household.pk}/#papers"
    intake = Intake.objects.get()
    assert list(intake.cases.values_list("scheme", "state")) == [("dibao", "draft")]
    assert "还差 3 份签字材料" in window.get(f"/intake/{household.pk}/").content.decode()

    printed = window.post(reverse("one_window:print", args=[intake.pk]))
    assert printed["Content-Type"] == "application/pdf"
    assert AccessRecord.objects.filter(kind="document", subject_type="intake", subject_id=intake.pk).exists()

    hand_in = fields_of(window.get(f"/intake/{household.pk}/"), reverse("one_window:papers", args=[intake.pk]))
    scans = {kind: picture() for kind in ("application_form", "authorization_letter", "commitment_letter")}
    assert window.post(reverse("one_window:papers", args=[intake.pk]), hand_in | scans).status_code == 302
    assert intake.papers.count() == 3
    assert set(household.consents.get().signers.values_list("member", flat=True)) == set(
        household.members.values_list("pk", flat=True)
    )

    answer = window.post(reverse("one_window:submit", args=[intake.pk]))
    case = Case.objects.get()
    assert answer.url == reverse("applications:detail", args=[case.pk])
    assert case.state == "submitted"
    again = window.post(reverse("one_window:submit", args=[intake.pk]))
    assert again.url == reverse("applications:detail", args=[case.pk])
    assert Case.objects.count() == 1


def test_a_known_number_opens_the_family_and_nothing_is_typed_twice(window: Client) -> None:
    number = make_id_number()
    household = register(window, number=number)
    assert window.post(START, {"q": f" {number} "}).url == f"/intake/{household.pk}/"
    assert f"/intake/{household.pk}/" in window.post(START, {"q": "胡德"}).content.decode()


def test_a_family_registered_and_left_is_found_again_among_the_drafts(window: Client) -> None:
    household = register(window, number=make_id_number())
    page = window.get(START).content.decode()
    assert f'href="/intake/{household.pk}/"' in page
    assert "家庭已登记，未申请" in page


def test_registering_twice_with_one_form_makes_one_family(window: Client) -> None:
    page = window.post(START, {"q": make_id_number()})
    fields = fields_of(page, reverse("one_window:register"))
    village = area(VILLAGES["341824101"])
    fields |= {"head-name": "胡德旺", "family-area": village.pk, "family-address": "一组12号"}
    first = window.post(reverse("one_window:register"), fields)
    second = window.post(reverse("one_window:register"), fields)
    assert first.url == second.url
    assert Household.objects.count() == 1


def test_rows_are_corrected_and_removed_in_place(window: Client) -> None:
    household = register(window, number=make_id_number())
    child = make_id_number(birth_date=date(2010, 4, 2), male=False)
    fields = with_row(open_page(window, household), "members", name="胡小雨", relation="child", id_number=child)
    save(window, household, fields)
    save(window, household, open_page(window, household) | {"members-1-name": "胡晓雨", "members-1-nation": "回族"})
    member = household.members.get(relation="child")
    assert (member.person.name, member.person.nation) == ("胡晓雨", "回族")
    assert member.person.id_number.reveal() == child
    save(window, household, open_page(window, household) | {"members-1-DELETE": "on"})
    assert Member.objects.get(pk=member.pk).left_reason == "mistake"


def test_an_agent_named_on_the_page_needs_a_letter_and_taken_off_needs_none(window: Client) -> None:
    household = register(window, number=make_id_number())
    fields = open_page(window, household) | {"agent-name": "胡德才", "agent-relation": "弟弟", "action": "print"}
    save(window, household, fields | {"application-reason": "行动不便"})
    intake = Intake.objects.get()
    assert intake.agent is not None
    assert "委托书" in window.get(f"/intake/{household.pk}/").content.decode()
    save(window, household, open_page(window, household) | {"agent-name": "", "agent-relation": ""})
    intake.refresh_from_db()
    assert intake.agent is None


def test_a_near_relative_is_registered_apart_and_asks_for_the_county_visit(window: Client) -> None:
    household = register(window, number=make_id_number())
    save(window, household, open_page(window, household), action="print", **{"application-reason": "困难"})
    intake = Intake.objects.get()
    window.post(
        reverse("one_window:relatives", args=[intake.pk]),
        {
            "member": household.members.get().pk,
            "relation": "sibling",
            "relative_name": "胡德全",
            "relative_unit": "临溪村",
            "relative_position": "村委会主任",
        },
    )
    assert Case.objects.get().county_visit_required
    assert "近亲属备案表" in window.get(f"/intake/{household.pk}/").content.decode()


def test_an_executable_named_as_a_photo_is_refused_beside_its_paper(window: Client) -> None:
    household = register(window, number=make_id_number())
    save(window, household, open_page(window, household), action="print", **{"application-reason": "困难"})
    intake = Intake.objects.get()
    url = reverse("one_window:papers", args=[intake.pk])
    sent = fields_of(window.get(f"/intake/{household.pk}/"), url)
    fake = SimpleUploadedFile("申请表.jpg", b"MZ\x90\x00" * 400, "image/jpeg")
    page = window.post(url, sent | {"application_form": fake})
    assert page.status_code == 200
    assert "申请表：" in page.content.decode()
    assert not intake.papers.exists()
