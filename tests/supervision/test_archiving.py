"""归档: which files may leave the working lists, what the archive forbids, and how a family comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import IntegrityError, InternalError, transaction

from applications import services as applications
from applications.queries import visible_to as cases_visible_to
from applications.queries.duties import notices_to_deliver
from applications.rules.process import CaseState
from benefits.queries import visible_to as awards_visible_to
from benefits.services import end_award, recognise
from care.queries import visible_to as care_visible_to
from documents.services import record_delivery, void_document
from foundation.errors import NotPermitted
from foundation.trail import acting
from households import services as households
from households.models import Household
from households.queries import look_up, namesakes, visible_to
from organizations.models import Staff
from organizations.permissions import Role
from supervision import services
from supervision.models import Archiving, RetentionPeriod
from supervision.queries.retention import due_for_archiving, list_archive
from temporary_aid.services import withdraw_aid
from tests.benefits.builders import grant
from tests.households.builders import newborn
from tests.supervision.builders import LONG_AGO, silent_family
from tests.support.aid import open_urgent
from tests.support.crews import LINXI, START, VILLAGES, Crew, family, instant
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db


def told(story: Story) -> Story:
    """Everything that the family must get in its hands has reached it."""
    clerk, on = story.people.officer, story.today
    for paper in notices_to_deliver(clerk):
        record_delivery(paper, delivered_on=on, way="direct", received_by="胡德旺", by=clerk, on=on)
    return story


@pytest.fixture
def refused(people: Crew) -> Story:
    """A family whose only application was refused, and which was told so."""
    return told(case_in(CaseState.REFUSED, people=people))


def two_years_after(story: Story) -> date:
    return story.refresh().state_since + relativedelta(years=2)


def archived(story: Story, by: Staff) -> Household:
    day = two_years_after(story)
    services.archive([story.household.pk], by=by, on=day, at=instant(day))
    story.household.refresh_from_db()
    return story.household


def test_an_unaided_family_is_due_two_years_after_its_last_matter_and_not_a_day_before(
    refused: Story, clerk: Staff
) -> None:
    day = two_years_after(refused)
    assert not due_for_archiving(clerk, on=day - timedelta(days=1)).exists()
    found = due_for_archiving(clerk, on=day).get()
    assert (found.pk, found.is_aided, found.last_matter_on) == (
        refused.household.pk,
        False,
        day - relativedelta(years=2),
    )


def test_a_family_that_is_paid_is_never_due(people: Crew, clerk: Staff) -> None:
    story = case_in(CaseState.APPROVED, people=people)
    assert not due_for_archiving(clerk, on=story.today + relativedelta(years=40)).exists()


def test_an_aided_family_is_due_five_years_after_its_last_month(people: Crew, clerk: Staff) -> None:
    story = told(case_in(CaseState.APPROVED, people=people))
    award = story.household.awards.get()
    october = date(2026, 10, 1)
    end_award(award, last_month=october, reason="收入超过标准", decided_by=people.approver, decided_on=october)
    day = date(2031, 10, 31)
    assert not due_for_archiving(clerk, on=day - timedelta(days=1)).exists()
    assert due_for_archiving(clerk, on=day).get().is_aided


def test_a_recognition_counts_to_its_last_day_and_a_registration_by_the_day_here(people: Crew, clerk: Staff) -> None:
    half_past_midnight = datetime(2021, 3, 8, 16, 30, tzinfo=UTC)
    family = silent_family(clerk)
    Household.objects.filter(pk=family.pk).update(registered_at=half_past_midnight)
    assert due_for_archiving(clerk, on=date(2026, 11, 23)).get().last_matter_on == date(2021, 3, 9)
    person = family.members.get().person
    recognition = recognise(
        scheme="marginal",
        household=family,
        area=family.area,
        persons=[person],
        months=12,
        decided_by=people.approver,
        decided_on=date(2021, 6, 1),
    )
    found = due_for_archiving(clerk, on=date(2031, 11, 23)).get()
    assert found.last_matter_on == recognition.last_day == date(2022, 5, 31)


def test_a_family_with_an_open_case_is_not_due(people: Crew, clerk: Staff) -> None:
    story = case_in(CaseState.INVESTIGATING, people=people)
    assert not due_for_archiving(clerk, on=story.today + relativedelta(years=40)).exists()
    with pytest.raises(services.NotArchivable, match="没办结"):
        services.archive([story.household.pk], by=clerk, on=date(2066, 1, 4), at=instant(date(2066, 1, 4)))


def test_temporary_aid_keeps_a_file_at_hand_until_its_years_have_passed(people: Crew, clerk: Staff) -> None:
    household = family(people)
    head = household.members.get(relation="head").person
    aid = open_urgent(people.officer, id_number=head.id_number.reveal(), name=head.name)
    assert aid.household == household
    far = aid.occurred_on + relativedelta(years=40)
    assert not due_for_archiving(clerk, on=far).exists()
    ended = aid.opened_at + timedelta(days=90)
    with acting(actor="system:test"):
        withdraw_aid(aid, reason="本人不要", by=people.officer, at=ended)
    assert due_for_archiving(clerk, on=far).get().last_matter_on == ended.date()


def test_without_an_entered_period_nothing_is_due(refused: Story, clerk: Staff) -> None:
    period = RetentionPeriod.objects.get(record_kind="unaided_family")
    assert due_for_archiving(clerk, on=two_years_after(refused)).exists()
    before = period.valid.lower - timedelta(days=1)
    assert not due_for_archiving(clerk, on=before).exists()


def test_an_archived_family_leaves_families_and_cases_and_stands_in_the_archive(refused: Story, clerk: Staff) -> None:
    household = archived(refused, clerk)
    assert not visible_to(clerk).filter(pk=household.pk).exists()
    assert not cases_visible_to(clerk).filter(household=household).exists()
    row = list_archive(clerk, q=household.number).get()
    assert (row.household, row.keep_to_year) == (household, refused.refresh().state_since.year + 10)
    assert household.events.first().kind == "archived"


def test_nobody_elsewhere_archives_finds_or_takes_back_a_family(refused: Story, clerk: Staff, neighbour: Staff) -> None:
    day = two_years_after(refused)
    assert not due_for_archiving(neighbour, on=day).exists()
    with pytest.raises(services.NotArchivable):
        services.archive([refused.household.pk], by=neighbour, on=day, at=instant(day))
    archived(refused, clerk)
    assert not list_archive(neighbour).exists()
    with pytest.raises(NotPermitted):
        services.take_back(Archiving.objects.get(), reason="再次申请", by=neighbour, on=day, at=instant(day))


def test_nothing_of_an_archived_family_changes_by_the_pages_or_by_sql(refused: Story, clerk: Staff) -> None:
    household = archived(refused, clerk)
    with pytest.raises(households.NotAllowedNow, match="归档"):
        households.change_facts(household, facts={"address": "别处1号"}, version=household.version, by=clerk)
    with pytest.raises(InternalError, match="archived_stays"), transaction.atomic():
        Household.objects.filter(pk=household.pk).update(address="别处1号")


def test_whoever_comes_again_is_found_in_the_archive_and_taken_back(
    refused: Story, clerk: Staff, neighbour: Staff
) -> None:
    number = refused.household.members.get(relation="head").person.id_number.reveal()
    household, day = archived(refused, clerk), two_years_after(refused)
    at_home, elsewhere = look_up(number, by=clerk), look_up(number, by=neighbour)
    assert at_home is not None and at_home.archived == household
    assert elsewhere is not None and elsewhere.archived is None and elsewhere.elsewhere == "临溪镇"
    services.take_back(Archiving.objects.get(), reason="再次申请低保", by=clerk, on=day, at=instant(day))
    assert visible_to(clerk).filter(pk=household.pk).exists()
    assert household.events.first().note == "再次申请低保"
    assert not list_archive(clerk).exists()


def test_a_family_stands_once_in_the_archive_and_for_a_reason(refused: Story, clerk: Staff) -> None:
    archived(refused, clerk)
    row = Archiving.objects.get()
    with pytest.raises(households.NotAllowedNow, match="原因"):
        services.take_back(row, reason=" ", by=clerk, on=row.archived_on, at=instant(row.archived_on))
    row.pk = None
    with pytest.raises(IntegrityError, match="archiving_one_standing"), transaction.atomic():
        row.save(force_insert=True)


def test_several_are_archived_together_or_none(people: Crew, refused: Story, clerk: Staff) -> None:
    other = case_in(CaseState.INVESTIGATING, people=people)
    day = two_years_after(refused)
    with pytest.raises(services.NotArchivable, match=other.household.number):
        services.archive([refused.household.pk, other.household.pk], by=clerk, on=day, at=instant(day))
    assert not Archiving.objects.exists()


def test_whoever_was_not_told_yet_is_not_archived(people: Crew, clerk: Staff) -> None:
    story = case_in(CaseState.REFUSED, people=people)
    assert notices_to_deliver(clerk).exists()
    assert not due_for_archiving(clerk, on=two_years_after(story)).exists()


def test_what_happened_to_the_family_since_counts_as_a_matter(refused: Story, clerk: Staff) -> None:
    day = two_years_after(refused)
    born = day - timedelta(days=10)
    parents = [refused.household.members.get(relation="head")]
    child = newborn(birth_date=born)
    households.record_birth(refused.household, child=child, parents=parents, by=clerk, on=born, at=instant(born))
    assert not due_for_archiving(clerk, on=day).exists()
    assert due_for_archiving(clerk, on=born + relativedelta(years=2)).get().last_matter_on == born


def test_whoever_was_taken_back_is_not_due_again_at_once(refused: Story, clerk: Staff) -> None:
    household, day = archived(refused, clerk), two_years_after(refused)
    services.take_back(Archiving.objects.get(), reason="再次申请", by=clerk, on=day, at=instant(day))
    assert not due_for_archiving(clerk, on=day + timedelta(days=30)).filter(pk=household.pk).exists()


def test_a_paper_of_an_archived_family_is_not_voided(refused: Story, clerk: Staff) -> None:
    paper = refused.case.documents.select_related("document").first().document
    archived(refused, clerk)
    day = two_years_after(refused)
    with pytest.raises(applications.NotNow, match="归档"):
        void_document(paper, reason="有误", by=clerk, on=day)


def test_an_ended_award_an_old_recognition_and_care_of_an_archived_family_leave_their_lists(
    people: Crew, clerk: Staff
) -> None:
    family = silent_family(people.officer)
    award = grant(family, people.approver, scheme="tekun", decided_on=date(2021, 3, 10))
    assert awards_visible_to(clerk).filter(pk=award.pk).exists() and care_visible_to(clerk).exists()
    ended = date(2021, 6, 1)
    end_award(award, last_month=ended, reason="自愿退出", decided_by=people.approver, decided_on=ended)
    services.archive([family.pk], by=clerk, on=START, at=instant(START))
    assert not awards_visible_to(clerk).filter(pk=award.pk).exists() and not care_visible_to(clerk).exists()


def test_an_archived_family_is_no_clue_of_a_second_registration(people: Crew, clerk: Staff) -> None:
    for _ in range(2):
        family = households.register_household(
            area=area(VILLAGES[LINXI]),
            head=newborn("胡小宝", "head", birth_date=date(2020, 1, 5)),
            facts={"address": "一组12号"},
            by=people.officer,
            on=LONG_AGO.date(),
            at=LONG_AGO,
        )
    county = make_staff(Role.COUNTY_OFFICER, "341824")
    assert len(namesakes(county)) == 1
    services.archive([family.pk], by=clerk, on=START, at=instant(START))
    assert len(namesakes(county)) == 0
