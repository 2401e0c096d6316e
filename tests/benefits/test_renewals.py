"""续期: a recognition goes on once, ends whole, and stands beside nothing that members have with other families."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from benefits import services
from benefits.models import Recognition
from benefits.queries import list_recognitions, recognised, recognitions_to_renew, standing_against
from benefits.resources import RecognitionResource
from benefits.services import CoveredPerson
from households import services as households
from households.models import Household
from households.signals import Change
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.test_recognitions import NEXT_YEAR, recognise
from tests.households.builders import data, head, join, register
from tests.support.factories import AT, ON, make_staff

pytestmark = pytest.mark.django_db
HUAYANG = "341824100001"
LAST = NEXT_YEAR - timedelta(days=1)
RIGID = "rigid_expense_household"


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
def first(clerk: Staff, approver: Staff) -> Recognition:
    return recognise(register(clerk), approver)


@pytest.fixture
def later(first: Recognition, approver: Staff) -> Recognition:
    """What follows the first one, not begun yet."""
    return recognise(first.household, approver, decided_on=LAST)


def test_it_is_renewed_once_only(approver: Staff, later: Recognition) -> None:
    with pytest.raises(services.NotRecognisable, match=f"已经续期（{later.number}），从2027年"):
        recognise(later.household, approver, decided_on=LAST)
    assert later.household.recognitions.count() == 2


def test_a_renewal_not_begun_is_ended_and_never_holds(
    clerk: Staff, approver: Staff, first: Recognition, later: Recognition
) -> None:
    ended = services.end_recognition(later, reason="收入增加", by=approver, on=LAST)
    assert (ended.is_void, ended.first_day, ended.ended_on) == (True, NEXT_YEAR, LAST)
    assert ended.persons.get().covered.isempty
    assert recognised(first.household, on=LAST).get() == first
    assert not recognised(first.household, on=NEXT_YEAR).exists()
    assert list(list_recognitions(clerk, on=ON, standing="ended")) == [ended]
    assert recognitions_to_renew(clerk, on=LAST).get() == first
    (row,) = RecognitionResource().export(list_recognitions(clerk, on=ON, standing="ended")).dict
    assert (row["有效期起"], row["有效期止"]) == (NEXT_YEAR, None)
    with pytest.raises(services.NotRecognisable, match="到期或终止"):
        services.end_recognition(ended, reason="再来", by=approver, on=LAST)
    assert recognise(first.household, approver, decided_on=LAST).valid.lower == NEXT_YEAR


def test_what_is_ended_does_not_begin_again_by_itself(approver: Staff, first: Recognition, later: Recognition) -> None:
    services.end_recognition(first, reason="收入增加", by=approver, on=LAST)
    later.refresh_from_db()
    assert (later.is_void, later.end_reason) == (True, "收入增加")
    assert not first.household.recognitions.filter(valid__endswith__gt=LAST).exists()
    fresh = recognise(first.household, approver, decided_on=LAST)
    assert fresh.valid.lower == LAST


def test_what_replaces_it_voids_what_has_not_begun(approver: Staff, first: Recognition, later: Recognition) -> None:
    services.supersede(first.household, schemes=("marginal",), reason="纳入最低生活保障", by=approver, on=LAST)
    first.refresh_from_db()
    later.refresh_from_db()
    assert (first.valid.upper, later.is_void, later.end_reason) == (LAST, True, "纳入最低生活保障")


def test_who_leaves_before_it_begins_is_never_recognised_by_it(
    clerk: Staff, approver: Staff, first: Recognition, later: Recognition
) -> None:
    services.uncover_who_left(Change(first.household, "left", clerk, LAST, left=(head(first.household),)))
    assert later.persons.get().covered.isempty
    assert services.end_recognition(later, reason="收入增加", by=approver, on=LAST).is_void


@pytest.mark.parametrize(
    "values",
    [
        {"valid": DateRange(empty=True)},
        {"valid": DateRange(empty=True), "ended_on": LAST, "end_reason": "收入增加"},
        {"would_begin_on": NEXT_YEAR},
    ],
)
def test_the_database_keeps_only_what_was_ended_before_it_began_as_void(
    later: Recognition, approver: Staff, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="recognition_has_both_days"), transaction.atomic():
        ended = {"ended_by": approver} if "ended_on" in values else {}
        Recognition.objects.filter(pk=later.pk).update(**values | ended)


# --- What members have with other families ---------------------------------------------------------------------------


def comes_from(theirs: Household, family: Household, *, neighbour: Staff, clerk: Staff) -> None:
    """A child of one family stands in another one from now on."""
    child = theirs.members.get(relation="child")
    number = child.person.id_number.reveal()
    households.leave(child, reason="moved", by=neighbour, on=ON, at=AT)
    join(family, clerk, "邵晓彤", "child", id_number=number)


@pytest.fixture
def theirs(neighbour: Staff) -> Household:
    household = register(neighbour, code=HUAYANG, head=data("唐玉兰"))
    join(household, neighbour, "邵晓彤", "child")
    return household


def test_a_members_award_with_another_family_excludes_rigid_spending(
    clerk: Staff, neighbour: Staff, approver: Staff, theirs: Household
) -> None:
    family = register(clerk)
    grant(theirs, approver, persons=[CoveredPerson(row.person) for row in theirs.members.all()])
    assert standing_against(family, scheme=RIGID, on=ON) == []
    comes_from(theirs, family, neighbour=neighbour, clerk=clerk)
    assert standing_against(family, scheme=RIGID, on=ON) == ["华阳镇另一个家庭的低保（1名成员）"]
    assert standing_against(family, scheme="marginal", on=ON) == []
    with pytest.raises(services.NotRecognisable, match="这个家庭已有华阳镇另一个家庭的低保（1名成员），不能再认定"):
        recognise(family, approver, scheme=RIGID)


def test_a_members_recognition_with_another_family_excludes_it_while_it_lasts(
    clerk: Staff, neighbour: Staff, approver: Staff, theirs: Household
) -> None:
    family = register(clerk)
    recognise(theirs, approver)
    comes_from(theirs, family, neighbour=neighbour, clerk=clerk)
    assert standing_against(family, scheme=RIGID, on=ON) == ["华阳镇另一个家庭的低保边缘（1名成员）"]
    assert standing_against(family, scheme=RIGID, on=ON + timedelta(days=1)) == []


@pytest.mark.parametrize(("scheme", "queries"), [(RIGID, 4), ("marginal", 1)])
def test_it_asks_no_more_queries_for_more_awards(
    clerk: Staff, approver: Staff, scheme: str, queries: int, django_assert_num_queries: Any
) -> None:
    family = register(clerk)
    wife = join(family, clerk)
    with django_assert_num_queries(queries):
        assert standing_against(family, scheme=scheme, on=ON) == []
    for member in (head(family), wife):
        grant(family, approver, basis="single_person", persons=[CoveredPerson(member.person)])
    with django_assert_num_queries(queries):
        assert len(standing_against(family, scheme=scheme, on=ON)) == (2 if scheme == RIGID else 0)
