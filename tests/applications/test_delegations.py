"""Delegation of the confirmation (下放) with its document and days, its end, and what both bring about at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from applications.queries import confirmations, due_after
from applications.rules.process import CaseState
from foundation.errors import NotPermitted
from organizations import services
from organizations.models import Delegation, Staff
from organizations.models.delegations import DELEGABLE
from organizations.queries import delegation_on
from organizations.services import DelegationPaper, NotDelegable
from tests.support.cases import Desk, photo
from tests.support.crews import HUAYANG, LINXI, START, county_data, crew
from tests.support.factories import area
from tests.support.stories import Story, case_in, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState


def paper(number: str = "绩民〔2026〕9号", dated: date = START, **more: Any) -> DelegationPaper:
    return DelegationPaper(number, dated, more.get("scan") or photo())


def start(by: Staff, *, on: date = START, **more: Any) -> Delegation:
    values = {"scheme": "dibao", "starts_on": on, "paper": paper()} | more
    return services.start_delegation(area(values.pop("township", LINXI)), **values, by=by, on=on)


def end(delegation: Delegation, by: Staff, *, on: date, **more: Any) -> None:
    values = {"last_day": on, "paper": paper("绩民〔2026〕30号")} | more
    services.end_delegation(delegation, **values, by=by, on=on)


# --- Delegating ---------------------------------------------------------------------------------------------------


def test_what_is_accepted_from_the_day_on_is_the_townships() -> None:
    story = new_story().sign_papers().submit()
    start(story.people.approver)
    assert story.accept().refresh().authority == "township"
    assert story.case.due_on == due_after(story.case, "overall", start=story.today).on


def test_what_was_accepted_before_stays_the_countys() -> None:
    story = case_in(S.ACCEPTED)
    start(story.people.approver, on=story.today)
    assert story.refresh().authority == "county"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"township": "341824"}, "只能下放到乡镇"),
        ({"starts_on": START - timedelta(days=1)}, "从今天或以后"),
        ({"paper": paper(number="  ")}, "文号"),
        ({"paper": paper(dated=START + timedelta(days=1))}, "文件日期"),
    ],
)
def test_what_does_not_fit_is_refused(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotDelegable, match=sentence):
        start(crew().approver, **more)


def test_a_scheme_is_delegated_once_at_a_time() -> None:
    people = crew()
    start(people.approver)
    with pytest.raises(NotDelegable, match="已经下放"):
        start(people.approver, starts_on=START + timedelta(days=30))
    start(people.approver, scheme="tekun")
    start(people.approver, township=HUAYANG)


def test_no_township_delegates_to_itself() -> None:
    people = crew()
    for by in (people.lead, people.officer, people.visitor):
        with pytest.raises(NotPermitted):
            start(by)


# --- Taking back --------------------------------------------------------------------------------------------------


def waiting() -> tuple[Story, Delegation]:
    """A case that waits for the confirmation of its delegated township."""
    people = crew()
    county_data()
    delegation = start(people.approver)
    return case_in(S.CONFIRMING, people=people), delegation


def test_taken_back_from_today_on_what_waits_goes_up_at_once() -> None:
    story, delegation = waiting()
    assert story.refresh().authority == "township"
    end(delegation, story.people.approver, on=story.today, last_day=story.today - timedelta(days=1))
    assert story.refresh().authority == "county"
    assert story.case.events.filter(kind="sent_to_county").exists()


def test_on_the_last_day_the_township_still_confirms() -> None:
    story, delegation = waiting()
    end(delegation, story.people.approver, on=story.today)
    assert story.refresh().authority == "township"
    assert story.approve().refresh().state == S.APPROVED


@pytest.mark.parametrize(
    ("days", "sentence"), [(-2, "最早从今天起"), (-400, "最早从今天起")], ids=["the day before yesterday", "long ago"]
)
def test_nothing_is_taken_back_for_days_gone_by(days: int, sentence: str) -> None:
    story, delegation = waiting()
    with pytest.raises(NotDelegable, match=sentence):
        end(delegation, story.people.approver, on=story.today, last_day=story.today + timedelta(days=days))


def test_a_delegation_ends_once_and_may_begin_again() -> None:
    people = crew()
    delegation = start(people.approver)
    end(delegation, people.approver, on=START)
    with pytest.raises(NotDelegable, match="已经收回"):
        end(delegation, people.approver, on=START)
    start(people.approver, starts_on=START + timedelta(days=1))


# --- Pages ---------------------------------------------------------------------------------------------------------


def test_the_effect_on_confirmers_and_terms_shows_at_once() -> None:
    people, township = crew(), area(LINXI).name
    county_data()
    before = {(row.township.name, row.scheme): row for row in confirmations(people.approver, on=START)}
    assert before[township, "dibao"].confirmers == ("方文娟",)
    assert before[township, "dibao"].overall.days == 30
    start(people.approver)
    after = {(row.township.name, row.scheme): row for row in confirmations(people.approver, on=START)}
    assert after[township, "dibao"].confirmers == ("章建国",) and after[township, "dibao"].overall.days == 20
    assert after[township, "tekun"].delegation is None and len(after) == len(DELEGABLE) * 11


def test_the_county_delegates_and_takes_back_by_the_pages() -> None:
    story = new_story()
    desk = Desk(story.people.approver, on=START)
    typed = {
        "area": area(LINXI).pk,
        "scheme": "dibao",
        "starts_on": START.isoformat(),
        "document_number": "绩民〔2026〕9号",
        "document_date": START.isoformat(),
    }
    url = reverse("applications:start_delegation")
    refused = desk.post(url, typed)
    assert refused.status_code == 200 and "绩民〔2026〕9号" in refused.content.decode()
    assert desk.post(url, typed | {"scan": photo()}).status_code == 302
    delegation = Delegation.objects.get(scheme="dibao")
    shown = desk.get("delegations").content.decode()
    assert "乡镇（下放）" in shown and "章建国" in shown and "20 工作日" in shown
    assert desk.get("delegation_scan", delegation.pk, "start")["Content-Type"] == "image/png"
    assert desk.get("delegation_scan", delegation.pk, "end").status_code == 404
    url = reverse("applications:end_delegation", args=[delegation.pk])
    typed = {"last_day": START.isoformat(), "document_number": "绩民〔2026〕30号", "document_date": START.isoformat()}
    assert desk.post(url, typed | {"scan": photo()}).status_code == 302
    assert Delegation.objects.get().end_document_number == "绩民〔2026〕30号"


def test_a_township_sees_its_own_and_changes_nothing() -> None:
    people = crew()
    start(people.approver)
    start(people.approver, township=HUAYANG, paper=paper("绩民〔2026〕11号"))
    desk = Desk(people.lead, on=START)
    shown = desk.get("delegations").content.decode()
    assert "绩民〔2026〕9号" in shown and "绩民〔2026〕11号" not in shown and "登记下放" not in shown
    assert desk.get("start_delegation").status_code == 403


def test_the_page_asks_equally_however_much_is_delegated(django_assert_max_num_queries: Any) -> None:
    people = crew()
    county_data()
    desk = Desk(people.approver, on=START)
    desk.get("delegations")
    for number in range(1, 8):
        start(people.approver, township=f"34182410{number - 1}")
    with django_assert_max_num_queries(20):
        desk.get("delegations")


# --- Withdrawing before the first day ---------------------------------------------------------------------------


def planned(story: Story, *, days: int = 5) -> Delegation:
    return start(story.people.approver, starts_on=START + timedelta(days=days), paper=paper())


def test_a_delegation_that_has_not_begun_is_withdrawn_by_a_document_and_never_counts() -> None:
    story = new_story()
    delegation = planned(story)
    assert delegation_on(area(LINXI), "dibao", on=START + timedelta(days=5)) == delegation
    services.withdraw_delegation(delegation, paper=paper("绩民〔2026〕31号"), by=story.people.approver, on=START)
    delegation.refresh_from_db()
    assert (delegation.first_day, delegation.last_day) == (START + timedelta(days=5), None)
    assert (delegation.end_document_number, delegation.ended_by) == ("绩民〔2026〕31号", story.people.approver)
    assert delegation_on(area(LINXI), "dibao", on=START + timedelta(days=5)) is None
    again = start(story.people.approver)
    assert delegation_on(area(LINXI), "dibao", on=START) == again


def test_what_has_begun_or_is_withdrawn_cannot_be_withdrawn_and_what_has_not_begun_not_ended() -> None:
    story = new_story()
    by = story.people.approver
    delegation = planned(story)
    with pytest.raises(NotDelegable, match="还没有开始，请直接撤销"):
        end(delegation, by, on=START)
    with pytest.raises(NotDelegable, match="文号"):
        services.withdraw_delegation(delegation, paper=paper("  "), by=by, on=START)
    with pytest.raises(NotDelegable, match="文件日期"):
        services.withdraw_delegation(delegation, paper=paper(dated=START + timedelta(days=1)), by=by, on=START)
    with pytest.raises(NotDelegable, match="已经开始，不能撤销"):
        services.withdraw_delegation(delegation, paper=paper(), by=by, on=START + timedelta(days=5))
    with pytest.raises(NotPermitted):
        services.withdraw_delegation(delegation, paper=paper(), by=story.people.lead, on=START)
    services.withdraw_delegation(delegation, paper=paper(), by=by, on=START)
    with pytest.raises(NotDelegable, match="已经撤销"):
        services.withdraw_delegation(delegation, paper=paper(), by=by, on=START)
    with pytest.raises(NotDelegable, match="已经收回"):
        end(delegation, by, on=START)


def test_the_county_withdraws_by_the_page() -> None:
    story = new_story()
    delegation = planned(story)
    desk = Desk(story.people.approver, on=START)
    url = reverse("applications:end_delegation", args=[delegation.pk])
    assert f'href="{url}">撤销下放' in desk.get("delegations").content.decode()
    page = desk.fetch(url).content.decode()
    assert "原定2026年9月12日起，还没有开始" in page
    assert desk.post(url, {"document_number": "绩民〔2026〕31号"}).context["form"].errors.keys() == {
        "document_date",
        "scan",
    }
    filled = {"document_number": "绩民〔2026〕31号", "document_date": START, "scan": photo()}
    assert desk.post(url, filled).status_code == 302
    page = desk.get("delegations").content.decode()
    assert "没有开始就撤销" in page and "绩民〔2026〕31号" in page
    assert "撤销下放" not in page
    delegation.refresh_from_db()
    assert delegation.withdrawn_start == START + timedelta(days=5)
    assert desk.get("export_delegations").status_code == 200
