"""村级委托: only an entrusted village decides, within its limit and days; and what goes up on the wall afterwards."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Role
from temporary_aid import services
from temporary_aid.models import TemporaryAid, VillageEntrustment
from temporary_aid.services import EntrustmentData, NotAllowed
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, LINXI, NIGHT, SHANGHAI, open_urgent, photo
from tests.support.crews import VILLAGES, Crew, crew
from tests.support.factories import area, make_staff
from tests.temporary_aid.builders import MORNING, SINCE, approved, money, proposal, proposed, service

pytestmark = pytest.mark.django_db
TODAY = NIGHT.date()


def refusal(call: Callable[[], Any]) -> NotAllowed:
    with pytest.raises(NotAllowed) as refused:
        call()
    return refused.value


def entrusted(people: Crew, *, starts_on: date = TODAY, last_day: date | None = None, limit: str = "2") -> Any:
    """临溪村, within 2 × 780 = 1560.00 yuan."""
    set_parameter("village_temp_limit", limit)
    data = EntrustmentData(starts_on, last_day, "绩民〔2026〕18号", photo("文件.jpg"))
    return services.entrust_village(area(VILLAGES[LINXI]), data, by=people.approver, on=TODAY)


def decide(aid: TemporaryAid, by: Staff, amount: str = "1560.00", at: datetime = MORNING) -> TemporaryAid:
    return services.decide_in_village(aid, proposal(money(amount), grade="light"), by=by, at=at)


def test_an_entrusted_village_decides_alone_up_to_its_limit(people: Crew) -> None:
    entrusted(people)
    aid = decide(open_urgent(people.assistant), people.assistant)
    aid.refresh_from_db()
    assert (aid.state, aid.decided_level, aid.amount) == ("approved", "village", Decimal("1560.00"))
    assert (aid.proposed_by, aid.decided_by) == (people.assistant, people.assistant)
    assert aid.stages.get().state == "ready"
    assert aid.publicity_due_on is not None
    assert aid.owed_papers.due_on == date(2026, 9, 24)


def test_a_fen_above_the_villages_limit_is_the_townships(people: Crew) -> None:
    entrusted(people)
    aid = open_urgent(people.assistant)
    data = proposal(money("1560.01"), grade="light", difference="伤者住院")
    found = refusal(lambda: services.decide_in_village(aid, data, by=people.assistant, at=MORNING))
    assert "请提请乡镇办理" in found.message
    assert found.field == "amount"


@pytest.mark.parametrize(
    ("hours", "is_entrusted"),
    [(-24, False), (0, True), (24 * 2, True), (24 * 3, False)],
)
def test_it_decides_on_the_days_of_its_entrustment_only(people: Crew, hours: int, is_entrusted: bool) -> None:
    # From Saturday 12 to Monday 14 September.
    entrusted(people, last_day=date(2026, 9, 14))
    at = datetime(2026, 9, 12, 12, tzinfo=SHANGHAI) + timedelta(hours=hours)
    aid = open_urgent(people.assistant, at=at, first_reported_at=at, occurred_on=date(2026, 9, 11))
    if is_entrusted:
        assert decide(aid, people.assistant, at=at).state == "approved"
    else:
        assert "没有委托" in refusal(lambda: decide(aid, people.assistant, at=at)).message


def test_a_village_that_is_not_entrusted_decides_nothing_whatever_the_limit(people: Crew) -> None:
    set_parameter("village_temp_limit", "2")
    aid = open_urgent(people.assistant)
    assert "没有委托" in refusal(lambda: decide(aid, people.assistant)).message
    entrusted(people)
    set_parameter("village_temp_limit", "0")
    nothing = proposal(service(), grade="light")
    done = services.decide_in_village(aid, nothing, by=people.assistant, at=MORNING)
    assert done.amount == Decimal("0.00")  # what costs nothing is within every limit


def test_neither_clerk_nor_another_village_decides_for_it(people: Crew) -> None:
    entrusted(people)
    aid = open_urgent(people.assistant)
    others = (people.officer, people.lead, make_staff(Role.VILLAGE_ASSISTANT, VILLAGES[HUAYANG], on=SINCE))
    for staff in others:
        with pytest.raises(NotPermitted):
            decide(aid, staff)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
        ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
        ({"limit": "0"}, "starts_on"),
    ],
)
def test_what_an_entrustment_takes(people: Crew, more: dict[str, Any], field: str) -> None:
    assert refusal(lambda: entrusted(people, **more)).field == field


def test_an_entrustment_names_its_document_a_village_and_one_at_a_time(people: Crew) -> None:
    entrusted(people)
    assert "已经委托" in refusal(lambda: entrusted(people)).message
    data = EntrustmentData(TODAY, None, " ")
    for place, field in ((VILLAGES[HUAYANG], "document_number"), (HUAYANG, "area")):
        assert (
            refusal(lambda place=place: services.entrust_village(area(place), data, by=people.approver, on=TODAY)).field
            == field
        )
    assert area(HUAYANG).level == AreaLevel.TOWNSHIP
    with pytest.raises(NotPermitted):
        services.entrust_village(area(VILLAGES[HUAYANG]), data, by=people.visitor, on=TODAY)


def test_an_entrustment_is_taken_back_from_a_day_and_what_was_decided_stands(people: Crew) -> None:
    row = entrusted(people)
    aid = decide(open_urgent(people.assistant), people.assistant)
    later = TODAY + timedelta(days=10)

    def end(last_day: date, reason: str = "村里无人值守") -> VillageEntrustment:
        return services.end_entrustment(row, last_day=last_day, reason=reason, by=people.approver, on=later)

    assert refusal(lambda: end(later - timedelta(days=2))).field == "last_day"
    assert refusal(lambda: end(later, " ")).field == "reason"
    assert end(later - timedelta(days=1)).last_day == later - timedelta(days=1)
    assert "已经结束" in refusal(lambda: end(later)).message
    aid.refresh_from_db()
    assert aid.state == "approved"


def test_an_entrustment_taken_back_before_it_began_was_never_in_force(people: Crew) -> None:
    row = entrusted(people, starts_on=TODAY + timedelta(days=5))
    ended = services.end_entrustment(row, last_day=TODAY, reason="文件撤销", by=people.approver, on=TODAY)
    ended.refresh_from_db()
    assert ended.valid.isempty
    assert entrusted(people)


# 事后公示


def post(aid: TemporaryAid, by: Staff, **more: Any) -> TemporaryAid:
    terms: dict[str, Any] = {"posted_on": date(2026, 9, 14), "place": "临溪村公开栏", "photo": photo("公示.jpg")}
    at = datetime(2026, 9, 15, 9, tzinfo=SHANGHAI)
    return services.post_aid(aid, **terms | more, by=by, at=at)


def test_an_approved_aid_is_posted_once_with_place_and_photo(people: Crew) -> None:
    aid = post(approved(people), people.officer)
    aid.refresh_from_db()
    assert (aid.posted_on, aid.posted_place, aid.posted_by) == (date(2026, 9, 14), "临溪村公开栏", people.officer)
    assert aid.files.get().kind == "posting_photo"
    assert "已经登记过公示" in refusal(lambda: post(aid, people.officer)).message


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"posted_on": date(2026, 9, 12)}, "posted_on"),
        ({"posted_on": date(2026, 9, 16)}, "posted_on"),
        ({"place": " "}, "place"),
    ],
)
def test_a_posting_lies_between_decision_and_today(people: Crew, more: dict[str, Any], field: str) -> None:
    aid = approved(people)
    assert refusal(lambda: post(aid, people.officer, **more)).field == field


def test_nothing_is_posted_that_is_not_granted_or_by_who_does_not_handle_it(people: Crew) -> None:
    waiting = proposed(people)
    assert "不需要事后公示" in refusal(lambda: post(waiting, people.officer)).message
    done = services.approve_aid(waiting, opinion="同意", by=people.lead, at=MORNING)
    with pytest.raises(NotPermitted):
        post(done, crew(HUAYANG).officer)


def test_a_posting_after_its_day_goes_through_and_is_told_as_late(people: Crew) -> None:
    aid = approved(people)
    assert aid.publicity_due_on is not None
    late = aid.publicity_due_on + timedelta(days=1)
    at = datetime(late.year, late.month, late.day, 9, tzinfo=SHANGHAI)
    services.post_aid(aid, posted_on=late, place="临溪村公开栏", by=people.officer, at=at)
    assert "超过公示期限" in aid.events.get(kind="posted").note


def test_days_that_were_provisional_are_worked_out_anew_when_holidays_are_entered(people: Crew) -> None:
    aid = approved(people)
    TemporaryAid.objects.filter(pk=aid.pk).update(publicity_due_is_provisional=True, publicity_due_on=date(2026, 9, 30))
    services.recompute_provisional_publicity()
    due = aid.publicity_due_on
    aid.refresh_from_db()
    assert (aid.publicity_due_on, aid.publicity_due_is_provisional) == (due, False)
