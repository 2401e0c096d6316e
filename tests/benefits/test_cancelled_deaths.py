"""撤销死亡登记: who was registered dead and lives stands in the family and its award again, and is paid back."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from benefits.models import Award, AwardCheck
from benefits.queries import owed_of
from benefits.rules.months import months_after
from benefits.services import CoveredPerson, resume_award, suspend_award
from foundation.errors import NotPermitted
from households import services as households
from households.models import Household, Member
from households.services import NotAllowedNow
from organizations.permissions import Role
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, amounts, change, desk, instant, items, with_account
from tests.households.builders import head, join, picture, register
from tests.households.web import as_staff
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (months_after(date(2026, 11, 1), n) for n in range(4))
DIED, TOLD, FOUND = date(2026, 10, 25), date(2026, 10, 26), date(2026, 12, 21)
D = Decimal


@pytest.fixture
def money(county: None) -> Desk:
    return desk()


@pytest.fixture
def two(money: Desk) -> Award:
    """600 yuan for two from November, 300 each; the wife is registered dead in October."""
    family = with_account(register(money.clerk), money.clerk)
    join(family, money.clerk)
    family.members.update(joined_on=date(2026, 1, 10))
    award = grant(family, money.approver, decided_on=date(2026, 10, 20), monthly_amount=D("600.00"))
    households.record_death(wife_of(award), died_on=DIED, by=money.clerk, at=instant(TOLD))
    return award


def wife_of(award: Award) -> Member:
    return award.household.members.get(person__name="汪秋菊")


def paper() -> SimpleUploadedFile:
    return picture("证明.jpg")


def cancel(money: Desk, member: Member, *, on: date = FOUND) -> Member:
    return households.cancel_death(member, reason="同名误登", evidence=paper(), by=money.clerk, at=instant(on))


def test_her_part_is_paid_back_and_the_check_is_settled(money: Desk, two: Award) -> None:
    money.pay(NOVEMBER, DECEMBER)
    wife = cancel(money, wife_of(two))
    assert (wife.left_on, wife.left_reason, wife.person.died_on) == (None, "", None)
    check = AwardCheck.objects.get()
    assert (check.settled_on, check.finding) == (FOUND, "死亡登记已撤销：同名误登")
    assert two.household.events.latest("pk").note == "原登记2026年10月25日死亡：同名误登"
    assert two.household.attachments.get().kind == "other"
    money.pay(JANUARY, FEBRUARY)
    assert (amounts(two, JANUARY), items(two, JANUARY)) == (
        (D(600), 0, D(600), 0, D(1200)),
        [("back_payment", NOVEMBER, D(300)), ("back_payment", DECEMBER, D(300))],
    )
    assert items(two, FEBRUARY) == []


def test_a_family_of_one_is_one_again_and_its_award_runs_as_if_nothing_had_been(money: Desk) -> None:
    family = with_account(register(money.clerk), money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    money.pay(NOVEMBER)
    member = head(family)
    households.record_death(member, died_on=date(2026, 11, 3), by=money.clerk, at=instant(date(2026, 11, 4)))
    cancel(money, Member.objects.get(pk=member.pk))
    award.refresh_from_db()
    assert (award.state, Household.objects.get(pk=family.pk).ended_on) == ("active", None)
    money.pay(JANUARY)
    assert items(award, JANUARY) == [("back_payment", DECEMBER, D(515))]


@pytest.mark.parametrize(("found", "state"), [(date(2026, 12, 21), "active"), (date(2027, 1, 21), "suspended")])
def test_a_suspension_that_was_to_come_and_gave_way_to_the_death_stands_again(
    money: Desk, found: date, state: str
) -> None:
    family = with_account(register(money.clerk), money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    terms = {"reason": "外出务工", "source": "绩民〔2026〕8号", "by": money.approver, "on": TOLD}
    suspend_award(award, from_month=FEBRUARY, **terms)
    member = head(family)
    households.record_death(member, died_on=date(2026, 11, 3), by=money.clerk, at=instant(date(2026, 11, 4)))
    cancel(money, Member.objects.get(pk=member.pk), on=found)
    award.refresh_from_db()
    assert award.state == state
    (standing,) = award.suspensions.filter(ended_on=None)
    assert (standing.from_month, standing.source) == (FEBRUARY, "绩民〔2026〕8号")
    assert standing.reason == "外出务工（死亡登记已撤销，仍按原决定）"
    sums = owed_of(award, [DECEMBER, JANUARY, FEBRUARY])
    assert [row.amount for row in sums.values()] == [D(515), D(515), 0]


def test_a_suspension_taken_back_by_hand_does_not_come_back_with_a_later_death(money: Desk) -> None:
    family = with_account(register(money.clerk), money.clerk)
    award = grant(family, money.approver, decided_on=date(2026, 10, 20))
    suspend_award(award, from_month=FEBRUARY, reason="外出务工", by=money.approver, on=TOLD)
    key = head(family).pk

    def die_and_live(died: date) -> None:
        member, told = Member.objects.get(pk=key), instant(date(2026, 11, 12))
        households.record_death(member, died_on=died, by=money.clerk, at=told)
        cancel(money, Member.objects.get(pk=key))

    die_and_live(date(2026, 11, 3))
    resume_award(
        award, from_month=FEBRUARY, pays_withheld=False, reason="不再外出", by=money.approver, on=date(2026, 12, 22)
    )
    die_and_live(date(2026, 11, 10))
    assert not award.suspensions.filter(ended_on=None).exists()


def test_who_a_decision_left_out_meanwhile_is_looked_into(money: Desk, two: Award) -> None:
    covering = two.persons.get(person=wife_of(two).person)
    covering.covered = (covering.covered.lower, NOVEMBER)
    covering.save()
    persons = list(two.versions.latest("serial").persons.exclude(person=wife_of(two).person))
    change(
        two,
        "400.00",
        [CoveredPerson(row.person) for row in persons],
        from_month=DECEMBER,
        on=date(2026, 11, 10),
        by=money.approver,
        kind="adjust",
    )
    cancel(money, wife_of(two))
    assert list(AwardCheck.objects.filter(settled_on=None).values_list("cause", flat=True)) == ["joined"]


def test_it_takes_a_reason_a_paper_and_who_keeps_the_family(money: Desk, two: Award) -> None:
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, "341824100", on=DIED)
    terms = {"evidence": paper(), "at": instant(FOUND)}
    with pytest.raises(NotPermitted):
        households.cancel_death(wife_of(two), reason="误登", by=neighbour, **terms)
    with pytest.raises(NotAllowedNow, match="原因"):
        households.cancel_death(wife_of(two), reason=" ", by=money.clerk, **terms)
    with pytest.raises(NotAllowedNow):
        text = SimpleUploadedFile("证明.txt", b"x")
        households.cancel_death(wife_of(two), reason="误登", evidence=text, by=money.clerk, at=instant(FOUND))
    with pytest.raises(NotAllowedNow, match="没有登记死亡"):
        households.cancel_death(head(two.household), reason="误登", by=money.clerk, **terms)


def test_it_is_done_on_the_familys_page(money: Desk, two: Award) -> None:
    url = reverse("households:life", args=[two.household_id, "cancel-death"])
    given = {"member": wife_of(two).pk, "reason": "同名误登"}
    assert "证明材料" in as_staff(money.clerk).post(url, given).content.decode()
    assert wife_of(two).left_on is not None
    assert as_staff(money.clerk).post(url, given | {"evidence": paper()}).status_code == 302
    assert wife_of(two).left_on is None
