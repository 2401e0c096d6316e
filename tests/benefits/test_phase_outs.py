"""渐退 in the register: the decision names the last month, the sums of the months, and the award ends by itself."""

from datetime import date
from decimal import Decimal

import pytest

from benefits import services
from benefits.models import Award, PhaseOut
from benefits.queries import covering_award, owed_of, phase_outs_given
from benefits.services import AlreadyCovered, CoveredPerson, NotChangeable
from foundation.errors import NotPermitted
from households import services as households
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant, set_parameter
from tests.households.builders import head, join, register
from tests.support.factories import AT, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
GRANTED = date(2026, 1, 10)
MARCH = date(2027, 3, 15)


def month(number: int, year: int = 2027) -> date:
    return date(year, number, 1)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101", on=GRANTED)


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=GRANTED)


@pytest.fixture
def award(clerk: Staff, approver: Staff) -> Award:
    """Two people, 600 yuan: a difference of 496, 248 each, and a top-up of 104 for the head."""
    family = register(clerk)
    wife = join(family, clerk)
    persons = [CoveredPerson(head(family).person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    return grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("600.00"), persons=persons)


def start(award: Award, by: Staff, *, months: int = 3, on: date = MARCH) -> PhaseOut:
    return services.start_phase_out(
        award,
        months=months,
        suggested_months=5,
        suggestion="在第2档",
        reason="儿子就业",
        source="2027-000012",
        by=by,
        on=on,
    )


def paid(award: Award, *months: date) -> list[Decimal]:
    found = owed_of(Award.objects.get(pk=award.pk), months)
    return [found[item].amount for item in months]


# --- 期 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "months", "first", "last"),
    [
        (date(2027, 3, 15), 3, month(4), month(6)),
        (date(2027, 3, 31), 3, month(4), month(6)),
        (date(2027, 4, 1), 1, month(5), month(5)),
        (date(2028, 2, 29), 1, month(3, 2028), month(3, 2028)),
        (date(2027, 8, 31), 6, month(9), month(2, 2028)),
        (date(2027, 12, 31), 6, month(1, 2028), month(6, 2028)),
    ],
)
def test_the_decision_names_the_last_month_and_nothing_is_owed_after_it(
    award: Award, approver: Staff, on: date, months: int, first: date, last: date
) -> None:
    row = start(award, approver, months=months, on=on)
    after = services.first_month(last)
    assert (row.first_month, row.last_month) == (first, last)
    assert paid(award, first, last, after) == [600, 600, 0]
    assert services.finish_phase_outs(on=last.replace(day=28)) == 0
    assert services.finish_phase_outs(on=after) == 1
    award.refresh_from_db()
    assert (award.state, award.ends_month, award.end.reason) == ("stopped", last, "渐退期满停发")
    assert (award.end.decided_by, award.end.decided_on, award.end.source) == (approver, on, "2027-000012")
    assert covering_award(award.persons.first().person, on=after) is None  # type: ignore[union-attr]


def test_the_nightly_task_catches_up_and_does_nothing_twice(award: Award, approver: Staff) -> None:
    start(award, approver)
    assert [services.finish_phase_outs(on=date(2027, 10, 5)) for _ in range(2)] == [1, 0]
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("stopped", month(6))
    assert paid(award, month(6), month(7)) == [600, 0]


