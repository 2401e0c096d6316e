"""迁移: inside a township at once; to another one only when that township takes the family in."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from foundation.errors import NotPermitted
from households import services
from households.models import Household, Transfer
from households.queries import attachments_visible_to
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint
from tests.households.builders import picture, register
from tests.support.factories import AT, LINXI, ON, area

pytestmark = pytest.mark.django_db
HUAYANG = "341824100001"
NEXT_VILLAGE = "341824101201"


def propose(family: Household, by: Staff, *, code: str = HUAYANG, **more: Any) -> Transfer:
    return services.propose_transfer(family, area=area(code), address="新村", by=by, on=ON, at=AT, **more)


def accept(transfer: Transfer, by: Staff) -> Household:
    return services.accept_transfer(transfer, by=by, on=ON, at=AT)


def where(family: Household) -> str:
    return Household.objects.get(pk=family.pk).area.code


def test_inside_the_township_a_family_moves_at_once(clerk: Staff, family: Household) -> None:
    services.move(family, area=area(NEXT_VILLAGE), address=" 二组3号 ", by=clerk, on=ON, at=AT)
    moved = Household.objects.get(pk=family.pk)
    assert (moved.area.code, moved.address, moved.number) == (NEXT_VILLAGE, "二组3号", family.number)
    with pytest.raises(services.NotAllowedNow, match="变更家庭情况"):
        services.move(moved, area=area(NEXT_VILLAGE), address="三组", by=clerk, on=ON, at=AT)


@pytest.mark.parametrize(
    ("code", "address", "sentence"),
    [(HUAYANG, "新村", "转出"), ("341824101", "新村", "村（社区）"), (NEXT_VILLAGE, " ", "新住址")],
)
def test_a_move_inside_the_township_has_a_village_of_it_and_an_address(
    clerk: Staff, family: Household, code: str, address: str, sentence: str
) -> None:
    with pytest.raises(services.NotAllowedNow, match=sentence):
        services.move(family, area=area(code), address=address, by=clerk, on=ON, at=AT)
    assert where(family) == LINXI


def test_a_family_stays_until_the_other_township_accepts_it(clerk: Staff, neighbour: Staff, family: Household) -> None:
    transfer = propose(family, clerk)
    assert where(family) == LINXI
    accept(transfer, neighbour)
    moved = Household.objects.get(pk=family.pk)
    assert (moved.area.code, moved.address, moved.number) == (HUAYANG, "新村", family.number)
    kept = Transfer.objects.get()
    assert (kept.state, kept.proposed_by, kept.answered_by) == ("accepted", clerk, neighbour)
    assert list(moved.events.order_by("pk").values_list("kind", "by")) == [
        ("registered", clerk.pk),
        ("transfer_proposed", clerk.pk),
        ("moved", neighbour.pk),
    ]
    assert moved.area_id not in clerk.area_ids("see_household")


def test_a_township_keeps_what_it_had_of_a_family_that_moved_and_sees_nothing_newer(
    clerk: Staff, neighbour: Staff, family: Household
) -> None:
    before = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    transfer = propose(family, clerk)
    assert not attachments_visible_to(neighbour).exists()
    moved = accept(transfer, neighbour)
    later = AT + timedelta(1)
    after = services.add_attachment(moved, kind="id_card", upload=picture(), by=neighbour, at=later)
    assert set(attachments_visible_to(clerk)) == {before}
    assert set(attachments_visible_to(neighbour)) == {before, after}
    with pytest.raises(NotPermitted):
        services.void_attachment(before, reason="x", by=clerk, at=later)


def test_each_township_has_its_own_part(clerk: Staff, neighbour: Staff, family: Household) -> None:
    with pytest.raises(NotPermitted):
        propose(family, neighbour)
    transfer = propose(family, clerk)
    with pytest.raises(NotPermitted):
        accept(transfer, clerk)
    with pytest.raises(NotPermitted):
        services.decline_transfer(transfer, reason="x", by=clerk, on=ON, at=AT)
    with pytest.raises(NotPermitted):
        services.take_back_transfer(transfer, by=neighbour, on=ON, at=AT)
    assert Transfer.objects.get().state == "proposed"
    assert where(family) == LINXI


def test_who_sent_a_family_does_not_accept_it_even_with_a_post_there(clerk: Staff, family: Household) -> None:
    appoint(clerk, role=Role.TOWNSHIP_OFFICER, area=area("341824100"), on=ON)
    both = Staff.objects.get(pk=clerk.pk)
    transfer = propose(family, both)
    with pytest.raises(NotPermitted, match="其他人接收"):
        accept(transfer, both)
    with pytest.raises(IntegrityError, match="transfer_by_two_people"), transaction.atomic():
        Transfer.objects.update(state="accepted", answered_by=both, answered_at=AT)


def test_the_receiver_declines_with_a_reason_and_the_sender_takes_back(
    clerk: Staff, neighbour: Staff, family: Household
) -> None:
    transfer = propose(family, clerk)
    with pytest.raises(services.NotAllowedNow, match="原因"):
        services.decline_transfer(transfer, reason=" ", by=neighbour, on=ON, at=AT)
    services.decline_transfer(transfer, reason="不在本乡镇居住", by=neighbour, on=ON, at=AT)
    for again in (
        lambda: accept(transfer, neighbour),
        lambda: services.take_back_transfer(transfer, by=clerk, on=ON, at=AT),
    ):
        with pytest.raises(services.NotAllowedNow, match="已退回"):
            again()
    second = propose(family, clerk)
    services.take_back_transfer(second, by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已撤回"):
        accept(second, neighbour)
    assert where(family) == LINXI
    assert [event.note for event in family.events.filter(kind="transfer_declined")] == [
        f"临溪镇{area(LINXI)}→华阳镇{area(HUAYANG)}；不在本乡镇居住"
    ]


def test_a_family_goes_one_way_at_a_time(clerk: Staff, neighbour: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="本乡镇"):
        propose(family, clerk, code=NEXT_VILLAGE)
    transfer = propose(family, clerk)
    other = register(clerk)
    acts = (
        lambda: propose(family, clerk),
        lambda: services.move(family, area=area(NEXT_VILLAGE), address="x", by=clerk, on=ON, at=AT),
        lambda: services.merge_households(
            family, into=other, relations={family.members.get().pk: "other"}, by=clerk, on=ON, at=AT
        ),
        lambda: services.merge_households(
            other, into=family, relations={other.members.get().pk: "other"}, by=clerk, on=ON, at=AT
        ),
        lambda: services.leave(family.members.get(), reason="moved", by=clerk, on=ON, at=AT),
    )
    for act in acts:
        with pytest.raises(services.NotAllowedNow, match="等待迁入乡镇接收"):
            act()
    services.record_death(family.members.get(), died_on=ON, by=clerk, at=AT)
    with pytest.raises(services.NotAllowedNow, match="注销"):
        accept(transfer, neighbour)
    services.decline_transfer(transfer, reason="已死亡", by=neighbour, on=ON, at=AT)
