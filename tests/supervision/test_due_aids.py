"""到期可归档的临时救助: aid of people without a family's record is listed once its years at hand have passed."""

from datetime import date, datetime, timedelta

import pytest
import tablib
from dateutil.relativedelta import relativedelta

from organizations.models import AccessRecord, Staff
from supervision.queries.retention import aids_due_for_archiving
from temporary_aid.models import TemporaryAid
from temporary_aid.services import withdraw_aid
from temporary_aid.services.closing import close_solved
from tests.support.aid import SHANGHAI, open_urgent
from tests.support.cases import Desk
from tests.support.crews import Crew
from tests.temporary_aid.granted import helped

pytestmark = pytest.mark.django_db
ENDED = datetime(2026, 10, 20, 9, tzinfo=SHANGHAI)


@pytest.fixture
def closed(people: Crew) -> TemporaryAid:
    """Aid of somebody without a family here, paid and closed; no paper of it waits to be handed over."""
    story = helped(people=people, name="许金宝")
    story.pay()
    return close_solved(story.aid, note="房屋已修好", by=people.officer, at=ENDED, on=ENDED.date())


def test_aid_that_was_paid_is_due_five_years_after_it_ended(closed: TemporaryAid, clerk: Staff) -> None:
    day = ENDED.date() + relativedelta(years=5)
    assert not aids_due_for_archiving(clerk, on=day - timedelta(days=1)).exists()
    found = aids_due_for_archiving(clerk, on=day).get()
    assert (found.pk, found.is_aided, found.last_matter_on, found.keep_years) == (closed.pk, True, ENDED.date(), 30)


def test_aid_that_was_given_up_is_due_after_two_years(people: Crew, clerk: Staff) -> None:
    aid = open_urgent(people.officer, name="许金宝")
    assert not aids_due_for_archiving(clerk, on=date(2066, 1, 4)).exists()
    withdraw_aid(aid, reason="本人不要", by=people.officer, at=ENDED)
    day = ENDED.date() + relativedelta(years=2)
    assert not aids_due_for_archiving(clerk, on=day - timedelta(days=1)).exists()
    found = aids_due_for_archiving(clerk, on=day).get()
    assert (found.is_aided, found.keep_years) == (False, 10)


def test_aid_of_a_family_goes_with_its_file(people: Crew, clerk: Staff) -> None:
    story = helped(people=people, with_family=True)
    story.pay()
    close_solved(story.aid, note="房屋已修好", by=people.officer, at=ENDED, on=ENDED.date())
    assert not aids_due_for_archiving(clerk, on=date(2066, 1, 4)).exists()


def test_the_page_lists_and_exports_it_for_its_own_township(
    closed: TemporaryAid, clerk: Staff, neighbour: Staff
) -> None:
    day = date(2031, 10, 21)
    desk = Desk(clerk, on=day)
    page = desk.fetch("/supervision/due/aids/")
    assert [aid.pk for aid in page.context["page"]] == [closed.pk]
    assert "2056年" in page.content.decode()
    assert "没有家庭档案的临时救助" in desk.fetch("/supervision/due/").content.decode()
    answer = desk.post("/supervision/due/aids/export/")
    (row,) = tablib.Dataset().load(answer.content, format="xlsx").dict
    assert (row["救助编号"], row["最后一件事的日期"], row["保管至"]) == (closed.number, "2026-10-20", "2056年")
    assert AccessRecord.objects.latest("pk").reason == "导出到期可归档的临时救助1件"
    assert list(Desk(neighbour, on=day).fetch("/supervision/due/aids/").context["page"]) == []
    assert desk.fetch("/supervision/due/aids/?township=1").status_code == 422