def test_one_statement_ends_many(award: Award, clerk: Staff, approver: Staff, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(4):
        start(grant(register(clerk), approver, decided_on=GRANTED), approver)
    start(award, approver)
    with django_assert_max_num_queries(7):
        assert services.finish_phase_outs(on=month(7)) == 5


@pytest.mark.parametrize("months", [0, 7])
def test_months_outside_the_bounds_are_refused(award: Award, approver: Staff, months: int) -> None:
    with pytest.raises(NotChangeable, match="1至6个月"):
        start(award, approver, months=months)


def test_it_is_given_once_in_a_period_of_coverage_and_again_after_a_new_grant(award: Award, approver: Staff) -> None:
    row = start(award, approver)
    services.revoke_phase_out(row, reason="又失业", by=approver, on=date(2027, 4, 10))
    with pytest.raises(NotChangeable, match="最多给1次渐退期，待遇DB202600001已经给过1次"):
        start(award, approver, on=date(2027, 9, 1))
    set_parameter("phase_outs_per_coverage", 2)
    again = start(award, approver, on=date(2027, 9, 1))
    services.finish_phase_outs(on=services.first_month(again.last_month))
    later = grant(award.household, approver, decided_on=date(2028, 2, 1))
    assert phase_outs_given(later) == 0
    start(later, approver, on=date(2028, 5, 1))


def test_one_revoked_before_it_began_was_not_given(award: Award, approver: Staff) -> None:
    row = start(award, approver)
    services.revoke_phase_out(row, reason="决定有误", by=approver, on=date(2027, 3, 31))
    assert phase_outs_given(award) == 0
    assert start(award, approver, on=date(2027, 5, 2)).first_month == month(6)


def test_a_family_that_has_died_is_not_phased_out(award: Award, clerk: Staff, approver: Staff) -> None:
    Award.objects.filter(pk=award.pk).update(state="active")
    for row in award.persons.select_related("person"):
        row.person.died_on = date(2026, 5, 1)
        row.person.save(update_fields=["died_on"])
    with pytest.raises(NotChangeable, match="都已登记死亡"):
        start(award, approver)


# --- 期内待遇 -------------------------------------------------------------------------------------------------------


def test_kept_whole_one_version_says_so(award: Award, approver: Staff) -> None:
    start(award, approver)
    row = award.versions.get(kind="phase_out")
    assert (row.from_month, row.monthly_amount, row.topup_monthly_amount, row.reason) == (
        month(4),
        600,
        104,
        "渐退3个月",
    )
    assert row.source == "2027-000012"


def test_tapered_each_month_has_its_version_and_its_parts(award: Award, approver: Staff) -> None:
    set_parameter("phase_out_pay_mode", "taper")
    start(award, approver)
    # 600, 600 × 2/3 = 400, 600 ÷ 3 = 200.
    assert paid(award, month(3), month(4), month(5), month(6), month(7)) == [600, 600, 400, 200, 0]
    last = award.versions.latest("serial")
    # Of 200 a third each: 248 ÷ 3 = 82.66…, 104 ÷ 3 = 34.66…; cut 82.66 + 34.66 + 82.66 = 199.98; the two fen left over
    # go to what lost most, all having lost 0.66 of a fen: the first two parts.
    parts = list(last.persons.order_by("pk").values_list("base_monthly_amount", "topup_monthly_amount"))
    assert parts == [(Decimal("82.67"), Decimal("34.67")), (Decimal("82.66"), Decimal("0.00"))]
    assert [row.reason for row in award.versions.filter(kind="phase_out").order_by("serial")] == [
        "渐退第1个月",
        "渐退第2个月",
        "渐退第3个月",
    ]


# --- 撤销、恢复、提前终止 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "revoked_on", "sums"),
    [
        ("keep", date(2027, 4, 30), [600, 600, 600, 600]),
        ("taper", date(2027, 3, 20), [600, 600, 600, 600]),
        ("taper", date(2027, 4, 30), [600, 600, 600, 600]),
        ("taper", date(2027, 5, 1), [600, 400, 600, 600]),
        ("taper", date(2027, 6, 30), [600, 400, 200, 600]),
    ],
)
def test_revoked_the_whole_sum_is_paid_from_the_next_month(
    award: Award, approver: Staff, mode: str, revoked_on: date, sums: list[int]
) -> None:
    set_parameter("phase_out_pay_mode", mode)
    services.revoke_phase_out(start(award, approver), reason="收入又低于标准", by=approver, on=revoked_on)
    award.refresh_from_db()
    assert (award.state, award.ends_month) == ("active", None)
    assert paid(award, month(4), month(5), month(6), month(7)) == sums
    restored = award.versions.latest("serial")
    assert (restored.kind, restored.reason) == ("restore", "撤销渐退：收入又低于标准")
    assert all(row.covered.upper is None for row in award.persons.all())
    assert services.finish_phase_outs(on=date(2027, 8, 1)) == 0


def test_it_is_revoked_until_its_last_day_and_not_after_though_no_night_has_passed(
    award: Award, approver: Staff
) -> None:
    row = start(award, approver)
    with pytest.raises(NotChangeable, match="已经到期"):
        services.revoke_phase_out(row, reason="x", by=approver, on=date(2027, 7, 1))
    with pytest.raises(NotChangeable, match="原因"):
        services.revoke_phase_out(row, reason=" ", by=approver, on=date(2027, 6, 30))
    services.revoke_phase_out(row, reason="x", by=approver, on=date(2027, 6, 30))


