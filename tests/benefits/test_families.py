"""What becomes of an award when its family changes: it follows, it is looked into, it never covers anybody twice."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction

from benefits import services
from benefits.models import Award, AwardCheck, AwardPerson
from benefits.queries import area_in, covered_elsewhere, open_checks, visible_to
from benefits.services import CoveredPerson
from foundation.errors import NotPermitted, ServiceError
from households import services as households
from households.models import Household, Person
from households.services import NotAllowedNow
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import data, head, join, register
from tests.support.factories import AT, ON, area, make_id_number, make_staff

pytestmark = pytest.mark.django_db
HUAYANG = "341824100001"
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def neighbour(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824100", name="汪志强")


@pytest.fixture
def approver(county: None) -> Staff:
    return make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟")


@pytest.fixture
def family(clerk: Staff) -> Household:
    return register(clerk)


# --- 迁移 ---------------------------------------------------------------------------------------------------------


def moved(family: Household, clerk: Staff, neighbour: Staff, *, on: date) -> None:
    transfer = households.propose_transfer(family, area=area(HUAYANG), address="新村", by=clerk, on=on, at=AT)
    households.accept_transfer(transfer, by=neighbour, on=on, at=AT)


def test_an_award_follows_its_family_from_the_month_of_the_move_without_a_gap(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    award, old = grant(family, approver), family.area_id
    moved(family, clerk, neighbour, on=date(2027, 2, 15))
    award.refresh_from_db()
    assert [area_in(award, month=date(2027, month, 1)) for month in (1, 2, 3)] == [
        old,
        area(HUAYANG).pk,
        area(HUAYANG).pk,
    ]
    assert award in visible_to(neighbour)
    assert award not in visible_to(clerk)
    assert award.versions.count() == 1


def test_an_award_that_has_not_begun_follows_from_its_first_month(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    award = grant(family, approver)
    moved(family, clerk, neighbour, on=ON)
    assert list(award.places.values_list("area__code", "from_month")) == [
        ("341824101200", DECEMBER),
        (HUAYANG, DECEMBER),
    ]
    assert area_in(award, month=DECEMBER) == area(HUAYANG).pk


# --- 补登证号 -----------------------------------------------------------------------------------------------------


def nameless() -> households.MemberData:
    fields = {"sex": "male", "birth_date": date(1968, 3, 12), "missing_id_reason": "lost"}
    found: households.MemberData = data("胡小雨", "child", id_number="", **fields)
    return found


def test_what_covers_a_record_covers_the_person_it_turns_out_to_be(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    number = make_id_number()
    known = join(family, clerk, "胡小雨", "child", id_number=number)
    households.leave(known, reason="moved", by=clerk, on=ON, at=AT)
    lost = households.add_member(family, data=nameless(), by=clerk, on=ON, at=AT)
    award = grant(family, approver)
    households.identify(lost, id_number=number, by=clerk, on=ON, at=AT)
    assert set(award.persons.values_list("person", flat=True)) == {head(family).person_id, known.person_id}
    assert not AwardPerson.objects.filter(person__merged_into__isnull=False).exists()


def test_two_records_that_both_receive_are_not_made_one(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    number = make_id_number()
    theirs = register(neighbour, code=HUAYANG, head=data("唐玉兰"))
    known = join(theirs, neighbour, "胡小雨", "child", id_number=number)
    grant(theirs, approver)
    households.leave(known, reason="moved", by=neighbour, on=ON, at=AT)
    lost = households.add_member(family, data=nameless(), by=clerk, on=ON, at=AT)
    grant(family, approver)
    with pytest.raises(NotAllowedNow, match="正在华阳镇享受低保") as refusal:
        households.identify(lost, id_number=number, by=clerk, on=ON, at=AT, is_confirmed=True)
    assert "唐玉兰" not in refusal.value.message
    assert Person.objects.get(pk=lost.person_id).merged_into is None
    assert AwardPerson.objects.get(person=lost.person_id).award.household == family


def test_no_award_covers_a_record_that_was_merged(clerk: Staff, approver: Staff, family: Household) -> None:
    other = join(family, clerk, "胡小雨", "child")
    award = grant(family, approver)
    Person.objects.filter(pk=other.person_id).update(merged_into=head(family).person)
    with pytest.raises(InternalError, match="merged"), transaction.atomic():
        award.persons.filter(person=other.person_id).update(covered=(date(2026, 12, 1), date(2027, 6, 1)))


# --- 死亡、离开、并户 ---------------------------------------------------------------------------------------------


def test_after_a_death_the_award_is_looked_into_within_three_months_and_not_paid_from_the_next(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    wife = join(family, clerk)
    award = grant(family, approver)
    households.record_death(wife, died_on=ON - timedelta(3), by=clerk, at=AT)
    check = AwardCheck.objects.get()
    assert (check.award, check.person, check.cause) == (award, wife.person, "died")
    assert (check.happened_on, check.due_on, check.unpaid_from) == (date(2026, 11, 20), date(2027, 2, 20), DECEMBER)
    assert list(open_checks(clerk)) == [check]
    assert not open_checks(neighbour).exists()
    assert Award.objects.get(pk=award.pk).state == "active"


def test_an_award_that_covers_nobody_alive_is_suspended(clerk: Staff, approver: Staff, family: Household) -> None:
    award = grant(family, approver)
    households.record_death(head(family), died_on=ON, by=clerk, at=AT)
    assert Award.objects.get(pk=award.pk).state == "suspended"
    assert open_checks(clerk).get().cause == "died"


def test_an_award_outlives_its_family_only_suspended_and_looked_into(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    wife = join(family, clerk)
    award = grant(family, approver)
    for member in (wife, head(family)):
        assert Award.objects.get(pk=award.pk).state == "active"
        households.leave(member, reason="moved", by=clerk, on=ON, at=AT)
    assert Household.objects.get(pk=family.pk).ended_on == ON
    assert Award.objects.get(pk=award.pk).state == "suspended"
    checks = list(open_checks(clerk))
    assert {check.person.name for check in checks} == {wife.person.name, head_name(family)}
    for check in checks:
        with pytest.raises(ServiceError, match="已经注销，待遇还没有停发"):
            services.settle_check(check, finding="已核", by=clerk, on=ON)
    services.end_award(award, last_month=DECEMBER, reason="家庭注销", decided_by=approver, decided_on=ON)
    for check in checks:
        services.settle_check(check, finding="已停发", by=clerk, on=ON)
    assert not open_checks(clerk).exists()


def test_an_award_is_suspended_when_the_family_ends_by_a_death_though_it_covers_somebody_who_left(
    clerk: Staff, approver: Staff, family: Household
) -> None:
    wife = join(family, clerk)
    award = grant(family, approver)
    households.leave(wife, reason="moved", by=clerk, on=ON, at=AT)
    households.record_death(head(family), died_on=ON, by=clerk, at=AT)
    assert award.persons.filter(person=wife.person, person__died_on=None).exists()
    assert Award.objects.get(pk=award.pk).state == "suspended"


def head_name(family: Household) -> str:
    return str(family.members.get(relation="head").person.name)


def test_who_leaves_or_joins_has_the_award_looked_into(clerk: Staff, approver: Staff, family: Household) -> None:
    wife, son = join(family, clerk), join(family, clerk, "胡小雨", "child")
    award = grant(family, approver)
    households.leave(wife, reason="married_out", by=clerk, on=ON, at=AT)
    new = households.split_household(
        family, leaving={son.pk: "head"}, area=family.area, address="x", by=clerk, on=ON, at=AT
    )
    join(family, clerk, "胡老太", "parent")
    found = AwardCheck.objects.values_list("award", "person__name", "cause")
    assert set(found) == {(award.pk, "汪秋菊", "left"), (award.pk, "胡小雨", "left"), (award.pk, "胡老太", "joined")}
    households.record_death(head(new), died_on=ON, by=clerk, at=AT)
    assert AwardCheck.objects.filter(award=award, cause="died", person__name="胡小雨").count() == 1


def test_a_family_with_an_award_does_not_vanish_into_another(clerk: Staff, approver: Staff, family: Household) -> None:
    other = register(clerk, head=data("胡老太"))
    grant(other, approver)
    with pytest.raises(NotAllowedNow, match="正在享受低保"):
        households.merge_households(other, into=family, relations={head(other).pk: "parent"}, by=clerk, on=ON, at=AT)
    assert Household.objects.get(pk=other.pk).ended_on is None
    households.merge_households(family, into=other, relations={head(family).pk: "child"}, by=clerk, on=ON, at=AT)
    assert AwardCheck.objects.get().cause == "joined"


def test_what_was_found_is_written_once_by_the_township_that_has_the_award(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    grant(family, approver)
    join(family, clerk)
    check = AwardCheck.objects.get()
    with pytest.raises(NotPermitted):
        services.settle_check(check, finding="x", by=neighbour, on=ON)
    with pytest.raises(ServiceError, match="写明"):
        services.settle_check(check, finding=" ", by=clerk, on=ON)
    services.settle_check(check, finding="已报增发", by=clerk, on=ON)
    with pytest.raises(ServiceError, match="已经办结"):
        services.settle_check(check, finding="y", by=clerk, on=ON)
    assert not open_checks(clerk).exists()


# --- 别处的待遇 ---------------------------------------------------------------------------------------------------


def test_who_is_covered_elsewhere_is_told_by_township_and_scheme_only(
    clerk: Staff, neighbour: Staff, approver: Staff, family: Household
) -> None:
    theirs = register(neighbour, code=HUAYANG, head=data("唐玉兰"))
    child = join(theirs, neighbour, "邵晓彤", "child")
    number = child.person.id_number.reveal()
    award = grant(theirs, approver, scheme="tekun", persons=[CoveredPerson(child.person)])
    households.leave(child, reason="moved", by=neighbour, on=ON, at=AT)
    assert covered_elsewhere(family, on=ON) == []
    join(family, clerk, "邵晓彤", "child", id_number=number)
    (found,) = covered_elsewhere(family, on=ON)
    assert str(found) == "1名成员正在华阳镇的另一个家庭享受特困"
    services.end_award(award, last_month=DECEMBER, reason="新增义务人", decided_by=approver, decided_on=ON)
    assert covered_elsewhere(family, on=ON) == []


def test_the_own_award_is_not_elsewhere(approver: Staff, family: Household) -> None:
    grant(family, approver)
    assert covered_elsewhere(family, on=ON) == []
