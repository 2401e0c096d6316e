"""经办与审批分开 beside the approval: who paid, registered or decided, and whoever stands for them (代理)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from foundation.errors import NotPermitted
from organizations.models import Post, Staff
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.models import AidRecoupment, Supplement, TemporaryAid
from temporary_aid.queries.panel import advance_panel
from temporary_aid.queries.stages import stages_to_pay
from temporary_aid.queries.tasks import aids_to_approve, supplements_to_check
from temporary_aid.services.recouping import order_recoupment, waive_rest
from temporary_aid.services.supplementing import accept_supplement, return_supplement
from tests.support.aid import HUAYANG, LINXI, NIGHT
from tests.support.crews import Crew
from tests.support.factories import area, make_staff
from tests.temporary_aid import builders
from tests.temporary_aid.advances import ASKED, SOON, advanced, fund, recouping, supplemented
from tests.temporary_aid.granted import helped

pytestmark = pytest.mark.django_db
SINCE = date(2026, 1, 1)
LATER = SOON + timedelta(days=3)
ON = LATER.date()
COUNTY = "341824"


@pytest.fixture(autouse=True)
def _money(people: Crew) -> None:
    fund(people)


def standing_for(principal: Staff, *, own: Role, role: Role, at: str = LINXI, covers: str = "") -> Staff:
    """Somebody with a post of their own who also stands for another one (代理) all through the year."""
    deputy = make_staff(own, at, name="汪晓梅", on=SINCE)
    Post.objects.create(
        staff=deputy,
        role=role,
        area=area(covers or at),
        starts_on=SINCE,
        ends_on=date(2026, 12, 31),
        on_behalf_of=principal,
    )
    return Staff.objects.get(pk=deputy.pk)


def deputy_of_the_clerk(people: Crew, covers: str = LINXI) -> Staff:
    return standing_for(people.officer, own=Role.TOWNSHIP_APPROVER, role=Role.TOWNSHIP_OFFICER, covers=covers)


def refused(act: Callable[[], object], match: str = "代理") -> None:
    with pytest.raises(NotPermitted, match=match):
        act()


def offers(aid: TemporaryAid, staff: Staff) -> list[str]:
    aid, staff = TemporaryAid.objects.get(pk=aid.pk), Staff.objects.get(pk=staff.pk)
    return [name for name, *_ in advance_panel(aid, staff=staff, at=LATER).offers]


# --- 补充说明 -----------------------------------------------------------------------------------------------------


def test_who_stands_for_the_clerk_that_paid_neither_accepts_nor_returns(people: Crew) -> None:
    found, deputy = supplemented(people), deputy_of_the_clerk(people)
    refused(lambda: accept_supplement(found, opinion="同意", by=deputy, at=LATER))
    refused(lambda: return_supplement(found, reason="缺签字", by=deputy, at=LATER))
    assert list(supplements_to_check(deputy, on=ON)) == []
    assert offers(found.aid, deputy) == []
    assert list(supplements_to_check(people.lead, on=ON)) == [found]
    assert offers(found.aid, people.lead) == ["check_supplement", "order_recoupment"]
    accept_supplement(found, opinion="同意", by=people.lead, at=LATER)


def test_a_deputy_elsewhere_is_another_person(people: Crew) -> None:
    found, deputy = supplemented(people), deputy_of_the_clerk(people, covers=HUAYANG)
    assert list(supplements_to_check(deputy, on=ON)) == [found]
    accept_supplement(found, opinion="同意", by=deputy, at=LATER)


def test_who_registered_the_aid_does_not_accept_its_papers(people: Crew) -> None:
    found = supplemented(people)
    other = make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="汪建军", on=SINCE)
    TemporaryAid.objects.update(opened_by=other)
    found = Supplement.objects.get(pk=found.pk)
    refused(lambda: accept_supplement(found, opinion="同意", by=other, at=LATER), "经办与审批分开")
    assert list(supplements_to_check(other, on=ON)) == []


def test_where_the_township_has_nobody_left_the_county_accepts_and_is_told(people: Crew) -> None:
    """2,340.00 is the township's own; its only approver registered the aid."""
    found = supplemented(people)
    assert list(supplements_to_check(people.approver, on=ON)) == []
    TemporaryAid.objects.update(opened_by=people.lead)
    found = Supplement.objects.get(pk=found.pk)
    assert list(supplements_to_check(people.lead, on=ON)) == []
    assert list(supplements_to_check(people.approver, on=ON)) == [found]
    accept_supplement(found, opinion="同意", by=people.approver, at=LATER)
    assert TemporaryAid.objects.get().decided_level == "county"


# --- 审批 ---------------------------------------------------------------------------------------------------------


def test_where_the_township_has_nobody_left_the_county_is_asked_to_approve(people: Crew) -> None:
    aid = builders.proposed(people)
    assert list(aids_to_approve(people.approver, on=ON)) == []
    TemporaryAid.objects.update(opened_by=people.lead)
    assert list(aids_to_approve(people.lead, on=ON)) == []
    assert list(aids_to_approve(people.approver, on=ON)) == [aid]
    aid.refresh_from_db()
    services.approve_aid(aid, opinion="同意", by=people.approver, at=builders.MORNING)


