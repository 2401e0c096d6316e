"""Deaths, mended deaths, splits and moves: what the award owes from the next month, and who keeps it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from benefits import services
from benefits.models import Award, AwardCheck
from benefits.queries import area_in, last_payable_month, owed_of, unpaid_after_death, visible_to
from benefits.queries.phase_outs import list_phase_outs
from benefits.services import AlreadyCovered, CoveredPerson
from foundation.errors import NotPermitted
from households import services as households
from households.models import Member
from households.services import NotAllowedNow
from organizations.models import Staff
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.households.builders import head, join, register
from tests.support.factories import area, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parameters")]
GRANTED = date(2026, 1, 10)
LATE = datetime(2027, 3, 10, 2, tzinfo=UTC)
HUAYANG = "341824100001"


def month(number: int, year: int = 2026) -> date:
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
    family.members.update(joined_on=GRANTED)
    persons = [CoveredPerson(head(family).person, Decimal("104.00"), "A"), CoveredPerson(wife.person)]
    return grant(family, approver, decided_on=GRANTED, monthly_amount=Decimal("600.00"), persons=persons)


def wife_of(award: Award) -> Member:
    return award.household.members.get(person__name="汪秋菊")


def owed(award: Award, *months: date) -> list[Decimal]:
    found = owed_of(Award.objects.get(pk=award.pk), months)
    return [found[item].amount for item in months]


# --- 死亡 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("died_on", "still_paid", "unpaid"),
    [
        (date(2026, 11, 1), month(11), month(12)),
        (date(2026, 11, 30), month(11), month(12)),
        (date(2026, 12, 31), month(12), month(1, 2027)),
        (date(2027, 2, 28), month(2, 2027), month(3, 2027)),
    ],
)
def test_a_death_registered_late_counts_from_the_month_after_it(
    award: Award, clerk: Staff, died_on: date, still_paid: date, unpaid: date
) -> None:
    wife = wife_of(award)
    households.record_death(wife, died_on=died_on, by=clerk, at=LATE)
    assert owed(award, still_paid, unpaid) == [600, 352]
    assert unpaid_after_death(award, wife.person) == unpaid


def test_a_mended_death_moves_what_is_owed_and_the_check_with_it(award: Award, clerk: Staff) -> None:
    wife = wife_of(award)
    households.record_death(wife, died_on=date(2026, 11, 3), by=clerk, at=LATE)
    assert owed(award, month(12), month(1, 2027)) == [352, 352]
    gone = Member.objects.get(pk=wife.pk)
    households.mend_death(gone, died_on=date(2026, 12, 3), reason="火化证", by=clerk, at=LATE)
    assert owed(award, month(12), month(1, 2027)) == [600, 352]
    check = AwardCheck.objects.get()
    assert (check.happened_on, check.unpaid_from, check.due_on) == (
        date(2026, 12, 3),
        month(1, 2027),
        date(2027, 3, 3),
    )
    gone.refresh_from_db()
    assert gone.left_on == date(2026, 12, 3)
    event = award.household.events.latest("pk")
    assert event.note == "死亡日期由2026年11月3日更正为2026年12月3日：火化证"


@pytest.mark.parametrize(
    ("mended_to", "paid"), [(date(2026, 12, 3), [600, 248, 0]), (date(2026, 10, 3), [248, 248, 0])]
)
def test_of_an_award_whose_people_all_died_the_suspension_begins_anew_with_the_mended_day(
    award: Award, clerk: Staff, approver: Staff, mended_to: date, paid: list[int]
) -> None:
    """The head's part is 352, the wife's 248; the wife dies on 5 December, the head as mended."""
    old, wife = head(award.household), wife_of(award)
    households.change_head(award.household, member=wife, relations={old.pk: "spouse"}, by=clerk, on=GRANTED, at=LATE)
    households.record_death(Member.objects.get(pk=old.pk), died_on=date(2026, 11, 3), by=clerk, at=LATE)
    households.record_death(Member.objects.get(pk=wife.pk), died_on=date(2026, 12, 5), by=clerk, at=LATE)
    gone = Member.objects.get(pk=old.pk)
    households.mend_death(gone, died_on=mended_to, reason="火化证", by=clerk, at=LATE)
    award.refresh_from_db()
    assert award.state == "suspended"
    expected = [*paid[:2], 0] if mended_to.month == 10 else [600, 600, 0]
    assert owed(award, month(11), month(12), month(1, 2027)) == expected


def test_the_last_death_mended_to_a_later_month_is_not_withheld_too_early(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    wife, old = wife_of(award), head(award.household)
    households.record_death(wife, died_on=date(2026, 9, 9), by=clerk, at=LATE)
    households.record_death(old, died_on=date(2026, 11, 3), by=clerk, at=LATE)
    assert owed(award, month(11), month(12), month(1, 2027)) == [352, 0, 0]
    households.mend_death(Member.objects.get(pk=old.pk), died_on=date(2026, 12, 3), reason="火化证", by=clerk, at=LATE)
    assert owed(award, month(11), month(12), month(1, 2027)) == [352, 352, 0]
    services.end_award(
        award, last_month=month(3, 2027), reason="死亡", decided_by=approver, decided_on=date(2027, 3, 10)
    )
    assert last_payable_month(Award.objects.get()) == month(12)


def test_a_death_is_mended_by_who_keeps_the_family_with_a_reason_and_a_day_that_can_be(
    award: Award, clerk: Staff
) -> None:
    wife = wife_of(award)
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=GRANTED)
    with pytest.raises(NotAllowedNow, match="没有登记死亡"):
        households.mend_death(wife, died_on=date(2026, 11, 3), reason="x", by=clerk, at=LATE)
    households.record_death(wife, died_on=date(2026, 11, 3), by=clerk, at=LATE)
    gone = Member.objects.get(pk=wife.pk)
    for day, reason, words in (
        (date(2027, 3, 11), "x", "不能晚于今天"),
        (date(1900, 1, 1), "x", "不能早于出生"),
        (date(2026, 11, 3), "x", "就是2026年11月3日"),
        (date(2026, 12, 3), " ", "依据"),
    ):
        with pytest.raises(NotAllowedNow, match=words):
            households.mend_death(gone, died_on=day, reason=reason, by=clerk, at=LATE)
    with pytest.raises(NotPermitted):
        households.mend_death(gone, died_on=date(2026, 12, 3), reason="x", by=neighbour, at=LATE)


# --- 出生、分户 -----------------------------------------------------------------------------------------------------


def test_who_is_born_is_looked_into_and_the_sum_waits_for_the_decision(award: Award, clerk: Staff) -> None:
    child = join(award.household, clerk, "胡小宝", "child")
    assert AwardCheck.objects.get().cause == "joined"
    assert not award.persons.filter(person=child.person).exists()
    assert owed(award, month(12)) == [600]


def test_a_split_leaves_the_sum_until_it_is_decided_and_then_each_stands_in_one_award(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    wife = wife_of(award)
    new = households.split_household(
        award.household,
        leaving={wife.pk: "head"},
        area=award.area,
        address="x",
        by=clerk,
        on=date(2026, 11, 20),
        at=LATE,
    )
    check = AwardCheck.objects.get()
    assert (check.award, check.person, check.cause) == (award, wife.person, "left")
    assert owed(award, month(12)) == [600]
    hers = {"decided_on": date(2026, 11, 25), "monthly_amount": Decimal("300.00")}
    with pytest.raises(AlreadyCovered):
        grant(new, approver, **hers)
    stays = [CoveredPerson(head(award.household).person, Decimal("104.00"), "A")]
    change = services.AwardChange("cut", Decimal("352.00"), stays, "A", "household")
    services.change_award(award, change=change, from_month=month(12), reason="分户", by=approver, on=date(2026, 11, 25))
    other = grant(new, approver, **hers)
    assert owed(award, month(11), month(12)) == [600, 352]
    assert owed(other, month(11), month(12)) == [0, 300]


def test_who_was_left_out_before_keeps_no_award_of_the_dead_going(award: Award, clerk: Staff, approver: Staff) -> None:
    stays = [CoveredPerson(head(award.household).person)]
    change = services.AwardChange("cut", Decimal("352.00"), stays, "A", "household")
    services.change_award(award, change=change, from_month=month(12), reason="分户", by=approver, on=date(2026, 11, 25))
    old, wife = head(award.household), wife_of(award)
    households.change_head(award.household, member=wife, relations={old.pk: "spouse"}, by=clerk, on=GRANTED, at=LATE)
    households.record_death(Member.objects.get(pk=old.pk), died_on=date(2027, 1, 5), by=clerk, at=LATE)
    award.refresh_from_db()
    assert award.state == "suspended"
    with pytest.raises(services.NotChangeable, match="都已登记死亡"):
        services.decide_resumption(
            award, from_month=month(4, 2027), pays_withheld=True, reason="x", by=approver, on=date(2027, 3, 10)
        )


# --- 迁移 ---------------------------------------------------------------------------------------------------------


def test_an_award_in_phase_out_moves_with_its_end_its_checks_and_its_place_in_the_list(
    award: Award, clerk: Staff, approver: Staff
) -> None:
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", name="汪志强", on=GRANTED)
    row = services.start_phase_out(
        award, months=3, suggested_months=None, suggestion="", reason="就业", by=approver, on=date(2026, 9, 15)
    )
    join(award.household, clerk, "胡小宝", "child")
    transfer = households.propose_transfer(
        award.household, area=area(HUAYANG), address="新村", by=clerk, on=date(2026, 11, 5), at=LATE
    )
    households.accept_transfer(transfer, by=neighbour, on=date(2026, 11, 8), at=LATE)
    award.refresh_from_db()
    places = [area_in(award, month=month(number)) for number in (10, 11, 12)]
    assert places == [area("341824101200").pk, area(HUAYANG).pk, area(HUAYANG).pk]
    on = date(2026, 12, 5)
    assert list(list_phase_outs(neighbour, on=on, days=30, standing="soon")) == [row]
    assert not list_phase_outs(clerk, on=on, days=30).exists()
    assert award in visible_to(neighbour)
    assert AwardCheck.objects.get().award.area == area(HUAYANG)
    assert owed(award, month(10), month(11), month(12), month(1, 2027)) == [600, 600, 600, 0]
