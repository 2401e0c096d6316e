"""补登证号: a person gets their number, or is found to be somebody known; never silently somebody else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from households import services
from households.models import BankAccount, Household, Member, Person
from households.queries import current_members, incomes_of, valid_consent
from organizations.models import Staff
from tests.households.builders import data, head, join, newborn, register
from tests.households.web import text_of, to
from tests.support.factories import AT, ON, make_id_number

pytestmark = pytest.mark.django_db
BORN = date(1968, 3, 12)


def names(household: Household) -> list[tuple[str, str]]:
    return [(str(member), member.relation) for member in current_members(household)]


def nameless(name: str = "胡小雨", **more: Any) -> Any:
    """Somebody whose papers are lost, born as :func:`make_id_number` says."""
    fields = {"sex": "male", "birth_date": BORN, "missing_id_reason": "lost"}
    return data(name, "child", id_number="", **fields | more)


def add(family: Household, by: Staff, what: Any) -> Member:
    return services.add_member(family, data=what, by=by, on=ON, at=AT)


def identify(member: Member, number: str, by: Staff, **more: Any) -> Member:
    return services.identify(member, id_number=number, by=by, on=ON, at=AT, **more)


def left(family: Household, by: Staff, number: str, *, name: str = "胡小雨", **more: Any) -> Member:
    """Somebody with a number who was in the family and stands in none now."""
    gone = join(family, by, name, "child", id_number=number, **more)
    services.leave(gone, reason="moved", by=by, on=ON, at=AT)
    return gone


def test_papers_found_give_a_person_their_number(clerk: Staff, family: Household) -> None:
    member, number = add(family, clerk, nameless()), make_id_number()
    identify(member, number, clerk)
    person = Person.objects.get(pk=member.person_id)
    assert (person.id_number.reveal(), person.missing_id_reason, person.birth_date) == (number, "", BORN)
    with pytest.raises(services.NotAllowedNow, match="已有身份证号"):
        identify(member, number, clerk)


def test_a_number_that_says_another_birth_date_or_sex_asks_first(clerk: Staff, family: Household) -> None:
    child = add(family, clerk, newborn())
    number = make_id_number(birth_date=date(2026, 10, 31), male=False)
    with pytest.raises(services.IdentityUnclear, match=r"2026年10月31日，登记的是2026年11月1日；.*性别") as refusal:
        identify(child, number, clerk)
    assert refusal.value.field == "confirmed"
    assert not Person.objects.get(pk=child.person_id).id_number
    identify(child, number, clerk, is_confirmed=True)
    person = Person.objects.get(pk=child.person_id)
    assert (person.id_number.reveal(), person.sex, person.birth_date) == (number, "female", date(2026, 10, 31))


def test_a_newborn_does_not_become_somebody_of_1950(clerk: Staff, family: Household) -> None:
    number = make_id_number(birth_date=date(1950, 1, 1))
    facts = {"serious_illness": True, "illness_name": "尿毒症"}
    old = left(family, clerk, number, name="七旬老人", facts=facts)
    baby = services.record_birth(family, child=newborn(), parents=[], by=clerk, on=ON, at=AT)
    for is_confirmed in (False, True):
        with pytest.raises(services.NotAllowedNow, match="另一个人"):
            identify(baby, number, clerk, is_confirmed=is_confirmed)
    person = Person.objects.get(pk=old.person_id)
    assert (person.name, person.serious_illness, person.illness_name) == ("七旬老人", True, "尿毒症")
    assert names(family) == [("胡德旺", "head"), ("胡小宝", "child")]


def test_another_name_is_asked_about_at_home_and_refused_elsewhere(
    clerk: Staff, neighbour: Staff, family: Household
) -> None:
    number = make_id_number()
    left(family, clerk, number, name="胡晓宇")
    member = add(family, clerk, nameless())
    with pytest.raises(services.IdentityUnclear, match="“胡晓宇”，这里是“胡小雨”"):
        identify(member, number, clerk)
    there = register(neighbour, code="341824100001", head=data("汪大"))
    stranger = add(there, neighbour, nameless())
    for is_confirmed in (False, True):
        with pytest.raises(services.NotAllowedNow, match="姓名") as refusal:
            identify(stranger, number, neighbour, is_confirmed=is_confirmed)
        assert "胡晓宇" not in refusal.value.message
    assert identify(member, number, clerk, is_confirmed=True).person.name == "胡晓宇"


def test_a_person_found_to_be_known_is_merged_with_all_that_is_theirs(clerk: Staff, family: Household) -> None:
    number = make_id_number()
    gone = left(family, clerk, number)
    member = services.record_birth(family, child=nameless(), parents=[head(family)], by=clerk, on=ON, at=AT)
    income = services.IncomeData(member=member, kind="wage", yearly_amount=Decimal(18000))
    services.save_incomes(family, year=2026, rows=[income], by=clerk, at=AT)
    merged = identify(member, number, clerk)
    assert merged.person_id == gone.person_id
    assert Person.objects.get(pk=member.person_id).merged_into_id == gone.person_id
    assert [row.member_id for row in incomes_of(family, year=2026)] == [merged.pk]
    assert list(merged.person.kinships.values_list("relative", flat=True)) == [head(family).person_id]
    assert names(family) == [("胡德旺", "head"), ("胡小雨", "child")]


def test_what_is_known_stays_and_what_was_found_out_fills_the_gaps(clerk: Staff, family: Household) -> None:
    number = make_id_number()
    known = {"serious_illness": True, "illness_name": "尿毒症", "health": "chronic", "employment": "none"}
    left(family, clerk, number, facts=known)
    here = {"serious_illness": False, "health": "weak", "employment": "farming", "employer": "自家"}
    person = identify(add(family, clerk, nameless(facts=here)), number, clerk).person
    assert (person.serious_illness, person.illness_name, person.health) == (True, "尿毒症", "chronic")
    assert (person.employment, person.employer) == ("farming", "自家")


def test_what_a_person_signed_and_receives_holds_for_them_under_the_record_that_stays(
    clerk: Staff, family: Household
) -> None:
    number = make_id_number()
    left(family, clerk, number)
    member = add(family, clerk, nameless())
    signers = {head(family).pk: "", member.pk: ""}
    consent = services.record_consent(family, signed_on=ON, signers=signers, by=clerk, on=ON)
    services.set_bank_account(
        family, bank="农行", account="6217001234567890", holder="胡小雨", payee_member=member, by=clerk, on=ON
    )
    merged = identify(member, number, clerk)
    assert valid_consent(family, on=ON) == consent
    assert BankAccount.objects.get(ended_on=None).payee_member == merged


def test_a_person_entered_twice_in_a_family_becomes_one(clerk: Staff, family: Household) -> None:
    number = make_id_number()
    known = join(family, clerk, "胡小雨", "child", id_number=number)
    twice = add(family, clerk, nameless())
    assert identify(twice, number, clerk) == known
    assert names(family) == [("胡德旺", "head"), ("胡小雨", "child")]


def test_a_number_of_somebody_in_another_family_is_not_taken(clerk: Staff, neighbour: Staff, family: Household) -> None:
    number = make_id_number()
    register(neighbour, code="341824100001", head=data(id_number=number))
    child = add(family, clerk, newborn())
    with pytest.raises(services.AlreadyRegistered, match="已在华阳镇登记"):
        identify(child, number, clerk)


@pytest.mark.usefixtures("today", "fresh_cache")
def test_the_page_asks_before_two_records_become_one(browser: Client, clerk: Staff, family: Household) -> None:
    child = add(family, clerk, nameless(birth_date=date(1968, 3, 13)))
    url, number, other = to("life", family.pk, "identify"), make_id_number(), make_id_number()
    page = browser.post(url, {"member": child.pk, "id_number": number})
    assert "1968年3月12日，登记的是1968年3月13日" in text_of(page)
    assert 'type="checkbox"' in text_of(page) and "已核对证件，是同一个人" in text_of(page)
    asked = page.context["form"]["asked_about"].value()
    # The tick holds for the number that was asked about, and for no other.
    page = browser.post(url, {"member": child.pk, "id_number": other, "confirmed": "on", "asked_about": asked})
    assert page.status_code == 200 and not Person.objects.get(pk=child.person_id).id_number
    sent = {"member": child.pk, "id_number": number, "confirmed": "on", "asked_about": asked}
    assert browser.post(url, sent).status_code == 302
    assert Person.objects.get(pk=child.person_id).id_number.reveal() == number
