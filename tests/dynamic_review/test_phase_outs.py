"""The night's work on phase-outs: the award ends by itself, the family is told a month before and at the end."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from benefits import services as benefits
from benefits.models import Award, AwardPaper, PhaseOut
from benefits.services import CoveredPerson
from documents.models import Document, NumberPrefix
from dynamic_review.papers.phase_outs import Found, _of_assessment
from dynamic_review.services import NotAllIssued, follow_phase_outs
from dynamic_review.tasks import follow_phase_outs as nightly
from eligibility.models import Assessment
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.crews import county_data
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
GRANTED = date(2026, 1, 10)


def month(number: int) -> date:
    return date(2027, number, 1)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=GRANTED)


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=GRANTED)


@pytest.fixture
def award(clerk: Staff, approver: Staff) -> Award:
    county_data()
    family = register(clerk)
    wife = join(family, clerk)
    persons = [CoveredPerson(head(family).person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    return grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("600.00"), persons=persons)


def start(award: Award, by: Staff, *, months: int = 3) -> PhaseOut:
    return benefits.start_phase_out(
        award,
        months=months,
        suggested_months=months,
        suggestion="",
        reason="儿子就业",
        source="2027-000012",
        by=by,
        on=date(2027, 3, 15),
    )


def night(*day: int) -> int:
    with time_machine.travel(datetime(*day, 0, 40, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):  # type: ignore[arg-type]
        return int(nightly())


def told() -> list[tuple[str, date]]:
    return list(AwardPaper.objects.order_by("pk").values_list("occasion", "document__issued_on"))


def fields_of(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(str(document.record.reveal()))["fields"]
    return found


def test_the_family_is_told_once_in_the_last_month_and_once_after_it(award: Award, approver: Staff) -> None:
    start(award, approver)
    assert [night(2027, 5, 31), night(2027, 6, 1), night(2027, 6, 1), night(2027, 6, 30)] == [0, 1, 0, 0]
    assert told() == [("reminder", month(6))]
    assert Award.objects.get().state == "phase_out"
    assert [night(2027, 7, 1), night(2027, 7, 1), night(2027, 7, 2)] == [1, 0, 0]
    assert told() == [("reminder", month(6)), ("ended", month(7))]
    assert Award.objects.get().state == "stopped"


def test_with_one_month_the_notice_of_the_start_is_the_reminder(award: Award, approver: Staff) -> None:
    start(award, approver, months=1)
    assert [night(2027, 4, 1), night(2027, 5, 1)] == [0, 1]
    assert told() == [("ended", month(5))]


def test_after_downtime_over_the_end_only_the_end_is_told(award: Award, approver: Staff) -> None:
    start(award, approver)
    assert night(2027, 8, 20) == 1
    assert told() == [("ended", date(2027, 8, 20))]
    assert (Award.objects.get().ends_month, Award.objects.get().state) == (month(6), "stopped")


@pytest.mark.parametrize("how", ["revoked", "ended early"])
def test_nothing_is_told_of_what_was_revoked_or_ended_by_another_decision(
    award: Award, approver: Staff, how: str
) -> None:
    row = start(award, approver)
    if how == "revoked":
        benefits.revoke_phase_out(row, reason="又失业", by=approver, on=date(2027, 5, 2))
    else:
        benefits.end_award(
            award, last_month=month(6), reason="达到2倍", decided_by=approver, decided_on=date(2027, 6, 1)
        )
    assert [night(2027, 6, 1), night(2027, 7, 1)] == [0, 0]
    assert told() == []


def test_the_papers_say_the_months_and_the_last_sum(award: Award, approver: Staff) -> None:
    start(award, approver)
    night(2027, 6, 1)
    night(2027, 7, 1)
    reminder, end = (paper.document for paper in AwardPaper.objects.select_related("document").order_by("pk"))
    said = fields_of(reminder)
    assert (said["last_month"], said["stops_on"], said["monthly_amount"]) == ("2027-06-01", "2027-07-01", "600.00")
    assert (said["body"], reminder.issuing_area.name) == ("绩溪县临溪镇人民政府", "临溪镇")
    said = fields_of(end)
    assert (said["months"], said["last_amount"], said["reason"]) == (3, "600.00", "儿子就业")
    assert (said["body"], end.issuing_area.name, end.issued_by) == ("绩溪县民政局", "绩溪县", None)
    assert said["reconsideration_body"] == "绩溪县人民政府"


def test_one_paper_that_cannot_be_issued_holds_up_no_other_and_is_told(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    start(award, approver)
    other = register(make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=GRANTED), code="341824100001")
    start(grant(other, approver, decided_on=GRANTED), approver)
    NumberPrefix.objects.filter(area__code="341824101", kind="phase_out_reminder").update(kind="care_agreement")
    with pytest.raises(NotAllIssued, match="有1份渐退文书没有制发：临溪镇的“渐退到期提醒”没有设置文号字头"):
        follow_phase_outs(on=month(6))
    assert AwardPaper.objects.get().award.household == other
    NumberPrefix.objects.filter(area__code="341824101", kind="care_agreement").update(kind="phase_out_reminder")
    assert follow_phase_outs(on=date(2027, 6, 2)) == 1


@pytest.mark.parametrize(
    ("per_capita", "property_ok", "found"),
    [
        ("868.33", True, Found(Decimal("868.33"), Decimal("670.00"), "1.29", True, "1.5")),
        ("868.33", False, Found(Decimal("868.33"), Decimal("670.00"), "1.29", False, "1.5")),
        ("1004.99", True, Found(Decimal("1004.99"), Decimal("670.00"), "1.49", True, "1.5")),
        ("1005.00", True, Found(Decimal("1005.00"), Decimal("670.00"), "1.50", False, "1.5")),
    ],
)
def test_below_one_and_a_half_of_the_standard_the_notice_points_to_the_marginal_status(
    per_capita: str, property_ok: bool, found: Found
) -> None:
    result = {
        "household": {"per_capita_monthly": per_capita, "property_ok": property_ok},
        "parameters": {"dibao_monthly_standard": "670.00", "marginal_multiplier": "1.5"},
    }
    assert _of_assessment(Assessment(result=result)) == found


def test_beat_starts_it_every_night() -> None:
    assert settings.CELERY_BEAT_SCHEDULE["follow-phase-outs"]["task"] == nightly.name
