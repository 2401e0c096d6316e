"""Parameters change by four eyes, leave no gap, and what decisions rest on is superseded, never altered."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from eligibility import services
from eligibility.models import Parameter, ParameterChange
from eligibility.queries import resting_on
from eligibility.services import NotAParameter, NotChangeable, SourceData
from foundation.errors import NotPermitted
from households.models import Household
from organizations.models import Staff
from organizations.permissions import Role
from tests.support.cases import photo
from tests.support.factories import ON, area, make_household, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
KEY = "dibao_monthly_standard"
SOURCE = SourceData("宣政秘〔2026〕9号", "2026年度标准", date(2026, 6, 20))
NEXT_YEAR = date(2027, 7, 1)


@pytest.fixture
def first() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远")


@pytest.fixture
def second() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="余静")


def enter(by: Staff, value: Any = "830.00", from_day: date = NEXT_YEAR, **more: Any) -> ParameterChange:
    facts = {"area": area("341824"), "residence": "rural", "source": SOURCE} | more
    return services.propose_parameter(KEY, value=value, from_day=from_day, by=by, on=ON, **facts)


def running() -> Parameter:
    return Parameter.objects.get(key=KEY, residence="rural", valid__contains=ON)


def decided_family() -> Household:
    """A family with an assessment that was kept on the day."""
    household = make_household()
    services.store_assessment(household, on=ON, year=ON.year, by=household.registered_by)
    return household


# --- Four eyes ----------------------------------------------------------------------------------------------------


def test_what_is_entered_holds_only_once_another_approved_it(first: Staff, second: Staff) -> None:
    change = enter(first)
    assert not Parameter.objects.filter(key=KEY, valid__startswith=NEXT_YEAR).exists()
    parameter = services.approve_change(change, by=second, on=ON)
    assert (parameter.value, parameter.valid.lower, running().valid.upper) == ("830.00", NEXT_YEAR, NEXT_YEAR)


def test_nobody_approves_or_returns_what_they_entered(first: Staff) -> None:
    change = enter(first)
    with pytest.raises(NotPermitted, match="另一名"):
        services.approve_change(change, by=first, on=ON)
    with pytest.raises(NotPermitted, match="另一名"):
        services.return_change(change, reason="错了", by=first, on=ON)


def test_the_database_knows_four_eyes_too(first: Staff) -> None:
    change = enter(first)
    with pytest.raises(IntegrityError, match="change_by_two"), transaction.atomic():
        ParameterChange.objects.filter(pk=change.pk).update(
            state="approved", decided_by=first, decided_on=ON, parameter=running()
        )


def test_who_does_not_keep_parameters_neither_enters_nor_approves(first: Staff) -> None:
    clerk = make_staff(Role.COUNTY_APPROVER, "341824")
    with pytest.raises(NotPermitted):
        enter(clerk)
    change = enter(first)
    with pytest.raises(NotPermitted):
        services.approve_change(change, by=clerk, on=ON)


def test_one_change_of_a_parameter_waits_at_a_time(first: Staff, second: Staff) -> None:
    change = enter(first)
    with pytest.raises(NotChangeable, match="等待审批"):
        enter(second, "840.00")
    enter(second, "840.00", residence="urban")
    services.return_change(change, reason="文号写错", by=second, on=ON)
    enter(first)


def test_a_decided_change_is_over(first: Staff, second: Staff) -> None:
    change = enter(first)
    services.approve_change(change, by=second, on=ON)
    for again in (
        lambda: services.approve_change(change, by=second, on=ON),
        lambda: services.return_change(change, reason="错了", by=second, on=ON),
        lambda: services.withdraw_change(change, by=first, on=ON),
    ):
        with pytest.raises(NotChangeable, match="已生效"):
            again()
    with pytest.raises(DatabaseError), transaction.atomic():
        ParameterChange.objects.filter(pk=change.pk).update(value="1.00")


def test_only_who_entered_withdraws(first: Staff, second: Staff) -> None:
    change = enter(first)
    with pytest.raises(NotPermitted, match="只有录入人"):
        services.withdraw_change(change, by=second, on=ON)
    services.withdraw_change(change, by=first, on=ON)
    assert ParameterChange.objects.get().state == "withdrawn"


def test_a_return_says_why(first: Staff, second: Staff) -> None:
    with pytest.raises(NotChangeable, match="退回的原因"):
        services.return_change(enter(first), reason=" ", by=second, on=ON)


# --- What decisions rest on ---------------------------------------------------------------------------------------


def test_a_value_that_decisions_rest_on_is_not_altered_from_its_own_day(first: Staff, second: Staff) -> None:
    services.approve_change(enter(first, "800.00", ON), by=second, on=ON)
    services.approve_change(enter(first, "810.00", ON), by=second, on=ON)
    assert running().value == "810.00"
    decided_family()
    with pytest.raises(NotChangeable, match="不能改"):
        enter(first, "820.00", ON, late_reason="写错了")


def test_superseding_days_already_decided_takes_a_reason(first: Staff, second: Staff) -> None:
    family = decided_family()
    assert resting_on(running(), since=ON - timedelta(days=7)) == 1
    with pytest.raises(NotChangeable, match="1次初审或决定"):
        enter(first, from_day=ON - timedelta(days=7))
    change = enter(first, from_day=ON - timedelta(days=7), late_reason="市政府文件晚到")
    services.approve_change(change, by=second, on=ON)
    assert running().value == "830.00"
    assert family.assessments.get().parameters["dibao_monthly_standard"] == "755.00"


def test_a_decision_made_while_the_change_waited_is_seen(first: Staff, second: Staff) -> None:
    change = enter(first, from_day=ON)
    decided_family()
    with pytest.raises(NotChangeable, match="1次初审或决定"):
        services.approve_change(change, by=second, on=ON)


@pytest.mark.parametrize(
    "place",
    [{"area": "341824101"}, {"residence": "both"}],
    ids=["a township's own value", "a value for both"],
)
def test_another_row_over_days_already_decided_takes_a_reason_too(
    first: Staff, second: Staff, place: dict[str, str]
) -> None:
    decided_family()
    facts: dict[str, Any] = dict(place)
    if "area" in facts:
        facts["area"] = area(facts["area"])
    with pytest.raises(NotChangeable, match="1次初审或决定"):
        enter(first, "100.00", ON - timedelta(days=30), **facts)
    change = enter(first, "100.00", ON - timedelta(days=30), late_reason="乡镇标准晚报", **facts)
    wrong = services.approve_change(change, by=second, on=ON)
    assert resting_on(wrong, since=ON) == 0  # what was decided by another value does not rest on this one
    mended = enter(first, "800.00", ON - timedelta(days=30), late_reason="更正", **facts)
    assert services.approve_change(mended, by=second, on=ON).value == "800.00"


def test_the_database_refuses_a_row_over_days_already_decided(first: Staff) -> None:
    decided_family()
    source = services.record_source_document("1", title="1", by=first, area=area("341824"))
    with pytest.raises(DatabaseError, match="days already decided"), transaction.atomic():
        Parameter.objects.create(
            key=KEY, value="1.00", area=area("341824101"), residence="both", valid=DateRange(ON, None), source=source
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"value": "1.00"},
        {"residence": "both"},
        {"valid": DateRange(date(2025, 7, 2), None)},
        {"valid": DateRange(date(2025, 7, 1), ON)},
    ],
    ids=["value", "residence", "first day", "cut short"],
)
def test_the_database_keeps_what_decisions_rest_on(changes: dict[str, Any]) -> None:
    decided_family()
    row = running()
    with pytest.raises(DatabaseError, match="decisions rest on this parameter"), transaction.atomic():
        Parameter.objects.filter(pk=row.pk).update(**changes)


def test_a_decision_in_the_towns_does_not_rest_on_the_figure_for_the_country() -> None:
    decided_family()
    urban = Parameter.objects.get(key=KEY, residence="urban", valid__contains=ON)
    assert resting_on(urban, since=ON) == 0


# --- No day without a value ---------------------------------------------------------------------------------------


def now_checked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_came_with_the_system_leaves_no_gap() -> None:
    now_checked()


@pytest.mark.parametrize("until", [date(2027, 1, 1), date(2025, 12, 1)])
def test_a_day_without_a_value_is_refused_by_the_database(until: date) -> None:
    with pytest.raises(DatabaseError, match="days without a value"), transaction.atomic():
        row = running()
        row.valid = DateRange(row.valid.lower, until)
        row.save()
        now_checked()


def test_a_township_may_end_a_value_of_its_own(first: Staff) -> None:
    source = services.record_source_document("1", title="1", by=first, area=area("341824"))
    Parameter.objects.create(
        key="max_houses",
        value=2,
        area=area("341824101"),
        residence="both",
        valid=DateRange(date(2026, 1, 1), date(2026, 6, 1)),
        source=source,
    )
    now_checked()


# --- Pages --------------------------------------------------------------------------------------------------------


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_second_sees_what_waits_compares_and_approves(first: Staff, second: Staff) -> None:
    change = enter(first, source=SourceData("宣政秘〔2026〕9号", "2026年度标准", scan=photo()))
    client = signed_in(second)
    assert "1份待审批" in client.get(reverse("eligibility:list")).content.decode()
    assert "洪志远" in client.get(reverse("eligibility:changes")).content.decode()
    url = reverse("eligibility:change", args=[change.pk])
    shown = client.get(url).content.decode()
    assert "830.00" in shown and "755.00" in shown and "同意，自2027年7月1日起执行" in shown
    assert client.get(reverse("eligibility:source_scan", args=[change.source_id]))["Content-Type"] == "image/png"
    refused = client.post(url, {"act": "return", "reason": ""})
    assert refused.status_code == 422
    assert client.post(url, {"act": "approve", "note": ""}).status_code == 422
    assert client.post(url, {"act": "approve", "note": "", "checked": "on"}).status_code == 302
    assert "已生效" in client.get(url).content.decode()


def test_who_entered_finds_withdrawing_in_place_of_approving(first: Staff) -> None:
    change = enter(first)
    client, url = signed_in(first), reverse("eligibility:change", args=[change.pk])
    shown = client.get(url).content.decode()
    assert "起执行" not in shown and "录入人不能审批" in shown
    assert client.post(url, {"act": "approve", "checked": "on"}).status_code == 403
    assert client.post(url, {"act": "withdraw"}).status_code == 302


def test_the_history_is_a_chart_and_a_table(first: Staff) -> None:
    shown = signed_in(first).get(reverse("eligibility:history", args=[KEY])).content.decode()
    assert "<polyline" in shown and "农村" in shown and "670.00" in shown
    assert (
        "<polyline" not in signed_in(first).get(reverse("eligibility:history", args=["topup_rates"])).content.decode()
    )


def test_a_scan_that_is_none_is_refused_beside_its_field(first: Staff) -> None:
    with pytest.raises(NotAParameter, match="只收") as refused:
        enter(first, source=SourceData("1", "1", scan=fake()))
    assert refused.value.field == "source_scan"


def fake() -> Any:
    upload = photo()
    upload.file.seek(0)
    upload.file.write(b"MZ not a picture")
    return upload
