from datetime import date, timedelta
from decimal import Decimal

import pytest

from households import services
from households.models import Household, Kinship, Member, Person
from households.queries import current_members, expenses_of, incomes_of
from organizations.models import Staff
from tests.households.builders import data, head, join, newborn, register
from tests.support.factories import AT, LINXI, ON, area

pytestmark = pytest.mark.django_db


def income(member: Member, amount: str = "18000") -> services.IncomeData:
    return services.IncomeData(member=member, kind="wage", yearly_amount=Decimal(amount))


def names(household: Household) -> list[tuple[str, str]]:
    return [(str(member), member.relation) for member in current_members(household)]


def test_a_newborn_is_kin_of_the_parents(clerk: Staff, family: Household) -> None:
    father, mother = head(family), join(family, clerk)
    child = services.record_birth(family, child=newborn(), parents=[father, mother], by=clerk, on=ON, at=AT)
    assert set(child.person.kinships.values_list("relative", "kind")) == {
        (father.person_id, "parent"),
        (mother.person_id, "parent"),
    }
    assert family.events.filter(kind="birth", person=child.person).count() == 1


def test_a_parent_of_another_family_is_refused(clerk: Staff, family: Household) -> None:
    stranger = head(register(clerk))
    with pytest.raises(services.NotAllowedNow, match="已不在"):
        services.record_birth(family, child=newborn(), parents=[stranger], by=clerk, on=ON, at=AT)
    assert family.members.count() == 1


def test_who_marries_brings_the_spouse_into_the_family(clerk: Staff, family: Household) -> None:
    groom = head(family)
    bride = services.marry(family, member=groom, spouse=data("汪秋菊", "spouse"), by=clerk, on=ON, at=AT)
    assert set(Kinship.objects.values_list("person", "relative", "kind")) == {
        (groom.person_id, bride.person_id, "spouse"),
        (bride.person_id, groom.person_id, "spouse"),
    }


def test_nobody_marries_twice(clerk: Staff, family: Household) -> None:
    join(family, clerk)
    with pytest.raises(services.NotAllowedNow, match="已登记配偶"):
        services.marry(family, member=head(family), spouse=data("唐玉兰", "spouse"), by=clerk, on=ON, at=AT)


@pytest.mark.parametrize("by_act", [True, False])
def test_who_stays_after_a_divorce_is_no_spouse_any_more(clerk: Staff, family: Household, by_act: bool) -> None:
    if by_act:
        spouse = data("汪秋菊", "spouse")
        wife = services.marry(family, member=head(family), spouse=spouse, by=clerk, on=ON, at=AT)
    else:
        wife = join(family, clerk)
    services.divorce(wife, by=clerk, on=ON, at=AT)
    assert names(family) == [("胡德旺", "head"), ("汪秋菊", "other")]
    assert not Kinship.objects.filter(ended_on=None).exists()
    with pytest.raises(services.NotAllowedNow, match="没有登记"):
        services.divorce(wife, by=clerk, on=ON, at=AT)


def test_the_head_leaves_only_after_another_is_head(clerk: Staff, family: Household) -> None:
    join(family, clerk)
    with pytest.raises(services.NotAllowedNow, match="先变更户主"):
        services.record_death(head(family), died_on=ON, by=clerk, at=AT)
    assert not Person.objects.filter(died_on__isnull=False).exists()


def test_with_its_last_member_a_family_ends(clerk: Staff, family: Household) -> None:
    services.record_death(head(family), died_on=ON, by=clerk, at=AT)
    ended = Household.objects.get(pk=family.pk)
    assert (ended.ended_on, ended.ended_reason) == (ON, "家庭已无成员（死亡）")
    with pytest.raises(services.NotAllowedNow, match="注销"):
        join(family, clerk)


