"""What the county is asked beside the monthly payment: overpayment, recoupments, uplifts, phase-outs that end."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from benefits import services
from benefits.services.recouping import propose_recoupment
from dynamic_review.models import Uplift, UpliftMakingGood, UpliftState
from organizations.models import Staff
from organizations.permissions import Role
from organizations.rules.working_days import WorkingCalendar
from tests.benefits.paying import instant
from tests.benefits.rolled import DECEMBER, Rolled, rolled
from tests.households.builders import head
from tests.support.factories import make_staff
from workbench.queries.task_rows import Task, as_tasks
from workbench.queries.tasks import TaskKind, task_counts, tasks_by_urgency

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 27)


@pytest.fixture
def made(county: None) -> Rolled:
    return rolled(names=("胡德旺",), accounts=1)


def tasks(staff: Staff, kind: TaskKind, *, on: date = DAY) -> list[Task]:
    calendar = WorkingCalendar({}, ())
    return as_tasks(tasks_by_urgency(staff, calendar=calendar, on=on, kind=kind), calendar=calendar, on=on)


def test_what_was_overpaid_is_entered_by_one_and_waits_for_another(made: Rolled) -> None:
    made.desk.pay(DECEMBER)
    person = head(made.families[0]).person
    person.died_on = date(2026, 11, 25)
    person.save()
    desk, award = made.desk, made.awards[0]
    (task,) = tasks(desk.officer, TaskKind.RECOUP)
    assert (task.family, task.matter, task.url) == (
        "胡德旺",
        award.number,
        f"/awards/recoupments/propose/{award.pk}/",
    )
    order = propose_recoupment(award, reason="死亡后发放", by=desk.officer, on=DAY)
    assert tasks(desk.officer, TaskKind.RECOUP) == []
    (task,) = tasks(desk.approver, TaskKind.APPROVE_RECOUPMENT)
    assert (task.matter, task.url) == (order.number, f"/awards/recoupments/{order.pk}/")


def test_the_frame_reckons_overpayment_once_a_minute_and_goes_on_without_the_cache(
    made: Rolled, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    made.desk.pay(DECEMBER)
    officer, award = made.desk.officer, made.awards[0]
    services.end_award(
        award, last_month=DECEMBER, reason="停发", decided_by=made.desk.approver, decided_on=date(2026, 12, 3)
    )
    with CaptureQueriesContext(connection) as first:
        before = task_counts(officer, on=DAY)
    person = head(made.families[0]).person
    person.died_on = date(2026, 11, 25)
    person.save()
    with django_assert_num_queries(len(first) - 1):
        assert task_counts(officer, on=DAY) == before
    monkeypatch.setattr("workbench.queries.tasks.cache.get_or_set", unreachable)
    assert task_counts(officer, on=DAY)["all"] == before["all"] + 1


def unreachable(*args: Any, **options: Any) -> None:
    raise RedisError


def test_an_uplift_waits_for_who_did_not_enter_it(made: Rolled) -> None:
    approver = made.desk.approver
    other = make_staff(Role.COUNTY_APPROVER, "341824", name="汪洋", on=date(2026, 1, 1))
    uplift = Uplift.objects.create(
        number="TB2026001",
        scheme="dibao",
        title="低保提标",
        from_month=date(2027, 1, 1),
        entered_by=other,
        entered_on=DAY,
    )
    assert tasks(approver, TaskKind.APPROVE_UPLIFT) == []
    uplift.run = uplift.runs.create(serial=1, on=DAY, figures="x", begun_by=other, begun_at=instant(DAY))
    uplift.state = UpliftState.PREVIEWED
    uplift.save()
    (task,) = tasks(approver, TaskKind.APPROVE_UPLIFT)
    assert task.url == f"/reviews/uplifts/{uplift.pk}/"
    assert tasks(other, TaskKind.APPROVE_UPLIFT) == []


def test_what_is_made_good_waits_for_who_did_not_enter_it(made: Rolled) -> None:
    desk, award = made.desk, made.awards[0]
    services.end_award(award, last_month=DECEMBER, reason="停发", decided_by=desk.approver, decided_on=DAY)
    uplift = Uplift.objects.create(
        number="TB2026001",
        scheme="dibao",
        title="低保提标",
        from_month=DECEMBER,
        entered_by=desk.officer,
        entered_on=DAY,
    )
    run = uplift.runs.create(serial=1, on=DAY, figures="x", begun_by=desk.officer, begun_at=instant(DAY))
    line = run.lines.create(
        award=award,
        household_id=award.household_id,
        area_id=award.area_id,
        version=award.versions.get(),
        person_count=1,
        outcome="apart",
        apart="ended",
        before_amount=Decimal("600.00"),
    )
    UpliftMakingGood.objects.create(
        line=line, amount=Decimal("35.00"), reason="停发前", entered_by=desk.officer, entered_on=DAY
    )
    assert tasks(desk.approver, TaskKind.APPROVE_MAKING_GOOD) == []
    uplift.run, uplift.state, uplift.applied_by, uplift.applied_at = run, "applied", desk.officer, instant(DAY)
    uplift.save()
    (task,) = tasks(desk.approver, TaskKind.APPROVE_MAKING_GOOD)
    assert (task.family, task.matter) == ("胡德旺", award.number)
    assert task.url == f"/reviews/uplifts/lines/{line.pk}/make-good/"
    assert tasks(desk.officer, TaskKind.APPROVE_MAKING_GOOD) == []


def test_phase_outs_that_end_are_on_the_countys_list_thirty_days_before(made: Rolled) -> None:
    approver, day = made.desk.approver, date(2026, 12, 10)
    services.start_phase_out(
        made.awards[0], months=1, suggested_months=1, suggestion="", reason="就业", by=approver, on=day
    )
    assert tasks(approver, TaskKind.PHASE_OUTS_ENDING, on=date(2027, 1, 1)) == []
    (task,) = tasks(approver, TaskKind.PHASE_OUTS_ENDING, on=date(2027, 1, 2))
    assert (task.due_on, task.url) == (date(2027, 1, 31), "/awards/phase-outs/?standing=soon")
    services.take_back_phase_out(made.awards[0].phase_outs.get(), reason="误办", by=approver, on=date(2027, 1, 3))
    assert tasks(approver, TaskKind.PHASE_OUTS_ENDING, on=date(2027, 1, 4)) == []
