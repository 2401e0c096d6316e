"""恢复低保: a family in phase-out whose income fell again comes back by one decision, on its present data."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from benefits import services as benefits
from benefits.models import Award, AwardCheck, AwardPaper, PhaseOut
from benefits.queries import owed_of
from benefits.services import NotChangeable
from documents.services import archived_pdf
from dynamic_review.services import NotAllowed, restore_family
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from tests.documents.reading import pages_of, text_of
from tests.support.crews import Crew, crew
from tests.support.factories import make_staff
from tests.support.reviews import awarded, earn, review_of

pytestmark = [pytest.mark.django_db]
NOVEMBER_9, DECEMBER_10 = date(2026, 11, 9), date(2026, 12, 10)
DECEMBER, JANUARY, FEBRUARY, MARCH = (date(2026, 12, 1), *(date(2027, month, 1) for month in (1, 2, 3)))
SUM = Decimal("1893.00")
"""755 × 3 − 9,000 ÷ 12 = 1,515, with the top-ups of 227 and 151."""


@pytest.fixture
def people(county: None) -> Crew:
    return crew()


@pytest.fixture
def row(people: Crew) -> PhaseOut:
    """Three months of phase-out from December 2026: the wife earned 36,000 yuan a year."""
    award = awarded(people)
    earn(award.household, people, "36000.00")
    return benefits.start_phase_out(
        award,
        months=3,
        suggested_months=3,
        suggestion="",
        reason="就业",
        source="HC2026000001",
        by=people.approver,
        on=NOVEMBER_9,
    )


def fell(row: PhaseOut, people: Crew, yearly: str = "9000.00", *, by: Staff | None = None) -> None:
    """She lost the job, and the township wrote it down."""
    earn(row.award.household, people, yearly, on=DECEMBER_10)
    benefits.report_less_income(row.award, happened_on=DECEMBER_10, by=by or people.officer, on=DECEMBER_10)


def restored(row: PhaseOut, people: Crew, *, seen: Decimal = SUM, on: date = DECEMBER_10):  # type: ignore[no-untyped-def]
    return restore_family(row, year=2026, seen=seen, by=people.approver, on=on)


def test_one_decision_takes_the_last_month_back_and_pays_what_the_present_data_come_to(
    row: PhaseOut, people: Crew
) -> None:
    fell(row, people)
    document = restored(row, people)
    award = Award.objects.get(pk=row.award_id)
    assert (award.state, award.ends_month) == ("active", None)
    found = owed_of(award, [DECEMBER, JANUARY, MARCH, date(2027, 6, 1)])
    assert [month.amount for month in found.values()] == [Decimal("2143.00"), SUM, SUM, SUM]
    version = award.versions.latest("serial")
    assert (version.kind, version.from_month, version.source) == ("restore", JANUARY, document.number)
    assert version.assessment.on == DECEMBER_10
    assert all(person.covered.upper is None for person in award.persons.all())
    row.refresh_from_db()
    assert (row.revoked_by, row.revoked_on) == (people.approver, DECEMBER_10)
    check = AwardCheck.objects.get(award=award)
    assert (check.settled_on, check.settled_by) == (DECEMBER_10, people.approver)


def test_the_decision_is_told_by_a_numbered_paper_filed_with_the_award(row: PhaseOut, people: Crew) -> None:
    fell(row, people)
    document = restored(row, people)
    assert AwardPaper.objects.get(phase_out=row, occasion="restored").document == document
    assert pages_of(archived_pdf(document)) == 1
    said = text_of(archived_pdf(document))
    for words in ("恢复低保", "自2027年1月起每月1,893.00元", "渐退前每月2,143.00元", "人均月收入250.00元", "60日内"):
        assert words in said, words


def test_a_family_that_is_not_below_the_standard_stays_in_phase_out(row: PhaseOut, people: Crew) -> None:
    fell(row, people, "27180.00")  # 755.00 a head: the standard itself
    with pytest.raises(NotAllowed, match=r"755\.00元，不低于低保标准755\.00元"):
        restored(row, people)
    row.refresh_from_db()
    assert row.revoked_on is None


def test_nobody_decides_on_what_they_wrote_down_or_what_nobody_did(row: PhaseOut, people: Crew) -> None:
    earn(row.award.household, people, "9000.00", on=DECEMBER_10)
    with pytest.raises(NotAllowed, match="还没有登记收入减少"):
        restored(row, people)
    both = make_staff(Role.COUNTY_APPROVER, "341824", name="许慎", on=date(2026, 1, 1))
    AwardCheck.objects.create(
        award=row.award,
        person=row.award.persons.first().person,
        cause="phase_out",
        happened_on=DECEMBER_10,
        noted_by=both,
    )
    with pytest.raises(NotPermitted, match="由另一人办理"):
        restore_family(row, year=2026, seen=SUM, by=both, on=DECEMBER_10)
    for by in (people.officer, people.lead):
        with pytest.raises(NotPermitted):
            restore_family(row, year=2026, seen=SUM, by=by, on=DECEMBER_10)


def test_a_sum_that_is_not_the_one_shown_is_not_decided(row: PhaseOut, people: Crew) -> None:
    fell(row, people)
    with pytest.raises(NotAllowed, match=r"重新核算为每月1,893\.00元"):
        restored(row, people, seen=Decimal("1900.00"))


def test_a_review_under_way_decides_itself(row: PhaseOut, people: Crew) -> None:
    fell(row, people)
    review_of(row.award, people, on=DECEMBER_10, cause="phase_out")
    with pytest.raises(NotAllowed, match="由复核决定"):
        restored(row, people)


@pytest.mark.parametrize("on", [date(2027, 2, 28), date(2027, 3, 1)])
def test_until_the_last_day_of_the_last_month_and_not_after(row: PhaseOut, people: Crew, on: date) -> None:
    fell(row, people)
    if on == date(2027, 2, 28):
        restored(row, people, on=on)
        award = Award.objects.get(pk=row.award_id)
        assert [month.amount for month in owed_of(award, [FEBRUARY, MARCH]).values()] == [Decimal("2143.00"), SUM]
    else:
        with pytest.raises(NotChangeable, match="已经到期"):
            restored(row, people, on=on)


def test_the_county_finds_the_press_on_its_list_and_on_the_award_and_presses_once(row: PhaseOut, people: Crew) -> None:
    fell(row, people)
    url = reverse("dynamic_review:restore", args=[row.pk])
    with time_machine.travel("2026-12-10 10:00+08:00", tick=False):
        browser = Client()
        browser.force_login(people.approver, backend="django.contrib.auth.backends.ModelBackend")
        assert url in browser.get(reverse("benefits:phase_outs")).content.decode()
        assert url in browser.get(reverse("benefits:award", args=[row.award_id])).content.decode()
        page = browser.get(url).content.decode()
        assert "250.00" in page and "1,893.00" in page
        refused = browser.post(url, {"year": "2026", "seen": "5.00"})
        assert refused.status_code == 422 and "重新核算为每月1,893.00元" in refused.content.decode()
        answer = browser.post(url, {"year": "2026", "seen": "1893.00"})
        assert answer["Location"] == reverse("benefits:award", args=[row.award_id])
        assert url not in browser.get(reverse("benefits:phase_outs")).content.decode()