def test_a_member_leaves_once(clerk: Staff, family: Household) -> None:
    wife = join(family, clerk)
    services.leave(wife, reason="moved", by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已不在"):
        services.leave(wife, reason="moved", by=clerk, on=ON, at=AT)
    assert family.events.filter(kind="left").count() == 1


def test_nobody_leaves_before_joining(clerk: Staff, family: Household) -> None:
    wife = join(family, clerk)
    with pytest.raises(services.NotAllowedNow, match="加入家庭"):
        services.leave(wife, reason="moved", by=clerk, on=ON - timedelta(1), at=AT)


@pytest.mark.parametrize(("died_on", "sentence"), [(ON + timedelta(1), "今天"), (date(1900, 1, 1), "出生")])
def test_a_death_has_a_possible_date(clerk: Staff, family: Household, died_on: date, sentence: str) -> None:
    with pytest.raises(services.NotAllowedNow, match=sentence):
        services.record_death(join(family, clerk), died_on=died_on, by=clerk, at=AT)


def test_a_death_before_the_registration_is_kept_as_it_was(clerk: Staff, family: Household) -> None:
    wife = join(family, clerk)
    services.record_death(wife, died_on=ON - timedelta(9), by=clerk, at=AT)
    assert Person.objects.get(pk=wife.person_id).died_on == ON - timedelta(9)
    assert family.members.get(pk=wife.pk).left_on == ON


def split(family: Household, leaving: dict[int, str], by: Staff) -> Household:
    return services.split_household(family, leaving=leaving, area=area(LINXI), address="三组8号", by=by, on=ON, at=AT)


def test_who_splits_off_takes_their_means_along(clerk: Staff, family: Household) -> None:
    son = join(family, clerk, "胡小雨", "child")
    wife = join(family, clerk, "程小妹", "other")
    services.save_incomes(family, year=2026, rows=[income(son), income(head(family), "6000")], by=clerk, at=AT)
    spent = services.ExpenseData(member=son, kind="medical", yearly_amount=Decimal(900))
    services.save_expenses(family, year=2026, rows=[spent], by=clerk, at=AT)
    new = split(family, {wife.pk: "spouse", son.pk: "head"}, clerk)
    assert new.number == "H101000002"
    assert names(new) == [("胡小雨", "head"), ("程小妹", "spouse")]
    assert names(family) == [("胡德旺", "head")]
    assert [row.yearly_amount for row in incomes_of(new, year=2026)] == [Decimal(18000)]
    assert [row.yearly_amount for row in incomes_of(family, year=2026)] == [Decimal(6000)]
    assert [row.yearly_amount for row in expenses_of(new, year=2026)] == [Decimal(900)]
    assert not expenses_of(family, year=2026).exists()
    assert [event.other_household_id for event in family.events.filter(kind="split")] == [new.pk]


def test_a_split_needs_one_new_head_and_leaves_the_old(clerk: Staff, family: Household) -> None:
    old, son = head(family), join(family, clerk, "胡小雨", "child")
    wrong: list[dict[int, str]] = [{}, {son.pk: "child"}, {old.pk: "head"}, {old.pk: "parent", son.pk: "head"}]
    for leaving in wrong:
        with pytest.raises(services.NotAllowedNow):
            split(family, leaving, clerk)


def test_a_family_that_joins_another_ends(clerk: Staff, family: Household) -> None:
    mother = register(clerk, head=data("胡老太", "head"))
    services.merge_households(mother, into=family, relations={head(mother).pk: "parent"}, by=clerk, on=ON, at=AT)
    assert names(family) == [("胡德旺", "head"), ("胡老太", "parent")]
    ended = Household.objects.get(pk=mother.pk)
    assert (ended.ended_on, ended.ended_reason) == (ON, "并户")


def test_a_merge_needs_every_relation_and_two_families(clerk: Staff, family: Household) -> None:
    other = register(clerk)
    with pytest.raises(services.NotAllowedNow, match="每名成员"):
        services.merge_households(other, into=family, relations={}, by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="自己"):
        services.merge_households(family, into=family, relations={}, by=clerk, on=ON, at=AT)
