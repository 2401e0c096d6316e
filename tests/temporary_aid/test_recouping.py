"""追回 of temporary aid: who orders it, where the money goes, and how it ends."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from foundation.errors import NotPermitted
from temporary_aid.models import AidRecoupment, ReserveFund, TemporaryAid
from temporary_aid.queries import followed_amount
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NotAllowed, Reasons
from temporary_aid.services.closing import close_solved
from temporary_aid.services.following import open_follow_up
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment, waive_rest
from temporary_aid.services.supplementing import accept_supplement
from tests.benefits.builders import set_parameter
from tests.support.cases import Desk
from tests.support.crews import Crew
from tests.temporary_aid.advances import ASKED, SOON, advanced, approved, fund, recouping, supplemented
from tests.temporary_aid.granted import helped

pytestmark = pytest.mark.django_db
LATER = SOON + timedelta(days=5)
DAY = date(2026, 9, 18)


@pytest.fixture(autouse=True)
def _money(people: Crew) -> None:
    fund(people)


def repay(found: AidRecoupment, people: Crew, amount: str, *, on: date = DAY, **more: object) -> None:
    told = {"voucher": "退字7号"} | more
    data = RepaymentData(Decimal(amount), on, **told)  # type: ignore[arg-type]
    record_repayment(found, data=data, by=people.officer, at=LATER)
    found.refresh_from_db()


def balance() -> Decimal:
    return ReserveFund.objects.get().balance


def test_an_advance_that_was_wrong_is_asked_back_and_comes_into_the_reserve(people: Crew) -> None:
    found = recouping(people)
    assert TemporaryAid.objects.get().state == "recouping"
    repay(found, people, "1000.00")
    assert (found.state, balance()) == ("open", Decimal("18660.00"))
    repay(found, people, "1340.00")
    assert (found.state, balance()) == ("settled", Decimal("20000.00"))
    assert TemporaryAid.objects.get().state == "recouped"
    with pytest.raises(NotAllowed):
        repay(found, people, "0.01")


@pytest.mark.parametrize(
    ("amount", "more", "field"),
    [
        ("2340.01", {}, "amount"),
        ("0.00", {}, "amount"),
        ("100.00", {"voucher": " "}, "voucher"),
        ("100.00", {"on": date(2026, 9, 12)}, "repaid_on"),
        ("100.00", {"on": date(2026, 9, 19)}, "repaid_on"),
    ],
)
def test_what_is_refused_of_a_repayment(people: Crew, amount: str, more: dict[str, object], field: str) -> None:
    found = recouping(people)
    with pytest.raises(NotAllowed) as error:
        repay(found, people, amount, **more)  # type: ignore[arg-type]
    assert (error.value.field, balance()) == (field, Decimal("17660.00"))


def test_no_more_is_asked_back_than_was_paid(people: Crew) -> None:
    aid = advanced(people)
    for amount in ("2340.01", "0.00"):
        with pytest.raises(NotAllowed) as error:
            order_recoupment(aid, due_amount=Decimal(amount), reason="谎报", by=people.lead, at=LATER)
        assert error.value.field == "due_amount"
    with pytest.raises(NotAllowed) as error:
        order_recoupment(aid, due_amount=ASKED, reason=" ", by=people.lead, at=LATER)
    assert error.value.field == "reason"
    order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.lead, at=LATER)


def test_who_paid_does_not_order_it_nor_the_county_what_the_township_decided(people: Crew) -> None:
    aid = advanced(people)
    for person in (people.officer, people.assistant, people.approver):
        with pytest.raises(NotPermitted):
            order_recoupment(aid, due_amount=ASKED, reason="谎报", by=person, at=LATER)


def test_it_ends_the_statement_that_waits_and_the_stages_that_are_not_paid(people: Crew) -> None:
    found = supplemented(people)
    order_recoupment(found.aid, due_amount=ASKED, reason="谎报", by=people.lead, at=LATER)
    found.refresh_from_db()
    assert (found.result, found.checked_by) == ("recouped", people.lead)


def test_an_aid_that_the_county_approved_is_asked_back_by_the_county(people: Crew) -> None:
    set_parameter("township_temp_limit", "3")
    further = [PlannedStage("money", Decimal("700.00"))]
    accept_supplement(
        supplemented(people),
        opinion="同意",
        further=further,
        reasons=Reasons(difference="房屋全毁"),
        by=people.approver,
        at=LATER,
    )
    aid = TemporaryAid.objects.get()
    with pytest.raises(NotPermitted):
        order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.lead, at=LATER)
    order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.approver, at=LATER)
    assert [(row.serial, row.state) for row in aid.stages.all()] == [(1, "paid"), (2, "cancelled")]


def test_money_of_the_county_does_not_go_into_the_reserve(people: Crew) -> None:
    found = recouping(people)
    repay(found, people, "340.00", to_reserve=False)
    assert (balance(), found.repayments.get().entry) == (Decimal("17660.00"), None)
    repay(found, people, "2000.00")
    assert (found.state, balance()) == ("settled", Decimal("19660.00"))


def test_the_county_writes_off_the_rest_with_a_reason(people: Crew) -> None:
    found = recouping(people)
    repay(found, people, "340.00")
    with pytest.raises(NotPermitted):
        waive_rest(found, reason="当事人死亡", by=people.lead, at=LATER)
    with pytest.raises(NotAllowed) as error:
        waive_rest(found, reason=" ", by=people.approver, at=LATER)
    assert error.value.field == "reason"
    found = waive_rest(found, reason="当事人死亡，无遗产", by=people.approver, at=LATER)
    assert (found.state, found.waived_amount) == ("waived", Decimal("2000.00"))
    aid = TemporaryAid.objects.get()
    assert aid.state == "recouped"
    assert "核销2,000.00元" in aid.events.get(kind="recouped").note


def test_also_an_approved_aid_is_asked_back(people: Crew) -> None:
    aid = approved(people)
    order_recoupment(aid, due_amount=Decimal("100.00"), reason="多算", by=people.lead, at=LATER)
    assert TemporaryAid.objects.get().state == "recouping"


def test_a_family_that_keeps_a_part_may_be_followed_up_and_one_that_keeps_nothing_may_not(people: Crew) -> None:
    """2,340.00 paid, 1,000.00 asked back and repaid: 1,340.00 stayed and count with what follows."""
    aid = approved(people)
    found = order_recoupment(aid, due_amount=Decimal("1000.00"), reason="多报损失", by=people.lead, at=LATER)
    repay(found, people, "1000.00")
    kept = TemporaryAid.objects.get(pk=aid.pk)
    assert kept.state == "recouped"
    more = open_follow_up(kept, situation="仍无力修房", by=people.officer, at=LATER)
    assert (more.follow_up_of, followed_amount(more)) == (kept, Decimal("1340.00"))


def test_what_came_back_whole_is_not_followed_up(people: Crew) -> None:
    found = recouping(people)
    repay(found, people, "2340.00")
    with pytest.raises(NotAllowed, match="已追回"):
        open_follow_up(found.aid, situation="仍困难", by=people.officer, at=LATER)


def test_money_of_an_aid_that_was_closed_is_asked_back_from_its_page(people: Crew) -> None:
    story = helped(people=people)
    story.pay()
    close_solved(story.aid, note="房屋修好，口粮已有", by=people.officer, at=LATER, on=LATER.date())
    desk, order = Desk(people.lead, on=LATER.date()), reverse("temporary_aid:order_recoupment", args=[story.aid.pk])
    page = desk.fetch(reverse("temporary_aid:detail", args=[story.aid.pk]))
    assert order in page.content.decode()
    assert desk.post(order, {"due_amount": "1560", "reason": "办结后查实谎报"}).status_code == 302
    assert story.fresh().state == "recouping"
