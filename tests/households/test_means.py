from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import StaleVersion
from households import services
from households.models import Household, Income, Member
from households.queries import expenses_of, incomes_of
from organizations.models import Staff
from tests.households.builders import head, join, picture, register
from tests.support.factories import AT, ON

pytestmark = pytest.mark.django_db


def row(member: Member, amount: Any = "18000", **more: Any) -> services.IncomeData:
    return services.IncomeData(member=member, kind="wage", yearly_amount=Decimal(amount), **more)


def save(family: Household, rows: list[services.IncomeData], by: Staff, **more: Any) -> None:
    services.save_incomes(family, year=2026, rows=rows, by=by, at=AT, **more)


def test_rows_left_out_are_voided_and_kept(clerk: Staff, family: Household) -> None:
    me = head(family)
    save(family, [row(me), row(me, "600", label="稻谷")], clerk)
    first, second = incomes_of(family, year=2026)
    save(family, [row(me, "650", label="稻谷", pk=second.pk)], clerk)
    assert [(item.pk, item.yearly_amount) for item in incomes_of(family, year=2026)] == [(second.pk, Decimal(650))]
    voided = Income.objects.get(pk=first.pk)
    assert (voided.voided_at, voided.voided_reason) == (AT, "录入人删除")


def test_a_year_leaves_the_other_years_alone(clerk: Staff, family: Household) -> None:
    save(family, [row(head(family))], clerk)
    services.save_incomes(family, year=2025, rows=[], by=clerk, at=AT)
    assert incomes_of(family, year=2026).count() == 1


def test_incomes_of_who_left_stay_as_they_were(clerk: Staff, family: Household) -> None:
    wife = join(family, clerk)
    save(family, [row(wife)], clerk)
    services.leave(wife, reason="moved", by=clerk, on=ON, at=AT)
    save(family, [], clerk)
    assert Income.objects.get().voided_at is None
    assert not incomes_of(family, year=2026).exists()


def test_rows_typed_over_an_older_version_are_refused(clerk: Staff, family: Household) -> None:
    save(family, [row(head(family))], clerk, version=family.version)
    with pytest.raises(StaleVersion):
        save(family, [], clerk, version=family.version)
    assert incomes_of(family, year=2026).count() == 1


def test_negative_amounts_are_refused_with_a_sentence(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="负数"):
        save(family, [row(head(family), "-1")], clerk)
    with pytest.raises(services.NotAllowedNow, match="负数"):
        services.save_property(family, facts={"financial_assets": Decimal(-1)}, by=clerk)


def test_members_and_papers_of_other_families_are_not_named(clerk: Staff, family: Household) -> None:
    other = register(clerk)
    with pytest.raises(ValueError, match="another family"):
        save(family, [row(head(other))], clerk)
    paper = services.add_attachment(other, kind="income_proof", upload=picture(), by=clerk, at=AT)
    with pytest.raises(ValueError, match="another family"):
        save(family, [row(head(family), evidence=paper)], clerk)


def test_approved_spending_stays_within_the_claim(clerk: Staff, family: Household) -> None:
    spent = {"member": None, "kind": "medical", "yearly_amount": Decimal(900)}
    with pytest.raises(services.NotAllowedNow, match="申报额"):
        rows = [services.ExpenseData(**spent, claimed_yearly_amount=Decimal(899))]
        services.save_expenses(family, year=2026, rows=rows, by=clerk, at=AT)
    rows = [services.ExpenseData(**spent, claimed_yearly_amount=Decimal(900))]
    services.save_expenses(family, year=2026, rows=rows, by=clerk, at=AT)
    assert expenses_of(family, year=2026).get().yearly_amount == Decimal(900)


def test_property_is_one_record_a_family(clerk: Staff, family: Household) -> None:
    services.save_property(family, facts={"financial_assets": Decimal(12000), "houses": 1}, by=clerk)
    services.save_property(family, facts={"vehicles": 1}, by=clerk)
    record = Household.objects.get(pk=family.pk).property
    assert (record.financial_assets, record.houses, record.vehicles) == (Decimal(12000), 1, 1)


def supporter(name: str = "胡大", **more: Any) -> services.SupporterData:
    fields = {"relation": "子女", "birth_date": date(1990, 1, 1), "facts": {"yearly_income": Decimal(30000)}}
    return services.SupporterData(name=name, **fields | more)


def test_supporters_left_out_are_ended(clerk: Staff, family: Household) -> None:
    me = head(family)
    services.save_supporters(me, rows=[supporter(), supporter("胡二")], known_all=True, by=clerk, on=ON)
    first, second = me.supporters.all()
    services.save_supporters(me, rows=[supporter("胡二", pk=second.pk)], known_all=False, by=clerk, on=ON)
    assert [str(item) for item in me.supporters.filter(ended_on=None)] == ["胡二"]
    assert me.supporters.get(pk=first.pk).ended_on == ON
    assert not Member.objects.get(pk=me.pk).supporters_known


def test_a_supporters_disability_is_whole(clerk: Staff, family: Household) -> None:
    half = supporter(facts={"disability_kind": "physical"})
    with pytest.raises(services.NotAllowedNow, match="一起填"):
        services.save_supporters(head(family), rows=[half], known_all=True, by=clerk, on=ON)


amounts = st.lists(st.decimals(0, 99999, places=2), max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=amounts, second=amounts)
def test_what_is_in_force_is_what_was_saved_last(
    clerk: Staff, family: Household, first: list[Decimal], second: list[Decimal]
) -> None:
    me = head(family)
    save(family, [row(me, amount) for amount in first], clerk)
    kept = list(incomes_of(family, year=2026))
    save(family, [row(me, amount, pk=old.pk) for old, amount in zip(kept, second, strict=False)], clerk)
    assert [item.yearly_amount for item in incomes_of(family, year=2026)] == second[: len(first)]