def test_who_stands_for_the_clerk_is_not_asked_to_approve(people: Crew) -> None:
    aid, deputy = builders.proposed(people), deputy_of_the_clerk(people)
    assert list(aids_to_approve(deputy, on=ON)) == []
    assert list(aids_to_approve(people.lead, on=ON)) == [aid]


# --- 追回 ---------------------------------------------------------------------------------------------------------


def test_who_stands_for_who_paid_or_submitted_orders_nothing_back(people: Crew) -> None:
    aid, deputy = advanced(people), deputy_of_the_clerk(people)
    refused(lambda: order_recoupment(aid, due_amount=ASKED, reason="谎报", by=deputy, at=LATER))
    assert "order_recoupment" not in offers(aid, deputy)
    order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.lead, at=LATER)


def test_who_paid_a_stage_of_the_county_s_money_orders_nothing_back(people: Crew) -> None:
    story = helped(people=people)
    finance = make_staff(Role.FINANCE_OFFICER, COUNTY, name="柯敏", on=SINCE)
    story.pay(by=finance)
    deputy = standing_for(finance, own=Role.TOWNSHIP_APPROVER, role=Role.FINANCE_OFFICER, at=LINXI, covers=COUNTY)
    due = Decimal("1560.00")
    refused(lambda: order_recoupment(story.fresh(), due_amount=due, reason="谎报", by=deputy, at=LATER))
    order_recoupment(story.fresh(), due_amount=due, reason="谎报", by=people.lead, at=LATER)


def test_where_the_township_has_nobody_left_the_county_orders_it_back(people: Crew) -> None:
    aid = advanced(people)
    refused(lambda: order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.approver, at=LATER), "没有")
    TemporaryAid.objects.update(opened_by=people.lead)
    aid.refresh_from_db()
    assert "order_recoupment" in offers(aid, people.approver)
    order_recoupment(aid, due_amount=ASKED, reason="谎报", by=people.approver, at=LATER)


def _waive(found: AidRecoupment, by: Staff) -> AidRecoupment:
    return waive_rest(AidRecoupment.objects.get(pk=found.pk), reason="当事人死亡，无遗产", by=by, at=LATER)


def test_who_ordered_it_back_or_stands_for_them_waives_nothing(people: Crew) -> None:
    found = recouping(people)
    second = make_staff(Role.COUNTY_APPROVER, COUNTY, name="胡立", on=SINCE)
    deputy = standing_for(second, own=Role.COUNTY_APPROVER, role=Role.COUNTY_APPROVER, at=COUNTY)
    AidRecoupment.objects.update(decided_by=second)
    for person in (second, deputy):
        refused(lambda person=person: _waive(found, person))  # type: ignore[misc]
        assert "waive_recoupment" not in offers(found.aid, person)
    assert "waive_recoupment" in offers(found.aid, people.approver)
    assert _waive(found, people.approver).state == "waived"


def test_who_stands_for_who_paid_it_waives_nothing(people: Crew) -> None:
    found = recouping(people)
    deputy = standing_for(people.officer, own=Role.COUNTY_APPROVER, role=Role.TOWNSHIP_OFFICER, at=COUNTY, covers=LINXI)
    refused(lambda: _waive(found, deputy))
    assert _waive(found, people.approver).state == "waived"


# --- 发放 ---------------------------------------------------------------------------------------------------------


def test_who_stands_for_who_approved_pays_no_stage(people: Crew) -> None:
    story = helped(people=people)
    deputy = standing_for(people.lead, own=Role.TOWNSHIP_OFFICER, role=Role.TOWNSHIP_APPROVER)
    refused(lambda: story.pay(by=deputy))
    assert list(stages_to_pay(deputy, on=ON)) == []
    assert list(stages_to_pay(people.officer, on=ON)) == [story.stage()]
    assert story.pay(by=people.officer).state == "paid"


@pytest.mark.parametrize(("covers", "is_asked"), [(HUAYANG, True), (LINXI, False), (COUNTY, False)])
def test_for_whom_who_approved_stands_is_asked_to_pay_only_where_they_are_two(
    people: Crew, covers: str, is_asked: bool
) -> None:
    """Here the approver has the deputy's post, for somebody who pays."""
    story = helped(people=people)
    clerk = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="汪晓梅", on=SINCE)
    Post.objects.create(
        staff=people.lead,
        role=Role.TOWNSHIP_OFFICER,
        area=area(covers),
        starts_on=SINCE,
        ends_on=date(2026, 12, 31),
        on_behalf_of=clerk,
    )
    assert list(stages_to_pay(clerk, on=ON)) == ([story.stage()] if is_asked else [])
    if is_asked:
        assert story.pay(by=clerk).state == "paid"
    else:
        refused(lambda: story.pay(by=clerk))


def test_a_deputy_who_was_relieved_before_the_report_is_asked_to_pay(people: Crew) -> None:
    story = helped(people=people)
    deputy = standing_for(people.lead, own=Role.TOWNSHIP_OFFICER, role=Role.TOWNSHIP_APPROVER)
    Post.objects.filter(on_behalf_of=people.lead).update(ends_on=NIGHT.date() - timedelta(days=1))
    deputy = Staff.objects.get(pk=deputy.pk)
    assert list(stages_to_pay(deputy, on=ON)) == [story.stage()]
    assert story.pay(by=deputy).state == "paid"
