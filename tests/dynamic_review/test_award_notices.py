"""Papers that tell a family what nobody's case tells: a death that lowers the sum, a phase-out that is revoked."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from benefits import services as benefits
from benefits.models import Award, AwardPaper
from documents.models import Document
from documents.services import void_document
from dynamic_review.services import tell_of_deaths
from dynamic_review.tasks import tell_of_deaths as nightly
from households import services as households
from households.models import Member
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.paying import instant
from tests.households.builders import head, join, picture, register
from tests.support.crews import county_data
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
GRANTED, TOLD = date(2026, 1, 10), date(2027, 3, 10)


@pytest.fixture
def clerk(county: None) -> Staff:
    county_data()
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=GRANTED)


@pytest.fixture
def approver(clerk: Staff) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=GRANTED)


@pytest.fixture
def award(clerk: Staff, approver: Staff) -> Award:
    """600 yuan for two, 300 each."""
    family = register(clerk)
    join(family, clerk)
    family.members.update(joined_on=GRANTED)
    return grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("600.00"))


def wife_of(award: Award) -> Member:
    return award.household.members.get(person__name="汪秋菊")


def said(document: Document) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(document.record.reveal())["fields"]
    return fields


def test_the_night_after_a_death_was_registered_the_family_is_told_once_what_is_paid(
    award: Award, clerk: Staff
) -> None:
    households.record_death(wife_of(award), died_on=date(2027, 3, 3), by=clerk, at=instant(TOLD))
    with time_machine.travel(datetime(2027, 3, 11, 0, 50, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        assert [nightly(), nightly()] == [1, 0]
    paper = AwardPaper.objects.get(occasion="death")
    record = said(paper.document)
    assert paper.award == award and paper.document.issuing_area.code == "341824101"
    assert (record["deceased"], record["from_month"], record["due_on"]) == ("汪秋菊", "2027-04-01", "2027-06-03")
    assert (record["before_amount"], record["monthly_amount"], record["persons"]) == ("600.00", "300.00", 1)


def test_a_notice_that_was_voided_by_hand_is_issued_anew(award: Award, clerk: Staff, approver: Staff) -> None:
    households.record_death(wife_of(award), died_on=date(2027, 3, 3), by=clerk, at=instant(TOLD))
    assert tell_of_deaths(on=TOLD) == 1
    void_document(AwardPaper.objects.get().document, reason="户主姓名有误", by=approver, on=TOLD)
    assert (tell_of_deaths(on=TOLD), tell_of_deaths(on=TOLD)) == (1, 0)
    assert said(AwardPaper.objects.latest("pk").document)["from_month"] == "2027-04-01"


def test_a_notice_of_a_day_that_is_corrected_is_void_and_the_next_night_tells_the_right_one(
    award: Award, clerk: Staff
) -> None:
    households.record_death(wife_of(award), died_on=date(2027, 3, 2), by=clerk, at=instant(TOLD))
    tell_of_deaths(on=TOLD)
    wrong = AwardPaper.objects.get().document
    day = date(2027, 3, 12)
    households.mend_death(wife_of(award), died_on=date(2027, 2, 26), reason="更正", by=clerk, at=instant(day))
    wrong.refresh_from_db()
    assert (wrong.voided_on, wrong.voided_reason) == (day, "死亡日期更正为2027年2月26日")
    assert tell_of_deaths(on=day) == 1
    assert said(AwardPaper.objects.latest("pk").document)["from_month"] == "2027-03-01"


def test_a_death_that_was_none_leaves_no_notice_of_it_and_rights_the_one_of_another(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    third = join(award.household, clerk, name="胡小满", relation="child")
    persons = [benefits.CoveredPerson(row.person) for row in award.household.members.filter(left_on=None)]
    terms = benefits.AwardChange("adjust", Decimal("900.00"), persons, "B", "household")
    benefits.change_award(award, change=terms, from_month=date(2027, 1, 1), reason="增人", by=approver, on=GRANTED)
    for member in (wife_of(award), third):
        households.record_death(member, died_on=date(2027, 3, 2), by=clerk, at=instant(TOLD))
    tell_of_deaths(on=TOLD)
    day = date(2027, 3, 12)
    evidence = picture("证明.jpg")
    households.cancel_death(wife_of(award), reason="误登", evidence=evidence, by=clerk, at=instant(day))
    assert not AwardPaper.objects.filter(document__voided_on=None).exists()
    assert (tell_of_deaths(on=day), tell_of_deaths(on=day)) == (1, 0)
    paper = AwardPaper.objects.get(document__voided_on=None)
    assert paper.award_check.person == third.person
    assert said(paper.document)["monthly_amount"] == "600.00"


def test_nobody_is_told_where_nobody_is_left_or_nothing_falls(award: Award, clerk: Staff) -> None:
    single = register(clerk)
    grant(single, award.versions.get().decided_by, decided_on=GRANTED)
    households.record_death(head(single), died_on=date(2027, 3, 3), by=clerk, at=instant(TOLD))
    assert tell_of_deaths(on=TOLD) == 0


def test_a_revoked_phase_out_is_told_by_the_county_at_once(award: Award, approver: Staff) -> None:
    row = benefits.start_phase_out(
        award, months=3, suggested_months=3, suggestion="", reason="就业", by=approver, on=date(2027, 3, 15)
    )
    benefits.take_back_phase_out(row, reason="误计征地补偿", by=approver, on=date(2027, 4, 20))
    paper = award.papers.get(occasion="revoked")
    record = said(paper.document)
    assert (paper.phase_out, paper.document.issuing_area.code, paper.document.issued_by) == (row, "341824", approver)
    assert (record["reason"], record["from_month"], record["monthly_amount"]) == (
        "误计征地补偿",
        "2027-05-01",
        "600.00",
    )
