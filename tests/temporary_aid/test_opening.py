"""Registering aid: whom, where, what for; the clock; identity and family that come later."""

from datetime import date, timedelta

import pytest

from foundation.errors import NotPermitted
from foundation.trail import acting
from temporary_aid.models import AidEvent, TemporaryAid
from temporary_aid.queries import visible_to
from temporary_aid.services import (
    NotAllowed,
    identify_recipient,
    link_household,
    mend_aid,
    open_aid,
    withdraw_aid,
)
from tests.support.aid import HUAYANG, LINXI, NIGHT, aid_data, clerk, open_urgent
from tests.support.crews import county_data, crew, family
from tests.support.factories import make_id_number

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def test_the_clock_runs_from_the_first_report_nights_and_holidays_included() -> None:
    aid = open_urgent(clerk(), at=NIGHT + timedelta(hours=9))
    assert aid.help_due_at == NIGHT + timedelta(hours=24)
    assert aid.opened_at == NIGHT + timedelta(hours=9)


def test_a_report_of_the_future_is_refused_beside_its_field() -> None:
    with pytest.raises(NotAllowed, match="不能晚于现在") as refused:
        open_urgent(clerk(), at=NIGHT - timedelta(minutes=1))
    assert refused.value.field == "first_reported_at"


def test_a_known_number_links_the_familys_record_where_the_clerk_may_see_it() -> None:
    people = crew()
    household = family(people)
    member = household.members.get(relation="head")
    with acting(actor="system:test"):
        aid = open_aid(
            aid_data(id_number=member.person.id_number.reveal(), name="写错的名字"), by=people.officer, at=NIGHT
        )
    assert (aid.household, aid.applicant) == (household, member)
    assert (aid.recipient_name, aid.people_count) == ("胡德旺", 3)


def test_of_a_family_of_another_township_nothing_is_told_and_the_person_is_helped_all_the_same() -> None:
    people = crew()
    number = family(people).members.get(relation="head").person.id_number.reveal()
    elsewhere = clerk(HUAYANG)
    with acting(actor="system:test"):
        aid = open_aid(
            aid_data(township=HUAYANG, id_number=number, name="胡德旺", ground="occurred"), by=elsewhere, at=NIGHT
        )
    assert aid.household is None
    assert aid.ground == "occurred"
    assert list(visible_to(elsewhere)) == [aid]
    assert not visible_to(people.officer).exists()


def test_somebody_without_papers_is_helped_with_the_reason_and_identified_later() -> None:
    officer = clerk()
    with pytest.raises(NotAllowed, match="无证号原因"):
        open_urgent(officer, id_number="", missing_id_reason="")
    aid = open_urgent(officer, id_number="", missing_id_reason="unidentified", name="无名氏")
    number = make_id_number(birth_date=date(1960, 1, 1))
    with acting(actor="system:test"):
        aid = identify_recipient(aid, id_number=number, by=officer, at=NIGHT + timedelta(days=3))
    aid.refresh_from_db()
    assert aid.recipient_id_number.reveal() == number
    assert (aid.missing_id_reason, aid.recipient_birth_date) == ("", date(1960, 1, 1))
    with acting(actor="system:test"), pytest.raises(NotAllowed, match="已经登记过"):
        identify_recipient(aid, id_number=number, by=officer, at=NIGHT)


def test_a_wrong_check_digit_is_told_beside_the_number() -> None:
    wrong = "341824196803120017"
    with pytest.raises(NotAllowed) as refused:
        open_urgent(clerk(), id_number=wrong)
    assert refused.value.field == "id_number"


def test_the_same_cause_of_the_same_person_is_not_registered_twice_while_it_is_handled() -> None:
    officer = clerk()
    number = make_id_number()
    open_urgent(officer, id_number=number)
    with pytest.raises(NotAllowed, match="正在办理"):
        open_urgent(officer, id_number=number)
    other = open_urgent(officer, id_number=number, cause="traffic")
    assert other.cause == "traffic"


def test_a_cause_of_the_other_type_is_refused() -> None:
    with pytest.raises(NotAllowed) as refused:
        open_urgent(clerk(), cause="medical")
    assert refused.value.field == "cause"


def test_another_townships_clerk_registers_nothing_here() -> None:
    with pytest.raises(NotPermitted):
        open_urgent(clerk(HUAYANG), township=LINXI)


def test_what_was_registered_is_mended_until_it_is_given_up() -> None:
    officer = clerk()
    aid = open_urgent(officer, id_number="", missing_id_reason="lost")
    with acting(actor="system:test"):
        mended = mend_aid(
            aid,
            aid_data(id_number="", missing_id_reason="lost", situation="烧毁三间。"),
            by=officer,
            at=NIGHT + timedelta(hours=1),
            version=1,
        )
        assert mended.situation == "烧毁三间。"
        with pytest.raises(NotAllowed, match="别人改过"):
            mend_aid(aid, aid_data(), by=officer, at=NIGHT, version=1)
        with pytest.raises(NotAllowed, match="原因"):
            withdraw_aid(aid, reason=" ", by=officer, at=NIGHT)
        withdraw_aid(aid, reason="本人不要", by=officer, at=NIGHT + timedelta(hours=2))
        with pytest.raises(NotAllowed, match="不再办理"):
            mend_aid(aid, aid_data(), by=officer, at=NIGHT)
    kinds = list(AidEvent.objects.filter(aid=aid).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["opened", "changed", "withdrawn"]


def test_a_family_is_linked_whose_member_bears_the_number_and_no_other() -> None:
    people = crew()
    household = family(people)
    aid = open_urgent(people.officer, id_number=make_id_number(birth_date=date(1950, 5, 5)))
    head = household.members.get(relation="head")
    with acting(actor="system:test"), pytest.raises(NotAllowed, match="身份证号"):
        link_household(aid, household=household, applicant=head, by=people.officer, at=NIGHT)
    unknown = open_urgent(people.officer, id_number="", missing_id_reason="lost", cause="traffic")
    with acting(actor="system:test"):
        linked = link_household(unknown, household=household, applicant=head, by=people.officer, at=NIGHT)
    assert linked.recipient_id_number.reveal() == head.person.id_number.reveal()
    assert TemporaryAid.objects.get(pk=unknown.pk).household == household
