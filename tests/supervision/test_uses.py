"""个人信息处理记录: what is told of one person, and of nobody else."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import TestCase
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.rules.process import CaseState
from households import services as households
from households.models import Household, Member, Person
from organizations.models import AccessRecord, Staff
from organizations.models.records import AccessKind
from organizations.services import record_access
from supervision.queries.uses import readings_of, subject_of, uses_of, writings_of
from tests.support.aid import open_urgent
from tests.support.cases import Desk
from tests.support.crews import Crew, instant
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(people: Crew) -> Story:
    """A family on 低保 whose head signed, was checked, and was published."""
    return case_in(CaseState.APPROVED, people=people)


def head(story: Story) -> Member:
    return story.household.members.select_related("person").get(relation="head")


def read(kind: str, subject: tuple[str, int], by: Staff, on: date, reason: str = "核对") -> AccessRecord:
    return record_access(
        kind=kind, staff=by, at=instant(on), subject_type=subject[0], subject_id=subject[1], reason=reason
    )


def test_whoever_opened_the_persons_number_the_familys_page_or_a_case_is_named(story: Story, clerk: Staff) -> None:
    member, on = head(story), story.today
    wanted = {
        read(AccessKind.REVEAL, ("member", member.pk), clerk, on).pk,
        read(AccessKind.PAGE, ("household", story.household.pk), clerk, on).pk,
        read(AccessKind.PAGE, ("case", story.case.pk), clerk, on).pk,
        read(AccessKind.DOCUMENT, ("document", story.case.documents.first().document_id), clerk, on).pk,
    }
    spouse = story.household.members.exclude(pk=member.pk).first()
    read(AccessKind.REVEAL, ("member", spouse.pk), clerk, on)
    read(AccessKind.PAGE, ("case", story.case.pk + 1), clerk, on)
    assert set(readings_of(subject_of(member.person, areas=None)).values_list("pk", flat=True)) == wanted


def test_who_opened_or_entered_the_familys_temporary_aid_is_named(story: Story, clerk: Staff) -> None:
    member = head(story)
    aid = open_urgent(story.people.officer, id_number=member.person.id_number.reveal(), name=member.person.name)
    row = read(AccessKind.ATTACHMENT, ("temporary_aid", aid.pk), clerk, story.today)
    subject = subject_of(member.person, areas=None)
    assert row in readings_of(subject)
    assert "临时救助" in {writing.what for writing in writings_of(subject)}


def test_what_was_read_of_a_family_before_and_after_somebodys_time_is_not_theirs(story: Story, clerk: Staff) -> None:
    spouse = story.household.members.exclude(relation="head").select_related("person").first()
    left = story.today + timedelta(days=30)
    households.leave(spouse, reason="moved", by=story.people.officer, on=left, at=instant(left))
    before, during, after = (
        read(AccessKind.PAGE, ("household", story.household.pk), clerk, day)
        for day in (spouse.joined_on - timedelta(days=1), left - timedelta(days=1), left)
    )
    found = set(readings_of(subject_of(spouse.person, areas=None)).values_list("pk", flat=True))
    assert during.pk in found and not {before.pk, after.pk} & found


def test_what_was_read_of_a_record_that_was_merged_is_told_too(story: Story, clerk: Staff) -> None:
    person = head(story).person
    former = Person.objects.create(
        name=person.name, sex="male", birth_date=person.birth_date, missing_id_reason="lost", merged_into=person
    )
    row = read(AccessKind.REVEAL, ("person", former.pk), clerk, story.today)
    assert row in readings_of(subject_of(person, areas=None))


def test_consent_check_case_publicity_and_hands_are_told(story: Story) -> None:
    uses = uses_of(subject_of(head(story).person, areas=None))
    assert [consent.signed_on for consent in uses.consents] == [story.household.consents.get().signed_on]
    assert [check.consent_id for check in uses.checks] == [story.household.consents.get().pk]
    assert [case.pk for case in uses.cases] == [story.case.pk]
    assert [publicity.case_id for publicity in uses.publicities] == [story.case.pk]
    assert {row.what for row, _ in uses.writings} >= {"人员", "家庭成员"}
    assert {name for _, name in uses.writings} == {"系统"}  # the story's actor is the test itself


def test_what_was_written_of_the_family_in_their_time_is_told_too(story: Story) -> None:
    family = Household.objects.get(pk=story.household.pk)
    households.change_facts(family, facts={"phone": "13900001234"}, by=story.people.officer, version=family.version)
    spouse = family.members.exclude(relation="head").select_related("person").first()

    def told() -> dict[str, int]:
        rows: dict[str, int] = Counter()
        for row, _ in uses_of(subject_of(spouse.person, areas=None)).writings:
            rows[row.what] += row.times
        return rows

    before = told()
    assert {"家庭", "财产", "附件", "核查授权"} <= before.keys()
    # Rows are written at the time of the database, which no test sets.
    long_ago = {"joined_on": date(2020, 1, 1), "left_on": date(2020, 1, 2), "left_reason": "moved"}
    Member.objects.filter(pk=spouse.pk).update(**long_ago)
    assert "财产" not in told(), "it was written when they had gone"


def test_the_page_shows_readings_and_the_print_says_that_it_was_printed(story: Story) -> None:
    member, desk = head(story), Desk(story.people.officer, on=story.today)
    desk.fetch(reverse("households:detail", args=[story.household.pk]))
    address = reverse("supervision:uses", args=[story.household.pk, member.pk])
    page = desk.fetch(address).content.decode()
    assert "打开页面" in page and "程晓燕" in page
    assert member.person.id_number.reveal() not in page
    printed = desk.post(reverse("supervision:print_uses", args=[story.household.pk, member.pk])).content.decode()
    assert "其他乡镇查阅、办理的，可以向县民政局查阅" in printed and "本地做法" in printed
    assert AccessRecord.objects.filter(reason="打印个人信息处理记录", subject_id=member.person_id).count() == 1
    county = Desk(story.people.visitor, on=story.today)
    printed = county.post(reverse("supervision:print_uses", args=[story.household.pk, member.pk])).content.decode()
    assert "全部记录" in printed and "其他乡镇" not in printed


def test_a_page_opened_twice_on_a_day_is_one_record(story: Story) -> None:
    address = reverse("households:detail", args=[story.household.pk])
    for day in (story.today, story.today, story.today + timedelta(days=1)):
        with TestCase.captureOnCommitCallbacks(execute=True):
            Desk(story.people.officer, on=day).fetch(address)
    assert AccessRecord.objects.filter(kind=AccessKind.PAGE, subject_id=story.household.pk).count() == 2


def test_the_record_costs_the_same_however_often_the_family_was_read(
    story: Story, clerk: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = reverse("supervision:uses", args=[story.household.pk, head(story).pk])
    for number in range(30):
        read(AccessKind.PAGE, ("household", story.household.pk), clerk, story.today, str(number))
    desk = Desk(story.people.officer, on=story.today)
    with django_assert_max_num_queries(45):
        assert desk.fetch(address).status_code == 200


def test_a_neighbour_finds_nothing(story: Story, neighbour: Staff) -> None:
    desk = Desk(neighbour, on=story.today)
    where: list[Any] = [story.household.pk, head(story).pk]
    assert desk.fetch(reverse("supervision:uses", args=where)).status_code == 404
    assert desk.post(reverse("supervision:print_uses", args=where)).status_code == 404
    assert not AccessRecord.objects.filter(reason="打印个人信息处理记录").exists()
