"""A family that moved: the township that it left reads its own past, and nothing of what came after."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from applications.rules.process import CaseState
from households import services as households
from households.models import Attachment, Household, Member
from households.services import IncomeData
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.permissions import Role
from organizations.services import record_access
from tests.households.builders import data
from tests.matrix.rules import RULES
from tests.matrix.world import NEXT_VILLAGE, World, complete, text_of
from tests.support.crews import HUAYANG, VILLAGES, instant, scan
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
BACKEND = "django.contrib.auth.backends.ModelBackend"
SINCE = date(2026, 1, 1)
AFTER = ("华阳新村8号", "胡新生", "13900001234", "采茶短工", "139****1234")
"""What the new township wrote down of the family."""


@pytest.fixture(autouse=True)
def _after_it_moved() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


def test_nor_does_the_former_village_of_a_family_that_moved_within_the_township() -> None:
    story = case_in(CaseState.APPROVED)
    officer, on = story.people.officer, date(2026, 11, 20)
    complete(Household.objects.get(pk=story.household.pk), by=officer, on=on)
    family = Household.objects.get(pk=story.household.pk)
    households.move(family, area=area(NEXT_VILLAGE), address="华阳新村8号", by=officer, on=on, at=instant(on))
    write_down_more(story, by=officer, on=on)
    desk, read = browser(story.people.assistant), 0
    for method, url in doors(story):
        answer = getattr(desk, method)(url)
        assert [word for word in AFTER if word in text_of(answer)] == [], f"{method} {url}"
        read += answer.status_code == 200 and "胡德旺" in text_of(answer)
    assert read >= 2
    seen = text_of(browser(officer).get(reverse("applications:detail", args=[story.case.pk])))
    assert "胡新生" in seen, "the township has the family still"


@pytest.fixture
def moved() -> Story:
    """Approved in 临溪镇, then moved to 华阳镇, where somebody is born, the telephone changes and income is added."""
    story = case_in(CaseState.APPROVED)
    receiver = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=SINCE)
    on = date(2026, 11, 20)
    complete(Household.objects.get(pk=story.household.pk), by=story.people.officer, on=date(2026, 11, 19))
    family = Household.objects.get(pk=story.household.pk)
    transfer = households.propose_transfer(
        family, area=area(VILLAGES[HUAYANG]), address="华阳新村8号", by=story.people.officer, on=on, at=instant(on)
    )
    family = households.accept_transfer(transfer, by=receiver, on=on, at=instant(on))
    write_down_more(story, by=receiver, on=on)
    scan(Household.objects.get(pk=family.pk), receiver, on + timedelta(days=1))
    story.refresh()
    return story


def write_down_more(story: Story, *, by: Staff, on: date) -> None:
    """Somebody is born, the telephone changes and income is added, the day after."""
    later = on + timedelta(days=1)
    family = Household.objects.get(pk=story.household.pk)
    born = data("胡新生", "child", id_number="", sex="male", birth_date=on, missing_id_reason="newborn")
    households.add_member(family, data=born, by=by, on=later, at=instant(later))
    family.refresh_from_db()
    households.change_facts(family, facts={"phone": "13900001234"}, by=by, version=family.version)
    head = family.members.get(relation="head")
    rows = [IncomeData(member=head, kind="wage", yearly_amount=4000, label="采茶短工")]  # type: ignore[arg-type]
    households.save_incomes(family, year=2026, rows=rows, by=by, at=instant(later))


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(pk=staff.pk), backend=BACKEND)
    return client


def doors(story: Story) -> Iterator[tuple[str, str]]:
    """Every address that leads to something of the family, and how it is asked."""
    world = World(story, story, [])
    for name, rule in RULES.items():
        room = name.partition(":")[0]
        if (
            room in {"organizations", "eligibility", "workbench", "healthz", "care", "dynamic_review", "temporary_aid"}
            or "attachment" in name
        ):
            continue
        if "transfer" in name or rule.sees is None:
            continue
        for kwargs in rule.kwargs(world):
            for method in rule.methods:
                yield method, reverse(name.split(" ")[0], kwargs=kwargs)


def test_through_no_door_does_the_former_township_read_what_came_after(moved: Story) -> None:
    desk, read = browser(moved.people.officer), 0
    for method, url in doors(moved):
        answer = getattr(desk, method)(url)
        text = text_of(answer)
        assert [word for word in AFTER if word in text] == [], f"{method} {url}"
        read += answer.status_code == 200 and "胡德旺" in text
    assert read >= 2


def test_lists_searches_and_exports_of_the_former_township_say_nothing_of_it(moved: Story) -> None:
    desk = browser(moved.people.officer)
    lists = (
        "households:list",
        "applications:list",
        "applications:documents",
        "benefits:recognitions",
        "care:list",
        "dynamic_review:list",
    )
    answers = [desk.get(reverse(name)) for name in (*lists, "workbench:home")]
    answers += [desk.get(reverse("workbench:search"), {"q": word}) for word in ("胡德旺", "新生", "采茶")]
    answers += [desk.post(reverse(name)) for name in ("households:export", "applications:export")]
    for answer in answers:
        assert [word for word in (*AFTER, moved.household.number) if word in text_of(answer)] == []
    assert "胡德旺" in text_of(desk.get(reverse("applications:list")))


def test_the_former_township_opens_the_attachments_it_had_and_none_that_came_after(moved: Story) -> None:
    rows = Attachment.objects.filter(household=moved.household).order_by("uploaded_at", "pk")
    last = rows.last()
    assert last is not None and last.uploaded_by.name == "唐玉兰"
    for row in rows:
        answer = browser(moved.people.officer).get(reverse("households:attachment", args=[row.pk]))
        assert answer.status_code == (404 if row == last else 200)


def test_the_former_township_can_do_nothing_more_to_the_family(moved: Story) -> None:
    family = Household.objects.get(pk=moved.household.pk)
    before = (family.version, family.members.count(), family.attachments.count(), family.events.count())
    desk = browser(moved.people.officer)
    for method, url in doors(moved):
        if method == "post" and f"/families/{family.pk}/" in url:
            assert desk.post(url, {"reason": "试试"}).status_code in (403, 404), url
    family.refresh_from_db()
    assert before == (family.version, family.members.count(), family.attachments.count(), family.events.count())


def test_the_new_township_works_on_and_does_not_open_the_old_case(moved: Story) -> None:
    receiver: Any = Staff.objects.get(name="唐玉兰")
    desk = browser(receiver)
    page = text_of(desk.get(reverse("households:detail", args=[moved.household.pk])))
    assert all(word in page for word in ("胡新生", "华阳新村8号", "采茶短工"))
    assert desk.get(reverse("applications:detail", args=[moved.case.pk])).status_code == 404


USES = ("get", "supervision:uses"), ("post", "supervision:print_uses")


def uses_read_by(staff: Staff, member: Member) -> Iterator[str]:
    """The record of processing of a person, on the screen and printed."""
    for method, name in USES:
        answer = getattr(browser(staff), method)(reverse(name, args=[member.household_id, member.pk]))
        assert answer.status_code == 200, name
        yield text_of(answer)


def reveal(member: Member, by: Staff, on: date, reason: str) -> None:
    """The person's number and the family's telephone."""
    for subject, people in (
        (("member", member.pk), [member.person_id]),
        (("household", member.household_id), []),
    ):
        record_access(
            kind=AccessKind.REVEAL,
            staff=by,
            at=instant(on),
            subject_type=subject[0],
            subject_id=subject[1],
            reason=reason,
            person_ids=people,
        )


def test_the_township_that_somebody_left_is_not_told_who_read_of_them_then() -> None:
    story = case_in(CaseState.APPROVED)
    receiver = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=SINCE)
    spouse = story.household.members.select_related("person", "household").get(relation="spouse")
    on = date(2026, 11, 20)
    reveal(spouse, story.people.officer, on - timedelta(days=1), "补办证件")
    reveal(spouse, story.people.officer, on, "办理离开")
    households.leave(spouse, reason="married_out", by=story.people.officer, on=on, at=instant(on))
    number = spouse.person.id_number.reveal()
    again = data("汪秋菊", id_number=number, sex="female", birth_date=spouse.person.birth_date)
    family = households.register_household(
        area=area(VILLAGES[HUAYANG]),
        head=again,
        facts={"address": "华阳新村8号"},
        by=receiver,
        on=on,
        at=instant(on),
    )
    member = family.members.select_related("person").get()
    assert member.person == spouse.person
    reveal(member, receiver, on + timedelta(days=1), "华阳复核")
    for text in uses_read_by(story.people.officer, spouse):
        assert "补办证件" in text and "县民政局" in text
        assert [word for word in ("唐玉兰", "华阳复核") if word in text] == []
    for text in uses_read_by(receiver, member):
        assert "华阳复核" in text and "县民政局" in text
        assert [word for word in ("补办证件", "办理离开", story.case.number) if word in text] == []
    for text in uses_read_by(make_staff(Role.COUNTY_OFFICER, "341824", name="许文", on=SINCE), spouse):
        assert "补办证件" in text and "华阳复核" in text


def test_the_new_township_is_not_told_what_was_done_before_the_family_came(moved: Story) -> None:
    receiver, member = Staff.objects.get(name="唐玉兰"), moved.household.members.get(relation="head")
    reveal(member, moved.people.officer, date(2026, 11, 19), "补办证件")
    reveal(member, receiver, date(2026, 11, 21), "华阳复核")
    check, old_case = moved.household.means_checks.get(), moved.case.number
    for text in uses_read_by(receiver, member):
        assert "华阳复核" in text
        assert [word for word in ("补办证件", old_case, check.batch_number) if word in text] == []
    for text in uses_read_by(make_staff(Role.COUNTY_OFFICER, "341824", name="许文", on=SINCE), member):
        assert all(word in text for word in ("补办证件", "华阳复核", old_case, check.batch_number))
    for method, name in USES:
        address = reverse(name, args=[member.household_id, member.pk])
        assert getattr(browser(moved.people.officer), method)(address).status_code == 404
