"""Three signatures by different people, freezing that asks again, returning, voiding, and what the database refuses."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from benefits import services
from benefits.models import Award, MonthlyRoll, RollItem, RollLine
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, rolls
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household
from organizations import services as organizations
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.paying import (
    HUAYANG,
    LINXI,
    SINCE,
    Desk,
    amounts,
    change,
    desk,
    instant,
    items,
    line_of,
)
from tests.households.builders import join, register
from tests.support.factories import area, make_staff

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH = (months_after(date(2026, 11, 1), n) for n in range(5))
D = Decimal
DAY = date(2026, 11, 26)


@pytest.fixture
def roll(money: Desk, award: Award) -> MonthlyRoll:
    return money.prepare(DECEMBER, on=DAY)


def whole(award: Award) -> list[CoveredPerson]:
    return [CoveredPerson(row.person) for row in award.versions.latest("serial").persons.all()]


def checked_by_county(money: Desk, roll: MonthlyRoll) -> None:
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)
    rolls.check_roll_county(roll, opinion="同意", by=money.approver, on=DAY)


# --- 三道核对 -----------------------------------------------------------------------------------------------------


def test_a_roll_is_signed_by_township_county_and_finance_and_then_frozen(money: Desk, roll: MonthlyRoll) -> None:
    frozen = money.freeze(roll, on=DAY)
    assert (frozen.state, frozen.frozen_at) == ("frozen", instant(DAY))
    assert (frozen.township_checked_by, frozen.county_checked_by, frozen.finance_checked_by) == (
        money.lead,
        money.approver,
        money.finance,
    )
    assert list(frozen.events.order_by("pk").values_list("kind", "note")) == [
        ("prepared", ""),
        ("township_checked", "核对无误"),
        ("county_checked", "同意"),
        ("frozen", "同意拨付"),
    ]


def test_no_step_is_left_out_and_none_is_taken_twice(money: Desk, roll: MonthlyRoll) -> None:
    with pytest.raises(rolls.RollRefused, match="现在是“已生成”"):
        rolls.check_roll_county(roll, opinion="同意", by=money.approver, on=DAY)
    with pytest.raises(rolls.RollRefused, match="现在是“已生成”"):
        rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))
    with pytest.raises(rolls.RollRefused, match="核对意见") as refusal:
        rolls.check_roll_township(roll, opinion=" ", by=money.lead, on=DAY)
    assert refusal.value.field == "opinion"
    rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)
    with pytest.raises(rolls.RollRefused, match="现在是“乡镇已核”"):
        rolls.check_roll_township(roll, opinion="无误", by=money.lead, on=DAY)


def test_each_signs_with_the_permission_of_the_step(money: Desk, roll: MonthlyRoll) -> None:
    neighbour = make_staff(Role.TOWNSHIP_APPROVER, HUAYANG, name="汪志强", on=SINCE)
    for by in (money.clerk, money.approver, money.finance, neighbour):
        with pytest.raises(NotPermitted):
            rolls.check_roll_township(roll, opinion="无误", by=by, on=DAY)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER, Role.FINANCE_OFFICER])
def test_who_made_a_roll_signs_none_of_it_whatever_other_role_they_hold(
    money: Desk, roll: MonthlyRoll, role: Role
) -> None:
    place = LINXI if role == Role.TOWNSHIP_APPROVER else "341824"
    money.officer.posts.update(ends_on=DAY)
    organizations.appoint(money.officer, role=role, area=area(place), on=DAY)
    officer = Staff.objects.get(pk=money.officer.pk)
    acts: list[Callable[[Staff], Any]] = [
        lambda by: rolls.check_roll_township(roll, opinion="无误", by=by, on=DAY),
        lambda by: rolls.check_roll_county(roll, opinion="同意", by=by, on=DAY),
        lambda by: rolls.freeze_roll(roll, opinion="同意", by=by, at=instant(DAY)),
    ]
    signers = [money.lead, money.approver, money.finance]
    turn = [Role.TOWNSHIP_APPROVER, Role.COUNTY_APPROVER, Role.FINANCE_OFFICER].index(role)
    for act, by in zip(acts[:turn], signers, strict=False):
        act(by)
    with pytest.raises(NotPermitted, match="须由不同的人办理"):
        acts[turn](officer)
    acts[turn](signers[turn])


def test_one_person_in_two_roles_does_not_sign_twice(money: Desk, roll: MonthlyRoll) -> None:
    organizations.appoint(money.approver, role=Role.FINANCE_OFFICER, area=area("341824"), on=SINCE)
    checked_by_county(money, roll)
    with pytest.raises(NotPermitted, match="须由不同的人办理"):
        rolls.freeze_roll(roll, opinion="同意", by=Staff.objects.get(pk=money.approver.pk), at=instant(DAY))
    with pytest.raises(IntegrityError, match="roll_by_different_people"), transaction.atomic():
        MonthlyRoll.objects.filter(pk=roll.pk).update(
            state="frozen", frozen_at=instant(DAY), finance_checked_by=money.approver
        )


def test_a_deputy_and_whom_they_stand_for_are_one_person(money: Desk, roll: MonthlyRoll) -> None:
    deputy = make_staff(Role.FINANCE_OFFICER, "341824", name="邵丽", on=SINCE)
    organizations.appoint(
        deputy,
        role=Role.COUNTY_APPROVER,
        area=area("341824"),
        on=DAY,
        ends_on=date(2026, 12, 31),
        on_behalf_of=money.approver,
    )
    checked_by_county(money, roll)
    with pytest.raises(NotPermitted, match="两人算一个人"):
        rolls.freeze_roll(roll, opinion="同意", by=Staff.objects.get(pk=deputy.pk), at=instant(DAY))


# --- 退回、作废 ---------------------------------------------------------------------------------------------------


def test_whoever_is_to_sign_may_return_it_and_everybody_signs_anew(money: Desk, roll: MonthlyRoll) -> None:
    checked_by_county(money, roll)
    with pytest.raises(NotPermitted):
        rolls.return_roll(roll, reason="胡德旺家账户有误", by=money.lead, on=DAY)
    with pytest.raises(rolls.RollRefused, match="退回的原因"):
        rolls.return_roll(roll, reason="", by=money.finance, on=DAY)
    back = rolls.return_roll(roll, reason="胡德旺家账户有误", by=money.finance, on=DAY)
    assert (back.state, back.township_checked_by, back.county_checked_by) == ("prepared", None, None)
    assert back.events.first().note == "胡德旺家账户有误"
    assert money.freeze(roll, on=DAY).state == "frozen"


def test_a_void_roll_makes_room_for_another(money: Desk, award: Award, roll: MonthlyRoll) -> None:
    with pytest.raises(NotPermitted):
        rolls.void_roll(roll, reason="重做", by=money.lead, on=DAY)
    with pytest.raises(rolls.RollRefused, match="作废的原因"):
        rolls.void_roll(roll, reason=" ", by=money.officer, on=DAY)
    void = rolls.void_roll(roll, reason="参数有误", by=money.officer, on=DAY)
    assert (void.state, void.line_count, void.total_amount, void.lines.count()) == ("voided", 1, D("515.00"), 0)
    again = money.prepare(DECEMBER, on=DAY)
    assert (again.number, line_of(award, DECEMBER).roll) == ("FF202612-DB-101-2", again)
    money.freeze(again, on=DAY)
    with pytest.raises(rolls.RollRefused, match="已定册"):
        rolls.void_roll(again, reason="重做", by=money.officer, on=DAY)


# --- 定册前再算一次 -----------------------------------------------------------------------------------------------


def test_a_roll_is_not_frozen_with_somebody_who_was_stopped_since(money: Desk, award: Award, roll: MonthlyRoll) -> None:
    grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2))
    roll = money.prepare(DECEMBER, on=DAY)
    checked_by_county(money, roll)
    services.end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=money.approver, decided_on=DAY)
    with pytest.raises(rolls.RollOutdated, match=r"临溪村.*胡德旺（2026年12月）.*请重新生成"):
        rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))
    assert MonthlyRoll.objects.get(pk=roll.pk).state == "county_checked"
    again = money.freeze(money.prepare(DECEMBER, on=DAY), on=DAY)
    assert (again.state, again.line_count) == ("frozen", 1)


def test_nor_with_somebody_who_died_or_was_cut_or_suspended_since(money: Desk) -> None:
    families = [register(money.clerk) for _ in range(3)]
    wife = join(families[0], money.clerk)
    awards = [grant(family, money.approver, decided_on=date(2026, 11, 2)) for family in families]
    roll = money.prepare(DECEMBER, on=DAY)
    checked_by_county(money, roll)
    households.record_death(wife, died_on=date(2026, 11, 25), by=money.clerk, at=instant(DAY))
    change(awards[1], "400.00", whole(awards[1]), from_month=DECEMBER, on=DAY, by=money.approver, kind="cut")
    services.suspend_award(awards[2], from_month=DECEMBER, reason="失联", by=money.approver, on=DAY)
    with pytest.raises(rolls.RollOutdated) as refusal:
        rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))
    assert refusal.value.message.count("（2026年12月）") == 3


def test_no_more_than_ten_are_named(money: Desk) -> None:
    awards = [grant(register(money.clerk), money.approver, decided_on=date(2026, 11, 2)) for _ in range(12)]
    roll = money.prepare(DECEMBER, on=DAY)
    checked_by_county(money, roll)
    for award in awards:
        services.suspend_award(award, from_month=DECEMBER, reason="失联", by=money.approver, on=DAY)
    with pytest.raises(rolls.RollOutdated, match="等12处") as refusal:
        rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))
    assert refusal.value.message.count("（2026年12月）") == 10


def test_a_raise_since_does_not_hold_the_roll_up_and_comes_with_the_next(
    money: Desk, award: Award, roll: MonthlyRoll
) -> None:
    checked_by_county(money, roll)
    change(award, "600.00", whole(award), from_month=DECEMBER, on=DAY, by=money.approver)
    rolls.freeze_roll(roll, opinion="同意", by=money.finance, at=instant(DAY))
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", DECEMBER, D("85.00"))]


# --- 乡镇间迁移 ---------------------------------------------------------------------------------------------------


@pytest.fixture
def neighbours(money: Desk) -> Desk:
    return desk(HUAYANG, officer=money.officer, approver=money.approver, finance=money.finance)


def moved(family: Household, money: Desk, neighbours: Desk, *, on: date) -> None:
    transfer = households.propose_transfer(
        family, area=area("341824100001"), address="新村", by=money.clerk, on=on, at=instant(on)
    )
    households.accept_transfer(transfer, by=neighbours.clerk, on=on, at=instant(on))


def test_a_family_that_moves_is_paid_by_the_new_township_from_that_month_without_a_gap(
    money: Desk, neighbours: Desk, family: Household, award: Award
) -> None:
    for desk_ in (money, neighbours):
        grant(
            register(desk_.clerk, code=area(desk_.township).children.first().code),
            money.approver,
            decided_on=date(2026, 11, 2),
        )
    money.pay(DECEMBER)
    neighbours.pay(DECEMBER)
    moved(family, money, neighbours, on=date(2027, 1, 15))
    for month in (JANUARY, FEBRUARY):
        money.pay(month)
        neighbours.pay(month)
    lines = award.roll_lines.order_by("month").values_list("month", "roll__area__code", "amount")
    assert list(lines) == [
        (DECEMBER, LINXI, D("515.00")),
        (JANUARY, HUAYANG, D("515.00")),
        (FEBRUARY, HUAYANG, D("515.00")),
    ]


def test_a_month_that_the_old_township_has_paid_is_not_paid_again_by_the_new_one(
    money: Desk, neighbours: Desk, family: Household, award: Award
) -> None:
    grant(register(neighbours.clerk, code="341824100001"), money.approver, decided_on=date(2026, 11, 2))
    money.pay(DECEMBER)
    moved(family, money, neighbours, on=date(2026, 12, 3))
    neighbours.pay(DECEMBER, JANUARY)
    lines = award.roll_lines.order_by("month").values_list("month", "roll__area__code", "back_payment_amount")
    assert list(lines) == [(DECEMBER, LINXI, 0), (JANUARY, HUAYANG, 0)]


def test_a_month_that_both_townships_prepared_for_is_frozen_by_one(
    money: Desk, neighbours: Desk, family: Household, award: Award
) -> None:
    grant(register(neighbours.clerk, code="341824100001"), money.approver, decided_on=date(2026, 11, 2))
    moved(family, money, neighbours, on=date(2026, 12, 3))
    # The new township pays December, which nobody has paid, with January; then the old one's roll of December is made
    # good for a month in which it kept the award: nothing is left.
    neighbours.pay(DECEMBER)
    assert amounts(award, DECEMBER)[-1] == D(515)
    with pytest.raises(rolls.NothingOwed):
        money.prepare(DECEMBER, on=date(2026, 12, 5))


# --- 数据库不许的 -------------------------------------------------------------------------------------------------


def test_an_award_has_one_line_a_month(award: Award, roll: MonthlyRoll) -> None:
    row = line_of(award, DECEMBER)
    assert row is not None
    row.pk = None
    with pytest.raises(IntegrityError, match="award_paid_once_a_month"), transaction.atomic():
        row.save(force_insert=True)


def test_a_frozen_roll_stays_as_it_was_signed(money: Desk, award: Award, roll: MonthlyRoll) -> None:
    money.freeze(roll, on=DAY)
    lines = RollLine.objects.filter(roll=roll)
    acts: list[Callable[[], Any]] = [
        lambda: lines.update(amount=1, base_amount=1),
        lambda: lines.update(bank_account=None),
        lambda: lines.delete(),
        lambda: MonthlyRoll.objects.filter(pk=roll.pk).update(total_amount=1),
        lambda: MonthlyRoll.objects.filter(pk=roll.pk).update(frozen_at=None, state="prepared"),
        lambda: MonthlyRoll.objects.filter(pk=roll.pk).update(state="prepared"),
        lambda: MonthlyRoll.objects.filter(pk=roll.pk).delete(),
        lambda: RollItem.objects.create(
            line=lines.get(), award=award, kind="back_payment", for_month=NOVEMBER, amount=1
        ),
    ]
    for act in acts:
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert lines.update(state="failed", failure="账号错误", settled_on=DAY) == 1


@pytest.mark.parametrize("missing", ["township_checked_by", "county_checked_by", "finance_checked_by"])
def test_a_roll_is_not_frozen_without_its_three_signatures(money: Desk, roll: MonthlyRoll, missing: str) -> None:
    signed: dict[str, Any] = {
        "township_checked_by": money.lead,
        "county_checked_by": money.approver,
        "finance_checked_by": money.finance,
    }
    with pytest.raises(IntegrityError, match="roll_signed_step_by_step"), transaction.atomic():
        MonthlyRoll.objects.filter(pk=roll.pk).update(
            state="frozen", frozen_at=instant(DAY), **signed | {missing: None}
        )


def test_a_roll_is_not_frozen_that_would_pay_an_account_that_is_ended(
    money: Desk, family: Household, roll: MonthlyRoll
) -> None:
    checked_by_county(money, roll)
    family.refresh_from_db()
    households.set_bank_account(
        family, bank="徽商银行", account="6217000010012345682", holder="胡德旺", by=money.clerk, on=DAY
    )
    with pytest.raises(rolls.RollOutdated, match="发放账户已经更换"):
        rolls.freeze_roll(roll, opinion="同意拨付", by=money.finance, at=instant(DAY))
    assert money.freeze(money.prepare(DECEMBER, on=DAY)).lines.get().bank_account.ended_on is None
