"""A family on its way while somebody else acts on it: one of both happens, whole."""

import threading
import time
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from applications import services
from applications.models import Case
from applications.rules.process import CaseState
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household, Transfer
from organizations.models import Staff
from organizations.permissions import Role
from tests.concurrency.together import refusals, sentence, together
from tests.support.crews import HUAYANG, VILLAGES, instant
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db(transaction=True)


def receiver() -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))


def sent(story: Story) -> Transfer:
    return households.propose_transfer(
        story.household,
        area=area(VILLAGES[HUAYANG]),
        address="新村",
        by=story.people.officer,
        on=story.today,
        at=instant(story.today),
    )


def test_one_accepts_while_the_other_takes_back() -> None:
    story = case_in(CaseState.SUBMITTED)
    transfer, by, when = sent(story), receiver(), {"on": story.today, "at": instant(story.today)}
    outcomes = together(
        lambda: households.accept_transfer(transfer, by=by, **when),
        lambda: households.take_back_transfer(transfer, by=story.people.officer, **when),
    )
    assert "不用再办" in sentence(outcomes)
    moved = Transfer.objects.get().state == "accepted"
    assert (Household.objects.get(pk=story.household.pk).area.code == VILLAGES[HUAYANG]) == moved
    assert (story.refresh().area.code == VILLAGES[HUAYANG]) == moved


def test_the_family_goes_while_its_application_is_accepted() -> None:
    story = case_in(CaseState.SUBMITTED)
    transfer, by, when = sent(story), receiver(), {"on": story.today, "at": instant(story.today)}
    outcomes = together(
        lambda: households.accept_transfer(transfer, by=by, **when),
        lambda: services.accept(Case.objects.get(pk=story.case.pk), by=story.people.officer, on=story.today),
    )
    assert len(refusals(outcomes)) == 1
    moved = Transfer.objects.get().state == "accepted"
    family = Household.objects.get(pk=story.household.pk)
    assert family.area_id == story.refresh().area_id
    assert (family.area.code == VILLAGES[HUAYANG]) == moved
    assert (story.case.state == CaseState.ACCEPTED) == (not moved)


def test_the_family_goes_while_somebody_joins_it() -> None:
    story = case_in(CaseState.SUBMITTED)
    transfer, by, when = sent(story), receiver(), {"on": story.today, "at": instant(story.today)}
    child = story.household.members.get(relation="child")
    outcomes = together(
        lambda: households.accept_transfer(transfer, by=by, **when),
        lambda: households.leave(child, reason="moved", by=story.people.officer, **when),
    )
    assert Transfer.objects.get().state == "accepted"
    left = child.household.members.filter(left_on=None).count() == 2
    assert left == (not refusals(outcomes))


@pytest.mark.parametrize(
    "act",
    [
        lambda story: services.accept(story.case, by=story.people.officer, on=story.today),
        lambda story: households.leave(
            story.household.members.get(relation="child"),
            reason="moved",
            by=story.people.officer,
            on=story.today,
            at=instant(story.today),
        ),
    ],
    ids=["case", "family"],
)
def test_who_waits_for_the_family_to_go_reads_that_it_is_no_longer_theirs(act: Callable[[Story], object]) -> None:
    story = case_in(CaseState.SUBMITTED)
    transfer, by, went = sent(story), receiver(), threading.Event()

    def go() -> None:
        with transaction.atomic():
            households.accept_transfer(transfer, by=by, on=story.today, at=instant(story.today))
            went.set()
            _until_somebody_waits()

    def wait() -> None:
        went.wait(timeout=30)
        act(story)

    (refusal,) = refusals(together(go, wait))
    assert isinstance(refusal, NotPermitted)


def _until_somebody_waits() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
