"""后补手续 as the clerk and the county meet them: the panel, the list, the tasks, and the counts by township."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from organizations.permissions import Role
from temporary_aid.models import OwedPapers, TemporaryAid
from temporary_aid.queries.listing import AidFilter, list_aids
from temporary_aid.queries.overdue import PapersStanding, papers_standing, townships_overdue
from temporary_aid.queries.tasks import aid_tasks
from temporary_aid.services import add_file
from temporary_aid.services.recouping import order_recoupment
from tests.support.aid import SHANGHAI, open_urgent, photo
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, LINXI, Crew
from tests.support.factories import area, make_staff
from tests.temporary_aid import advances
from tests.temporary_aid.builders import approved
from tests.temporary_aid.test_owed import paid

pytestmark = pytest.mark.django_db
DUE, AFTER = date(2026, 9, 24), date(2026, 9, 25)


def address(name: str, *args: object) -> str:
    return reverse(f"temporary_aid:{name}", args=args)


def words(page: object) -> str:
    return "".join(page.content.decode().split())  # type: ignore[attr-defined]


def listed(people: Crew, papers: str, *, on: date) -> list[TemporaryAid]:
    at = datetime(on.year, on.month, on.day, 10, tzinfo=SHANGHAI)
    return list(list_aids(people.officer, AidFilter(papers=papers), at=at))


def both(people: Crew) -> tuple[TemporaryAid, TemporaryAid]:
    """An advance and an aid by the simplified procedure, both with papers due on 24 September."""
    advances.fund(people)
    first = advances.advanced(people)
    return first, approved(people, aid=open_urgent(people.officer, name="章小妹"))


def test_the_page_says_what_is_missing_until_when_and_how_it_comes_in(people: Crew) -> None:
    aid = approved(people)
    desk = Desk(people.officer, on=DUE)
    page = words(desk.fetch(address("detail", aid.pk)))
    for told in ("后补手续", "签字的申请书", "核查授权书", "还缺", "补手续期限2026年9月24日", "逾期不影响发放"):
        assert told in page
    assert "确认补齐" not in page
    assert address("set_relieved", aid.pk) in page


def test_the_clerk_brings_the_papers_and_the_panel_says_so(people: Crew) -> None:
    aid = approved(people)
    desk = Desk(people.officer, on=DUE)
    for kind in ("application", "identity", "consent"):
        assert desk.post(address("add_file", aid.pk), {"kind": kind, "photo": photo()}).status_code == 302
    assert "已补齐" in words(desk.fetch(address("detail", aid.pk)))
    assert OwedPapers.objects.get().in_on == DUE


def test_a_day_is_set_once_and_changed_with_a_reason_on_the_page(people: Crew) -> None:
    aid = approved(people)
    desk, way = Desk(people.officer, on=date(2026, 9, 15)), address("set_relieved", aid.pk)
    assert "relieved_reason" not in desk.fetch(way).context["form"].fields
    assert desk.post(way, {"relieved_on": "2026-09-14"}).status_code == 302
    answer = desk.post(way, {"relieved_on": "2026-09-15"})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["relieved_reason"])
    assert desk.post(way, {"relieved_on": "2026-09-15", "relieved_reason": "次日才撤离"}).status_code == 302


@pytest.mark.parametrize(("on", "overdue"), [(DUE, 0), (AFTER, 1)])
def test_the_list_is_cut_by_how_the_papers_stand(people: Crew, on: date, overdue: int) -> None:
    approved(people)
    assert len(listed(people, "to_come", on=on)) == 1
    assert len(listed(people, "overdue", on=on)) == overdue
    assert listed(people, "in", on=on) == []


def test_the_column_shows_the_due_day_and_what_owes_no_papers(people: Crew) -> None:
    both(people)
    page = Desk(people.officer, on=DUE).fetch(address("list") + "?cols=papers")
    assert page.context["page"].paginator.count == 2
    assert words(page).count("2026年9月24日前") == 1


def test_the_end_shows_what_is_missing_and_asks_why(people: Crew) -> None:
    aid = paid(people)
    desk, way = Desk(people.officer, on=AFTER), address("close", aid.pk)
    assert "后补手续还缺签字的申请书、身份证明、核查授权书" in words(desk.fetch(way))
    told = {"judgement": "solved", "note": "房屋已修好"}
    assert list(errors_of(desk.post(way, told))) == ["papers_reason"]
    assert desk.post(way, told | {"papers_reason": "本人已外出"}).status_code == 302
    assert len(listed(people, "without", on=AFTER)) == 1


def test_the_task_lies_with_who_handles_aid_there_until_the_papers_are_in(people: Crew) -> None:
    aid = approved(people)
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=date(2026, 1, 1))
    assert [row.due_on for row in aid_tasks(people.officer, on=DUE)["aid_papers"]] == [DUE]
    assert not aid_tasks(neighbour, on=DUE)["aid_papers"].exists()
    for kind in ("application", "identity", "consent"):
        at = datetime(2026, 9, 24, 9, 0, tzinfo=SHANGHAI)
        add_file(aid, kind=kind, upload=photo(), by=people.officer, at=at)
    assert not aid_tasks(people.officer, on=DUE)["aid_papers"].exists()


def test_papers_are_counted_by_township_and_the_due_day_itself_is_in_time(people: Crew) -> None:
    both(people)
    linxi, huayang = area(LINXI).pk, area(HUAYANG).pk
    assert papers_standing([linxi, huayang], on=DUE) == {
        linxi: PapersStanding(1, 0, 1, 0),
        huayang: PapersStanding(),
    }
    assert papers_standing([linxi], on=AFTER) == {linxi: PapersStanding(1, 1, 1, 1)}


def test_the_county_is_told_which_township_is_overdue(people: Crew) -> None:
    both(people)
    assert not townships_overdue(people.visitor, on=DUE).exists()
    (township,) = townships_overdue(people.visitor, on=AFTER)
    assert (township.name, township.due_on) == ("临溪镇", DUE)
    assert "aid_overdue" not in aid_tasks(people.officer, on=AFTER)


def test_the_overview_of_reserves_links_both_lists(people: Crew) -> None:
    both(people)
    page = Desk(people.visitor, on=AFTER).fetch(address("reserve"))
    told = page.content.decode()
    for way in (
        f"{address('advances')}?standing=to_come&amp;township={LINXI}",
        f"{address('advances')}?standing=overdue&amp;township={LINXI}",
        f"{address('list')}?papers=to_come&amp;township={LINXI}",
        f"{address('list')}?papers=overdue&amp;township={LINXI}",
    ):
        assert told.count(f'"{way}"') == 1
        assert Desk(people.visitor, on=AFTER).fetch(way.replace("&amp;", "&")).context["page"].paginator.count == 1
    assert (page.context["totals"].papers, page.context["totals"].papers_overdue) == (2, 2)


def test_money_asked_back_owes_no_papers(people: Crew) -> None:
    aid = paid(people)
    assert aid.amount is not None
    at = datetime(2026, 9, 14, 9, 0, tzinfo=SHANGHAI)
    order_recoupment(aid, due_amount=aid.amount, reason="谎报", by=people.lead, at=at)
    assert listed(people, "to_come", on=AFTER) == []
    assert papers_standing([area(LINXI).pk], on=AFTER) == {area(LINXI).pk: PapersStanding()}