def test_the_county_revokes_from_its_list_and_nobody_else(award: Award, clerk: Staff, approver: Staff) -> None:
    row = start(award, approver)
    for other in (clerk, make_staff(Role.TOWNSHIP_APPROVER, "341824101"), make_staff(Role.COUNTY_OFFICER, "341824")):
        with pytest.raises(NotPermitted):
            services.take_back_phase_out(row, reason="x", by=other, on=MARCH)
    assert services.take_back_phase_out(row, reason="x", by=approver, on=MARCH).revoked_by == approver


def test_who_left_the_award_meanwhile_does_not_come_back_with_it(award: Award, approver: Staff) -> None:
    wife = award.persons.get(person__name="汪秋菊")
    change = services.AwardChange(
        "cut", Decimal("300.00"), [CoveredPerson(head(award.household).person)], "B", "household"
    )
    row = start(award, approver)
    services.change_award(award, change=change, from_month=month(6), reason="离开", by=approver, on=date(2027, 5, 2))
    services.revoke_phase_out(row, reason="x", by=approver, on=date(2027, 6, 10))
    wife.refresh_from_db()
    assert wife.covered.upper == month(6)
    assert award.versions.latest("serial").person_count == 1
    assert paid(award, month(7)) == [300]


def test_it_is_not_revoked_where_somebody_stands_in_a_later_award(award: Award, clerk: Staff, approver: Staff) -> None:
    row = start(award, approver)
    alone = register(clerk)
    grant(alone, approver, decided_on=date(2027, 6, 5), persons=[CoveredPerson(award.persons.latest("pk").person)])
    with pytest.raises(AlreadyCovered, match="汪秋菊在渐退期满以后已在另一份"):
        services.revoke_phase_out(row, reason="x", by=approver, on=date(2027, 6, 6))
    assert PhaseOut.objects.get().revoked_on is None


def test_another_decision_ends_it_earlier_from_the_next_month(award: Award, approver: Staff) -> None:
    start(award, approver)
    services.end_award(
        award, last_month=month(4), reason="达到标准的2倍", decided_by=approver, decided_on=date(2027, 4, 20)
    )
    assert paid(award, month(4), month(5), month(6)) == [600, 0, 0]
    assert services.finish_phase_outs(on=month(7)) == 0
    assert Award.objects.get().end.reason == "达到标准的2倍"


def test_one_that_is_suspended_meanwhile_ends_on_its_day(award: Award, approver: Staff) -> None:
    start(award, approver)
    services.suspend_award(award, from_month=month(5), reason="联系不上", by=approver, on=date(2027, 4, 20))
    assert services.finish_phase_outs(on=month(7)) == 1
    services.resume_award(
        award, from_month=month(7), pays_withheld=True, reason="已核实", by=approver, on=date(2027, 7, 3)
    )
    award.refresh_from_db()
    assert award.state == "stopped"
    assert paid(award, month(4), month(5), month(6), month(7)) == [600, 600, 600, 0]


def test_nobody_but_a_later_uplift_changes_what_is_restored(award: Award, approver: Staff) -> None:
    set_parameter("phase_out_pay_mode", "taper")
    row = start(award, approver)
    persons = [CoveredPerson(item.person) for item in award.persons.all()]
    change = services.AwardChange("uplift", Decimal("640.00"), persons, "B", "household")
    services.change_award(award, change=change, from_month=month(5), reason="提标", by=approver, on=date(2027, 4, 2))
    services.revoke_phase_out(row, reason="x", by=approver, on=date(2027, 5, 2))
    assert paid(award, month(6), month(7)) == [640, 640]


# --- 死亡 ---------------------------------------------------------------------------------------------------------


def test_a_death_in_phase_out_leaves_the_award_to_those_who_live(award: Award, clerk: Staff, approver: Staff) -> None:
    start(award, approver)
    wife = award.household.members.get(person__name="汪秋菊")
    households.record_death(wife, died_on=date(2026, 11, 2), by=clerk, at=AT)
    award.refresh_from_db()
    assert award.state == "phase_out"
    assert paid(award, month(4), month(5)) == [352, 352]  # 600 − 248
